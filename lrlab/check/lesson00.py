"""Lesson 00: is everything installed, a first exercise, and the six questions (asked again in lesson 08)."""

import re

from lrcore import data
from lrcore.descent import descend
from lrcore.problems import least_squares

from .ability import installed
from .base import Unreadable, Verdict, answered, exercise, numbers
from .votes import letters

__all__ = ["installed", "quick_rate", "six_after", "six_before", "vote_doubling", "vote_mirror"]

vote_mirror = letters(
    "c",
    a="a larger rate for both",
    b="a smaller rate for both",
    c="a larger rate for one, a smaller one for the other",
    d="no other rate, only more epochs",
)
vote_doubling = letters("d", a="twice as fast", b="slightly faster", c="worse", d="one cannot know yet")


def _one_rate(answer):
    """(rate, its loss after three epochs on the four points, with one weight)."""
    rate = numbers(answer)
    if rate.size != 1:
        raise Unreadable(f"One rate is asked for, and these are {rate.size} numbers.")
    return float(rate[0]), float(descend(least_squares(*data.line(), bias=False), rate[0], 3).final)


def _below(bound):
    return lambda found: found[0] < bound


quick_rate = exercise(
    lambda found: found[1] < 0.01,
    [
        (lambda found: found[0] >= 1 and not found[0] % 1, "That looks like a count of epochs: a rate is asked for."),
        (lambda found: found[0] == 0, "At rate 0 nothing moves: the loss stays at 67.5."),
        (_below(0), "A negative rate climbs: each step makes the loss larger."),
        (_below(0.06), "The loss falls, and three epochs are not enough. Go up."),
        (_below(2 / 15), "Here w jumps past 3, and needs more epochs to come back. Go down."),
    ],
    read=_one_rate,
    hint="This run does not come to rest: its steps are far too long. Go down.",
    right="Any rate from 0.0514 to 0.0819 does it, and one of them needs a single epoch.",
    open="the rate you found",
)

# The six questions: lesson, right answer before and after, and why, after. A test runs each.
SIX = (
    ("01", "c", "b", "ηλ was 1.8 and is 0.9 at half the rate: each distance is a tenth of the one before"),
    ("02", "d", "a", "saying no to all 500 mails is 92 % right as well"),
    ("03", "a", "c", "rate × epochs ÷ batch is what counts: 0.2 × 60 ÷ 10 = 0.1 × 240 ÷ 20"),
    ("04", "b", "d", "the floor is proportional to the rate: a fifth of 0.03"),
    ("05", "d", "b", "the steps grow to η/(1 − β) = 0.02/0.05 = 0.4"),
    ("07", "c", "c", "the range is four decades wide: five rates in equal ratios try each"),
)


def _six_letters(answers):
    """Six letters a to d, as "abcdab", "a b c d a b" or a list; ? is an open one."""
    letters = re.sub(r"[^a-z?]", "", str(answers).lower())
    if not re.fullmatch(r"[abcd?]{6}", letters):
        raise Unreadable('Six letters from a to d are asked for, such as "abcdab"; ? leaves one open.')
    return letters


def _six(answers, key, verdict):
    if answers is ... or answers is None or (isinstance(answers, str) and not answers.strip()):
        answers = "??????"
    try:
        letters = _six_letters(answers)
    except Unreadable as reason:
        return Verdict("○", str(reason))
    if still := letters.count("?"):
        return Verdict("○", f"Open: {still} of 6. Write a letter from a to d in place of each question mark.")
    return verdict(letters, [k for k in range(6) if letters[k] != key[k]])


@answered
def six_before(answers):
    """The test before the course: how many are right, not which."""

    def verdict(letters, wrong):
        return Verdict("✎", f"{letters}: {6 - len(wrong)} of 6 right. Lesson 08 asks again, at other rates.")

    return _six(answers, [row[1] for row in SIX], verdict)


@answered
def six_after(answers):
    """The test after the course: which are right, and for the others why, and where to read again."""

    def verdict(letters, wrong):
        if not wrong:
            return Verdict("✓", "6 of 6 right.")
        lines = [f"{k + 1}: {SIX[k][2]}, {SIX[k][3]} (lesson {SIX[k][0]})." for k in wrong]
        return Verdict("✗", "\n  ".join([f"{6 - len(wrong)} of 6 right.", *lines]))

    return _six(answers, [row[2] for row in SIX], verdict)
