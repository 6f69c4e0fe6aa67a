"""lrcore: gradient descent for the lessons on the learning rate.

rules      the update rules, one plain function each
schedules  shapes over time, and how they join
data       the data sets, loaded and checked
problems   losses with exact gradients
descent    the training loop, `descend`; run: the record that it leaves
search     coarse to fine, random search, the range test
measure    when a run arrives, how wide a valley is, what a step costs
ledger     claims from the literature, and verdicts by number
plots      a run onto axes               (loaded when first used)
explore    a picture and its controls    (loaded when first used)
check      answers to exercises          (loaded when first used)
"""

from . import data, problems, rules, schedules, search
from .data import digits, line, school_district
from .descent import descend
from .problems import (
    banana,
    bowl,
    forward_difference,
    least_squares,
    logistic,
    noisy,
    power_iteration,
    saddle,
    softmax,
    surface,
)
from .run import Run

__all__ = [
    "Run",
    "banana",
    "bowl",
    "data",
    "descend",
    "digits",
    "forward_difference",
    "least_squares",
    "line",
    "logistic",
    "noisy",
    "power_iteration",
    "problems",
    "rules",
    "saddle",
    "schedules",
    "school_district",
    "search",
    "softmax",
    "surface",
]
