"""Controls: what a hand can set, which values they take, how these are written and read. No widgets here."""

from typing import ClassVar

import numpy as np

from ..expect import numbers, shown, whole


def written(value):
    """A value as it is shown and spoken: 0.1, 0.01995, cosine."""
    return value if isinstance(value, str) else f"{value:.4g}"


class Rate:
    """A rate from low to high on a log scale; `grid` are the rates that are trained at once."""

    log = True

    def __init__(self, name, low, high, at, label, steps=60, marks=None):
        low, high = (
            float(v) for v in numbers(f"{name}: range", (low, high), "two numbers above 0", low=1e-300)
        )
        if not low < high:
            raise ValueError(f"{name}: range takes a lower and a higher rate, got {low:g} and {high:g}")
        self.name, self.low, self.high, self.label = name, low, high, label
        self.steps = whole(f"{name}: steps", steps, 1, 10_000)
        self.grid = np.geomspace(low, high, steps + 1)
        self.marks = {mark: float(rate) for mark, rate in (marks or {}).items() if low <= rate <= high}
        self.at = self.read(at)

    def read(self, typed):
        """A value from what was typed; ValueError with a sentence."""
        said = shown(typed, str)
        try:
            value = float(said.replace(",", "."))
        except ValueError:
            value = np.nan
        room = 1e-9 * max(abs(self.low), abs(self.high))
        if not self.low - (0 if self.log else room) <= value * (1 + 1e-12) or not value <= self.high + room:
            got = said.strip()[:20] or "nothing"
            raise ValueError(f"{self.label} takes a number from {self.low:g} to {self.high:g}, got {got}.")
        known = [*self.grid, *self.marks.values()]
        near = min(known, key=lambda rate: abs(rate - value))
        return float(near) if np.isclose(near, value, rtol=1e-9, atol=1e-12 * (not self.log)) else value

    def said(self, value):
        """The value in words: short for steps of the slider, whole for what was typed."""
        return written(value) if value in self.grid or value in self.marks.values() else f"{value:.7g}"

    def meant(self, value):
        """What the training function gets."""
        return value

    @property
    def range(self):
        return f"from {self.low:g} to {self.high:g}"

    def sample(self, count):
        """`count` values over the whole range, ends and the present setting included."""
        return self.grid[np.unique(np.linspace(0, self.steps, count).round().astype(int))].tolist()


class Number(Rate):
    """A number from low to high, evenly spaced."""

    log = False

    def __init__(self, name, low, high, at, label, steps=20):
        low, high = (float(v) for v in numbers(f"{name}: range", (low, high), "two numbers"))
        self.name, self.low, self.high, self.label, self.steps, self.marks = name, low, high, label, steps, {}
        self.grid = np.linspace(low, high, steps + 1)
        self.at = self.read(at)


class Choice:
    """One of some values {value: what the training function gets}; a value is a number or a name."""

    marks: ClassVar[dict] = {}

    def __init__(self, name, options, at, label):
        self.name, self.label, self.options = name, label, dict(options)
        self.numeric = any(not isinstance(value, str) for value in self.options)
        self.at = self.read(at)

    def read(self, typed):
        """The value that was typed; ValueError with a sentence."""
        words = shown(typed, str).replace(",", ".")
        for value in self.options:
            try:
                if (
                    (np.isscalar(typed) and typed == value)
                    or words == written(value)
                    or float(words) == value
                ):
                    return value
            except ValueError:
                pass
        raise ValueError(f"{self.label} takes {self.range}, got {words[:20] or 'nothing'}.")

    def said(self, value):
        return written(value)

    def meant(self, value):
        return self.options[value]

    @property
    def range(self):
        return "one of " + ", ".join(map(written, self.options))

    def sample(self, count):
        return list(self.options)
