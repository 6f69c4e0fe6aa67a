"""The lessons as pages of a website, under build/pages."""

import html
import re

import publish
from publish import BUILD, ROOT, course, ran, sealed, write


def anchored(page):
    """The page with the ids that JupyterLab gives headings: their text, with hyphens for spaces."""

    def heading(found):
        text = html.unescape(re.sub(r"<[^>]+>", "", found[2])).strip()
        return f'<h{found[1]} id="{html.escape(text.replace(" ", "-"))}">{found[2]}</h{found[1]}>'

    return re.sub(r"<h([1-4])>(.*?)</h\1>", heading, page, flags=re.DOTALL)


def page(lesson):
    """The lesson's page as one HTML text."""
    text = publish.rendered(ran(lesson), "page", lesson)
    return sealed(anchored(re.sub(r'(href="[\w-]+)\.ipynb(?=["#])', r"\1.html", text)))


def built(lesson):
    """Write the lesson's page; a line that says so."""
    text, target = page(lesson), BUILD / "pages" / f"{lesson.stem}.html"
    write(target, text)
    return f"{target.relative_to(ROOT)} {len(text.encode()) / 1e6:.1f} MB"


def pages(lessons):
    """build/pages: a page a lesson."""
    folder = BUILD / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    publish.in_parallel(built, lessons)
    import decks

    what = "Nine lessons on one number. The sliders move here; to change the code, open the notebooks."
    decks.index("The learning rate", what, course(), folder)
