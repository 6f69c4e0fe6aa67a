"""lrcore: gradient descent for the lessons on the learning rate, in NumPy.

rules      the update rules, one plain function each
schedules  shapes over time, and how they join
data       the data sets
problems   losses with exact gradients
descent    the training loop, `descend`, and `Run`, the record that it leaves
search     coarse to fine, random search, the range test, a fair comparison
"""

from . import data, problems, rules, schedules, search
from .data import digits, line, school_district
from .descent import Run, descend
from .problems import banana, bowl, forward_difference, least_squares, logistic
from .problems import network, noisy, saddle, softmax, surface
