"""Search: a rate that was looked for, where none can be computed.

coarse_to_fine  rates evenly spaced in decades, then finer around the best
random_search   rates drawn evenly in decades
range_test      one short run with the rate raised at every step
own_best        a fair comparison: each at its best rate, chosen on some seeds and judged on others
"""

from dataclasses import dataclass

import numpy as np

from .descent import batches, descend
from lrlab.expect import LEAST, generator, number, numbers, refuse, whole
from .run import TINY, Run, brief


@dataclass(frozen=True, eq=False)
class Search:
    """What a search leaves: `rounds`, a tuple of Runs, one batched call each."""

    rounds: tuple

    @property
    def rates(self):
        """Every rate tried, in the order of the rounds (trials,)."""
        return np.concatenate([run.rate.ravel() for run in self.rounds])

    @property
    def losses(self):
        """The last loss at each of these rates (trials,)."""
        return np.concatenate([run.final.ravel() for run in self.rounds])

    @property
    def best(self):
        """The run with the least last loss, as a Run of one."""
        bests = [run.best for run in self.rounds]
        return bests[np.argmin([np.inf if np.isnan(run.final) else run.final for run in bests])]

    @property
    def rate(self):
        """The rate of the best run."""
        return float(self.best.rate)

    @property
    def loss(self):
        """The last loss of the best run."""
        return float(self.best.final)

    def __repr__(self):
        rounds = f" in {len(self.rounds)} rounds" if len(self.rounds) > 1 else ""
        if self.best.diverged:
            return f"Search of {self.rates.size} rates{rounds}: all diverged"
        at = "" if abs(self.loss) < TINY else f" at {self.rate:.3g}"  # there the best of several is rounding
        return f"Search of {self.rates.size} rates{rounds}: least loss {brief(self.loss)}{at}"


def coarse_to_fine(problem, low, high, epochs, *, rounds=3, rates=9, **settings):
    """The Search that tries `rates` rates, evenly spaced in decades from low to high, then zooms in.

    Each round is one call of descend, which `settings` go to, and spans the two neighbours of the best rate
    of the round before. With an odd number of rates that best one is tried again, at the middle.
    """
    low, high = _range("coarse_to_fine", low, high)
    rounds = whole("coarse_to_fine: rounds", rounds, 1, 100)
    rates = whole("coarse_to_fine: rates", rates, 3, 10**6)
    runs = []
    for _ in range(rounds):
        tried = np.geomspace(low, high, rates)
        runs.append(descend(problem, tried, epochs, **settings))
        best = np.searchsorted(tried, runs[-1].best.rate)
        low, high = tried[max(best - 1, 0)], tried[min(best + 1, rates - 1)]
    return Search(tuple(runs))


def random_search(problem, low, high, epochs, *, trials=20, seed=0, **settings):
    """The Search over `trials` rates, log-uniform from low to high, in one call (Bergstra & Bengio 2012).

    `seed` draws the rates and shuffles the data; `settings` go to descend.
    """
    low, high = _range("random_search", low, high)
    trials = whole("random_search: trials", trials, 1, 10**6)
    tried = low * (high / low) ** generator("random_search: seed", seed).uniform(size=trials)
    return Search((descend(problem, tried, epochs, seed=seed, **settings),))


@dataclass(frozen=True, eq=False)
class RangeTest:
    """What a range test leaves, one entry a step.

    rates     (steps,) the rate of each step
    losses    (steps,) what a training loop sees: the loss on the step's own batch, before the step
    smoothed  (steps,) the geometric mean of the losses within steps/40 steps on either side
    run       the Run itself, its losses on all the data
    """

    rates: np.ndarray
    losses: np.ndarray
    smoothed: np.ndarray
    run: Run

    @property
    def explosion(self):
        """The rate from which on the smoothed loss stays above four times its least so far.

        inf where the smoothed loss ends no higher than it began.
        """
        if self.smoothed[-1] <= self.smoothed[0]:
            return np.inf
        least = np.minimum.accumulate(np.where(np.isnan(self.smoothed), np.inf, self.smoothed))
        calm = np.flatnonzero(self.smoothed <= 4 * least)[-1]
        return float(self.rates[calm + 1]) if calm + 1 < len(self.rates) else np.inf

    @property
    def least(self):
        """The rate at which the smoothed loss is least: already at the edge."""
        return float(self.rates[np.nanargmin(self.smoothed)])

    @property
    def suggestion(self):
        """The rate below the explosion where the smoothed loss falls by the largest share per step."""
        safe = self.rates < self.explosion
        fall = -np.gradient(np.log(self.smoothed[safe])) if safe.sum() > 1 else np.zeros(1)
        return float(self.rates[np.argmax(fall)])

    def __repr__(self):
        end = f"explodes at {self.explosion:.3g}" if np.isfinite(self.explosion) else "does not explode"
        span = f"{len(self.rates)} steps from {self.rates[0]:g} to {self.rates[-1]:g}"
        return f"Range test, {span}: suggests {self.suggestion:.3g}, {end}"


def range_test(problem, low=1e-6, high=100, *, steps=200, batch=None, seed=0, **settings):
    """The RangeTest that raises the rate at every step by the same factor, from low to high (Smith 2017).

    `batch` rows a step, as in descend, which `settings` go to.
    """
    low, high = _range("range_test", low, high)
    steps = whole("range_test: steps", steps, 3, 10**6)
    for taken in {"schedule", "checkpoints"} & set(settings):
        raise TypeError(f"range_test: {taken} is not for the caller to set, the test raises the rate itself")
    cuts = batches("range_test", problem, batch)
    epochs = -(-steps // len(cuts))
    settings.update(batch=batch, seed=seed, checkpoints=len(cuts))
    settings["schedule"] = lambda t: (high / low) ** np.minimum(t / (steps - 1), 1)
    run = descend(problem, low, epochs, **settings)
    if run.rate.ndim:
        raise ValueError(f"range_test: settings take one value each, got {run.rate.size} runs")
    if not 0 < run.losses[0] < np.inf:
        refuse("range_test: problem", "one whose loss starts above 0", float(run.losses[0]))
    losses = run.losses[:steps] if batch is None else _own_losses(problem, run, cuts, steps, seed)
    return RangeTest(run.rates[:steps], losses, _smooth(losses, reach=steps // 40), run)


def own_best(rates, losses):
    """Each column's best rate, and its losses there on seeds that did not choose it.

    losses (seeds, rates, columns): the rate with the least median over the first half of the seeds is chosen,
    the second half judges it. Returns (rate (columns,), judged (second half of the seeds, columns)).
    """
    rates, losses = numbers("own_best: rates", rates), numbers("own_best: losses", losses, finite=False)
    if losses.ndim != 3 or rates.shape != losses.shape[1:2] or len(losses) < 2:
        refuse("own_best: losses", f"the shape (seeds, {rates.size} rates, columns)", losses.shape)
    half = len(losses) // 2
    median = np.median(np.where(np.isnan(losses), np.inf, losses)[:half], axis=0)
    best = np.argmin(median, axis=0)
    return rates[best], losses[half:, best, np.arange(losses.shape[2])]


def _own_losses(problem, run, cuts, steps, seed):
    """The loss of each step on the batch that descend drew for it (steps,)."""
    shuffle, losses = generator("range_test: seed", seed), []
    while len(losses) < steps:
        shuffled = problem.take(shuffle.permutation(problem.n))
        losses += [shuffled.take(cut).loss(run.weights[len(losses) + k]) for k, cut in enumerate(cuts)]
    return np.array(losses[:steps])


def _smooth(losses, reach):
    """The geometric mean of each loss and those within `reach`, none counted below 1e-12 of the first."""
    logs = np.log(np.maximum(losses, 1e-12 * losses[0]))
    return np.exp([np.mean(logs[max(i - reach, 0) : i + reach + 1]) for i in range(len(logs))])


def _range(caller, low, high):
    """The two ends of a range of rates, as floats."""
    takes = "a rate, finite and above 0"
    low = number(f"{caller}: low", low, takes, low=LEAST)
    high = number(f"{caller}: high", high, takes, low=LEAST)
    if low >= high:
        refuse(f"{caller}: high", f"a rate above low, which is {low:g}", high)
    return low, high
