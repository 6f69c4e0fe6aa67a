"""Votes: taken before the run, given back at the reveal, counted, kept in a file that may be deleted."""

import ast
import json
import re
import tomllib
from importlib import import_module

import pytest

import form
from conftest import ROOT
from lrlab import check
from lrlab.check import votes
from lrlab.check.reading import arithmetic

pytestmark = pytest.mark.usefixtures("votes_alone")


def named(vote, name="vote_toy", lesson="09"):
    vote.name, vote.lesson = name, lesson
    return vote


@pytest.fixture
def toy():
    return named(votes.letters("c", a="stuck", b="slower", c="larger swings"))


def test_a_letter_comes_back(toy):
    assert repr(toy("?")) == "○ Choose a, b or c."
    assert repr(toy("A")) == "✎ a: stuck. Run on, and compare."
    assert repr(toy("(b)")) == "✎ b: slower. Run on, and compare."
    assert repr(toy.reveal()) == "you: b · measured: c"
    assert repr(votes.score()) == "0 of 1 votes as measured."


def test_no_vote_is_no_vote(toy, tmp_path):
    assert toy("e").mark == toy(...).mark == "○"
    assert repr(toy.reveal()) == "you: no vote · measured: c"
    assert repr(votes.score()) == "No vote yet, of 1."
    assert list(tmp_path.iterdir()) == []


def test_the_guess_before_the_reveal_counts(toy):
    toy("b"), toy.reveal(), toy("c")
    assert repr(toy.reveal()) == "you: b · measured: c"
    assert repr(votes.score()).startswith("0 of 1")


@pytest.mark.parametrize(
    ("guess", "measured", "line", "right"),
    [
        (20, 10.0, "you: 20 · measured: 10, a factor 2 away", False),
        ("0,012", 0.01, "you: 0.012 · measured: 0.01, a factor 1.2 away", True),
        (10, 10.004, "you: 10 · measured: 10", True),
        (-1, 2, "you: -1 · measured: 2, 3 away", False),
        (0, 2, "you: 0 · measured: 2, 2 away", False),
    ],
)
def test_a_number_comes_back_with_its_distance(guess, measured, line, right):
    vote = named(votes.number(within=1.25))
    assert vote(guess).mark == "✎"
    assert repr(vote.reveal(measured)) == line
    assert repr(votes.score()) == f"{int(right)} of 1 votes as measured."


def test_a_number_within_a_difference():
    vote = named(votes.number(87, off=5))
    vote(90)
    assert repr(vote.reveal()) == "you: 90 · measured: 87, 3 away"
    assert repr(votes.score()).startswith("1 of 1")


def test_a_count_has_its_bounds():
    vote = votes.number(off=3, of=20)
    assert str(vote(21)) == "○ A number from 0 to 20 is asked for." and vote(-1).mark == "○"
    assert vote(20).mark == vote(0).mark == "✎"


@pytest.mark.parametrize("guess", ["many", (1, 2), "?", True, float("nan")])
def test_what_is_no_number_is_no_vote(guess):
    vote = votes.number(3)
    assert vote(guess).mark == "○"
    assert vote.value is None


def test_an_order_comes_back_with_its_pairs():
    vote = named(votes.order(50, 1, 0.5))
    assert vote("1, 0.5").mark == vote("1 0.5 0.5").mark == vote("?").mark == "○"
    assert vote("1, 0.5, 50").mark == "✎"
    # Of the pairs (50, 1), (50, 0.5), (1, 0.5) only the last stands as voted.
    assert repr(vote.reveal()) == "you: 1 0.5 50 · measured: 50 1 0.5, 1 of 3 pairs in this order"
    other = named(votes.order("sgd", "adam"))
    assert other(["SGD", "Adam"]).mark == "✎"


def test_the_score_counts_votes_and_those_left_out(toy):
    other, third = named(votes.number(10), "vote_other"), named(votes.number(10), "vote_third")
    toy("c"), other(10)
    toy.reveal(), other.reveal(), third.reveal()
    assert repr(votes.score()) == "2 of 2 votes as measured; 1 without a vote."


def test_a_vote_is_kept_until_the_file_is_deleted(toy, tmp_path):
    assert "No votes are kept" in repr(votes.all_votes())
    toy("b"), toy.reveal()
    (path,) = tmp_path.iterdir()
    assert json.loads(path.read_text()) == {"vote_toy": {"lesson": "09", "you": "b", "measured": "c", "agrees": False}}
    assert "0 of 1 votes as measured" in repr(votes.all_votes())
    assert "you: b · measured: c" in repr(votes.all_votes())
    path.unlink()
    assert "No votes are kept" in repr(votes.all_votes())


def test_where_votes_are_off_nothing_is_read_or_written(toy, tmp_path, monkeypatch):
    toy("b"), toy.reveal()
    (path,) = tmp_path.iterdir()
    before = path.read_text()
    monkeypatch.setenv("LESSON_VOTES", "off")
    assert "No votes are kept" in repr(votes.all_votes())
    other = named(votes.letters("a", a="yes", b="no"), "vote_other")
    other("a"), other.reveal()
    assert path.read_text() == before


@pytest.mark.parametrize("text", ["", "[]", "{", '{"vote_toy": 3}', '{"vote_toy": {}}'])
def test_a_spoilt_file_is_no_trouble(text, toy):
    votes.FILE.write_text(text)
    assert "No votes are kept" in repr(votes.all_votes())
    toy("b"), toy.reveal()
    assert "you: b · measured: c" in repr(votes.all_votes())


def test_a_lessons_votes_know_their_names():
    assert (check.vote_crossing.name, check.vote_crossing.lesson) == ("vote_crossing", "01")


def test_a_slider_takes_a_vote_once_it_is_moved():
    vote = named(votes.number(40, off=5))
    slider = vote.slider(0, 80)
    assert repr(slider) == "○ Move it to vote: from 0 to 80."
    assert slider._repr_mimebundle_()[0]["text/plain"] == repr(slider)
    assert vote.value is None
    slider.vote = 24.0  # as the browser says it
    assert vote.value == 24
    assert slider.said == "✎ 24. Run on, and compare."
    assert repr(vote.reveal(40.2)) == "you: 24 · measured: 40.2, 16.2 away"


# What a lesson may not say before a reveal: tests/spoilers.toml has a row for each vote of the course.

BOOKS = {path.stem[:2]: json.loads(path.read_text(encoding="utf-8")) for path in form.lessons()}
TABLE = {
    lesson: tomllib.loads((ROOT / "tests" / "spoilers" / f"{lesson}.toml").read_text(encoding="utf-8"))
    if (ROOT / "tests" / "spoilers" / f"{lesson}.toml").exists()
    else {}
    for lesson in BOOKS
}
ROWS = [
    (lesson, name, row)
    for lesson, rows in TABLE.items()
    for name, row in rows.items()
    if {row["vote"], row["reveal"]} <= {cell["id"] for cell in BOOKS[lesson]["cells"]}
]  # of the others test_every_vote_has_its_row says that they are missing
every_row = pytest.mark.parametrize(
    ("lesson", "name", "row"), ROWS, ids=[f"{lesson}-{name}" for lesson, name, _ in ROWS]
)


def named_cells(lesson):
    return {cell["id"]: place for place, cell in enumerate(BOOKS[lesson]["cells"])}


def asked(lesson):
    """{vote: [id of its cell, id of its reveal]} of a lesson."""
    found = {}
    for cell in BOOKS[lesson]["cells"]:
        if cell["cell_type"] == "code":
            name, how = form.called(form.joined(cell["source"]))
            if (name or "").startswith("vote_"):
                found.setdefault(name, [None, None])[how == "reveal"] = cell["id"]
    return found


@pytest.mark.parametrize("lesson", BOOKS)
def test_every_vote_has_its_row(lesson):
    rows = {name: [row["vote"], row["reveal"]] for name, row in TABLE[lesson].items()}
    assert rows == asked(lesson)


def question(lesson, vote):
    """The id of the first cell of a vote's question: what is tagged vote, with its picture, up to its stub."""
    cells = BOOKS[lesson]["cells"]
    tagged = ["vote" in cell["metadata"].get("tags", ()) for cell in cells]
    at = named_cells(lesson)[vote]
    kinds = [cell["metadata"].get("slideshow", {}).get("slide_type") for cell in cells]
    starts = [k for k in range(at) if kinds[k] in {"slide", "subslide"}]
    if starts and tagged[starts[-1]]:
        at = starts[-1]
    while at and tagged[at - 1]:
        at -= 1
    return cells[at]["id"]


def before(lesson, ident):
    """What a learner has met before a cell, as (where, text): every source, and each output but folded reveals.

    What a reveal says belongs to the votes after it, so reveals further up are read too.
    """
    for number, book in BOOKS.items():
        for cell in book["cells"]:
            if (number, cell["id"]) == (lesson, ident):
                return
            yield f"{number} {cell['id']}", form.joined(cell["source"])
            yield f"{number} {cell['id']}", form.said(cell)


def told(lesson, ident, patterns):
    found = []
    for where, text in before(lesson, ident):
        text = re.sub(r"\s+", " ", re.sub(r"[*_`$]|</?\w[^>]*>", "", text))
        found += [f"{where}: {hit[0]}" for one in patterns if (hit := re.search(one, text, re.IGNORECASE))]
    return found


@every_row
def test_nothing_tells_what_a_vote_asks(lesson, name, row):
    assert row["never_before"], "what may not be said before it?"
    assert told(lesson, row["reveal"], row["never_before"]) == []
    assert told(lesson, question(lesson, row["vote"]), row.get("only_with", [])) == []


@every_row
def test_no_reveal_has_the_answer_in_its_source(lesson, name, row):
    """A reveal's output is folded; its source lies open below the vote."""
    reveals = [one for one in BOOKS[lesson]["cells"] if "reveal" in one["metadata"].get("tags", ())]
    said = [
        (one["id"], hit)
        for one in reveals
        for hit in row.get("not_in_sources", ())
        if re.search(hit, form.joined(one["source"]))
    ]
    assert said == []


@every_row
def test_a_reveal_is_not_on_its_votes_slide(lesson, name, row):
    places, cells = named_cells(lesson), BOOKS[lesson]["cells"]
    kinds = [cell["metadata"].get("slideshow", {}).get("slide_type", "-") for cell in cells]
    between = kinds[places[row["vote"]] + 1 : places[row["reveal"]] + 1]
    assert kinds[places[row["reveal"]]] == "skip" or set(between) & {"slide", "subslide", "fragment"}


def reaches(source):
    """{control: (low, high)} of the ranges written in a slider's cell: rate=(0.01, 0.14) as numbers."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and isinstance(node.value, ast.Tuple) and len(node.value.elts) >= 2:
            try:
                found[node.arg] = tuple(arithmetic(ast.unparse(one)) for one in node.value.elts[:2])
            except ValueError:
                continue
    return found


@every_row
def test_no_control_before_a_vote_reaches_its_answer(lesson, name, row):
    places, cells = named_cells(lesson), BOOKS[lesson]["cells"]
    sliders = [c for c in cells[: places[row["vote"]]] if "explorer" in c["metadata"].get("tags", ())]
    allowed = row.get("controls", {})
    assert [slider["id"] for slider in sliders] == list(allowed), "each slider before it, with how far it reaches"
    for slider in sliders:
        found = reaches(form.joined(slider["source"]))
        for control, (low, high) in allowed[slider["id"]].items():
            assert control in found, f"{slider['id']} has no range for {control}"
            assert low <= found[control][0] and found[control][1] <= high, (slider["id"], control)


def cell(ident, source, kind="code", said="", **metadata):
    return {"cell_type": kind, "id": ident, "metadata": metadata, "source": source} | (
        {"outputs": [{"output_type": "stream", "text": said}]} if kind == "code" else {}
    )


@pytest.fixture
def course(monkeypatch):
    """Two small lessons that tell nothing, and the row of their one vote."""
    books = {
        "01": {"cells": [cell("next", "**Next:** a larger rate.", "markdown")]},
        "02": {
            "cells": [
                cell("bowl", "explore.rate_explorer(p, 60, rate=(0.01, 0.14))", tags=["explorer"]),
                cell(
                    "ask", "0.119 works. And **0.121**?", "markdown", tags=["vote"], slideshow={"slide_type": "slide"}
                ),
                cell("vote", 'check.vote_x("?")', said="○ Choose", tags=["vote"], slideshow={"slide_type": "skip"}),
                cell("after", "# The answer", "markdown", slideshow={"slide_type": "slide"}),
                cell("reveal", "check.vote_x.reveal()", said="526", tags=["reveal"], slideshow={"slide_type": "-"}),
            ]
        },
    }
    monkeypatch.setitem(globals(), "BOOKS", books)
    row = {"vote": "vote", "reveal": "reveal", "never_before": [r"\b526\b"], "only_with": [r"0\.121"]}
    row["not_in_sources"] = [r"\b526\b"]
    return books, {**row, "controls": {"bowl": {"rate": [0.01, 0.14]}}}


def rules(row):
    test_nothing_tells_what_a_vote_asks("02", "vote_x", row)
    test_no_reveal_has_the_answer_in_its_source("02", "vote_x", row)
    test_a_reveal_is_not_on_its_votes_slide("02", "vote_x", row)
    test_no_control_before_a_vote_reaches_its_answer("02", "vote_x", row)


def test_what_tells_nothing_passes(course):
    rules(course[1])
    assert asked("02") == {"vote_x": ["vote", "reveal"]}


SPOILT = {
    "a Next line": lambda cells, before: before[0].update(source="**Next:** it ends at *526*."),
    "a number before its question": lambda cells, before: before[0].update(source="Not 0.121."),
    "an output": lambda cells, before: cells[0]["outputs"][0].update(text="a loss of 526"),
    "a heading before the reveal": lambda cells, before: cells[3].update(source="## 526 it is"),
    "a slider that reaches it": lambda cells, before: cells[0].update(source="e(p, rate=(0.01, 0.2))"),
    "a slider without a range": lambda cells, before: cells[0].update(source="e(p)"),
    "a second slider": lambda cells, before: cells.insert(0, {**cells[0], "id": "second"}),
    "a reveal's source": lambda cells, before: cells[4].update(source="check.vote_x.reveal(526)"),
    "the same slide": lambda cells, before: cells.pop(3),
}


@pytest.mark.parametrize("how", SPOILT)
def test_what_tells_is_found(course, how):
    books, row = course
    SPOILT[how](books["02"]["cells"], books["01"]["cells"])
    with pytest.raises(AssertionError):
        rules(row)


def test_no_two_lessons_give_one_name_to_two_exercises():
    """check finds an exercise by its name alone: of two with one name, the later lesson's would answer for both."""
    named = [n for lesson in check.LESSONS for n in import_module(f"lrlab.check.{lesson}").__all__]
    assert sorted(named) == sorted(set(named))
