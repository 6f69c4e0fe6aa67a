"""Make data/long-runs.csv again (`make long-runs`): ten minutes on one core. It says whether the file is as committed.

Lesson 03 asks where slow rates arrive in the end. That takes 6000 epochs, too long for a lesson, so they are
run here: for each seed a split of the school district, the same seed for the shuffles, batches of 10.
"""

import hashlib

import numpy as np

from lrcore import data, descend, logistic, school_district

RATES = (0.01, 0.1, 0.5, 1.0)
SEEDS, EPOCHS, BATCH = 30, 6000, 10


def checkpoints():
    """The epochs that are kept: 0, those that the lesson asks for, and others evenly spaced in decades."""
    spaced = np.geomspace(1, EPOCHS, 81).round().astype(int)
    return np.unique([0, 5, 10, 50, 100, 500, 1000, 5000, *spaced])


def rows(seed, kept):
    """The lines of one seed: rate, seed, epoch, loss, accuracy, on the training houses."""
    model = logistic(*school_district(split=seed)[0])
    run = descend(model, RATES, int(kept[-1]), batch=BATCH, seed=seed)
    accuracy = model.accuracy(run.weights[:, kept])
    for i, rate in enumerate(RATES):
        for epoch, loss, right in zip(kept, run.losses[i, kept], accuracy[i], strict=True):
            yield f"{rate:g},{seed},{epoch},{loss:.6g},{right:.6g}\n"


def main():
    lines = ["rate,seed,epoch,loss,accuracy\n"]
    for seed in range(SEEDS):
        lines += rows(seed, checkpoints())
        print(f"seed {seed + 1} of {SEEDS}", flush=True)
    content = "".join(lines).encode()
    (data.FOLDER / "long-runs.csv").write_bytes(content)
    digest, count = hashlib.sha256(content).hexdigest(), len(lines)
    same = data.FILES.get("long-runs.csv") == (digest, count)
    print(
        "data/long-runs.csv:",
        "as committed" if same else f"DIFFERENT from lrcore/data.py: {digest!r}, {count}",
    )


if __name__ == "__main__":
    main()
