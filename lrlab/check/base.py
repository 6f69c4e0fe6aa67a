"""How an exercise is made: the right answer, and each wrong one with what it looks like.

    limit = exercise(0.0324, [(0.0599, "curvature grows with x squared: …"), …], right="2/λmax = 0.0324.")
    step = exercise((4.5, 1.5), [((-4.5, -1.5), "you climbed")], read=named("w", "b"))
    mean = exercise(right_function, [(wrong_function, "…")], read=outputs(lambda f: f(1.0, 2.0)), right="…")

`read` turns an answer into what is compared: numbers (the default), named, straight_line, one_of, names,
outputs, or your own; it raises Unreadable with a sentence. What is right or wrong is a value (numbers compared
within the share `close`, names exactly), or a test: a function of the read answer that says True. With
`outputs` it is a function that gives the same outputs. reading.py reads what people type.
"""

import inspect
from contextlib import suppress
from functools import wraps

import numpy as np

from .calling import Unfinished, Unreadable, asked, called
from .reading import in_order, named, names, numbers, one_of, shown, straight_line, unfinished, versions

__all__ = [
    "Unfinished",
    "Unreadable",
    "Verdict",
    "answered",
    "asked",
    "called",
    "exercise",
    "in_order",
    "named",
    "names",
    "numbers",
    "one_of",
    "outputs",
    "shown",
    "straight_line",
    "unfinished",
]


class Verdict:
    """What a check says: `mark` is ○, ✗ or ✓ (✎ for a vote, or nothing), `text` the sentence."""

    def __init__(self, mark, text):
        self.mark, self.text = mark, text

    def __repr__(self):
        return f"{self.mark} {self.text}".strip()


def answered(check):
    """The check, with a Verdict for too many answers, for none, and for one that it cannot read.

    What a learner's own function raises goes on to the learner.
    """
    takes = inspect.signature(check).parameters

    @wraps(check)
    def safe(*answers):
        __tracebackhide__ = True
        if len(takes) == 1 and len(answers) != 1:
            answers = (answers or ...,)
        if len(answers) != len(takes):
            return Verdict("○", f"Open: put {', '.join(takes)} between the brackets.")
        try:
            return check(*answers)
        except Unfinished:
            return Verdict("○", "Open: your function still returns dots. Put the answer in their place.")
        except Unreadable as reason:
            return Verdict("✗", str(reason))

    return safe


def exercise(
    right_answer, wrong=(), *, read=None, close=0.01, right="", hint="Not yet.", open="your answer", verb="return"
):
    """A check: answer → Verdict. `right` is said of a right answer, `hint` of one that nobody foresaw."""
    read = read or numbers

    @answered
    def check(answer):
        __tracebackhide__ = True
        if unfinished(answer):
            return Verdict("○", f"Open: put {open} in place of the dots.")
        try:
            found = every_reading(read, answer)
        except Unfinished:
            return Verdict("○", f"Open: {verb} {open} in place of the dots.")
        if any(_matches(one, right_answer, read, close) for one in found):
            return Verdict("✓", right or "Right.")
        for what, sentence in wrong:
            if any(_matches(one, what, read, close) for one in found):
                return Verdict("✗", sentence)
        return Verdict("✗", hint)

    return check


def every_reading(read, answer):
    """What an answer may mean: "8,000" is eight thousand, or 8. Unreadable where it means nothing."""
    __tracebackhide__ = True
    ways = versions(answer)
    if ways == [answer]:
        return [read(answer)]
    found = []
    for version in ways:
        with suppress(Unreadable):
            found.append(read(version))
    return found or [read(answer)]  # which says what cannot be read


def _matches(found, what, read, close):
    __tracebackhide__ = True
    if callable(what) and not getattr(read, "compares_functions", False):
        try:
            with np.errstate(all="ignore"):
                return bool(what(found))
        except (IndexError, ValueError):  # outputs of another shape
            return False
    what = read(what)
    if not isinstance(found, np.ndarray):
        return found == what
    if found.shape != what.shape:
        return False
    return np.allclose(found, what, rtol=close, atol=1e-12, equal_nan=True)


def outputs(drive):
    """What a function answers: drive(f) calls it, or trains with it, and returns numbers."""

    def read(answer):
        __tracebackhide__ = True
        if not callable(answer):
            raise Unreadable(f"A function is asked for, and this is {shown(answer)}.")
        with np.errstate(all="ignore"):
            found = called(drive, asked(answer))
        try:
            return np.asarray(found, dtype=float).ravel()
        except (TypeError, ValueError):
            kind = f"Your function returns {shown(found)}, and numbers are asked for."
            raise Unreadable(kind) from None

    read.compares_functions = True
    return read
