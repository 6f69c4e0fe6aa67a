"""What is printed: handouts, two slides to a page with lines to write on, and the instructor's guide.

The guide is one document, as HTML and as PDF: the plans of the sessions, then for each lesson its minutes and each
slide as it looks, with what to say about it.
"""

import base64
import contextlib
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


@contextlib.contextmanager
def browser():
    """A headless Chromium for printing."""
    from playwright.sync_api import sync_playwright

    path = chromium.find() or sys.exit(chromium.ADVICE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


def handouts(lessons):
    """build/handouts: for each lesson a PDF of its deck, two slides to a page with lines to write on."""
    decks.slides(lessons)
    (BUILD / "handouts").mkdir(parents=True, exist_ok=True)
    publish.in_parallel(handout, lessons)


def handout(lesson):
    """Print a lesson's handout, unless it is as it was; a line that says so."""
    target = BUILD / "handouts" / f"{lesson.stem}.pdf"

    def made(lesson):
        with browser() as started:
            page = opened(started, BUILD / "slides" / f"{lesson.stem}.html", "?print-pdf&handout")
            return pdf(page, target)

    return publish.once(target, lesson, made)


def guide(lessons):
    """build/guide: the instructor's guide of the course, index.html and guide.pdf; with lessons named, of these."""
    decks.slides(lessons)
    folder = BUILD / "guide"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pictures").mkdir(exist_ok=True)
    publish.in_parallel(seen, lessons)
    write(folder / "index.html", document(lessons))
    with browser() as started:
        page = started.new_page()
        page.goto((folder / "index.html").as_uri())
        page.wait_for_selector("html[data-math=ready]", state="attached")
        print(pdf(page, folder / "guide.pdf"))


def opened(started, path, query="", **viewport):
    """A page on a deck, ready."""
    page = started.new_page(**({"viewport": viewport} if viewport else {}))
    page.goto(path.as_uri() + query)
    page.wait_for_selector(READY, state="attached")
    return page


def pdf(page, target):
    """Print a page; a line that says so."""
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(printed)
    part.replace(target)
    count = len(re.findall(rb"/Type\s*/Page(?!s)", printed))
    return f"{target.relative_to(ROOT)} {count} pages, {len(printed) / 1e6:.1f} MB"


def seen(lesson):
    """Photograph a lesson's slides, unless they are as they were; a line that says so."""
    return publish.once(BUILD / "guide" / "pictures" / f"{lesson.stem}-00.jpg", lesson, pictured)


def pictured(lesson):
    """Photograph each slide of a lesson's deck for the guide; a line that says so."""
    folder = BUILD / "guide" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    with browser() as started:
        page = opened(started, BUILD / "slides" / f"{lesson.stem}.html", **PICTURE)
        page.add_style_tag(content=".reveal :is(.controls, .progress, .slide-number) { display: none !important; }")
        count = page.evaluate("Reveal.getTotalSlides()")
        for number in range(count):
            page.evaluate("n => Reveal.slide(n, 0, 99)", number)
            page.screenshot(path=folder / f"{lesson.stem}-{number:02}.jpg", type="jpeg", quality=70)
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
    first = decks.TASK.sub(r"## \1\n\n", slide.first.source.lstrip(), count=1)
    return first.splitlines()[0].lstrip("# ")


def picture(lesson, place, slide):
    """The photograph of a slide, where there is one."""
    path = BUILD / "guide" / "pictures" / f"{lesson.stem}-{place:02}.jpg"
    if not path.exists():
        return ""
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    return f'<img class="shot" src="data:image/jpeg;base64,{data}" alt="The slide: {title(slide)}">\n\n'
