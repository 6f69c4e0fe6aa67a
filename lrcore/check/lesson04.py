"""The checks of lesson 04: schedules."""

import numpy as np

from ..data import line
from ..descent import descend
from ..problems import least_squares
from .base import Unreadable, exercise, numbers, one_of, outputs, prediction

__all__ = ["cosine", "drops", "half_life", "inverse", "predict_decay", "predict_floor", "step_lengths"]

predict_floor = prediction(
    a="the floor stays", b="it falls by a third", c="it is half as high", d="it is a quarter as high"
)
predict_decay = prediction(a="cosine", b="exponential", c="step", d="equal within the spread of the seeds")

_T = np.array([0.0, 1.0, 5.0, 20.0, 50.0, 90.0, 100.0])


def _shape(*lengths):
    """Reads a function (t, length) → factor by what it gives at some steps, one after the other."""
    return lambda answer: outputs(lambda f: [f(np.array(t), n) for n in lengths for t in _T])(answer)


def _like(formula, *lengths):
    """True for outputs that are the formula's."""
    expected = np.array([formula(t, n) for n in lengths for t in _T])
    return lambda found: found.shape == expected.shape and np.allclose(found, expected, rtol=1e-3, atol=1e-6)


def _scaled(formula, *lengths):
    """True for outputs that are the formula's times one number."""
    expected = np.array([formula(t, n) for n in lengths for t in _T])
    return lambda found: found[0] != 0 and np.allclose(found / found[0], expected / expected[0], rtol=1e-3)


inverse = exercise(
    _like(lambda t, n: 1 / (1 + t / n), 10, 50),
    [
        (
            lambda found: not np.isfinite(found[0]),
            "At t = 0 it is infinite: add 1, so that the first factor is 1.",
        ),
        (
            _like(lambda t, n: 1 / (1 + n * t), 10, 50),
            "The delay stands upside down: a longer delay must make a slower decay. Divide t by it.",
        ),
        (
            _like(lambda t, n: 1 / (1 + t), 10, 50),
            "The delay is not used: at t = delay the factor is one half.",
        ),
        (
            _scaled(lambda t, n: 1 / (1 + t / n), 10, 50),
            "It does not begin at 1: the rate stands in it. A shape has no size; its size comes later.",
        ),
    ],
    read=_shape(10, 50),
    right="Half at t = delay, a third at twice that.",
    hint="Not yet: the factor is 1 at t = 0, one half at t = delay, one third at t = 2 · delay.",
    open="a formula",
)

cosine = exercise(
    _like(lambda t, n: (1 + np.cos(np.pi * t / n)) / 2, 100, 200),
    [
        (
            lambda found: np.isfinite(found).all() and found[0] < found[6] and found[0] > -0.1,
            "It rises from 0 to 1: off by π. The cosine begins at its top.",
        ),
        (
            _like(lambda t, n: (1 + np.cos(2 * np.pi * t / n)) / 2, 100, 200),
            "At the last step it is back at 1: take half a wave, not a whole one.",
        ),
        (
            _like(lambda t, n: np.cos(2 * np.pi * t / n), 100, 200),
            "A whole wave, and negative: half a wave, lifted.",
        ),
        (
            lambda found: np.min(found) < -1e-6,
            "It is negative in the second half, and a negative rate climbs: lift it by 1, then halve it.",
        ),
        (_scaled(lambda t, n: (1 + np.cos(np.pi * t / n)) / 2, 100, 200), "It begins at 2: halve it."),
        (
            _like(lambda t, n: np.cos(np.pi * t / n / 2), 100, 200),
            "A quarter of a wave: it falls to 0, but fastest at the end. Half a wave ends flat.",
        ),
    ],
    read=_shape(100, 200),
    right="From 1 down to 0, flat at both ends.",
    hint="Not yet: the factor is 1 at t = 0, one half in the middle, 0 at t = steps.",
    open="a formula",
)

half_life = exercise(
    0.05,
    [
        (
            0.1,
            "That is two halvings, or 1/t (inverse(100) gives 0.1 as well): 300 steps halve three times.",
        ),
        (0.4 / 3, "That is a third: 300 steps are three half-lives, and each of them halves."),
        (0.0, "An exponential never ends at 0; it halves again and again."),
        (0.125, "That is the factor; the rate is 0.4 times it."),
        (0.2, "That is one halving: 300 steps are three half-lives."),
    ],
    right="0.4 · ½ · ½ · ½ = 0.05.",
    open="a rate",
)

step_lengths = exercise(
    "c",
    [
        (
            "a",
            "The rate is constant, not the step: the step is rate times gradient, and the gradient shrinks.",
        ),
        ("b", "They would have to reach zero in finitely many steps: a factor below 1 never does."),
        ("d", "Only above the limit of 0.1198 do they grow."),
    ],
    read=one_of(
        a="they stay constant",
        b="they are zero from some step on",
        c="they shrink by a constant factor",
        d="they grow",
    ),
    right="In the long run each is 1 − 0.05 · 0.2994 = 0.985 of the one before: the flat direction's factor.",
    open="a letter",
)

STEPS, RATE, DROP = 2000, 0.02, 0.1


def staircase(first, second):
    """A schedule that falls to a tenth at each of two drop points; arrays give a row of runs."""
    return lambda t: DROP ** ((t >= first) * 1.0 + (t >= second))


def regret(first, second, seeds=20):
    """(final loss above the least, over the best pair's on a grid; the share of it that is no noise)."""
    problem = least_squares(*line(1000, noise=1))
    best = np.linalg.lstsq(problem.X, problem.y)[0]
    grid = np.array(
        [(a, b) for a in range(200, STEPS, 200) for b in range(a, STEPS, 200)] + [(first, second)]
    )
    schedule = staircase(*np.sort(grid, axis=1).T)
    runs = [descend(problem, RATE, 2, batch=1, schedule=schedule, seed=seed) for seed in range(seeds)]
    above = np.mean([run.final for run in runs], axis=0) - problem.loss(best)
    centre = np.mean([run.weights[-1, -1] for run in runs], axis=0)  # where the noise has cancelled
    return above[-1] / above[:-1].min(), (problem.loss(centre) - problem.loss(best)) / above[-1]


def _drop_points(answer):
    found = numbers(answer)
    if len(found) != 2:
        raise Unreadable(f"Two drop points are asked for, such as (500, 900): these are {len(found)}.")
    if (found < 0).any() or (found > STEPS).any():
        raise Unreadable(f"Drop points lie between 0 and {STEPS}.")
    return tuple(np.sort(found).tolist())


def drops(answer):
    """The check of two drop points: regret over 20 seeds, and on which side the mistake lies."""
    times, left = 0, 0

    def judged(found):
        nonlocal times, left
        times, left = regret(*found)
        return times < 1.6

    verdict = exercise(judged, read=_drop_points, open="two steps", hint="judge")(answer)
    said = f"Mean loss over 20 seeds: {times:.2g} times that of the best pair."
    if verdict.mark == "✓":
        verdict.text = said
    elif verdict.text == "judge" and left > 0.5:
        verdict.text = (
            f"Too early. {said} The loss was still falling, and the later, smaller steps cannot reach."
        )
    elif verdict.text == "judge":
        verdict.text = f"Too late. {said} The steps before the drop were spent in the cloud."
    return verdict
