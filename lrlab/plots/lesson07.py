"""Lesson 07: six tries placed, choosing by unseen rows, the board of the game and its reveal, tactics, batches."""

from functools import partial

import numpy as np

from .. import game
from ..figure import drawing, number, tell
from .choosing import _bare, _images, roughness
from .curves import COLOURS
from .moving import decades
from .rates import colour
from .runs import PAPER

INK, GREY = "#202020", "#707070"
MARKERS = {"sgd": "o", "momentum": "s", "adam": "^"}
LINES = {"sgd": "#0072B2", "momentum": "#8a6d00", "adam": "#009E73"}
LOSS, TOP = (0.12, 9), 7.5  # of the game's pictures; what lies above stands hollow at the edge


# Six tries, and the rows that judge


@drawing(size=(900, 400))
def tries(rates, losses, tried, ax=None, title=""):
    """The loss of a sweep (n,) against its rates, and {name: rates tried} as marks on it, a row of ticks each."""
    ax.plot(rates, losses, color=GREY, lw=2)
    ax.set(xscale="log", yscale="log")
    decades(ax.xaxis), decades(ax.yaxis)
    low, high = ax.get_ylim()
    ax.set_ylim(low, high)
    ax.axvspan(ax.get_xlim()[0], 0.1, color="#f0f0f4", zorder=0)
    said = []
    for k, (name, some) in enumerate(tried.items()):
        some = np.asarray(some, dtype=float)
        there = np.exp(np.interp(np.log(some), np.log(rates), np.log(losses)))
        look = {"color": COLOURS[k], "mfc": "none" if k != 1 else COLOURS[k], "mew": 2.5, "zorder": 3}
        ax.plot(some, there, "os^"[k % 3], ms=(15, 8, 17)[k % 3], label=name, ls="", **look)
        said.append(f"{name}: {np.sum(some < 0.1)} of {len(some)} lie below 0.1")
    ax.legend(loc="lower left")
    tell(ax, title, f"Loss against rate. {'; '.join(said)}.", x="learning rate η", y="loss")


@drawing(size=(900, 400))
def judged_by(rates, named, ax=None, title="", low=None):
    """{name: loss (n,)} against the rates, the least of each marked and named; of large rates only the decade.

    There a run amplifies rounding, and the last digits are other ones on each machine.
    """
    ax.set(xscale="log", yscale="log", ylim=(low, 3) if low else None)
    decades(ax.xaxis), decades(ax.yaxis)
    said = []
    for k, (name, losses) in enumerate(named.items()):
        best = int(np.argmin(np.fmin(losses, np.inf)))
        ax.plot(rates, losses, color=COLOURS[k], ls=("-", "--")[k % 2])
        ax.plot(rates[best], losses[best], "o", ms=11, color=COLOURS[k])
        decade = 10.0 ** np.floor(np.log10(rates[best]))
        at_rate = f"{number(losses[best], 2)} at {number(rates[best])}" if decade < 10 else f"above {decade:g}"
        words = f"{name}: least {at_rate}"
        at = {"textcoords": "offset points", "ha": "right", "color": COLOURS[k], "fontweight": "bold", "bbox": PAPER}
        ax.annotate(words, (rates[best], losses[best]), (-14, -22 if k else -4), **at)
        said.append(words)
    tell(ax, title, f"Loss against rate. {'; '.join(said)}.", x="learning rate η", y="loss")


# The slider: a rate, its run, and its weights as images


def weights_now(ax, runs, name=0):
    """A softmax classifier's weights as ten images, red where ink speaks for the digit."""
    _bare(ax)
    ax.set(xlim=(-0.5, 49.5), ylim=(21.5, -0.5), aspect="equal")

    def show(run):
        one = run[name]
        images = _images(one.weights[-1])
        most = np.percentile(np.abs(images), 99) or 1
        images = np.pad(images, ((0, 0), (1, 1), (1, 1)), constant_values=np.nan)
        mosaic = np.vstack([np.hstack(images[:5]), np.hstack(images[5:])])
        ax.imshow(mosaic, cmap="RdBu_r", vmin=-most, vmax=most, interpolation="nearest", aspect="equal")
        rough = f"roughness {roughness(one.weights[-1]):.2f}"
        ax.text(24.5, 20.8, f"start: {name}; {rough}", ha="center", va="top")
        return f"Weights at rate {number(one.rate, 4)} from {name}: {rough}."

    return show


def weights_from(start):
    """The view of the weights from one of several starts, by its name."""
    return partial(weights_now, name=start)


def ends_now(ax, runs, unseen=None, problem=None):
    """Loss on unseen rows against the rate, a dot for each start that moves along."""
    ax.set(xscale="log", yscale="log", xlabel="learning rate η", ylabel="unseen loss", ylim=(0.08, 20))
    decades(ax.xaxis), decades(ax.yaxis)
    rates, dots = next(iter(runs.values())).rate, {}
    ax.set_xlim(rates[0] / 2, 2 * rates[-1])  # the dots stay whole at both ends
    for k, name in enumerate(runs):
        (dots[name],) = ax.plot([], [], "os"[k], ms=12, animated=True, color=COLOURS[k], label=f"start: {name}")
    ax.legend(loc="upper right")

    def show(run):
        said = []
        for name, one in run.items():
            loss = float(problem.loss(one.weights[-1], *unseen))
            dots[name].set_data([one.rate], [np.clip(loss, *ax.get_ylim())])
            said.append(f"from {name} {number(loss, 2)}")
        return f"Loss on unseen digits at rate {number(one.rate, 4)}: {', '.join(said)}."

    return show


def ends_caption(run):
    return ", ".join(f"from {name} training loss {number(one.final, 2)}" for name, one in run.items())


# The game


def tries_now(ax, board):
    """The board of the game: judging loss against rate of every try, the rate under the hand, the run going on."""
    ax.set(xscale="log", yscale="log", xlim=(7e-5, 1400), ylim=LOSS, xlabel="learning rate η", ylabel="judging loss")
    axes_of_a_game(ax, {})
    (hand,) = ax.plot([], [], color=GREY, lw=1.2, ls="--", animated=True)

    def show(board):
        hand.set_data([board.rate] * 2, LOSS)
        for one in each(board.tries):
            dot(ax, one)
        if board.live:
            dot(ax, board.live, ms=15)
        return f"Problem {board.number}, judging loss against rate. {least(board.tries)} {board.left} epochs left."

    return show


tries_now.size = (430, 300)


def game_now(ax, board):
    """The same runs against the epoch."""
    ax.set(yscale="log", xlim=(0, 20.5), ylim=LOSS, xlabel="epoch", ylabel="judging loss", xticks=range(0, 21, 5))
    axes_of_a_game(ax)

    def show(board):
        every = [*each(board.tries), *([board.live] if board.live else [])]
        for one in every:
            steps = np.arange(int(one.epochs) + 1)
            ax.plot(steps, np.clip(one.losses[: len(steps)], *LOSS), color=colour(one.rate), lw=2)
        return f"Judging loss against epoch of {len(every)} runs."

    return show


game_now.size = (410, 300)


def axes_of_a_game(ax, colours=None):
    """Ticks of both axes; with {rule: colour} the legend of the rules, in these or in grey."""
    if colours is not None:
        decades(ax.xaxis)
        for name, marker in MARKERS.items():
            ax.plot([], [], marker, color=colours.get(name, GREY), ms=8, ls="-" if colours else "", label=name)
        ax.legend(loc="upper left", ncols=3, handletextpad=0.5 if colours else 0.1, columnspacing=0.8, borderpad=0.1)
    ax.set_yticks([0.2, 0.5, 1, 2, 5], ["0.2", "0.5", "1", "2", "5"])
    ax.tick_params(which="minor", left=False)
    ax.yaxis.set_minor_formatter("")


def each(tries):
    """Single runs, as Tries of one."""
    for some in tries:
        if not some.rate.ndim:
            yield some
            continue
        for k in np.ndindex(some.rate.shape):
            yield type(some)(some.rate[k], some.losses[k], some.epochs[k], some.rule, some.shape)


def dot(ax, one, ms=10):
    """A try: its place, its rule as marker, its epochs beside it; a cosine has a ring; off the plot it is hollow."""
    loss, mark = float(one.loss), MARKERS[one.rule]
    off = not loss < TOP
    style = {"mfc": "white" if off else colour(one.rate), "mec": colour(one.rate), "mew": 2}
    y = np.clip(np.nan_to_num(loss, nan=np.inf), LOSS[0], TOP)
    ax.plot(one.rate, y, mark, ms=ms, clip_on=False, zorder=4, **style)
    if one.shape == "cosine":
        ax.plot(one.rate, y, "o", ms=ms + 7, mfc="none", mec=colour(one.rate), mew=1.2, clip_on=False, zorder=4)
    place = {"textcoords": "offset points", "va": "center", "annotation_clip": False, "zorder": 7}
    ax.annotate(str(int(one.epochs)), (one.rate, y), (9, -6), color=INK, fontsize=10, **place)


def least(tries):
    every = [one for one in each(tries) if np.isfinite(one.loss)]
    if not every:
        return "0 runs yet."
    one = min(every, key=lambda one: one.loss)
    how = f"{one.rule}, {one.shape}, {int(one.epochs)} epoch{'s' * int(one.epochs != 1)}"
    return f"{len(every)} run{'s' * (len(every) > 1)}; the least {number(one.loss)} at {number(one.rate)} ({how})."


@drawing(size=(1000, 470))
def reveal(played, *others, ax=None, title=""):
    """Sealed loss against rate of each rule, constant and cosine, the sealed best as a ring; a game's tries as dots.

    A try stands at its judging loss, what was submitted as a star: also that of `others`, games on the same number.
    """
    players, rates, sweep = (played, *others), game.RATES, game.sweep(played.number)
    submitted = [player.score for player in players if player.score]
    ax.set(xscale="log", yscale="log", ylim=LOSS, xlim=(rates[0] * 0.7, rates[-1] * 1.4))
    axes_of_a_game(ax, LINES)
    for r, rule in enumerate(MARKERS):
        for s in range(2):
            ax.plot(rates, np.clip(sweep.sealed[r, s], *LOSS), color=LINES[rule], ls=("-", "--")[s], lw=2)
    for one in each(tries for player in players for tries in player.tries):
        dot(ax, one, ms=8)
    (rule, shape, rate), loss = sweep.best
    ax.plot(rate, loss, "o", ms=18, mfc="none", mec=INK, mew=2.5, zorder=5)
    for one in submitted:
        ax.plot(one.rate, np.clip(one.loss, *LOSS), "*", ms=17, color="#cc3fb0", mec="white", zorder=6, clip_on=False)
    stars = f" {len(submitted)} submitted: ratio " + ", ".join(number(one.ratio) for one in submitted) + "."
    alt = f"Problem {played.number}: sealed loss against rate; the sealed best is {rule}, {shape}, {number(rate, 2)}."
    across = "learning rate η (full: constant; dashed: cosine)"
    tell(ax, title or f"Problem {played.number}", alt + stars * bool(submitted), x=across, y="sealed loss")


@drawing(size=(1000, 420))
def ratios(named, ax=None, title=""):
    """{name: ratios to the sealed best (problems,)}: a row each, a dot a problem, the median as a bar."""
    ax.set(xscale="log", xlim=(0.85, 14), ylim=(len(named) - 0.5, -0.5), yticks=range(len(named)))
    ax.set_yticklabels(list(named))
    ax.set_xticks([1, 1.5, 2, 4, 10], ["1", "1.5", "2", "4", "10"])
    ax.minorticks_off()
    for at in (1.1, 1.5):
        ax.axvline(at, color=GREY, lw=1, ls=":")
    said = []
    for k, (name, values) in enumerate(named.items()):
        shift = (np.arange(len(values)) * 0.618 % 1 - 0.5) * 0.5
        ax.plot(
            np.clip(values, *ax.get_xlim()), k + shift, "o", ms=6, color=COLOURS[0], alpha=0.6, mew=0, clip_on=False
        )
        middle = np.median(values)
        ax.plot([middle] * 2, [k - 0.36, k + 0.36], color=INK, lw=3.5)
        ax.text(1.01, k, number(middle), transform=ax.get_yaxis_transform(), va="center", fontweight="bold")
        said.append(f"{name} {number(middle)}")
    ax.grid(False, axis="y")
    many = len(next(iter(named.values())))
    alt = f"Ratio to the sealed best on {many} problems, median: {'; '.join(said)}."
    tell(ax, title, alt, x="sealed loss over the sealed best's: a dot a problem, the bar their median")


# Batches, and logs without a name


@drawing(size=(820, 400))
def steps_to_goal(batches, steps, ax=None, title="", line=True):
    """Steps to a goal against the batch, each at its own best rate: the median of (seeds, batches), each a dot."""
    ax.set(xscale="log", yscale="log", xlim=(0.8, 1300), ylim=(20, 2500))
    ax.set_xticks([1, 4, 16, 64, 256, 1024], ["1", "4", "16", "64", "256", "1024"])
    ax.minorticks_off()
    decades(ax.yaxis)
    middle = np.median(steps, axis=0)
    for one in steps:
        ax.plot(batches, one, "o", ms=4, color=COLOURS[0], alpha=0.3, mew=0)
    ax.plot(batches, middle, "-o", color=COLOURS[0], lw=2.4, ms=8)
    if line:
        ax.plot(batches[:7], middle[0] * batches[0] / np.asarray(batches[:7]), ls="--", color=GREY)
        ax.text(1, 23, "half the steps\nfor twice the batch", color=GREY)
    ends = "; ".join(f"batch {batches[k]}: {number(middle[k], 2)}" for k in (0, 5, -1))
    tell(ax, title, f"Steps to the goal against batch. {ends}.", x="batch size", y="steps to the goal")


@drawing(panels=2, size=(1080, 340))
def by_hand(mine, library, ax=None):
    """A range test of the learner's own, (rates, losses) or dots, beside the library's, which sees batches."""
    for panel, name, (rates, losses) in (
        (ax[0], "yours, all rows at each step", mine),
        (ax[1], "lrcore's, batches of 10", (library.rates, library.losses)),
    ):
        panel.set(xscale="log", yscale="log", xlim=(library.rates[0], library.rates[-1]), ylim=(0.1, 20))
        decades(panel.xaxis), decades(panel.yaxis)
        if rates is ... or losses is ...:
            panel.text(0.5, 0.5, "not written yet", transform=panel.transAxes, ha="center", color=GREY)
            tell(panel, name, f"{name}: not written yet, 0 steps.", x="rate of the step", y="loss")
            continue
        panel.plot(rates, np.clip(losses, 0.1, 20), color=INK, lw=1.6)
        tell(panel, name, f"{name}: {len(rates)} steps from {number(rates[0])}.", x="rate of the step", y="loss")


@drawing(panels=(4, 2), size=(1080, 520))
def four_logs(logs, ax=None):
    """{letter: (title, (name, values (c,)), (name, values (c,)))}: above the loss, below what else was written down."""
    for k, (letter, (title, *rows)) in enumerate(logs.items()):
        for panel, (name, values), row in zip((ax[k], ax[k + 4]), rows, (0, 1), strict=True):
            for j, one in enumerate(np.atleast_2d(values)):
                panel.plot(np.arange(len(one)), one, color=COLOURS[0], lw=2, ls=("-", "--")[j])
            panel.set_xlim(0, np.shape(values)[-1] - 1)
            if not row:
                panel.set_ylim(0, 1.1 * np.nanmax(values))
            values = np.atleast_2d(values)
            missing = int(np.argmax(np.isnan(values[0]))) if np.isnan(values[0]).any() else None
            if missing is not None:
                panel.axvline(missing, color=GREY, ls=":", lw=1.5)
                panel.annotate("nan", (missing, np.nanmax(values)), (6, -10), textcoords="offset points", color=INK)
            many = f", {len(values)} curves" if len(values) > 1 else ""
            words = f"Log {letter}, {name} against epoch{many}: {' and '.join(map(_course, values))}."
            tell(panel, "" if row else f"{letter}: {title}", words, x="epoch" * row, y=name)


def _course(values):
    """How one logged number went, in words."""
    turns = np.diff(np.sign(np.diff(values)))
    if len(turns) > 4 and np.all(np.abs(turns) == 2):  # up and down in turn
        return f"at every step between about {number(np.nanmin(values), 2)} and {number(np.nanmax(values), 2)}"
    end = "nan" if np.isnan(values).any() else number(values[-1], 2)
    return f"from {number(values[0], 2)} to {end}"
