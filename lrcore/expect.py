"""A mistake in a call is one sentence: the argument, what it takes, what it got."""

import numpy as np


def shown(value):
    """`value` as a short piece of a sentence."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}…"


def refuse(name, takes, value):
    """Raise the sentence, as a ValueError."""
    raise ValueError(f"{name} takes {takes}, got {shown(value)}") from None


def numbers(name, value, takes="a finite number, or an array of them", low=-np.inf, high=np.inf, finite=True):
    """`value` as a float array, every entry finite and within [low, high]; ValueError otherwise."""
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "iuf":  # neither text nor objects, neither booleans nor complex numbers
            raise TypeError
        array = array.astype(float)
    except (TypeError, ValueError, OverflowError):
        refuse(name, takes, value)
    if array.size == 0 or (finite and not np.isfinite(array).all()):
        refuse(name, takes, value)
    if (array < low).any() or (array > high).any():
        refuse(name, takes, value)
    return array


def number(name, value, takes="a finite number", low=-np.inf, high=np.inf):
    """`value` as one float within [low, high]; ValueError otherwise."""
    array = numbers(name, value, takes, low, high)
    if array.ndim:
        refuse(name, takes, value)
    return float(array)


def positive(name, value):
    """`value` as a float array of finite numbers above zero; ValueError otherwise."""
    return numbers(name, value, "a finite number above 0, or an array of them", low=np.nextafter(0, 1))


def whole(name, value, low=1, high=None):
    """`value` as an int from `low` to `high`; ValueError otherwise."""
    takes = f"a whole number, {low} or more" if high is None else f"a whole number from {low} to {high}"
    if isinstance(value, (bool, np.bool_)) or not hasattr(value, "__index__"):
        refuse(name, takes, value)
    try:
        value = value.__index__()
    except TypeError:  # an array of several
        refuse(name, takes, value)
    if value < low or (high is not None and value > high):
        refuse(name, takes, value)
    return value


def function(name, value, takes="a function"):
    """`value` itself if it can be called; ValueError otherwise."""
    if not callable(value):
        refuse(name, takes, value)
    return value


def matrix(name, value, takes="a table of finite numbers, one row per example"):
    """`value` as a float array (n, k), a flat list being one column; ValueError otherwise."""
    array = numbers(name, value, takes)
    array = array[:, None] if array.ndim == 1 else array
    if array.ndim != 2:
        refuse(name, takes, value)
    return array
