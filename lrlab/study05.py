"""Studies of lesson 05: runs that know their β, what a rule remembers, races, the ranges of good rates."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from lrcore import Run, banana, descend, least_squares, line, logistic, rules, school_district
from lrcore.data import FOLDER

from . import explore, plots
from .check.base import Unfinished, Unreadable, Verdict, asked
from .fate import fate
from .figure import number
from .measure import arrival, late

GOAL = 1e-6
RACERS = {"plain": "sgd", "momentum": "momentum", "Nesterov": "nesterov", "AdaGrad": "adagrad"}
RACERS |= {"RMSProp": "rmsprop", "Adam": "adam"}


@dataclass(frozen=True, eq=False)
class Remembering(Run):
    """A Run that knows its β."""

    beta: np.ndarray = None

    def __getitem__(self, index):
        return Remembering(**vars(super().__getitem__(index)), beta=self.beta)


def remembering(problem, epochs):
    """For an explorer: train(rates, beta) with momentum."""

    def train(rates, beta):
        run = descend(problem, rates, epochs, rules.momentum, beta=beta)
        return Remembering(**vars(run), beta=np.array(float(beta)))

    return train


def to_the_goal(run):
    """What became of a run, and how many epochs it needed, for a status line."""
    epochs = arrival(run, GOAL)
    arrived = f"{epochs:g} epochs to {number(GOAL)}"
    end = arrived if np.isfinite(epochs) else f"not at {number(GOAL)} in {run.epochs[-1]:g} epochs"
    return f"{fate(run)}; {end}"


# What a rule remembers


def rare_features(n=1000):
    """Two inputs: a common one, large in every row, and one that is zero but for ten rows. Both weights are 3."""
    common = 3 * np.random.RandomState(0).normal(size=n)
    X = np.column_stack([common, np.arange(n) % 100 == 0])
    return least_squares(X, X @ [3.0, 3.0], bias=False)


@dataclass(frozen=True)
class Seen:
    """What was seen at each step, epochs (c,): m, root and effective (*runs, c, d), of the weights `names`."""

    rate: np.ndarray
    epochs: np.ndarray
    m: np.ndarray
    root: np.ndarray
    effective: np.ndarray
    names: tuple

    def __getitem__(self, k):
        return Seen(self.rate[k], self.epochs, self.m[k], self.root[k], self.effective[k], self.names)


STEPS = 100


def microscope(rates, on, rule, beta2, eps):
    """For an explorer: m̂, √ŝ and η / (√ŝ + ε) of each weight, for a hundred steps."""
    seen, ravine = [], on == "ravine"

    def watched(w, g, rate, *memory, **settings):
        w, memory = rule(w, g, rate, *memory, **settings)
        seen.append((g, *memory))
        return w, memory

    problem, names = (least_squares(*line()), ("w", "b")) if ravine else (rare_features(), ("common", "rare"))
    known = {"adam": {"beta2": beta2}, "rmsprop": {"beta": beta2}, "adagrad": {}}[rule.__name__]
    pace = {"epochs": STEPS} if ravine else {"epochs": 1, "batch": problem.n // STEPS}
    descend(problem, rates, rule=watched, eps=eps, **pace, **known)
    kept = [np.stack([step[k] for step in seen], axis=1) for k in range(min(len(seen[0]), 3))]
    if rule is rules.adam:
        t = np.arange(1, STEPS + 1)[:, None]
        m, s = kept[1] / (1 - 0.9**t), kept[2] / (1 - beta2**t)
    else:
        m, s = kept
    root = np.sqrt(s)
    return Seen(rates, np.arange(1, STEPS + 1), m, root, rates[:, None, None] / (root + eps), names)


# Races


@cache
def _own_best(epochs):
    """{name: rate} with the least loss after so many epochs on the line; the smallest of equals."""
    rates = 10 ** np.arange(-3, 2.001, 0.01)
    found = {}
    for name, rule in RACERS.items():
        run = descend(least_squares(*line()), rates, epochs, rules.RULES[rule])
        late = np.nan_to_num(np.max(run.losses[:, -5:], axis=1), nan=np.inf)
        found[name] = rates[np.argmin(np.maximum(late, 1e-12))]
    return found


def own_best(epochs=100):
    return dict(_own_best(epochs))


def racing(epochs=100):
    """For an explorer: six rules on the line, all at the slider's rate or, ticked, each at its own best."""
    problem, bests = least_squares(*line()), own_best(epochs)

    def train(rates, own_best=False):
        runs = {}
        for name, rule in RACERS.items():
            each = np.full_like(rates, bests[name]) if own_best else rates
            runs[name] = descend(problem, each, epochs, rules.RULES[rule])
        return runs

    return train


def at_rates(runs):
    """The rates of a race, for its status line."""
    rates = {name: number(run.rate, 2) for name, run in runs.items()}
    alike = len(set(rates.values())) == 1
    return "one rate for all" if alike else ", ".join(f"{name} {rate}" for name, rate in rates.items())


def beside(mine, rule, problem, epochs, rate, at, **settings):
    """An explorer of a learner's rule beside lrcore's, on one slider; while the stub is empty, a sentence."""
    __tracebackhide__ = True
    racers = {"yours": asked(mine), "lrcore's": rule}
    views = (plots.racing_paths, plots.racing_losses)
    try:
        return explore.race(problem, epochs, racers, rate=rate, at=at, draw=views, caption=together, **settings)
    except Unfinished:
        return Verdict("○", "Not written yet: fill in the dots above, and run this cell again.")
    except Unreadable as reason:
        return Verdict("✗", str(reason))


def together(runs):
    """How far two runs are apart, for a status line."""
    mine, library = (run.weights for run in runs.values())
    with np.errstate(all="ignore"):
        apart = np.max(np.abs(mine - library) / np.maximum(np.abs(library), 1))
    return "yours and lrcore's are one line" if apart < 1e-6 else "yours and lrcore's go different ways"


def from_the_best(rule, rate, schedule=None, still=0, seeds=20):
    """Losses above the least (seeds, 101) of a hundred steps on the noisy line, from its best weights.

    `still`: for so many steps before, the rule sees its batches while the rate is 0.
    """
    points = line(1000, noise=1, seed=0)
    problem = least_squares(*points)
    best = np.linalg.lstsq(problem.X, points.y, rcond=None)[0]
    plan = (lambda t: float(t >= still)) if still else schedule
    how = {"batch": 10, "start": best, "checkpoints": 100, "schedule": plan}
    runs = [descend(problem, rate, 1 + still // 100, rule, seed=seed, **how) for seed in range(seeds)]
    return np.array([run.losses[still:] for run in runs]) - problem.loss(best)


# The ranges of good rates

RATES = 10 ** (np.arange(-50, 181) / 10)
SEEDS = 10
EPOCHS = {"line": 400, "houses": 10, "banana": 1500}
COUNTS_AS = {"line": 0.01, "houses": 0.05, "banana": 0.05}  # losses below it count as it
USUAL = dict(zip(rules.RULES, [0.001, 0.001, 0.001, 0.01, 0.01, 1, 0.001, 0.001], strict=True))


def late_loss(where, rule, seed, rates=RATES):
    """The median loss over the last quarter of a run, for each rate; infinite where it is no number.

    The seed draws the split and the shuffles of the houses; elsewhere there is no chance, and it draws the start.
    """
    if where == "houses":
        task = logistic(*school_district(split=seed)[0])
        return late(descend(task, rates, EPOCHS[where], rules.RULES[rule], batch=10, seed=seed, checkpoints=4))
    task, spread = (least_squares(*line()), 1) if where == "line" else (banana(), 0.3)
    start = task.start + spread * np.random.RandomState(seed).normal(size=2)
    return late(descend(task, rates, EPOCHS[where], rules.RULES[rule], start=start))


@cache
def good_rates():
    """In how many of ten seeds a rate is good, {problem: (rules, rates)}: its loss within twice the rule's best.

    From data/good-rates.csv. Small losses count as COUNTS_AS.
    """
    columns = range(3, 3 + len(RATES))
    table = np.loadtxt(FOLDER / "good-rates.csv", delimiter=",", skiprows=1, usecols=columns)
    found = {}
    for where, losses in zip(EPOCHS, table.reshape(len(EPOCHS), len(rules.RULES), SEEDS, -1), strict=True):
        losses = np.maximum(np.nan_to_num(losses, nan=np.inf), COUNTS_AS[where])
        found[where] = (losses <= 2 * losses.min(axis=-1, keepdims=True)).sum(axis=1)
    return found


def ranges(counts, least=9):
    """(lowest, highest, decades) of the first unbroken row of rates that are good in `least` seeds, rule by rule."""
    found = []
    for row in counts >= least:
        first = int(np.argmax(row))
        length = int(np.argmin(np.append(row[first:], False)))
        found.append((RATES[first], RATES[max(first + length - 1, first)], length / 10))
    return np.array(found).T
