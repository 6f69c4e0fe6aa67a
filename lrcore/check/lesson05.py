"""The checks of lesson 05: momentum and Adam."""

import numpy as np

from .base import exercise, numbers, one_of, outputs, prediction

__all__ = ["adam_first", "best_memory", "momentum", "predict_first_step", "saddle", "steady_step"]

predict_first_step = prediction(a="ten times smaller", b="the same", c="3.2 times larger", d="random")

RATES = (0.1, 0.1, 0.1, 0.01, 0.01, 0.02)  # the rate changes: only so a rate inside v shows
GRADIENTS = (1.0, -2.0, 3.0, 0.5, -1.0, 2.0)


def _walk(rule, beta=0.9):
    """The weights after each step of rule(w, g, rate, v, beta) → (w, v), from 0, with a rate that drops."""
    w, v, found = 0.0, 0.0, []
    for g, rate in zip(GRADIENTS, RATES, strict=True):
        w, v = rule(w, g, rate, v, beta)
        found.append(w)
    return found


def _read_walk(answer):
    """What a learner's momentum does over the walk, with two settings."""
    return outputs(lambda rule: [*_walk(rule), *_walk(rule, 0.5)])(answer)


def _walks(rule):
    """True for outputs that are the walk of `rule`."""
    expected = np.array([*_walk(rule), *_walk(rule, 0.5)])
    return lambda found: found.shape == expected.shape and np.allclose(found, expected, rtol=1e-6, atol=1e-12)


def _right(w, g, rate, v, beta):
    v = beta * v + g
    return w - rate * v, v


def _rate_inside(w, g, rate, v, beta):
    v = beta * v + rate * g
    return w - v, v


def _average(w, g, rate, v, beta):
    v = beta * v + (1 - beta) * g
    return w - rate * v, v


def _late(w, g, rate, v, beta):
    return w - rate * v, beta * v + g


def _climbs(w, g, rate, v, beta):
    v = beta * v + g
    return w + rate * v, v


def _forgets(w, g, rate, v, beta):
    return w - rate * g, beta * v + g


momentum = exercise(
    _walks(_right),
    [
        (
            _walks(_rate_inside),
            "The rate is inside v: the same as long as the rate stays, but v keeps the old rate when a "
            "schedule lowers it. Here it drops after three steps.",
        ),
        (
            _walks(_average),
            "(1 − β)g: an average, ten times smaller at β = 0.9. Here the gradients are added up whole.",
        ),
        (_walks(_late), "The old v is in the step: one step late. First v ← βv + g, then the step."),
        (_walks(_climbs), "It climbs: turn the sign of the step."),
        (_walks(_forgets), "The step takes g and not v: that is plain descent, and v is kept for nothing."),
    ],
    read=_read_walk,
    right="v ← βv + g, then w ← w − ηv, also when the rate changes.",
    hint="Not yet: v ← βv + g, then w ← w − ηv; return w and v.",
    open="w and v",
)

steady_step = exercise(
    1.0,
    [
        (0.1, "That is the first step, without memory: gradients that agree add up."),
        (0.19, "Two terms of the sum: 0.1 · (1 + 0.9 + 0.81 + …) goes on."),
        (0.09, "That is the second term alone: all of them are added up."),
        (10.0, "That is v; the step is the rate times v."),
        (0.01, "1 − γ divides: the steps grow to rate / (1 − γ)."),
        (-1.0, "The gradient is −1, and the step goes down: it is positive."),
    ],
    right="0.1 / (1 − 0.9) = 1: ten times the rate.",
    open="a length",
)

best_memory = exercise(
    lambda found: found.shape == (1,) and abs(found[0] - 0.5834) < 0.026,
    [
        (
            0.99,
            "At 0.99 the run spirals around the minimum: it remembers about a hundred steps, far too many here.",
        ),
        (
            0.9,
            "The usual setting, and four to five times slower here than the best: this ravine is not that long.",
        ),
        (0.764, "Square it: (√κ − 1)/(√κ + 1) is the factor of a step, and the memory is its square."),
        (0.965, "Without the roots: (κ − 1)/(κ + 1) is the factor of plain descent. Take √κ first."),
        (0.931, "The roots are missing: √κ = 7.47, not 55.8."),
        (0.0, "That is plain descent: it takes several times as many epochs."),
        (0.5, "Near, but not the best: 0.5 takes a third more epochs. The formula gives two digits."),
    ],
    right="((√κ − 1)/(√κ + 1))² = 0.58 for κ = 55.8.",
    hint="Not the best: try the formula ((√κ − 1)/(√κ + 1))² with κ, the condition number.",
    open="a number from 0 to 1",
)


def _pairs(answer):
    """Adam's first step (2,), or a function (g, rate) → step, tried also on tiny gradients."""
    if callable(answer):
        drive = outputs(lambda f: [*f(np.array([-45.0, -15.0]), 0.1), *f(np.array([-1e-9, 1e-9]), 0.1)])
        return drive(answer)
    return numbers(answer)


def _first(root=lambda g: np.abs(g) + 1e-8, size=1.0):
    """The first step of gradients (−45, −15) and of tiny ones, as _pairs reads it from a function."""
    g = np.array([-45.0, -15.0, -1e-9, 1e-9])
    return -0.1 * size * g / root(g)


def _step(expected, sign=1):
    """True for the two large steps, and for the four where a function was given."""
    expected = sign * np.asarray(expected)
    return lambda found: (
        found.size in (2, 4) and np.allclose(found, expected[: found.size], rtol=2e-3, atol=1e-9)
    )


_INSIDE = _first(lambda g: np.sqrt(g * g + 1e-8))
_OUTSIDE = _first()
_SHARED = np.array([0.1, 0.1 / 3])

adam_first = exercise(
    _step(_OUTSIDE),
    [
        (
            lambda found: found.size == 4 and _step(_INSIDE)(found),
            "ε is inside the root: slightly off, and far off for tiny gradients. Add it to the root.",
        ),
        (_step(_OUTSIDE, -1), "The sign: the gradients are negative, so the step is positive."),
        (
            lambda found: np.allclose(found[:2], (4.5, 1.5), rtol=2e-3),
            "That is plain descent: rate times gradient. Adam divides by the gradient's own size.",
        ),
        (
            lambda found: np.allclose(found[:2], 0.1 / np.sqrt(0.001), rtol=2e-3),
            "s is left uncorrected while m is corrected: divide s by 1 − 0.999 as well.",
        ),
        (
            lambda found: np.allclose(found[:2], 0.01 / np.sqrt(0.001), rtol=2e-3),
            "Neither m nor s is corrected: 0.1 / √0.001 = 3.16 times too long. Divide both.",
        ),
        (
            lambda found: np.allclose(found[:2], 0.01, rtol=2e-3),
            "s is corrected and m is not: divide m by 1 − 0.9.",
        ),
        (
            lambda found: np.allclose(found, [0.1, 0.1, 0.1, -0.1], rtol=2e-3) if found.size == 4 else False,
            "ε is missing: a gradient of exactly zero would divide by zero.",
        ),
        (
            lambda found: np.allclose(found[:2], _SHARED, rtol=0.02),
            "One scale for both weights: each weight is divided by its own root.",
        ),
    ],
    read=_pairs,
    right="Each weight moves by the rate: the size of its gradient cancels.",
    hint="Not yet: m̂ = g and ŝ = g² at the first step, so the step is −η g / (|g| + ε).",
    open="two steps, or a function",
)

saddle = exercise(
    "d",
    [
        (
            "a",
            "All gradients were zero: momentum has nothing to remember. From 0 it never leaves.",
        ),
        ("b", "Adam divides zero by ε: the step is zero. From 0 it never leaves."),
        ("c", "A larger rate times a gradient of zero is still zero."),
    ],
    read=one_of(a="momentum", b="Adam", c="plain descent at a larger rate", d="only a run with noise"),
    right="Only noise: a batch's gradient is not zero, and what it adds along the ridge grows.",
    open="a letter",
)
