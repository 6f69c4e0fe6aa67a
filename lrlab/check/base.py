"""How an exercise is made: the right answer, and each wrong one with what it looks like.

    limit = exercise(0.0324, [(0.0599, "curvature grows with x squared: …"), …], right="2/λmax = 0.0324.")
    step = exercise(right_function, [(wrong_function, "…")], read=outputs(lambda f: f(1.0, 2.0)), right="…")

`read` turns an answer into what is compared: numbers (the default), one_of, names, outputs, or your own;
it raises Unreadable with a sentence. What is right or wrong is a value (numbers compared within the share
`close`, names exactly), or a test: a function of the read answer that says True. With `outputs` it is a
function that gives the same outputs.
"""

import inspect
import re
from functools import wraps
from itertools import islice

import numpy as np

from ..expect import array, shown
from .calling import Unreadable, called


class Verdict:
    """What a check says: `mark` is ○, ✗ or ✓ (✎ for a vote, or nothing), `text` the sentence."""

    def __init__(self, mark, text):
        self.mark, self.text = mark, text

    def __repr__(self):
        return f"{self.mark} {self.text}".strip()


class Unfinished(Exception):
    """A function that returns ... still."""


def answered(check):
    """The check, with a Verdict for whatever it is given: too many answers, none, or one that nobody can read."""
    takes = inspect.signature(check).parameters

    @wraps(check)
    def safe(*answers):
        if len(takes) == 1 and len(answers) != 1:
            answers = (answers or ...,)
        if len(answers) != len(takes):
            return Verdict("○", f"Open: put {', '.join(takes)} between the brackets.")
        try:
            if any(isinstance(answer, str) and len(answer) > 1000 for answer in answers):
                raise ValueError
            return check(*answers)
        except Exception:  # a stranger's class may raise whatever it likes
            return Verdict("✗", f"Nobody can read this answer: {', '.join(map(shown, answers))}.")

    return safe


def exercise(right_answer, wrong=(), *, read=None, close=0.01, right="", hint="Not yet.", open="your answer"):
    """A check: answer → Verdict. `right` is said of a right answer, `hint` of one that nobody foresaw."""
    read = read or numbers

    @answered
    def check(answer):
        if unfinished(answer):
            return Verdict("○", f"Open: put {open} in place of the dots.")
        try:
            found = read(answer)
            if _matches(found, right_answer, read, close):
                return Verdict("✓", right or "Right.")
            for what, sentence in wrong:
                if _matches(found, what, read, close):
                    return Verdict("✗", sentence)
        except Unfinished:
            return Verdict("○", f"Open: return {open} in place of the dots.")
        except Unreadable as reason:
            return Verdict("✗", str(reason))
        return Verdict("✗", hint)

    return check


def unfinished(answer):
    """Whether an answer is still the stub's: dots, a question mark, nothing."""
    if isinstance(answer, (list, tuple)):
        return any(unfinished(part) for part in answer)
    return answer is ... or answer is None or (isinstance(answer, str) and answer.strip() in ("", "?", "…", "..."))


def _matches(found, what, read, close):
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


def numbers(answer):
    """A number or several: 4.5, "4.5", "9/2", "87 %", (4.5, 1.5), np.array([4.5, 1.5]) …"""
    if isinstance(answer, str):
        number = r"([-+]?\d*\.?\d+(?:[eE][-+]?\d+)?)"
        found = re.findall(rf"{number}(?:\s*/\s*{number})?", answer.replace("−", "-"))
        if not found:
            raise Unreadable(f"A number is asked for, and this is a text: {shown(answer)}.")
        with np.errstate(all="ignore"):  # what is divided by 0 is found out below
            answer = [np.float64(a) / float(b or 1) / (100 if "%" in answer else 1) for a, b in found]
    if isinstance(answer, (bool, np.bool_)):
        raise Unreadable(f"A number is asked for, and this says {answer}.")
    if callable(answer):
        raise Unreadable("A number is asked for, and this is a function: call it, and give what it returns.")
    found = array(answer, "iufOUS")
    if found is None:
        raise Unreadable(f"A number is asked for, and this is {shown(answer)}.")
    if not np.isfinite(found).all():
        raise Unreadable("That is not a finite number.")
    return found.reshape(-1)


def one_of(**choices):
    """One of some choices, by its letter or by its words."""

    def read(answer):
        said = str(answer).strip().strip("().").lower()
        for letter, words in choices.items():
            if said in (letter.lower(), str(words).lower()):
                return letter
        raise Unreadable(f"Choose one of {', '.join(choices)}: this is {shown(answer)}.")

    return read


def names(answer):
    """A set of numbers or words, in any order: [0.5, 1], {1, 0.5}, "0.5, 1" …"""
    if isinstance(answer, str):
        answer = [a for a in re.split(r"[\s,;]+|\band\b", answer) if a]
    if not np.iterable(answer) or (isinstance(answer, np.ndarray) and not answer.ndim):
        answer = [answer]

    def plain(a):
        try:
            return float(a)
        except (TypeError, ValueError, OverflowError):
            return str(a).strip().lower()

    found = frozenset(plain(a) for a in islice(answer, 1000))
    if len(found) == 1000:
        raise Unreadable(f"A few are asked for, and this is {shown(answer)}.")
    return found


def outputs(drive):
    """What a function answers: drive(f) calls it and returns numbers. Crashes become sentences."""

    def read(answer):
        if not callable(answer):
            raise Unreadable(f"A function is asked for, and this is {shown(answer)}.")
        found = called(drive, answer)
        parts = found if isinstance(found, (list, tuple)) else [found]
        if any(value is ... for value in parts):
            raise Unfinished
        if any(value is None for value in parts):
            raise Unreadable("Your function returns nothing yet: end it with `return`.")
        numbers = array(found, "iufb")
        if numbers is None:
            raise Unreadable(f"Your function returns {shown(found)}, and numbers are asked for.")
        return numbers.reshape(-1)

    read.compares_functions = True
    return read
