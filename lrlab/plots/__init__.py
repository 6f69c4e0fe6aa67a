"""Plots: one function draws one thing on `ax` and returns it.

    plots.losses(run)                        a picture of its own
    left, right = plots.panels(2)            two side by side: draw on each, and the last cell line shows both
    plots.losses(run, ax=left)

What is returned shows itself in a notebook: as a picture, and as text, which says the same with its number.
`loss_now`, `weight_now`, `path_now`, `bowl_now`, `race_now` are views, what an explorer moves: see moving.py.

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
"""

from ..figure import drawing, new, number, panels, still, table, tell
from .choosing import floors, range_test, roughness, trials
from .clinic import clinic
from .curves import contest, curves, named_look
from .lesson00 import data_sets, doubled, fates, hidden_pair, twins, twins_apart
from .lesson01 import bend, bowl_steps, crossing, factors, line_fit, ravine, settling, spacing, ten_epochs
from .lesson02 import batches, drawn_by, judged, mistakes, one_house, turning, valley
from .lesson03 import (
    batched_said,
    boundaries,
    collapse,
    collapse_now,
    contradiction,
    criteria,
    duel_now,
    duel_said,
    epochs_now,
    multiples,
    nan_houses,
    plus_minus,
    sharpness,
    strips,
)
from .lesson04 import (
    averaging,
    band_caption,
    band_now,
    cloud_now,
    heights,
    pairs,
    rate_now,
    rows,
    small_shapes,
    steps_now,
    two_steps,
)
from .lesson05 import (
    effective_now,
    errors_of,
    first_steps,
    goal_now,
    good_strips,
    m_now,
    memory_plane,
    racing_losses,
    racing_paths,
    ridge_now,
    root_now,
    saddle_now,
    seen_caption,
    two_zigzags,
    where_now,
)
from .lesson06 import (
    at_the_line,
    beside_logistic,
    four_ways,
    ink,
    jumps,
    meeting,
    met,
    network_caption,
    sharpness_now,
    starting_above,
    training_loss_now,
    unnamed,
    valley_now,
    valley_sharpness_now,
    warming,
)
from .lesson07 import (
    by_hand,
    ends_caption,
    ends_now,
    four_logs,
    judged_by,
    ratios,
    reveal,
    steps_to_goal,
    tries,
    weights_from,
)
from .lesson08 import (
    calibration,
    formulas_now,
    formulas_said,
    limits_now,
    limits_said,
    long_training,
    noise_floor,
    over_steps,
    settling_now,
    shaking_now,
    shaking_said,
    stamps,
    sweep,
    tried,
)
from .map import fitting_now, found_said, houses, map_now, measures_now
from .moving import bowl_now, curve, decades, inside, loss_now, path_now, race_now, weight_now
from .over_time import above_now, rate_and_loss, rates_now
from .paths import path
from .rates import colour, look
from .runs import bowl_rates, losses, weight
from .widths import best_rates, losses_at, paired, smaller_when_wide, widths
