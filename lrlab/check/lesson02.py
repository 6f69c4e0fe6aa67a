"""Lesson 02, the school district: its two votes and its four exercises."""

import numpy as np

from lrcore.data import school_district

from .base import Unreadable, exercise, numbers, outputs, straight_line
from .votes import letters, number

__all__ = ["district_gradient", "district_line", "district_recall", "updates", "vote_baseline", "vote_updates"]

vote_baseline = number(off=5, of=100)  # of 100 houses
vote_updates = letters("d", a="1 house", b="10 houses", c="all 1600", d="no visible difference")

_train = school_district()[0]
_X = np.column_stack([_train.X, np.ones(len(_train.y))])
_w = np.array([-1.0, 2.0, -0.5])


def _p(w, X):
    return 1 / (1 + np.exp(-(X @ w)))


district_gradient = exercise(
    lambda w, X, y: (_p(w, X) - y) @ X / len(y),
    [
        (lambda w, X, y: (y - _p(w, X)) @ X / len(y), "The sign is turned: with y − p each step climbs."),
        (
            lambda w, X, y: (_p(w, X) - y) @ X,
            "A sum in place of a mean: the step is 1600 times too long. Divide by the number of houses.",
        ),
        (
            lambda w, X, y: (_p(w, X) - y) * _p(w, X) * (1 - _p(w, X)) @ X / len(y),
            "A factor p(1 − p) is left over: that is the squared error's gradient. Cross-entropy cancels it.",
        ),
        (
            lambda w, X, y: 2 * ((_p(w, X) - y) * _p(w, X) * (1 - _p(w, X))) @ X / len(y),
            "That is the squared error's gradient, with its factor 2p(1 − p). Cross-entropy cancels p(1 − p).",
        ),
        (
            lambda w, X, y: np.mean(_p(w, X) - y),
            "The inputs are missing: a mean of p − y is the bias's gradient. Multiply each p − y by its row.",
        ),
        (
            lambda w, X, y: np.sum(_p(w, X) - y),
            "The inputs are missing, and the mean: multiply each p − y by its row.",
        ),
        (
            lambda w, X, y: _p(w, X) - y,
            "The inputs are missing: that is one p − y a house. Multiply by X, take the mean.",
        ),
        (
            lambda w, X, y: (_p(w, X) - y)[:, None] * X,
            "One gradient a house, and right: now take the mean over the houses.",
        ),
        (
            lambda w, X, y: (X @ w - y) @ X / len(y),
            "The sigmoid is missing: p is sigmoid(z), and this uses z itself.",
        ),
        (
            lambda w, X, y: 2 * (_p(w, X) - y) @ X / len(y),
            "Twice too long: the factor 2 belongs to the squared error. The cross-entropy has none.",
        ),
        (
            lambda w, X, y: np.full(3, np.mean((_p(w, X) - y)[:, None] * X)),
            "The mean of everything is one number: take the mean over the houses, axis 0, and keep three.",
        ),
        (
            lambda w, X, y: np.mean((_p(w, X) - y)[:, None] * X),
            "The mean of everything is one number: take the mean over the houses, axis 0, and keep three.",
        ),
    ],
    read=outputs(lambda f: f(_w.copy(), _X.copy(), _train.y.copy())),
    right="Each house pulls with its error times its input, and the gradient is the mean of these pulls. "
    "The next cell trains with it.",
    hint="It returns other numbers than the mean of (p − y)·[x, y, 1] over the houses. Check it on a single house.",
    open="your formula",
)


def _share(answer):
    """A share; 6.5 is read as 6.5 %."""
    found = numbers(answer)
    if found.size != 1:
        raise Unreadable(f"One number is asked for, and this is {found.size} of them.")
    return found / 100 if found[0] > 1 else found


def _between(low, high):
    return lambda found: low <= found[0] <= high


district_recall = exercise(
    _between(0.03, 0.11),
    [
        (
            _between(0.873, 0.9),
            "That is the accuracy: of all houses, the share judged rightly. Recall looks at the district alone.",
        ),
        (_between(0.86, 0.873), "That is the accuracy of saying no to everyone. Its recall is 0."),
        (
            lambda found: found[0] >= 0.95,
            "That is precision: it names few houses, and those are right. Recall asks how many it found.",
        ),
        (lambda found: found[0] == 0, "Saying no to everyone finds 0. This model finds a few."),
    ],
    read=_share,
    right="Hardly a house found, at an accuracy that looks good: so the baseline comes first.",
    hint="Of the houses in the district, which share does the model say yes to? `model.recall(w)` counts it.",
)


def _line(answer):
    """(slope, intercept), also from a function of x."""
    if callable(answer):
        at_0, at_1 = outputs(lambda f: [f(0.0), f(1.0)])(answer)
        return np.array([at_1 - at_0, at_0])
    found = straight_line(answer)
    if found.size != 2:
        raise Unreadable('A line is asked for: (slope, intercept), or a text such as "y = 2x + 1".')
    return found


district_line = exercise(
    (1, 0.5),
    [
        (
            (1, -0.5),
            "The intercept's sign: z = 0 means 20 y = 20 x + 10, so b changes its sign on the way across.",
        ),
        (
            lambda found: np.isclose(found[0], -1),
            "The slope's sign: w1 is negative, and it changes its sign on the way across.",
        ),
        (
            lambda found: np.isclose(abs(found[1]), 10),
            "Divide by w2 as well: 20 y = 20 x + 10 is y = x + 0.5.",
        ),
        (lambda found: np.isclose(abs(found[0]), 20), "Divide by w2: 20 y = 20 x + 10 is y = x + 0.5."),
    ],
    read=_line,
    right="The line is where z is 0. Twice the weights would draw the same one.",
    hint="The line is where z = −20 x + 20 y − 10 is 0. Solve that for y.",
    open="(slope, intercept)",
)

updates = exercise(
    1000,
    [
        (20, "That is the full batch: one update an epoch."),
        (50, "That is one epoch: 1600 / 32. There are 20 of them."),
        (640, "That is epochs times batch. An epoch has 1600 / 32 updates."),
        (32_000, "That is single houses: 1600 updates an epoch. A batch of 32 makes one update of 32 houses."),
        (1250, "2000 houses are all of them; training sees 1600."),
        (1260, "2000 houses are all of them; training sees 1600."),
    ],
    close=0,
    right="Houses in training over the batch, times the epochs.",
    hint="Updates an epoch: houses in training / batch. Then times the epochs.",
)
