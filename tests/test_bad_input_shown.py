"""Bad input cannot hurt what a learner sees: a check answers anything with a sentence; so do plots and explorers."""

import io
import itertools
import sys
import time
import warnings
from contextlib import redirect_stdout
from fractions import Fraction
from functools import partial
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lrcore import check
from lrcore.check import calling, lesson04
from lrcore.check.base import Verdict
from test_bad_input import HUGE, JUNK, LINE, NESTED, RUN, Hostile

# Checks

NOT_ASKED = {"installed", "patients", "range_tests"}
CHECKS = sorted(
    {name for lesson in check.LESSONS for name in import_module(f"lrcore.check.{lesson}").__all__} - NOT_ASKED
)
ARITY = {"clinic": 4}
OPEN = [..., None, "", "?", " … "]


class Frame:
    """What a table of pandas does: == gives a table, and a table is neither true nor false."""

    def __eq__(self, other):
        return Frame()

    def __bool__(self):
        raise ValueError("The truth value of a Frame is ambiguous.")

    def __array__(self, dtype=None, copy=None):
        return np.eye(2)

    __hash__ = None


class Named(type):
    def __repr__(cls):
        raise RuntimeError("no")


class Quiet(Exception):
    def __str__(self):
        raise RuntimeError("no")


def loud(*_):
    for _ in range(10**9):
        print("x" * 99)


def endless(*_):
    while True: pass  # fmt: skip  # noqa: E701


def spoils(*arrays):
    for one in arrays:
        if isinstance(one, np.ndarray):
            one *= 0
    return arrays[0]


def raises(error):
    def raising(*_):
        raise error

    return raising


def recurses(*arguments):
    return recurses(*arguments)


FUNCTIONS = [
    loud, endless, spoils, recurses, raises(SystemExit()), raises(ValueError("two\nlines\n" * 99)), raises(Quiet()),
    lambda: 1, lambda x: x, lambda *a: a, lambda a=1, b=2, c=3, d=4, e=5: a, lambda *, x: x, partial(max, 1), int,
    Quiet, np.add, np.exp, np.linalg.norm, print, len, sum, np.ones(3).sum, Named("Named", (), {}),
    *((lambda *_, value=value: value)
      for value in (HUGE, [HUGE], Hostile(), NESTED, None, ..., [None], "0.1", 1j, np.nan, 10**400, {1, 2}, (1, 2),
                    print, ("a", "b"), np.zeros((2, 2, 2)), [], np.array([]), np.ma.masked,
                    itertools.count(), ([1], [2, 3]))),
]  # fmt: skip
ANSWERS = [
    *JUNK, *FUNCTIONS, Frame(), [Frame()], RUN, RUN[0], LINE, RUN.losses, {0.5, 1}, {"A": 1}, {"A": Hostile()},
    itertools.count(), itertools.repeat("a"), Fraction(1, 2), np.ones(20) * 1j, np.geomspace(1e-4, 10, 20),
    np.array("a"), np.array(list("abcdab")),
    "about 0.1", "0,1", "4,5; 1,5", "inf", "nan", "1/0", "1e400", "50 % of 3", "{}", "%s %d", "a\nb", "\0", "\ud800",
    "٣", "½", "0x10", "1 " * 10**6, "1" * 10**6, "." * 10**5, "x" * 10**6, "((((", "[1, 2", "lambda x: x",
]  # fmt: skip


@pytest.fixture
def hurried(monkeypatch):
    """Less patience than a class has, and no twenty runs for each pair of drop points."""
    monkeypatch.setattr(calling, "SECONDS", 0.05)
    monkeypatch.setattr(lesson04, "regret", lambda *_: (2.0, 0.1))


def verdict(call):
    """The Verdict, in one sentence (a line for each part where there are parts); no warning, no flood of print."""
    out = io.StringIO()
    with warnings.catch_warnings(), redirect_stdout(out):
        warnings.simplefilter("error")
        found = call()
    assert isinstance(found, Verdict) and found.mark in "○✗✓✎"
    assert all(0 < len(line) < 400 for line in repr(found).split("\n  "))
    assert "\n" not in repr(found).replace("\n  ", "")
    assert len(out.getvalue()) <= calling.PRINTED
    return found


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_answers_anything_at_once(name, hurried):
    asked, many = getattr(check, name), ARITY.get(name, 1)
    for answer in ANSWERS:
        before = time.perf_counter()
        if many == 1:
            verdict(lambda answer=answer: asked(answer))
        for place in range(many if many > 1 else 0):
            given = ["A", 50, "e", 4]
            given[place] = answer
            verdict(lambda given=given: asked(*given))
        assert time.perf_counter() - before < 3, answer
    assert sys.gettrace() is None
    for answer in OPEN:
        assert verdict(lambda answer=answer: asked(*[answer] * many)).mark == "○"
    assert verdict(asked).mark == "○"
    verdict(lambda: asked(1, 2, 3, 4, 5, 6))


def test_two_numbers_need_no_brackets_of_their_own():
    assert check.line_step(4.5, 1.5).mark == "✓"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (endless, "is still running after 0.05 seconds: does its loop end?"),
        (loud, "prints more than 20000 characters: does its loop end?"),
        (raises(SystemExit(3)), "stopped with SystemExit: 3."),
        (recurses, "stopped with RecursionError"),
        (lambda *_: HUGE, "numbers are asked for"),
    ],
)
def test_a_function_that_goes_wrong_is_told_how(answer, said, hurried):
    for asked in (check.stable_loss, check.momentum, check.cosine, check.district_gradient):
        assert said in verdict(lambda asked=asked: asked(answer)).text or asked is check.momentum


def test_a_function_that_spoils_its_arguments_spoils_no_later_answer():
    for name, right in {
        "stable_loss": lambda z, y: np.mean(np.logaddexp(0, z) - y * z),
        "adam_first": lambda g, rate: -rate * g / (np.abs(g) + 1e-8),
        "cosine": lambda t, steps: (1 + np.cos(np.pi * t / steps)) / 2,
        "district_gradient": lambda w, X, y: (1 / (1 + np.exp(-X @ w)) - y) @ X / len(y),
    }.items():
        verdict(lambda name=name: getattr(check, name)(spoils))
        assert getattr(check, name)(right).mark == "✓"


def test_a_learner_who_stops_it_has_stopped_it():
    with pytest.raises(KeyboardInterrupt):
        check.cosine(raises(KeyboardInterrupt()))
    assert sys.gettrace() is None


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers(), st.text(max_size=9), st.just(...),
    st.binary(max_size=3), st.fractions(), st.decimals(), st.dates(), arrays(float, st.integers(0, 3)),
    arrays(np.str_, 2),
)  # fmt: skip
NESTS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=1), inner),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(NESTS)
def test_a_check_answers_any_nest_of_values(answer):
    kept, lesson04.regret = lesson04.regret, lambda *_: (2.0, 0.1)
    try:
        for name in CHECKS:
            if name != "clinic":
                verdict(lambda name=name: getattr(check, name)(answer))
                verdict(lambda name=name: getattr(check, name)(lambda *_: answer))
    finally:
        lesson04.regret = kept
