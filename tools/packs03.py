"""Lesson 03: where runs of 200 seeds end (half a minute on one core), and slow rates for 6000 epochs (ten minutes).

Seed k splits the houses by k and shuffles them by k; batches of 10. The 200 seeds have two more rates than six.
"""

import numpy as np

from lrcore import descend, logistic, school_district
from lrcore.data import FOLDER
from lrlab.studies import trained

RATES, SEEDS = (0.01, 0.1, 0.5, 1, 10, 20, 30, 50), 200
SLOW, LONG_SEEDS, LONG, BATCH = (0.01, 0.1, 0.5, 1.0), 30, 6000, 10


def rows(seed):
    """The lines of one seed of the study: seed, rate, and the three weights in the end."""
    weights = trained(seed, RATES)[1].weights[:, -1]
    for rate, (w1, w2, b) in zip(RATES, weights, strict=True):
        yield f"{seed},{rate:g},{w1:.12g},{w2:.12g},{b:.12g}\n"


def checkpoints():
    """The epochs that the long runs keep: those that a lesson asks for, and others evenly spaced in decades."""
    return np.unique([0, 5, 10, 50, 100, 500, 1000, 5000, *np.geomspace(1, LONG, 81).round().astype(int)])


def long_rows(seed, kept):
    """The lines of one seed of the long runs: rate, seed, epoch, and loss and accuracy of the training houses."""
    model = logistic(*school_district(split=seed)[0])
    run = descend(model, SLOW, int(kept[-1]), batch=BATCH, seed=seed)
    accuracy = model.accuracy(run.weights[:, kept])
    for i, rate in enumerate(SLOW):
        for epoch, loss, right in zip(kept, run.losses[i, kept], accuracy[i], strict=True):
            yield f"{rate:g},{seed},{epoch},{loss:.6g},{right:.6g}\n"


def study():
    write("six-rates.csv", "seed,rate,w1,w2,b\n", (line for seed in range(SEEDS) for line in rows(seed)))


def long_runs():
    lines = (line for seed in range(LONG_SEEDS) for line in long_rows(seed, checkpoints()))
    write("long-runs.csv", "rate,seed,epoch,loss,accuracy\n", lines)


def write(name, head, lines):
    (FOLDER / name).write_text(head + "".join(lines), encoding="utf-8", newline="")


PARTS = {"study": study, "long-runs": long_runs}
