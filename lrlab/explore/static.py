"""The static face: every frame in the page, a native slider, one script; no kernel, library or network."""

import base64
import io
import itertools
import json
import math
from html import escape
from pathlib import Path

import numpy as np
from PIL import Image

from ..plots.picture import DPI, packed
from .canvas import Canvas
from .controls import written

HERE = Path(__file__).parent
SCRIPT = (HERE / "static.js").read_text(encoding="utf-8").strip()
STYLE = (HERE / "static.css").read_text(encoding="utf-8").strip()
STEPS, FEWEST = 50, 6  # of the rate
SHARP = (1.5, 1)  # pixels for one CSS pixel: with the rate alone, and with more controls
COLOURS = 31  # of what moves; more look no better


def html(explorer, most=1_000_000):
    """The explorer as HTML of at most `most` bytes.

    Where the other controls need many frames there are fewer rates; where even so there is no room, the last
    controls stay as they stand. The script is the same text for every explorer: one hash allows them all.
    """
    at = dict(explorer.values)
    axes = {name: _values(kind, 5, at[name]) for name, kind in explorer.kinds.items() if name != "rate"}
    canvas = Canvas(explorer.draw, explorer.runs, explorer.first, explorer.settings, SHARP[bool(axes)])
    base, frames = _base(canvas), {}

    def frame(**values):
        key = tuple(values[name] for name in at)
        if key not in frames:
            explorer.values.update(values)
            canvas.show(explorer.run)
            frames[key] = [_text(_over(canvas.array, base)), canvas.text, explorer.status]
        return frames[key]

    def settings(rates):
        for other in itertools.product(*axes.values()):
            for rate in rates:
                yield {**at, **dict(zip(axes, other, strict=True)), "rate": rate}

    try:
        room = most - len(_text(packed(base, 64))) - 6000
        tried = list(settings(_rates(explorer, 4)))
        tried = [frame(**values) for values in tried[:: max(1, len(tried) // 32)]]
        each = 1.1 * sum(len(escape(json.dumps(one))) for one in tried) / len(tried)
        while True:
            combinations = math.prod(map(len, axes.values()))
            steps = min(STEPS, int(room / each / combinations) - len(explorer.rate.marks) - 3)
            if steps < FEWEST and axes:
                axes.popitem()
                continue
            rates = _rates(explorer, max(steps, FEWEST))
            cells = [frame(**values) for values in settings(rates)]
            page = _page(explorer, at, {"rate": rates, **axes}, base, cells, frame(**at))
            if len(page.encode()) <= most or not (axes or steps > FEWEST):
                return page
            each *= 1.1
    finally:
        explorer.values.update(at)


def _rates(explorer, steps):
    kind = explorer.rate
    return _values(kind, steps + 1, kind.at, explorer.values["rate"], *kind.marks.values())


def _base(canvas):
    """The scenery's pixels: what is the same in every frame."""
    canvas.figure.canvas.restore_region(canvas.background)
    return canvas.array.copy()


def _over(pixels, base):
    """What differs from the base, as a PNG with a small palette and transparency."""
    differs = (pixels[..., :3] != base[..., :3]).any(axis=-1)
    index = np.zeros(differs.shape, np.uint8)
    colours = [0, 0, 0]
    if differs.any():
        found = Image.fromarray(np.ascontiguousarray(pixels[differs][None, :, :3]))
        found = found.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        index[differs] = np.asarray(found)[0] + 1
        colours += found.getpalette()[: COLOURS * 3]
    image = Image.fromarray(index).convert("P")
    image.putpalette(colours)
    file = io.BytesIO()
    image.save(file, "png", optimize=True, transparency=0)
    return file.getvalue()


def _text(picture):
    return base64.b64encode(picture).decode("ascii")


def _page(explorer, at, axes, base, frames, first):
    width, height = (round(side * DPI) for side in explorer.figure.get_size_inches())
    rows = "\n".join(_control(explorer.kinds[name], axes[name], at[name]) for name in axes)
    marks = "".join(
        f'<button type="button" value="{axes["rate"].index(rate)}">{escape(mark)} = {written(rate)}</button>'
        for mark, rate in explorer.rate.marks.items()
    )
    size = f'width="{width}" height="{height}"'
    return f"""<div class="lr-static" data-frames="{escape(json.dumps(frames, separators=(",", ":")))}">
<style>{STYLE}</style>
{rows}
<div class="lr-marks">{marks}</div>
<div class="lr-picture"><img {size} alt="" src="data:image/png;base64,{_text(packed(base, 64))}">
<img {size} alt="{escape(first[1])}" src="data:image/png;base64,{first[0]}"></div>
<p role="status" aria-live="polite">{escape(first[2])}</p>
<script>{SCRIPT}</script>
</div>"""


def _values(kind, count, *besides):
    """Some values of a control, in its order, those given besides among them."""
    found = {*kind.sample(count), *besides}
    return [value for value in kind.options if value in found] if hasattr(kind, "options") else sorted(found)


def _control(kind, values, value):
    """A native control in its label: a slider over the values of a number, a list of names otherwise."""
    said = [kind.said(each) for each in values]
    quiet = 'data-lm-suppress-shortcuts="true"'
    place, label = values.index(value), escape(kind.label)
    if getattr(kind, "numeric", True):
        return (
            f'<label>{label} <input type="range" {quiet} min="0" max="{len(values) - 1}" value="{place}" '
            f'data-said="{escape(json.dumps(said))}" aria-valuetext="{said[place]}">'
            f'<span aria-hidden="true">{said[place]}</span></label>'
        )
    options = "".join(
        f'<option value="{k}"{" selected" if k == place else ""}>{escape(word)}</option>'
        for k, word in enumerate(said)
    )
    return f"<label>{label} <select {quiet}>{options}</select></label>"
