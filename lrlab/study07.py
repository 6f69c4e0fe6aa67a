"""Lesson 07's studies: what data/ keeps of tactics and of batches, and how it was computed."""

from functools import cache

import numpy as np

from lrcore import descend, digits, least_squares, line, logistic, school_district, softmax

from .game import mislabelled
from .studies import table

BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]
RATES = np.geomspace(0.03, 10, 13)
GOAL, WRONG = 1.15, 240
MOST = {1: 2400, 2: 1800, 4: 1000, 8: 600, 16: 360, 32: 180}  # steps; 120 for larger batches


@cache
def noisy_digits():
    """1200 digits, of which 240 carry a wrong label: softmax regression, the loss on all rows."""
    pixels, digit = digits()
    draw = np.random.RandomState(0)
    rows = draw.permutation(len(digit))[:1200]
    return softmax(pixels[rows], mislabelled(digit[rows], WRONG, draw), classes=10)


def steps_to_goal(batch, seed, rates=RATES):
    """How many steps a batch needs to the goal at each rate (rates,), to about one in a hundred; inf if it fails."""
    problem = noisy_digits()
    per_epoch = -(-problem.n // batch)
    epochs = -(-MOST.get(batch, 120) // per_epoch)
    checkpoints = min(per_epoch, 100)
    losses = descend(problem, rates, epochs, batch=batch, seed=seed, checkpoints=checkpoints).losses
    there = losses <= GOAL
    return np.where(there.any(axis=-1), there.argmax(axis=-1) * per_epoch / checkpoints, np.inf)


def critical():
    """(batches, best rate (batches,), steps there (seeds, batches)): the rate is the best median over the seeds."""
    steps = table("critical-batch")["steps"].reshape(-1, len(BATCHES), len(RATES))
    best = np.argmin(np.median(steps, axis=0), axis=-1)
    return BATCHES, RATES[best], steps[:, np.arange(len(BATCHES)), best]


def tactics():
    """{tactic: its ratio on each of the sealed problems 0 to 19 (20,)}."""
    found = table("game-tactics")
    return {str(name): found["ratio"][found["tactic"] == name] for name in dict.fromkeys(found["tactic"])}


def logs():
    """Four logs for the clinic, {letter: (title, (name, values), (name, values))}: loss, and one thing more."""
    houses, points = logistic(*school_district(None)), least_squares(*line())
    pure = least_squares(*np.random.RandomState(10).normal(size=(2, 100)))
    a, c = (descend(houses, rate, 50, batch=10) for rate in (50, 0.0003))
    b, d = descend(pure, [0.01, 0.1], 400, checkpoints=1 / 8), descend(points, points.limit, 50)
    with np.errstate(all="ignore"):
        p, y = houses.probability(a.weights), houses.y
        formula = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p), axis=-1)
    return {
        "A": ("houses", ("loss", formula), ("largest weight", np.abs(a.weights).max(axis=-1))),
        "B": ("two rates", ("loss", b.losses), ("weight w", b.weights[..., 0])),
        "C": ("houses", ("loss", c.losses), ("accuracy", houses.accuracy(c.weights))),
        "D": ("four points", ("loss", d.losses), ("weight w", d.weights[:, 0])),
    }


def choices():
    """By split: the rate with the least training loss, its unseen loss, and that of the rate chosen on judging rows."""
    return table("choices")
