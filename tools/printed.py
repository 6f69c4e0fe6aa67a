"""What is printed: handouts, two slides to a page with lines to write on, and the instructor's guide.

The guide is one document, as HTML and as PDF: the plans of the sessions, then for each lesson its minutes and each
slide as it looks, with what to say about it.
"""

import base64
import contextlib
import functools
import os
import re
import sys

import nbformat

import chromium
import decks
import layout
import publish
from publish import BUILD, ROOT, write

READY = "html[data-math=ready][data-deck=ready]"
PICTURE = {"width": 640, "height": 360}  # of a slide in the guide
MARKS = {"vote": "vote", "claim": "claim", "task": "task", "instrument": "slider"}


class Browser:
    """A headless Chromium for printing, inside a `with` block; it starts when the first page is asked for."""

    def __enter__(self):
        self._stack, self._started = contextlib.ExitStack(), None
        return self

    def __exit__(self, *error):
        self._stack.close()

    def new_page(self, **settings):
        if not self._started:
            from playwright.sync_api import sync_playwright

            path = chromium.find() or sys.exit(chromium.ADVICE)
            playwright = self._stack.enter_context(sync_playwright())
            started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            self._started = self._stack.enter_context(started)
        return self._started.new_page(**settings)


def each(work, lessons):
    """work(lesson, browser) → a line, for each lesson; each core takes its share of them, with one browser."""
    cores, lessons = os.cpu_count() or 1, publish.largest_first(lessons)
    shares = [lessons[first::cores] for first in range(min(cores, len(lessons)))]
    publish.in_parallel(functools.partial(share, work), shares)


def share(work, lessons):
    with Browser() as browser:
        return "\n".join(work(lesson, browser) for lesson in lessons)


def handouts(lessons):
    """build/handouts: for each lesson a PDF of its deck, two slides to a page with lines to write on."""
    decks.slides(lessons)
    (BUILD / "handouts").mkdir(parents=True, exist_ok=True)
    each(handout, lessons)


def handout(lesson, browser):
    """Print a lesson's handout, unless it is as it was; a line that says so."""
    target = BUILD / "handouts" / f"{lesson.stem}.pdf"

    def made(lesson):
        return pdf(opened(browser, BUILD / "slides" / f"{lesson.stem}.html", "?print-pdf&handout"), target)

    return publish.once(target, lesson, made)


def guide(lessons):
    """build/guide: the instructor's guide of the course, index.html and guide.pdf; with lessons named, of these."""
    decks.slides(lessons)
    folder = BUILD / "guide"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pictures").mkdir(exist_ok=True)
    each(seen, lessons)
    write(folder / "index.html", document(lessons))
    with Browser() as browser:
        page = browser.new_page()
        page.goto((folder / "index.html").as_uri())
        page.wait_for_selector("html[data-math=ready]", state="attached")
        print(pdf(page, folder / "guide.pdf"))


def opened(browser, path, query="", **viewport):
    """A page on a deck, ready."""
    page = browser.new_page(**({"viewport": viewport} if viewport else {}))
    page.goto(path.as_uri() + query)
    page.wait_for_selector(READY, state="attached")
    return page


def pdf(page, target):
    """Print a page, and close it; a line that says so."""
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    page.close()
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(printed)
    part.replace(target)
    count = len(re.findall(rb"/Type\s*/Page(?!s)", printed))
    return f"{target.relative_to(ROOT)} {count} pages, {len(printed) / 1e6:.1f} MB"


def seen(lesson, browser):
    """Photograph a lesson's slides, unless they are as they were; a line that says so."""
    target = BUILD / "guide" / "pictures" / f"{lesson.stem}-00.jpg"
    return publish.once(target, lesson, functools.partial(pictured, browser=browser))


def pictured(lesson, browser):
    """Photograph each slide of a lesson's deck for the guide; a line that says so."""
    page = opened(browser, BUILD / "slides" / f"{lesson.stem}.html", **PICTURE)
    page.add_style_tag(content=".reveal :is(.controls, .progress, .slide-number) { display: none !important; }")
    count = page.evaluate("Reveal.getTotalSlides()")
    for number in range(count):
        page.evaluate("n => Reveal.slide(n, 0, 99)", number)
        page.screenshot(path=BUILD / "guide" / "pictures" / f"{lesson.stem}-{number:02}.jpg", type="jpeg", quality=70)
    page.close()
    return f"{lesson.stem}: {count} slides photographed"


def document(lessons):
    """The guide as one self-contained HTML text."""
    plan = (ROOT / "teaching" / "plan.md").read_text(encoding="utf-8")
    cells = [text("plan", re.sub(r"^# .*", "# Teaching the learning rate", plan, count=1))]
    cells[0].source += "\n\n## The lessons\n\n" + "\n".join(
        f"- [{one.title}](#lesson-{one.stem[:2]})" for one in lessons
    )
    for lesson in lessons:
        cells += of_lesson(lesson)
    book = nbformat.v4.new_notebook(cells=cells)
    return publish.sealed(publish.rendered(book, "guide", Guide()))


class Guide:
    """What stands in a lesson's place for the template."""

    title = "Teaching the learning rate"


def text(ident, source):
    return nbformat.v4.new_markdown_cell(source, id=ident)


def of_lesson(lesson):
    """The guide's cells on a lesson: its minutes, slide by slide, then each slide with its note."""
    slides = layout.slides(lesson.stored, lesson.path)
    spine = sum(slide.note.minutes for slide in slides if not slide.note.optional)
    head = f"# {lesson.title}\n\nThe spine has {spine:g} minutes. ◇ marks what is optional.\n\n"
    rows = [
        f"| {place + 1} | {'◇ ' * slide.note.optional}{title(slide)} | {MARKS.get(slide.kind, '')} "
        f"| {slide.note.minutes:g} | {'' if slide.by is None else f'{slide.by:g}'} |"
        for place, slide in enumerate(slides)
    ]
    table = "\n".join(["| | slide | | minutes | clock |", "|---|---|---|---|---|", *rows])
    cells = [text(f"lesson-{lesson.stem[:2]}", head + table)]
    for place, slide in enumerate(slides):
        said = f"## {place + 1} · {'◇ ' * slide.note.optional}{title(slide)}\n\n"
        cells.append(
            text(f"at-{lesson.stem[:2]}-{slide.first.id}", said + picture(lesson, place, slide) + slide.note.text)
        )
    return cells


def title(slide):
    """The heading of a slide."""
    first = layout.headed(slide.first.source.lstrip())
    return first.splitlines()[0].lstrip("# ")


def picture(lesson, place, slide):
    """The photograph of a slide, where there is one."""
    path = BUILD / "guide" / "pictures" / f"{lesson.stem}-{place:02}.jpg"
    if not path.exists():
        return ""
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    return f'<img class="shot" src="data:image/jpeg;base64,{data}" alt="The slide: {title(slide)}">\n\n'
