"""What people type, and how far an answer may be from right: the edges of what the checks read and compare."""

import io
import threading

import numpy as np
import pytest

from lrlab.check import calling
from lrlab.check.base import Verdict, answered, exercise, named, names, one_of, outputs, straight_line
from lrlab.check.reading import shown

LIMIT = exercise(0.05)
PAIR = exercise((4.5, 1.5))
WEIGHTS = exercise((4.5, 1.5), read=named("w", "b"))
LINE = exercise((1, 0.5), read=straight_line)
DOUBLE = exercise(lambda x: 2 * x, read=outputs(lambda f: [f(1.0), f(-1.0)]))
LOGARITHM = exercise(np.log, [(np.exp, "the inverse")], read=outputs(lambda f: [f(1.0), f(-1.0)]))
SECOND = exercise(lambda found: found[1] == 2, [(lambda found: found[2] == 3, "a third")])
HOUSE = exercise("a", read=one_of(a="inside", b="outside"))

ANSWERS = [
    (LIMIT, 0.0504, "✓ Right."),
    (LIMIT, 0.0496, "✓ Right."),
    (LIMIT, 0.0506, "✗ Not yet."),
    (LIMIT, 0.0494, "✗ Not yet."),
    (LIMIT, 0.5, "✗ Not yet."),
    (exercise(0), 1e-13, "✓ Right."),
    (exercise(0), 1e-6, "✗ Not yet."),
    (LIMIT, [], "this is []."),
    (LIMIT, ",", "this is a text: ','."),
    (LIMIT, np.bool_(True), "this says True"),
    (LIMIT, -np.inf, "not a finite number"),
    (LIMIT, "0.05".ljust(200, "0"), "✓ Right."),
    (LIMIT, "0.05".ljust(201, "0"), "this is a text"),
    (LIMIT, "sqrt(0.05, 2)", "this is a text"),
    (LIMIT, "sqrt()", "this is a text"),
    (LIMIT, "math.sqrt(0.0025)", "this is a text"),
    (LIMIT, "sqrt(0.0025)", "✓ Right."),
    (LIMIT, "sqrt(0.0025, base=2)", "this is a text"),
    (LIMIT, "+0.05", "✓ Right."),
    (LIMIT, "-0.05", "✗ Not yet."),
    (LIMIT, "0.05 is my limit", "✓ Right."),
    (LIMIT, "0.05 - really", "this is a text"),
    (exercise(2), "17 % 5", "this is a text"),
    (exercise(3), "17 // 5", "this is a text"),
    (exercise(-1), "~0", "this is a text"),
    (exercise(1), "not 0", "✗ Not yet."),
    (exercise(1), "True", "this is a text"),
    (exercise(1), "1j", "this is a text"),
    (exercise(np.pi), "pi", "✓ Right."),
    (exercise(np.pi), "2π / 2", "this is a text"),
    (exercise(np.pi), "2 · π / 2", "✓ Right."),
    (exercise(2), "pie", "this is a text"),
    (PAIR, "4.5 1.5", "this is a text"),
    (PAIR, "a = 4.5, b = 1.5", "✓ Right."),
    (PAIR, ["9/2", 1.5], "✓ Right."),
    (PAIR, (4.5, 1.5, 0), "✗ Not yet."),
    (WEIGHTS, "b = about 1.5, w = about 4.5", "✓ Right."),
    (WEIGHTS, "w = 1.5, b = 4.5", "✗ Not yet."),
    (WEIGHTS, "w = 4.5, w = 1.5", "✓ Right."),
    (WEIGHTS, {"w": 4.5, "c": 1.5}, "These parts are asked for: w, b."),
    (WEIGHTS, {"w": 4.5}, "These parts are asked for: w, b."),
    (LINE, "y = x*x/4 + 0.5", "no straight line"),
    (LINE, "y = 1.004 x + 0.5", "✓ Right."),
    (LINE, "y = 2x + 0.5", "✗ Not yet."),
    (LINE, "y = x + c", "A line is asked for, such as"),
    (LINE, "4.5", "✗ Not yet."),
    (DOUBLE, lambda x: [2 * x, 0], "✗ Not yet."),
    (DOUBLE, lambda x: [2 * x], "✓ Right."),
    (DOUBLE, lambda x: (..., x), "○ Open: return"),
    (DOUBLE, lambda x: [[2 * x]], "✓ Right."),
    (LOGARITHM, lambda x: np.log(x), "✓ Right."),
    (LOGARITHM, lambda x: np.log(abs(x)), "✗ Not yet."),
    (LOGARITHM, lambda x: np.e**x, "✗ the inverse"),
    (SECOND, (1, 2), "✓ Right."),
    (SECOND, 2, "✗ Not yet."),
    (SECOND, (1, 1, 3), "✗ a third"),
    (SECOND, (1, 1), "✗ Not yet."),
    (HOUSE, "b: outside", "✗ Not yet."),
    (HOUSE, "A inside", "✓ Right."),
]


@pytest.mark.parametrize(("check", "answer", "said"), ANSWERS)
@pytest.mark.filterwarnings("error")
def test_an_answer_is_read(check, answer, said):
    assert said in repr(check(answer))


def test_a_text_that_can_be_read_in_two_ways_is_refused_with_one_sentence():
    assert repr(exercise(3)("8,000 or 3")) == "✗ A number is asked for, and this is a text: '8,000 or 3'."


def test_what_is_right_needs_no_words_of_its_own():
    assert repr(exercise(1, right="one step")(1)) == "✓ one step"


@answered
def both(first, second):
    return Verdict("✓", f"{first} and {second}")


def test_answers_between_the_brackets():
    assert repr(PAIR(4.5, 1.5)) == "✓ Right."  # without brackets of their own
    assert repr(PAIR(4.5, 1.5, 0)) == "✗ Not yet."
    assert PAIR().mark == "○"
    assert repr(both("a", "b")) == "✓ a and b"
    assert repr(both()) == repr(both("a")) == repr(both("a", "b", "c"))
    assert repr(both("a")) == "○ Open: put first, second between the brackets."


def test_a_set_of_one():
    assert names(np.array(5)) == names([5]) == names("5") == names(np.array([5.0])) == {5}
    assert names("Adam; SGD") == {"adam", "sgd"}


def test_a_long_answer_is_shown_in_part():
    sixty = "x" * 58  # and two quotation marks
    assert shown(sixty) == f"'{sixty}'" and len(shown(sixty)) == 60
    assert shown(sixty + "x") == f"'{'x' * 56}…"
    assert shown(lambda: 1) == "<function test_a_long_answer_is_shown_in_part.<locals>.<lambda>>"[:57] + "…"


# What a learner's function prints, and how long it runs.


def test_a_function_may_print_twenty_thousand_characters(monkeypatch):
    monkeypatch.setattr("sys.stdout", io.StringIO())

    def talks(size):
        return exercise(int, read=outputs(lambda f: f()))(lambda: print("." * size, end="") or 0)

    assert repr(talks(20_000)) == "✓ Right."
    assert repr(talks(20_001)) == "✗ Your answer prints more than 20000 characters: does its loop end?"


def test_the_time_may_be_given():
    def endless():
        while True:
            pass

    with pytest.raises(calling.Unreadable, match=r"still running after 0\.1 seconds: does its loop end"):
        calling.called(endless, seconds=0.1)
    assert calling.called(lambda a, b: a + b, 1, 2, seconds=0.1) == 3


def test_a_loop_that_is_ended_needs_no_interrupt(monkeypatch):
    stdout = io.StringIO()
    monkeypatch.setattr("sys.stdout", stdout)
    monkeypatch.setattr(calling, "SECONDS", 0.1)

    def endless(x):
        while True:
            x = x + 1

    assert "does its loop end" in DOUBLE(endless).text
    assert stdout.getvalue() == ""


def test_a_thread_that_runs_no_answer_is_left_alone():
    ended = threading.Event()
    threading.Timer(0.05, ended.set).start()
    calling._watch(threading.get_ident(), ended, 0, io.StringIO())


def test_where_there_is_no_second_thread_an_answer_is_called_all_the_same(monkeypatch):
    def forbidden(*_, **__):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", forbidden)
    with pytest.raises(RuntimeError):
        DOUBLE(lambda x: 2 * x)
    monkeypatch.setattr("sys.platform", "emscripten")
    assert repr(DOUBLE(lambda x: 2 * x)) == "✓ Right."
