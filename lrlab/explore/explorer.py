"""An explorer: a drawing function, a training function, and the controls between them."""

from collections import OrderedDict
from functools import cached_property

import numpy as np

from ..expect import refuse, whole
from ..plots.runs import loss_said
from .canvas import Canvas, still

KEPT = 24  # settings of the other controls whose runs are kept


class Explorer:
    """A picture of a run, and controls for its settings.

    draw(run, ax=…, **settings)   a drawing function of plots, with or without a scenery
    train(rates, **others)        trains all rates at once: a Run, or a dict of Runs
    rate, others                  the controls: see `rate_explorer`

    values     {name: value} as the controls stand; `move(rate=0.1)` sets some
    run        the run at these values
    png, text  the picture (bytes) and what it says
    controls   {name: widget}, made when first asked for
    static()   the explorer as HTML that needs neither a kernel nor a network
    close()    lets go of the widgets, the figure and the runs
    """

    def __init__(self, draw, train, rate, others=(), settings=None):
        self.draw, self.train, self.settings = draw, train, dict(settings or {})
        self.kinds = {kind.name: kind for kind in (rate, *others)}
        self.rate = rate
        self.values = {name: kind.at for name, kind in self.kinds.items()}
        self._start = self._others()
        self._kept = OrderedDict()
        self._trained(self._start)

    # What the controls stand at, and its run

    def move(self, **values):
        """Set some of the controls; ValueError with a sentence, and nothing changed, if one cannot be."""
        for name in values.keys() - self.kinds.keys():
            refuse("move: name", f"one of {', '.join(self.kinds)}", name)
        read = {name: self.kinds[name].read(value) for name, value in values.items()}
        self.values.update(read)
        return self

    @property
    def run(self):
        """The run at the present values: looked up, or trained and kept."""
        rate, found = self.values["rate"], self._trained(self._others())
        if rate not in found["at"]:
            found["at"][rate] = self._train(np.array([rate]), self._others()), 0
        runs, index = found["at"][rate]
        return pick(found["runs"] if runs is None else runs, index)

    @property
    def runs(self):
        """All runs behind the slider at the first setting of the other controls: the scenery is theirs."""
        return self._trained(self._start)["runs"]

    @property
    def first(self):
        """The run at the first setting of all controls."""
        return pick(self.runs, self._trained(self._start)["at"][self.rate.at][1])

    def _others(self):
        return tuple(value for name, value in self.values.items() if name != "rate")

    def _trained(self, others):
        """All rates of the grid, trained in one call for these values of the other controls."""
        if others not in self._kept:
            extra = {*self.rate.marks.values(), self.rate.at} - set(self.rate.grid)
            rates = np.sort([*self.rate.grid, *extra])
            places = {float(rate): (None, k) for k, rate in enumerate(rates)}
            self._kept[others] = {"runs": self._train(rates, others), "at": places}
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(others)
        return self._kept[others]

    def _train(self, rates, others):
        kinds = [kind for name, kind in self.kinds.items() if name != "rate"]
        return self.train(
            rates, **{kind.name: kind.meant(value) for kind, value in zip(kinds, others, strict=True)}
        )

    # The faces

    @cached_property
    def canvas(self):
        """The figure behind the live and the static face."""
        return Canvas(self.draw, self.runs, self.first, self.settings)

    def frame(self):
        """Draw the present run, and return its picture (PNG bytes), its text alternative and its status."""
        self.canvas.show(self.run)
        return self.canvas.png(), self.canvas.text, self.status

    @property
    def figure(self):
        return self.canvas.figure

    @property
    def png(self):
        """The present picture, sharp (PNG bytes)."""
        return still(self.draw, self.runs, self.run, self.settings)[0]

    @property
    def setting(self):
        """What the controls stand at: rate 0.1, momentum β 0.9."""
        return ", ".join(f"{kind.label} {kind.said(self.values[name])}" for name, kind in self.kinds.items())

    @property
    def status(self):
        """The status line: the setting, the final loss, what happened."""
        return f"{self.setting}: {outcome(self.run)}"

    @property
    def text(self):
        """The text face: the controls, their ranges, and what the run did."""
        self.canvas.show(self.run)
        ranges = "; ".join(f"{kind.label} {kind.range}" for kind in self.kinds.values())
        return f"Explorer at {self.status}.\n{self.canvas.text}\nControls: {ranges}."

    def __repr__(self):
        return self.text

    @property
    def controls(self):
        return self.live.controls

    @cached_property
    def live(self):
        from .live import Live

        return Live(self)

    def static(self, most=1_000_000):
        """The static face: HTML of at most so many bytes."""
        from .static import html

        return html(self, whole("static: most", most))

    def _repr_mimebundle_(self, include=None, exclude=None):
        from .show import bundle

        return bundle(self)

    def close(self):
        """Let go of the widgets, the figure and the runs; the explorer can be shown again."""
        if "live" in self.__dict__:
            self.__dict__.pop("live").close()
        self.__dict__.pop("canvas", None)
        self._kept.clear()


def pick(runs, index):
    """The run at an index, from a Run or from a dict of Runs."""
    if isinstance(runs, dict):
        return {name: pick(run, index) for name, run in runs.items()}
    return runs[index]


def outcome(run):
    """The final loss, and what happened."""
    if isinstance(run, dict):
        return "; ".join(f"{name}: {outcome(one)}" for name, one in run.items())
    first, last = run.losses[0], run.final
    if not np.isfinite(run.losses).all():
        lost = int(np.argmin(np.isfinite(run.losses)))
        return f"diverged, the loss is no number from epoch {run.epochs[lost]:g} on"
    if run.diverged:
        return f"final loss {loss_said(last)}, diverged"
    count = len(run.losses)
    late = run.losses[min(count * 9 // 10, count - 2) :]
    if last > 0.9 * first:
        what = "hardly moved"
    elif last < 1e-12 or np.ptp(late) < 0.01 * late.max():
        what = "settled"
    else:
        falls = (np.diff(late) <= 0).mean()
        what = "still falling" if falls > 0.8 else "rising" if falls < 0.2 else "swinging"
    return f"final loss {loss_said(last)}, {what}"
