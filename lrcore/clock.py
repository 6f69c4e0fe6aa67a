"""What makes a schedule of a formula, and what asks any function of the step for its factors."""

import inspect
import math

import numpy as np

from lrlab.expect import MOST, numbers, refuse


def schedule(name, formula):
    """A schedule of that name: its formula, given steps (*t) that broadcast with the settings (*runs)."""
    try:
        with np.errstate(all="ignore"):
            depth = np.ndim(formula(np.zeros(())))
    except ValueError:
        raise ValueError(f"{name}: its settings take shapes that broadcast with one another") from None
    return _checked(name, lambda t: formula(t.reshape(t.shape + (1,) * depth)))


def joined(name, parts, join):
    """A schedule of that name that joins others: join(t, *factors), lined up to broadcast."""

    def formula(t):
        found = [factors(part, t) for part in parts]
        most = max(f.ndim for f in found)
        lined = [f.reshape(t.shape + (1,) * (most - f.ndim) + f.shape[t.ndim :]) for f in found]
        return join(t.reshape(t.shape + (1,) * (most - t.ndim)), *lined)

    return _checked(name, formula)


def _checked(name, formula):
    def of(t):
        with np.errstate(all="ignore"):
            found = formula(numbers(f"{name}: t", t, "a step, 0 or more, or an array of steps", low=0))
        if not np.isfinite(found).all():
            refuse(f"{name}: t", "steps at which the factor is finite", t)
        return found[()]

    of.__name__ = of.__qualname__ = name
    return of


def factors(schedule, t):
    """The factors (*t, *runs) at the steps t, also of a function that takes one step at a time."""
    shape = np.shape(t) + np.shape(schedule(0))
    if math.prod(shape) > MOST:
        raise MemoryError(f"schedule: {math.prod(shape)} factors are more than memory holds")
    try:
        found = np.asarray(schedule(t), dtype=float)
        if found.shape == shape:
            return found
    except (TypeError, ValueError):
        pass
    return np.array([schedule(step) for step in np.ravel(t)], dtype=float).reshape(shape)


def watches_loss(schedule):
    """True for a watcher like plateau's: a function whose first argument is called `loss`."""
    try:
        return next(iter(inspect.signature(schedule).parameters), "") == "loss"
    except ValueError:  # some of NumPy's functions hide their arguments
        return False
