"""The door of the drawing functions: what cannot be drawn is one sentence, not Matplotlib's innards.

Who mends a drawing function finds the error itself in `sys.last_value.__context__`, with its traceback.
"""

import inspect
from functools import wraps

import numpy as np

from lrcore.problems import Problem
from lrcore.descent import Run

from ..expect import refuse, shown, size

MOST = 10**7  # numbers in one picture
KINDS = {
    "run": (Run, "a Run, such as descend leaves"),
    "problem": (Problem, "a problem, such as logistic(X, y)"),
}


def guarded(public):
    """The function, its failures put in words: the argument that is of the wrong kind, or what it takes at all."""
    module = public.__module__.split(".")[1]

    @wraps(public)
    def door(*given, **named):
        try:
            many = sum(map(size, (*given, *named.values())))
            if many > MOST:
                raise ValueError(f"{many} numbers")
            with np.errstate(all="ignore"):
                return public(*given, **named)
        except Exception as error:
            _refuse(f"{module}.{public.__name__}", public, given, named, error)

    return door


def _refuse(name, public, given, named, error):
    if (
        isinstance(error, (ValueError, TypeError))
        and " takes " in shown(error, str, 300)
        and ": " in str(error)
    ):
        raise error.with_traceback(None) from None  # it is a sentence already
    cause = f"{type(error).__name__}: {shown(error, str, 80)}"
    try:
        found = inspect.signature(public).bind(*given, **named).arguments
    except TypeError:
        found = {}
    for argument, value in found.items():
        wanted, takes = KINDS.get(argument, (object, ""))
        if not isinstance(value, wanted):
            refuse(f"{name}: {argument}", takes, value)
    takes = ", ".join(str(one) for one in inspect.signature(public).parameters)
    raise ValueError(
        f"{name}: takes {takes}, and cannot do it with {shown((*given, *named.values()))} ({cause})"
    ) from None
