"""Lesson 00: its one-line check of the installation, its first exercise, and the six questions, each run."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest

import form
from conftest import ROOT
from lrcore import descend, least_squares, line, logistic, rules, school_district
from lrlab import check
from lrlab.check import lesson00

LESSON = ROOT / "notebooks" / "00-start-here.ipynb"


def text(path=LESSON):
    """All markdown of a lesson."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def test_installed_says_one_line():
    assert repr(check.installed()) == "Everything is installed."


def test_installed_asks_for_what_the_package_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {re.match(r"[\w-]+", need)[0]: re.search(r">=([\d.]+)", need)[1] for need in project["dependencies"]}
    assert {name: ".".join(map(str, least)) for name, least in lesson00.NEEDS.items()} == asked
    assert ".".join(map(str, lesson00.PYTHON)) == project["requires-python"].removeprefix(">=")


def test_installed_names_what_is_too_old_or_missing():
    def version(name):
        if name == "ipywidgets":
            raise PackageNotFoundError(name)
        return {"numpy": "1.26.4"}.get(name, "99.0rc1")

    said = repr(check.installed(version=version))
    assert said.startswith("✗ numpy is 1.26, and the course needs 2.4 or newer, and ipywidgets is missing.")
    assert "matplotlib" not in said and "type: " in said
    assert "Python is 3.10" in repr(check.installed(python=(3, 10, 2)))


def test_installed_says_what_to_type(tmp_path):
    assert lesson00._remedy(tmp_path).endswith("type: make lab")
    (tmp_path / "lrcore-stamp").touch()
    assert lesson00._remedy(tmp_path).endswith("type: make clean lab")
    (tmp_path / "conda-meta").mkdir()
    assert lesson00._remedy(tmp_path).endswith("type: conda env update --file environment.yml")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search("^lab:", makefile, re.M) and re.search("^clean:", makefile, re.M)


def test_installed_says_that_data_are_missing(monkeypatch, tmp_path):
    monkeypatch.setattr("lrcore.data.FOLDER", tmp_path)
    assert repr(check.installed()).startswith("✗ data/school-district.csv is missing")


def test_the_lesson_needs_no_version_in_its_text():
    cells = json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
    said = next(form.said(cell) for cell in cells if cell["id"] == "installed")
    assert said.strip() == "Everything is installed."


def test_four_fates():
    """By hand: the loss at w = b = 0, and the factors 1 − ηλ of the two directions."""
    problem = least_squares(*line())
    w, values = np.linalg.eigh(np.array([[15.0, 5.0], [5.0, 2.0]]))
    shares = values.T @ np.array([-3.0, 0.0])
    for rate in 0.001, 0.1, 0.119, 0.125:
        expected = np.sum(w / 2 * (shares * (1 - rate * w) ** 50) ** 2)
        assert descend(problem, rate, 50).final == pytest.approx(expected)
    good, doubled = (
        descend(problem, [0.001, 0.01, 0.05, 0.1], 50),
        descend(problem, [0.002, 0.02, 0.1, 0.2], 50),
    )
    assert (doubled.final < good.final).tolist() == [True, True, True, False]


RIGHT = [0.1, 0.09, "0.1", " 0.11 ", [0.1], np.float64(0.1), np.array(0.105)]
WRONG = {
    0: "nothing moves",
    -0.1: "climbs",
    0.001: "Go up",
    0.05: "Go up",
    0.118: "swings",
    0.2: "Go down",
    1e300: "Go down",
    "fast": "number",
    np.inf: "finite",
    True: "number",
    len: "function",
}


@pytest.mark.parametrize("answer", RIGHT)
def test_a_working_rate_is_right(answer):
    assert check.working_rate(answer).mark == "✓"


@pytest.mark.parametrize("answer", WRONG, ids=str)
def test_a_rate_that_does_not_work_is_named(answer):
    verdict = check.working_rate(answer)
    assert verdict.mark == "✗" and WRONG[answer] in verdict.text


def test_what_the_check_says_of_a_working_rate():
    run = descend(least_squares(*line()), [0.09, 0.1, 0.11, 0.2], 50)
    assert (run.final < 0.01).tolist() == [True, True, True, False]
    assert "A tenth less or more does that too; twice as much does not" in check.working_rate(0.1).text


def test_the_vote():
    assert check.vote_doubling("?").mark == "○"
    assert "cannot know yet" in check.vote_doubling("d").text


# The six questions, each answered by a run.


def swing(rate, factor_at, factor):
    """1 − ηλ at `rate`, for the curvature at which it is `factor` at the rate `factor_at`."""
    return 1 - rate * (1 - factor) / factor_at


def test_question_1_swings():
    assert swing(0.2, 0.1, -0.5) == pytest.approx(-2)  # c
    assert swing(0.03, 0.06, -0.8) == pytest.approx(0.1)  # after: b
    problem = least_squares([[1.0]], [0.0], bias=False)  # w², curvature 2
    w = descend(problem, 1.5, 2, start=[1.0]).weights[:, 0]
    assert w.tolist() == [1, -2, 4]


def test_question_2_baseline():
    y = school_district(None).y
    assert 1 - y.mean() == 0.87 and 1 - 40 / 500 == 0.92


def test_question_3_product():
    problem = logistic(*school_district()[0])
    before, after = descend(problem, 0.1, 100, batch=10), descend(problem, 0.5, 20, batch=10)
    assert after.final == pytest.approx(before.final, rel=0.05)
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


@pytest.mark.parametrize("rate, beta, step", [(0.1, 0.9, 1.0), (0.02, 0.95, 0.4)])
def test_question_5_momentum(rate, beta, step):
    w, memory = np.zeros(1), ()
    for _ in range(500):
        before = w
        w, memory = rules.momentum(w, np.array([-1.0]), rate, *memory, beta=beta)
    assert w - before == pytest.approx(step)


def test_question_6_decades():
    def decades(rates):
        return {int(np.floor(np.log10(rate) + 1e-9)) for rate in rates}

    choices = [0.0001, 2, 4, 6, 8, 10], [0.0001, 0.001, 0.01, 0.1, 1, 10], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    assert max(choices, key=lambda rates: len(decades(rates))) == choices[1]


def test_six_before_counts_and_keeps_its_secret():
    assert check.six_before("??????").mark == "○"
    assert "1 of 6" in check.six_before("cdab?b").text
    for answer in "cdabdb", "CDABDB", "c d a b d b", "c,d,a,b,d,b", list("cdabdb"), tuple("cdabdb"):
        assert check.six_before(answer).text.startswith("cdabdb: 6 of 6")
    wrong = check.six_before("aaaaaa")
    assert wrong.mark == "✎" and "1 of 6" in wrong.text and "lesson 03" not in wrong.text


def test_six_after_says_where_to_read_again():
    assert check.six_after("bacdbc").mark == "✓"
    verdict = check.six_after("bacdba")
    assert verdict.mark == "✗" and verdict.text.count("lesson") == 1 and "lesson 06" in verdict.text
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
    assert [number for number, _, _ in rows] == [f"{k:02}" for k in range(8)]
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
