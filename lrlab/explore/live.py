"""The live face: ipywidgets around the canvas."""

import weakref
from html import escape
from math import log10
from pathlib import Path

import ipywidgets as widgets
from traitlets import CFloat, Unicode

NAMING = Path(__file__).with_name("live.js").read_text(encoding="utf-8")
# The box has the slider's label as its name; the eye needs it once.
STYLE = """.lr-slider .widget-readout { display: none }
.lr-typed .widget-label { position: absolute; clip-path: inset(50%); width: 1px; overflow: hidden }
.lr-note, .lr-note .widget-html-content { line-height: 15px; margin: 0; align-self: center }"""
# A row keeps its height when a note appears: the picture below does not jump.
ROW = {"height": "34px", "align_items": "center", "overflow": "visible"}
WIDE = {"description_width": "initial"}


class Picture(widgets.Image):
    """An image with a text alternative: `tooltip`, which the browser takes for its name.

    ipywidgets reads `description` when a tooltip is set, and Image has none of its own.
    """

    description = Unicode("").tag(sync=True)


class Stepping:
    """A slider that may stand between its steps.

    ipywidgets' sliders, told a value between two steps, send the nearest step back as if a hand had moved them.
    """

    def set_state(self, sync_data):
        if "value" in sync_data and self._is_nearest_step(sync_data["value"]):
            sync_data = {name: value for name, value in sync_data.items() if name != "value"}
        super().set_state(sync_data)

    def _is_nearest_step(self, value):
        steps = [(self._place(each) - self.min) / self.step for each in (self.value, value)]
        between = abs(steps[0] - round(steps[0])) > 1e-6
        return between and abs(round(steps[0]) - steps[1]) < 1e-6

    def _place(self, value):
        return value


class LogSlider(Stepping, widgets.FloatLogSlider):
    value = CFloat(1.0).tag(sync=True, echo_update=False)

    def _place(self, value):
        return log10(value)


class Slider(Stepping, widgets.FloatSlider):
    value = CFloat(0.0).tag(sync=True, echo_update=False)


class Live:
    """The widgets of one explorer; `box` holds them all, `controls` and `boxes` are by name."""

    def __init__(self, explorer):
        self.explorer = weakref.ref(explorer)
        self.controls, self.boxes, self.notes, rows = {}, {}, {}, []
        self.busy = False
        height, width = explorer.canvas.figure.canvas.get_width_height()[::-1]
        self.picture = Picture(
            width=str(width), height=str(height), layout={"max_width": "100%", "height": "auto"}
        )
        self.status = widgets.HTML().add_class("lr-status")
        for kind in explorer.kinds.values():
            rows += self._rows(kind, explorer.values[kind.name])
        naming = widgets.HTML(f'<style onload="{escape(NAMING)}">{STYLE}</style>', layout={"display": "none"})
        self.box = widgets.VBox([*rows, self.picture, self.status, naming]).add_class("lr-explorer")
        self.refresh()
        me = weakref.ref(self)
        for name in self.controls:
            self.controls[name].observe(
                lambda change, name=name: me() and me()._moved(name, change["new"]), "value"
            )
            if name in self.boxes:
                self.boxes[name].observe(
                    lambda change, name=name: me() and me()._typed(name, change["new"]), "value"
                )
        self.ends = weakref.finalize(explorer, close_all, self._all())
        self.ends.atexit = False  # when the kernel ends there is nobody left to tell

    def _rows(self, kind, value):
        """The widgets of one control: what is moved, a box to type in, a note, and marks to jump to."""
        note = self.notes[kind.name] = widgets.HTML(layout={"flex": "1 1 0", "max_height": "32px"}).add_class(
            "lr-note"
        )
        options = [(kind.said(each), each) for each in getattr(kind, "options", ())]
        if options and not kind.numeric:
            control = widgets.Dropdown(options=options, value=value, description=kind.label, style=WIDE)
            self.controls[kind.name] = control
            return [widgets.HBox([control, note], layout=ROW)]
        wide = {"description": kind.label, "style": WIDE, "layout": {"width": "420px", "flex": "0 0 auto"}}
        if options:
            control = widgets.SelectionSlider(options=options, value=value, **wide)
        elif kind.log:
            low, high = log10(kind.low), log10(kind.high)
            control = LogSlider(
                value, min=low, max=high, step=(high - low) / kind.steps, **wide, readout_format=".4g"
            )
        else:
            step = (kind.high - kind.low) / kind.steps
            control = Slider(value, min=kind.low, max=kind.high, step=step, **wide, readout_format=".4g")
        control.add_class("lr-slider")
        typed = widgets.Text(
            kind.said(value), continuous_update=False, description=kind.label, layout={"width": "100px"}
        )
        typed.add_class("lr-typed")
        self.controls[kind.name], self.boxes[kind.name] = control, typed
        rows = [widgets.HBox([control, typed, note], layout=ROW)]
        if kind.marks:
            rows.append(
                widgets.HBox([self._mark(kind.name, mark, rate) for mark, rate in kind.marks.items()])
            )
        return rows

    def _mark(self, name, mark, rate):
        button = widgets.Button(description=f"{mark} = {rate:.4g}", layout={"width": "auto"})
        me = weakref.ref(self)
        button.on_click(lambda _: me() and me()._moved(name, rate))
        return button

    def _moved(self, name, value):
        """A control was moved: show its run, or say why not."""
        if self.busy:
            return
        explorer = self.explorer()
        try:
            explorer.move(**{name: value})
            said = ""
        except ValueError as refused:
            said = str(refused)
        self.refresh(name, said)

    def _typed(self, name, text):
        if not self.busy:
            kind = self.explorer().kinds[name]
            now = self.explorer().values[name]
            self._moved(name, now if text.strip() == kind.said(now) else text)

    def refresh(self, name=None, said=""):
        """Bring picture, status and controls to the explorer's values: the picture first."""
        explorer, self.busy = self.explorer(), True
        try:
            if not said:
                picture, text, status = explorer.frame()
                with self.picture.hold_sync():
                    self.picture.value, self.picture.tooltip = picture, text
                self.status.value = f'<div role="status">{escape(status)}</div>'
            for each, kind in explorer.kinds.items():
                if not same(self.controls[each].value, explorer.values[each]):
                    self.controls[each].value = explorer.values[each]
                if each in self.boxes:
                    self.boxes[each].value = kind.said(explorer.values[each])
                note = said if each == name else ""
                self.notes[each].value = f'<span role="alert">{escape(note)}</span>' if note else ""
        finally:
            self.busy = False

    def _all(self):
        found, todo = [], [self.box]
        while todo:
            one = todo.pop()
            found.append(one)
            found += [part for part in (one.layout, getattr(one, "style", None)) if part is not None]
            todo += getattr(one, "children", ())
        return found

    def close(self):
        """Close every widget, here and in the browser."""
        self.ends()


def same(value, other):
    """Whether two values are equal, but for what the browser's arithmetic rounds."""
    return value == other or (isinstance(value, float) and abs(value - other) <= 1e-9 * abs(other))


def close_all(parts):
    for part in parts:
        part.close()
