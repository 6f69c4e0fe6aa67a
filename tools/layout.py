"""The slides of a lesson: which cells each has, its kind, its votes, and the room that is left for its figure.

A slide is 1280 pixels by 720. How high its words stand is estimated from their letters, a little too high rather
than too low; the figure is then drawn for what is left (lrlab/slide.py).
"""

import math
import re
from dataclasses import dataclass, field

import form
import plan

WIDE, HIGH = 1168, 640  # of a slide, inside its margins
LEFT, RIGHT = 500, 640  # the columns of a slide whose figure stands beside its words
GAP, LINE = 14, 41  # between blocks; a line of text
LEAST = 300  # pixels of height that a figure is given at least
CHOICE = re.compile(r"^[-*] \*\*([a-z])\*\* +(.+)$", re.MULTILINE)
NAMED = re.compile(r"# ((?:[a-z] [^,]+, ){2,}[a-z] [^,]+)$")  # "# h holds, n does not hold, u undecided" behind a vote
SAID = re.compile(r"you: no vote · measured: (.+)")


@dataclass
class Slide:
    """One slide: its cells that are shown, all cells up to the next slide, its note from the instructor's page."""

    shown: list
    cells: list
    note: plan.Note | None = None
    by: float | None = None  # on the spine: minutes from the deck's beginning to this slide's end
    vote: str | None = None  # the vote that it asks
    reveals: dict = field(default_factory=dict)  # vote → what was measured

    @property
    def first(self):
        return self.shown[0]

    @property
    def kind(self):
        return next(iter(sorted(tags(self.first) & form.KINDS_OF_SLIDE)), "figure")

    @property
    def choices(self):
        """The choices of a vote by letters: as the slide lists them, or as the vote's own line names them."""
        if not self.vote:
            return {}
        listed = [choice for cell in self.shown for choice in CHOICE.findall(cell.source)]
        return dict(listed) or dict(part.split(" ", 1) for part in self.named)

    @property
    def named(self):
        """The choices that only the vote's own line names, behind a #: ["h holds", …]."""
        lines = [NAMED.search(cell.source) for cell in self.cells if "vote" in tags(cell)]
        return next((found[1].split(", ") for found in lines if found), [])

    @property
    def pictures(self):
        """The cells whose stored output is a picture."""
        return [cell for cell in self.shown if size(cell) and "explorer" not in tags(cell)]

    @property
    def beside(self):
        """Whether the figure stands beside the words: a square one, or one under a vote."""
        if len(self.pictures) != 1:
            return False
        wide, high = size(self.pictures[0])
        return self.kind == "vote" or wide / high < 1.4


def tags(cell):
    return set(cell.metadata.get("tags", ()))


def place(cell):
    return cell.metadata.get("slideshow", {}).get("slide_type", "")


def size(cell):
    """Width and height of a cell's stored picture, or None."""
    found = [output.get("metadata", {}).get("image/png") for output in cell.get("outputs", ())]
    return next(((one["width"], one["height"]) for one in found if one), None)


def slides(book, path):
    """The slides of a lesson, in order."""
    notes, found = {name: plan.read(text) for name, text in form.guide(path).items()}, []
    for cell in book.cells:
        if place(cell) in form.STARTS:
            found.append(Slide([], [], notes.get(cell.id)))
        if not found:
            continue
        found[-1].cells.append(cell)
        if place(cell) in form.STARTS | {"-", "fragment"}:
            found[-1].shown.append(cell)
    gone = 0
    for slide in found:
        if slide.note and not slide.note.optional:
            slide.by = gone = gone + slide.note.minutes
        for cell in slide.cells:
            if cell.cell_type != "code" or "closer" in tags(cell):
                continue
            name, how = form.called(cell.source)
            if how == "reveal":
                slide.reveals[name] = next(iter(SAID.findall(form.said(cell))), "")
            elif "vote" in tags(cell) and slide.kind in {"vote", "claim"} and (name or "").startswith("vote_"):
                slide.vote = slide.vote or name
    return found


def boxes(book, path):
    """{id of a cell: (width, height)} for each cell whose figure stands on a slide."""
    found = {}
    for slide in slides(book, path):
        for cell in slide.pictures:
            if slide.beside:
                found[cell.id] = (RIGHT, HIGH)
            else:
                found[cell.id] = (WIDE, max(round((HIGH - words(slide)) / len(slide.pictures)), LEAST))
    return found


def words(slide):
    """How high everything but the pictures of a slide stands, in pixels."""
    total = 60 if slide.reveals else 0
    for cell in slide.shown:
        source = headed(cell.source) if cell is slide.first else cell.source
        total += height(source) if cell.cell_type == "markdown" else output_height(cell)
    return total + GAP * (len(slide.shown) - 1)


def headed(text):
    """A slide's first words: where an exercise has no heading, its bold words are one."""
    return re.sub(r"\A\*\*(?:\d+\. )?(.+?)\.?\*\*\s+", r"## \1\n\n", text, count=1)


def height(text):
    """How high a markdown cell stands on a slide."""
    total = 0
    text = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    for block in re.split(r"\n\s*\n", text.strip()):
        if block.startswith("#"):
            total += 51 * lines(block.lstrip("# "), 40) + 6
        elif block.startswith("$$"):
            total += 104 if "\\sum" in block else 90
        elif block.startswith("|"):
            total += 44 * (len(block.splitlines()) - 1) + 10
        else:
            total += sum(LINE * lines(re.sub(r"[*`]|\]\(.*?\)", "", one), 64) for one in logical(block)) + 10
    return total


def logical(block):
    """A paragraph as one line, a list as a line for each of its points."""
    return re.split(r"\n(?=[-*\d])", block) if re.match(r"[-*\d]", block) else [block.replace("\n", " ")]


def lines(text, letters):
    return max(math.ceil(len(text) / letters), 1)


def output_height(cell):
    """How high the text that a cell puts out stands beside its picture."""
    said = [out.get("text") or "" for out in cell.outputs if out.get("name") == "stdout"]
    kept = [line for text in said for line in form.joined(text).splitlines() if not line.startswith("The run")]
    return 31 * len(kept) + GAP if kept else 0
