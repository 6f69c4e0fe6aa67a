"""Lesson 03, six rates: its three votes and its six exercises."""

import numpy as np

from .base import Unreadable, exercise, named, names, numbers, one_of, outputs
from .votes import letters, number, order

__all__ = [
    "behind",
    "better",
    "nan_house",
    "product_law",
    "rows_that_disagree",
    "stable_loss",
    "vote_epochs",
    "vote_nan",
    "vote_order",
]

vote_order = order(50, 10, 1, 0.5, 0.1, 0.01)  # lowest final loss first
vote_epochs = number(250, within=1.25)

vote_nan = letters(
    "c",
    a="the weights are infinite",
    b="the gradient is infinite",
    c="a loss formula fails on a house that is right",
    d="the data are bad",
)

product_law = exercise(
    500,
    [
        (40, "Smaller rates need more epochs, and this is fewer: the product has to stay."),
        (250, "The batch is forgotten: twice the batch is half the updates in an epoch."),
        (125, "The batch is the wrong way round: a larger batch makes fewer updates, so more epochs."),
        (100, "Both changed: the rate is 2.5 times smaller, and the updates in an epoch are half as many."),
        (200, "The rate is forgotten: it is 2.5 times smaller."),
        (80, "The rate is the wrong way round: a smaller rate asks for more epochs."),
        (20, "Both the wrong way round: a smaller rate and a larger batch each ask for more epochs."),
    ],
    close=0.001,
    right="rate × epochs ÷ batch is the same, so the loss is.",
    hint="rate × epochs ÷ batch has to be the same: 0.5 · 100 / 10.",
)


def _house(answer):
    """a, b or c from a letter or from the pair (z, y) itself."""
    pairs = {(40, 1): "a", (40, 0): "b", (-40, 1): "c"}
    if callable(answer) or (isinstance(answer, str) and answer.strip("() .").lower() in ("a", "b", "c", "d")):
        return one_of(a="(40, 1)", b="(40, 0)", c="(−40, 1)")(answer)
    found = pairs.get(tuple(numbers(answer, ("z", "y")).tolist()))
    if not found:
        raise Unreadable("Choose one of a, b, c: this is none of those houses.")
    return found


nan_house = exercise(
    "a",
    [
        ("b", "That one is wrong and sure: 1 · log(0) is −∞, so its loss is inf. Infinite, but no nan."),
        ("c", "The sigmoid has room near 0: p is about 4e-18, not 0, and the loss is a finite 40."),
    ],
    read=_house,
    right="p is exactly 1, so (1 − y)·log(1 − p) is 0 · (−∞), which is nan. The model is right about this house.",
    open='"a", "b" or "c"',
)


def _stable(z, y):
    return np.mean(np.logaddexp(0, z) - y * z)


def _capped(margin):
    """The naive formula with a margin inside its logarithms; p clipped at the same margin costs as much."""

    def loss(z, y):
        p = 1 / (1 + np.exp(-z))
        return -np.mean(y * np.log(p + margin) + (1 - y) * np.log(1 - p + margin))

    return loss


def _naive(z, y):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def _log_of_p(z, y):
    p = 1 / (1 + np.exp(-z))
    return np.mean(np.where(y == 1, -np.log(p), -np.log(1 - p)))


_CAPPED = (
    "Clipped: a confident mistake costs −log ε at most, and it should cost its score. "
    "The house with z = 900 and y = 0 has a loss of 900."
)


def _on_batches(loss):
    """Its values on five batches of three houses: scores of 2 and 3, then 20 and 450 times as large, of either sign."""
    z, y = np.array([2.0, 2.0, 3.0]), np.array([0.0, 1.0, 1.0])
    return [loss(size * z, y.copy()) for size in (1.0, 20, -20, 450, -450)]


stable_loss = exercise(
    _stable,
    [
        *((_capped(margin), _CAPPED) for margin in (np.finfo(float).eps, *(10.0**-k for k in range(31)))),
        (_naive, "That is the naive formula: it is nan for the house with z = 40 and y = 1."),
        (
            _log_of_p,
            "No nan any more, and still inf: p is rounded to 1 or 0 before its logarithm. Work with z, without p.",
        ),
        (lambda z, y: np.sum(np.logaddexp(0, z) - y * z), "A sum: divide by the number of houses."),
        (lambda z, y: np.logaddexp(0, z) - y * z, "One loss a house, each right: now take the mean."),
        (lambda z, y: np.mean(np.logaddexp(0, z)), "The term −z·y is lost: houses with y = 1 go unrewarded."),
        (
            lambda z, y: np.mean(np.logaddexp(0, z) + y * z),
            "The sign of y·z: a house with y = 1 wants a large z.",
        ),
        (lambda z, y: np.mean(np.logaddexp(0, -z) - y * z), "The sign inside: it is log(1 + e^z), with +z."),
        (lambda z, y: -np.mean(np.logaddexp(0, z) - y * z), "The sign: a loss is positive."),
        (
            lambda z, y: np.mean(np.log(1 + np.exp(z)) - y * z),
            "Right up to z = 709, where e^z overflows. `np.logaddexp(0, z)` is the same without that.",
        ),
        (
            lambda z, y: np.mean(np.log(1 + np.exp(-z)) + (1 - y) * z),
            "Right down to z = −709, where e^−z overflows. `np.logaddexp(0, -z)` is the same without that.",
        ),
    ],
    read=outputs(_on_batches),
    right="Finite for every finite z, and no house is capped.",
    hint="Its numbers differ from the mean of log(1 + e^z) − y·z. Try it on z = 0, "
    "where each house costs log 2, and on z = 900 with y = 0, which costs 900.",
    open="your formula",
)

rows_that_disagree = exercise(
    {0.5, 1, 50},
    [
        (
            lambda found: found in ({0.01, 0.1, 0.5, 1, 10, 50}, {"all"}),
            "All six: is the bias missing? z = w₁ · 0.4 + w₂ · 0.9 + b.",
        ),
        (
            lambda found: not found or found == {"none"},
            "None: your tolerance is too generous. Two decimals were printed, so 0.01 is as far as rounding goes.",
        ),
        (
            {0.5, 1, 50}.issuperset,
            "Those disagree, and there are more: compare to within 0.01.",
        ),
        (
            {0.01, 0.1, 10}.issuperset,
            "Those are the rows that agree. The others are asked for.",
        ),
    ],
    read=names,
    right="Their weights say something else than was printed beside them.",
    hint="Compute p = sigmoid(w₁ · 0.4 + w₂ · 0.9 + b) for each row, and compare to within 0.01.",
    open="the rates of those rows, such as [0.01, 10],",
)

_PRINTED = np.array([0.99962179, 0.05426521, 1.03667e-30])
_HOUSES = np.array([[0.2, 0.8, 1], [0.4, 0.9, 1], [0.6, 0.5, 1]])


def _solved(right):
    return np.linalg.solve(_HOUSES, right)


behind = exercise(
    tuple(_solved(np.log(_PRINTED / (1 - _PRINTED)))),
    [
        (
            (-93.6901, 93.8484, -46.8202),
            "Those stand in the table. Which weights make the three probabilities beside them?",
        ),
        (tuple(_solved(_PRINTED)), "The system is one of scores, and p is no score: take z = log(p / (1 − p)) first."),
        (
            tuple(_solved(np.log(_PRINTED))),
            "That is log p. The score that gives p is log(p / (1 − p)), and for the first house the 1 − p matters.",
        ),
        (
            tuple(-_solved(np.log(_PRINTED / (1 - _PRINTED)))),
            "The sign: p near 1 has a score above 0, so z = log(p / (1 − p)), not its inverse.",
        ),
        (
            tuple(_HOUSES @ np.log(_PRINTED / (1 - _PRINTED))),
            "That multiplies by the houses. The weights are asked for: solve houses · w = z for w.",
        ),
    ],
    read=named("w1", "w2", "b"),
    right="Weights that make all three printed probabilities, and they are longer than those in the table.",
    hint="Three equations: z = w₁ x + w₂ y + b for each house, with z = log(p / (1 − p)). Then np.linalg.solve.",
    open="the three weights",
)

better = exercise(
    "b",
    [
        (
            "a",
            "Try another seed: one run each, and the difference is 1.6 standard deviations of a difference.",
        ),
        ("c", "Not shown is not equal: one run each cannot show that they are the same either."),
    ],
    read=one_of(a="yes", b="not shown", c="equal"),
    right="The difference of two runs spreads √2 times as far as one run: 0.0028, and 0.0044 is 1.6 of those.",
    open='"a", "b" or "c"',
)
