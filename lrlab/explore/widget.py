"""The live face: explore.js as an anywidget, its frames, and answers to what it asks of the kernel."""

import json
import time
import weakref

import anywidget
import traitlets

from .explorer import AT_ONCE, SCRIPT, STYLE, packed


class Instrument(anywidget.AnyWidget):
    """The widget of one explorer."""

    _esm, _css = SCRIPT, STYLE
    spec = traitlets.Unicode("{}").tag(sync=True)
    pack = traitlets.Bytes(b"").tag(sync=True)

    def __init__(self, explorer):
        self.explorer = weakref.ref(explorer)
        explorer.frames(explorer.values, [explorer.values["rate"]])
        frames = explorer.frames(explorer.values, until=time.monotonic() + AT_ONCE)
        spec = explorer.spec([(kind, kind.stops) for kind in explorer.kinds.values()], live=True)
        key = explorer._key(explorer.values)
        super().__init__(spec=json.dumps(spec), pack=packed({"key": key, "frames": frames}))
        self.on_msg(self.heard)

    def __repr__(self):
        return "Instrument"

    def sent(self, key, frames):
        """All frames of a setting: of the first one as a trait, which outlives a reload of the page."""
        content = packed({"key": key, "frames": frames})
        if key == self.explorer()._key(self.explorer().first):
            self.pack = content
        else:
            self.send({"pack": True}, buffers=[content])

    def heard(self, _, message, buffers):
        """What the page asks: a frame, or that the values follow the hand."""
        explorer = self.explorer()
        if explorer is None:
            return
        if "at" in message:
            explorer.values.update(self._read(message["at"]))
            return
        self.send({"working": message["ask"]})
        written = message["values"]
        answer = {"id": message["ask"], "rate": written["rate"]}
        answer["key"] = "|".join(written[name] for name in explorer.kinds if name != "rate")
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
        return {name: self.explorer().kinds[name].read(text) for name, text in written.items()}
