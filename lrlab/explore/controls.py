"""Controls: what a hand can set, the stops of each, how values are written and read. No widgets here."""

import numpy as np

LABELS = {
    "rate": "learning rate η",
    "beta": "momentum β",
    "beta1": "β₁",
    "beta2": "β₂",
    "eps": "ε",
    "on": "data",
    "own_best": "each rule at its own best rate",
    "batch": "batch size",
    "rule": "rule",
    "schedule": "schedule",
    "seed": "seed",
    "second": "second rate",
}


class Rate:
    """The rate: its stops from low to high, evenly in decades, dense around limits, some of them exact."""

    kind, name, typed = "rate", "rate", True

    def __init__(self, rate, at, marks=None, exact=(), dense=(), count=200, label=None):
        self.label = label or LABELS["rate"]
        self.marks = {mark: float(value) for mark, value in (marks or {}).items()}
        even = np.sort(np.atleast_1d(np.asarray(rate, float))).tolist()
        self.low, self.high = even[0], even[-1]
        if not 0 < self.low < self.high:
            raise ValueError(f"rate: a lower and a higher rate above 0, as in rate=(0.001, 10), not {rate}")
        if isinstance(rate, tuple) and len(rate) == 2:  # otherwise the stops themselves, as a stored pack has them
            for digits in (4, 5, 6):
                even = [_round(v, digits) for v in np.geomspace(self.low, self.high, count)]
                if len(set(even)) == count:
                    break
        near = [
            _round(limit * (1 + side * off), 5)
            for limit in np.atleast_1d(dense)
            for side in (-1, 1)
            for off in np.geomspace(0.001, 0.05, 12)
        ]
        at = min(max(0.1, self.low), self.high) if at is None else at
        self.meant = [float(v) for v in [at, *exact, *self.marks.values(), *np.atleast_1d(dense)]]
        inside = [v for v in [*even, *near, *self.meant] if self.low <= v <= self.high]
        self.meant = [v for v in self.meant if self.low <= v <= self.high]
        self.stops = sorted({self.said(v): v for v in inside}.values())  # of two written alike, the one meant
        self.marks = {mark: v for mark, v in self.marks.items() if self.low <= v <= self.high}
        self.at = self.read(at)

    def said(self, value):
        return f"{value:.6g}"

    def read(self, typed):
        """A rate from what was typed: the stop that is written so, or the number itself; ValueError otherwise."""
        value = _number(typed)
        if value is None or not self.low * (1 - 1e-9) <= value <= self.high * (1 + 1e-9):
            raise ValueError(f"{self.label}: a number from {self.low:g} to {self.high:g}, not {_short(typed)}.")
        near = min(self.stops, key=lambda stop: abs(stop - value))
        return near if self.said(near) == self.said(value) else value


class Number:
    """A number from low to high, evenly spaced, some of them exact; live any of them, in a deck `few` stops."""

    kind, typed, few = "number", True, 25

    def __init__(self, name, low, high, at=None, label=None, count=201, exact=()):
        self.name, self.label = name, label or LABELS.get(name, name)
        self.low, self.high = float(low), float(high)
        self.at = self.low if at is None else float(at)
        self.meant = {self.at, *map(float, exact)}
        self.stops = sorted({_round(v, 6) for v in np.linspace(low, high, count)} | self.meant)

    def thin(self):
        """So few of the stops that a deck holds them, the ends and what is meant among them."""
        places = np.linspace(0, len(self.stops) - 1, self.few - 1).round().astype(int)
        return sorted({self.stops[k] for k in places} | self.meant)

    said, read = Rate.said, Rate.read


class Choice:
    """One of some values, {what is written: what the training function gets}."""

    kind, typed = "choice", False

    def __init__(self, name, options, at=None, label=None):
        self.name, self.label = name, label or LABELS.get(name, name)
        named = options.items() if isinstance(options, dict) else [(_named(value), value) for value in options]
        self.options = {str(written): value for written, value in named}
        self.stops = list(self.options)
        self.at = self.stops[0] if at is None else self.read(at)

    def thin(self):
        return self.stops

    def said(self, value):
        return value

    def read(self, typed):
        written = str(typed) if str(typed) in self.options else _named(typed)
        if written not in self.options:
            raise ValueError(f"{self.label}: one of {', '.join(self.stops)}, not {_short(typed)}.")
        return written


class Switch(Choice):
    """A box to tick, for a setting that is False or True."""

    kind = "switch"


class Start:
    """Where a run begins, dragged over a landscape: numbers with commas between them."""

    kind, typed, label = "start", False, "start"

    def __init__(self, name, at):
        self.name, self.at = name, tuple(float(v) for v in np.atleast_1d(at))
        self.stops = [self.at]

    def said(self, value):
        return ",".join(f"{v:.6g}" for v in value)

    def read(self, typed):
        return tuple(float(v) for v in (typed.split(",") if isinstance(typed, str) else np.atleast_1d(typed)))


class Draw:
    """A button for another draw: seeds from `first` on; in a deck the first `few` of them, in a circle."""

    kind, typed, label = "draw", False, "New draw"

    def __init__(self, name, first=0, few=8, label=None):
        self.name, self.at, self.few = name, int(first), few
        self.label = label or self.label
        self.stops = list(range(self.at, self.at + few))

    def thin(self):
        return self.stops

    def said(self, value):
        return str(value)

    def read(self, typed):
        return int(typed)


def new_draw(first=0, few=8, label=None):
    """For a setting that is a seed: a "New draw" button, from seed `first` on; a deck packs `few` of them."""
    return lambda name, at: Draw(name, first if at is None else at, few, label)


def control(name, values, at=None):
    """The control for the values of a setting: a pair (low, high) or (low, high, a stop of its own, …), a list or dict
    of some, or new_draw()."""
    if isinstance(values, Start):
        return values
    if callable(values):
        return values(name, at)
    if isinstance(values, tuple):
        return Number(name, *values[:2], at=at, exact=values[2:])
    return (Switch if values == [False, True] else Choice)(name, values, at)


def is_control(values):
    """Whether a setting's value makes a control: several values do, one is fixed."""
    return isinstance(values, (list, tuple, dict, Start)) or getattr(values, "__qualname__", "")[:8] == "new_draw"


def meant(kind, value):
    """What the training function gets for a control's value."""
    return kind.options[value] if isinstance(kind, Choice) else value


def _named(value):
    """A number or text as it is; "all" for no batch size; the name of a function."""
    return "all" if value is None else getattr(value, "__name__", str(value))


def _round(value, digits):
    return float(f"{value:.{digits}g}")


def _number(typed):
    """A number as people type it, "0,05" and "1/2" too; None where it is none."""
    try:
        over, _, under = str(typed).strip().replace(",", ".").partition("/")
        value = float(over) / float(under or 1)
    except (ValueError, ZeroDivisionError):
        return None
    return value if np.isfinite(value) else None


def _short(typed):
    return str(typed).strip()[:20] or "nothing"
