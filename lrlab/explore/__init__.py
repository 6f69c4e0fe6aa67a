"""Explorers: a picture of a run, and its settings in your hand.

    explore.rate_explorer(problem, 50, rate=(0.001, 10), at=0.1)

is a whole cell: a slider on the rate, a box to type one in, the picture, and a line that says what happened.
All runs behind the slider are trained in one call of `descend`; a move looks one up.

rate      (lowest, highest), on a log scale; at: where it stands at first, a telling one
draw      a drawing function of plots for one run, with a scenery: plots.loss_now, weight_now, path_now, …
shows     what else the drawing function takes: shows={"target": 3}; `problem` is handed over by itself
marks     {name: rate} to jump to; marks=True takes the bowl's three: 1/λmax, 2/(λmin+λmax), 2/λmax
anything that `descend` takes, by name: one value is fixed, and several make a control:
    batch=[1, 10, 1600]                          one of some numbers
    beta=(0, 0.99)                               a number between two
    rule={"plain": rules.sgd, "Adam": rules.adam}    one of some, by name
    schedule={"none": None, "cosine": schedules.cosine(50)}
start     {name: value}: where these controls stand at first; else at their first value

`race(problem, epochs, rules=…)` moves several rules on one surface. For a training function of one's own
(train(rates, **others) → Run, or {name: Run}):

    explore.explorer(train, draw, rate=(0.01, 1), at=0.1, period=[10, 20, 50])

An explorer shows itself live in JupyterLab, and besides leaves picture and text in the notebook. Also:
`e.move(rate=0.2)`, `e.run`, `e.text`, `e.controls["rate"]`, `e.static()`, `e.close()`.

To add one to a lesson: a drawing function in plots (see there), one line in a cell, the tag `explorer` on it.

explorer  what stands between the controls and the picture     controls  the kinds of control
canvas    the figure, of which only what moves is drawn anew   live, show, static   the faces
"""

from ..plots.door import guarded
from . import build
from .explorer import Explorer
from .progress import progress

__all__ = ["Explorer", "explorer", "progress", "race", "rate_explorer"]

explorer, race, rate_explorer = map(guarded, (build.explorer, build.race, build.rate_explorer))
