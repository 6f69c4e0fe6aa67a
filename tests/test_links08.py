"""Lesson 08: its links and its glossary."""

import json
import re
from functools import cache

import form

NOTEBOOKS = form.ROOT / "notebooks"


@cache
def lesson(number="08"):
    """The cells of a lesson, by id."""
    (path,) = NOTEBOOKS.glob(f"{number}-*.ipynb")
    book = json.loads(path.read_text(encoding="utf-8"))
    return {cell["id"]: {**cell, "source": "".join(cell["source"])} for cell in book["cells"]}


def headings(number):
    cells = lesson(number).values()
    found = [
        re.findall(r"^#+ (.*)$", cell["source"], re.MULTILINE) for cell in cells if cell["cell_type"] == "markdown"
    ]
    return {title.strip().replace(" ", "-") for titles in found for title in titles}


def test_every_link_finds_its_heading():
    text = "\n".join(cell["source"] for cell in lesson().values() if cell["cell_type"] == "markdown")
    links = re.findall(r"\]\(((?:0\d-[\w-]+\.ipynb)?)(?:#([^)]+))?\)", text)
    assert len(links) > 60
    for file, heading in links:
        assert not file or (NOTEBOOKS / file).exists(), file
        assert not heading or heading in headings(file[:2] or "08"), (file, heading)


def glossary():
    rows = [line.strip("| ").split(" | ") for line in lesson()["glossary"]["source"].splitlines()[6:]]
    return [row for row in rows if len(row) > 1]


def test_the_glossary_is_in_two_languages_and_in_order():
    rows = glossary()
    assert len(rows) > 50 and all(len(row) == 4 for row in rows)
    terms = [row[0] for row in rows]
    assert terms == sorted(terms, key=str.lower)
    names = {"AdaDelta", "AdaGrad", "Adam", "AdamW", "RMSProp"}
    assert all(re.search("[\u4e00-\u9fff]", row[1]) for row in rows if row[0] not in names)


def test_each_term_stands_in_the_lesson_that_it_links_to():
    missing = []
    for term, *_, link in glossary():
        number = re.search(r"\((0\d)-", link)[1]
        text = "\n".join(cell["source"] for cell in lesson(number).values()).lower()
        if re.sub(r"(ting|ed|ing|e|y|s)$", "", term.lower().split("'")[0].split()[0]) not in text:
            missing.append(f"{term} (lesson {number})")
    assert missing == []
