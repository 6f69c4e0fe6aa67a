"""Lesson 06's runs: a small network on 300 digits, its sharpness along the way, and what data/ keeps of them."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from lrcore import descend, digits, network, rules
from lrcore.data import FOLDER, Dataset

from .explore import progress
from .studies import table  # noqa: F401 (lesson 06 reads its tables here)

STEPS = 3000
SEEN = np.array([*range(0, 100, 10), *range(100, 400, 30), *range(400, 1000, 60), *range(1000, 3001, 69)])
SEEN = np.unique(np.append(SEEN // 10 * 10, STEPS))  # the steps at which the sharpness is looked at
AT_ONCE = 8  # runs trained together: so many stay in a core's cache


@dataclass(frozen=True, eq=False)
class Traced:
    """Runs with their sharpness at c steps."""

    rate: np.ndarray  # (*runs,)
    epochs: np.ndarray  # (c,)
    losses: np.ndarray  # (*runs, c)
    sharpness: np.ndarray  # (*runs, c)

    @property
    def final(self):
        """The last loss (*runs,)."""
        return self.losses[..., -1]

    @property
    def diverged(self):
        """True where a run ended above its first loss, or not finite (*runs,)."""
        return ~(self.final <= self.losses[..., 0])

    def __getitem__(self, index):
        return Traced(self.rate[index], self.epochs, self.losses[index], self.sharpness[index])


def draw(seed, pixels="raw"):
    """(problem, unseen): the network on 300 digits, rows and start drawn by `seed`, and the other 1497 digits.

    pixels="centred" takes from each pixel its mean over the 300.
    """
    X, y = digits()
    order = np.random.RandomState(seed).permutation(len(y))
    rows, rest = order[:300], order[300:]
    X = X - X[rows].mean(axis=0) if pixels == "centred" else X
    return network(X[rows], y[rows], seed=seed), Dataset(X[rest], y[rest])


def trace(problem, rates, steps=STEPS, rule=rules.sgd, **settings):
    """Train at some rates (n,), and look at the sharpness at the steps SEEN: Traced."""
    rates, places, parts = np.atleast_1d(np.asarray(rates, float)), SEEN[SEEN <= steps] // 10, []
    for few in np.split(rates, range(AT_ONCE, len(rates), AT_ONCE)):
        run = descend(problem, few, steps, rule, checkpoints=1 / 10, **settings)
        parts.append((run.losses[:, places], problem.sharpness(run.weights[:, places])))
    losses, sharpness = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Traced(rates, places * 10.0, losses, sharpness)


def live(rates, pixels="raw"):
    """What the instrument trains for a rate that is typed."""
    return trace(draw(0, pixels)[0], rates)


@cache
def _pack():
    with np.load(FOLDER / "network.npz") as kept:
        return {name: kept[name].astype(float) for name in kept.files}


def stored(pixels="raw"):
    """The runs behind the instrument's slider, at its 200 rates."""
    pack = _pack()
    return Traced(pack["rates"], pack["epochs"], pack[f"{pixels}_losses"], pack[f"{pixels}_sharpness"])


def draws(rate, pixels="raw", rule="sgd"):
    """Ten draws of rows and start at one rate, of those stored; rule="momentum" has β = 0.9."""
    pack, name = _pack(), f"{rule}_{pixels}_{rate:g}"
    losses, sharpness = pack[f"{name}_losses"], pack[f"{name}_sharpness"]
    return Traced(np.full(len(losses), rate), pack["epochs"], losses, sharpness)


def trained(rate, steps=600, **settings):
    """In how many of ten draws a run on raw pixels is not lost."""
    runs = [descend(draw(seed)[0], rate, steps, checkpoints=1 / steps, **settings) for seed in progress(range(10))]
    return sum(not run.diverged for run in runs)


def with_rule(rule, rate=0.3):
    """How a rule that was written in the lesson fares at a rate that loses plain descent."""
    if rule(np.ones(2), np.ones(2), 0.1)[0] is ...:
        return "not written yet"
    return f"at rate {rate:g}, {trained(rate, rule=rule)} of 10 draws train"


def three():
    """Three stored runs without their rates: what exercise 4 asks for."""
    kept = stored()
    return {
        letter: kept[int(np.argmin(np.abs(kept.rate - r)))] for letter, r in zip("ABC", (0.05, 0.15, 0.02), strict=True)
    }
