"""The faces of an explorer: the live widget, what a notebook stores beside it, and HTML for decks and pages."""

import base64
import json
import os
import time
import zlib
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from .frames import relative, whole

HERE = Path(__file__).parent
SCRIPT = (HERE / "explore.js").read_text(encoding="utf-8")
STYLE = (HERE / "explore.css").read_text(encoding="utf-8")
VIEW = "application/vnd.jupyter.widget-view+json"
AT_ONCE = 0.08  # seconds of drawing while the cell runs; the rest follows while one looks
FEWEST = 40  # rates in a deck
LARGE = 740_000  # bytes of frames at level 6; a third more as text in a page
_shown = {}


class Instrument(anywidget.AnyWidget):
    """The widget of one explorer: its module, its frames, and answers to what the page asks."""

    _esm, _css = SCRIPT, STYLE
    spec = traitlets.Unicode("{}").tag(sync=True)
    pack = traitlets.Bytes(b"").tag(sync=True)

    def __init__(self, explorer):
        self.explorer = explorer
        explorer.frames(explorer.values, [explorer.values["rate"]])
        frames = explorer.frames(explorer.values, until=time.monotonic() + AT_ONCE)
        spec = explorer.spec([(kind, kind.stops) for kind in explorer.kinds.values()], live=True)
        pack = packed({"key": explorer.key(explorer.values), "frames": frames})
        super().__init__(spec=json.dumps(spec), pack=pack)
        self.on_msg(self._heard)

    def __repr__(self):
        return "Instrument"

    def close(self):
        self.layout.close()  # a widget of its own, which would stay
        super().close()

    def sent(self, key, frames):
        """All frames of a setting: of the first one as a trait, which outlives a reload of the page."""
        content = packed({"key": key, "frames": frames})
        if key == self.explorer.key(self.explorer.first):
            self.pack = content
        else:
            self.send({"pack": True}, buffers=[content])

    def _heard(self, _, message, buffers):
        """The page says where the hand is, or asks for a frame."""
        explorer = self.explorer
        if "at" in message:
            explorer.values.update(self._read(message["at"]))
            return
        self.send({"working": message["ask"]})
        written = message["values"]
        key = "|".join(written[name] for name in explorer.kinds if name != "rate")
        answer = {"id": message["ask"], "rate": written["rate"], "key": key}
        try:
            values = self._read(written)
            answer["frame"] = explorer.frame(values)
        except Exception as error:
            answer["refused"] = f"{type(error).__name__}: {error}"
            raise
        finally:
            self.send(answer)
        explorer.values.update(values)
        explorer.fill(values)

    def _read(self, written):
        return {name: self.explorer.kinds[name].read(text) for name, text in written.items()}


def packed(content, level=9):
    """JSON, deflated; level 6 takes half the time of level 9."""
    return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), level)


def bundle(explorer):
    """(data, metadata) for a notebook: the live widget, and besides it what is stored, picture and text.

    With LRCORE_FACE=static in the environment it is HTML and the text.
    """
    if os.environ.get("LRCORE_FACE") == "static":
        return {"text/html": explorer.static(), "text/plain": explorer.text}, {}
    picture, text, width, height = explorer.png
    data = {"image/png": base64.b64encode(picture).decode("ascii"), "text/plain": explorer.text}
    hold(explorer)
    view, metadata = explorer.widget._repr_mimebundle_()  # the metadata tell Colab what loads it
    data[VIEW] = view[VIEW]
    explorer.fill(explorer.first)
    return data, {**metadata, "image/png": {"width": width, "height": height, "alt": text}}


def html(explorer, most):
    """The explorer as HTML with at most `most` frames; a control that does not fit stays as it stands.

    Module and start are one script: a deck may load nothing, and its script is allowed by its hash.
    """
    rate, settings, controls = explorer.rate, [dict(explorer.values)], []
    for kind in explorer.kinds.values():
        stops = kind.thin() if kind.kind not in ("rate", "start") else []
        if 1 < len(stops) <= most // (len(settings) * FEWEST):
            controls.append((kind, stops))
            settings = [{**setting, kind.name: value} for setting in settings for value in stops]
    count = min(most // len(settings), len(rate.stops))
    some = {rate.stops[k] for k in np.linspace(0, len(rate.stops) - 1, count).round().astype(int)}
    stops = sorted(some.union(rate.meant))
    packs = {}
    for setting in settings:
        frames = explorer.frames(setting, stops)
        packs[explorer.key(setting)] = {rate.said(stop): frames[rate.said(stop)] for stop in stops}
    content = {"spec": explorer.spec([(rate, stops), *controls], live=False), "packs": packs}
    if len(packed(content, 6)) > LARGE:
        for frames in packs.values():
            frames.update({rate: [[*map(whole, pieces)], *said] for rate, (pieces, *said) in frames.items()})
    for frames in packs.values():
        frames.update({rate: [[*map(relative, pieces)], *said] for rate, (pieces, *said) in frames.items()})
    named = [*rate.meant, *(stops[share * (len(stops) - 1) // 20] for share in (10, 19, 15))]
    strip = " ".join(rate.said(each) for each in sorted(list(dict.fromkeys(named))[:3]))  # for a handout
    pack = base64.b64encode(packed(content)).decode()
    return (
        f'<div class="lr-explorer" data-strip="{strip}" data-pack="{pack}"></div>\n'
        f'<style>{STYLE}</style>\n<script type="module">{SCRIPT}boot();</script>'
    )


def hold(explorer):
    """Keep the explorer for the cell that shows it, and close what earlier runs of the cell showed."""
    try:
        from IPython import get_ipython

        message = get_ipython().kernel.get_parent()
    except (ImportError, AttributeError):  # no kernel
        return
    about = message.get("metadata", {})
    for cell in about.get("deletedCells", []):
        drop(cell)
    # JupyterLab names the cell; for others the code stands for it.
    cell = about.get("cellId") or message.get("content", {}).get("code", "")
    request = message.get("header", {}).get("msg_id")
    if _shown.get(cell, (request,))[0] != request:
        drop(cell, but=explorer)
    _shown.setdefault(cell, (request, []))[1].append(explorer)


def drop(cell, but=None):
    """Close what a cell shows, unless another cell shows it too."""
    _, old = _shown.pop(cell, (None, []))
    kept = {id(one) for _, others in _shown.values() for one in others} | {id(but)}
    for one in old:
        if id(one) not in kept:
            one.close()
