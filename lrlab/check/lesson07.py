"""Lesson 07: drawing rates in decades, reading range tests, batch and rate, four logs, the largest curvature."""

from functools import cache
from itertools import islice

import numpy as np

from lrcore import data, search
from lrcore.problems import least_squares, softmax

from .base import Unreadable, called, exercise, numbers, one_of
from .votes import letters

__all__ = [
    "batch_rate",
    "drawn_rates",
    "four_logs",
    "largest_curvature",
    "range_tests",
    "read_range_tests",
    "vote_twenty",
]

vote_twenty = letters("a", a="1", b="5", c="10", d="12")


def _twenty(answer):
    """Twenty numbers; a function is called first."""
    found = numbers(called(answer) if callable(answer) else answer)
    if found.size != 20:
        raise Unreadable(f"Twenty rates are asked for, and these are {found.size}.")
    if len(set(found)) < 10:  # a few may be equal, where they are rounded
        raise Unreadable(
            f"Only {len(set(found))} of the 20 differ: draw 20 exponents (size=20), whole and broken ones."
        )
    return found


def _inside(rates):
    return bool((rates >= 1e-4 * (1 - 1e-9)).all() and (rates <= 10 * (1 + 1e-9)).all())


CHANCE = "(By chance that happens in one draw of a hundred: then draw again.)"
drawn_rates = exercise(
    # About 12 of 20 lie below 0.1, and about 4 in the lowest and in the highest decade each.
    lambda rates: _inside(rates) and 5 <= np.sum(rates < 0.1) <= 18 and rates.min() < 1e-3 and rates.max() > 1,
    [
        (lambda rates: _inside(rates) and np.sum(rates < 0.1) < 5 and (rates > 3).sum() >= 8,
         "These are evenly spaced or drawn, but not in decades: one in a hundred lies below 0.1. "
         "Draw the exponent, then raise 10 to it."),
        (lambda rates: _inside(rates) and rates.max() <= 1,
         f"None is above 1. 10 is 10 to the power 1: is your upper exponent 1? {CHANCE}"),
        (lambda rates: _inside(rates) and rates.min() > 0.018 and rates.max() < 2.72,
         "These reach from about 0.02 to 2.7: that is e to a power from −4 to 1. "
         "With powers of e the bounds must be logarithms to e too, np.log(1e-4) and np.log(10)."),
        (lambda rates: _inside(rates) and rates.min() >= 1e-3,
         f"None is below 0.001. 0.0001 is 10 to the power −4: is your lower exponent −4? {CHANCE}"),
        (_inside, "Drawn evenly in decades, about 12 of 20 lie below 0.1. Draw the exponent evenly."),
        (lambda rates: (rates <= 0).any(),
         "A rate of 0 or below? If these are exponents, raise 10 to them; if they are rounded, keep the digits."),
        (lambda rates: (rates > 10).any(),
         "Some are above 10: the bounds of the draw must be the logarithms of the bounds, −4 and 1."),
    ],
    read=_twenty,
    right="About 12 of 20 lie below 0.1: three of the five decades do.",
    hint="Some are below 0.0001, which is 10 to the power −4.",
    open="an array of 20 rates",
)  # fmt: skip


@cache
def range_tests():
    """The three range tests of the exercise: {letter: RangeTest}."""
    X, y = data.digits()
    x, z = data.line(1000, noise=1)
    problems = least_squares(x, z), softmax(X[:1200], y[:1200]), least_squares(10 * x, z)
    return {name: search.range_test(p, 1e-6, 100, batch=40) for name, p in zip("ABC", problems, strict=True)}


def _in_order(answer, letters):
    """The values of {"A": …, "b": …} in the order of the letters; any other answer as it is."""
    if not isinstance(answer, dict):
        return answer
    named = {str(key).strip().upper(): value for key, value in answer.items()}
    return [named.get(letter, "") for letter in letters]


SLOPES = {
    "past": "past the explosion. The test needs a few steps to notice: "
    "the rate at which the loss jumps is already too large.",
    "edge": "where the loss is least. That is already at the edge: "
    "the next rates undo what was learned. Go left, to where the loss falls fastest.",
    "flat": "in the flat start, where nothing is learned yet. Go right, into the slope.",
}


def _good_rates(answer):
    """True where three rates stand in the slopes of their range tests; otherwise which does not, and why."""
    rates = numbers(_in_order(answer, range_tests()))
    if rates.size != 3:
        raise Unreadable(f"Three rates are asked for, one for each of A, B and C; these are {rates.size}.")
    if (rates <= 0).any():
        raise Unreadable("A rate is above 0; a small one keeps its digits, such as 0.0001.")
    places = {name: _place(test, rate) for (name, test), rate in zip(range_tests().items(), rates, strict=True)}
    for kind, words in SLOPES.items():
        if wrong := [name for name, place in places.items() if place == kind]:
            raise Unreadable(f"{' and '.join(wrong)}: {words}")
    return True


def _place(test, rate):
    fallen = test.rates[np.argmax(test.smoothed < 0.9 * test.smoothed[0])]
    if rate >= test.explosion:
        return "past"
    return "edge" if rate > 0.95 * test.least else "good" if rate >= fallen else "flat"


read_range_tests = exercise(
    lambda good: good,
    read=_good_rates,
    right="All three are in the slope. From A to C the inputs grew ten times, and the rate fell a hundred times.",
    open="three rates",
)


batch_rate = exercise(
    2.0,
    [
        (0.125, "Upside down: a larger batch means fewer updates, and each must count for more."),
        (1.0, "That is the square-root rule. The law here is rate × epochs ÷ batch: four times both."),
        (0.5, "The same rate with a quarter of the updates: a quarter of the way."),
        (4.0, "That is the factor. Four times the batch, four times the rate: start from 0.5."),
        (20.0, "Times 40: but the batch grew from 10 to 40, four times."),
    ],
    right="Rate × epochs ÷ batch stays the same.",
)


CAUSES = one_of(a="a", b="b", c="c", d="d")


def _letters(answer):
    """Four letters, as "cdba", a list, "A: c, B: d, …" or {"A": "c", …}."""
    if isinstance(answer, (set, frozenset)):
        raise Unreadable("A set has no order: write the four letters as a text or a list.")
    answer = _in_order(answer, "ABCD")
    parts = islice(answer, 99) if np.iterable(answer) else [answer]
    letters = [c for c in "".join(map(str, parts)).lower() if c.isalpha()]
    if len(letters) == 8 and letters[::2] == list("abcd"):  # each with its log's name before it
        letters = letters[1::2]
    if len(letters) != 4:
        raise Unreadable('Four letters are asked for, one for each log, such as "abcd".')
    return "".join(CAUSES(letter) for letter in letters)


four_logs = exercise(
    "cdba",
    [
        ("aaaa", "A lower rate everywhere: it helps one of the four, the one whose swings do not shrink."),
        (lambda said: said[0] != "c", "Log A: its weights are finite. What else computes a nan?"),
        (lambda said: said[1] != "d", "Log B: two rates ten times apart end at one loss, that of the labels' noise."),
        (lambda said: said[2] != "b", "Log C: 87.0 % is what “no” to every house gets, and the loss still falls."),
        (lambda said: said[3] != "a", "Log D: swings of equal size. The rate stands exactly at the limit."),
    ],
    read=_letters,
    right="A lower rate helps one of the four, the one that stands at its limit.",
    open="four letters",
)  # fmt: skip


def _one(answer):
    found = numbers(answer)
    if found.size != 1:
        raise Unreadable(f"One number is asked for, the largest curvature, and these are {found.size}.")
    return found


largest_curvature = exercise(
    16.7006,
    [
        (8.3503, "A factor 2 is missing: the loss is the mean of squares, without a ½."),
        (66.8024, "The mean is missing: divide by the 4 points."),
        (
            33.4012,
            "Neither the 2 nor the mean: that is the squared singular value alone. Times 2, divided by 4.",
        ),
        (4.0866, "Square the singular value: curvature grows with the square of the data."),
        (2.8897, "Square the singular value: curvature grows with the square of the data."),
        (5.7794, "That is the singular value: square it, times 2, divided by the 4 points."),
        (15.0, "That is the curvature along w alone: the column of ones for the bias is missing."),
        (17.0, "Three digits, please; or is it 15 + 2, the curvatures along w and along b together?"),
        (0.2994, "That is the smallest curvature: take the largest singular value."),
        (0.11976, "That is the limit, 2/λmax: the curvature itself is asked for."),
    ],
    read=_one,
    close=2e-3,
    right="2XᵀX/n bends most along its first singular vector; 2/λmax is the limit of lesson 01.",
)
