"""The graded tasks: right answers pass, stubs and usual errors do not, and nbgrader's grades are what was earned."""

import csv
import json
import os

import numpy as np
import pytest

import lrcore
import tasks

EACH = [(name, seed) for name in tasks.LESSONS for seed in (0, 1, 2026)]
WRONG = {
    "limit": "limit = 0.1",
    "loop": "def train(x, y, rate, epochs):\n    return [0.0] * (epochs + 1)",
    "loss": "def loss(z, y):\n    p = 1 / (1 + np.exp(-z))\n    return -np.mean(np.log(np.where(y, p, 1 - p)))",
    "steps": "rate = 1.0",
    "schedule": "def schedule(t):\n    return 1.0 + 0 * np.asarray(t)",
    "momentum": "def momentum(w, g, rate, v):\n    return w - rate * g, g",
    "grid": "rates = np.linspace(0.001, 1, 10)",
}


def of(name, seed):
    return list(tasks.LESSONS[name](np.random.RandomState([seed, int(name[:2])])))


def passes(task, answer):
    """Whether an answer passes the open test and the hidden one."""
    names = {"np": np, "lrcore": lrcore}
    with np.errstate(all="ignore"):
        exec(answer, names)
        try:
            exec(task.open + "\n" + task.hidden, names)
        except (AssertionError, TypeError):
            return False
    return True


@pytest.mark.parametrize(("name", "seed"), EACH)
def test_only_the_right_answer_passes(name, seed):
    for task in of(name, seed):
        assert passes(task, task.solution)
        assert not passes(task, task.stub)
        assert not passes(task, WRONG[task.name])
        assert "lrlab" not in task.open + task.hidden + task.solution


def test_another_seed_asks_for_something_else():
    for name in tasks.LESSONS:
        asked = [str([(task.question, task.hidden) for task in of(name, seed)]) for seed in range(8)]
        assert len(set(asked)) > 3 and of(name, 3) == of(name, 3)


@pytest.mark.skipif(not os.environ.get("GRADING"), reason="make test-assignments runs nbgrader")
def test_three_answers_are_graded(tmp_path):
    import assignments

    name = "01-fit-a-line"
    assignments.write(tmp_path, seed=1, names=[name])
    released = tmp_path / "release" / name / f"{name}.ipynb"
    text = released.read_text(encoding="utf-8")
    both = of(name, 1)
    assert not any(task.solution in text or task.hidden in text for task in both)
    assert all(json.dumps(task.stub)[1:-1].split("\\n")[0] in text for task in both)

    for student, answered in ("none", 0), ("some", 1), ("all", 2):
        book = json.loads(text)
        for task in both[:answered]:
            (cell,) = [cell for cell in book["cells"] if cell["metadata"]["nbgrader"]["grade_id"] == task.name]
            cell["source"] = task.solution
        place = tmp_path / "submitted" / student / name
        place.mkdir(parents=True)
        (place / released.name).write_text(json.dumps(book), encoding="utf-8")
    assignments.nbgrader("autograde", name, "--create", cwd=tmp_path)
    assignments.nbgrader("generate_feedback", name, cwd=tmp_path)
    assignments.nbgrader("export", cwd=tmp_path)
    with open(tmp_path / "grades.csv", encoding="utf-8") as file:
        grades = {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)}
    assert grades == {"none": (0, 5), "some": (2, 5), "all": (5, 5)}
    assert all((tmp_path / "feedback" / who / name / f"{name}.html").exists() for who in grades)
