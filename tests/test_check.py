"""The checks' common ground: what they read, and what they say to answers that nobody can read."""

import numpy as np
import pytest

from lrlab.check.base import Unreadable, exercise, names, numbers, one_of, outputs

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
        ({"w": 1}, "A number is asked for"),
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
        (lambda x: 1 / 0, "✗", "ZeroDivisionError"),
        (lambda: 1, "✗", "TypeError"),
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
