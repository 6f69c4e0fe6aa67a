"""The website's page of a lesson, and of its solutions.

Each page is one file and needs nothing besides: its formulas are drawn when it is built (tex.py), its sliders hold
their frames, thinned until the page weighs at most 1.5 MB.
"""

import base64
import html
import json
import re
import zlib

import nbformat
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

import clickable
import form
import notebooks
import publish
from lrlab.explore.show import STYLE, packed
from publish import TEMPLATES, course, ran, sealed
from tex import Formulas

WEIGHT = 1_500_000  # bytes of a page, all told
ANEW = {"vote", "exercise", "explorer"}
FEWEST = 12  # rates of a slider
PACK = re.compile(r'data-pack="([^"]*)"')
INSTRUMENT = re.compile(r'<style>[^<]*</style>\n<script type="module">(.*?)</script>', re.DOTALL)  # of one slider
NOTHING_MEASURED = re.compile(r"^The run(, and your vote)?:\n")  # the first line of a reveal, which its fold says


def script(name):
    """One of our own scripts."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


# What of a lesson stands on its page


def prepared(book, lesson):
    """The notebook as its page shows it: cell.metadata.page says what of each cell, its outputs are what is to see.

    What a section says behind a reveal is folded with it: it would tell the answer.

    shown: code as text; code: code folded, below; opens, vote, closes: a reveal begins, of a vote, ends here;
    after: what follows; anchor: the cell's id is a place to link to; named: so is the exercise that it asks for.
    """
    measured, asker, open_, before, question = clickable.measured(book), None, False, None, None
    for cell in book.cells:
        tags, cell.metadata.page = set(cell.metadata.get("tags", ())), {}
        place, code = cell.metadata.page, cell.cell_type == "code"
        if code:
            cell.outputs = notebooks.outputs(cell)
            place["anchor"] = True
            name, how = form.called(cell.source)
            if "solution" in tags and (not question or question.metadata.page.setdefault("named", name) != name):
                place["named"] = name  # of several exercises under one question
            if tags & {"vote", "exercise"} and how != "reveal":
                asker = name if name in measured else None
            told(cell, place, lesson, tags, measured)
        elif "exercise" in tags:
            question = cell
        if "reveal" in tags:
            if not open_:
                whose = own_vote(book, cell) or asker
                place |= {"opens": "The run, and your vote" if whose else "What happens", "vote": whose}
            open_ = True
        elif open_ and begins_anew(cell, tags):
            open_, before.metadata.page["closes"] = False, True
        before = cell
    if open_:
        before.metadata.page["closes"] = True
    return book


def begins_anew(cell, tags):
    """Whether a cell behind a reveal no longer speaks of it: a heading, a question, an instrument, the score."""
    score = cell.cell_type == "code" and form.called(cell.source)[0] in {"score", "all_votes"}
    return bool((cell.source.startswith("#") and cell.cell_type == "markdown") or tags & ANEW or score)


def own_vote(book, cell):
    """The vote that the run of reveals which begins at a cell reveals, or None."""
    rest = book.cells[next(k for k, one in enumerate(book.cells) if one.id == cell.id) :]
    for one in rest:
        if "reveal" not in one.metadata.get("tags", ()):
            return None
        name, how = form.called(one.source) if one.cell_type == "code" else (None, None)
        if how == "reveal":
            return name
    return None


def told(cell, place, lesson, tags, measured):
    """Decide what of a code cell stands on the page."""
    said, pictures = form.said(cell), any({"image/png", "text/html"} & set(o.get("data", {})) for o in cell.outputs)
    name, how = form.called(cell.source)
    plumbing = all(line.startswith(("import ", "from ")) or not line.strip() for line in cell.source.splitlines())
    if name in {"score", "all_votes"}:
        cell.outputs, place["after"] = [], f'<p class="{name.replace("_", "-")}"></p>'
    elif "check.kept()" in cell.source:
        cell.outputs = []  # what a notebook kept; a page keeps its own, and says so below
    elif "vote" in tags and how != "reveal" and (ballot := clickable.vote(cell, measured)):
        cell.outputs, place["after"] = [], ballot
    elif "○" in said:
        cell.outputs = [output for output in cell.outputs if "○" not in form.said({"outputs": [output]})]
        place |= {"shown": True, "after": to_the_notebook(lesson, name if "exercise" in tags else None)}
    elif "reveal" in tags or pictures or plumbing:
        place["code"] = "exercise" not in tags and "demo" not in tags and "solution" not in tags
        place["shown"] = not place["code"]
    else:
        place["shown"] = True
    if "reveal" in tags:
        cell.outputs = [one for one in map(without_heading, cell.outputs) if one]
        if how == "reveal":
            said = form.said({"outputs": [cell.outputs.pop()]}) if clickable.MEASURED.search(said) else ""
            text = html.escape(said.strip())
            place["after"] = f'<p class="verdict" data-vote="{name}">{text}</p>'


def without_heading(output):
    """A reveal's output without the line that says that it is one; None where nothing is left."""
    if output.get("name") == "stdout":
        output.text = NOTHING_MEASURED.sub("", form.joined(output.text))
        return output if output.text.strip() else None
    return output


def to_the_notebook(lesson, exercise):
    """The sentence under code that a page cannot run."""
    solution = f', or read <a href="solutions/{lesson.stem}.html#{exercise}">a solution</a>' if exercise else ""
    notebook = f'<a href="notebooks/{lesson.stem}.ipynb" download>Open the notebook</a>'
    return f'<p class="try">{notebook} to try it{solution}.</p>'


# The page as text


class Page:
    """A page's place on the website, for its template. `up` leads to the folder of index.html: "" or "../"."""

    def __init__(self, lesson, links, up="", title=None):
        self.stem, self.title, self.up, self.links = lesson.stem, title or lesson.title, up, links
        self.before, self.after, self.course = lesson.before, lesson.after, course()
        self.minutes = None if title else minutes(lesson)


def page(lesson):
    """The lesson's page as one HTML text."""
    links = [("Slides", f"slides/{lesson.stem}.html"), ("Notebook", f"notebooks/{lesson.stem}.ipynb")]
    if solved(lesson).exists():
        links.append(("Solutions", f"solutions/{lesson.stem}.html"))
    return text_of(prepared(ran(lesson), lesson), lesson, Page(lesson, links))


def solutions(lesson):
    """The page of a lesson's solutions, as they are stored."""
    book = nbformat.read(solved(lesson), as_version=4)
    links = [("The lesson", f"../{lesson.stem}.html"), ("Notebook", f"../notebooks/solutions/{lesson.stem}.ipynb")]
    return text_of(prepared(book, lesson), lesson, Page(lesson, links, "../", f"{lesson.title}: solutions"))


def solved(lesson):
    """The file of a lesson's solutions."""
    return lesson.path.parent / "solutions" / lesson.path.name


def text_of(book, lesson, about):
    """A page by tools/templates/page, sealed: formulas drawn, each script once, headings that can be linked to."""
    formulas = Formulas()

    def converted(source):
        text = MarkdownWithMath(renderer=IPythonRenderer(escape=False, exclude_anchor_links=True)).render(source)
        return scrolling(formulas.marked(text))

    resources = {"about": about, "scripts": [script("site.js")]}
    text = publish.rendered(book, "page", lesson, resources, markdown2html=converted)
    text = re.sub(r'(href="(?:\.\./|solutions/)?\d\d-[\w-]+)\.ipynb(?=["#])(?!" download)', r"\1.html", text)
    text = anchored(one_instrument(re.sub(r"<th\b[^>]*></th>", "<td></td>", text)), formulas)
    return sealed(thinned(formulas.drawn(text)))


def scrolling(text):
    """Tables in a box of their own, which scrolls where the page is narrow."""
    return re.sub(r"(<table\b.*?</table>)", r'<div class="scroll">\1</div>', text, flags=re.DOTALL)


def one_instrument(text):
    """The page with the module of its sliders once, at the end, and its style sheet in the head."""
    modules = set(INSTRUMENT.findall(text))
    text = INSTRUMENT.sub("", text)
    if modules:
        text = text.replace("</style>", f"{STYLE}</style>", 1)
    head, found, rest = text.rpartition("</body>")
    return head + "".join(f'<script type="module">{one}</script>\n' for one in modules) + found + rest


def address(ident):
    """What leads to an id: a browser reads "%" as the beginning of a letter's code."""
    return "#" + ident.replace("%", "%25")


def anchored(text, formulas):
    """The page with the ids that JupyterLab gives headings, their text with hyphens for spaces, and its contents."""
    top, main, rest = text.partition('<main id="text"')
    contents = []

    def heading(found):
        level = found[1] if found[1] != "1" or not contents else "2"
        words = html.unescape(formulas.plain(re.sub(r"<[^>]+>", "", found[2]))).strip()
        ident = html.escape(words.replace(" ", "-"))
        if level in "12":
            contents.append(f'<li><a href="{address(ident)}">{found[2].strip()}</a></li>')
        return f'<h{level} id="{ident}">{found[2]}</h{level}>'

    rest = re.sub(r"<h([1-4])>(.*?)</h\1>", heading, rest, flags=re.DOTALL)
    return top.replace("<!--contents-->", "<ol>\n" + "\n".join(contents[1:]) + "\n</ol>") + main + rest


# What a page weighs


def thinned(text):
    """The page with fewer rates in its heaviest sliders, until it weighs at most WEIGHT."""
    packs = [json.loads(zlib.decompress(base64.b64decode(found))) for found in PACK.findall(text)]
    written = PACK.findall(text)
    rest = len(PACK.sub("", text).encode())
    while rest + sum(map(len, written)) > WEIGHT:
        thick = [k for k, pack in enumerate(packs) if len(pack["spec"]["controls"][0]["stops"]) > 2 * FEWEST]
        if not thick:
            break
        k = max(thick, key=lambda k: len(written[k]))
        thin(packs[k])
        written[k] = base64.b64encode(packed(packs[k])).decode()
    rest = iter(written)
    return PACK.sub(lambda _: f'data-pack="{next(rest)}"', text)


def thin(pack):
    """Leave out every other rate of a slider's frames, not one that has a name; of two, the one written longer."""
    rate = pack["spec"]["controls"][0]
    stops, named = rate["stops"], {rate["at"], *rate.get("marks", {}).values(), rate["stops"][0], rate["stops"][-1]}
    kept = {min(stops[k : k + 2], key=len) for k in range(0, len(stops), 2)} | named
    rate["stops"] = [stop for stop in stops if stop in kept]
    for key, frames in pack["packs"].items():
        pack["packs"][key] = {stop: frame for stop, frame in frames.items() if stop in kept}


def first_words(lesson):
    return lesson.stored.cells[0].source


def minutes(lesson):
    """How long a lesson takes, as its first cell says it."""
    found = re.search(r"(\d+) minutes", first_words(lesson))
    return int(found[1]) if found else None
