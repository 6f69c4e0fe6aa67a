"""The checks of lesson 04: schedules."""

import numpy as np

from lrcore.data import line
from lrcore.descent import descend
from lrcore.problems import least_squares

from .base import Unreadable, Verdict, answered, every_reading, exercise, numbers, outputs, unfinished
from .votes import letters, number

__all__ = [
    "cosine",
    "drops",
    "half_life",
    "inverse",
    "two_rates",
    "vote_cloud",
    "vote_decay",
    "vote_two_steps",
]

vote_cloud = number(within=1.25)  # the height is measured at the reveal
vote_decay = letters(
    "d",
    a="cosine is clearly lower in all ten",
    b="exponential is clearly lower in all ten",
    c="neither is clearly lower in any of the ten",
    d="clear in some of them, not clear in the others",
)
vote_two_steps = letters(
    "c",
    a="small then large ends at the bottom, reversed is lost",
    b="large then small ends at the bottom, reversed is lost",
    c="both end at the bottom",
    d="both are lost",
)

# Where a shape is asked: at the fifths of a length of 100, then of 200.
_FIFTHS, _N = (grid.ravel() for grid in np.meshgrid(np.arange(6) / 5, [100.0, 200.0]))
_T = _FIFTHS * _N


def _shape(answer):
    """What a learner's function (t, length) gives there, one step after the other."""
    return outputs(lambda f: [f(np.array(t), int(n)) for t, n in zip(_T, _N, strict=True)])(answer)


def _like(formula):
    """True for outputs that are the formula's, to three digits after the point."""
    return lambda found: found.shape == _T.shape and np.allclose(found, formula(_T, _N), rtol=1e-3, atol=6e-4)


def _scaled(formula):
    """True for outputs that are the formula's times one number."""
    return lambda found: _like(formula)(found / found[0])


def _inverse(t, n):
    return 1 / (1 + t / n)


NO_SIZE = "It does not begin at 1: the rate stands in it. A shape has no size; its size comes later."

inverse = exercise(
    _like(_inverse),
    [
        (lambda found: not np.isfinite(found[0]), "Infinite at t = 0: add 1, so that it begins at 1."),
        (
            _like(lambda t, n: 1 / (1 + n * t)),
            "The delay stands upside down: a longer delay must make a slower decay. Divide t by it.",
        ),
        (_like(lambda t, n: 1 / (1 + t)), "The delay is not used: at t = delay the factor is one half."),
        (_like(lambda t, n: 1 / (1 + t // n)), "It falls in steps: // drops the fraction; divide by /."),
        (
            _like(lambda t, n: 0.5 ** (t / n)),
            "It halves again and again: that is the exponential. Here a third is left at t = 2 · delay.",
        ),
        (
            _like(lambda t, n: np.exp(-t / n)),
            "That is exp(−t/delay), an exponential: it shrinks by the same factor again and again. "
            "Here a third is left at t = 2 · delay.",
        ),
        (_like(lambda t, n: t / (t + n)), "It rises from 0: t and the delay have changed places."),
        (_scaled(_inverse), NO_SIZE),
    ],
    read=_shape,
    right="Half at t = delay, a third at twice that.",
    hint="Not yet: the factor is 1 at t = 0, one half at t = delay, one third at t = 2 · delay.",
    open="a formula",
)


def _wave(t, n):
    return (1 + np.cos(np.pi * t / n)) / 2


def _to_a_tenth(t, n):
    return 0.1 + 0.9 * _wave(t, n)


def _of(shape):
    """Any of these: a shape as it is, squeezed between 1 and 0.1, lifted by 0.1, or cut off at 0.1."""
    forms = (shape, *(lambda t, n, f=f: f(shape(t, n)) for f in (_squeezed, _lifted, _cut)))
    return lambda found: any(_like(form)(found) for form in forms)


def _squeezed(factor):
    return 0.1 + 0.9 * factor


def _lifted(factor):
    return 0.1 + factor


def _cut(factor):
    return np.maximum(factor, 0.1)


cosine = exercise(
    _like(_to_a_tenth),
    [
        (_like(_wave), "It ends at 0: that is the cosine above. Here a tenth is left at t = steps."),
        (
            _like(lambda t, n: 0.1 + _wave(t, n)),
            "It begins at 1.1: you lifted the wave by a tenth. Make it smaller first, by 0.9.",
        ),
        (
            _like(lambda t, n: np.maximum(_wave(t, n), 0.1)),
            "The wave is cut off at a tenth. Squeeze it instead, so that it is flat where it ends.",
        ),
        (
            _like(lambda t, n: 0.1 * _wave(t, n)),
            "A tenth multiplies the whole wave, so it begins at 0.1. It goes from 1 down to 0.1.",
        ),
        (
            lambda found: found[-1] > found[0] + 0.5,
            "It rises: upside down, off by π. The cosine begins at its top, and the rate falls.",
        ),
        (lambda found: np.isclose(found[0], 0), "It begins at 0, as a sine does. The cosine begins at its top."),
        (
            _of(lambda t, n: _wave(2 * t, n)),
            "At the last step it is back at 1: take half a wave, not a whole one.",
        ),
        (_like(lambda t, n: 2 * _wave(2 * t, n) - 1), "A whole wave, and negative: half a wave, lifted."),
        (
            _of(lambda t, n: 0.5 + _wave(t, n)),
            "Only the cosine is halved: put 1 + cos(…) in brackets, and halve the whole.",
        ),
        (
            lambda found: np.min(found) < -1e-6,
            "It is negative in the second half, and a negative rate climbs: lift the cosine by 1, then halve it.",
        ),
        (_of(lambda t, n: 2 * _wave(t, n)), "The wave is twice as high as it should be: halve 1 + cos(…)."),
        (_scaled(_to_a_tenth), NO_SIZE),
        (
            _of(lambda t, n: np.cos(np.pi * t / n / 2)),
            "A quarter of a wave falls fastest at the end. Half a wave ends flat.",
        ),
        (
            _of(lambda t, n: 1 - t / n),
            "That is a straight line. The cosine is flat at both ends and steep in the middle.",
        ),
        (
            lambda found: any(_of(f)(found) for f in (lambda t, n: _wave(t / np.pi, n), lambda t, n: np.cos(t / n))),
            "π is missing: np.cos counts in radians, and half a wave is π long.",
        ),
    ],
    read=_shape,
    right="From 1 down to a tenth, flat at both ends.",
    hint="Not yet: the factor is 1 at t = 0, 0.55 in the middle, 0.1 at t = steps.",
    open="a formula",
)

half_life = exercise(
    0.05,
    [
        (0.1, "That is two halvings, or 1/t, inverse(100): 300 steps halve three times."),
        (
            lambda found: np.round(found, 2) == 0.13,
            "That is a third: 300 steps are three half-lives, and each of them halves.",
        ),
        (0.0, "An exponential never ends at 0; it halves again and again."),
        (0.125, "That is the factor; the rate is 0.4 times it."),
        (0.2, "That is one halving: 300 steps are three half-lives."),
    ],
    right="0.4 · ½ · ½ · ½ = 0.05.",
    hint="Not yet: the rate halves every 100 steps. How often in 300?",
    open="a rate",
)


def _pair(*values):
    """True for two rates that are these, in either order."""
    return lambda found: found.shape == (2,) and np.allclose(np.sort(found), np.sort(values), rtol=0.01)


two_rates = exercise(
    _pair(1 / 10, 1 / 2),
    [
        (
            _pair(2 / 10, 2 / 2),
            "That is 2/λ, the limit: its factor is −1, and nothing gets smaller. Which factor is 0?",
        ),
        (_pair(2, 10), "These are the curvatures λ. Which rate makes 1 − ηλ zero?"),
        (_pair(0.0599, 3.34), "These are the rates of the four points. This bowl has curvatures 2 and 10."),
        (
            1 / 6,
            "That is 2/(2 + 10), the fastest constant rate. Two different rates can do better.",
        ),
        (
            lambda found: found.shape == (2,) and np.any(np.isclose(found[:, None], [0.1, 0.5], rtol=0.01)),
            "One of the two directions is gone, the other is not. Each step can make one factor zero.",
        ),
        (lambda found: found.shape == (1,), "That is one rate. Two steps need two."),
    ],
    right="1/10 makes the factor of the curvature 10 zero, and 1/2 that of the curvature 2, in either order.",
    hint="Not yet: each step multiplies the part along a direction by 1 − ηλ. Which η makes that zero?",
    open="two rates",
)

STEPS, RATE, DROP = 2000, 0.02, 0.1


def staircase(first, second):
    """A schedule that falls to a tenth at each of two drop points; arrays give a row of runs."""
    return lambda t: DROP ** (t >= first) * DROP ** (t >= second)


def regret(first, second, seeds=20):
    """(final loss above the least, over the best pair's on a grid; the share of it that is no noise)."""
    problem = least_squares(*line(1000, noise=1))
    best = np.linalg.lstsq(problem.X, problem.y)[0]
    grid = np.array([(a, b) for a in range(200, STEPS, 200) for b in range(a, STEPS, 200)] + [(first, second)])
    schedule = staircase(*np.sort(grid, axis=1).T)
    runs = [descend(problem, RATE, 2, batch=1, schedule=schedule, seed=seed) for seed in range(seeds)]
    above = np.mean([run.final for run in runs], axis=0) - problem.loss(best)
    centre = np.mean([run.weights[-1, -1] for run in runs], axis=0)  # where the noise has cancelled
    return above[-1] / above[:-1].min(), (problem.loss(centre) - problem.loss(best)) / above[-1]


def _drop_points(answer):
    found = numbers(answer)
    if len(found) != 2:
        raise Unreadable(f"Two drop points are asked for, such as (500, 900): these are {len(found)}.")
    if ((found > 0) & (found < 1)).any():
        raise Unreadable(f"Drop points are counted in steps, from 0 to {STEPS}.")
    if (found < 0).any() or (found > STEPS).any():
        raise Unreadable(f"Drop points lie between 0 and {STEPS}.")
    return tuple(np.sort(found).tolist())


@answered
def drops(answer):
    """The check of two drop points: regret over 20 seeds, and on which side the mistake lies."""
    if unfinished(answer):
        return Verdict("○", "Open: put two steps in place of the dots.")
    times, left = regret(*every_reading(_drop_points, answer)[0])
    said = f"Mean loss above the least over 20 seeds: {times:.2g} times that of the best pair."
    if times < 1.6:
        return Verdict("✓", said)
    if left > 0.5:
        return Verdict("✗", f"Too early. {said} The loss was still falling, and the later, smaller steps cannot reach.")
    return Verdict("✗", f"Too late. {said} The steps before the drop were spent in the cloud.")
