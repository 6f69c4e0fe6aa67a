"""What only lesson 05 draws: a run with its β, races, what a rule remembers, the ranges of good rates."""

import numpy as np
from matplotlib import colormaps

from ..figure import drawing, number, tell
from .curves import COLOURS, named_look
from .moving import curve, decades, inside
from .paths import contours
from .rates import colour, look
from .runs import apart, side_labels

GREY, WEIGHTS = "#707070", ("#0072B2", "#D55E00")


def goal_now(ax, runs, goal=1e-6):
    """A view: the loss against the epoch, and the goal."""
    ax.set(yscale="log", xlim=(0, runs.epochs[-1]), ylim=(1e-9, 1e4), xlabel="epoch", ylabel="loss")
    decades(ax.yaxis)
    ax.axhline(goal, color=GREY, lw=1.2)
    ax.text(0.02 * runs.epochs[-1], goal / 1.6, "goal", va="top", color=GREY)
    draw = curve(ax)
    (there,) = ax.plot([], [], "D", ms=9, mec="white", mew=1.5, zorder=5, animated=True)
    label = ax.annotate("", (0, 0), (8, 8), textcoords="offset points", fontweight="bold", animated=True)
    below = ax.annotate("", (0, 0), (2, -10), textcoords="offset points", fontweight="bold", ha="right", va="top",
                        animated=True)  # fmt: skip

    def show(run):
        left = draw(run, run.losses)
        epoch = _arrives(run, goal)
        for part in (there, label, below):
            part.set(visible=epoch is not None)
        if epoch is None:
            return f"Loss against epoch at rate {number(run.rate, 4)}: not at {number(goal)} to stay{left}."
        there.set(data=([epoch], [goal]), color=colour(run.rate), markeredgecolor="white")
        late = epoch > 0.6 * run.epochs[-1]  # then the curve comes from the left, above the goal
        for part, here in ((below, late), (label, not late)):
            part.xy = (epoch, goal)
            part.set(text=f"epoch {epoch:g}" if here else "", color=colour(run.rate))
        return f"Loss against epoch at rate {number(run.rate, 4)}: at {number(goal)} from epoch {epoch:g} on{left}."

    return show


def _arrives(run, goal):
    """The epoch from which the loss stays at the goal, or None."""
    above = ~(run.losses <= goal)
    after = len(above) - int(np.argmax(above[::-1])) if above.any() else 0
    return run.epochs[after] if after < len(above) else None


def where_now(ax, runs, problem):
    """A view: where one stands in the plane of rate and β, and the limit 2(1 + β)/λmax."""
    beta, steep = np.linspace(0, 1, 101), problem.curvature[-1]
    limit = 2 * (1 + beta) / steep
    ax.fill_betweenx(beta, limit, 1, color="#cc3fb0", alpha=0.12, lw=0)
    ax.plot(limit, beta, color="#cc3fb0", lw=2)
    ax.text(1, 1.02, "2(1 + β)/λmax", transform=ax.transAxes, color="#9c2a86", ha="right", va="bottom")
    ax.set(xscale="log", xlim=(np.min(runs.rate), np.max(runs.rate)), ylim=(-0.03, 1), xlabel="rate", ylabel="β")
    ax.set_xticks([0.01, 0.1], ["0.01", "0.1"])
    (dot,) = ax.plot([], [], "o", ms=13, mec="white", mew=2, clip_on=False, animated=True)

    def show(run):
        top = 2 * (1 + float(run.beta)) / steep
        dot.set(data=([run.rate], [run.beta]), color=colour(run.rate))
        side = "below" if run.rate < top else "above"
        return f"Rate {number(run.rate, 4)} is {side} the limit {number(top, 6)} of β {number(run.beta, 3)}."

    return show


@drawing(panels=2, size=(1080, 420))
def memory_plane(betas, rates, epochs, problem, ax=None):
    """Epochs to the goal (rates, betas) over the plane, with the limit; and the fewest of each β."""
    steep, flat = problem.curvature[-1], problem.curvature[0]
    levels = [36, 50, 100, 200, 400, 700]
    shown = np.where(np.isfinite(epochs), epochs, 1e4)
    plane, best = ax
    shades = colormaps["viridis_r"].with_extremes(over="#eeeeee")
    filled = plane.contourf(rates, betas, shown.T, levels, cmap=shades, extend="max")
    beta = np.linspace(0, 1, 101)
    plane.plot(2 * (1 + beta) / steep, beta, color="#cc3fb0", lw=2.5)
    q = np.sqrt(steep / flat)
    law = ((q - 1) / (q + 1)) ** 2, 4 / (np.sqrt(steep) + np.sqrt(flat)) ** 2
    plane.plot(law[1], law[0], "*", ms=17, color="white", mec="black")
    plane.set(xscale="log", xlim=(rates[0], rates[-1]), ylim=(0, 0.99))
    plane.set_xticks([0.003, 0.01, 0.03, 0.1], ["0.003", "0.01", "0.03", "0.1"])
    bar = plane.figure.colorbar(filled, ax=plane, label="epochs to 1e-6")
    bar.set_ticks(levels)
    fewest, at = epochs.min(axis=0), epochs.argmin(axis=0)
    best.plot(betas, fewest, lw=2.4, color="#202020")
    marks = {float(b): int(np.argmin(np.abs(betas - b))) for b in (0, law[0], 0.9)}
    for k in marks.values():
        tint = colour(rates[at[k]])
        best.plot(betas[k], fewest[k], "o", ms=10, color=tint)
        text = f"{fewest[k]:.0f} at rate {number(rates[at[k]], 2)}"
        side = (4, 26) if betas[k] < 0.5 else (-10, -20) if betas[k] < 0.8 else (-12, 6)
        best.annotate(text, (betas[k], fewest[k]), side, textcoords="offset points", color=tint, fontweight="bold",
                      ha="left" if betas[k] < 0.5 else "right")  # fmt: skip
    best.set(yscale="log", ylim=(20, 1000), xlim=(-0.02, 1))
    best.set_yticks([20, 50, 100, 200, 500, 1000], ["20", "50", "100", "200", "500", "1000"])
    best.set_yticks([], minor=True)
    places = ("at β 0", "at the star's β", "at β 0.9")
    said = ", ".join(f"{fewest[k]:.0f} {where}" for k, where in zip(marks.values(), places, strict=True))
    place = f"The law's place: β {law[0]:.3f}, rate {law[1]:.4f}"
    tell(plane, "Star: computed next", f"Epochs to 1e-6 over rate and β. {place}; "
         f"the limit runs from {2 / steep:.6f} to {4 / steep:.6f}.", x="rate", y="β")  # fmt: skip
    tell(best, "Each β at its own best rate", f"Fewest epochs to 1e-6 against β: {said}.", x="β", y="fewest epochs")


def racing_paths(ax, runs, problem, limits=((-1, 7), (-2.6, 3))):
    """A view of {name: run}: their paths over the loss."""
    contours(problem, *limits, ax)
    start = next(iter(runs.values())).weights.reshape(-1, next(iter(runs.values())).weights.shape[-1])[0]
    ax.plot(*start[:2], "o", ms=9, mfc="white", mec="#202020", mew=2)
    ax.set(xlabel="w", ylabel="b")
    lines = {}
    for k, name in enumerate(runs):
        (lines[name],) = ax.plot([], [], animated=True, **racer(name, k))

    def show(run):
        for name, one in run.items():
            x, y = one.weights[:, 0], one.weights[:, 1]
            lines[name].set_data(inside(x, ax.get_xlim()), inside(y, ax.get_ylim()))
        ends = "; ".join(f"{name} ({_short(o.weights[-1, 0])}, {_short(o.weights[-1, 1])})" for name, o in run.items())
        return f"Paths over the loss end at: {ends}."

    return show


def racing_losses(ax, runs, least=1e-8):
    """A view of {name: run}: their losses against the epoch, each named at its end."""
    first = next(iter(runs.values()))
    ax.set(yscale="log", xlim=(0, first.epochs[-1]), ylim=(least, 1e4), xlabel="epoch", ylabel="loss")
    decades(ax.yaxis)
    lines, labels = {}, {}
    for k, name in enumerate(runs):
        tint = racer(name, k)["color"]
        (lines[name],) = ax.plot([], [], animated=True, **racer(name, k))
        labels[name] = ax.text(0, 0, name, transform=ax.transAxes, color=tint, fontweight="bold", va="center",
                               animated=True)  # fmt: skip
    ax.text(1.02, 1.0, "momentum", transform=ax.transAxes, alpha=0)  # the labels' room

    def show(run):
        places = []
        for name, one in run.items():
            shown = np.clip(np.nan_to_num(one.losses, nan=1e4, posinf=1e4), least, 1e4)
            lines[name].set_data(one.epochs, shown)
            places.append((np.log(shown[-1] / least) / np.log(1e4 / least), name))
        for (_, name), y in zip(sorted(places), apart([p for p, _ in sorted(places)], 0.085), strict=True):
            labels[name].set_position((1.02, y))
        ends = "; ".join(f"{name} {_short(one.final, least)}" for name, one in run.items())
        return f"Losses after {first.epochs[-1]:g} epochs: {ends}."

    return show


def racer(name, k):
    """How a racer looks: the learner's rule broad and pale, so that the library's shows upon it."""
    if name == "yours":
        return {"color": "#E69F00", "lw": 7, "alpha": 0.55}
    return {"lw": 2, **named_look(k)}


def _short(value, least=1e-8):
    return "lost" if not abs(value) < 1e4 else f"under {least:g}" if 0 <= value < least else number(value, 2)


@drawing
def first_steps(steps, ax=None):
    """Bars {rule: (step in w, step in b)}."""
    for k, which in enumerate("wb"):
        places = np.arange(len(steps)) + 0.36 * k
        values = [step[k] for step in steps.values()]
        ax.bar(places, values, 0.34, color=WEIGHTS[k])
        for x, value in zip(places, values, strict=True):
            ax.text(x, value + 0.1, f"{which}: {number(value, 2)}", ha="center", color=WEIGHTS[k], fontweight="bold")
    ax.set(ylim=(0, 1.12 * max(map(max, steps.values()))), xticks=np.arange(len(steps)) + 0.18, xticklabels=list(steps))
    said = "; ".join(f"{name} {number(a, 2)} in w and {number(b, 2)} in b" for name, (a, b) in steps.items())
    tell(ax, "", f"Length of the first step: {said}.", y="length of the first step")


def _seen(what, label, limits):
    """A view of what a rule remembers: `what` of each of two weights, against the step."""

    def view(ax, runs):
        ax.set(yscale="log", xlim=(1, runs.epochs[-1]), ylim=limits, xlabel="step", ylabel=label)
        decades(ax.yaxis)
        lines = [
            ax.plot([], [], lw=2, ls=s, color=c, animated=True)[0] for c, s in zip(WEIGHTS, ("-", "--"), strict=True)
        ]
        place = {"transform": ax.transAxes, "va": "bottom", "fontweight": "bold", "animated": True}
        names = [ax.text(k, 1.02, "", color=c, ha=("left", "right")[k], **place) for k, c in enumerate(WEIGHTS)]

        def show(seen):
            values = np.clip(np.nan_to_num(np.abs(getattr(seen, what)), posinf=limits[1], nan=limits[1]), *limits)
            for k, (line, name) in enumerate(zip(lines, names, strict=True)):
                line.set_data(seen.epochs[::2], values[::2, k])  # every other step: a deck holds them all
                name.set_text(("— " if k == 0 else "- - ") + seen.names[k])
            a, b = (f"{name} {number(values[-1, k], 2)}" for k, name in enumerate(seen.names))
            return f"{label} at rate {number(seen.rate, 3)}, after {seen.epochs[-1]:g} steps: {a}, {b}."

        return show

    view.__name__, view.size = f"{what}_now", (330, 330)
    return view


m_now = _seen("m", "size of m̂", (1e-3, 1e3))
root_now = _seen("root", "√ŝ", (1e-3, 1e3))
effective_now = _seen("effective", "η / (√ŝ + ε)", (1e-4, 1e2))


def seen_caption(seen):
    """For the status line: the length of the first step of each weight."""
    first = np.abs(seen.m[0]) * seen.effective[0]
    return "first step " + ", ".join(f"{name} {number(x, 3)}" for name, x in zip(seen.names, first, strict=True))


def saddle_now(ax, runs, problem):
    """A view of {name: run}: their paths over the saddle."""
    contours_of_saddle(ax)
    lines = {name: ax.plot([], [], animated=True, **racer(name, k))[0] for k, name in enumerate(runs)}
    ax.plot(1, 0, "o", ms=9, mfc="white", mec="#202020", mew=2)

    def show(run):
        for name, one in run.items():
            lines[name].set_data(inside(one.weights[:, 0], (-1.5, 1.5)), inside(one.weights[:, 1], (-1.5, 1.5)))
        return "Paths over the saddle, from x = 1, a millionth away from the ridge y = 0."

    return show


def contours_of_saddle(ax):
    x = np.linspace(-1.5, 1.5, 201)
    z = (x[None, :] ** 2 - x[:, None] ** 2) / 2
    ax.contourf(x, x, z, 12, cmap="PuOr", alpha=0.55, zorder=-1)
    ax.set_rasterization_zorder(0)  # Matplotlib before 3.11 rasterizes no contours by themselves
    ax.contour(x, x, z, [0], colors=GREY, linewidths=1)
    for y, text in ((1.25, "down"), (-1.3, "down")):
        ax.text(0.5, y, text, ha="center", color="#7a3b00")
    ax.text(-1.45, 0.06, "ridge", color="#3c2a66")
    ax.set(xlim=(-1.5, 1.5), ylim=(-1.5, 1.5), xlabel="x", ylabel="y")
    ax.grid(False)


def ridge_now(ax, runs):
    """A view of {name: run}: the distance from the ridge against the step."""
    first = next(iter(runs.values()))
    ax.set(yscale="log", xlim=(0, first.epochs[-1]), ylim=(1e-7, 10), xlabel="step", ylabel="distance from the ridge")
    decades(ax.yaxis)
    ax.axhline(1, color=GREY, lw=1)
    lines, labels = {}, {}
    place = {"transform": ax.transAxes, "fontweight": "bold", "animated": True}
    for k, name in enumerate(runs):
        (lines[name],) = ax.plot([], [], animated=True, **racer(name, k))
        labels[name] = ax.text(1.03, 0.2 + 0.11 * (len(runs) - 1 - k), "", color=racer(name, k)["color"], **place)
    ax.text(1.03, 0.2 + 0.11 * len(runs), "steps to 1:", transform=ax.transAxes, color=GREY)
    ax.text(1.03, 0, "momentum 140", transform=ax.transAxes, fontweight="bold", alpha=0)  # the labels' room

    def show(run):
        said = []
        for name, one in run.items():
            away = np.abs(one.weights[:, 1])
            lines[name].set_data(one.epochs, np.clip(np.nan_to_num(away, nan=10, posinf=10), 1e-7, 10))
            left = np.flatnonzero(~(away <= 1))
            said.append(f"{name} {one.epochs[left[0]]:g}" if len(left) else f"{name}: more")
            labels[name].set_text(said[-1])
        return f"Steps to a distance of 1: {', '.join(said)}."

    return show


@drawing(panels=3, size=(1080, 440))
def good_strips(rates, counts, usual, ax=None, limits=(1e-4, 1e8), seeds=10):
    """A strip a rule, {problem: (rules, rates)}: the more of ten seeds a rate is good in, the darker.

    Where nine or ten are good beyond the right edge, a number there says how far.
    """
    names = list(usual)
    edges = np.sqrt(rates[:-1] * rates[1:])
    edges = np.concatenate([[rates[0] ** 2 / edges[0]], edges, [rates[-1] ** 2 / edges[-1]]])
    for panel, (where, count) in zip(ax, counts.items(), strict=True):
        said = []
        for k, name in enumerate(names):
            panel.pcolormesh(edges, [k - 0.36, k + 0.36], count[k][None, :], cmap="Greens", vmin=0, vmax=seeds)
            panel.plot(usual[name], k, "X", ms=9, color="#D55E00", mec="white")
            all_good = rates[count[k] == seeds]
            said.append(
                f"{name} {number(all_good[0], 2)} to {number(all_good[-1], 2)}" if len(all_good) else f"{name} none"
            )
            if count[k][rates > limits[1]].max(initial=0) >= seeds - 1:
                end = rates[count[k] >= seeds - 1][-1]
                text = f"{number(end, 1)} …" if end == rates[-1] else number(end, 1)
                panel.text(2 * limits[1], k, f"▸ {text}", va="center", fontsize=11)
        panel.set(xscale="log", xlim=limits, ylim=(len(names) - 0.4, -0.6), yticks=range(len(names)), yticklabels=names)
        panel.set_xticks([1e-4, 1, 1e4, 1e8], ["1e-4", "1", "1e4", "1e8"])
        panel.set_xticks([], minor=True)
        tell(panel, where, f"{where}: rates good in all {seeds} seeds: {'; '.join(said)}.", x="rate")
        if where != next(iter(counts)):
            panel.set_yticklabels([])


@drawing
def errors_of(runs, ax=None, floor=1e-6):
    """{name: run} of two weights that should be 3: their distances from it against the epoch, named at their ends."""
    labels, said = [], []
    for k, (name, run) in enumerate(runs.items()):
        for i, which in enumerate(("common", "rare")):
            away = np.maximum(np.abs(run.weights[:, i] - 3), floor)
            ax.plot(run.epochs, away, lw=2.2, ls=("--", "-")[i], color=COLOURS[k])
            labels.append((away[-1], f"{name}, {which}", COLOURS[k]))
            said.append(f"{name}, {which}: {number(away[-1], 2)}")
    ax.set(yscale="log", ylim=(floor / 1.5, 5), xlim=(0, run.epochs[-1]))
    side_labels(ax, labels)
    tell(ax, "", f"Distance of each weight from 3. At the end: {'; '.join(said)}.", x="epoch", y="distance from 3")


@drawing(panels=2, size=(960, 380))
def two_zigzags(runs, problem, ax=None):
    """Paths over the ravine, one rate a panel; the start is a ring, the minimum a star."""
    limits = ((-0.5, 5.5), (-1.5, 2.5))
    for panel, one in zip(ax, runs, strict=True):
        contours(problem, *limits, panel)
        panel.plot(one.weights[:, 0], one.weights[:, 1], ms=4, lw=1.6, **look(one.rate, marker=True))
        panel.plot(0, 0, "o", ms=9, mfc="white", mec="#202020", mew=2)
        panel.plot(3, 0, "*", ms=15, color="#202020")
        w, b = (number(v) for v in one.weights[-1])
        title, steps = f"Rate {number(one.rate)}", f"{runs.epochs[-1]:g} steps"
        tell(panel, title, f"{title}: the path over the loss ends, after {steps}, at w {w}, b {b}.", x="w", y="b")
