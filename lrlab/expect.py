"""A mistake in a call is one sentence: the argument, what it takes, what it got."""

import inspect
import operator
import re
from functools import wraps

import numpy as np

LEAST = np.nextafter(0, 1)  # the least number above 0
MOST = 2**26  # numbers in one array: half a gigabyte


def shown(value, write=repr, most=60):
    """`value` as a short piece of a sentence, the same at every call."""
    if isinstance(value, np.ndarray) and value.size > MOST:
        return f"{value.size} numbers, over half a gigabyte"
    try:
        text = re.sub(" at 0x[0-9a-fA-F]+", "", " ".join(write(value).split()))
    except Exception:  # a repr that fails, or nests too deep
        text = f"something of type {type(value).__name__}"
    return text if len(text) <= most else f"{text[: most - 3]}…"


def refuse(name, takes, value):
    """Raise the sentence, as a ValueError."""
    raise ValueError(f"{name} takes {takes}, got {shown(value)}") from None


def room(name, takes, value, count):
    """Refuse what makes an array of more numbers than MOST."""
    if count > MOST:
        refuse(name, f"{takes}, not {count / 2**27:.3g} GB", value)


def size(value):
    """How many numbers an array of `value` would hold."""
    if isinstance(value, (list, tuple, dict)):
        return sum(map(size, value.values() if isinstance(value, dict) else value))
    try:
        return value.size if isinstance(value, np.ndarray) else len(value)
    except TypeError:  # it has no length
        return 1


def array(value, kinds="iuf"):
    """`value` as a float array; None where it is none of these kinds, or larger than MOST."""
    try:
        found = np.asarray(value) if size(value) <= MOST else None
        return found.astype(float) if found is not None and found.dtype.kind in kinds else None
    except Exception:  # ragged, or a stranger's class
        return None


def numbers(
    name,
    value,
    takes="a finite number, or an array of them",
    low=-np.inf,
    high=np.inf,
    finite=True,
    kinds="iuf",  # neither text nor objects, neither booleans nor complex numbers
):
    """`value` as a float array, every entry finite and within [low, high]; ValueError otherwise."""
    found = array(value, kinds)
    if found is None or found.size == 0 or (finite and not np.isfinite(found).all()):
        refuse(name, takes, value)
    if (found < low).any() or (found > high).any():
        refuse(name, takes, value)
    return found


def number(name, value, takes="a finite number", low=-np.inf, high=np.inf):
    """`value` as one float within [low, high]; ValueError otherwise."""
    array = numbers(name, value, takes, low, high)
    if array.ndim:
        refuse(name, takes, value)
    return float(array)


def positive(name, value):
    """`value` as a float array of finite numbers above zero; ValueError otherwise."""
    return numbers(name, value, "a finite number above 0, or an array of them", low=LEAST)


def whole(name, value, low=1, high=None):
    """`value` as an int from `low` to `high`; ValueError otherwise."""
    takes = f"a whole number, {low} or more" if high is None else f"a whole number from {low} to {high}"
    try:
        found = operator.index(value)
    except Exception:  # no number, an array of several, or a stranger's class
        refuse(name, takes, value)
    if isinstance(value, bool) or found < low or (high is not None and found > high):
        refuse(name, takes, value)
    return found


def generator(name, seed):
    """NumPy's legacy generator, whose numbers never change, from a seed; ValueError otherwise."""
    return np.random.RandomState(whole(name, seed, 0, 2**32 - 1))


def function(name, value, takes="a function"):
    """`value` itself if it can be called; ValueError otherwise."""
    if not callable(value):
        refuse(name, takes, value)
    return value


def kind(name, value, wanted, takes):
    """`value` itself if it is of a wanted class; ValueError otherwise."""
    if not isinstance(value, wanted):
        refuse(name, takes, value)
    return value


def matrix(name, value, takes="a table of finite numbers, one row per example"):
    """`value` as a float array (n, k), a flat list being one column; ValueError otherwise."""
    array = numbers(name, value, takes)
    array = array[:, None] if array.ndim == 1 else array
    if array.ndim != 2:
        refuse(name, takes, value)
    return array


LIMITS = {"beta": ("a number from 0 to below 1", 0, np.nextafter(1, 0)), "eps": ("0 or more", 0, np.inf)}
LIMITS["decay"] = LIMITS["eps"]


def settings(caller, rule, given):
    """A rule's settings as float arrays, each known to it and within LIMITS; one sentence otherwise."""
    try:
        parameters = inspect.signature(rule).parameters.values()
    except ValueError:  # some of Python's own functions hide their arguments
        parameters = ()
    known = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
    for name, value in given.items():
        if name not in known:
            takes = f"only {', '.join(known)}" if known else "no settings"
            rule = getattr(rule, "__name__", shown(rule))
            raise TypeError(f"{caller}: the rule {rule} takes {takes}, got {name}={shown(value)}")
    limits = {name: LIMITS.get(name.rstrip("12"), ("a finite number", -np.inf, np.inf)) for name in given}
    return {name: numbers(f"{caller}: {name}", value, *limits[name]) for name, value in given.items()}


def rule(formula):
    """Check a call, then apply the formula. `descend` checks once and calls the formula itself (__wrapped__)."""
    name, parameters = formula.__name__, inspect.signature(formula).parameters.values()
    remembered = [p.name for p in parameters if p.default == 0]

    @wraps(formula)
    def checked(w, g, rate, *memory, **given):
        w, g = (numbers(f"{name}: {k}", v, "numbers", finite=False) for k, v in (("w", w), ("g", g)))
        rate = numbers(f"{name}: rate", rate)
        if w.shape != g.shape:
            raise ValueError(f"{name}: w and g take one shape, got {w.shape} and {g.shape}")
        memory = [numbers(f"{name}: memory", m, "numbers", finite=False) for m in memory]
        named = {k: numbers(f"{name}: {k}", given.pop(k), "numbers", finite=False) for k in remembered if k in given}
        given = settings(name, formula, given)
        try:
            with np.errstate(all="ignore"):
                new, kept = formula(w, g, rate, *memory, **named, **given)
        except (TypeError, ValueError):
            shapes = [np.shape(a) for a in (w, rate, *memory, *named.values(), *given.values())]
            takes = f"{name}: memory ({', '.join(remembered) or 'none'})"
            refuse(takes, "arrays that fit w, as do rate and settings", shapes)
        if new.shape != w.shape:
            takes = f"shapes that fit w {w.shape}"
            raise ValueError(f"{name}: rate, memory and settings take {takes}, got {rate.shape} for rate")
        return new, kept

    return checked
