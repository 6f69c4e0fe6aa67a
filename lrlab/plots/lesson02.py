"""Lesson 02: what a model gets wrong, what a mistake costs, one house, batches of several sizes, the valley."""

from types import SimpleNamespace

import numpy as np

from ..check.base import Verdict
from ..figure import drawing, number, tell
from .map import judge, plain_decades, plot_houses
from .paths import contours, walk
from .rates import look
from .runs import PAPER, side_labels

LINES = ("-", "--", "-.", ":")
ONE, ZERO = "#D55E00", "#5a636b"  # a house of the district, and any other


@drawing(size=(500, 460))
def judged(w, problem, ax=None):
    """The map and the line of the weights w (3,), with the houses on its wrong side."""
    plot_houses(ax, problem)
    found, missed, false = judge(ax, w, problem)
    title = f"{problem.n - missed - false} of {problem.n} right; {found} of {found + missed} found"
    tell(ax, title, f"Map of {problem.n} houses. {title}, {missed} missed, {false} false alarms.")


@drawing(panels=2, size=(900, 350))
def mistakes(score, ax=None):
    """What a house of the district costs at each score, and how hard it pulls: squared error and logarithm."""
    z = np.linspace(-8, 4, 241)
    p, there = 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(-score))
    left, right = ax
    for k, (name, cost, pull, mark) in enumerate(
        (
            ("logarithm", -np.log(p), 1 - p, -np.log(there)),
            ("squared error", (1 - p) ** 2, 2 * (1 - p) ** 2 * p, (1 - there) ** 2),
        )
    ):
        style = {"color": ("#0072B2", "#8a6d00")[k], "ls": LINES[k], "lw": 2.5}
        left.plot(z, cost, label=name, **style)
        right.plot(z, pull, label=name, **style)
        left.plot(score, mark, "o", ms=10, color=style["color"])
        right.plot(score, np.interp(score, z, pull), "o", ms=10, color=style["color"])
    for panel, height in ((left, 0.88), (right, 0.5)):
        panel.axvline(score, color="#707070", lw=1)
        where = (score, height * panel.get_ylim()[1])
        panel.annotate("sure,\nand wrong", where, (6, 0), textcoords="offset points", va="center")
    left.legend(loc="center right")
    costs = f"{number(np.log1p(np.exp(-score)))} by the logarithm, {number((1 - there) ** 2)} by the squared error"
    pulls = f"{number(1 - there)} by the logarithm, {number(2 * (1 - there) ** 2 * there, 2)} by the squared error"
    alt = f"Cost of a house in the district against its score. At z = {score}: {costs}."
    tell(left, "What the house costs", alt, x="score z", y="cost of one house")
    alt = f"How steeply that cost falls with the score. At z = {score}: {pulls}."
    tell(right, "How hard it pulls on the score", alt, x="score z", y="steepness of the cost")


@drawing(panels=2, size=(900, 350))
def one_house(w, house, label, ax=None):
    """The probability that weights w (3,) give a house at (x, y), and its loss when its label is 1 or 0."""
    score = float(np.dot(w, [*house, 1]))
    z = np.linspace(-6, 6, 241)
    p, here = 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(-score))
    left, right = ax
    left.plot(z, p, color="#0072B2")
    left.plot(score, here, "o", ms=11, color=ONE)
    left.annotate(f"z = {number(score)}: p = {number(here)}", (score, here), (14, -16), textcoords="offset points")
    where = f"({number(house[0])}, {number(house[1])})"
    alt = f"The S-shaped curve p = 1 / (1 + exp(−z)). The house at {where} has z = {number(score)}, p = {number(here)}."
    tell(left, f"The house at {where} gets p = {number(here)}", alt, x="score z", y="probability p")
    for name, values, k in (("label 1: −log p", -np.log(p), 0), ("label 0: −log (1 − p)", -np.log(1 - p), 1)):
        right.plot(z, values, color=(ONE, ZERO)[k], ls=LINES[k], label=name)
    loss = np.log1p(np.exp(-score if label else score))
    right.plot(score, loss, "o", ms=11, color=ONE if label else ZERO)
    right.legend(loc="upper center")
    alt = f"Loss against score: label 1 costs −log p, label 0 costs −log (1 − p). This house: {number(loss)}."
    tell(right, f"Its label is {label}: its loss is {number(loss)}", alt, x="score z", y="loss of one house")


def drawn_by(gradient, problem, rate=0.5, steps=2000):
    """The map and the line that a learner's own gradient(w, X, y) draws in so many steps of plain descent."""
    w = np.zeros(3)
    if gradient(w, problem.X, problem.y) is ...:
        return Verdict("○", "not written yet: this cell draws the line that your gradient finds.")
    for _ in range(steps):
        w = w - rate * gradient(w, problem.X, problem.y)
    return judged(w, problem)


@drawing(size=(500, 460))
def turning(run, problem, epochs=(1, 2, 4, 50), ax=None):
    """The boundary after some epochs of one run."""
    plot_houses(ax, problem)
    said = []
    for k, epoch in enumerate(epochs):
        w = run.weights[np.searchsorted(run.epochs, epoch)]
        slope, rise, shade = -w[0] / w[1], -w[2] / w[1], 0.35 + 0.65 * (k + 1) / len(epochs)
        ends = np.array([-1.0, 2.0])
        ax.plot(ends, slope * ends + rise, **look(run.rate) | {"linestyle": "-", "lw": 1.5 + k * 0.6, "alpha": shade})
        last = epoch == epochs[-1]  # beside its line, where no other line is near
        height, aside, name, side = (0.72, 0.04, f"epoch {epoch}", "left") if last else (0.97, 0, f"{epoch}", "center")
        ax.text((height - rise) / slope + aside, height, name, fontweight="bold", ha=side, va="center", bbox=PAPER)
        said.append(f"{epoch}: y = {slope:.2f} x + {rise:.2f}")
    alt = f"Map with the boundary at rate {number(run.rate)} as it turns, by epoch; {'; '.join(said)}."
    tell(ax, f"After epoch {said[-1]}", alt)


@drawing
def batches(runs, by="epochs", rows=1600, ax=None):
    """Loss of several runs, {batch: run} with None for all rows, against epochs or against updates."""
    ends, labels = [], []
    for k, (batch, run) in enumerate(runs.items()):
        each = 1 if by == "epochs" else -(-rows // (batch or rows))
        colour = ("#0072B2", "#D55E00", "#000000", "#009E73")[k % 4]
        ax.plot(run.epochs * each, run.losses, color=colour, ls=LINES[k % 4], lw=2.5)
        name = f"batch of {batch or rows}"
        labels.append((float(run.final), name, colour))
        ends.append(f"{name} {run.final:#.2g}")
        last = run.epochs[-1] * each
    ax.set(yscale="log", xlim=(0, last))
    plain_decades(ax)
    side_labels(ax, labels)
    title = f"After {last:g} {by}: loss " + ", ".join(f"{run.final:#.2g}" for run in runs.values())
    tell(ax, title, f"Loss against {by}. At the end, after {last:g} {by}: {'; '.join(ends)}.", x=by, y="loss")


@drawing(panels=2, size=(900, 390))
def valley(run, problem, ax=None):
    """The way of two weights down the valley w1 = −w2 of the loss (b on its ridge, w1/2), and the loss by epoch."""
    left, right = ax
    w, far = run.weights, 1.1 * np.abs(run.weights[-1, :2]).max()
    some = problem.take(
        slice(None, None, 4)
    )  # every fourth house: contours to the eye the same, in a quarter of the time

    def across(v):
        return some.loss(np.concatenate([v, (v[..., :1] - v[..., 1:]) / 4], axis=-1))

    limits = (-far, 0.25 * far), (-0.25 * far, far)
    contours(SimpleNamespace(loss=across), *limits, left)
    left.annotate("start", w[0, :2], (10, -14), textcoords="offset points")
    walk(left, run, limits, f"epoch {run.epochs[-1]:g}", marker="", lw=3, linestyle="-")
    end = f"({number(w[-1, 0])}, {number(w[-1, 1])})".replace("-", "−")
    alt = f"Contours of the loss, a valley along w1 = −w2. After {run.epochs[-1]:g} epochs the run is at {end}"
    tell(left, f"The valley leads on: w = {end}", alt + " and has no end in sight.", x="w₁", y="w₂")
    right.plot(run.epochs[1:], run.losses[1:], color="#0072B2")
    right.set(xscale="log", yscale="log", xlim=(1, run.epochs[-1]))
    plain_decades(right)
    right.xaxis.set_major_formatter("{x:g}")
    tenth = run.losses[len(run.losses) // 10]
    alt = f"Loss against epoch, in decades: {number(tenth)} a tenth of the way, {number(run.final)} at the end, "
    tell(right, f"Ten times the epochs: {number(tenth)} → {number(run.final)}", alt + "still falling.", "epoch", "loss")
