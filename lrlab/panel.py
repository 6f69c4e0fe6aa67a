"""The panel of the game of lesson 07: a slider, a box, three lists and two buttons; the pictures of its ledger."""

import asyncio
import base64
import json
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import anywidget
import numpy as np
import traitlets

from . import game
from .explore.controls import LABELS, Rate
from .explore.frames import Stage
from .explore.show import STYLE, bundle
from .figure import DPI, panel_size
from .plots.lesson07 import game_now, tries_now
from .slide import smallest

EACH = 0.15  # seconds that an epoch takes on the screen


class Board(NamedTuple):
    """What the pictures show: what was tried, the run that is going on or None, the rate under the hand."""

    tries: tuple
    live: object
    rate: float
    number: int
    left: int


class Panel:
    """A game under the hand. `do("run", rate=…, epochs=…)` is what its buttons do; also "move", "stop", "submit"."""

    views = (tries_now, game_now)

    def __init__(self, played):
        self.game = played
        self.at = {"rate": 0.1, "rule": "sgd", "shape": "constant", "epochs": 3}
        self.live, self._task, self._stopped = None, None, False
        self.first = dict(self.at)
        played.watchers.append(self.tell)

    @property
    def board(self):
        return Board(tuple(self.game.tries), self.live, self.at["rate"], self.game.number, self.game.left)

    @cached_property
    def stage(self):
        stage = Stage(self.views, self.board, {})
        stage(self.board)
        return stage

    @property
    def status(self):
        """One line: the last run or the score, and what is left."""
        if self.game.score is not None:
            return " ".join(repr(self.game.score).splitlines())
        last = self.live or (self.game.tries[-1] if self.game.tries else None)
        left = f"{self.game.left} of {game.BUDGET} epochs left"
        return f"{repr(last).splitlines()[-1]}. {left}." if last else f"Problem {self.game.number}: {left}."

    def state(self, **more):
        """What the page is told."""
        drawn = self.stage(self.board)
        news = {"pieces": [piece for piece, _ in drawn], "texts": [text for _, text in drawn], "status": self.status}
        return {**news, "running": self.live is not None, "over": self.game.score is not None, **more}

    def tell(self, **more):
        """Tell the page how the game stands."""
        if "widget" in self.__dict__:
            self.widget.send(self.state(**more))

    def do(self, what, **values):
        """What a hand does. A mistake becomes a sentence on the page."""
        refused = None
        try:
            self._read(values)
            if what == "stop":
                self._stopped = True
            elif what == "run" and self.live is None:
                self._run(**self.at)
            elif what == "submit" and self.live is None:
                self.game.submit(self.at["rate"], self.at["rule"], self.at["shape"])
        except ValueError as error:
            refused = f"{error}."
        self.tell(refused=refused, answers=what == "move")

    def _read(self, values):
        read = {"rate": float, "epochs": int, "rule": str, "shape": str}
        self.at.update({name: read[name](value) for name, value in values.items() if name in read})

    def _run(self, rate, epochs, rule, shape):
        """Show a run epoch by epoch, as long as nobody stops it; then pay for what was done."""
        whole = self.game.preview(rate, epochs, rule, shape)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no kernel: nobody looks
            self.game.run(rate, epochs, rule, shape)
            return
        self._stopped, self.live = False, _until(whole, 0)
        self._task = loop.create_task(self._shown(whole, rate, epochs, rule, shape))

    async def _shown(self, whole, rate, epochs, rule, shape):
        done = 0
        while done < epochs and not (self._stopped and done):
            await asyncio.sleep(EACH)
            done += 1
            self.live = _until(whole, done)
            if done < epochs:
                self.tell()
        self.live = None
        try:
            self.game.run(rate, epochs, rule, shape, stop=lambda losses: len(losses) > done)  # tells the page
        except ValueError as error:  # spent by code meanwhile
            self.tell(refused=f"{error}.")

    # The faces

    @property
    def text(self):
        return f"{self.status}\n" + "\n".join(text for _, text in self.stage(self.board))

    __repr__ = text.fget

    @property
    def png(self):
        texts = [text for _, text in self.stage(self.board)]
        return self.stage.png("Run this cell to play."), "\n".join(texts), *self.stage.size

    @cached_property
    def widget(self):
        return Buttons(self)

    def static(self):
        """A picture, where there is no kernel."""
        _, text, width, height = self.png
        code = base64.b64encode(self.stage.png("")).decode("ascii")
        small = min(smallest(figure) for figure in self.stage.figures) * DPI / 72
        size = f'width="{width}" height="{height}" data-text="{small:g}"'
        look = f"width: 100%; height: auto; max-width: {2 * width}px"
        return f'<img src="data:image/png;base64,{code}" {size} style="{look}" alt="{text}">'

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self)

    def fill(self, values):
        """An explorer draws its frames ahead; a game has none."""

    def close(self):
        if self._task:
            self._task.cancel()
        if self.tell in self.game.watchers:
            self.game.watchers.remove(self.tell)
        if "widget" in self.__dict__:
            self.__dict__.pop("widget").close()


class Buttons(anywidget.AnyWidget):
    """The widget of a panel."""

    _esm = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
    _css = STYLE + '.lr-explorer button[aria-disabled="true"] { color: #8a8a94; cursor: default; }'
    spec = traitlets.Unicode("{}").tag(sync=True)
    state = traitlets.Unicode("{}").tag(sync=True)

    def __init__(self, panel):
        self.panel = panel
        sizes = [panel_size(len(panel.views), view) for view in panel.views]
        svgs = [svg.replace("<svg", '<svg role="img"', 1) for svg in panel.stage.scenery()]
        stops = Rate((game.LOW, game.HIGH), panel.at["rate"], count=141)
        spec = {
            "label": f"Game: problem {panel.game.number}",
            "rate": {"label": LABELS["rate"], "stops": stops.stops, "low": game.LOW, "high": game.HIGH},
            "choices": {"rule": game.RULE_NAMES, "shape": game.SHAPES},
            "longest": game.LONGEST,
            "at": panel.at,
            "panels": [{"svg": svg, "width": width} for svg, (width, _) in zip(svgs, sizes, strict=True)],
        }
        super().__init__(spec=json.dumps(spec), state=json.dumps(panel.state()))
        self.on_msg(lambda _, message, buffers: panel.do(message.pop("do"), **message))

    def close(self):
        self.layout.close()
        super().close()


def _until(tries, epochs):
    """The same run after so many epochs."""
    losses = np.where(np.arange(len(tries.losses)) <= epochs, tries.losses, np.nan)
    return game.Tries(tries.rate, losses, np.array(epochs), tries.rule, tries.shape)
