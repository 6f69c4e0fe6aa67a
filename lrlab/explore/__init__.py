"""Explorers: pictures of a run, and its settings in your hand.

    explore.rate_explorer(problem, 50, rate=(0.001, 0.2), at=0.1, draw=(plots.path_now, plots.loss_now))

is a whole cell: a slider on the rate, a box to type one, the pictures, and a line that says what happened.
All runs behind the slider are trained in one call; their frames are drawn once, and the page swaps them.

rate      (lowest, highest), evenly in decades, or the rates themselves; at: where it stands at first (0.1, or the end
          that is nearest), {name: value} for other controls too
draw      a view of plots, or several, which one slider moves together: see plots/moving.py
marks     {name: rate} to jump to; marks=True takes the bowl's three: 1/λmax, 2/(λmin+λmax), 2/λmax
exact     rates that the slider must hold as they are       dense     limits around which it has more rates
drag      True: the start can be dragged over a landscape    start    where the runs begin
shows     what else the views take, {"target": 3}; `problem` is handed over by itself
caption   caption(run) for the status line; without it, what fate.caption says
anything that `descend` or its rule takes, by name: one value is fixed, and several make a control:
    batch=[1, 10, 1600]                          one of some numbers
    beta=(0, 0.99)                               a number between two
    rule={"plain": rules.sgd, "Adam": rules.adam}    one of some, by name
    own_best=[False, True]                       a box to tick
    seed=explore.new_draw(3)                     a button for another draw

`race(problem, epochs, rules=…)` moves several rules on one surface. For a training function of one's own
(train(rates, **others) → Run, or a dict or tuple of Runs, or what else gives a run for [k]):

    explore.explorer(train, draw, rate=(0.01, 1), at=0.1, period=[10, 20, 50], stored=…)

stored(**others) → the runs of all rates of the slider, from a file, or None: then they are trained.

An explorer shows itself, and leaves picture and text in the notebook. Also: `e.move(rate=0.2)`, `e.values`,
`e.run`, `e.text`, `e.static()`, `e.close()`.

build  how explorers are made   explorer  runs, frames and faces   controls  what a hand can set
frames  SVG by Matplotlib's renderer     show, explore.js  the widget, and HTML for decks
"""

from . import show  # noqa: F401  anywidget is loaded before the first cell needs it
from .build import explorer, race, rate_explorer
from .controls import new_draw
from .explorer import Explorer
from .progress import progress

__all__ = ["Explorer", "explorer", "new_draw", "progress", "race", "rate_explorer"]
