"""Lesson 06, a small network: its votes and its exercises."""

from functools import partial

import numpy as np

from lrcore.problems import banana, bowl

from .. import edge
from .base import Unreadable, exercise, in_order, numbers, outputs
from .votes import letters, number

__all__ = [
    "clipping",
    "largest_rates",
    "own_rate",
    "three_curves",
    "vote_lost",
    "vote_sharpness",
    "your_sharpness",
]

vote_sharpness = number(within=1.1, digits=2)  # measured at the reveal: the median of ten draws

vote_lost = letters(
    "c",
    a="they are lost within some steps",
    b="they swing; the loss stays high",
    c="they train; the sharpness ends near 20",
    d="they train; the sharpness goes to 0",
)


# A sharpness from gradients alone

_TRIED = bowl([1.0, 3.0, 7.0]), banana()  # the steepest direction of a banana is no axis


def _power(gradient, w, steps=50, divide=True):
    """Power iteration, and what it becomes with a mistake in it."""
    v = np.ones_like(w)
    for _ in range(steps):
        v = v / np.linalg.norm(v)
        v = gradient(w + 1e-4 * v) - gradient(w)
        v = v / 1e-4 if divide else v
    return np.linalg.norm(v)


def _two(f):
    return [part for problem in _TRIED for part in np.ravel(f(problem.gradient, problem.start)).tolist()]


def _lengths(answer):
    found = outputs(_two)(answer)
    if found.size != len(_TRIED):
        raise Unreadable("That is the direction v. How long is the Hessian times v?")
    if not np.isfinite(found).all():
        raise Unreadable("It grows without end: bring v back to length 1 in every round, v / np.linalg.norm(v).")
    if np.allclose(found, 1):
        raise Unreadable("That is the length of v after it was made 1. Take it before.")
    return found


_lengths.compares_functions = True

your_sharpness = exercise(
    _power,
    [
        (partial(_power, divide=False), "The difference of two gradients is there. Divide it by ε."),
        (
            partial(_power, steps=1),
            "One product only, and v still points anywhere. Each product turns it: let v be the product.",
        ),
        (
            lambda *place: 2 / _power(*place),
            "That is 2 over the sharpness, the limit. The sharpness itself is asked for.",
        ),
    ],
    read=_lengths,
    close=0.02,
    right="The largest curvature, from gradients alone: 7 on a bowl of curvatures 1, 3 and 7.",
    hint="Not yet. On a bowl of curvatures 1, 3 and 7 it should say 7. The Hessian times v is (g(w + εv) − g(w)) / ε.",
    open="the length of the last product",
)


# A prediction for a rate of one's own

_START = 24.84


def _prediction(answer):
    found = numbers(in_order(answer, "rate", "sharpness"))
    if found.size != 2:
        raise Unreadable("Two numbers are asked for: your rate, and the sharpness in the end.")
    rate, guess = map(float, found)
    if not 0.02 <= rate <= 0.2:
        raise Unreadable("Choose a rate from 0.02 to 0.2, and give it first.")
    kept = edge.stored("raw")
    run = kept[int(np.argmin(np.abs(np.log(kept.rate / rate))))]
    return rate, guess, np.nan if run.diverged else float(run.sharpness[-1])


def _near(value, guess, within=0.1):
    return abs(guess / value - 1) <= within


own_rate = exercise(
    lambda found: _near(found[2], found[1]),
    [
        (lambda f: np.isnan(f[2]), "That run is lost: in the end there is no sharpness. Choose a smaller rate."),
        (
            lambda f: _near(2 / f[0], f[1]) and f[2] < 0.9 * 2 / f[0],
            "That is its line 2/η, and after 3000 steps the curve is still below it, on its way up.",
        ),
        (lambda f: _near(1 / f[0], f[1]), "That is 1/η, where swinging starts on a bowl. The line is 2/η."),
        (lambda f: _near(_START, f[1]), "That is where it starts. Which way does the curve go at your rate?"),
        (lambda f: f[1] <= 1, "That looks like a rate. The sharpness in the end is asked for."),
    ],
    read=_prediction,
    right="Within 10 % of what this run ends at. Put the slider there and look.",
    hint="More than 10 % away. Where is the line 2/η at your rate, and has the curve time to reach it?",
    open="your rate and your prediction",
)


# The largest rate that trains, raw and centred

largest_rates = exercise(
    lambda found: found.size == 2 and 0.165 <= found[0] < 0.19 and 0.74 <= found[1] < 0.88,
    [
        (lambda f: f.size != 2, "Two rates are asked for: the largest on raw pixels, and on centred ones."),
        (lambda f: 0.74 <= f[0] < 0.88 and f[1] < 0.2, "Both are right, in the other order: raw first."),
        (
            lambda f: _near(0.0805, f[0], 0.02),
            "0.08 is 2/λ at the start. You have seen 0.1 train: the start is not the whole run.",
        ),
        (lambda f: f[0] >= 0.19, "On raw pixels that rate is lost. Look at the last loss: nan."),
        (lambda f: f[1] >= 0.88, "On centred pixels that rate is lost. Look at the last loss: nan."),
        (lambda f: _near(0.2, f[1], 0.02), "0.2 trains on centred pixels, and it is far from the largest. Go higher."),
        (lambda f: _near(0.525, f[1], 0.03), "That is 2/λ at the start. A run may begin above it and still land."),
        (lambda f: f[0] < 0.165, "On raw pixels a larger rate still trains. Go higher."),
    ],
    read=lambda answer: numbers(in_order(answer, "raw", "centred")),
    hint="On centred pixels a larger rate still trains. Go higher.",
    right="Taking the mean from each pixel more than quadrupled the largest rate that trains.",
    open="the two rates, raw and centred,",
)


# Look closer: three curves, and clipping

three_curves = exercise(
    (0.05, 0.15, 0.02),
    [
        (
            (0.05, 0.15, 0.055),
            "C ends near 2/0.055, but it has not settled: it is still rising, towards a line far above.",
        ),
        ((0.15, 0.05, 0.02), "A and B the other way round: the larger the rate, the lower its line 2/η."),
        ((0.02, 0.15, 0.05), "A has met its line and stays there. C is still rising. Which rate has a line at 40?"),
        (lambda f: f.size != 3, "Three rates are asked for, for A, B and C."),
    ],
    read=lambda answer: numbers(in_order(answer, *"ABC")),
    right="A hovers at 2/0.05 = 40, B fell to 2/0.15 = 13, and C is still on its way to 100.",
    hint="Not yet. Read where a curve has settled: that height is 2/η. A curve that still rises has not met its line.",
    open="three of the four rates, for A, B and C,",
)


def _clip(w, g, rate, *, norm):
    length = np.linalg.norm(g, axis=-1, keepdims=True)
    return w - rate * g * norm / np.maximum(length, norm), ()


def _each(w, g, rate, *, norm):
    return w - rate * np.clip(g, -norm, norm), ()


def _always(w, g, rate, *, norm):
    return w - rate * g * norm / np.linalg.norm(g, axis=-1, keepdims=True), ()


def _all_runs(w, g, rate, *, norm):
    return w - rate * g * norm / np.linalg.norm(g), ()


def _at_one(w, g, rate, *, norm):
    return _clip(w, g, rate, norm=1)


def _never(w, g, rate, *, norm):
    return w - rate * g, ()


def _steps(rule):
    """A step from one gradient, and one of two runs, from a long and a short gradient."""
    g = np.array([3.0, 4.0])
    two = np.stack([g, g / 10])
    one, both = rule(np.zeros_like(g), g, 0.1, norm=1.0), rule(np.ones_like(two), two, np.full_like(two, 0.1), norm=2.0)
    return [*_weights(one), *_weights(both)]


def _weights(answer):
    if not (isinstance(answer, (tuple, list)) and len(answer) == 2):
        raise Unreadable("A rule returns two things: the new weights, and what it remembers; here nothing, ().")
    return np.ravel(answer[0])


clipping = exercise(
    _clip,
    [
        (_each, "Each number is cut by itself, so the step turns. Shorten the whole gradient: g · norm / length."),
        (_always, "Short gradients are stretched too. Only those longer than `norm` are shortened."),
        (_all_runs, "One length for all runs: a long gradient shortens the others. Use axis=-1, keepdims=True."),
        (_at_one, "That clips at 1 whatever is asked for: use `norm`."),
        (_never, "That is plain descent: the long gradient is not shortened."),
    ],
    read=outputs(_steps),
    right="A long gradient keeps its direction and gets the length `norm`; a short one is left alone.",
    hint="Not yet. From (0, 0) with g = (3, 4), rate 0.1 and norm 1 the step should be (−0.06, −0.08).",
    open="the new weights, and an empty memory (),",
)
