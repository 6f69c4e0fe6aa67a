"""Lesson 00: its figures by hand, its exercise and votes, and the six questions, each answered by a run."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest

import form
from conftest import ROOT
from lrcore import descend, least_squares, line, logistic, rules, school_district
from lrlab import check, plots

LESSON = ROOT / "notebooks" / "00-start-here.ipynb"
ONE = least_squares(*line(), bias=False)  # 7.5 (w − 3)², from 67.5: each step multiplies w − 3 by 1 − 15η


def text(path=LESSON):
    """All markdown of a lesson."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def test_the_lesson_needs_no_version_in_its_text():
    cells = json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
    said = next(form.said(cell) for cell in cells if cell["id"] == "installed")
    assert said.strip() == "Everything is installed." == repr(check.installed()).strip("'")


# What the pictures show, by hand.


def test_mirror_rates_share_one_loss():
    pair = plots.hidden_pair(ONE)
    assert pair.rate == pytest.approx([0.001, 2 / 15 - 0.001])
    assert pair.losses[0] == pytest.approx(67.5 * 0.985 ** (2 * np.arange(51.0)), rel=1e-9)
    assert np.abs(pair.losses[0] - pair.losses[1]).max() < 1e-12
    assert pair.final == pytest.approx([14.891, 14.891], abs=5e-4)
    ax = plots.twins(pair)
    assert all(np.array_equal(drawn.get_ydata(), one) for drawn, one in zip(ax.lines, pair.losses, strict=True))
    assert "0.001" not in ax.alt and "0.132" not in ax.alt and "equal at every epoch" in ax.alt
    assert "run A, rate 0.001, never crosses 3 and ends" in plots.twins_apart(pair, 3).alt
    assert "run B, rate 0.1323, crosses 3 in 50 of 50 steps" in plots.twins_apart(pair, 3).alt


def test_other_rates_are_told_apart():
    assert "not equal" in plots.twins(descend(ONE, [0.001, 0.13], 50)).alt


def test_doubled_rates():
    runs = descend(ONE, [[1 / 30, 1 / 15], [1 / 15, 2 / 15], [0.1, 0.2]], 12)
    w = runs.weights[..., 0]
    assert w[0, 1, 1] == pytest.approx(3)  # in one step
    assert w[1, 1] == pytest.approx([0, 6] * 6 + [0])  # for ever
    assert w[2, 1, :3].tolist() == pytest.approx([0, 9, -9])  # lost: the factor is −2
    row = plots.doubled(runs, 3)
    assert np.array_equal(row[1].lines[2].get_ydata(), w[1, 1])
    assert "leaves the picture at epoch 2" in row[2].alt


def test_four_fates():
    rates = np.array([0.001, 0.02, 0.13, 0.14])
    run = descend(ONE, rates, 30)
    assert run.final == pytest.approx(67.5 * (1 - 15 * rates) ** 60)
    ax = plots.fates(run, ["too small", "good", "large", "too large"])
    assert "too small: 0.001 ends at 27.3" in ax.alt and "large: 0.13 ends at 3.11" in ax.alt
    assert "too large: 0.14 leaves the picture at epoch 4" in ax.alt  # 67.5 · 1.1⁸ is above 135, 67.5 · 1.1⁶ is not
    assert len({drawn.get_color() for drawn in ax.lines[:4]}) == 4


# The exercise and the votes.

RIGHT = [0.07, "0.07", "0,07", "1/15", [0.06], np.float64(0.0667), np.array(0.08)]
WRONG = {
    0: "nothing moves",
    -0.1: "climbs",
    0.001: "Go up",
    0.05: "Go up",
    0.1: "jumps past 3",
    0.13: "jumps past 3",
    0.2: "does not come to rest",
    3: "count of epochs",
    1e300: "count",
    "fast": "number",
    np.inf: "finite",
    True: "number",
    len: "function",
    (0.1, 0.2): "One rate",
}


@pytest.mark.parametrize("answer", RIGHT)
def test_a_quick_rate_is_right(answer):
    assert check.quick_rate(answer).mark == "✓"


@pytest.mark.parametrize("answer", WRONG, ids=str)
def test_a_rate_that_is_not_quick_is_named(answer):
    verdict = check.quick_rate(answer)
    assert verdict.mark == "✗" and WRONG[answer] in verdict.text


def test_what_the_check_says_of_a_quick_rate():
    """|1 − 15η|⁶ · 67.5 < 0.01."""
    edge = (0.01 / 67.5) ** (1 / 6)
    assert 0.0513 < (1 - edge) / 15 < 0.0514 and 0.0819 < (1 + edge) / 15 < 0.0821
    assert "from 0.0514 to 0.0819" in check.quick_rate(0.0514).text
    assert check.quick_rate(0.0819).mark == "✓"
    assert check.quick_rate(0.0513).mark == check.quick_rate(0.0821).mark == "✗"


def test_the_votes():
    assert check.vote_doubling("?").mark == check.vote_mirror("?").mark == "○"
    assert "cannot know yet" in check.vote_doubling("d").text
    assert "smaller one for the other" in check.vote_mirror("c").text


# The six questions, each answered by a run, before and after.


def test_question_1_limit():
    curvature = 0.1 / 0.02  # a step leaves 1 − ηλ = 0.9
    assert 2 / curvature == pytest.approx(0.4)  # c
    problem = least_squares([[np.sqrt(curvature / 2)]], [0.0], bias=False)
    run = descend(problem, [0.02, 0.399, 0.401], 3000, start=[1.0])
    assert run.weights[0, 1, 0] == pytest.approx(0.9)
    assert run.diverged.tolist() == [False, False, True]


def test_question_1_after():
    curvature = 1.8 / 0.06  # a swing of 0.8 is 1 − ηλ = −0.8
    assert 1 - 0.03 * curvature == pytest.approx(0.1)  # b


def test_question_2_after_baseline():
    assert 1 - 40 / 500 == 0.92


def test_question_3_product():
    problem = logistic(*school_district()[0])
    small, large = descend(problem, 0.1, 50, batch=10), descend(problem, 0.4, 50, batch=40)
    assert large.final == pytest.approx(small.final, rel=0.05)  # a
    before, after = descend(problem, 0.2, 60, batch=10), descend(problem, 0.1, 240, batch=20)
    assert after.final == pytest.approx(before.final, rel=0.05)


def test_question_4_floor():
    problem = least_squares(*line(400, noise=1.0))
    least = problem.loss(np.linalg.lstsq(problem.X, problem.y, rcond=None)[0])

    def floor(rate):
        runs = [descend(problem, rate, 400, batch=1, seed=seed).losses[..., 200:] for seed in range(2)]
        return np.mean(runs, axis=(0, 2)) - least

    half, one, fifth = floor(np.array([0.005, 0.01, 0.002]))
    assert half / one == pytest.approx(0.5, abs=0.1)
    assert fifth / one == pytest.approx(0.2, abs=0.1)


@pytest.mark.parametrize("rate, beta, step", [(0.2, 0.5, 0.4), (0.02, 0.95, 0.4)])
def test_question_5_momentum(rate, beta, step):
    w, memory = np.zeros(1), ()
    for _ in range(500):
        before = w
        w, memory = rules.momentum(w, np.array([-1.0]), rate, *memory, beta=beta)
    assert w - before == pytest.approx(step)


def test_question_6_halves_the_decades():
    assert np.sqrt(0.001 * 1000) == 1  # c

    def decades(rates):
        return {int(np.floor(np.log10(rate) + 1e-9)) for rate in rates}

    after = [0.001, 2.5, 5, 7.5, 10], [0.001, 0.01, 0.1, 1, 10], [2, 4, 6, 8, 10]
    assert max(after, key=lambda rates: len(decades(rates))) == after[1]  # c


def test_six_before_counts_and_keeps_its_secret():
    assert check.six_before("??????").mark == "○"
    assert "1 of 6" in check.six_before("cdab?c").text
    for answer in "cdabdc", "CDABDC", "c d a b d c", "c,d,a,b,d,c", list("cdabdc"), tuple("cdabdc"):
        assert check.six_before(answer).text.startswith("cdabdc: 6 of 6")
    wrong = check.six_before("aaaaaa")
    assert wrong.mark == "✎" and "1 of 6" in wrong.text and "lesson 03" not in wrong.text


def test_six_after_says_where_to_read_again():
    assert check.six_after("bacdbc").mark == "✓"
    verdict = check.six_after("bacdba")
    assert verdict.mark == "✗" and verdict.text.count("lesson") == 1 and "lesson 07" in verdict.text
    assert check.six_after("cdabdb").text.startswith("0 of 6")  # the answers before do not serve after


@pytest.mark.parametrize("answer", [..., None, "", "abc", "abcdefg", 5, ["a"], "abcdex", object(), True])
def test_six_takes_anything(answer):
    for test in check.six_before, check.six_after:
        assert test(answer).mark == "○"


def core_minutes(path):
    """The minutes that a lesson's first cells give for its core; without a core, for all of it."""
    head = text(path)[:1000]
    return re.findall(r"(?<=core )\d+|\d+(?= minutes for the core)", head) or re.findall(r"(\d+) minutes", head)


def test_the_table_of_lessons_is_true():
    """Every lesson is named with a link that exists, and with the time that the lesson itself gives."""
    rows = re.findall(r"^\| (?:\[?(\d\d) [^|]*?(?:\]\(([^)]*)\))?) \| [^|]*\? \| (\d+) \|", text(), re.M)
    assert [number for number, _, _ in rows] == [f"{k:02}" for k in range(9)]
    for number, link, minutes in rows:
        path = LESSON.parent / link if link else LESSON
        if path.exists():
            assert path.name.startswith(number)
            assert minutes in core_minutes(path), path.name


def test_a_cell_that_imports_says_what_to_type_without_the_course(tmp_path):
    cells = json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
    source = "".join(next(cell["source"] for cell in cells if cell["id"] == "installed"))
    script = "import sys\nsys.modules['numpy'] = None\n" + source
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert said.returncode == 0
    assert said.stdout.startswith("✗") and "numpy" in said.stdout and "make lab" in said.stdout
