"""Decks, handouts and the instructor's guide.

Each file holds everything that it shows: reveal.js, MathJax, pictures, sliders. A content security policy
names its scripts by their hashes and lets it load nothing.
"""

import html
import re
import sys

import nbformat

import form
import layout
import publish
from publish import BUILD, ROOT, course, ran, sealed, write

SLIDE = "application/x-slide+json"  # a figure as lrlab/slide.py draws it for a deck


def is_shown_on_a_slide(cell):
    """Whether a code cell's code is on its slide: where it is short, or a task, and there is no picture to look at."""
    pictures = any({"image/png", "text/html"} & set(output.get("data", {})) for output in cell.outputs)
    most = 10 if "exercise" in layout.tags(cell) else 6
    return not pictures and "reveal" not in layout.tags(cell) and len(cell.source.splitlines()) <= most


def prepared(book, lesson):
    """The notebook as its deck needs it: slides with their kind, figures drawn for them, notes, votes, no stubs."""
    notes, rooms = {}, {}
    for slide in layout.slides(book, lesson.path):
        kinds = [slide.kind, *(["beside"] * slide.beside), *(["run"] * (bool(slide.reveals) and slide.kind != "vote"))]
        data = {"vote": slide.vote} if slide.vote else {}
        if slide.note:
            kinds += ["optional"] * slide.note.optional
            data["timing"] = round(60 * slide.note.minutes) if not slide.note.optional else 0
            notes[slide.first.id] = slide.note.text
        slide.first.metadata["deck"] = {"kinds": " ".join(kinds), "data": data}
        for cell in slide.cells:
            if cell.cell_type == "code":
                for_a_slide(cell)
        for vote, measured in slide.reveals.items():
            at = next(cell for cell in slide.cells if cell.cell_type == "code" and form.called(cell.source)[0] == vote)
            at = at if at in slide.shown else slide.shown[-1]
            rooms.setdefault(at.id, []).append((vote, measured, layout.place(at) == "fragment"))
    cells = []
    for cell in book.cells:
        cells.append(cell)
        if cell.id in notes:
            cells.append(added(notes[cell.id], f"{cell.id}-notes", "notes"))
        for vote, measured, later in rooms.get(cell.id, ()):
            words = f'<div class="room" data-vote="{vote}" data-measured="{html.escape(measured)}"></div>'
            cells.append(added(words, f"{cell.id}-room", "fragment" if later else "-"))
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


def guide(lesson):
    """The instructor's page of a lesson as a notebook of texts: each slide by its title, then what stands about it."""
    cells = [nbformat.v4.new_markdown_cell(f"# {lesson.title}: for the instructor", id="guide-title")]
    titles = {cell.id: cell.source.lstrip().splitlines()[0].lstrip("# ") for cell in lesson.stored.cells if cell.source}
    for ident, text in form.guide(lesson.path).items():
        cells.append(nbformat.v4.new_markdown_cell(f"## {titles.get(ident, ident)}\n\n{text}", id=ident))
    return nbformat.v4.new_notebook(cells=cells)


def deck(lesson):
    """The lesson's deck as one self-contained HTML text."""
    page = publish.rendered(prepared(ran(lesson), lesson), "deck", lesson, is_shown_on_a_slide=is_shown_on_a_slide)
    return sealed(linked(page))


def printable(lesson):
    """The instructor's guide of a lesson as one self-contained HTML text."""
    return sealed(linked(publish.rendered(guide(lesson), "guide", lesson)))


def linked(page):
    """The page with links to its neighbours where the lesson links to notebooks."""
    return re.sub(r'(href="[\w-]+)\.ipynb(?=["#])', r"\1.html", page)


def built(lesson):
    """Write the lesson's deck; a line that says so."""
    page, target = deck(lesson), BUILD / "slides" / f"{lesson.stem}.html"
    write(target, page)
    return f"{target.relative_to(ROOT)} {len(page.encode()) / 1e6:.1f} MB"


def slides(lessons):
    """build/slides: a deck a lesson."""
    folder = BUILD / "slides"
    folder.mkdir(parents=True, exist_ok=True)
    publish.in_parallel(built, lessons)
    what = "One file a lesson. Space goes on, s opens the notes, f fills the screen, o shows all slides."
    index("The learning rate: slides", what, course(), folder)


def index(title, what, lessons, folder, ending="html"):
    """Write the page that lists what was built."""
    entries = "\n".join(
        f'<li><a href="{one.stem}.{ending}">{html.escape(one.title)}</a></li>'
        for one in lessons
        if (folder / f"{one.stem}.{ending}").exists()
    )
    page = (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{publish.style('page')}</style>\n"
        f"</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{what}</p>\n"
        f'<ol class="cards" start="0">\n{entries}\n</ol>\n</main>\n</body>\n</html>\n'
    )
    write(folder / "index.html", sealed(page))


def handouts(lessons):
    """build/handouts: for each lesson a PDF of its deck, one page a slide, and one of the instructor's guide."""
    from playwright.sync_api import sync_playwright

    import chromium

    slides(lessons)
    folder = BUILD / "handouts"
    folder.mkdir(parents=True, exist_ok=True)
    path = chromium.find() or sys.exit(chromium.ADVICE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for lesson in lessons:
            deck = (BUILD / "slides" / f"{lesson.stem}.html").as_uri() + "?print-pdf"
            printed(browser, deck, "html[data-math=ready][data-deck=ready] .pdf-page", folder / f"{lesson.stem}.pdf")
            words = folder / f"{lesson.stem}-guide.html"
            write(words, printable(lesson))
            printed(browser, words.as_uri(), "html[data-math=ready]", folder / f"{lesson.stem}-guide.pdf")
            words.unlink()
        browser.close()


def printed(browser, address, ready, target):
    """Print a page as a PDF, once it is ready."""
    print(f"{target.relative_to(ROOT)} ...", end=" ", flush=True)
    page = browser.new_page()
    page.goto(address)
    page.wait_for_selector(ready, state="attached")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(pdf)
    part.replace(target)
    page.close()
    count = len(re.findall(rb"/Type\s*/Page(?!s)", pdf))
    print(f"{count} pages, {len(pdf) / 1e6:.1f} MB", flush=True)
