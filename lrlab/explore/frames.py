"""Frames: what stands still is drawn once as SVG, what moves once for each run, by Matplotlib's own renderer."""

import io
import re
from functools import cache

import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure

from .. import slide
from ..figure import DPI, SHARP, new, palette, panel_size, pixels, style, taken

SMALL = 24  # CSS pixels of the line of small print
MARK = "\ue000"  # stands before every id; the page puts a prefix of its own there, for each copy another
_PLACES = re.compile(r'(?<= )(?:d|x|y)="[^"]*"')
_DOTS = re.compile(
    r'<defs><path id="([^"]+)" d="M 0 ([\d.]+) (?:C(?: [-\d.]+){6} ){8}z " style="stroke: (#\w{6})"/></defs>'
    r'<g( clip-path="[^"]*")>((?:<use xlink:href="#\1" [^>]*/>)+)</g>'
)
_AT = re.compile(r' x="([^"]*)" y="([^"]*)"')
_PATH = re.compile(r'(?<=[\w"]) d="([^"]*)"')
_PART = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_NUMBER = re.compile(r"-?\d+\.\d+")


class Stage:
    """Views on figures of their own. Called with a run, it gives the frame: a piece of SVG for each, and texts.

    view(ax, runs, **shows) draws the scenery for all runs and returns show(run). What moves is what show adds
    to the axes, and every artist made with animated=True, which show gives its data.
    """

    def __init__(self, views, runs, shows):
        __tracebackhide__ = True
        self.figures, self.shows, self.still = [], [], []
        with style():
            sizes = slide.panels([panel_size(len(views), view) for view in views])
            for view, size in zip(views, sizes, strict=True):
                ax = new(size)
                self.shows.append(view(ax, runs, **taken(view, shows)))
                self.figures.append(ax.figure)
                self.still.append(set(_artists(ax.figure)))
                ax.figure.dpi = 72  # an SVG counts in points
        self.laid_out = False

    def __call__(self, run):
        """(a piece of SVG, its text alternative) for each view."""
        __tracebackhide__ = True
        with style():
            frame = []
            for k, (figure, show) in enumerate(zip(self.figures, self.shows, strict=True)):
                self._forget(k)
                text = show(run)
                if not self.laid_out:  # with a run on it, so that all texts have their room
                    lay_out(figure)
                frame.append((self._fragment(k), str(text)))
            self.laid_out = True
            return frame

    def _forget(self, k):
        """Take away what show added for the run before."""
        for artist in _artists(self.figures[k]):
            if artist not in self.still[k]:
                artist.remove()
        for ax in self.figures[k].axes:
            ax.set_prop_cycle(None)  # what names no colour gets the first each time

    def _moving(self, k):
        found = _artists(self.figures[k])
        return sorted(
            (a for a in found if a.get_visible() and (a.get_animated() or a not in self.still[k])),
            key=lambda a: a.zorder,
        )

    def _fragment(self, k):
        """What moves, drawn: SVG without a head, with the clip paths and markers that it needs."""
        figure, file = self.figures[k], io.StringIO()
        renderer = RendererSVG(*figure.bbox.size, file, image_dpi=DPI, metadata=NO_METADATA)
        for artist in self._moving(k):
            artist.draw(renderer)
        renderer.finalize()
        return tidied(file.getvalue())

    def scenery(self):
        """For each view the SVG of what stands still."""
        found = []
        with style():
            for k, figure in enumerate(self.figures):
                self._forget(k)
                moving, file = self._moving(k), io.StringIO()
                for artist in moving:
                    artist.set_visible(False)
                figure.dpi = DPI * SHARP  # of what is rasterized
                FigureCanvasSVG(figure).print_svg(file, metadata=NO_METADATA)
                figure.dpi = 72
                for artist in moving:
                    artist.set_visible(True)
                body = tidied(file.getvalue())
                width, height = figure.bbox.size
                found.append(f'<svg viewBox="0 0 {width:g} {height:g}">{body}</svg>')
        return found

    @property
    def size(self):
        """Width and height of the panels beside one another, in CSS pixels, with a line of small print below."""
        sizes = [figure.get_size_inches() * DPI for figure in self.figures]
        return round(sum(width for width, _ in sizes)), round(max(height for _, height in sizes)) + SMALL

    def png(self, small_print):
        """The panels as they stand, beside one another, as a PNG with a line below."""
        with style():
            strip = Figure((self.size[0] / DPI, SMALL / DPI))
            strip.text(0.995, 0.5, small_print, size=9, ha="right", va="center", color="#55555f")
            panels = [pixels(figure) for figure in self.figures]
            high = max(map(len, panels))
            panels = [np.pad(p, ((0, high - len(p)), (0, 0), (0, 0)), mode="edge") for p in panels]
            row, below = np.hstack(panels), pixels(strip)
            wide = min(row.shape[1], below.shape[1])
            return palette(np.vstack([row[:, :wide], below[:, :wide]]))

    def places(self):
        """For each view, where a start can be dragged: [x0, y0, x1, y1 in the SVG, left, low, right, high]."""
        found = []
        for figure, show in zip(self.figures, self.shows, strict=True):
            ax, (width, height) = figure.axes[0], figure.bbox.size
            box, landscape = ax.get_position(), getattr(show, "start", 0)
            corners = [box.x0 * width, (1 - box.y0) * height, box.x1 * width, (1 - box.y1) * height]
            found.append([*corners, *ax.get_xlim(), *ax.get_ylim(), landscape] if landscape else None)
        return found


def lay_out(figure):
    """Give the axes the room that their labels leave; constrained layout does the same in eight times the time."""
    figure.set_layout_engine("none")
    for _ in range(3):  # ticks may change with the room
        ax, (width, height) = figure.axes[0], figure.bbox.size
        inner, whole = ax.bbox.extents, figure.get_tightbbox().extents * figure.dpi
        left, low, right, top = np.maximum((inner - whole) * [1, 1, -1, -1], 0) + PAD
        ax.set_position([left / width, low / height, 1 - (left + right) / width, 1 - (low + top) / height])
    for each in figure.axes:
        each.apply_aspect()


def tidied(svg):
    """The inside of an SVG: short ids behind MARK, coordinates in tenths, nothing that is not drawn."""
    inside = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    inside = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>|<style.*?</style>", "", inside, flags=re.DOTALL)
    inside = re.sub(r'(<g) id="[^"]+"', r"\1", inside)
    names = {}

    def short(found):
        return f"{found[1]}{MARK}{names.setdefault(found[2], len(names))}"

    inside = re.sub(r'(\bid="|url\(#|href="#)(\w+)', short, inside)
    inside = _PLACES.sub(lambda d: " ".join(_NUMBER.sub(_tenths, d[0]).split()), inside)
    return re.sub(r">\s+<", "><", inside).replace("<defs></defs>", "").strip()


def whole(piece):
    """A piece of SVG with coordinates in whole points, where thousands of frames have to be small."""
    return _PLACES.sub(lambda d: _NUMBER.sub(lambda found: _whole(found[0]), d[0]), piece)


def relative(piece):
    """A piece of SVG with each path's points counted from the one before: small numbers, which deflate well."""
    piece = _DOTS.sub(_one_path, piece)
    return _PATH.sub(lambda d: f' d="{_steps(d[1])}"', piece)


def _one_path(dots):
    """Round markers of one colour, as Matplotlib draws a path's epochs, as one path of dots; others as they are."""
    _, radius, colour, clip, uses = dots.groups()
    style = f' style="fill: {colour}; stroke: {colour}"'
    if uses.count(style + "/>") != uses.count("<use"):
        return dots[0]
    places = _AT.findall(uses)
    path = "".join(f"M {x} {y} L {x} {y} " for x, y in dict.fromkeys(places))
    width = f"stroke-width: {2 * float(radius) + 1:g}; stroke-linecap: round"
    return f'<path d="{path}"{clip} style="fill: none; stroke: {colour}; {width}"/>'


def _steps(path):
    """A path of lines and curves in steps, without those of no length; any other path as it is."""
    if len(parts := path.split()) % 3 == 0 and LINES.issuperset(parts[::3]) and "n" not in path:
        return _lines(*(parts[k::3] for k in range(3)))
    steps, at, start, before = [], (0, 0), (0, 0), ""
    for letter, numbers in _PART.findall(path):
        tenths = [_counted(number) for number in numbers.split()]
        if len(tenths) != 2 * POINTS.get(letter, -1):
            return path
        points = list(zip(tenths[::2], tenths[1::2], strict=True))
        if letter == before == "L" and points[0] == at:
            continue
        moved = [f"{_step(x - at[0])} {_step(y - at[1])}" for x, y in points]
        steps.append((" " if letter == before != "M" else letter.lower()) + " ".join(moved))
        at, before = points[-1] if points else start, letter
        start = at if letter == "M" else start
    return "".join(steps)


def _lines(letters, xs, ys):
    """The same for a path of lines alone, as nearly all are, in a third of the time."""
    steps, at_x, at_y, before = [], 0, 0, ""
    for letter, x, y in zip(letters, map(_counted, xs), map(_counted, ys), strict=True):
        if letter != before or letter == "M":
            steps.append(f"{letter.lower()}{_step(x - at_x)} {_step(y - at_y)}")
        elif x != at_x or y != at_y:
            steps.append(f" {_step(x - at_x)} {_step(y - at_y)}")
        at_x, at_y, before = x, y, letter
    return "".join(steps)


# Of coordinates in tenths there are a few thousand, and all frames read and write them.
_whole = cache(lambda text: f"{float(text):.0f}")
_counted = cache(lambda text: round(10 * float(text)))  # in tenths
_step = cache(lambda tenths: f"{tenths / 10:g}")

LINES = frozenset("ML")
POINTS = {"M": 1, "L": 1, "C": 3, "z": 0}  # of a path's letter
PAD = 4  # points around a panel
NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))


def _tenths(found):
    return f"{float(found[0]):.1f}".removesuffix(".0")


def _artists(figure):
    """All that is drawn on the figure's axes, the axes' own parts left out."""
    return [artist for ax in figure.axes for artist in ax.get_children() if artist not in ax.spines.values()]
