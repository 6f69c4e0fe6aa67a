"""Lesson 01: the vision book's printout, what was worked by hand, its checks, and formulas broken on purpose."""

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from conftest import ROOT
from lrcore import descend, forward_difference, least_squares, line
from lrlab import check, plots

LESSON = ROOT / "notebooks" / "01-fit-a-line.ipynb"
X, y = line()
slope, problem = least_squares(X, y, bias=False), least_squares(X, y)
book = forward_difference(problem, h=1e-4)


@pytest.fixture(scope="module")
def ten():
    """The book's three runs; test_descent.py holds them against its printout."""
    return descend(book, [0.01, 0.1, 1], 10, dtype=np.float32)


def test_the_table_shows_the_printout(ten):
    rows = [str(plots.ten_epochs(one, book)).splitlines() for one in ten]
    assert rows[0][3].split() == ["0", "0.00", "67.50", "67.50", "−45.00", "0.45"]
    assert rows[1][4].split()[1:3] + rows[1][4].split()[4:] == ["4.50", "30.37", "30.04", "1.50"]
    assert rows[2][-1].split()[0:2] + rows[2][-1].split()[-2:] == ["9", "12755.16", "0.00", "12755.16"]


def test_where_and_why_it_sticks(ten):
    stuck = ten.weights[2, -1]
    assert stuck.tolist() == [12755.16015625, 3765.9716796875]
    assert np.all(stuck + np.float32(1e-4) == stuck)
    assert 2 * np.mean((12755.16015625 * X[:, 0] + 3765.9716796875 - y) * X[:, 0]) == pytest.approx(210112, abs=1)


def test_differences_settle_beside_the_bottom():
    assert descend(book, 0.1, 1000).weights[-1] == pytest.approx([2.9998, 0.00045], abs=1e-6)
    assert descend(problem, 0.1, 1000).weights[-1] == pytest.approx([3, 0], abs=1e-9)


def test_each_step_multiplies_the_error_by_one_factor():
    error = descend(slope, [0.01, 0.1, 1], 6).weights[..., 0] - 3
    for row, factor in zip(error, (0.85, -0.5, -14), strict=True):
        assert row == pytest.approx(-3 * factor ** np.arange(7.0), rel=1e-12)


def test_epochs_until_w_stays():
    rates = [0.01, 0.065, 0.1, 0.107, 0.1176, 0.121]
    assert descend(problem, rates, 1000).settled(3, 0.1).tolist() == [379, 58, 38, 35, 93, np.inf]


def test_settled_by_hand():
    run = descend(slope, [0.1, 1, -0.5], 5)  # errors −3, 1.5, −0.75, 0.375 … at the first rate
    assert run.settled(3, 0.8).tolist() == [2, np.inf, np.inf]
    assert run[0].settled(3, 3) == 0
    assert run[0].settled(3, 1e-9) == np.inf


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda: plots.line_fit(X, y), "errors are -3, -6, -9, -12"),
        (lambda: plots.ravine(problem, descend(problem, 0.1, 50)), "16.70 across, 0.2994 along"),
        (lambda: plots.bend(problem), "along w 15.00, steepest 16.70, along b 2.00, flattest 0.2994"),
        (lambda: plots.factors(problem), "1/λmax = 0.05988, 2/(λmin+λmax) = 0.1176, 2/λmax = 0.1198"),
        (
            lambda: plots.settling(descend(problem, [0.01, 0.1], 400), 3, 0.1),
            "needs 379 epochs, rate 0.1 needs 38",
        ),
        (lambda: plots.settling(descend(problem, [0.1, 0.13], 60), 3, 0.1), "0.13 needs for ever"),
        (lambda: plots.spacing(12755.16, 1e-4), "0.0001 does not move a number"),
        (lambda: plots.spacing(12755.16, 1e-2), "0.01 moves a number"),
        (
            lambda: plots.bowl_steps(descend(slope, [0.1, 1], 9), slope)[1],
            "× −14 at each step. From w = 0, w = 45",
        ),
    ],
)
def test_pictures_say_what_they_show(draw, said):
    assert said in draw().alt


ANSWERS = [
    ("line_step", ["(4.5, 1.5)", [4.5, 1.5], np.array([[4.5], [1.5]])], "✓"),
    ("line_step", [(-4.5, -1.5)], "climbed"),
    ("line_step", [(4.5, -0.75)], "both gradients"),
    ("line_step", [(2.25, 0.75)], "½"),
    ("line_step", [(45, 15)], "multiply it by the rate"),
    ("line_step", [4.5], "What about b"),
    ("line_step", [(1, 2)], "Not yet"),
    ("line_limit", [0.0324, "0.03243", np.float64(0.0324277)], "✓"),
    ("line_limit", [0.0599], "x squared"),
    ("line_limit", [0.0299], "without a bias"),
    ("line_limit", [0.0333], "without a bias"),
    ("line_limit", [0.0162], "1/λ"),
    ("line_limit", [0.1198], "not computed anew"),
    ("line_rate", [0.107, "0.107", 0.11, [0.108]], "✓"),
    ("line_rate", [0.065], "leaves it again"),
    ("line_rate", [0.1176, 2 / 17], "long run"),
    ("line_rate", [0.1197], "edge"),
    ("line_rate", [0.01, 0.05], "slow"),
    ("line_rate", [0.1], "Close"),
    ("line_rate", [0.12, 50, 1e300], "limit|count"),
    ("line_rate", [35, 38], "count of epochs"),
    ("line_rate", [-0.1], "climbs"),
    ("line_rate", [(0.1, 0.2)], "One rate"),
    ("line_sum", [0.0299, 2 / 66.8], "✓"),
    ("line_sum", [0.1198], "four times as large"),
    ("line_sum", [0.479], "wrong way"),
    ("line_sum", [66.8], "2/λ"),
    ("h_that_moves", [0.01, 0.005, 0.02, "0.01"], "✓"),
    ("h_that_moves", [1e-6, 1e-5], "spacing there is 0.00098"),
    ("h_that_moves", [1e-4], "book's h"),
    ("h_that_moves", [6e-4], "whole spacing"),
    ("h_that_moves", [1, 0.5], "bias grows"),
    ("h_that_moves", [0, -0.01], "above 0"),
    ("printed_gradient", [255, 255.375, np.float64(255.4)], "✓"),
    ("printed_gradient", ["it rises"], "To which loss"),
    ("printed_gradient", ["falls"], "100 steps"),
    ("printed_gradient", [67.5], "start"),
    ("printed_gradient", [-2.5, (-2.5, -1)], "loss there"),
    ("printed_gradient", [0.375], "against it"),
    ("printed_gradient", [descend(problem, 0.01, 100).final], "true gradient"),
    ("printed_gradient", [descend(problem, -0.01, 100).final], "sign turned"),
]


@pytest.mark.parametrize(("name", "answers", "said"), ANSWERS)
def test_answers_are_recognised(name, answers, said):
    for answer in answers:
        verdict = repr(getattr(check, name)(answer))
        assert any(part in verdict for part in said.split("|")), (answer, verdict)
        assert verdict[0] == ("✓" if said == "✓" else "✗")


@pytest.mark.parametrize("name", sorted({name for name, *_ in ANSWERS}))
@pytest.mark.parametrize(
    ("answer", "mark"),
    [(..., "○"), (None, "○"), ("", "○"), ("fast", "✗"), (True, "✗"), (np.nan, "✗"), ({}, "✗"), (print, "✗")],
)
def test_answers_of_another_kind_get_a_sentence(name, answer, mark):
    verdict = repr(getattr(check, name)(answer))
    assert verdict[0] == mark
    assert verdict.endswith(".")


def test_the_vote_is_noted():
    assert repr(check.vote_crossing("c")).startswith("✎ c: each swing is larger")
    assert repr(check.vote_crossing("?")) == "○ Choose a, b, c or d."


TITLES = """Four points, one slope · One step, by hand · Each step multiplies the error · 0.85, −0.5, −14: three fates ·
The bias makes the bowl a ravine · The limit is 2 over the curvature · Move across 0.1198 · A negative rate climbs ·
Why does the book stop at 12755? · Smaller is not better: 379 against 38"""


def test_slides_have_their_titles_in_order():
    cells = json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
    begun = [c for c in cells if c["metadata"].get("slideshow", {}).get("slide_type") == "slide"]
    said = ["".join(c["source"]).splitlines()[0].lstrip("# ") for c in begun]
    assert said[1:] == [" ".join(title.split()) for title in TITLES.split(" ·")]


BROKEN = {  # what is broken: (file, as it is, broken)
    "nothing": ("rules.py", "return w - rate * g, ()", "return w - rate * g, ()"),
    "sign": ("rules.py", "return w - rate * g, ()", "return w + rate * g, ()"),
    "factor": (
        "problems/models.py",
        "return 2 * (w.dot(X.T) - y).dot(X) / n",
        "return (w.dot(X.T) - y).dot(X) / n",
    ),
}


def test_a_broken_formula_fails_the_lesson(tmp_path):
    """nbval on the lesson's first section, once with each formula broken: a kernel takes the lrcore beside it."""
    book = json.loads(LESSON.read_text(encoding="utf-8"))
    last = [cell["id"] for cell in book["cells"]].index("slope-limit")
    book["cells"] = book["cells"][: last + 1]
    for name, (file, right, wrong) in BROKEN.items():
        for folder in ("lrcore", "data"):
            shutil.copytree(ROOT / folder, tmp_path / name / folder, ignore=shutil.ignore_patterns("__pycache__"))
        code = (tmp_path / name / "lrcore" / file).read_text(encoding="utf-8")
        assert code.count(right) == 1
        (tmp_path / name / "lrcore" / file).write_text(code.replace(right, wrong), encoding="utf-8")
        (tmp_path / name / LESSON.name).write_text(json.dumps(book), encoding="utf-8")
    env = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    env["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    nbval = "-rfE --tb=no -p nbval.plugin --nbval --nbval-current-env -p no:cacheprovider".split()
    command = [sys.executable, "-m", "pytest", *nbval, *(f"{name}/{LESSON.name}" for name in BROKEN)]
    told = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True).stdout
    failed = {line.split()[1].split("/")[0] for line in told.splitlines() if line.startswith(("FAILED", "ERROR"))}
    assert failed == BROKEN.keys() - {"nothing"}, told[-3000:]
