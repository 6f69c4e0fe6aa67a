"""Problems: a loss with its exact gradient, written for a batch of runs at once.

models.py       least_squares: fitted to data
classifiers.py  logistic, softmax: fitted to data, with probability, accuracy, recall and precision
surfaces.py     bowl, saddle, banana, surface (one's own), noisy, forward_difference
problem.py      what they have in common: curvature, limit, sharpness
"""

from .classifiers import logistic, softmax
from .models import least_squares
from .problem import Problem, power_iteration
from .surfaces import banana, bowl, forward_difference, noisy, saddle, surface

__all__ = [
    "Problem",
    "banana",
    "bowl",
    "forward_difference",
    "least_squares",
    "logistic",
    "noisy",
    "power_iteration",
    "saddle",
    "softmax",
    "surface",
]
