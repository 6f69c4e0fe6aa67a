"""Claims about choosing: typical rates, search, decay, early stopping, model size, overfitting, references."""

from functools import cache

import numpy as np

from lrcore import (
    banana,
    descend,
    digits,
    logistic,
    network,
    schedules,
    school_district,
    search,
    softmax,
)
from lrlab import edge, measure, study04
from lrlab.plots.choosing import roughness

from . import fixed, seeded
from .line import FOUR
from .rules import digits_of, scattered

WIDE = np.geomspace(1e-6, 1000, 28)


@cache
def best_rates(seed):
    """{data: the rate of 28 that ends lowest}."""
    points, (train, _) = scattered(seed), school_district(split=seed)
    shaken = measure.late(descend(points, WIDE, 20, batch=1, seed=seed, checkpoints=5))
    houses = descend(logistic(*train), WIDE, 50, batch=10, seed=seed, checkpoints=1 / 50).final
    written = descend(digits_of(seed)[0], WIDE, 5, batch=10, seed=seed, checkpoints=1 / 5).final
    ends = {"the noisy line, single samples": shaken, "the houses": houses, "the digits": written}
    return {name: WIDE[np.argmin(np.fmin(end, np.inf))] for name, end in ends.items()}


@cache
def best_rates_without_chance():
    ends = {"the line": descend(FOUR, WIDE, 100).final, "the banana": descend(banana(), WIDE, 1500).final}
    return {name: WIDE[np.argmin(np.fmin(end, np.inf))] for name, end in ends.items()}


def outside(low, high):
    """Two measures of a range: how many decades the best rate lies outside it, without and with chance."""

    def away(rates):
        return {name: max(0.0, np.log10(low / rate), np.log10(rate / high)) for name, rate in rates.items()}

    return lambda: away(best_rates_without_chance()), lambda seed: away(best_rates(seed))


for row, low, high in (("2", 1e-4, 1e-2), ("7a", 1e-6, 1), ("7b", 1e-300, 1)):
    without, chance = outside(low, high)
    fixed(row)(without)
    seeded(row)(chance)


@seeded("11")
def noisy_weights(seed):
    problem, unseen = digits_of(seed)
    rates, found = np.geomspace(1e-3, 20, 25), {}
    random = np.random.RandomState(seed).normal(size=problem.d)
    for name, start in (("from zero", None), ("from a random start", random)):
        w = descend(problem, rates, 5, batch=40, seed=seed, start=start, checkpoints=1 / 5).weights[:, -1]
        ranks = [v.argsort(kind="stable").argsort() for v in (roughness(w), problem.accuracy(w, *unseen))]
        found[name] = np.corrcoef(*ranks)[0, 1]
    return found


@seeded("12")
def a_grid_is_unnecessary(seed):
    problem, how = digits_of(seed)[0], {"batch": 10, "seed": seed, "checkpoints": 1 / 5}
    grid = descend(problem, np.geomspace(1e-3, 10, 61), 5, **how).best.final
    few = search.coarse_to_fine(problem, 1e-3, 10, 5, rounds=2, rates=7, **how).best.final
    more = search.coarse_to_fine(problem, 1e-3, 10, 5, rounds=3, rates=9, **how).best.final
    return {"14 rates for 61": few / grid, "27 rates for 61": more / grid}


DECAYS = "constant", "cosine", study04.AVERAGED


def contest(seed):
    """Where lesson 04's contest ends above the least (rates, 3); its seeds lie in data/schedules.npz."""
    names, _, stored = study04.contest()
    losses = stored[seed] if seed < len(stored) else study04.contest_of(seed)
    return losses[:, [names.index(name) for name in DECAYS]]


@cache
def chosen():
    """The place of each one's best rate, by the median over twenty seeds that judge nothing here."""
    return np.argmin(np.median([contest(seed) for seed in range(20, 40)], axis=0), axis=0)


@seeded("17")
def start_large_end_small(seed):
    constant, cosine, averaged = contest(seed)[chosen(), range(3)]
    return {"noise, against a constant rate": cosine / constant, "noise, against an averaged one": cosine / averaged}


@fixed("17")
def start_large_end_small_without_noise():
    rates = np.geomspace(0.01, 0.119, 60)
    constant, cosine = (descend(FOUR, rates, 200, schedule=s).final.min() for s in (None, schedules.cosine(200)))
    return {"no noise, against a constant rate": cosine / constant}


@seeded("30")
def complex_network(seed):
    X, y = digits()
    seen = np.random.RandomState(seed).permutation(len(y))[:300]
    small, large = (network(X[seen], y[seen], hidden, seed).limit for hidden in (8, 128))
    return {"a network of 128 units in place of 8": large / small}


@seeded("31")
def large_rate_overfits(seed):
    """Unseen digits wrong at rate 0.05, over those at 0.1: the same split, the same start."""
    problem, unseen = edge.draw(seed, "raw")
    run = descend(problem, [0.05, 0.1], edge.STEPS, checkpoints=1 / 50)
    there = np.argmax(run.losses <= 0.15, axis=-1)
    wrong = [[1 - problem.accuracy(run.weights[k, at], *unseen) for at in (-1, there[k])] for k in (0, 1)]
    (small_end, small_there), (large_end, large_there) = wrong
    return {"after 3000 steps": small_end / large_end, "at a training loss of 0.15": small_there / large_there}


@seeded("32")
def early_stopping_cures(seed):
    X, y = digits()
    rows = np.random.RandomState(seed).permutation(len(y))
    few, others = softmax(X[rows[:60]], y[rows[:60]], classes=10), rows[60:660]
    rates = np.append([0.01, 3, 10], np.geomspace(0.1, 3, 7))
    best = few.loss(descend(few, rates, 150).weights, X[others], y[others]).min(axis=-1)
    return {f"rate {rate:g}": value / best[3:].min() for rate, value in zip(rates[:3], best, strict=False)}


@seeded("33")
def decay_cures(seed):
    points = scattered(seed)
    least = points.loss(np.linalg.lstsq(points.X, points.y, rcond=None)[0])
    how = {"batch": 1, "seed": seed, "checkpoints": 1 / 20}
    good = descend(points, 0.01, 20, **how).final - least
    decay = schedules.exponential(half_life=200)
    high, low = (descend(points, [0.1, 0.0001], 20, schedule=decay, **how).final - least) / good
    return {"a start ten times too large": high, "a start a hundred times too small": low}


def largest(problem, epochs):
    """The largest rate that is not lost, of rates 1 % apart around the limit, and 2, 10 and 100 times it."""
    rates = problem.limit * np.append(np.exp(np.arange(-10, 11) / 100), [2, 10, 100])
    return rates[~descend(problem, rates, epochs, checkpoints=1 / epochs).diverged].max()


@fixed("38")
def computable():
    X, y = digits()
    tasks = {"the line": (FOUR, 1000), "the noisy line": (scattered(0), 1000)}
    tasks |= {"the houses": (logistic(*school_district()[0]), 200), "the digits": (softmax(X[:200], y[:200]), 100)}
    return {name: abs(np.log10(largest(p, epochs) / p.limit)) for name, (p, epochs) in tasks.items()}


@fixed("39")
def reference():
    printed, paper = {"Kingma", "Welling"}, {"Kingma", "Ba"}
    return {"the two authors": len(printed - paper)}
