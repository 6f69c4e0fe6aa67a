"""Decks: a lesson's slides, laid out by kind, with figures drawn for them and places for a room's votes.

Each file holds everything that it shows: reveal.js, MathJax, pictures, sliders. A content security policy
names its scripts by their hashes and lets it load nothing.
"""

import functools
import html
import re
from dataclasses import dataclass

import nbformat

import form
import layout
import publish
from lrlab.slide import KIND as SLIDE
from publish import BUILD, ROOT, course, ran, sealed, write


def is_shown_on_a_slide(cell):
    """Whether a code cell's code is on its slide: where it is short, or a task, and there is no picture to look at."""
    pictures = any({"image/png", "text/html"} & set(output.get("data", {})) for output in cell.outputs)
    most = 10 if "exercise" in layout.tags(cell) else 6
    return not pictures and "reveal" not in layout.tags(cell) and len(cell.source.splitlines()) <= most


def prepared(book, lesson, alone=True):
    """The notebook as its deck needs it: slides with their kind, figures drawn for them, notes, votes, no stubs.

    A deck of one lesson alone marks what is optional, and its notes have the clock of its spine.
    """
    notes, rooms = {}, {}
    for slide in layout.slides(book, lesson.path):
        kinds = [slide.kind, *(["beside"] * slide.beside), *(["run"] * (bool(slide.reveals) and slide.kind != "vote"))]
        data = {"vote": slide.vote} if slide.vote else {}
        if slide.note:
            left_out = alone and slide.note.optional
            kinds += ["optional"] * left_out
            data["timing"] = 0 if left_out else round(60 * slide.note.minutes)
            clock = f"\n\nBy here: {slide.by:g} minutes." if alone and slide.by else ""
            notes[slide.first.id] = slide.note.text + clock
        slide.first.source = layout.headed(slide.first.source)
        slide.first.metadata["deck"] = {"kinds": " ".join(kinds), "data": data}
        for cell in slide.cells:
            if cell.cell_type == "code":
                for_a_slide(cell)
        if slide.named:
            choices = "\n".join(f"- **{one[0]}** {one[2:]}" for one in slide.named)
            rooms.setdefault(slide.shown[-1].id, []).append(added(choices, f"{slide.first.id}-choices", "-"))
        for vote, measured in slide.reveals.items():
            at = next(cell for cell in slide.cells if cell.cell_type == "code" and form.called(cell.source)[0] == vote)
            at = at if at in slide.shown else slide.shown[-1]
            words = f'<div class="room" data-vote="{vote}" data-measured="{html.escape(measured)}"></div>'
            kind = "fragment" if layout.place(at) == "fragment" else "-"
            rooms.setdefault(at.id, []).append(added(words, f"{at.id}-room", kind))
    cells = []
    for cell in book.cells:
        cells.append(cell)
        if cell.id in notes:
            cells.append(added(notes[cell.id], f"{cell.id}-notes", "notes"))
        cells += rooms.get(cell.id, [])
    book.cells = cells
    return book


def added(text, ident, kind):
    """A markdown cell that only the deck has."""
    cell = nbformat.v4.new_markdown_cell(text, id=ident)
    cell.metadata["slideshow"] = {"slide_type": kind}
    return cell


def for_a_slide(cell):
    """A code cell without what only a notebook needs: the check's line, what says "open" or announces a reveal."""
    kept = []
    for output in cell.outputs:
        data = output.get("data", {})
        if drawn := data.pop(SLIDE, None):
            data["image/png"] = drawn["png"]
            output.metadata["image/png"].update({name: drawn[name] for name in ("width", "height", "text")})
        if output.get("name") == "stdout":
            output.text = "".join(re.findall(r"^(?!The run|○).*\n?", output.text, re.MULTILINE))
            if not output.text.strip():
                continue
        elif re.match("○|you: no vote", data.get("text/plain", "")) and "image/png" not in data:
            continue
        kept.append(output)
    cell.outputs = kept
    cell.source = re.sub(r"\n+check\.\w+\(.*\)\s*$", "", cell.source)
    if not kept and "reveal" in layout.tags(cell):
        cell.metadata["slideshow"] = {"slide_type": "skip"}


def deck(lesson):
    """The lesson's deck as one self-contained HTML text."""
    page = publish.rendered(prepared(ran(lesson), lesson), "deck", lesson, is_shown_on_a_slide=is_shown_on_a_slide)
    return sealed(linked(page))


def linked(page):
    """The page with links to its neighbours where the lesson links to notebooks."""
    return re.sub(r'(href="[\w-]+)\.ipynb(?=["#])', r"\1.html", page)


def built(lesson):
    """Write the lesson's deck, unless it is as it was; a line that says so."""
    target = BUILD / "slides" / f"{lesson.stem}.html"
    return publish.once(target, lesson, lambda lesson: written(deck(lesson), lesson.stem))


def written(page, stem):
    """Write a deck; a line that says so."""
    target = BUILD / "slides" / f"{stem}.html"
    write(target, page)
    return f"{target.relative_to(ROOT)} {len(page.encode()) / 1e6:.1f} MB"


@dataclass
class Talk:
    """The talk of one hour, in a lesson's place."""

    title: str = "One hour: from 00, 01 and 03"
    stem: str = "one-hour"

    @staticmethod
    def slides():
        """[(lesson, id of a slide)] as teaching/plan.md lists them."""
        _, _, text = (ROOT / "teaching" / "plan.md").read_text(encoding="utf-8").partition("\n## One hour")
        by_number = {lesson.stem[:2]: lesson for lesson in course()}
        rows = re.findall(r"^\| (\d\d) \|(.*?)\|", text, re.MULTILINE)
        return [(by_number[number], ident) for number, row in rows for ident in re.findall(r"`([\w-]+)`", row)]


@functools.cache
def built_talk():
    """Write the deck of one hour: slides of three lessons, as teaching/plan.md lists them."""
    books, cells = {}, []
    for lesson, ident in Talk.slides():
        if lesson.stem not in books:
            books[lesson.stem] = grouped(prepared(ran(lesson), lesson, alone=False).cells)
        cells += books[lesson.stem][ident]
    for place, cell in enumerate(cells):
        cell.id = f"{cell.id}-{place}"  # two lessons may both have a limit
    book = nbformat.v4.new_notebook(cells=cells)
    page = publish.rendered(book, "deck", Talk(), is_shown_on_a_slide=is_shown_on_a_slide)
    return written(sealed(linked(page)), Talk.stem)


def grouped(cells):
    """{id of a slide: its cells}, in order."""
    found, last = {}, None
    for cell in cells:
        last = cell.id if layout.place(cell) in form.STARTS else last
        found.setdefault(last, []).append(cell)
    return found


def slides(lessons):
    """build/slides: a deck a lesson."""
    folder = BUILD / "slides"
    folder.mkdir(parents=True, exist_ok=True)
    publish.in_parallel(built, publish.largest_first(lessons))
    if {one.stem for one, _ in Talk.slides()} <= {one.stem for one in lessons}:
        print(built_talk())
    what = "Space goes on, s opens the notes, f fills the screen, d is for a dark room, x leaves optional slides out, "
    index("The learning rate: slides", f"{what}o shows all slides.", [*course(), Talk()], folder)


def index(title, what, lessons, folder):
    """Write the page that lists the decks that were built."""
    entries = "\n".join(
        f'<li><a href="{one.stem}.html">{html.escape(one.title)}</a></li>'
        for one in lessons
        if (folder / f"{one.stem}.html").exists()
    )
    page = (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{publish.style('guide')}</style>\n"
        f"</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{what}</p>\n"
        f'<ol start="0">\n{entries}\n</ol>\n</main>\n</body>\n</html>\n'
    )
    write(folder / "index.html", sealed(page))
