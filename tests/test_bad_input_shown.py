"""Bad input cannot hurt what a learner sees: a check answers anything with a sentence; so do plots and explorers."""

import io
import itertools
import re
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

from lrcore import (
    Run,
    check,
    descend,
    explore,
    forward_difference,
    least_squares,
    line,
    logistic,
    plots,
    rules,
    school_district,
    search,
    softmax,
)
from lrcore.check import calling, lesson04
from lrcore.check.base import Verdict
from test_bad_input import HUGE, JUNK, LINE, NESTED, RUN, Hostile
from test_bad_input import answer as outcome

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


# Plots: {name: {argument: what is fine}}; each argument of the first is tried, the others' kinds are the same

TRAIN, UNSEEN = school_district()
HOUSES = logistic(TRAIN.X[:40], TRAIN.y[:40])
SIX = descend(HOUSES, [0.01, 0.1, 0.5, 1, 10, 50], 4, batch=10)
ONE, OF_HOUSES = RUN[0], SIX[3]
CLOUD = least_squares(*line(50, 1))
DIGITS = softmax(np.ones((4, 64)), [0, 9, 1, 2], classes=10)
IMAGES = descend(DIGITS, [0.1, 1, 2], 2)
IMAGES.weights[:] = np.random.RandomState(0).normal(size=IMAGES.weights.shape)
FLAT = least_squares([1, 2, 3, 4], [3, 6, 9, 12], bias=False)
RATES, VALUES = [0.1, 1, 10], np.random.RandomState(0).uniform(1, 2, size=(10, 3))
PLOTS = {
    "losses": {"run": RUN, "names": ["a", "b"]},
    "weight": {"run": RUN, "index": 0, "target": 3},
    "path": {"run": RUN, "problem": LINE},
    "loss_now": {"run": ONE},
    "weight_now": {"run": ONE, "target": 3},
    "path_now": {"run": ONE, "problem": LINE},
    "race_now": {"runs": {"a": ONE, "b": RUN[1]}, "problem": LINE},
    "curves": {"x": [1, 2, 3], "named": {"a": [1, 2, 3]}, "ylim": (0, 3)},
    "power_law": {"x": RATES, "y": [1, 2, 4]},
    "cloud": {"run": descend(CLOUD, [0.01, 0.1], 10, batch=5), "problem": CLOUD},
    "contest": {"names": "abc", "rates": RATES, "judged": VALUES},
    "stopping": {"epochs": np.arange(5), "rates": [0.1, 1], "losses": np.ones((2, 5))},
    "good_rates": {"names": "ab", "valleys": [(0.1, 1, 1), (0.2, 2, 1)]},
    "schedule_now": {"run": ONE, "least": 0.0},
    "rate_and_loss": {"runs": {"a": ONE, "b": [ONE, RUN[1]]}},
    "line_fit": {"X": line().X, "y": line().y},
    "bowl_steps": {"run": descend(FLAT, 0.01, 5), "problem": FLAT},
    "ravine": {"problem": LINE, "run": ONE},
    "bend": {"problem": LINE},
    "factors": {"problem": LINE},
    "settling": {"run": RUN, "target": 3, "within": 0.1},
    "spacing": {"w": 3.0, "h": 1e-4},
    "table": {"columns": {"a": [1, 2], "b": ["x", "y"]}, "digits": 3},
    "houses": {"data": TRAIN},
    "ten_epochs": {"run": descend(forward_difference(LINE), 0.01, 3), "problem": forward_difference(LINE)},
    "boundary": {"run": OF_HOUSES, "problem": HOUSES},
    "turning": {"run": OF_HOUSES, "problem": HOUSES, "epochs": (1, 2)},
    "fitting": {"run": OF_HOUSES, "problem": HOUSES, "validation": HOUSES.on(UNSEEN)},
    "map_now": {"run": OF_HOUSES, "problem": HOUSES, "validation": HOUSES.on(UNSEEN)},
    "boundaries": {"run": SIX, "problem": HOUSES},
    "multiples": {"run": SIX},
    "strips": {"rates": RATES, "values": VALUES, "printed": [1, 1, 1]},
    "plus_minus": {"values": VALUES, "digits": 4},
    "contradiction": {"rates": RATES, "printed": [0.1, 0.2, 0.3], "found": [0.1, 0.3, 0.3]},
    "nan_houses": {"w": [-200, 200, -100], "problem": HOUSES},
    "sharpness": {"run": OF_HOUSES, "problem": HOUSES},
    "collapse": {"runs": SIX},
    "collapse_now": {"run": OF_HOUSES},
    "trials": {"named": {"a": RUN}, "floor": 0.0},
    "range_test": {"test": search.range_test(LINE, 1e-4, 1, steps=40)},
    "roughness": {"weights": IMAGES.weights, "side": 8},
    "digit_weights": {
        "runs": {"a": IMAGES, "b": IMAGES},
        "problem": DIGITS,
        "test": (DIGITS.X[:, :64], DIGITS.y),
    },
    "digit_weights_now": {
        "runs": {"a": IMAGES[0], "b": IMAGES[1]},
        "problem": DIGITS,
        "test": (DIGITS.X[:, :64], DIGITS.y),
    },
    "floors": {"values": [1.0, 2, 3], "printed": 2},
    "batches": {"runs": {100: OF_HOUSES, None: SIX[2]}, "rows": 1600},
    "one_house": {"w": [1, 2, 3], "house": (0.4, 0.9), "label": 1},
    "valley": {"run": descend(HOUSES, 1, 20), "problem": HOUSES},
    "clinic": {"patients": check.patients()},
    "number": {"value": 1, "digits": 3},
    "panels": {"columns": 2, "rows": 1},
    "new": {"size": (720, 400)},
    "tell": {"ax": plots.new(), "title": "", "alt": ""},
    "named_look": {"k": 1},
    "colour": {"rate": 0.1},
    "look": {"rate": 0.1},
    "rate_marks": {"problem": LINE},
}
ODD = [None, "0.1", np.nan, 10**400, {"a": 1}, HUGE, Hostile(), LINE, SIX[5]]


def drawn(call):
    """What is drawn, in words; or the one sentence."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Matplotlib's, on limits that are no limits
        found = outcome(call)
    return found if isinstance(found, str) else getattr(found, "alt", None) or repr(found)


def test_every_plot_is_tried():
    assert set(PLOTS) == set(plots.__all__) - {"drawing"}


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_draws_or_says_what_it_takes(name):
    draw, fine = getattr(plots, name), PLOTS[name]
    draw(**fine)
    for k, argument in enumerate(fine):
        for odd in ODD if k == 0 else ODD[k::5]:
            assert isinstance(drawn(lambda odd=odd, argument=argument: draw(**{**fine, argument: odd})), str)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: plots.losses(3), "plots.losses: run takes a Run, such as descend leaves, got 3"),
        (lambda: plots.path(ONE, 3), "plots.path: problem takes a problem, such as logistic(X, y), got 3"),
        (lambda: plots.losses(), "plots.losses: takes run, ax, title, names, and cannot do it with ()"),
        (lambda: plots.table({"a": HUGE}), "plots.table: takes columns, digits, title"),
        (lambda: plots.losses(descend(LINE, np.geomspace(0.001, 0.1, 2000), 2)), "run: takes at most 1000 rates"),
        (lambda: plots.curves([1, 2], {"a": [1, 2, 3]}), "ValueError: "),
        (lambda: plots.panels(10**9), "panels: columns takes a whole number from 1 to 12"),
        (lambda: explore.rate_explorer(3, 50), "a problem, such as least_squares(X, y), got 3"),
        (lambda: explore.rate_explorer(LINE, 10**12), "descend: epochs takes"),
        (lambda: explore.rate_explorer(LINE, 5, rate=(1, 0.1)), "rate: range takes a lower and a higher rate"),
        (lambda: explore.rate_explorer(LINE, 5, steps=10**9), "rate: steps takes a whole number from 1 to 10000"),
        (lambda: explore.rate_explorer(LINE, 5, at=5000), "learning rate η takes a number from 0.001 to 10"),
        (lambda: explore.rate_explorer(LINE, 5, batch=[]), "explore.rate_explorer: takes problem"),
        (lambda: list(explore.progress(3)), "progress: items takes a list"),
        (lambda: list(explore.progress(range(10**9))), "progress: items takes a list"),
    ],
)  # fmt: skip
def test_the_sentence_names_the_argument(call, said):
    assert said in drawn(call)


EXPLORERS = {
    "rate_explorer": {
        "problem": LINE,
        "epochs": 3,
        "rate": (0.01, 1),
        "at": 0.1,
        "draw": plots.loss_now,
        "marks": {"m": 0.2},
        "shows": {},
        "start": {"batch": 2},
        "steps": 5,
        "batch": [1, 2],
    },
    "explorer": {
        "train": lambda rates, **_: descend(LINE, rates, 3),
        "draw": plots.loss_now,
        "rate": (0.01, 1),
        "at": 0.1,
        "marks": None,
        "shows": None,
        "start": None,
        "steps": 5,
        "period": [1, 2],
    },
    "race": {
        "problem": LINE,
        "epochs": 3,
        "rules": {"a": rules.sgd},
        "rate": (0.01, 1),
        "at": 0.1,
        "draw": plots.race_now,
        "shows": None,
        "start": None,
        "steps": 5,
        "beta": (0, 0.9),
    },
}


@pytest.mark.parametrize("name", EXPLORERS)
def test_an_explorer_is_made_or_says_what_it_takes(name):
    make, fine = getattr(explore, name), EXPLORERS[name]
    assert make(**fine).text
    for argument in fine:
        for odd in ODD:
            drawn(lambda odd=odd, argument=argument: make(**{**fine, argument: odd}).values)


def test_a_control_is_moved_or_says_what_it_takes():
    moved = explore.rate_explorer(LINE, 3, batch=[1, 2], beta=(0, 0.9), rule={"m": rules.momentum}, steps=5)
    before = dict(moved.values)
    for name in (*moved.values, "other"):
        for odd in [*ODD, *FUNCTIONS, "", "x", "1e999", "-1", True]:
            try:
                assert moved.move(**{name: odd}).text.startswith("Explorer at")
            except ValueError as error:
                assert re.match(r"[^\n]* takes [^\n]*$", str(error))
    assert moved.move(**before).values == before


@settings(max_examples=8, deadline=None)
@given(
    arrays(float, (2, 4), elements=st.floats(0, 1e6)), arrays(float, (2, 4, 2), elements=st.floats(-1e6, 1e6))
)
def test_finite_runs_are_drawn_without_a_nan(losses, weights):
    run = Run(np.array([0.1, 1]), np.arange(4.0), weights, losses, np.ones((2, 4)))
    for picture in (
        plots.losses(run),
        plots.weight(run),
        plots.loss_now(run[0]),
        plots.path_now(run[0], problem=LINE),
    ):
        assert "not a number" not in picture.alt and "nan" not in picture.alt
