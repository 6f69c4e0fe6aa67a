"""The lessons keep their form: read, never run. And what reads the form finds what it is there to find."""

import base64
import copy
import json

import nbformat
import pytest

import form
import notebooks
import prose

LESSONS = form.lessons()
SOLUTIONS = form.solutions()
BOOKS = [*LESSONS, *SOLUTIONS]
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_there_are_lessons():
    numbers = [path.stem[:2] for path in LESSONS]
    assert "01" in numbers
    assert len(set(numbers)) == len(numbers)


def test_each_lesson_has_its_solutions():
    with_exercises = [path.name for path in LESSONS if form.asked(code_of(read(path)), "exercise")]
    assert [path.name for path in SOLUTIONS] == with_exercises


@pytest.mark.parametrize("path", BOOKS, ids=notebooks.name)
def test_a_notebook_keeps_its_form(path):
    assert notebooks.complaints(path, read(path)) == []


@pytest.mark.parametrize("path", BOOKS, ids=notebooks.name)
def test_a_notebook_is_canonical(path):
    text = path.read_text(encoding="utf-8")
    assert notebooks.as_text(notebooks.normalise(nbformat.reads(text, as_version=4))) == text, (
        "not as make notebooks stores it"
    )


@pytest.mark.parametrize("path", BOOKS, ids=notebooks.name)
def test_a_notebook_is_valid(path):
    nbformat.validate(nbformat.read(path, as_version=4))


def code_of(book):
    return [cell for cell in book["cells"] if cell["cell_type"] == "code"]


def markdown(ident, source, **metadata):
    return {"cell_type": "markdown", "id": ident, "metadata": metadata, "source": source}


def code(ident, count, source, *outputs, **metadata):
    return {
        "cell_type": "code",
        "execution_count": count,
        "id": ident,
        "metadata": metadata,
        "outputs": list(outputs),
        "source": source,
    }


def shown(text, **more):
    data = {"text/plain": text, **more}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def printed(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def good():
    """A small lesson with nothing to complain of; its cells by index are what the cases below break."""
    cells = [
        markdown("title", "# A lesson\n\nThe limit is 0.1198.", slideshow={"slide_type": "slide"}, tags=["title"]),
        code("imports", 1, "from lrlab import check, plots", tags=["claim"]),
        code("vote", 2, 'check.vote_limit("?")', printed("○ Choose a or b."), tags=["vote"]),
        code("limit", 3, "plots.limit()", shown("Above 0.119756 every step is worse.", **{"image/png": PNG})),
        code(
            "reveal",
            4,
            "check.vote_limit.reveal()",
            printed("you: no vote · measured: b"),
            tags=["reveal"],
            **form.FOLDED,
        ),
        markdown("task", "Find the limit.", tags=["exercise"]),
        code("stub", 5, "answer = ...\ncheck.limit(answer)", printed("○ open\n"), tags=["exercise"]),
    ]
    return notebook(cells)


def solved():
    """The solutions of that lesson."""
    solution = "answer = 2 / 17\ncheck.limit(answer)"
    return notebook([code("solution", 1, solution, printed("✓ right\n"), tags=["solution"])])


def notebook(cells):
    return {"cells": cells, "metadata": copy.deepcopy(form.NOTEBOOK), "nbformat": 4, "nbformat_minor": 5}


def test_the_good_notebook_is_good():
    assert form.complaints(good()) == []
    assert form.complaints(solved(), lesson=good()) == []


def put(index, **changes):
    """A way to break good(): cell `index` with some of its entries changed."""
    return lambda book: book["cells"][index].update(changes)


BIG = base64.b64encode(bytes(form.FIGURE + 1)).decode()
CASES = {
    "counts": (put(3, execution_count=7), "execution counts are not 1..n"),
    "not run": (put(3, execution_count=None), "execution counts are not 1..n"),
    "same id": (put(3, id="imports"), "imports: an id used twice"),
    "hex id": (put(3, id="3f1c9e1a"), "no one can read"),
    "uuid": (put(3, id="3f1c9e1a-1234-4abc-8def-0123456789ab"), "no one can read"),
    "upper id": (put(3, id="Limit_1"), "no one can read"),
    "no id": (lambda book: book["cells"][0].pop("id"), "no one can read"),
    "tag": (put(1, metadata={"tags": ["nbval-skip"]}), "has the tag 'nbval-skip'"),
    "metadata": (put(1, metadata={"editable": True}), "has metadata 'editable'"),
    "slide": (put(0, metadata={"slideshow": {"slide_type": "skipped"}}), "slideshow metadata"),
    "a note": (put(0, metadata={"slideshow": {"slide_type": "notes"}}), "slideshow metadata"),
    "no kind": (put(0, metadata={"slideshow": {"slide_type": "slide"}}), "begins a slide"),
    "two kinds": (
        put(0, metadata={"slideshow": {"slide_type": "subslide"}, "tags": ["claim", "figure"]}),
        "begins a slide",
    ),
    "folded": (put(1, metadata=form.FOLDED), "folded and no reveal"),
    "unfolded": (put(4, metadata={"tags": ["reveal"]}), "a reveal that is not folded"),
    "half folded": (
        put(4, metadata={"tags": ["reveal"], "jupyter": {"outputs_hidden": True}}),
        "a reveal that is not folded",
    ),
    "source folded": (put(1, metadata={"jupyter": {"source_hidden": True}}), "folded and no reveal"),
    "widgets": (lambda book: book["metadata"].update(widgets={}), "the notebook's metadata"),
    "kernel": (lambda book: book["metadata"]["kernelspec"].update(name="x"), "the notebook's metadata"),
    "error": (
        put(1, outputs=[{"output_type": "error", "ename": "KeyError", "evalue": "", "traceback": []}]),
        "KeyError",
    ),
    "warning": (put(1, outputs=[printed("UserWarning: no", "stderr")]), "stores a warning"),
    "widget view": (
        put(1, outputs=[shown("a", **{"application/vnd.jupyter.widget-view+json": {}})]),
        "stores application/vnd.jupyter.widget-view+json",
    ),
    "path": (put(1, outputs=[printed("in /home/me/course")]), "stores a path"),
    "address": (put(1, outputs=[shown("<object at 0x7f00aa11bb22>")]), "stores an address in memory"),
    "version": (put(1, outputs=[printed("NumPy 2.4.6")]), "stores a version"),
    "timing": (put(1, outputs=[printed("in 12.5 ms")]), "stores a time taken"),
    "progress": (put(1, outputs=[shown("IntProgress(value=0, max=200)")]), "stores a progress bar"),
    "figure": (put(3, outputs=[shown("limit 0.1198 in a figure", **{"image/png": BIG})]), "100 kB"),
    "alternative": (
        put(3, outputs=[shown("<Figure size 640x480>", **{"image/png": PNG})]),
        "text alternative",
    ),
    "number": (
        put(3, outputs=[shown("Every step makes it worse.", **{"image/png": PNG})]),
        "text alternative",
    ),
    "long": (put(1, source="\n".join(["x = 1"] * 16)), "has 16 lines"),
    "styling": (put(1, source="import matplotlib.pyplot as plt"), "styles a figure"),
    "helper": (put(1, source="def f(x):\n    return x"), "defines a function"),
    "magic": (put(1, source="%time 3"), "not plain Python"),
    "open": (put(6, outputs=[printed("✗ wrong")]), "is open"),
    "voted": (put(2, outputs=[printed("✎ b")]), "is open"),
    "given away": (put(6, outputs=[printed("✓ right")]), "nobody earned"),
    "no check": (put(6, source="answer = ..."), "does not end in its check"),
    "a solution": (put(6, metadata={"tags": ["solution"]}), "it stands in notebooks/solutions/"),
    "no reveal": (lambda book: book["cells"].pop(4), "vote: its vote is not revealed once"),
    "revealed first": (lambda book: book["cells"].insert(1, book["cells"].pop(4)), "is not revealed once"),
    "revealed openly": (put(3, source="check.vote_limit.reveal()"), "without the tag reveal"),
    "instructor": (put(5, source="Notes for the instructor: 1 minute."), "speaks to the instructor"),
    "attachment": (put(0, attachments={"a.png": {}}), "attachment"),
    "no alt": (put(5, source="![](../data/a.png)"), "without a text alternative"),
    "no alt in HTML": (put(5, source='<img src="a.png">'), "without a text alternative"),
    "remote": (put(5, source="![A map](https://example.org/a.png)"), "not in the repository"),
    "prose": (put(0, source="The limit is 0.1298."), "0.1298 stands in no output"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_broken_form_is_named(case):
    break_it, sentence = CASES[case]
    book = good()
    break_it(book)
    assert any(sentence in complaint for complaint in form.complaints(book)), form.complaints(book)


def test_a_function_may_be_the_lesson():
    book = good()
    put(1, source="def f(x):\n    return x", metadata={"tags": ["demo"]})(book)
    assert form.complaints(book) == []


SOLVED = {
    "not right": (put(0, outputs=[printed("✗ wrong")]), "is right"),
    "missing": (lambda book: book["cells"].pop(), "no solution ends in check.limit(answer)"),
    "of nothing": (put(0, source="check.rate(1)"), "check.rate(1) is no exercise"),
}


@pytest.mark.parametrize("case", SOLVED)
def test_a_broken_solution_is_named(case):
    break_it, sentence = SOLVED[case]
    book = solved()
    break_it(book)
    found = form.complaints(book, lesson=good())
    assert any(sentence in complaint for complaint in found), found


@pytest.mark.parametrize(
    "page, sentence",
    [
        ("# 01\n\n## title\n\n1 minute. Ask what they expect.\n", ""),
        ("# 01\n", "has no section ## title"),
        ("## title\n\n", "## title is empty"),
        (
            "## title\n\n1 minute. Ask what they expect.\n\n## gone\n\n2 minutes, in pairs or alone.\n",
            "## gone is no slide",
        ),
    ],
)
def test_the_guide_follows_the_slides(tmp_path, page, sentence):
    (tmp_path / "teaching").mkdir()
    (tmp_path / "teaching" / "01-toy.md").write_text(page)
    found = list(form.of_guide(tmp_path / "notebooks" / "01-toy.ipynb", good()))
    assert (len(found) == 1 and sentence in found[0]) if sentence else not found


SUPPORTED = [
    ("the limit 0.1198", "0.119756"),
    ("87.0 % right", "0.87"),
    ("100 percent", "1.0"),
    ("w = −660", "-660.0"),
    ("1,000 epochs", "epochs=1000"),
    ("12\u202f755 and 12{,}755 and 12\\,755", "12755.16015625"),
    ("3.21·10⁻⁵ or $3.21 \\cdot 10^{-5}$ or 3.21e-05", "3.2099e-05"),
    ("about 4600 epochs", "4612"),
    ("the chapter prints <q>0.2297</q>", ""),
    ("> A rate of 0.001 is typical.", ""),
    ("Kingma and Ba 2015, arXiv:1412.6980, [here](https://example.org/12345)", ""),
    ("lesson 01, 30 to 45 minutes, 0.5, float64", ""),
]
UNSUPPORTED = [
    ("the limit 0.1199", "0.119756"),
    ("0.1198", "0.12"),
    ("380 epochs", "379"),
    ("4600 epochs", "4612"),
    ("about 4700 epochs", "4612"),
    ("w = −661", "-660.0"),
    ("3.22·10⁻⁵", "3.2099e-05"),
    ("in $0.1298$", "0.119756"),
    ("**5.28**", "52.8"),
    ("12,756", "12755.16"),
]


@pytest.mark.parametrize("text, evidence", SUPPORTED)
def test_a_number_with_its_evidence_passes(text, evidence):
    assert prose.unsupported(text, evidence) == []


@pytest.mark.parametrize("text, evidence", UNSUPPORTED)
def test_a_number_without_evidence_is_named(text, evidence):
    assert len(prose.unsupported(text, evidence)) == 1
