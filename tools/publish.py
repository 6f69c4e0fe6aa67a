"""Decks, handouts, pages: the lessons' own cells as self-contained HTML and PDF, under build/.

    python tools/publish.py slides | handouts | pages  [LESSON …]

Each file holds everything that it shows: reveal.js, MathJax, pictures, sliders. A content security policy
names its scripts by their hashes and lets it load nothing. A lesson is run for this, with its explorers in
their static face; what a run gave is kept in build/run until the lesson or lrcore changes.
"""

import argparse
import base64
import functools
import hashlib
import html
import itertools
import os
import re
import sys
import unittest.mock
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter

import form
import libraries
import notebooks

ROOT = form.ROOT
BUILD = ROOT / "build"
TEMPLATES = ROOT / "tools" / "templates"
SCRIPT = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)


@dataclass
class Lesson:
    """A lesson's file, its title, and the lessons before and after it."""

    path: Path
    before: "Lesson | None" = None
    after: "Lesson | None" = None

    @property
    def stem(self):
        return self.path.stem

    @functools.cached_property
    def title(self):
        first = next(cell.source for cell in self.stored.cells if cell.cell_type == "markdown")
        return first.splitlines()[0].lstrip("# ").strip()

    @functools.cached_property
    def stored(self):
        return nbformat.read(self.path, as_version=4)


def course():
    """All lessons in order, each knowing its neighbours."""
    found = [Lesson(path) for path in form.lessons(ROOT / "notebooks")]
    for one, next_one in itertools.pairwise(found):
        one.after, next_one.before = next_one, one
    return found


def ran(lesson):
    """The lesson run with static explorers, from build/run where nothing has changed since."""
    sources = [path for kind in ("py", "mplstyle", "js", "css") for path in ROOT.glob(f"lrcore/**/*.{kind}")]
    known = hashlib.sha256()
    for source in [lesson.path, *sorted(sources), *sorted(ROOT.glob("data/*.csv"))]:
        known.update(source.name.encode() + source.read_bytes())
    kept = BUILD / "run" / f"{lesson.stem}-{known.hexdigest()[:16]}.ipynb"
    if not kept.exists():
        book = nbformat.read(lesson.path, as_version=4)
        with unittest.mock.patch.dict(os.environ, LRCORE_FACE="static", LESSON_VOTES="off"):
            notebooks.run(book, lesson.path.parent)
        kept.parent.mkdir(parents=True, exist_ok=True)
        for old in kept.parent.glob(f"{lesson.stem}-*"):
            old.unlink()
        write(kept, notebooks.as_text(book))
    return nbformat.read(kept, as_version=4)


def write(path, text):
    """Write beside, then rename: a build that is stopped leaves no half file."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def inside_html(script):
    """A script as it may stand in a page: where a string in it says <script, </script or <!--, escaped."""
    return re.sub(r"<(?=/?script|!--)", r"\\x3C", script, flags=re.IGNORECASE)


def style(*names):
    """Our style sheets; "code" is Pygments' for highlighted code."""
    from pygments.formatters import HtmlFormatter

    sheets = {"code": HtmlFormatter(style="friendly").get_style_defs(".highlight")}
    return "\n".join(sheets.get(name) or (TEMPLATES / f"{name}.css").read_text() for name in names)


def is_shown_on_a_slide(cell):
    """Whether a code cell's code is on its slide: where it is short, or a task, and there is no picture to look at."""
    pictures = any({"image/png", "text/html"} & set(output.get("data", {})) for output in cell.outputs)
    return not pictures and len(cell.source.splitlines()) <= (10 if "exercise" in cell.metadata.get("tags", ()) else 6)


def with_notes(book, lesson):
    """The notebook with the guide's words on each slide behind its first cell, for the speaker's window."""
    sections, cells = form.guide(lesson.path), []
    for cell in book.cells:
        cells.append(cell)
        if cell.metadata.get("slideshow", {}).get("slide_type") in form.STARTS and cell.id in sections:
            notes = nbformat.v4.new_markdown_cell(sections[cell.id], id=f"{cell.id}-notes")
            notes.metadata["slideshow"] = {"slide_type": "notes"}
            cells.append(notes)
    book.cells = cells
    return book


def policy(page):
    """A page's content security policy: its own scripts by hash, pictures in it, nothing from anywhere."""
    scripts = SCRIPT.findall(page)
    if "RevealNotes" in page:  # the speaker's window, which the deck writes
        scripts += SCRIPT.findall(libraries.read("reveal.js/plugin/notes/speaker-view.html"))
    hashes = {base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts}
    allowed = " ".join(sorted(f"'sha256-{h}'" for h in hashes))
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "frame-src 'self' file:; base-uri 'none'; form-action 'none'"
    )


def sealed(page):
    """The page with its content security policy."""
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(page)}">'
    head, found, rest = page.partition("<head>")
    if not found:
        raise ValueError("a page without a head cannot be sealed")
    return f"{head}{found}\n{meta}{rest}"


def anchored(page):
    """The page with the ids that JupyterLab gives headings: their text, with hyphens for spaces."""

    def heading(found):
        text = html.unescape(re.sub(r"<[^>]+>", "", found[2])).strip()
        return f'<h{found[1]} id="{html.escape(text.replace(" ", "-"))}">{found[2]}</h{found[1]}>'

    return re.sub(r"<h([1-4])>(.*?)</h\1>", heading, page, flags=re.DOTALL)


def guide(lesson):
    """The instructor's page of a lesson as a notebook of texts: each slide by its title, then what stands about it."""
    cells = [nbformat.v4.new_markdown_cell(f"# {lesson.title}: for the instructor", id="guide-title")]
    titles = {cell.id: cell.source.lstrip().splitlines()[0].lstrip("# ") for cell in lesson.stored.cells if cell.source}
    for ident, text in form.guide(lesson.path).items():
        cells.append(nbformat.v4.new_markdown_cell(f"## {titles.get(ident, ident)}\n\n{text}", id=ident))
    return nbformat.v4.new_notebook(cells=cells)


def export(lesson, template, book=None):
    """The lesson, or a book in its place, as one self-contained HTML text: template "deck" or "page"."""
    exporter = HTMLExporter(
        template_name=template,
        extra_template_basedirs=[str(TEMPLATES)],
        extra_template_paths=[str(TEMPLATES / "deck")],
        exclude_anchor_links=True,
        filters={"is_shown_on_a_slide": is_shown_on_a_slide},
    )
    resources = {
        "lesson": lesson,
        "library": libraries.read,
        "script": lambda name: inside_html(libraries.read(name)),
        "own_script": lambda name: (TEMPLATES / name).read_text(encoding="utf-8"),
        "style": style,
    }
    book = book or ran(lesson)
    if template == "deck":
        with_notes(book, lesson)
    page, _ = exporter.from_notebook_node(book, resources=resources)
    page = re.sub(r'(href="[\w-]+)\.ipynb(?=["#])', r"\1.html", page)
    return sealed(anchored(page) if template == "page" else page)


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
        f"<style>{style('page')}</style>\n"
        f"</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{what}</p>\n"
        f'<ol class="cards" start="0">\n{entries}\n</ol>\n</main>\n</body>\n</html>\n'
    )
    write(folder / "index.html", sealed(page))


def build(lessons, template, folder):
    """Write each lesson's HTML into folder, saying which."""
    folder.mkdir(parents=True, exist_ok=True)
    for lesson in lessons:
        print(f"{folder.relative_to(ROOT)}/{lesson.stem}.html ...", end=" ", flush=True)
        page = export(lesson, template)
        write(folder / f"{lesson.stem}.html", page)
        print(f"{len(page.encode()) / 1e6:.1f} MB", flush=True)


def slides(lessons):
    """build/slides: a deck a lesson."""
    build(lessons, "deck", BUILD / "slides")
    what = "One file a lesson. Space goes on, s opens the notes, f fills the screen, o shows all slides."
    index("The learning rate: slides", what, course(), BUILD / "slides")


def pages(lessons):
    """build/pages: a page a lesson."""
    build(lessons, "page", BUILD / "pages")
    what = "Eight lessons on one number. The sliders move here; to change the code, open the notebooks."
    index("The learning rate", what, course(), BUILD / "pages")


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
            write(words, export(lesson, "page", guide(lesson)))
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


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("slides", "handouts", "pages"))
    parser.add_argument("lesson", nargs="*", help="a lesson's number or name; all of them without one")
    options = parser.parse_args()
    picked = notebooks.chosen(options.lesson or os.environ.get("LESSON", "").split(), ROOT / "notebooks")
    os.environ.pop("MPLBACKEND", None)
    globals()[options.what]([lesson for lesson in course() if lesson.path in picked])
