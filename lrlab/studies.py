"""Studies that take too long for a lesson: computed beforehand by a command, stored in data/, read here."""

from typing import NamedTuple

import numpy as np

from lrcore.data import FOLDER


class LongRuns(NamedTuple):
    """Runs of rate (r,) at epochs (c,): losses and accuracy (seeds, r, c), on the training houses."""

    rate: np.ndarray
    epochs: np.ndarray
    losses: np.ndarray
    accuracy: np.ndarray


def long_runs():
    """School-district runs of 6000 epochs; seed s is school_district(split=s), shuffled by s, batches of 10.

    `make long-runs` computes them (tools/long_runs.py).
    """
    table = np.loadtxt(FOLDER / "long-runs.csv", delimiter=",", skiprows=1)
    rate, seeds, epochs = (np.unique(table[:, k]) for k in range(3))
    losses, accuracy = table[:, 3:].T.reshape(2, len(seeds), len(rate), len(epochs))
    return LongRuns(rate, epochs, losses, accuracy)
