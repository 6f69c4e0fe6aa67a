"""Plots: one function draws one thing on `ax` and returns it.

    plots.losses(run)                        a picture of its own
    left, right = plots.panels(2)            two side by side: draw on each, and the last cell line shows both
    plots.losses(run, ax=left)
    plots.path(run, problem, ax=right)

What is returned shows itself in a notebook: as a picture, and as text, which says the same with its number.

base    `drawing`, `panels`, `tell`, words for numbers     picture  the style sheet, the layout, small PNGs
rates   `colour` and `look`: a rate keeps its colour, line style and marker through the whole course
runs    `losses`, `weight`, `rate_marks`: a Run in general, still
paths   `path`: two weights over the contours of their loss
moving  `loss_now`, `weight_now`, `path_now`, `race_now`: one run of many, what an explorer moves
curves  `curves`, `power_law`, `cloud`, `contest`: what is compared by name, or against the rate
over_time  `schedule_now`, `rate_and_loss`: a rate that changes, and the loss below it
line    `line_fit`, `bowl_steps`, `ravine`, `bend`, `factors`, `settling`, `spacing`: lesson 01
table   `table`: numbers in rows; `ten_epochs`: what the vision book prints
map     `houses`, `boundary`, `turning`, `fitting`, `map_now`: the school district
six     `boundaries`, `multiples`, `strips`, `collapse`, `sharpness`, …: six rates beside one another
choosing  `trials`, `range_test`, `digit_weights`, `roughness`, `floors`: lesson 06
batches `batches`, `one_house`, `valley`: what a batch changes, one house's loss, the way without an end
clinic  `clinic`: eight runs without a label

To add a plot, write a function in the module of its theme and name it below:

    @drawing
    def ladder(run, ax=None):
        "What the picture shows."
        ax.plot(run.epochs, run.losses, **look(run.rate))
        tell(ax, "One sentence that says what to see", f"The same, with its number: {number(run.final)}.",
             x="epoch", y="loss")

`ax` is never None inside: `drawing` makes the axes, with the style sheet in force, and returns them. In a
function for several panels, `@drawing(panels=2)`, `ax` is the row of them. `tell` sets the title, the names
of the axes and `ax.alt`, the text alternative: only digits that are the same everywhere. No pyplot.

To add one that an explorer moves, split it. What stands still is a scenery, drawn once for all runs behind
the slider; it also fixes the limits of the axes. What moves is drawn anew for the run at hand:

    def ladder_scenery(runs, ax):
        ax.set(xlim=(0, runs.epochs[-1]), ylim=(0, 2), xlabel="epoch", ylabel="loss")

    @drawing(scenery=ladder_scenery)
    def ladder_now(run, ax=None):
        ax.plot(run.epochs, run.losses, **look(run.rate))
        tell(ax, f"At rate {number(run.rate)} …", f"…")

Called alone, `ladder_now(run)` draws its scenery too.
"""

from .base import drawing, new, number, panels, tell
from .batches import batches, one_house, valley
from .choosing import digit_weights, digit_weights_now, floors, range_test, roughness, trials
from .clinic import clinic
from .curves import cloud, contest, curves, good_rates, named_look, power_law, stopping
from .door import guarded
from .line import bend, bowl_steps, factors, line_fit, ravine, settling, spacing
from .map import boundary, fitting, houses, map_now, turning
from .moving import loss_now, path_now, race_now, weight_now
from .over_time import rate_and_loss, schedule_now
from .paths import path
from .rates import colour, look
from .runs import losses, rate_marks, weight
from .six import (
    boundaries,
    collapse,
    collapse_now,
    contradiction,
    multiples,
    nan_houses,
    plus_minus,
    sharpness,
    strips,
)
from .table import table, ten_epochs

__all__ = [
    "batches",
    "bend",
    "boundaries",
    "boundary",
    "bowl_steps",
    "clinic",
    "cloud",
    "collapse",
    "collapse_now",
    "colour",
    "contest",
    "contradiction",
    "curves",
    "digit_weights",
    "digit_weights_now",
    "drawing",
    "factors",
    "fitting",
    "floors",
    "good_rates",
    "houses",
    "line_fit",
    "look",
    "loss_now",
    "losses",
    "map_now",
    "multiples",
    "named_look",
    "nan_houses",
    "new",
    "number",
    "one_house",
    "panels",
    "path",
    "path_now",
    "plus_minus",
    "power_law",
    "race_now",
    "range_test",
    "rate_and_loss",
    "rate_marks",
    "ravine",
    "roughness",
    "schedule_now",
    "settling",
    "sharpness",
    "spacing",
    "stopping",
    "strips",
    "table",
    "tell",
    "ten_epochs",
    "trials",
    "turning",
    "valley",
    "weight",
    "weight_now",
]

globals().update({name: guarded(globals()[name]) for name in __all__ if name != "drawing"})
