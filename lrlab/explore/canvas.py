"""The picture under a slider: one figure, its scenery drawn once, only what moves drawn again."""

import struct
import zlib

import matplotlib
import numpy as np

from ..plots.base import alternative
from ..plots.picture import DPI, fit_titles, png, style, title_rooms


class Canvas:
    """Frames of one drawing function, on one figure that stays.

    The scenery is drawn for `runs`, laid out with the run `first`, and kept as pixels. A frame restores them and
    draws the artists that the drawing function adds; if it changed limits, scales or axis names, the scenery is
    drawn anew.
    """

    def __init__(self, draw, runs, first, settings, sharp=1):
        self.draw, self.settings = draw, settings
        self.ax, self.axes, self.figure = stage(draw, runs, settings)
        self.figure.dpi = DPI * sharp
        self.still = {ax: set(ax.get_children()) for ax in self.axes}
        self.background = None
        self.show(first)

    def show(self, run):
        """Draw a run; what `pixels` and `text` then answer."""
        with style():
            for ax in self.axes:
                for artist in self._moving(ax):
                    artist.remove()
                ax.set_prop_cycle(None)  # what names no colour gets the first at each move
            self.draw(run, ax=self.ax, **self.settings)
            if self.background is None or self._signs() != self.signs:
                self._draw_scenery()
            self.figure.canvas.restore_region(self.background)
            for ax in self.axes:
                for artist in sorted(self._moving(ax), key=lambda a: a.zorder):
                    ax.draw_artist(artist)
                self._fit(ax._left_title, self.rooms[ax])
                ax.draw_artist(ax._left_title)

    def _fit(self, title, room):
        """A title that would not fit becomes smaller."""
        title.set_fontsize(matplotlib.rcParams["axes.titlesize"])
        wide = title.get_window_extent().width
        if wide > room:
            title.set_fontsize(title.get_fontsize() * room / wide)

    def _moving(self, ax):
        return [artist for artist in ax.get_children() if artist not in self.still[ax]]

    def _signs(self):
        """What the scenery depends on."""
        parts = [
            (ax.axis(), ax.get_xscale(), ax.get_yscale(), ax.get_xlabel(), ax.get_ylabel())
            for ax in self.axes
        ]
        return repr(parts)

    def _draw_scenery(self):
        """Lay out once with everything on it, then keep the pixels of what stands still."""
        moving = [artist for ax in self.axes for artist in [*self._moving(ax), ax._left_title]]
        if self.background is None:
            fit_titles(self.figure)
            self.figure.set_layout_engine("none")
            self.rooms = title_rooms(self.figure)
        for artist in moving:
            artist.set_animated(True)  # left out of the drawing; Matplotlib would move an invisible title
        self.figure.canvas.draw()
        for artist in moving:
            artist.set_animated(False)
        self.background = self.figure.canvas.copy_from_bbox(self.figure.bbox)
        self.signs = self._signs()

    @property
    def pixels(self):
        """The frame (height, width, 4), RGBA, as it stands in the canvas."""
        return self.figure.canvas.buffer_rgba()

    @property
    def array(self):
        """The frame as an array (height, width, 4)."""
        return np.asarray(self.pixels)

    @property
    def text(self):
        """The text alternative of the frame."""
        return alternative(self.figure)

    def png(self):
        """The frame as a PNG made for speed: no filter, the lightest compression; twice as fast as Pillow's."""
        height, width = self.array.shape[:2]
        rows = np.zeros((height, 1 + 3 * width), np.uint8)
        rows[:, 1:].reshape(height, width, 3)[:] = self.array[..., :3]
        header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        parts = (b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")
        chunks = [len(d).to_bytes(4, "big") + t + d + zlib.crc32(t + d).to_bytes(4, "big") for t, d in parts]
        return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def stage(draw, runs, settings):
    """(what the drawing function takes as ax, its axes as a list, their figure), with the scenery."""
    ax = draw.fresh()
    if draw.set_scene is not None:
        draw.set_scene(runs, ax=ax, **settings)
    axes = list(ax) if isinstance(ax, tuple) else [ax]
    return ax, axes, axes[0].figure


def still(draw, runs, run, settings):
    """(sharp PNG bytes, text alternative) of one run, drawn from nothing."""
    ax, _, figure = stage(draw, runs, settings)
    draw(run, ax=ax, **settings)
    return png(figure), alternative(figure)
