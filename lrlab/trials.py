"""What the trials of lesson 08 train for their explorers and pictures."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from lrcore import Run, banana, descend, logistic, rules, school_district

from . import study04
from .claims import choosing, houses, line
from .claims.rules import digits_of, scattered
from .measure import late

FOUR = line.FOUR


@dataclass(frozen=True, eq=False)
class Named(Run):
    """A Run that knows how much its loss was stretched, or its other numbers: `more` (*runs, …)."""

    more: np.ndarray = None

    def __getitem__(self, index):
        return Named(**vars(super().__getitem__(index)), more=None if self.more is None else self.more[index])


def stretched(rates, times):
    """For an explorer: the line with its loss, and so its gradient, some times larger; the loss drawn is the line's."""
    run = descend(line.stretched(FOUR, times), rates, 60)
    return Run(run.rate, run.epochs, run.weights, FOUR.loss(run.weights), run.rates)


@cache
def _district():
    return logistic(*school_district()[0])


def two_formulas(rates):
    """For an explorer: the houses, with the loss by the stable formula, and `more` by the naive one."""
    run = descend(_district(), rates, 50, batch=10)
    return Named(**vars(run), more=houses.naive(_district(), run.weights))


def shaken(rates):
    """For an explorer: the houses for 50 epochs, and `more`, the last 21 losses over their own trend, in percent."""
    run = descend(_district(), rates, 50, batch=10)
    logs, epochs = np.log(run.losses[..., -21:]), np.arange(21)
    trends = [np.polyval(np.polyfit(epochs, log, 1), epochs) for log in logs]
    return Named(**vars(run), more=100 * np.expm1(logs - trends))


@dataclass(frozen=True)
class Beside:
    """Two problems at the same multiple of their own limits: losses over the first, (*runs, c) each."""

    rate: np.ndarray
    epochs: np.ndarray
    line: np.ndarray
    houses: np.ndarray

    def __getitem__(self, k):
        return Beside(self.rate[k], self.epochs, self.line[k], self.houses[k])


def beside_limits(shares):
    """For an explorer: the line and the houses, full batch, at some multiples of 2/λ."""
    runs = [descend(p, np.asarray(shares) * p.limit, 60) for p in (FOUR, _district())]
    return Beside(np.asarray(shares), runs[0].epochs, *(run.losses / run.losses[..., :1] for run in runs))


def above_least(run):
    """The median loss of the noisy line over the last quarter of a run, above the least that it can have."""
    points = scattered(0)
    return late(run) - points.loss(np.linalg.lstsq(points.X, points.y, rcond=None)[0])


def sweeps():
    """{data: (rates, last losses over the least)} of one seed each, the five data sets of row 2."""
    rates = choosing.WIDE
    runs = {
        "the line": descend(FOUR, rates, 100).final,
        "the banana": descend(banana(), rates, 1500).final,
        "single samples": above_least(descend(scattered(0), rates, 20, batch=1, checkpoints=5)),
        "the digits": descend(digits_of(0)[0], rates, 5, batch=10, checkpoints=1 / 5).final,
        "the houses": descend(_district(), rates, 50, batch=10, checkpoints=1 / 50).final,
    }
    return {name: (rates, ends / np.fmin(ends, np.inf).min()) for name, ends in runs.items()}


def adam_sweeps():
    """{data: (rates, Adam's last loss over its least)}, up to where a last bit begins to decide how a run ends."""
    every = np.geomspace(1e-5, 10, 37)
    tasks = {
        "the noisy line": (scattered(0), 20, 10),
        "the digits": (digits_of(0)[0], 5, 0.35),
        "the houses": (_district(), 50, 2.2),
    }
    found = {}
    for name, (problem, epochs, top) in tasks.items():
        rates = every[every <= top]
        ends = descend(problem, rates, epochs, rules.adam, batch=10, checkpoints=1 / epochs).final
        found[name] = rates, ends / np.fmin(ends, np.inf).min()
    return found


def digits_race():
    """{rule: (rates, last loss)} on the digits, one draw, up to where a last bit begins to decide."""
    every, problem, found = np.geomspace(1e-3, 30, 31), digits_of(0)[0], {}
    for name, rule, top in (("plain descent", rules.sgd, 5.5), ("Adam", rules.adam, 0.25)):
        rates = every[every <= top]
        found[name] = rates, descend(problem, rates, 5, rule, batch=10, checkpoints=1 / 5).final
    return found


def decays():
    """{name: (steps, loss above the least)} of one seed of lesson 04's contest, each at its own best rate."""
    found = {}
    for shape, rate in zip(choosing.DECAYS, study04.CONTEST_RATES[choosing.chosen()], strict=True):
        share = study04.ENTRIES[shape]
        averaged = share if shape == study04.AVERAGED else None
        losses = study04.losses_of(rate, 0, study04.SHAPES[shape](share), averaged)
        found[shape] = np.linspace(0, study04.STEPS, len(losses)), losses
    return found
