"""Search: a rate that was looked for, where none can be computed.

coarse_to_fine  rates evenly spaced in decades, then finer around the best
random_search   rates drawn evenly in decades
range_test      one short run with the rate raised at every step
own_best        a fair comparison: each at its own best rate, chosen on some seeds and judged on others
"""

from typing import NamedTuple

import numpy as np

from .descent import brief, descend


class Search(NamedTuple):
    """What a search leaves: `rounds`, a tuple of Runs, one call of descend each."""

    rounds: tuple

    @property
    def rates(self):
        """Every rate tried, in the order of the rounds (trials,)."""
        return np.concatenate([run.rate.ravel() for run in self.rounds])

    @property
    def losses(self):
        """The last loss at each of these rates (trials,)."""
        return np.concatenate([np.ravel(run.final) for run in self.rounds])

    @property
    def best(self):
        """The run with the least last loss, as a Run of one."""
        return min((run.best for run in self.rounds), key=lambda run: np.fmin(run.final, np.inf))

    @property
    def rate(self):
        """The rate of the best run."""
        return float(self.best.rate)

    def __repr__(self):
        end = "all diverged" if self.best.diverged else f"least loss {brief(self.best.final)} at {self.best.rate:.3g}"
        return f"Search of {len(self.rates)} rates, {len(self.rounds)} calls: {end}"


def coarse_to_fine(problem, low, high, epochs, *, rounds=3, rates=9, **settings):
    """The Search that tries `rates` rates, evenly spaced in decades from low to high, then zooms in.

    Each round is one call of descend, which `settings` go to, between the two neighbours of the best rate so far.
    """
    runs = []
    for _ in range(rounds):
        tried = np.geomspace(low, high, rates)
        runs.append(descend(problem, tried, epochs, **settings))
        best = np.argmin(np.fmin(runs[-1].final, np.inf)) % rates
        low, high = tried[max(best - 1, 0)], tried[min(best + 1, rates - 1)]
    return Search(tuple(runs))


def random_search(problem, low, high, epochs, *, trials=20, seed=0, **settings):
    """The Search over `trials` rates, log-uniform from low to high, in one call (Bergstra & Bengio 2012)."""
    tried = low * (high / low) ** np.random.RandomState(seed).uniform(size=trials)
    return Search((descend(problem, tried, epochs, seed=seed, **settings),))


class RangeTest(NamedTuple):
    """What a range test leaves: an entry for each step, and three rates to read off."""

    rates: np.ndarray  # (steps,) the rate of each step
    losses: np.ndarray  # (steps,) the loss on all the data before it
    smoothed: np.ndarray  # (steps,) the geometric mean of the losses within steps/40 steps on either side
    suggestion: float  # below the explosion, where the smoothed loss falls fastest on a log scale
    least: float  # where the smoothed loss is least: already at the edge
    explosion: float  # from here on the smoothed loss stays above four times its least so far; inf if it never does

    def __repr__(self):
        return (
            f"Range test: suggests {self.suggestion:.3g}, least at {self.least:.3g}, explodes at {self.explosion:.3g}"
        )


def range_test(problem, low=1e-6, high=100, *, steps=200, batch=None, **settings):
    """The RangeTest that raises the rate by the same factor each step, from low to high (Smith 2017); see descend."""
    per_epoch = -(-problem.n // batch) if batch else 1
    settings["schedule"] = lambda t: (high / low) ** min(t / (steps - 1), 1)
    run = descend(problem, low, -(-steps // per_epoch), batch=batch, checkpoints=per_epoch, **settings)
    losses, reach = run.losses[:steps], steps // 40
    logs = np.log(np.maximum(losses, 1e-12 * losses[0]))
    smoothed = np.exp([np.mean(logs[max(i - reach, 0) : i + reach + 1]) for i in range(steps)])
    return RangeTest(run.rates[:steps], losses, smoothed, *read_off(run.rates[:steps], smoothed))


def read_off(rates, smoothed):
    """The suggestion, the rate of the least loss, and the explosion of a smoothed range test."""
    calm = 1 + np.flatnonzero(smoothed <= 4 * np.fmin.accumulate(smoothed))[-1]
    calm = calm if smoothed[-1] > smoothed[0] or np.isnan(smoothed[-1]) else len(rates)
    falls = -np.gradient(np.log(smoothed[: max(calm, 2)]))
    return rates[np.argmax(falls)], rates[np.nanargmin(smoothed)], np.append(rates, np.inf)[calm]


def own_best(rates, losses):
    """Each column's best rate, and its losses there on seeds that did not choose it.

    losses (seeds, rates, columns): the rate with the least median over the first half of the seeds is chosen,
    the second half judges it. Returns (rate (columns,), judged (second half of the seeds, columns)).
    """
    losses, half = np.asarray(losses), len(losses) // 2
    best = np.argmin(np.median(np.fmin(losses[:half], np.inf), axis=0), axis=0)
    return np.asarray(rates)[best], losses[half:, best, np.arange(losses.shape[2])]
