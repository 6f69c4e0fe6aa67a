"""Decks, handouts, pages: the lessons' own cells as HTML and PDF, under build/. What they share.

    python tools/publish.py slides | handouts | guide | pages | all  [LESSON …]

decks.py makes the decks, printed.py what is on paper, pages.py and website.py the website. A lesson is run for
this, with its explorers in their static face; what a run gave is kept in build/run until the lesson, lrcore, lrlab
or the data change.
"""

import argparse
import base64
import contextlib
import functools
import hashlib
import itertools
import os
import re
import time
import unittest.mock
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter

import form
import layout
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


@functools.cache
def sources():
    """A hash of all that a lesson reads when it runs: lrcore, lrlab, data."""
    known = hashlib.sha256()
    read = [path for kind in ("py", "js", "css", "mplstyle") for path in ROOT.glob(f"lr*/**/*.{kind}")]
    for path in sorted([*read, *(path for path in ROOT.glob("data/*") if path.is_file())]):
        known.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return known


def place_of_run(lesson):
    """Where a lesson is kept as it ran: another name when it, lrcore, lrlab, the data or its slides' room change."""
    known = sources().copy()
    known.update(lesson.path.read_bytes() + repr(layout.boxes(lesson.stored, lesson.path)).encode())
    return BUILD / "run" / f"{lesson.stem}-{known.hexdigest()[:16]}.ipynb"


def ran(lesson):
    """The lesson run with static explorers, from build/run where nothing has changed since."""
    kept = place_of_run(lesson)
    if not kept.exists():
        book, boxes = nbformat.read(lesson.path, as_version=4), layout.boxes(lesson.stored, lesson.path)
        with unittest.mock.patch.dict(os.environ, LRCORE_FACE="static", LESSON_VOTES="off"), in_boxes(book, boxes):
            notebooks.run(book, lesson.path.parent)
        kept.parent.mkdir(parents=True, exist_ok=True)
        for old in kept.parent.glob(f"{lesson.stem}-*"):
            old.unlink()
        write(kept, notebooks.as_text(book))
    return nbformat.read(kept, as_version=4)


def once(target, lesson, make):
    """Make a lesson's file unless what it is made from is as it was: its run, its guide, its solutions, the tools."""
    known = hashlib.sha256(place_of_run(lesson).name.encode() + b"".join(one.title.encode() for one in course()))
    texts = [path for kind in ("py", "css", "js", "j2", "json") for path in (ROOT / "tools").glob(f"**/*.{kind}")]
    texts += [ROOT / "teaching" / f"{lesson.stem}.md", lesson.path.parent / "solutions" / lesson.path.name]
    for text in sorted(texts):
        known.update(text.read_bytes() if text.exists() else b"")
    stamp = BUILD / "made" / target.relative_to(BUILD)
    if target.exists() and stamp.exists() and stamp.read_text() == known.hexdigest():
        return f"build/{target.relative_to(BUILD)} is as it was"
    said = make(lesson)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    write(stamp, known.hexdigest())
    return said


@contextlib.contextmanager
def in_boxes(book, boxes):
    """While the book runs, each cell with a figure on a slide begins with a line that says how large that may be."""
    written = {cell.id: cell.source for cell in book.cells}
    for cell in book.cells:
        if cell.cell_type == "code":
            room = "x".join(map(str, boxes.get(cell.id, ())))
            cell.source = f"__import__('os').environ['LRCORE_BOX'] = '{room}'\n{cell.source}"
    yield
    for cell in book.cells:
        cell.source = written[cell.id]


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


def rendered(book, template, lesson, resources=None, **filters):
    """A notebook as HTML by one of tools/templates, not yet sealed; `resources` are what else the template asks for."""
    exporter = HTMLExporter(
        template_name=template,
        extra_template_basedirs=[str(TEMPLATES)],
        extra_template_paths=[str(TEMPLATES / "shared")],
        exclude_anchor_links=True,
        filters=filters,
    )
    given = {
        "lesson": lesson,
        "library": libraries.read,
        "script": lambda name: inside_html(libraries.read(name)),
        "own_script": lambda name: (TEMPLATES / name).read_text(encoding="utf-8"),
        "style": style,
        **(resources or {}),
    }
    page, _ = exporter.from_notebook_node(book, resources=given)
    return page


def in_parallel(work, tasks):
    """work(task) → a line to print, for each task, in as many processes as there are cores."""
    if len(tasks) < 2:
        for task in tasks:
            print(work(task), flush=True)
        return
    libraries.fetch()
    with ProcessPoolExecutor(min(os.cpu_count() or 1, len(tasks))) as pool:
        for line in pool.map(work, tasks):
            print(line, flush=True)


def largest_first(lessons):
    """Lessons so that none which takes long is begun last, while the other core waits."""
    return sorted(lessons, key=lambda lesson: -lesson.path.stat().st_size)


def spent():
    """(seconds, processor seconds) of this process and those that it waited for."""
    return time.monotonic(), sum(os.times()[:4])


def main():
    """What `make slides`, `make handouts`, `make guide` and `make pages` call."""
    import decks
    import printed
    import website

    makers = {
        "slides": decks.slides,
        "handouts": printed.handouts,
        "guide": printed.guide,
        "pages": website.website,
    }
    makers["all"] = lambda lessons: [make(lessons) for name, make in makers.items() if name != "all"]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=makers)
    parser.add_argument("lesson", nargs="*", help="a lesson's number or name; all of them without one")
    options = parser.parse_args()
    picked = notebooks.chosen(options.lesson or os.environ.get("LESSON", "").split(), ROOT / "notebooks")
    os.environ.pop("MPLBACKEND", None)
    began = spent()
    makers[options.what]([lesson for lesson in course() if lesson.path in picked])
    taken, used = (now - then for now, then in zip(spent(), began, strict=True))
    print(f"{options.what}: {taken:.0f} s, {used:.0f} s of processor time")


if __name__ == "__main__":
    main()
