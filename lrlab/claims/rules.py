"""Claims about rules: momentum, adaptive rules, rare features, saddles."""

import numpy as np

from lrcore import (
    banana,
    descend,
    digits,
    least_squares,
    line,
    logistic,
    noisy,
    rules,
    saddle,
    school_district,
    softmax,
)
from lrlab import measure, study05

from . import fixed, seeded
from .line import FOUR

BETAS = [0, 0.5, 0.58, 0.9, 0.99]


def digits_of(seed):
    """(problem, unseen): a half of the digits to train on, drawn by the seed, and the other half."""
    X, y = digits()
    order = np.random.RandomState(seed).permutation(len(y))
    seen, rest = order[:898], order[898:]
    return softmax(X[seen], y[seen], classes=10), (X[rest], y[rest])


def scattered(seed):
    return least_squares(*line(100, noise=1, seed=seed))


def momentum_runs(start):
    """(epochs to a loss of 1e-6, way of w, rate) of each β, at the rate that needs the fewest epochs from there."""
    rates = np.geomspace(0.003, 0.4, 81)
    run = descend(FOUR, rates[:, None], 2500, rules.momentum, beta=BETAS, start=start)
    epochs = measure.arrival(run, goal=1e-6)
    best, column = epochs.argmin(axis=0), np.arange(len(BETAS))
    way = np.abs(np.diff(run.weights[best, column, :, 0])).sum(axis=-1)
    return epochs[best, column], way, rates[best]


@seeded("13")
def momentum_swings_less_and_is_faster(seed):
    start = FOUR.start + 3 * np.random.RandomState(seed).normal(size=2)
    epochs, way, _ = momentum_runs(start)
    ratios = {"faster": epochs / epochs[0], "swings less": way / way[0]}
    return {
        f"{what}, β = {beta:g}": r for what, each in ratios.items() for beta, r in zip(BETAS[1:], each[1:], strict=True)
    }


@seeded("15")
def no_rate_by_hand(seed):
    tried = np.append(0.001, np.geomspace(1e-4, 1, 9))
    tasks = {"the noisy line": (scattered(seed), 20), "the digits": (digits_of(seed)[0], 5)}
    tasks["the houses"] = logistic(*school_district(split=seed)[0]), 50
    found = {}
    for name, (problem, epochs) in tasks.items():
        end = descend(problem, tried, epochs, rules.adam, batch=10, seed=seed, checkpoints=1 / epochs).final
        found[name] = end[0] / end.min()
    start = banana().start + 0.3 * np.random.RandomState(seed).normal(size=2)
    end = measure.late(descend(banana(), tried, 1500, rules.adam, start=start))
    end = np.maximum(np.nan_to_num(end, nan=np.inf), study05.COUNTS_AS["banana"])
    return found | {"the banana": end[0] / end.min()}


@seeded("16")
def adaptive_beats_badly_tuned(seed):
    problem = digits_of(seed)[0]
    rates = np.geomspace(1e-3, 10, 13)
    plain, adam = (
        descend(problem, rates, 5, rule, batch=10, seed=seed, checkpoints=1 / 5).best
        for rule in (rules.sgd, rules.adam)
    )
    tenth = descend(problem, plain.rate / 10, 5, batch=10, seed=seed, checkpoints=1 / 5).final
    return {
        "plain descent at a tenth of its best rate": adam.final / tenth,
        "plain descent at its best rate": adam.final / plain.final,
    }


@seeded("20")
def rare_features(seed):
    chance = np.random.RandomState(seed)
    common, rare = chance.normal(size=200), np.zeros(200)
    rare[chance.permutation(200)[:4]] = 1
    problem = least_squares(np.stack([common, rare], axis=1), common + rare, bias=False)
    rates = np.geomspace(0.003, 3, 46)
    error = {}
    for name in ("sgd", "adagrad", "rmsprop", "adam"):
        run = descend(problem, rates, 50, rules.RULES[name], checkpoints=1 / 50)
        error[name] = abs(run.best.weights[-1, 1] - 1)
    names = {"adagrad": "AdaGrad", "rmsprop": "RMSProp", "adam": "Adam"}
    return {names[name]: error[name] / error["sgd"] for name in names}


def steps_to_leave(run):
    """The first kept step with y beyond 1; infinite if there is none."""
    left = np.abs(run.weights[:, 1]) > 1
    return np.argmax(left) if left.any() else np.inf


@fixed("21")
def saddles_hold():
    ridge = descend(saddle(), 0.1, 1000, start=[1, 0])
    return {"exactly on the ridge, no noise": 1000 / steps_to_leave(ridge)}


@seeded("21")
def saddles_hold_by_chance(seed):
    beside = descend(saddle(), 0.1, 1000, start=[1, 0.1 * np.random.RandomState(seed).normal()])
    shaken = descend(noisy(saddle(), 0.001, seed=seed), 0.1, 10, batch=1, seed=seed, start=[1, 0], checkpoints=100)
    return {
        "beside the ridge, no noise": 1000 / steps_to_leave(beside),
        "on the ridge, with noise": 1000 / steps_to_leave(shaken),
    }


@seeded("36")
def no_single_best(seed):
    """Of plain descent, momentum and Adam at their own best rates: how many are within 5 % of the least everywhere."""
    problem, unseen = digits_of(seed)
    houses, validation = (logistic(*data) for data in school_district(split=seed))
    tasks = (scattered(seed), 20, None), (houses, 20, (validation.X[:, :2], validation.y)), (problem, 5, unseen)
    rates, within = np.geomspace(1e-3, 10, 13), {"on the training rows": [], "on unseen rows": []}
    for task, epochs, other in tasks:
        runs = [
            descend(task, rates, epochs, rule, batch=10, seed=seed, checkpoints=1 / epochs).best
            for rule in (rules.sgd, rules.momentum, rules.adam)
        ]
        other = other or line(100, noise=1, seed=seed + 5000)
        for name, losses in (
            ("on the training rows", [run.final for run in runs]),
            ("on unseen rows", [task.loss(run.weights[-1], *other) for run in runs]),
        ):
            within[name].append(np.array(losses) <= 1.05 * min(losses))
    return {name: np.all(each, axis=0).sum() for name, each in within.items()}


WHERE = {"line": "the line", "houses": "the houses", "banana": "the banana"}


@seeded("37")
def robust(seed):
    """Decades of good rates of plain descent over those of a rule: losses within twice the rule's best."""
    found = {}
    for where, name in WHERE.items():
        width = {}
        for rule in ("sgd", "momentum", "rmsprop", "adam"):
            losses = study05.late_loss(where, rule, seed, study05.RATES[:151:2])
            losses = np.maximum(np.nan_to_num(losses, nan=np.inf), study05.COUNTS_AS[where])
            width[rule] = (losses <= 2 * losses.min()).sum()
        for rule, said in (("momentum", "momentum"), ("rmsprop", "RMSProp"), ("adam", "Adam")):
            found[f"{said}, {name}"] = width["sgd"] / width[rule]
    return found
