"""Lesson 03, six rates beside one another: losses, chance, a printed table recomputed, what moves and what stays."""

import numpy as np

from ..figure import drawing, number, tell
from ..measure import from_when
from .map import judge, plain_decades, plot_houses
from .moving import inside
from .paths import START
from .rates import colour, look
from .runs import PAPER, singles

GREY, DARK = "#c8c8cc", "#202020"


@drawing(panels=(3, 2), size=(800, 510))
def boundaries(run, problem, ax=None):
    """The map and the boundary of six runs, and how many houses of the district each found."""
    for one, panel in zip(singles(run), ax, strict=False):
        plot_houses(panel, problem, size=2.5)
        found, missed, false = judge(panel, one.weights[-1], problem, 4, color=colour(one.rate))
        panel.set(xticks=[], yticks=[])
        for side in panel.spines.values():
            side.set_visible(True)
        title = f"{number(one.rate)}: {found} of {found + missed} found"
        tell(panel, title, f"Boundary. Rate {title}, {false} false alarms.", x="", y="")


@drawing(panels=(3, 2), size=(880, 430))
def multiples(run, ax=None):
    """The loss of six runs, a panel each, with the other five behind it."""
    finite = run.losses[np.isfinite(run.losses)]
    for one, panel in zip(singles(run), ax, strict=False):
        panel.set(yscale="log", xlim=(0, one.epochs[-1]), ylim=(finite.min() / 1.5, finite.max() * 1.5))
        plain_decades(panel)
        for other in singles(run):
            panel.plot(other.epochs, other.losses, color="#d0d0d4", lw=1)
        panel.plot(one.epochs, one.losses, **look(one.rate) | {"lw": 3, "linestyle": "-"})
        name = f"rate {number(one.rate)}: {number(one.final, 2)}"
        tell(panel, name, f"Loss against epoch, {name} at the end.", x="epoch", y="loss")
    for panel in ax:
        panel.label_outer()


def duel_now(ax, runs, printed=(0.9963, 0.9919)):
    """A view: the training accuracy of the chapter's rate and of its rival, draw after draw (lrlab.studies.Draws)."""
    ax.set(xlim=(-0.55, 1.55), ylim=(0.9832, 1.0024), ylabel="training accuracy", xticks=[])
    ax.plot([0, 1], printed, "x", ms=11, mew=3, color="#000000")
    ax.annotate("printed, at 0.5", (0, printed[0]), (-10, 0), **BESIDE, ha="right")
    ax.annotate("printed, at 1", (1, printed[1]), (10, 0), **BESIDE)
    ax.text(0, 0.9838, "rate 0.5", ha="center", fontweight="bold", color=colour(0.5))

    def show(draws):
        name, tint = f"rate {number(draws.rate)}", colour(draws.rate)
        ax.text(1, 0.9838, name, ha="center", fontweight="bold", color=tint)
        pairs = np.clip(np.stack([draws.book, draws.rival]), 0.985, 1)
        ax.plot([0, 1], pairs[:, :-1], "-o", ms=5, lw=1, color=GREY)
        ax.plot([0, 1], pairs[:, -1], lw=3, color=DARK)
        for x, y, shade in zip((0, 1), pairs[:, -1], (colour(0.5), tint), strict=True):
            ax.plot(x, y, "o", ms=13, color=shade, mec=DARK)
        for x, count in zip((0, 1, 0.5), draws.tally, strict=True):
            ax.text(x, 1.0013, ("equal " if x == 0.5 else "ahead ") + str(count), ha="center", bbox=PAPER)
        return f"Training accuracy at rate 0.5 and at {name}. {duel_said(draws)}."

    return show


ABOVE = {"textcoords": "offset points", "ha": "center", "fontweight": "bold"}
BESIDE = {"textcoords": "offset points", "va": "center"}
duel_now.size = (660, 256)  # below its controls on a slide: text of 22 pixels


def duel_said(draws):
    """The last draw and the count, in words."""
    one, other = draws.book[-1], draws.rival[-1]
    first, second, equal = draws.tally
    now = f"draw {draws.seeds[-1]}: {one:.4f} at 0.5, {other:.4f} at {number(draws.rate)}"
    return f"{now}; ahead so far: 0.5 in {first}, {number(draws.rate)} in {second}, equal in {equal}"


@drawing
def strips(rates, values, ax=None, title="", name="", printed=None, log=False, digits=2):
    """Values (seeds, rates) as dots, with their mean ± standard deviation, and what was printed once as crosses."""
    said = []
    ax.set(yscale="log" if log else "linear", xticks=range(len(rates)), xticklabels=[number(r) for r in rates])
    shift = (np.arange(len(values)) * 0.618 % 1 - 0.5) * 0.5
    for k, rate in enumerate(rates):
        one = values[:, k][np.isfinite(values[:, k])]
        mean, spread = one.mean(), one.std()
        ax.plot(k + shift[: len(one)], one, "o", ms=3, mew=0, alpha=0.45, color=colour(rate))
        low = max(mean - spread, one.min()) if log else mean - spread
        ax.plot([k + 0.36] * 2, [low, mean + spread], color=DARK, lw=2.5)
        ax.plot(k + 0.36, mean, "o", ms=8, color=colour(rate), mec=DARK, mew=1.5)
        said.append(f"{number(rate)}: {number(mean, digits)} ± {number(spread, 1)}")
    if printed is not None:
        place = np.arange(len(rates)) - 0.36
        ax.plot(place, printed, "x", ms=10, mew=3, color="#000000")
        ax.annotate("printed,\none run", (place[0], printed[0]), (-5, -10), textcoords="offset points", va="top")
    if log:
        plain_decades(ax)
    ax.grid(False, axis="x")
    alt = f"{name.capitalize()} of {len(values)} runs by rate, mean ± standard deviation. {title}. {'; '.join(said)}."
    tell(ax, title, alt, x="rate", y=name)


def plus_minus(values, digits=4):
    """Mean ± standard deviation over the first axis, as texts."""
    return [f"{m:.{digits}f} ± {s:.{digits}f}" for m, s in zip(values.mean(0), values.std(0), strict=True)]


@drawing(panels=3, size=(980, 370))
def criteria(rates, loss, accuracy, p, ax=None):
    """Three ways to ask which of six rates is best, over seeds: (seeds, 6) each."""
    seeds, off = len(loss), abs(p - 0.5)
    least, near = (np.bincount(np.argmin(v, axis=1), minlength=len(rates)) for v in (loss, off))
    right = (accuracy == 1).sum(axis=0)
    for panel, kept, values, name, what, wins, digits in (
        (ax[0], slice(0, 6), loss, "loss", "Least loss", least, 2),
        (ax[1], slice(2, 6), accuracy, "training accuracy", "All right", right, 4),
        (ax[2], slice(1, 6), off, "|p(0.4, 0.9) − 0.5|", "Near ½", near, 2),
    ):
        best = int(np.argmax(wins))
        title = f"{what}: {number(rates[best])} in {wins[best]} of {seeds}"
        strips(rates[kept], values[:, kept], ax=panel, title=title, name=name, log=name == "loss", digits=digits)


@drawing(panels=3, size=(980, 390))
def contradiction(rates, printed, found, houses, ax=None, within=0.01):
    """Printed probabilities (6, 3) and those from the weights printed beside them: rows that differ are joined."""
    apart = abs(np.log(printed / (1 - printed)) - np.log(found / (1 - found))) > within  # of the scores
    for k, panel in enumerate(ax):
        tiny, said = found[:, k].min() < 1e-3, []
        for i, (rate, p, f) in enumerate(zip(rates, printed[:, k], found[:, k], strict=True)):
            if apart[i, k]:
                panel.plot([i, i], [p, f], color=colour(rate), lw=6, alpha=0.35, solid_capstyle="butt")
                panel.text(i, 0.98, "≠", transform=panel.get_xaxis_transform(), size=17, ha="center", va="top")
            panel.plot(i, f, "o", ms=11, color=colour(rate), label="" if i else "from the weights")
            panel.plot(i, p, "x", ms=10, mew=3, color="#000000", label="" if i else "printed")
            said.append(f"{number(rate)}: printed {p:.5g}, from the weights {f:.5g}")
        panel.set(xticks=range(len(rates)), xticklabels=[number(r) for r in rates], xlim=(-0.5, len(rates) - 0.4))
        panel.set(yscale="log", ylim=(1e-33, 1e4), yticks=10.0 ** np.arange(-30, 1, 10)) if tiny else panel.set(
            ylim=(-0.03, 1.18)
        )
        panel.grid(False, axis="x")
        where = ", ".join(number(v) for v in houses[k][:2])
        title = f"({where}): {apart[:, k].sum()} of {len(rates)} differ"
        tell(panel, title, f"House {title}. {'; '.join(said)}.", x="rate", y="probability" if not k else "")
    ax[0].legend(loc="lower right")


@drawing(size=(560, 520))
def nan_houses(w, problem, ax=None):
    """The houses whose naive loss is nan at the weights w (3,): those with p exactly 1 and label 1."""
    plot_houses(ax, problem)
    p = problem.probability(w)
    lost, wrong = (p == 1) & (problem.y == 1), int(((p > 0.5) != (problem.y == 1)).sum())
    ax.plot(*problem.X[lost, :2].T, "s", ms=9, mfc="none", mec="#000000", mew=1.3)
    count, least = int(lost.sum()), problem.X[lost].dot(w).min(initial=np.inf)
    alt = f"Map: the {count} houses that give nan lie in the far corner of the district, z at least {number(least)}; "
    tell(ax, f"{count} houses give nan, and all are right", alt + f"{wrong} other houses are judged wrongly.")


@drawing
def sharpness(run, problem, ax=None):
    """The largest curvature along a run, and 2/η: above it descent cannot stay."""
    found, limit = problem.sharpness(run.weights), 2 / float(run.rate)
    x = np.maximum(run.epochs, run.epochs[1] / 2)
    ax.plot(x, found, **look(run.rate) | {"linestyle": "-", "lw": 2.5})
    ax.axhline(limit, color="#404040", ls="--")
    ax.text(x[-1], limit * 1.1, f"2/η = {number(limit)}", ha="right", va="bottom", fontweight="bold")
    ax.plot(x[0], found[0], **START, clip_on=False)
    ax.annotate(f"start: {number(found[0])}", (x[0], found[0]), (10, -2), textcoords="offset points")
    ax.set(xscale="log", yscale="log", xlim=(x[0], x[-1]))
    plain_decades(ax)
    ax.xaxis.set_major_formatter("{x:g}")
    crossed = from_when(run, found <= limit)
    stays = np.isfinite(crossed)
    now = f"below 2/η from epoch {number(crossed)} on" if stays else "above 2/η at the end"
    title = f"At rate {number(run.rate)} the curvature is {now}"
    after = f"{number(found[0])} at the start, {number(found[np.searchsorted(run.epochs, 1)], 2)} after one epoch"
    alt = f"Largest curvature against epoch at rate {number(run.rate)}: {after}; 2/η is {number(limit)}, "
    end = f"and the curvature {'stays' if stays else 'is'} {now.replace('2/η', 'it')}."
    tell(ax, title, alt + end, x="epoch", y="largest curvature")


@drawing(panels=2, size=(920, 390))
def collapse(runs, places=None, ax=None):
    """The losses of some runs against epoch, and against rate × epoch; places {rate: epoch} have a dot on the left."""
    ends = "; ".join(f"rate {number(one.rate)}: {number(one.final, 2)}" for one in runs)
    slow = [one for one in runs if one.rate <= 1]
    common = min(one.rate * one.epochs[-1] for one in slow)
    there = np.mean([np.interp(common / one.rate, one.epochs, one.losses) for one in slow])
    law = f"Up to rate 1 it is one line: {number(there, 2)} at {number(common)}"
    for panel, name, each in ((ax[0], "epoch", False), (ax[1], "rate × epoch", True)):
        _decades(panel, name)
        heights = _apart(runs)
        for k, one in enumerate(runs):
            x = one.epochs[1:] * (one.rate if each else 1)
            panel.plot(x, one.losses[1:], **look(one.rate) | {"lw": 2.5})
            if each and one.rate > 1:
                panel.annotate(number(one.rate), (x[0], one.losses[1]), (0, 7), **ABOVE, color=colour(one.rate))
            if not each:
                end = {"color": colour(one.rate), "fontweight": "bold", "textcoords": "offset points"}
                panel.annotate(number(one.rate), (x[-1], heights[k]), (5, -4), annotation_clip=False, **end)
                epoch = (places or {}).get(float(one.rate))
                if epoch:
                    loss = np.interp(epoch, one.epochs, one.losses)
                    panel.plot(epoch, loss, "o", ms=8, color=colour(one.rate), mec=DARK, zorder=5)
                    panel.annotate(f"{epoch}", (epoch, loss), (0, 8), **ABOVE, bbox=PAPER, zorder=6)
        title = law if each else "The same runs, against the epoch"
        tell(panel, title, f"Loss against {name}, in decades. {title}. At the end, {ends}.")


def _apart(runs):
    """How high the name at the end of each line stands: at its last loss, or above the one that ends there too."""
    found, last = {}, {}
    for k in np.argsort([one.final for one in runs]):
        end = runs[k].epochs[-1]
        found[k] = last[end] = max(runs[k].final, last.get(end, 0) * 1.4)
    return found


def _decades(ax, name):
    ax.set(xscale="log", yscale="log", xlabel=name, ylabel="loss")
    plain_decades(ax)
    ax.xaxis.set_major_formatter("{x:g}")


def epochs_now(ax, runs):
    """A view of lrlab.studies.Batched: the loss against the epoch, over those of some other rates."""
    return _over(ax, runs, "epoch", lambda one, batch: one.epochs)


def collapse_now(ax, runs):
    """A view of lrlab.studies.Batched: the loss against rate × epoch ÷ batch."""
    return _over(ax, runs, "rate × epoch ÷ batch", lambda one, batch: one.epochs * one.rate / batch)


def _over(ax, runs, name, place):
    every, batch = runs.run, runs.batch
    for one in singles(every[np.asarray(every.rate) <= 1])[::12] if np.ndim(every.rate) else []:
        ax.plot(place(one, batch)[1:], one.losses[1:], color=GREY, lw=1.5)
    ends = np.array([place(one, batch)[[1, -1]] for one in singles(every)])
    ax.set(xlim=(ends.min(), ends.max() * 1.2), ylim=(np.nanmin(every.losses) / 1.5, 1))
    _decades(ax, name)
    (line,) = ax.plot([], [], lw=3, animated=True)

    def show(runs):
        run, x = runs.run, place(runs.run, runs.batch)
        line.set_data(x[1:], inside(run.losses[1:], ax.get_ylim()))
        line.set_color(colour(run.rate))
        end = f"loss {number(run.final)} at {number(x[-1])}"
        return f"Loss against {name} at rate {number(run.rate, 4)}, batch {runs.batch}: {end}; grey, rates up to 1."

    return show


epochs_now.size = collapse_now.size = (415, 256)


def batched_said(runs):
    """What a run with batches did, for the status line."""
    return f"batches of {runs.batch}, loss {number(runs.run.losses[0])} → {number(runs.run.final)}"
