"""Named curves, rows and clouds: for what a lesson compares by name and not by rate."""

import numpy as np

from ..figure import drawing, number, tell
from .runs import side_labels

# Okabe and Ito's colours, each with a line style and a marker of its own: a second cue.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8a6d00", "#000000", "#2f9bd8", "#707070", "#6a3d9a")
_STYLES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), "-", (0, (3, 1)), "-.", "--")
_MARKERS = "osD^vP*Xh"


def named_look(k, marker=False):
    """Colour and line style of the k-th name, as arguments for `ax.plot`; with marker=True its marker too."""
    k %= len(COLOURS)
    return {"color": COLOURS[k], "linestyle": _STYLES[k]} | ({"marker": _MARKERS[k]} if marker else {})


@drawing
def curves(x, named, ax=None, title="", names=("", ""), log="", ylim=None, marker=False, said=None):
    """Curves {name: y (n,)} over a common x (n,), each named at its end; log: "", "x", "y" or "xy".

    `said` is the text alternative's list of numbers; without it, it says where each curve ends.
    """
    x = np.asarray(x, dtype=float)
    ax.set(xscale="log" if "x" in log else "linear", yscale="log" if "y" in log else "linear")
    labels = []
    for k, (name, y) in enumerate(named.items()):
        y = np.broadcast_to(np.asarray(y, dtype=float), x.shape)
        ax.plot(x, np.where(np.isfinite(y), y, np.nan), lw=2.2, **named_look(k, marker))
        if np.isfinite(y).any():
            labels.append((_end(y, ylim), name, named_look(k)["color"]))
    ax.set_xlim(x[0], x[-1] + 0.02 * marker * (x[-1] - x[0]))
    if ylim is not None:
        ax.set_ylim(*ylim)
    side_labels(ax, labels)
    said = said or "At the end: " + "; ".join(f"{name}: {number(np.ravel(y)[-1])}" for name, y in named.items())
    what = [f"{names[1].capitalize()} against {names[0]}", *filter(None, [title]), said]
    tell(ax, title, ". ".join(what) + ".", x=names[0], y=names[1])


def _end(y, ylim):
    """Where the name of y (n,) stands: at its last value; at the top for what left there, the first highest."""
    if ylim is None:
        return y[np.isfinite(y)][-1]
    low, high = ylim
    if (y[~np.isnan(y)] <= high)[-1]:
        return np.clip(y[~np.isnan(y)][-1], low, high)
    left = np.append(0, 1 + np.flatnonzero(y <= high))[-1]
    return high - 1e-9 * (high - low) * left / len(y)


@drawing
def contest(names, rates, judged, ax=None, title="", name="loss above the least"):
    """One row a name: the middle half of judged (seeds, names) as a bar, its median a point, its rate."""
    low, middle, high = np.percentile(judged, [25, 50, 75], axis=0)
    ax.set(xscale="log", ylim=(len(names) - 0.4, -0.6), yticks=range(len(names)), yticklabels=names)
    for k in range(len(names)):
        ax.plot([low[k], high[k]], [k, k], lw=7, alpha=0.35, color="#0072B2", solid_capstyle="butt")
        ax.plot(middle[k], k, "o", ms=9, color="#0072B2")
        ax.text(1.015, k, f"rate {number(rates[k], 2)}", transform=ax.get_yaxis_transform(), va="center")
    if high.max() < 10 * low.min():  # less than a decade: three ticks of our own
        ticks = np.geomspace(low.min(), high.max(), 3)
        ax.set_xticks(ticks, [number(tick, 2) for tick in ticks])
        ax.set_xticks([], minor=True)
    rows = zip(names, middle, low, high, rates, strict=True)
    said = "; ".join(
        f"{who} {number(m, 2)} ({number(a, 2)} to {number(b, 2)}), rate {number(r, 2)}" for who, m, a, b, r in rows
    )
    alt = f"Median {name} (middle half of the seeds), each at its own best rate. {title}. {said}."
    tell(ax, title, alt, x=f"{name}: median and middle half")
