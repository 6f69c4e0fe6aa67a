"""Lesson 07: six tries, the game's bid, a range test by hand, four logs, a search of one's own, and two more votes."""

import numpy as np

from lrcore.data import line
from lrcore.problems import least_squares

from .base import Unreadable, Verdict, asked, called, exercise, in_order, numbers, one_of, outputs, shown
from .searching import my_search
from .votes import Vote, number

__all__ = [
    "batch_rate",
    "drawn_rates",
    "four_logs",
    "largest_curvature",
    "my_search",
    "range_by_hand",
    "vote_batch",
    "vote_bid",
    "vote_six",
    "vote_tactics",
]


class places(Vote):
    """Rates to try, between two ends; what counts is how many lie below a bound."""

    def __init__(self, count, low, high, bound, right):
        super().__init__(right)
        self.count, self.low, self.high, self.bound = count, low, high, bound
        self.ask = f"Give {count} rates, such as …, …, …, between quotation marks or brackets."

    def read(self, answer):
        found = numbers(answer)
        if found.size != self.count:
            raise Unreadable(f"{self.count} rates are asked for, and these are {found.size}.")
        if (found < self.low).any() or (found > self.high).any():
            raise Unreadable(f"Each from {self.low:g} to {self.high:g}: {found.min():g} to {found.max():g} are yours.")
        return tuple(np.sort(found).tolist())

    def __call__(self, answer=...):
        verdict = super().__call__(answer)
        if verdict.mark == "✎":
            verdict.text = f"{', '.join(f'{rate:g}' for rate in self.value)}. Run on, and compare."
        return verdict

    def below(self, rates):
        return sum(rate < self.bound for rate in rates)

    def said(self, value):
        count = value if isinstance(value, int) else self.below(value)
        return f"{count} of {self.count} below {self.bound:g}"

    def agrees(self, you, measured):
        return abs(self.below(you) - measured) <= 1


class bid(number):
    """A ratio that one bids before the game, and the one that one gets."""

    def reveal(self, game):
        if game.score is None:
            return Verdict("○", "Nothing is submitted yet; then run this cell again.")
        return super().reveal(game.score.ratio)


vote_six = places(6, 1e-4, 10, 0.1, 3)
vote_bid = bid(within=1.25)
vote_tactics = number(off=3, of=20)  # measured at the reveal: on how many of 20 halving ends lower
vote_batch = number(within=1.5, digits=2)  # measured at the reveal: from batch 32 to 1024


# A range test by hand

_POINTS, LOW, HIGH, STEPS = least_squares(*line()), 0.01, 0.1, 6
_RATES, _MORE = np.geomspace(LOW, HIGH, STEPS), np.geomspace(LOW, HIGH, STEPS + 1)


def _tested(f):
    start = _POINTS.start.copy()
    found = f(_POINTS, LOW, HIGH, STEPS)
    if not np.array_equal(_POINTS.start, start):
        _POINTS.start[:] = start
        raise Unreadable("`w -= …` changes the problem's start itself. Write w = w − …, and run the lesson again.")
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        raise Unreadable(f"Two things are asked for, the rates and the losses, and this is {shown(found)}.")
    return [number for part in found for number in np.ravel(part).tolist()]


def _losses(rates, again):
    """(before, after): the loss before each step of a range test, and after it; `again`: from the start each time."""
    w, before, after = _POINTS.start, [], []
    for rate in rates:
        w = _POINTS.start if again else w
        before.append(_POINTS.loss(w))
        w = w - rate * _POINTS.gradient(w)
        after.append(_POINTS.loss(w))
    return before, after


def _is(rates, again=False, up=False):
    """A test: whether these rates were found, and their losses, before each step or after it."""

    def test(found):
        return any(np.allclose(found, [*rates, *part]) for part in _losses(-rates if up else rates, again))

    return test


def _twelve(answer):
    found = outputs(_tested)(answer)
    if found.size != 2 * STEPS:
        raise Unreadable(f"6 steps leave 6 rates and 6 losses, and these are {found.size} numbers in all.")
    return found


range_by_hand = exercise(
    _is(_RATES),
    [
        *((_is(rates), "The first rate should be the lowest, and the last the highest: "
           "between 6 rates there are 5 ratios.") for rates in (_MORE[:-1], _MORE[1:])),
        (_is(np.linspace(LOW, HIGH, STEPS)), "The rate grows by the same amount at each step. "
         "Let it grow by the same factor: (high/low)**(t/(steps − 1))."),
        (_is(np.full(STEPS, LOW)), "The rate stays at its lowest. Multiply it at every step."),
        *((_is(rates, again=True), "Every step begins at the start again. "
           "A range test is one run: go on from the w before.") for rates in (_RATES, _MORE[:-1])),
        *((_is(rates, up=True), "The step goes up the slope: w minus the rate times the gradient.")
          for rates in (_RATES, _MORE[:-1])),
        (lambda found: np.allclose(found[:STEPS], _RATES),
         "The rates are right. Is each loss that of the w which the run has reached?"),
    ],
    read=_twelve,
    right="One run, its rate raised by the same factor at every step.",
    hint="Not yet. From 0.01 to 0.1 in 6 steps the rates are 0.01 times 10**(t/5), t from 0 to 5, in one run.",
    open="the rates and the losses",
)  # fmt: skip


# Look closer: drawing in decades


def _twenty(answer):
    """Twenty numbers; a function is called first."""
    found = numbers(called(asked(answer)) if callable(answer) else answer)
    if found.size != 20:
        raise Unreadable(f"Twenty rates are asked for, and these are {found.size}.")
    if len(set(found)) < 10:  # a few may be equal, where they are rounded
        raise Unreadable(
            f"Only {len(set(found))} of the 20 differ: draw 20 exponents (size=20), whole and broken ones."
        )
    return found


def _inside(rates):
    return np.allclose(rates, rates.clip(1e-4, 10), atol=0)


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


# Four logs


CAUSES = one_of(a="a", b="b", c="c", d="d")


def _letters(answer):
    """Four letters, as "cdba", a list, "A: c, B: d, …" or {"A": "c", …}."""
    if isinstance(answer, (set, frozenset)):
        raise Unreadable("A set has no order: write the four letters as a text or a list.")
    answer = in_order(answer, *"ABCD")
    parts = answer if np.iterable(answer) else [answer]
    letters = [c for c in "".join(map(str, parts)).lower() if c.isalpha()]
    if letters[::2] == list("abcd"):  # each with its log's name before it
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
    ],
    read=_letters,
    right="A lower rate helps one of the four, the one that stands at its limit.",
    hint="Log D: swings of equal size. The rate stands exactly at the limit.",
    open="four letters",
)  # fmt: skip


# The largest curvature


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
