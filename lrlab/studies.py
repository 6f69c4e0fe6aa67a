"""Studies that take long, computed beforehand by `make packs` and read here; and what lesson 03's explorers train."""

import csv
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from lrcore import Run, descend, logistic, school_district
from lrcore.data import FOLDER

EPOCHS, BATCH = 50, 10
BOOK = 0.5  # the rate that the chapter calls best; every other is its rival
RIVALS = np.array([0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9, 1, 1.5, 2, 3, 4, 5, 7, 10])


class SixRates(NamedTuple):
    """Where runs of many seeds end: rate (r,), weights (seeds, r, 3), training loss and accuracy (seeds, r)."""

    rate: np.ndarray
    weights: np.ndarray
    loss: np.ndarray
    accuracy: np.ndarray


class LongRuns(NamedTuple):
    """Slow rates, trained for long: rate (r,), epochs (c,), losses and accuracy (seeds, r, c)."""

    rate: np.ndarray
    epochs: np.ndarray
    losses: np.ndarray
    accuracy: np.ndarray


def table(name):
    """A table of data/, {column: values}, such as "network-widths" or "choices"."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {column: _numbers([row[column] for row in rows]) for column in rows[0]}


def _numbers(written):
    """A column as whole numbers, or numbers, or text."""
    for kind in (int, float):
        try:
            return np.array([kind(value) for value in written])
        except ValueError:
            pass
    return np.array(written)


def six_rates(rates=None):
    """The 200 seeds of data/six-rates.csv, at some rates or at all: seed k splits and shuffles by k."""
    table = np.loadtxt(FOLDER / "six-rates.csv", delimiter=",", skiprows=1)
    seeds, every = len(np.unique(table[:, 0])), len(np.unique(table[:, 1]))
    kept = slice(None) if rates is None else np.isin(table[:every, 1], rates)
    weights = table[:, 2:].reshape(seeds, every, 3)[:, kept]
    models = [logistic(*school_district(split=seed)[0]) for seed in range(seeds)]
    judged = [(model.loss(w), model.accuracy(w)) for model, w in zip(models, weights, strict=True)]
    return SixRates(table[:every, 1][kept], weights, *(np.array(each) for each in zip(*judged, strict=True)))


def long_runs():
    """The 30 seeds of data/long-runs.csv."""
    table = np.loadtxt(FOLDER / "long-runs.csv", delimiter=",", skiprows=1)
    rate, seeds, epochs = (np.unique(table[:, k]) for k in (0, 1, 2))
    shape = len(seeds), len(rate), len(epochs)
    order = np.lexsort((table[:, 2], table[:, 0], table[:, 1]))
    return LongRuns(rate, epochs, *(table[order, k].reshape(shape) for k in (3, 4)))


def trained(seed, rates):
    """(problem, run): the training houses of split `seed`, and the ends of runs shuffled by the same seed."""
    problem = logistic(*school_district(split=seed)[0])
    return problem, descend(problem, rates, EPOCHS, batch=BATCH, seed=seed, checkpoints=1 / EPOCHS)


@dataclass(frozen=True)
class Draws:
    """Training accuracy, draw after draw: seeds (s,), that of the book's rate (s,) and its rival's (*runs, s)."""

    rate: np.ndarray
    seeds: np.ndarray
    book: np.ndarray
    rival: np.ndarray

    def __getitem__(self, k):
        return Draws(self.rate[k], self.seeds, self.book, self.rival[k])

    @property
    def tally(self):
        """(the book's rate ahead, its rival ahead, equal), counted over all draws."""
        return [int(np.sum(side)) for side in (self.book > self.rival, self.book < self.rival, self.book == self.rival)]


FIRST = 3  # the first draw: it comes out as the chapter's did


def draws(rates, seed):
    """For an explorer: the draws from FIRST to `seed`, of the book's rate and of each of some others."""
    seeds = np.arange(FIRST, seed + 1)
    found = np.array([_accuracy(int(one), tuple(np.asarray(rates, float).tolist())) for one in seeds])
    return Draws(np.asarray(rates, float), seeds, found[:, 0], found[:, 1:].T)


@cache
def _accuracy(seed, rates):
    problem, run = trained(seed, [BOOK, *rates])
    return problem.accuracy(run.weights[:, -1])


@dataclass(frozen=True)
class Batched:
    """Runs, and the batch size that they were trained with."""

    run: Run
    batch: int

    def __getitem__(self, k):
        return Batched(self.run[k], self.batch)


def batched(problem, epochs=EPOCHS):
    """For an explorer: train(rates, batch) → Batched."""
    return lambda rates, batch: Batched(descend(problem, rates, epochs, batch=batch), batch)
