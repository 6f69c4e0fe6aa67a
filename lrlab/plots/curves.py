"""Named curves, rows and clouds: for what a lesson compares by name and not by rate."""

import numpy as np

from ..expect import positive
from ..figure import drawing, number, tell
from .paths import contours
from .rates import colour, look
from .runs import side_labels, singles

# Okabe and Ito's colours, each with a line style and a marker of its own: a second cue.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8a6d00", "#000000", "#2f9bd8", "#707070", "#6a3d9a")
_STYLES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), "-", (0, (3, 1)), "-.", "--")
_MARKERS = "osD^vP*Xh"


def named_look(k, marker=False):
    """Colour and line style of the k-th name, as arguments for `ax.plot`; with marker=True its marker too."""
    found = {"color": COLOURS[k % 9], "linestyle": _STYLES[k % 9]}
    return found | {"marker": _MARKERS[k % 9]} if marker else found


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
            labels.append((_end(y, ylim), name, COLOURS[k % 9]))
    ax.set_xlim(x[0], x[-1] + 0.02 * marker * (x[-1] - x[0]))
    if ylim is not None:
        ax.set_ylim(*ylim)
    side_labels(ax, labels)
    said = said or "At the end: " + "; ".join(f"{name}: {number(np.asarray(y)[-1])}" for name, y in named.items())
    tell(ax, title, f"{names[1].capitalize()} against {names[0]}. {title}. {said}.", x=names[0], y=names[1])


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
def power_law(x, y, ax=None, title="", names=("rate", "loss")):
    """y against x, both in decades, and the straight line through them; its slope is in the picture."""
    x, y = positive("power_law: x", x), positive("power_law: y", y)
    slope, level = np.polyfit(np.log(x), np.log(y), 1)
    ax.set(xscale="log", yscale="log")
    ax.plot(x, np.exp(level) * np.asarray(x) ** slope, color="#707070", lw=1.4)
    for one, value in zip(x, y, strict=True):
        ax.plot(one, value, ms=10, **look(one, marker=True))
        ax.annotate(number(value, 2), (one, value), (10, -14), textcoords="offset points")
    ax.text(0.03, 0.95, f"slope {slope:.2f}", transform=ax.transAxes, va="top", fontweight="bold")
    ax.set(xlim=(min(x) / 1.5, max(x) * 2), ylim=(min(y) / 2, max(y) * 2))
    ax.grid(True, which="major")
    pairs = "; ".join(f"{number(one)}: {number(value, 2)}" for one, value in zip(x, y, strict=True))
    alt = f"{names[1].capitalize()} against {names[0]}, in decades. {title}. Slope {slope:.2f}. {pairs}."
    tell(ax, title, alt, x=names[0], y=names[1])


@drawing
def cloud(run, problem, ax=None, title="", names=("w", "b"), late=0.5):
    """Where two weights are at the checkpoints of a run's late share, one cloud a rate, over the loss."""
    ones = sorted(singles(run), key=lambda one: -abs(one.rate))
    begin = int(len(run.epochs) * (1 - late))
    clouds = [one.weights[begin:, :2] for one in ones]
    low, high = clouds[0].min(axis=0), clouds[0].max(axis=0)
    room = 0.08 * (high - low)
    contours(problem, *zip(low - room, high + room, strict=True), ax)
    spreads, labels = [], []
    for one, points in zip(ones, clouds, strict=True):
        spreads.append(points[:, 0].std())
        tint = colour(one.rate)
        ax.plot(*points.T, "o", ms=4, mew=0, alpha=0.8, color=tint)
        labels.append((points[:, 1].max(), f"rate {number(one.rate)}", tint))
    side_labels(ax, labels)
    said = "; ".join(f"rate {number(o.rate)}: {number(s, 2)}" for o, s in zip(ones, spreads, strict=True))
    alt = f"Weights late in the run. {title}. Standard deviation of {names[0]}: {said}."
    tell(ax, title, alt, x=names[0], y=names[1])


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


@drawing
def stopping(epochs, rates, losses, ax=None, title="", ylim=None):
    """Validation losses (rates, c) against the epoch, one line a rate; a ring where stopping would be best."""
    labels, said = [], []
    ax.set(xlim=(0, epochs[-1]), yscale="log", xlabel="epoch", ylabel="validation loss")
    for rate, loss in zip(rates, losses, strict=True):
        low = int(np.nanargmin(loss))
        ax.plot(epochs, loss, **look(rate))
        ax.plot(
            epochs[low],
            loss[low],
            "o",
            ms=10,
            mfc="white",
            mew=2.5,
            color=colour(rate),
            clip_on=False,
            zorder=5,
        )
        labels.append((loss[-1], f"rate {number(rate)}", colour(rate)))
        said.append(f"rate {number(rate)}: {number(loss[low])} at epoch {epochs[low]:g}, {number(loss[-1])} at the end")
    ax.set_ylim(ylim)
    ax.set_yticks([0.5, 1, 2], ["0.5", "1", "2"])
    ax.set_yticks([], minor=True)
    side_labels(ax, labels)
    tell(ax, title, f"Validation loss against epoch. {title}. Least, and last: {'; '.join(said)}.")


@drawing
def good_rates(names, valleys, ax=None, title="", defaults=None):
    """One row a rule: its valley (lowest, highest, decades) of good rates as a bar, its usual rate as a cross."""
    ax.set(xscale="log", ylim=(len(names) - 0.4, -0.6), yticks=range(len(names)), yticklabels=names)
    said = []
    for k, (name, (low, high, decades)) in enumerate(zip(names, valleys, strict=True)):
        ax.plot([low / 1.15, high * 1.15], [k, k], lw=9, color="#009E73", solid_capstyle="butt")
        ax.text(1.015, k, f"{decades:.1f}", transform=ax.get_yaxis_transform(), va="center")
        said.append(f"{name} {decades:.1f} decades, {number(low, 2)} to {number(high, 2)}")
        if defaults is not None:
            ax.plot(defaults[k], k, "X", ms=9, color="#D55E00", mec="white")
    alt = f"Rates whose loss is within twice the best. {title}. {'; '.join(said)}."
    tell(ax, title, alt, x="rate")
