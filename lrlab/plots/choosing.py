"""Lesson 07's pictures: trials where they fell, a range test, a floor under a loss; weights as images."""

import numpy as np

from ..figure import drawing, number, tell
from .rates import colour
from .runs import PAPER

GREY, ACCENT = "#707070", "#D55E00"
_MARKERS = "os^Dv"


@drawing
def trials(named, ax=None, title="", floor=0.0):
    """Final loss against rate, one point a run, for {name: Run of several rates, or Search}.

    A point has the colour of its rate and the marker of its name. What diverged is hollow, at the upper edge.
    `floor` is taken off every loss.
    """
    ends = {name: _ends(found, floor) for name, found in named.items()}
    every = np.concatenate([losses for _, losses, _ in ends.values()])
    top = max(start for _, _, start in ends.values()) * 1.6
    low = every[np.isfinite(every) & (every > 0)].min(initial=top) / 1.8
    ax.set(xscale="log", yscale="log", ylim=(low, top))
    said = []
    for k, (name, (rates, losses, _)) in enumerate(ends.items()):
        lost = ~(losses < top)
        for rate, loss, out in zip(rates, losses, lost, strict=True):
            face = {"mfc": "white", "mec": colour(rate), "mew": 1.8} if out else {"mfc": colour(rate), "mec": "#202020"}
            above = {"clip_on": False, "zorder": 4 - k / 10}  # the first name's marks lie on the others'
            ax.plot(rate, top / 1.8**k if out else loss, _MARKERS[k], ms=9, **above, **face)
        best = np.argmin(np.where(lost, np.inf, losses))
        words = f"{name}: least {number(losses[best])} at {number(rates[best])}"
        said.append(words + (f", {lost.sum()} of {len(rates)} diverged (hollow)" if lost.any() else ""))
        ax.plot([], [], _MARKERS[k], color="white", mec="#202020", ms=9, label=said[-1])
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), handletextpad=0.2)
    what = "final loss" if not floor else "final loss above the least"
    alt = " ".join([f"{what.capitalize()} against rate.", *_sentence(title), f"{'; '.join(said)}."])
    tell(ax, title, alt, x="rate", y=what)


def _sentence(title):
    """A title as a sentence of a text alternative; none where there is no title."""
    return [f"{title}."] if title else []


def _ends(found, floor):
    """(rates, last losses, first loss) of a Run or a Search."""
    if hasattr(found, "rounds"):
        return found.rates, found.losses - floor, float(found.rounds[0].losses.flat[0]) - floor
    return found.rate.ravel(), found.final.ravel() - floor, float(found.losses.flat[0]) - floor


@drawing
def range_test(test, ax=None, title="", told=True):
    """The loss of each step of a range test against its rate; with told=True what it suggests and where it explodes."""
    rates = test.rates
    top = 6 * test.smoothed[0]
    ax.plot(rates, np.minimum(test.losses, 2 * top), color="#b8b8b8", lw=1)
    ax.plot(rates, np.minimum(test.smoothed, 2 * top), color="#202020", lw=2.6)
    ax.set(xscale="log", yscale="log", xlim=(rates[0], rates[-1]), ylim=(np.nanmin(test.smoothed) / 2, top))
    found = {"suggestion": test.suggestion, "least loss": test.least, "explosion": test.explosion}
    if told:
        for k, (name, rate) in enumerate(found.items()):
            if np.isfinite(rate):
                style = {"color": (ACCENT, GREY, "#000000")[k], "ls": ("-", "--", ":")[k], "lw": 2.2}
                ax.axvline(rate, label=f"{name} {number(rate, 2)}", **style)
        ax.legend(loc="lower left")
    said = ", ".join(f"{name} {number(rate, 2)}" for name, rate in found.items())
    span = f"Loss of each step against its rate, from {number(rates[0])} to {number(rates[-1])}"
    end = f"Marked: {said}." if told else f"It starts at {number(test.smoothed[0], 2)}."
    tell(ax, title, " ".join([f"{span}.", *_sentence(title), end]), x="rate of the step", y="loss")


def roughness(weights, side=8):
    """Mean difference of neighbouring pixels, in standard deviations: white noise has 2/√π = 1.13; (*runs,).

    weights (*runs, d) of a softmax classifier of images of side × side pixels, the bias of each class last.
    """
    images = _images(weights, side)
    steps = [np.abs(np.diff(images, axis=axis)).mean(axis=(-3, -2, -1)) for axis in (-2, -1)]
    return sum(steps) / 2 / images.std(axis=(-3, -2, -1))


def _images(weights, side=8):
    """(*runs, classes, side, side)."""
    rows = np.asarray(weights).reshape(*np.shape(weights)[:-1], -1, side * side + 1)
    return rows[..., :-1].reshape(*rows.shape[:-1], side, side)


def _bare(ax):
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
    for spine in ax.spines.values():
        spine.set_visible(False)


@drawing
def floors(values, printed, ax=None, title="", name="least loss that a straight line can reach"):
    """A histogram of values, and where a printed one would stand."""
    ax.hist(values, 60, color="#0072B2", alpha=0.8)
    ax.axvline(printed, color=ACCENT, lw=3)
    at = (printed, 0.6)
    ax.annotate(
        f"printed: {printed:g}",
        at,
        (10, 0),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        color=ACCENT,
        fontweight="bold",
        bbox=PAPER,
    )
    low = number(np.min(values))
    ax.annotate(f"smallest of {len(values)}: {low}", (np.min(values), 0), (0, 40), textcoords="offset points",
                ha="right", arrowprops={"arrowstyle": "-|>", "color": GREY})  # fmt: skip
    ax.set_xlim(left=-0.02)
    middle = number(np.mean(values), 2)
    alt = f"Histogram of the {name} in {len(values)} draws: mean {middle}, smallest {low}. Printed: {printed:g}."
    tell(ax, title, " ".join([*_sentence(title), alt]), x=name, y="draws")
