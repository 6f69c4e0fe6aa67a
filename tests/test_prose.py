"""Every number of the prose is bound to the cell that computes it, and the binding is true: see tools/bind.py."""

import json

import pytest

import bind
import form
from conftest import ROOT

LESSONS = form.lessons()


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_each_number_in_prose_is_what_its_cell_says(path):
    bound = bind.read(bind.FOLDER / f"{path.stem[:2]}.json")
    found = bind.complaints(bind.read(path), bind.read(path.parent / "solutions" / path.name), bound)
    assert found == [], "python tools/bind.py writes the bindings anew; a person reads them"


def text(ident, source):
    return {"cell_type": "markdown", "id": ident, "source": source, "metadata": {}}


def code(ident, source, said):
    outputs = [{"output_type": "stream", "name": "stdout", "text": said}]
    return {"cell_type": "code", "id": ident, "source": source, "metadata": {}, "outputs": outputs}


SOLVED = {"cells": [code("answer", "check.limit(0.25)", "✓")]}
CELLS = [
    text("limit", "## The limit\n\nIt is 0.12. After 50 epochs the loss is 2.3."),
    code("run", "run = descend(p, 0.1, 50)", "limit 0.1198, loss 2.29"),
    text("other", "## Elsewhere\n\nAgain 0.1198, and 12."),
    code("count", "print(12)", "12"),
    text("question", "## Your turn\n\nIs it 0.25?"),
    code("stub", "check.limit(...)", "○"),
]


def book(**changed):
    cells = json.loads(json.dumps(CELLS))
    for cell in cells:
        cell["source"] = changed.get(cell["id"], cell["source"])
    return {"cells": cells}


BOUND = {
    "limit": ["0.12 < run", "50 < run", "2.3 < run"],
    "other": ["0.1198 < run", "12 < count"],
    "question": ["0.25 < answer"],
}


def test_a_number_is_bound_to_its_section_then_to_the_lesson_then_to_the_solution():
    assert bind.bind(book(), SOLVED, {}) == BOUND
    assert bind.complaints(book(), SOLVED, BOUND) == []


WRONG = {
    "another digit": {"limit": "## The limit\n\nIt is 0.13. After 50 epochs the loss is 2.3."},
    "two digits": {"other": "## Elsewhere\n\nAgain 0.1198, and 11."},
    "another output": {"count": "print(13)"},
    "a number more": {"question": "## Your turn\n\nIs it 0.25 or 0.35?"},
    "a number of the neighbour": {"limit": "## The limit\n\nIt is 0.12. After 50 epochs the loss is 0.12."},
}


@pytest.mark.parametrize("name", WRONG)
def test_what_no_longer_agrees_is_named(name):
    changed = book(**WRONG[name])
    for cell in changed["cells"]:
        if name == "another output" and cell["id"] == "count":
            cell["outputs"][0]["text"] = "13"
    assert len(bind.complaints(changed, SOLVED, BOUND)) == 1


def test_what_no_cell_computes_waits_for_a_reason():
    asked = book(question="## Your turn\n\nLet z be 40.")
    bound = bind.bind(asked, SOLVED, {})
    assert bound["question"] == ["40 ?"] and len(bind.complaints(asked, SOLVED, bound)) == 1
    bound["question"] = ["40 given"]
    assert bind.complaints(asked, SOLVED, bound) == [] and bind.bind(asked, SOLVED, bound) == bound
    assert len(bind.complaints(book(question="Let z be 41."), SOLVED, bound)) == 1


def test_every_number_with_another_last_digit_is_caught():
    """What tools/bind.py --mutate tells of all lessons, on a small one."""
    changed = book()
    found = [bool(bind.complaints(each, SOLVED, BOUND)) for *_, each in bind.mutants(changed)]
    assert len(found) == 6 and all(found)
    assert changed == book()


def test_no_lesson_is_left_out():
    assert sorted(path.name for path in (ROOT / "tests" / "prose").glob("*.json")) == [
        f"{path.stem[:2]}.json" for path in LESSONS
    ]
