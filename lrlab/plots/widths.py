"""Lesson 06's stored tables: the best rate by width, and the accuracy of two rates split by split."""

import numpy as np

from ..figure import drawing, number, tell
from .curves import named_look
from .moving import decades


@drawing(panels=2)
def widths(table, ax=None):
    """Median loss after 300 steps against the rate, by width, for plain descent and for Adam; the dot is the least."""
    for one, rule, name in zip(ax, ("sgd", "adam"), ("plain descent", "Adam"), strict=True):
        one.set(xscale="log", yscale="log", ylim=(0.02, 2))
        for axis in (one.xaxis, one.yaxis):
            decades(axis)
        best = best_rates(table, rule)
        for k, (width, at) in enumerate(best.items()):
            rates, median = losses_at(table, rule, width)
            style = named_look(k)
            one.plot(rates, np.minimum(median, 9), lw=2, label=f"{width}", **style)
            one.plot(at, median[rates == at], "o", ms=9, color=style["color"])
        if rule == "sgd":
            one.legend(title="width", loc="lower right")
        told = ", ".join(f"{number(at, 2)} at width {width}" for width, at in best.items())
        tell(one, name, f"{name}: the best rate is {told}.", x="learning rate η", y="loss after 300 steps")


def losses_at(table, rule, width, seed=None):
    """(rates, loss) for a rule at a width: of one draw, or the median over the draws."""
    here = (table["rule"] == rule) & (table["width"] == width)
    here &= True if seed is None else table["seed"] == seed
    rates = np.unique(table["rate"][here])
    losses = np.nan_to_num(table["loss"], nan=np.inf)
    return rates, np.array([np.median(losses[here & (table["rate"] == rate)]) for rate in rates])


def best_rates(table, rule, seed=None):
    """{width: the rate of the least loss} for a rule, of one draw or of the median over the draws."""
    found = {}
    for width in np.unique(table["width"]).tolist():
        rates, losses = losses_at(table, rule, width, seed)
        found[width] = float(rates[np.argmin(losses)])
    return found


def smaller_when_wide(table, rule):
    """In how many draws the best rate at the largest width is below that at the smallest, and of how many."""
    each = [list(best_rates(table, rule, seed).values()) for seed in np.unique(table["seed"])]
    return sum(best[-1] < best[0] for best in each), len(each)


def paired(table, pixels, rates, at):
    """Accuracy on unseen digits at two rates, split by split: an array of pairs."""
    sides = []
    for rate, where in zip(rates, np.broadcast_to(at, 2), strict=True):
        here = (table["pixels"] == pixels) & (table["rate"] == rate) & (table["at"] == where)
        sides.append(dict(zip(table["split"][here].tolist(), table["accuracy"][here], strict=True)))
    return np.array([(sides[0][s], sides[1][s]) for s in sides[0] if s in sides[1]])


__all__ = ["best_rates", "losses_at", "paired", "smaller_when_wide", "widths"]
