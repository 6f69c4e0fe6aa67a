"""The record that a training run leaves."""

from dataclasses import dataclass, fields

import numpy as np

from lrlab.expect import MOST, number, shown, size, whole

TINY = 1e-12  # a loss below it is rounding, and differs from machine to machine


@dataclass(frozen=True, eq=False)
class Run:
    """What a training run leaves, at its c checkpoints; after each epoch unless more were asked for.

    rate (*runs,)      epochs (c,), how many were done      weights (*runs, c, d)
    losses (*runs, c)  rates (*runs, c), the rate of the step after each checkpoint
    """

    rate: np.ndarray
    epochs: np.ndarray
    weights: np.ndarray
    losses: np.ndarray
    rates: np.ndarray

    @property
    def final(self):
        """The last loss (*runs,)."""
        return self.losses[..., -1][()]

    @property
    def diverged(self):
        """True where a run ended above its first loss, or not finite (*runs,)."""
        return ~(np.isfinite(self.final) & (self.final <= self.losses[..., 0]))

    @property
    def best(self):
        """The run with the least last loss, as a Run of one."""
        if not self.rate.size:
            raise ValueError("Run: best takes one run or more, got none")
        order = np.where(np.isnan(self.final), np.inf, self.final)
        return self[np.unravel_index(np.argmin(order), order.shape)]

    def settled(self, target, within, index=0):
        """The epoch from which weight `index` stays within `within` of target (*runs,); inf where none does."""
        target = number("settled: target", target)
        within = number("settled: within", within, "a distance, 0 or more", low=0)
        index = whole("settled: index", index, 0, self.weights.shape[-1] - 1)
        with np.errstate(invalid="ignore"):
            far = ~(np.abs(self.weights[..., index] - target) <= within)
        last = far.shape[-1] - np.argmax(far[..., ::-1], axis=-1)  # the checkpoint after the last one outside
        last = np.where(far.any(axis=-1), last, 0)
        return np.append(self.epochs, np.inf)[last][()]

    def __getitem__(self, index):
        """Some of the runs, as NumPy indexes an array of shape *runs."""
        shape = self.rate.shape
        try:
            chosen = np.arange(self.rate.size).reshape(shape)[index if size(index) <= MOST else ""]
        except Exception:  # many kinds: NumPy reads lists, texts and strangers' classes too
            raise IndexError(f"Run: index takes what fits the runs {shape}, got {shown(index)}") from None
        taken = {f.name: getattr(self, f.name) for f in fields(self)}
        for name, value in taken.items():
            if name != "epochs":
                taken[name] = value.reshape(-1, *value.shape[len(shape) :])[chosen]
        return Run(**taken)

    def __len__(self):
        if not self.rate.ndim:
            raise TypeError("Run: a run of one rate has no length")
        return len(self.rate)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __repr__(self):
        epochs = f"{self.epochs[-1]:g} epoch{'s' if self.epochs[-1] != 1 else ''}"
        if not self.rate.ndim:
            end = "diverged" if self.diverged else f"loss {brief(self.losses[0])} → {brief(self.final)}"
            return f"Run at rate {self.rate:g}, {epochs}: {end}"
        if not self.rate.size:
            return "no runs"
        low, high = self.rate.min(), self.rate.max()
        rates = f"rate {low:g}" if low == high else f"rates from {low:g} to {high:g}"
        runs = f"{' × '.join(map(str, self.rate.shape))} runs, {rates}, {epochs}"
        if self.diverged.all():
            return f"{runs}: all diverged"
        lost = f", {self.diverged.sum()} diverged" if self.diverged.any() else ""
        settled = np.abs(self.final) < TINY  # which of several is least would be rounding
        if settled.sum() > 1:
            return f"{runs}: {settled.sum()} reach a loss {brief(0)}{lost}"
        return f"{runs}: least loss {brief(self.best.final)} at {self.best.rate:g}{lost}"


def brief(loss):
    """A loss in three digits, without those that are rounding."""
    return f"under {TINY:g}" if abs(loss) < TINY else f"{loss:.3g}"
