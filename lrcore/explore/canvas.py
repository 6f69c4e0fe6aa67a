"""The picture under a slider: one figure, its scenery drawn once, only what moves drawn again."""

import io

import numpy as np
from PIL import Image

from ..plots.base import DPI, alternative, fit_titles, png, style


class Canvas:
    """Frames of one drawing function, on one figure that stays.

    The scenery is drawn for `runs` and kept as pixels. A frame restores them and draws the artists that the
    drawing function adds; if it changed limits, scales or axis names, the scenery is drawn anew.
    """

    def __init__(self, draw, runs, settings, sharp=1):
        self.draw, self.settings = draw, settings
        self.ax, self.axes, self.figure = stage(draw, runs, settings)
        self.figure.dpi = DPI * sharp
        self.still = {ax: set(ax.get_children()) for ax in self.axes}
        self.background = None

    def show(self, run):
        """Draw a run; what `pixels` and `text` then answer."""
        for ax in self.axes:
            for artist in self._moving(ax):
                artist.remove()
        self.draw(run, ax=self.ax, **self.settings)
        with style():
            if self.background is None or self._signs() != self.signs:
                self._draw_scenery()
            canvas = self.figure.canvas
            canvas.restore_region(self.background)
            for ax in self.axes:
                for artist in sorted(self._moving(ax), key=lambda a: a.zorder):
                    ax.draw_artist(artist)
                ax.draw_artist(ax._left_title)

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
        for artist in moving:
            artist.set_animated(False)
        if self.background is None:
            fit_titles(self.figure)
            self.figure.set_layout_engine("none")
        for artist in moving:
            artist.set_visible(False)
        self.figure.canvas.draw()
        for artist in moving:
            artist.set_visible(True)
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
        """The frame as a PNG made for speed."""
        height, width = self.pixels.shape[:2]
        image = Image.frombuffer("RGBA", (width, height), self.pixels, "raw", "RGBA", 0, 1).convert("RGB")
        file = io.BytesIO()
        image.save(file, "png", compress_level=1)
        return file.getvalue()


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
