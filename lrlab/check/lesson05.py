"""The checks of lesson 05: momentum and Adam."""

import numpy as np

from .base import exercise, numbers, one_of, outputs
from .votes import letters

__all__ = ["adam_first", "best_memory", "momentum", "saddle", "steady_step", "vote_first_step"]

vote_first_step = letters("c", a="ten times smaller", b="the same", c="3.2 times larger", d="random")

RATES = (0.1, 0.1, 0.1, 0.01, 0.01, 0.02)  # the rate changes: only so a rate inside v shows
GRADIENTS = (1.0, -2.0, 3.0, 0.5, -1.0, 2.0)


def _walk(rule, beta=0.9):
    """The weights after each step of rule(w, g, rate, v, beta) → (w, v), or (w, (v,)) as in lrcore; [] of others."""
    w, v, found = 0.0, 0.0, []
    for g, rate in zip(GRADIENTS, RATES, strict=True):
        pair = rule(w, g, rate, v, beta)
        if pair is None or pair is ...:
            return [pair]
        if not isinstance(pair, (tuple, list, np.ndarray)) or len(pair) != 2:
            return []
        w, v = pair
        v = v[0] if isinstance(v, (tuple, list)) and len(v) == 1 else v
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


momentum = exercise(
    _walks(_right),
    [
        (lambda found: found.size == 0, "Return two things, the new weights and the new velocity: w, v."),
        (
            _walks(lambda w, g, rate, v, beta: (w - (beta * v + rate * g), beta * v + rate * g)),
            "The rate is inside v: the same as long as the rate stays, but v keeps the old rate when a "
            "schedule lowers it. Here it drops after three steps.",
        ),
        (
            _walks(lambda w, g, rate, v, b: (w - rate * (b * v + (1 - b) * g), b * v + (1 - b) * g)),
            "(1 − β)g: an average, ten times smaller at β = 0.9. Here the gradients are added up whole.",
        ),
        (
            _walks(lambda w, g, rate, v, beta: (w - rate * v, beta * v + g)),
            "The old v is in the step: one step late. First v ← βv + g, then the step.",
        ),
        (
            _walks(lambda w, g, rate, v, beta: (w + rate * (beta * v + g), beta * v + g)),
            "It climbs: turn the sign of the step.",
        ),
        (
            _walks(lambda w, g, rate, v, beta: (w - rate * g, v)),
            "That is plain descent, without a memory: the step takes v, and the new v is returned.",
        ),
        (
            _walks(lambda w, g, rate, v, beta: (w - rate * (g + beta * (beta * v + g)), beta * v + g)),
            "That is Nesterov's step: momentum's is ηv.",
        ),
        (lambda found: not found.any(), "w never moves: return w − rate · v."),
        (lambda found: np.allclose(found[:6], _walk(_right)), "Right at 0.9 only: use the β that is given."),
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
        (0.01, "1 − β divides: the steps grow to rate / (1 − β)."),
        (-1.0, "A length is positive; and against a gradient of −1 the weight grows."),
    ],
    right="0.1 / (1 − 0.9) = 1: ten times the rate.",
    hint="Not yet: each step keeps 0.9 of the one before: 0.1 · (1 + 0.9 + 0.81 + …), without end.",
    open="a length",
)

best_memory = exercise(
    lambda found: found.shape == (1,) and abs(found[0] - 0.5834) < 0.026,
    [
        (0.99, "The run spirals around the minimum: it remembers about a hundred steps, far too many here."),
        (0.9, "The usual setting, and four to five times slower here: this ravine is not that long."),
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


BIG, TINY = np.array([-45.0, -15.0]), np.array([-1e-9, 1e-9])


def _steps(rule):
    """What a learner's function (g, rate) → step gives for large gradients, then for tiny ones (4,)."""
    found = [rule(g.copy(), 0.1) for g in (BIG, TINY)]
    return [each for step in found for each in (step[:3] if np.iterable(step) else [step, step])]


def _pairs(answer):
    """Adam's first step (2,), or all four steps of a function."""
    return outputs(_steps)(answer) if callable(answer) else numbers(answer)


def _step(expected, close=2e-3):
    """True for the two large steps, and for the tiny ones where a function was given."""
    expected = np.asarray(_steps(expected))
    return lambda found: found.size in (2, 4) and np.allclose(found, expected[: found.size], rtol=close, atol=1e-9)


def _large(*expected):
    """True where the two large steps have these lengths, to two digits."""
    return lambda found: found.size in (2, 4) and np.allclose(np.abs(found[:2]), expected, rtol=0.02)


adam_first = exercise(
    _step(lambda g, rate: -rate * g / (np.abs(g) + 1e-8)),
    [
        (lambda found: found.size == 1, "One number: give two, a step for each weight."),
        (
            lambda found: found.size == 4 and _step(lambda g, rate: -rate * g / np.sqrt(g * g + 1e-8))(found),
            "ε is inside the root: slightly off, and far off for tiny gradients. Add it to the root.",
        ),
        (
            _step(lambda g, rate: rate * g / (np.abs(g) + 1e-8)),
            "The sign: the gradients are negative, so the step is positive.",
        ),
        (
            _large(4.5, 1.5),
            "That is plain descent: rate times gradient. Adam divides by the gradient's own size.",
        ),
        (_large(3.16, 3.16), "s is left uncorrected while m is corrected: divide s by 1 − 0.999 as well."),
        (
            _large(0.316, 0.316),
            "Neither m nor s is corrected: 0.1 / √0.001 = 3.16 times too long. Divide both.",
        ),
        (_large(0.01, 0.01), "s is corrected and m is not: divide m by 1 − 0.9."),
        (
            _step(lambda g, rate: -rate * np.sign(g)),
            "ε is missing: it shortens the steps of tiny gradients, and a gradient of 0 makes no step.",
        ),
        (
            _step(lambda g, rate: rate),
            "Without a direction: a step goes against its gradient, −η g / (|g| + ε).",
        ),
        (
            lambda found: found.size in (2, 4) and found[0] < 0.2 and np.isclose(found[0], 3 * found[1], 0.02),
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
        ("a", "All gradients were zero: momentum has nothing to remember. From 0 it never leaves."),
        ("b", "Adam divides zero by ε: the step is zero. From 0 it never leaves."),
        ("c", "A larger rate times a gradient of zero is still zero."),
    ],
    read=one_of(a="momentum", b="Adam", c="plain descent at a larger rate", d="only a run with noise"),
    right="Only noise: a batch's gradient is not zero, and what it adds along the ridge grows.",
    open="a letter",
)
