"""Lesson 01: its figures by hand and by theorem, the printout, its checks and pictures, formulas broken on purpose."""

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from conftest import ROOT
from lrcore import descend, forward_difference, least_squares, line
from lrlab import check, explore, plots
from lrlab.measure import settled

LESSON = ROOT / "notebooks" / "01-fit-a-line.ipynb"
X, y = line()
x = X[:, 0]
slope, problem = least_squares(X, y, bias=False), least_squares(X, y)
book = forward_difference(problem, h=1e-4)
LIMIT = 4 / (17 + np.sqrt(269))  # 2/λ of [[15, 5], [5, 2]], whose eigenvalues are (17 ± √269)/2


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
    assert 2 * np.mean((12755.16015625 * x + 3765.9716796875 - y) * x) == pytest.approx(210112, abs=1)


def test_differences_settle_beside_the_bottom():
    assert descend(book, 0.1, 1000).weights[-1] == pytest.approx([2.9998, 0.00045], abs=1e-6)
    assert descend(problem, 0.1, 1000).weights[-1] == pytest.approx([3, 0], abs=1e-9)


def test_each_step_multiplies_the_distance_by_one_factor():
    distance = descend(slope, [0.01, 0.1, 1], 6).weights[..., 0] - 3
    for row, factor in zip(distance, (0.85, -0.5, -14), strict=True):
        assert row == pytest.approx(-3 * factor ** np.arange(7.0), rel=1e-12)


def test_the_limit_turns_every_run_around():
    assert problem.limit == pytest.approx(LIMIT, rel=1e-9) and 0.1197 < LIMIT < 0.1198
    assert slope.limit == pytest.approx(2 / 15)
    below, above = descend(problem, [LIMIT - 1e-5, LIMIT + 1e-5], 3000).final
    assert below < 67.5 / 2 and above > 67.5 * 2
    assert descend(problem, [0.119, 0.121], 50).final == pytest.approx([18.9, 526], rel=2e-3)


def test_at_one_over_the_curvature_the_first_step_lands_on_the_floor():
    """Nothing is left across: the way that is left points along the ravine."""
    left = descend(problem, LIMIT / 2, 1).weights[-1] - [3, 0]
    assert left @ [5, (17 + np.sqrt(269)) / 2 - 15] == pytest.approx(0, abs=1e-9)


def test_epochs_until_w_stays():
    run = descend(problem, [0.01, 0.065, 0.1, 0.107, 0.1176, 0.121], 1000)
    assert settled(run, 3, 0.1).tolist() == [379, 58, 38, 35, 93, np.inf]


# Pictures: what they draw, and what they say.


def test_two_rates_on_one_axis():
    run = descend(problem, [0.119, 0.121], 50)
    ax = plots.crossing(run)
    drawn = [line.get_ydata() for line in ax.lines if len(line.get_xdata()) == 51]
    assert np.array_equal(drawn, run.weights[..., 0])
    assert {text.get_text() for text in ax.texts} == {"rate 0.119:\nloss 18.9", "rate 0.121:\nloss 526"}
    assert len({line.get_color() for line in ax.lines if len(line.get_xdata()) == 51}) == 2


def test_the_directions_are_those_of_the_second_derivatives():
    ax = plots.bend(problem)
    angle, curvature = ax.lines[0].get_data()
    v = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    assert curvature == pytest.approx(15 * v[0] ** 2 + 10 * v[0] * v[1] + 2 * v[1] ** 2)


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda: plots.line_fit(X, y), "errors are -3, -6, -9, -12"),
        (lambda: plots.crossing(descend(problem, [0.119, 0.121], 50)), "rate 0.119: loss 18.9; rate 0.121: loss 526"),
        (lambda: plots.ravine(problem), "16.70 across, 0.2994 along"),
        (lambda: plots.bend(problem), "along w 15.00, across 16.70, along b 2.00, along the floor 0.2994"),
        (lambda: plots.factors(problem), "1/λmax = 0.0599, 2/(λmin+λmax) = 0.1176, 2/λmax = 0.119756"),
        (lambda: plots.settling(descend(problem, [0.01, 0.1], 400), 3, 0.1), "needs 379 epochs, rate 0.1 needs 38"),
        (lambda: plots.settling(descend(problem, [0.1, 0.13], 60), 3, 0.1), "0.13 needs for ever"),
        (lambda: plots.spacing(12755.16, 1e-4), "0.0001 does not move a number"),
        (lambda: plots.spacing(12755.16, 1e-2), "0.01 moves a number"),
        (lambda: plots.bowl_steps(descend(slope, [0.1, 1], 9), slope)[1], "× −14 at each step. From w = 0, w = 45"),
    ],
)
def test_pictures_say_what_they_show(draw, said):
    assert said in draw().alt


def slider(ident, **names):
    """The explorer that a cell of the lesson makes."""
    cells = json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
    source = "".join(next(cell["source"] for cell in cells if cell["id"] == ident)).replace("explore.", "e = explore.")
    space = {"explore": explore, "plots": plots, "least_squares": least_squares, "X": X, "y": y, **names}
    exec(source, space)
    return space["e"]


def test_the_bowl_in_the_hand():
    e = slider("bowl-slider")
    assert e.move(rate="1/15").run.weights[1, 0] == pytest.approx(3)  # one step
    assert abs(e.move(rate=2 / 15).run.weights[:, 0] - 3) == pytest.approx(3)  # for ever
    assert "swings without gain" in e.text
    assert "swings, and settles" in e.move(rate=0.13).text
    with pytest.raises(ValueError, match=r"0\.14"):
        e.move(rate=0.2)
    e.close()


def test_the_ravine_in_the_hand():
    e = slider("ravine-slider", problem=problem)
    assert {0.119, 0.121} <= set(e.rate.stops)
    assert sum(abs(stop / LIMIT - 1) < 0.02 for stop in e.rate.stops) > 10  # dense at the limit
    assert "swings, and settles" in e.move(rate=0.119).text
    assert "diverges" in e.move(rate=0.121).text
    assert "diverges" in e.move(rate=0.121, start="6,2").text and "settles" in e.move(rate=0.119).text
    e.close()


# Exercises: what learners write and type.


def loop(step, inside=False):
    """A learner's loop with a step (w, gradient, rate)."""

    def train(rate, epochs):
        w = 0.0
        for _ in range(epochs):
            w = step(w, np.mean(2 * (w * x - y) * x), rate)
            if inside:
                return w
        return w

    return train


def in_weights(rate, epochs):
    w = np.zeros(1)
    for _ in range(epochs):
        w = w - rate * (2 * (X @ w - y) @ X / 4)
    return w


def in_place(rate, epochs):
    w = 0
    for _ in range(epochs):
        w -= rate * sum(2 * (w * a - b) * a for a, b in zip(x, y, strict=True)) / 4
    return w


LOOPS = [
    (loop(lambda w, g, rate: w - rate * g), "✓"),
    (loop(lambda w, g, rate: w - rate * (15 * w - 45)), "✓"),
    (loop(lambda w, g, rate: w + rate * -g), "✓"),
    (in_weights, "✓"),
    (in_place, "✓"),
    (loop(lambda w, g, rate: w + rate * g), "climbs"),
    (loop(lambda w, g, rate: w - rate * g / 2), "factor 2"),
    (loop(lambda w, g, rate: w - rate * g * 4), "the mean"),
    (loop(lambda w, g, rate: w - rate * 2 * np.mean(w * x - y)), "brings out an x"),
    (loop(lambda w, g, rate: w - g), "rate is missing"),
    (loop(lambda w, g, rate: -rate * g), "step alone."),
    (loop(lambda w, g, rate: rate * g), "it climbs"),
    (loop(lambda w, g, rate: w - rate * 2 * (w * x - y) * x), "One gradient a point"),
    (loop(lambda w, g, rate: w - rate * g, inside=True), "`return`"),
    (loop(lambda w, g, rate: w + 45 * rate), "as long as the first"),
    (loop(lambda w, g, rate: ...), "○ Open: write"),
    (loop(lambda w, g, rate: w - rate * g / 7), "Not yet"),
]
RULES = [
    (lambda w, g, rate: (w - rate * g, ()), "✓"),
    (lambda w, g, rate: (w + (-rate) * g, []), "✓"),
    (lambda w, g, rate: (w + rate * g, ()), "climbs"),
    (lambda w, g, rate: (w - g, ()), "rate is missing"),
    (lambda w, g, rate: (-rate * g, ()), "step alone"),
    (lambda w, g, rate: w - rate * g, "two things"),
    (lambda w, g, rate: (..., ()), "○"),
]


@pytest.mark.parametrize(("train", "said"), LOOPS)
def test_a_loop_is_recognised(train, said):
    assert said in repr(check.my_loop(train))


@pytest.mark.parametrize(("rule", "said"), RULES)
def test_a_rule_is_recognised(rule, said):
    assert said in repr(check.my_sgd(rule))


@pytest.mark.parametrize("name", ["my_loop", "my_sgd"])
def test_what_a_function_raises_is_its_own(name):
    with pytest.raises(ZeroDivisionError):
        getattr(check, name)(lambda *given: 1 / 0)


ANSWERS = [
    ("line_step", ["(4.5, 1.5)", "w = 4.5, b = 1.5", {"w": 4.5, "b": 1.5}, [4.5, 1.5], np.array([[4.5], [1.5]])], "✓"),
    ("line_step", [(-4.5, -1.5)], "climbed"),
    ("line_step", [(4.5, -0.75)], "both gradients"),
    ("line_step", [(2.25, 0.75)], "½"),
    ("line_step", [(45, 15)], "multiply it by the rate"),
    ("line_step", [4.5], "What about b"),
    ("line_step", [(1, 2)], "Not yet"),
    ("line_limit", [0.0324, "0.03243", "0,0324", "2/61.7", np.float64(0.0324277)], "✓"),
    ("line_limit", [0.0599], "x squared"),
    ("line_limit", [0.0299], "without a bias"),
    ("line_limit", [0.0333], "without a bias"),
    ("line_limit", [0.0162], "1/λ"),
    ("line_limit", [0.1198], "not computed anew"),
    ("line_rate", [0.107, "0.107", "0,107", 0.11, [0.108]], "✓"),
    ("line_rate", [0.065], "leaves it again"),
    ("line_rate", [0.1176, "2/17"], "long run"),
    ("line_rate", [0.1197], "edge"),
    ("line_rate", [0.01, 0.05], "slow"),
    ("line_rate", [0.1], "fewer epochs"),
    ("line_rate", [0.12, 50, 1e300], "limit|count"),
    ("line_rate", [35, 38], "count of epochs"),
    ("line_rate", [-0.1], "climbs"),
    ("line_rate", [(0.1, 0.2)], "One rate"),
    ("line_sum", [0.0299, "2/66.8", "0,0299", np.float64(0.02994), [0.03]], "✓"),
    ("line_sum", [0.1198], "four times as large"),
    ("line_sum", [0.479], "wrong way"),
    ("line_sum", [66.8], "2/λ"),
    ("h_that_moves", [0.01, 0.005, 0.02, "0.01", "1/100"], "✓"),
    ("h_that_moves", [1e-6, 1e-5], "spacing there is 0.00098"),
    ("h_that_moves", [1e-4], "book's h"),
    ("h_that_moves", [6e-4], "whole spacing"),
    ("h_that_moves", [1, 0.5], "offset grows"),
    ("h_that_moves", [0, -0.01], "above 0"),
    ("printed_gradient", [255, 255.375, "255,4", "it rises to 255.4", np.float64(255.4)], "✓"),
    ("printed_gradient", ["it rises"], "To which loss"),
    ("printed_gradient", ["it falls"], "100 steps"),
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
    [(..., "○"), (None, "○"), ("", "○"), ("fast", "✗"), (True, "✗"), (np.nan, "✗"), (print, "✗")],
)
def test_answers_of_another_kind_get_a_sentence(name, answer, mark):
    verdict = repr(getattr(check, name)(answer))
    assert verdict[0] == mark
    assert verdict.endswith(".")


def test_the_two_rates_of_the_vote_stand_nowhere_before_it():
    """Neither in what is written nor in what is shown, in lesson 00 or up to the question."""
    for path in (LESSON.with_name("00-start-here.ipynb"), LESSON):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["id"] == "crossing":
                break
            shown = [output.get("text", "") or output["data"]["text/plain"] for output in cell.get("outputs", [])]
            said = "".join(cell["source"]) + "".join(map("".join, shown))
            assert not any(rate in said for rate in ("0.119", "0.121")), cell["id"]


BROKEN = {  # what is broken: (file, as it is, broken)
    "nothing": ("rules.py", "return w - rate * g, ()", "return w - rate * g, ()"),
    "sign": ("rules.py", "return w - rate * g, ()", "return w + rate * g, ()"),
    "factor": (
        "problems.py",
        "return 2 * (self._z(w, X) - y).dot(X) / len(y)",
        "return (self._z(w, X) - y).dot(X) / len(y)",
    ),
}


def test_a_broken_formula_fails_the_lesson(tmp_path):
    """nbval on the cells that compute, once with each formula broken: a kernel takes the lrcore beside it."""
    book = json.loads(LESSON.read_text(encoding="utf-8"))
    needed = ["imports", "points-drawn", "loss-at-zero", "measured-factors"]
    book["cells"] = [cell for cell in book["cells"] if cell["id"] in needed]
    made = next(cell for cell in book["cells"] if cell["id"] == "loss-at-zero")
    made["source"] = [*made["source"], "\nno_bias = least_squares(X, y, bias=False)"]
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


def test_a_numpy_h_does_not_widen_float32():
    """np.float64 times a float32 array is float64 since NumPy 2, and then w + h would move after all."""
    stuck = np.array([12755.16015625, 3765.9716796875], dtype=np.float32)
    assert forward_difference(problem, np.float64(1e-4)).gradient(stuck).tolist() == [0, 0]
