"""The checks' common ground: what they read, and what they say to answers that nobody can read."""

import io
import time

import numpy as np
import pytest

from lrlab.check import calling
from lrlab.check.base import Unreadable, exercise, named, names, numbers, one_of, outputs, straight_line
from lrlab.check.reading import arithmetic, versions

pair = exercise((4.5, 1.5), [((-4.5, -1.5), "you climbed")], right="good", hint="not yet")
double = exercise(lambda x: 2 * x, [(lambda x: -2 * x, "sign")], read=outputs(lambda f: [f(1.0), f(3.0)]))


@pytest.mark.parametrize("answer", [(4.5, 1.5), [4.5, 1.5], np.array([[4.5, 1.5]]), "4.5, 1.5", "(4.52, 1.499)"])
def test_the_right_answer_in_any_form(answer):
    assert repr(pair(answer)) == "✓ good"


@pytest.mark.parametrize("answer", [..., None, "", "?", "…", " ... ", (4.5, ...), [4.5, None], ["?", "a"]])
def test_an_unfinished_answer_is_open(answer):
    assert pair(answer).mark == "○"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((-4.5, -1.5), "you climbed"),
        ("−4.5, −1.5", "you climbed"),
        ((1, 2), "not yet"),
        (3, "not yet"),
        ("no idea", "this is a text"),
        (True, "says True"),
        (np.nan, "not a finite number"),
        (print, "call it"),
        ([1, [2, 3]], "A number is asked for"),
    ],
)
def test_a_wrong_answer_gets_its_sentence(answer, said):
    verdict = pair(answer)
    assert verdict.mark == "✗"
    assert said in verdict.text


def test_percentages_are_shares():
    assert numbers("87 %") == pytest.approx([0.87])
    assert numbers("1e-3")[0] == 0.001


def test_fractions_are_numbers():
    assert numbers("9/2, −3 / 2") == pytest.approx([4.5, -1.5])
    with pytest.raises(Unreadable, match="not a finite number"):
        numbers("1/0")


@pytest.mark.parametrize(
    ("answer", "mark", "said"),
    [
        (lambda x: x + x, "✓", ""),
        (lambda x: -(x + x), "✗", "sign"),
        (lambda x: None, "✗", "returns nothing"),
        (lambda x: ..., "○", "Open: return"),
        (lambda x: "two", "✗", "numbers are asked for"),
        (2.0, "✗", "A function is asked for"),
        (..., "○", "Open"),
    ],
)
def test_functions(answer, mark, said):
    verdict = double(answer)
    assert verdict.mark == mark
    assert said in verdict.text


def test_sets_in_any_order():
    assert names("0.5, 1 and 50") == names([50, 1, 0.5]) == names({0.5, 1, 50})
    assert names(5) == names([5.0])


def test_choices():
    assert one_of(a="worse", b="better")("(B)") == one_of(a="worse", b="better")("better") == "b"
    with pytest.raises(Unreadable):
        one_of(a="worse")("c")


def test_an_unknown_exercise_is_named():
    from lrlab import check

    with pytest.raises(AttributeError, match="no exercise called nonsense"):
        _ = check.nonsense


LIMIT = exercise(0.05)
COUNT = exercise(8000)
WEIGHTS = exercise((4.5, 1.5), read=named("w", "b"))
LOSS = exercise(255.375)
LINE = exercise((1, 0.5), read=straight_line)
HOUSE = exercise("a", read=one_of(a="z = 40, y = 1", b="z = 40, y = 0", c="z = −40, y = 1"))
TYPED = [
    (
        LIMIT,
        ["0,05", "0.05", ".05", "1/20", "5 %", "5%", "0.4*0.5**3", "0.4 · 0.5^3", "0.4 × 0.5³", "η = 0.05"],
    ),
    (LIMIT, ["5e-2", "5·10⁻²", "the limit is 0.05", "about 0.05.", {"limit": 0.05}, [0.05], "sqrt(0.0025)"]),
    (COUNT, ["8,000", "8000", "8_000", "8000 updates", "50 * 160", "8e3", "8000.0", np.int64(8000)]),
    (WEIGHTS, [(4.5, 1.5), "4.5, 1.5", "4,5; 1,5", "w = 4.5, b = 1.5", "b=1.5, w=4.5", "(9/2, 3/2)"]),
    (
        WEIGHTS,
        [{"b": 1.5, "w": 4.5}, {"W": 4.5, "B": 1.5}, "4.5 and 1.5", ["4,5", "1,5"], np.array([[4.5, 1.5]])],
    ),
    (LOSS, ["it rises to 255.4", "255.375", "It rises, to 255.4!".replace(",", ""), "loss: 255.4"]),
    (
        LINE,
        [
            "y = x + 1/2",
            "0.5 + x",
            "y = x + 0,5",
            "x2 = x + 0.5",
            "1x + 0.5",
            (1, 0.5),
            "slope = 1, intercept = 0.5",
        ],
    ),
    (LINE, [{"intercept": 0.5, "slope": 1}, "(2x + 1)/2", "y(x) = x + 0.5"]),
    (HOUSE, ["a", "A", "(a)", "a)", "z=40, y=1", "z = 40, y = 1", "a: z = 40, y = 1", "answer a", "a."]),
]


@pytest.mark.parametrize(("check", "answer"), [(check, answer) for check, answers in TYPED for answer in answers])
def test_what_people_type_is_understood(check, answer):
    assert repr(check(answer)) == "✓ Right."


MINED = [
    (
        exercise(1),
        ["eta/(1-beta)", "η / (1 − β)", "1/β", "x1", "step 1 of 2", "f(1)", "w1", "1 or 2", "one", "1:2:3"],
    ),
    (
        LIMIT,
        ["between 0.04 and 0.06", "0.05 < η", "0.05x", "0.05, 0.06", "0.05/η", "__import__('os').getpid()"],
    ),
    (COUNT, ["80,00", "8.000", "50 epochs of 8000", "8000 or 1600"]),
    (LINE, ["y = x * x + 0.5", "x", "y = x/0", "0.5"]),
    (HOUSE, ["z=40", "a or b", "ab", "z=40, y=1 and b"]),
]


@pytest.mark.parametrize(("check", "answer"), [(check, answer) for check, answers in MINED for answer in answers])
def test_no_text_is_right_because_a_number_stands_in_it(check, answer):
    assert check(answer).mark == "✗"


@pytest.mark.parametrize("text", ["9**9**9**9", "1e400", "(-8)**0.5", "0/0", "exp(1000)", "sqrt(-1)", "log(0)"])
def test_arithmetic_without_a_value_is_no_number(text):
    assert "number" in exercise(1)(text).text


@pytest.mark.parametrize("text", ["(" * 300, "[0][0]", "print(1)", "().__class__", "1 if 2 else 3", "lambda: 1"])
def test_nothing_is_executed(text):
    with pytest.raises(ValueError):
        arithmetic(text)


def test_a_comma_between_digits_is_read_both_ways():
    assert versions("8,000") == ["8000", "8.000", "8, 000"]
    assert versions("0,05")[0] == "0.05"
    assert versions("0.5,1") == ["0.5, 1"]


class Mine(Exception):
    """An error of the learner's."""


def test_what_a_learners_function_raises_is_the_learners(monkeypatch):
    def mine(x):
        raise Mine("my own line")

    with pytest.raises(Mine, match="my own line") as raised:
        double(mine)
    seen = [entry.name for entry in raised.traceback if "__tracebackhide__" not in entry.frame.f_locals]
    assert seen == ["test_what_a_learners_function_raises_is_the_learners", "<lambda>", "mine"]


@pytest.mark.parametrize("error", [KeyError, SystemExit, KeyboardInterrupt, np.linalg.LinAlgError, AssertionError])
def test_no_error_is_swallowed(error):
    def mine(x):
        raise error

    with pytest.raises(error):
        double(mine)


def bare(x):
    while True:
        try:
            x = x + 1
        except:  # noqa: E722
            pass


def helper(x):
    return np.sin(x) + np.cos(x)


def calls(x):
    while True:
        try:
            x = helper(x)
        except BaseException:
            continue


def endless(x):
    while True:
        x = x + 1


@pytest.mark.parametrize("loop", [endless, bare, calls])
def test_a_loop_that_does_not_end_is_ended(loop, monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.2)
    began = time.monotonic()
    verdict = double(loop)
    assert repr(verdict) == "✗ Your answer is still running after 0.2 seconds: does its loop end?"
    assert time.monotonic() - began < 5
    assert double(lambda x: 2 * x).mark == "✓"  # nothing is left running or waiting


def test_what_cannot_be_ended_is_told_of_while_it_goes_on(monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.1)
    stdout = io.StringIO()
    monkeypatch.setattr("sys.stdout", stdout)
    assert "still running after 0.1 seconds" in double(lambda x: time.sleep(1.5)).text
    assert stdout.getvalue().count("Interrupt or restart the kernel") == 1


def test_a_loop_that_prints_is_ended(capsys):
    def talks(x):
        while True:
            print(x)

    assert "prints more than" in double(talks).text
    assert len(capsys.readouterr().out) <= calling.PRINTED


def test_a_function_may_print_count_and_take_a_moment(capsys):
    calls = []

    def mine(x):
        calls.append(x)
        print("called with", x)
        time.sleep(0.01)
        return 2 * x

    assert double(mine).mark == "✓"
    assert calls == [1.0, 3.0]
    assert "called with 1.0" in capsys.readouterr().out
