"""Lesson 01's pictures: a line through points, a bowl, a ravine and its directions, a step too small to count."""

import numpy as np

from ..figure import drawing, number, panels, table, tell
from ..measure import settled
from .paths import START, contours
from .rates import look
from .runs import PAPER, bowl_rates, left_at, side_labels, singles, trace

INK, GREY, ACCENT = "#202020", "#707070", "#D55E00"
DIGITS = (3, 4, 6)  # of 1/λmax, 2/(λmin+λmax) and 2/λmax: what a run can tell apart


@drawing(size=(640, 330))
def line_fit(X, y, ax=None, slopes=(0, 3)):
    """The points (x, y), lines through zero of some slopes, and the errors of the first of them."""
    x, ends = X[:, 0], np.array([0, X.max() * 1.1])
    errors = slopes[0] * x - y
    ax.vlines(x, slopes[0] * x, y, color=ACCENT, lw=2, ls=":")
    for at, low, error in zip(x, slopes[0] * x, errors, strict=True):
        ax.annotate(f"{error:g}".replace("-", "−"), (at, low - error / 2), (6, 0), color=ACCENT, **_BESIDE)
    for slope, style in zip(slopes, ("--", "-"), strict=False):
        ax.plot(ends, slope * ends, style, color=GREY)
        ax.annotate(f"w = {slope:g}", (ends[-1], slope * ends[-1]), (6, 0), color=INK, **_BESIDE)
    ax.plot(x, y, "o", ms=10, color="#0072B2", zorder=5, clip_on=False)
    ax.set(xlim=(0, ends[-1]), ylim=(-0.6, y.max() * 1.15), xticks=x, yticks=[0, *y])
    title = f"A line of slope {slopes[-1]:g} meets all four points"
    said = ", ".join(f"({a:g}, {b:g})" for a, b in zip(x, y, strict=True))
    missed = ", ".join(f"{e:g}" for e in errors)
    alt = f"Points {said}. {title}; with slope {slopes[0]:g} the errors are {missed}."
    tell(ax, title, alt, x="x", y="y")


_BOLD = {"fontweight": "bold", "bbox": PAPER}
_BESIDE = {"textcoords": "offset points", "va": "center", "fontweight": "bold", "annotation_clip": False}


def bowl_steps(run, problem, ax=None, span=(-2, 8)):
    """For a problem of one weight: its loss as a curve, and the steps of each run on it, a panel each."""
    runs = singles(run)
    row = panels(len(runs), size=({1: 540, 2: 900}.get(len(runs), 980), 360)) if ax is None else ax
    for one, place in zip(runs, row if np.iterable(row) else [row], strict=True):
        _bowl_steps(one, problem, span, ax=place)
    return row


@drawing
def _bowl_steps(one, problem, span, ax=None):
    w, factor = one.weights[:, 0], 1 - one.rate * problem.curvature[0]
    grid = np.linspace(*span, 121)[:, None]
    curve = problem.loss(grid)
    ax.plot(grid, curve, color=GREY, lw=1.4)
    ax.set(xlim=span, ylim=(-0.04 * curve.max(), curve.max() * 1.05))
    gone = left_at(w, *span)
    kept = w if gone is None else w[:gone]
    style = look(one.rate)["color"]
    ax.plot(kept, problem.loss(kept[:, None]), "-o", color=style, lw=1.6, ms=6, clip_on=False, zorder=4)
    ax.plot(w[0], problem.loss(w[:1]), **START)
    end = f"w ends at {number(one.weights[-1, 0])}"
    if gone is not None:
        high, edge = float(problem.loss(kept[-1:])), span[int(w[gone] > span[1])]
        arrow = {"arrowstyle": "-|>", "color": style, "lw": 2, "shrinkA": 7}
        ax.annotate("", (edge, high), (kept[-1], high), arrowprops=arrow)
        end = f"w = {number(w[gone])}:\nleft the plot at epoch {one.epochs[gone]:g}".replace("-", "−")
    says = f"Rate {one.rate:g}: distance × {factor:.3g}".replace("-", "−")
    tell(ax, says, f"{says} at each step. From w = {w[0]:g}, {' '.join(end.split())}.", x="w", y="loss")
    ax.text(0.5, 0.97, end, transform=ax.transAxes, ha="center", va="top", color=style, **_BOLD)


@drawing(size=(640, 290))
def crossing(run, target=3, ax=None):
    """One weight against the epoch for one rate or two, each with a colour of its own and its name at the line."""
    ones, colours, names = singles(run), ("#0072B2", ACCENT), []
    ax.axhline(target, color=GREY, lw=1.2)
    for one, style, c in zip(ones, ("-", "--"), colours, strict=False):
        ax.plot(one.epochs, one.weights[:, 0], style, color=c, lw=1.8, clip_on=False)
        names.append((one.weights[-2:, 0].max(), f"rate {one.rate:g}:\nloss {number(one.final)}", c))
    ax.plot(0, ones[0].weights[0, 0], **START, clip_on=False)
    ax.set(xlim=(0, ones[0].epochs[-1]))
    side_labels(ax, names)
    said = "; ".join(f"rate {one.rate:g}: loss {number(one.final)}" for one in ones)
    title = f"The start is the ring, and {target:g} is the goal"
    tell(ax, title, f"w against epoch. {title}. At epoch {ones[0].epochs[-1]:g}, {said}.", x="epoch", y="w")


@drawing
def ravine(problem, ax=None, xlim=(-0.8, 6.8), ylim=(-3.1, 3.1)):
    """The loss over (w, b), and the directions in which it bends most and least, from its bottom."""
    contours(problem, xlim, ylim, ax)
    ax.set_aspect("equal")
    curvature, directions = np.linalg.eigh(_second_derivatives(problem))
    bottom = np.linalg.lstsq(problem.X, problem.y, rcond=None)[0]
    arrow = {"arrowstyle": "<|-|>", "color": ACCENT, "lw": 2, "shrinkA": 0, "shrinkB": 0}
    for name, bends, v, size in zip(("along", "across"), curvature, directions.T, (2.2, 2), strict=True):
        v = v * np.sign(v[1]) * size
        ax.annotate("", bottom - v, bottom + v, arrowprops=arrow)
        end, place = (bottom - v, (10, -4)) if name == "along" else (bottom + v, (-36, 14))
        ax.annotate(f"{name} {_bends(bends)}", end, place, color=ACCENT, **{**_BESIDE, "bbox": PAPER})
    ax.plot(*bottom, "*", ms=14, color=INK)
    said = f"{_bends(curvature[1])} across, {_bends(curvature[0])} along"
    title = f"{curvature[1] / curvature[0]:.0f} times as much across as along"
    tell(ax, title, f"Contours of the loss over w and b. It bends {title}: curvature {said}.", x="w", y="b")


def _second_derivatives(problem):
    """Those of a loss whose gradient is linear, such as the mean of squared errors: the gradient's differences."""
    return problem.gradient(problem.start + np.eye(problem.d)) - problem.gradient(problem.start)


def _bends(curvature):
    return f"{curvature:.2f}" if curvature >= 1 else f"{curvature:.4f}"


@drawing
def bend(problem, ax=None):
    """The curvature of a loss of two weights along every direction, in degrees from the first weight."""
    angle = np.linspace(-45, 135, 3601)
    v = np.stack([np.cos(np.radians(angle)), np.sin(np.radians(angle))], axis=-1)
    curvature = np.sum(v * (v @ _second_derivatives(problem)), axis=-1)
    ax.plot(angle, curvature, color=INK)
    marks = {"along w": 900, "across": curvature.argmax(), "along b": 2700, "along the floor": curvature.argmin()}
    said = [f"{name} {_bends(curvature[k])}" for name, k in marks.items()]
    places = (-12, 0, "right"), (12, 4, "left"), (-12, -4, "right"), (24, -20, "right")
    for text, k, (right, up, side) in zip(said, marks.values(), places, strict=True):
        ax.plot(angle[k], curvature[k], "o", ms=8, color=ACCENT, clip_on=False)
        where = {"ha": side, "color": ACCENT, **_BESIDE, "bbox": PAPER}
        ax.annotate(text.removeprefix("along "), (angle[k], curvature[k]), (right, up), **where)
    ax.set(xlim=(-45, 135), ylim=(-3.5, curvature.max() * 1.1), xticks=range(-45, 136, 45))
    title = f"No direction bends more than {curvature.max():.2f}"
    alt = f"Curvature by direction in the plane of w and b. {title}: {', '.join(said)}."
    tell(ax, title, alt, x="direction (degrees from w towards b)", y="curvature")


@drawing
def factors(problem, ax=None):
    """What a step leaves of the distance along the ravine and across it, against the rate."""
    marks = bowl_rates(problem)
    rates = np.linspace(0, 1.35 * marks["2/λmax"], 200)
    for bends, style, name in zip(problem.curvature[[0, -1]], ("--", "-"), ("along", "across"), strict=True):
        left = abs(1 - rates * bends)
        ax.plot(rates, left, style, color=INK)
        ax.annotate(name, (rates[-1], left[-1]), (6, 0), **_BESIDE)
    ax.axhline(1, color=GREY, lw=1)
    places = ((1.6, "left"), (0.15, "right"), (0.15, "left"))
    for (name, rate), (height, side), digits in zip(marks.items(), places, DIGITS, strict=True):
        ax.axvline(rate, color=ACCENT, ls=":", lw=1.8)
        text = f"{name}\n= {number(rate, digits)}".replace("\n", " " if height > 1 else "\n")
        at = (6 if side == "left" else -6, 0)
        ax.annotate(text, (rate, height), at, ha=side, color=ACCENT, bbox=PAPER, **_BESIDE)
    ax.set(xlim=(0, rates[-1]), ylim=(0, 1.75))
    title = "What a step leaves of the distance, in two directions"
    said = ", ".join(f"{name} = {number(rate, d)}" for (name, rate), d in zip(marks.items(), DIGITS, strict=True))
    alt = f"Size of the factor 1 − ηλ against the rate, along the ravine and across. {title}. Marks: {said}."
    tell(ax, title, alt, x="rate η", y="|1 − ηλ|")


@drawing(size=(660, 300))
def settling(run, target, within, ax=None, index=0):
    """One weight against the epoch, a band around its target, and the epoch from which a run stays in it."""
    ax.axhspan(target - within, target + within, color="#cfe8d8", lw=0)
    limits, said = (-0.3, 5), []
    ax.set(xlim=(0, run.epochs[-1]), ylim=limits)
    for one in singles(run):
        epoch, style = settled(one, target, within, index), look(one.rate, marker=True)
        trace(ax, one, one.weights[:, index], *limits)
        needs = f"{epoch:.0f} epochs" if np.isfinite(epoch) else "for ever"
        said.append(f"rate {one.rate:g} needs {needs}")
        if np.isfinite(epoch):
            mark = {"ms": 11, "color": style["color"], "zorder": 5}
            ax.plot(epoch, one.weights[int(epoch), index], style["marker"], **mark)
            left = epoch > run.epochs[-1] / 2
            ax.annotate(
                needs,
                (epoch, 2.2),
                (-8 if left else 0, 0),
                ha="right" if left else "left",
                color=style["color"],
                **_BESIDE,
            )
    title = ", ".join(said).capitalize()
    what = f"w against epoch, until it stays within {within:g} of {target:g}"
    tell(ax, title, f"{what}. {title}.", x="epoch", y="w")


@drawing(size=(720, 260))
def spacing(w, h, ax=None, dtype=np.float32):
    """The numbers of a float type near w, and how far a step of h reaches."""
    w = dtype(w)
    gap = float(np.spacing(w))
    ticks = gap * np.arange(-2, 3)
    ax.hlines(0, -2.3 * gap, 2.3 * gap, color=GREY, lw=1.2)
    ax.plot(ticks, 0 * ticks, "|", ms=26, mew=2.5, color=INK)
    ax.plot(0, 0, "o", ms=11, color="#0072B2", zorder=5)
    ax.annotate("", (h, 0.32), (0, 0.32), arrowprops={"arrowstyle": "-|>", "color": ACCENT, "lw": 2.5, "shrinkA": 0})
    ax.annotate(f"h = {h:g}", (0, 0.5), (0, 4), ha="left", color=ACCENT, **_BESIDE)
    ax.annotate(f"w = {w:.8f}", (0, -0.4), (0, 0), ha="center", **_BESIDE)
    for place, name in ((-gap, "number before"), (gap, "next number")):
        ax.annotate(name, (place, 0.42), (0, 0), ha="center", **_BESIDE)
    ax.set(xlim=(-2.4 * gap, 2.4 * gap), ylim=(-0.7, 0.8), yticks=[], xticks=ticks)
    ax.set_xticklabels([f"{t:+.5f}".replace("-", "−") if t else "0" for t in ticks])
    ax.spines["left"].set_visible(False)
    ax.grid(False)
    moves = dtype(w + dtype(h)) != w
    title = f"{h:g} {'moves' if moves else 'does not move'} a number whose neighbour is {gap:.5f} away"
    tell(ax, title, f"Numbers of type {np.dtype(dtype)} near {w:.2f}. {title}.", x="distance from w")


def ten_epochs(run, problem):
    """What the vision book prints of a run: w, the loss, the loss after w + h, the gradient, the new w."""
    w = run.weights
    after = problem.loss(w + w.dtype.type([problem.h] + [0] * (problem.d - 1)))
    columns = {
        "epoch": run.epochs[:-1],
        "w": w[:-1, 0],
        "loss": run.losses[:-1],
        "loss at w + h": after[:-1],
        "gradient": problem.gradient(w)[:-1, 0],
        "new w": w[1:, 0],
    }
    shown = {n: [f"{v:.{2 * (n != 'epoch')}f}".replace("-", "−") for v in c] for n, c in columns.items()}
    return table(shown, title=f"Rate {run.rate:g}")
