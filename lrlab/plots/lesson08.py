"""Lesson 08: what each trial tried, its small pictures, and the learner's own votes."""

import numpy as np

from ..figure import drawing, number, tell
from ..measure import settled
from ..slide import balanced
from .curves import COLOURS, named_look
from .moving import decades, inside
from .rates import colour, look
from .runs import PAPER, side_labels

INK, GREY, FOR = "#202020", "#707070", "#d9ead3"


@drawing(size=(720, 340))
def tried(row, ax=None):
    """Each case of a row of the ledger: a dot for each seed, and the side of the bound that speaks for the claim."""
    cases, values = list(row.values), [np.asarray(v, float) for v in row.values.values()]
    every = np.concatenate(values)
    finite = every[np.isfinite(every)]
    wide = finite.min() > 0 and row.bound > 0 and max(finite.max(), row.bound) > 20 * min(finite.min(), row.bound)
    if not wide and row.bound > 0 and finite.min() >= 0 and finite.max() > 30:
        ax.set_xscale("symlog", linthresh=max(row.bound, 0.1))
    elif wide:
        ax.set_xscale("log")
    span = finite.min(), finite.max(), row.bound
    low, high = min(span), max(span)
    if wide:
        low, high = low / 2, high * 2
    elif row.bound == 0 and 0 <= finite.min() and finite.max() <= 1:
        low, high = -0.5, 1.5
    else:
        low, high = low - 0.06 * (high - low + 0.1), high + (0.06 * (high - low + 0.1) if high < 30 else high)
    ax.set(xlim=(low, high), ylim=(len(cases) - 0.4, -0.6), yticks=range(len(cases)), yticklabels=cases)
    ax.axvspan(low, row.bound, color=FOR, lw=0)
    ax.axvline(row.bound, color=INK, lw=1.2)
    marks = {True: ("o", "#0b8457"), False: ("X", "#cf2f20"), None: ("D", "#8a6d00")}
    for k, (v, state) in enumerate(zip(values, row.states.values(), strict=True)):
        marker, shade = marks[state]
        beside = np.linspace(-0.22, 0.22, len(v)) if len(v) > 1 else [0]
        ax.plot(
            np.clip(v, low, high), k + np.asarray(beside), marker, color=shade, ms=7, alpha=0.8, ls="", clip_on=False
        )
        ax.text(1.02, k, row.said(v), transform=ax.get_yaxis_transform(), va="center", color=shade, fontweight="bold")
    ax.set_xlabel("\n".join([*balanced(row.measure.strip(","), 62), "in the green: as the claim says"]))
    tell(ax, row.stamp, f"{row.claim}. {row.measured}. {row.stamp}.")


@drawing
def sweep(named, ax=None, title="", mark=None, span=None, name="last loss over the least"):
    """Curves {name: (rates, losses)} in decades; `span` shades a range of rates, `mark` (rate, word) is a line."""
    ends = []
    every = np.concatenate([np.asarray(y)[np.isfinite(y)] for _, y in named.values()])
    low = every.min()
    top = low * 10 ** (0.5 * np.ceil(2 * min(np.log10(np.quantile(every, 0.75) / low), 4) + 1))
    if span:
        ax.axvspan(*span, color=FOR, lw=0)
        ax.text(np.sqrt(span[0] * span[1]), top / 1.1, "as quoted", ha="center", va="top", color=INK)
    if mark:
        ax.axvline(mark[0], color=INK, lw=1.2, ls=":")
        ax.text(mark[0], top / 1.1, f" {mark[1]}", va="top", color=INK)
    for k, (name_of, (rates, losses)) in enumerate(named.items()):
        kept = np.where(np.asarray(losses) <= top * 1.5, losses, np.nan)
        ax.plot(rates, kept, lw=2, **named_look(k))
        best = int(np.nanargmin(kept))
        ax.plot(rates[best], kept[best], named_look(k, marker=True)["marker"], color=COLOURS[k], ms=11)
        ends.append((f"{name_of} {number(rates[best], 2)}", k))
    lines = "\n".join(said for said, _ in ends)
    ax.set(xscale="log", yscale="log", ylim=(low / 1.3, top))
    for j, (said, k) in enumerate(ends):
        ax.text(1.02, 0.95 - 0.11 * j, said, transform=ax.transAxes, color=COLOURS[k], va="top")
    alt = f"{name.capitalize()} against the rate. {title}. Best rates: {lines.replace(chr(10), '; ')}."
    tell(ax, title, alt, x="rate", y=name)


@drawing(size=(760, 340))
def stamps(book, ax=None):
    """Every row of the ledger by its verdict, a tile with its number."""
    kinds = {"holds": "#0b8457", "holds when": "#0072B2", "does not hold": "#cf2f20", "undecided": "#8a6d00"}
    for k, (kind, shade) in enumerate(kinds.items()):
        rows = [row.row for row in book.rows.values() if row.verdict == kind]
        middle = (len(rows) - 1) // 13 / 2
        for j, row in enumerate(rows):
            ax.text(j % 13, k + 0.42 * (j // 13 - middle), row, color="white", ha="center", va="center", fontsize=11,
                    bbox={"boxstyle": "round,pad=0.3", "facecolor": shade, "edgecolor": "none"})  # fmt: skip
    ax.set(xlim=(-0.7, 12.7), ylim=(3.7, -0.6), xticks=[], yticks=range(4), yticklabels=kinds)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    said = ", ".join(f"{kind}: {n}" for kind, n in book.count().items())
    tell(ax, "Each claim by its verdict", f"Each claim by its verdict, a tile with its row. {said}.")


def settling_now(ax, runs, target=3, within=0.1):
    """From which epoch w stays near its target, for every rate, and where the slider stands."""
    epochs = settled(runs, target, within)
    ax.plot(runs.rate, np.where(np.isfinite(epochs), epochs, np.nan), color=GREY, lw=1.6)
    ax.set(xscale="log", yscale="log", xlabel="rate", ylabel=f"epochs to stay within {within:g}")
    decades(ax.xaxis), decades(ax.yaxis)
    (dot,) = ax.plot([], [], "o", ms=10, animated=True)

    def show(run):
        arrived = settled(run, target, within)
        dot.set(color=colour(run.rate))
        dot.set_data([run.rate], [arrived] if np.isfinite(arrived) else [np.nan])
        end = f"after {arrived:g} epochs" if np.isfinite(arrived) else f"not in {run.epochs[-1]:g} epochs"
        return f"Settled within {within:g} of {target:g} at rate {number(run.rate, 4)}: {end}."

    return show


def formulas_now(ax, runs):
    """The loss by the stable formula, a line, and by the naive one, dots that end where it is no number."""
    ax.set(yscale="log", xlim=(0, runs.epochs[-1]), ylim=(1e-3, 3), xlabel="epoch", ylabel="loss")
    decades(ax.yaxis)
    (stable,) = ax.plot([], [], lw=1.6, animated=True)
    (dots,) = ax.plot([], [], "o", ms=6, mfc="none", mec=INK, animated=True)
    ax.text(
        0.97,
        0.96,
        "line: stable formula\nrings: naive formula",
        transform=ax.transAxes,
        ha="right",
        va="top",
        bbox=PAPER,
    )

    def show(run):
        stable.set(color=colour(run.rate))
        stable.set_data(run.epochs, inside(run.losses, ax.get_ylim()))
        sound = np.isfinite(run.more)
        dots.set_data(run.epochs[sound], inside(run.more[sound], ax.get_ylim()))
        gone = f"a number at {sound.sum()} of {len(sound)} checkpoints"
        return f"Rate {number(run.rate, 3)}: stable loss {number(run.final, 2)} at the end; the naive one is {gone}."

    return show


def formulas_said(run):
    lost = int(np.isnan(run.more).sum())
    weights = "all weights finite" if np.isfinite(run.weights).all() else "weights lost"
    return f"naive loss nan at {lost} of {len(run.more)} checkpoints; {weights}, stable loss {number(run.final, 2)}"


def shaking_now(ax, runs):
    """How far the last 21 losses stand above or below their own trend, in percent."""
    ax.set(xlim=(30, 50), ylim=(-45, 45), xlabel="epoch", ylabel="loss over its trend, %")
    ax.axhline(0, color=GREY, lw=1)
    (line,) = ax.plot([], [], "-o", ms=4, lw=1.6, animated=True)

    def show(run):
        line.set(color=colour(run.rate))
        line.set_data(run.epochs[-21:], np.clip(run.more, -45, 45))
        return f"Loss over its own trend at rate {number(run.rate, 3)}: {shaking_said(run)}."

    return show


def shaking_said(run):
    return f"it shakes by {number(np.std(run.more), 2)} %"


def limits_now(ax, runs):
    """The loss over the first of the line and of the houses, each at the same multiple of its own 2/λ."""
    ax.set(yscale="log", xlim=(0, runs.epochs[-1]), ylim=(1e-3, 1e3), xlabel="epoch", ylabel="loss over the first")
    decades(ax.yaxis)
    ax.axhline(1, color=GREY, lw=1)
    lines = [ax.plot([], [], lw=width, animated=True)[0] for width in (3.4, 1.4)]
    ax.text(0.02, 0.95, "thick: the line · thin: the houses", transform=ax.transAxes, va="top", bbox=PAPER)

    def show(run):
        for line, losses in zip(lines, (run.line, run.houses), strict=True):
            line.set(color=colour(run.rate))
            line.set_data(run.epochs, inside(losses, ax.get_ylim()))
        return f"Rate {number(run.rate, 3)} times 2/λ: {limits_said(run)}."

    return show


def limits_said(run):
    ends = [f"{number(v[-1], 2)} times" if np.isfinite(v[-1]) else "lost" for v in (run.line, run.houses)]
    return f"the line's loss ends {ends[0]} the first, the houses' {ends[1]}"


@drawing
def over_steps(named, ax=None, title="", name="loss above the least", goal=None, x="step"):
    """Curves {name: (steps, losses)} in decades, each named at its end; `goal` (value, word) is a line."""
    labels = []
    for k, (said, (steps, losses)) in enumerate(named.items()):
        ax.plot(steps, losses, lw=2, **named_look(k))
        labels.append((losses[-1], said, COLOURS[k % 9]))
    if goal:
        ax.axhline(goal[0], color=INK, lw=1.2, ls=":")
        ax.text(0.02, goal[0], goal[1], transform=ax.get_yaxis_transform(), va="bottom", color=INK)
    ax.set(yscale="log")
    side_labels(ax, labels)
    ends = "; ".join(f"{said}: {number(losses[-1], 2)}" for said, (_, losses) in named.items())
    tell(ax, title, f"{name.capitalize()} against {x}. {title}. At the end: {ends}.", x=x, y=name)


@drawing
def long_training(long, ax=None, title="", goal=0.016):
    """The median loss of many seeds against the epoch, both in decades, and the goal."""
    ends = []
    for k in range(1, len(long.rate)):
        middle = np.median(long.losses[:, k], axis=0)
        ax.plot(long.epochs[1:], middle[1:], lw=2.2, **look(long.rate[k]))
        there = long.epochs[np.argmax(middle <= goal)]
        ends.append(f"rate {long.rate[k]:g}: {there:.0f}")
        ax.text(long.epochs[-1] * 1.1, middle[-1], f"{long.rate[k]:g}", color=colour(long.rate[k]), va="center")
    ax.axhline(goal, color=INK, lw=1.2, ls=":")
    ax.text(1.2, goal, f"{goal:g}", va="bottom", color=INK)
    ax.set(xscale="log", yscale="log", xlim=(1, long.epochs[-1] * 1.05))
    tell(ax, title, f"Median loss against epoch. It reaches {goal:g} at epoch: {'; '.join(ends)}.", x="epoch", y="loss")


@drawing
def noise_floor(printed, ax=None, draws=10_000, title=""):
    """The least loss of a line on 100 points of pure noise, in many draws (χ² with 98 degrees over 100)."""
    floor = np.random.RandomState(0).chisquare(98, draws) / 100
    ax.hist(floor, bins=np.geomspace(5e-4, 2, 160), color="#0072B2")
    for value in printed:
        ax.axvline(value, color="#cf2f20", lw=2)
        ax.text(value * 1.07, draws / 12, f"printed\n{value:g}", color="#cf2f20", va="top")
    ax.set(xscale="log", xlim=(5e-4, 2))
    alt = f"The least loss in {draws} draws: {number(floor.min(), 2)} to {number(floor.max(), 2)}; printed {printed}."
    tell(ax, title, alt, x="loss of the best line", y="draws")


@drawing(panels=2, size=(960, 380))
def calibration(votes, ax=None):
    """Votes {name: {lesson, you, measured, agrees}}: right and wrong by lesson, and how far off numbers were."""
    left, right = ax
    lessons = [f"{k:02d}" for k in range(9)]
    for k, lesson in enumerate(lessons):
        agrees = [row["agrees"] for row in votes.values() if row["lesson"] == lesson]
        left.bar(k, sum(agrees), color="#0b8457")
        left.bar(k, len(agrees) - sum(agrees), bottom=sum(agrees), color="#cf2f20", hatch="//", edgecolor="white")
    left.set_xticks(range(9), lessons)
    left.set_ylim(0, max(4, *left.get_ylim()))
    left.yaxis.get_major_locator().set_params(integer=True)
    if not votes:
        left.text(4, 2, "No votes are kept yet.", ha="center", bbox=PAPER)
    right_ones = sum(row["agrees"] for row in votes.values())
    alt = f"Votes by lesson: {right_ones} of {len(votes)} as measured."
    tell(left, "as measured (plain), otherwise (striped)", alt, x="lesson", y="votes")
    ratios = []
    for row in votes.values():
        try:
            ratios.append(float(row["you"]) / float(row["measured"]))
        except (ValueError, ZeroDivisionError):
            continue
    ratios = np.array([r for r in ratios if r > 0])
    right.axvline(1, color=INK, lw=1.2)
    right.plot(np.clip(ratios, 1e-3, 1e3), np.arange(len(ratios)), "o", ms=9, color="#0072B2")
    right.set(xscale="log", xlim=(1e-3, 1e3), yticks=[], ylim=(-1, max(4, len(ratios))))
    near = int(np.sum((ratios <= 2) & (ratios >= 0.5)))
    tell(
        right, "your number over the measured one", f"Numbers: {near} of {len(ratios)} within a factor of 2.", x="ratio"
    )
