"""An explorer: a training function, views of what it trains, and the controls between them."""

import asyncio
import time
from collections import OrderedDict
from functools import cached_property

import numpy as np

from .. import slide
from ..fate import caption as fate_caption
from ..figure import panel_size, style
from .controls import meant
from .frames import Stage

KEPT = 24  # settings of the other controls whose runs are kept


class Explorer:
    """Views of a run, and controls for its settings.

    values     {name: value} as the controls stand; move(rate=0.1) sets some
    run        the run at these values                  runs       all runs behind the slider, as they stood at first
    text       what the pictures say, in words          static()   the explorer as HTML that needs no kernel
    close()    lets go of the widget, the figures and the runs
    """

    def __init__(self, views, train, controls, shows=None, stored=None, caption=None, ghost=True):
        self.views = views if isinstance(views, (tuple, list)) else (views,)
        self.train, self.stored, self.shows, self.ghost = train, stored, dict(shows or {}), ghost
        self.kinds = {kind.name: kind for kind in controls}
        self.rate = controls[0]
        self.values = {name: kind.at for name, kind in self.kinds.items()}
        self.caption = caption or captioned
        self._kept, self._alone, self._drawn, self._task = OrderedDict(), {}, OrderedDict(), None
        self.first = dict(self.values)

    # What the controls stand at, and its run

    def move(self, **values):
        """Set some of the controls; ValueError with a sentence, and nothing changed, if one cannot be."""
        unknown = values.keys() - self.kinds.keys()
        if unknown:
            raise TypeError(f"move: {', '.join(self.kinds)} can be set, not {', '.join(sorted(unknown))}")
        self.values.update({name: self.kinds[name].read(value) for name, value in values.items()})
        if "widget" in self.__dict__:
            self.widget.send({"go": self.written(self.values)})
        return self

    @property
    def run(self):
        __tracebackhide__ = True
        return self._run(self.values)

    @property
    def runs(self):
        __tracebackhide__ = True
        return self._all(self.first)

    def _run(self, values):
        """The run at these values: looked up among those trained together, or trained alone and kept."""
        __tracebackhide__ = True
        rate, key = values["rate"], self.key(values)
        if rate in self.rate.stops and (values == self.first or self._known(values)):
            return pick(self._all(values), self.rate.stops.index(rate))
        if (key, rate) not in self._alone:
            if len(self._alone) > 200:
                self._alone.clear()
            self._alone[key, rate] = pick(self._train(np.array([rate]), values), 0)
        return self._alone[key, rate]

    def _all(self, values):
        """All rates of the slider, trained in one call for these values of the other controls."""
        __tracebackhide__ = True
        if not self._known(values):
            self._keep(values, self._train(np.array(self.rate.stops), values))
        key = self.key(values)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _known(self, values):
        """Whether all rates are kept for these values of the other controls, or were stored, and so are kept now."""
        if self.key(values) not in self._kept and self.stored:
            runs = self.stored(**self._others(values))
            if runs is not None:
                self._keep(values, runs)
        return self.key(values) in self._kept

    def _keep(self, values, runs):
        self._kept[self.key(values)] = runs
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _others(self, values):
        return {name: meant(self.kinds[name], value) for name, value in values.items() if name != "rate"}

    def _train(self, rates, values):
        __tracebackhide__ = True
        return self.train(rates, **self._others(values))

    # Frames

    def key(self, values):
        """The setting of the controls besides the rate, as the page writes it."""
        return "|".join(kind.said(values[name]) for name, kind in self.kinds.items() if name != "rate")

    def written(self, values):
        return {name: self.kinds[name].said(value) for name, value in values.items()}

    @cached_property
    def stage(self):
        __tracebackhide__ = True
        stage = Stage(self.views, self.runs, self.shows)
        stage(self.run)
        return stage

    def frame(self, values):
        """[pieces of SVG, their text alternatives, the status line] at some values."""
        __tracebackhide__ = True
        run = self._run(values)
        drawn = self.stage(run)
        return [[piece for piece, _ in drawn], [text for _, text in drawn], self.status(values, run)]

    def status(self, values, run):
        """The status line: the rate, and what its run did."""
        return f"rate {self.rate.said(values['rate'])}: {self.caption(run)}."

    def frames(self, values, stops=None, until=np.inf):
        """{rate: frame} for the stops that have none yet, coarse to fine, until a time; those drawn are kept."""
        __tracebackhide__ = True
        key = self.key(values)
        found = self._drawn.setdefault(key, {})
        if len(self._drawn) > KEPT:
            self._drawn.pop(next(each for each in self._drawn if each != self.key(self.first)))
        self._all(values)
        missing = [rate for rate in coarse_to_fine(stops or self.rate.stops) if self.rate.said(rate) not in found]
        with style():
            for rate in missing:
                found[self.rate.said(rate)] = self.frame({**values, "rate": rate})
                if time.monotonic() > until:
                    break
        return found

    def spec(self, controls, live):
        """What a page needs besides the frames, as a dict for JSON."""
        sizes = slide.panels([panel_size(len(self.views), view) for view in self.views])
        panels = []
        for svg, (width, _), place in zip(self.stage.scenery(), sizes, self.stage.places(), strict=True):
            place = place if live else None
            role = "group" if place else "img"  # an image holds nothing that can be moved
            panels.append({"svg": svg.replace("<svg", f'<svg role="{role}"', 1), "width": width, "start": place})
        return {
            "label": "Explorer: " + ", ".join(kind.label for kind, _ in controls),
            "key": self.key(self.first),
            "others": {name: kind.said(self.values[name]) for name, kind in self.kinds.items() if name != "rate"},
            "ghost": self.ghost,
            "controls": [described(kind, stops, self.values[kind.name]) for kind, stops in controls],
            "panels": panels,
        }

    # The faces

    @property
    def text(self):
        """The text face: the setting, and what the pictures say."""
        setting = ", ".join(f"{kind.label} {kind.said(self.values[n])}" for n, kind in self.kinds.items())
        texts = [str(show(self.run)) for show in self.stage.shows]
        return f"Explorer at {setting}: {self.caption(self.run)}.\n" + "\n".join(texts)

    def __repr__(self):
        return self.text

    @property
    def png(self):
        """The present picture for where no widget can be shown: (PNG bytes, its text, width, height)."""
        texts = [text for _, text in self.stage(self.run)]
        return self.stage.png("Run this cell to move the slider."), "\n".join(texts), *self.stage.size

    @cached_property
    def widget(self):
        from .show import Instrument

        return Instrument(self)

    def static(self, most=2500):
        """The explorer as HTML that needs neither a kernel nor a network, with at most so many frames."""
        from .show import html

        return html(self, most)

    def _repr_mimebundle_(self, include=None, exclude=None):
        from .show import bundle

        return bundle(self)

    def fill(self, values):
        """Draw the frames of a setting while nothing else is to do, and send them."""
        if self._task:
            self._task.cancel()
        try:
            self._task = asyncio.get_running_loop().create_task(self._filled(dict(values)))
        except RuntimeError:  # no kernel: nobody looks
            self._task = None

    async def _filled(self, values):
        known = len(self._drawn.get(self.key(values), ()))
        await asyncio.sleep(0 if values == self.first else 0.3)  # until the hand rests
        while known < len(self.rate.stops):
            await asyncio.sleep(0.002)  # whatever the kernel was asked meanwhile goes first
            known = len(self.frames(values, until=time.monotonic() + 0.02))
        self.widget.sent(self.key(values), self._drawn[self.key(values)])

    def close(self):
        """Let go of the widget, the figures and the runs; the explorer can be shown again."""
        if self._task:
            self._task.cancel()
        if "widget" in self.__dict__:
            self.__dict__.pop("widget").close()
        self.__dict__.pop("stage", None)
        for kept in (self._kept, self._alone, self._drawn):
            kept.clear()


def described(kind, stops, at):
    """A control as the page needs it."""
    found = {"kind": kind.kind, "name": kind.name, "label": kind.label, "at": kind.said(at)}
    found["stops"] = [kind.said(stop) for stop in stops]
    if kind.typed:
        found["range"] = [kind.low, kind.high]
    if getattr(kind, "marks", None):
        found["marks"] = {mark: kind.said(rate) for mark, rate in kind.marks.items()}
    return found


def pick(runs, index):
    """The run at an index: from a Run, or what else can be indexed so; from each of a dict or tuple of them."""
    if isinstance(runs, dict):
        return {name: pick(run, index) for name, run in runs.items()}
    return tuple(pick(run, index) for run in runs) if isinstance(runs, tuple) else runs[index]


def captioned(run):
    """What a run did, or each of several by name."""
    if isinstance(run, dict):
        return "; ".join(f"{name} {captioned(one)}" for name, one in run.items())
    return f"{len(run)} runs" if isinstance(run, tuple) else fate_caption(run)


def coarse_to_fine(stops):
    """All stops, in an order in which each part of the row is filled evenly."""
    yield stops[-1]
    step, seen = 1 << max(len(stops) - 1, 1).bit_length(), {len(stops) - 1}
    while step:
        for k in range(0, len(stops), step):
            if k not in seen:
                seen.add(k)
                yield stops[k]
        step //= 2
