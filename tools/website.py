"""The website around the lessons' pages, under build/pages: cards, search, decks, notebooks, the student's zip."""

import base64
import io
import json
import re
import shutil

import jinja2
import numpy as np
from PIL import Image

import decks
import form
import pages
import publish
import student
from lrlab.explore.frames import SMALL
from lrlab.figure import SHARP, palette
from publish import BUILD, TEMPLATES, course, sealed, write


def plain_page(name, **given):
    """A page that is no lesson: front.html.j2 or search.html.j2."""
    loader = jinja2.FileSystemLoader(TEMPLATES / "page")
    template = jinja2.Environment(loader=loader, trim_blocks=True).get_template(f"{name}.html.j2")
    return sealed(template.render(css=publish.style("site"), **given))


def card(lesson, folder):
    """A lesson on the front page: picture, title, question, minutes, deck."""
    question = re.search(r"\*\*(.+?)\*\*", pages.first_words(lesson))
    deck = f"slides/{lesson.stem}.html"
    return {
        "stem": lesson.stem,
        "title": lesson.title,
        "question": question[1] if question else "",
        "minutes": pages.minutes(lesson),
        "deck": deck if (folder / deck).exists() else None,
        "picture": small_picture(lesson),
    }


def small_picture(lesson):
    """The lesson's first picture of a slider, or else of anything before a reveal, small; base64, or None."""
    shown = [cell for cell in lesson.stored.cells if "reveal" not in cell.metadata.get("tags", ())]
    found = [
        (cell, o.data["image/png"])
        for cell in shown
        for o in cell.get("outputs", ())
        if "image/png" in o.get("data", {})
    ]
    found.sort(key=lambda one: "explorer" not in one[0].metadata.get("tags", ()))
    if not found:
        return None
    cell, png = found[0]
    image = Image.open(io.BytesIO(base64.b64decode(form.joined(png)))).convert("RGB")
    if "explorer" in cell.metadata.get("tags", ()):  # without the line that says how to move it
        image = image.crop((0, 0, image.width, image.height - SHARP * SMALL))
    image.thumbnail((640, 320))
    return base64.b64encode(palette(np.asarray(image), 48)).decode()


def sections(lesson):
    """[address, lesson, heading, text] of each section of a lesson, without what is folded with its reveals."""
    found, folded = [], False
    for cell in lesson.stored.cells:
        tags = set(cell.metadata.get("tags", ()))
        folded = "reveal" in tags or (folded and not pages.begins_anew(cell, tags))
        if cell.cell_type != "markdown" or folded:
            continue
        for line in cell.source.splitlines():
            if heading := re.match(r"#{1,4} +(.*)", line):
                words = re.sub(r"[`*]", "", heading[1]).strip()
                place = pages.address(words.replace(" ", "-"))
                found.append([f"{lesson.stem}.html{place}", lesson.title, words, ""])
            elif found:
                found[-1][3] += " " + re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"[`*|$]", "", line)).strip()
    return [[*rest, " ".join(text.split())] for *rest, text in found]


def built(lesson):
    """Write a lesson's page and its solutions' page, and lay its deck and notebooks beside; a line that says so."""
    folder = BUILD / "pages"
    said = publish.once(folder / f"{lesson.stem}.html", lesson, written)
    decks.built(lesson)
    shutil.copy(BUILD / "slides" / f"{lesson.stem}.html", folder / "slides")
    return said


def written(lesson):
    folder, text = BUILD / "pages", pages.page(lesson)
    write(folder / f"{lesson.stem}.html", text)
    shutil.copy(lesson.path, folder / "notebooks")
    if pages.solved(lesson).exists():
        write(folder / "solutions" / f"{lesson.stem}.html", pages.solutions(lesson))
        shutil.copy(pages.solved(lesson), folder / "notebooks" / "solutions")
    return f"build/pages/{lesson.stem}.html {len(text.encode()) / 1e6:.2f} MB"


def website(lessons):
    """build/pages: the website; of the lessons that are named, and the front page and the search for all."""
    folder = BUILD / "pages"
    for name in ("slides", "solutions", "notebooks/solutions"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (BUILD / "slides").mkdir(parents=True, exist_ok=True)
    publish.in_parallel(built, publish.largest_first(lessons))
    student.pack(folder / f"{student.NAME}.zip")
    front(folder)


def front(folder):
    """Write the front page and the page that searches."""
    site, search = pages.script("site.js"), pages.script("search.js")
    cards = [card(lesson, folder) for lesson in course()]
    write(folder / "index.html", plain_page("front", cards=cards, student=f"{student.NAME}.zip", scripts=[site]))
    every = [section for lesson in course() for section in sections(lesson)]
    held = json.dumps(every, ensure_ascii=False).replace("<", "\\u003c")
    write(folder / "search.html", plain_page("search", sections=held, scripts=[search, site]))
