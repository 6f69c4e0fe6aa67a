"""One house and its loss; runs with batches of several sizes; the valley that never ends."""

from types import SimpleNamespace

import numpy as np

from ..figure import drawing, number, tell
from .map import plain_decades
from .paths import contours, walk
from .runs import side_labels

LINES = ("-", "--", "-.", ":")


@drawing(panels=2, size=(1000, 380))
def one_house(w, house, label, ax=None):
    """The probability that weights w (3,) give a house at (x, y), and its loss when its label is 1 or 0."""
    score = float(np.dot(w, [*house, 1]))
    z = np.linspace(-6, 6, 241)
    p, here = 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(-score))
    left, right = ax
    left.plot(z, p, color="#0072B2")
    left.plot(score, here, "o", ms=11, color="#D55E00")
    left.annotate(f"z = {number(score)}: p = {number(here)}", (score, here), (14, -16), textcoords="offset points")
    where = f"({number(house[0])}, {number(house[1])})"
    alt = f"The S-shaped curve p = 1 / (1 + exp(−z)). The house at {where} has z = {number(score)}, p = {number(here)}."
    tell(left, f"The house at {where} gets p = {number(here)}", alt, x="score z", y="probability p")
    for name, values, k in (("label 1: −log p", -np.log(p), 0), ("label 0: −log (1 − p)", -np.log(1 - p), 1)):
        right.plot(z, values, color=("#D55E00", "#5a636b")[k], ls=LINES[k], label=name)
    loss = np.log1p(np.exp(-score if label else score))
    right.plot(score, loss, "o", ms=11, color="#D55E00" if label else "#5a636b")
    right.legend(loc="upper center")
    alt = f"Loss against score: label 1 costs −log p, label 0 costs −log (1 − p). This house: {number(loss)}."
    tell(right, f"Its label is {label}: its loss is {number(loss)}", alt, x="score z", y="loss of one house")


@drawing
def batches(runs, by="epochs", rows=1600, ax=None, title=""):
    """Loss of several runs, {batch: run} with None for all rows, against epochs or against updates."""
    ends, labels = [], []
    for k, (batch, run) in enumerate(runs.items()):
        each = 1 if by == "epochs" else -(-rows // (batch or rows))
        colour = ("#0072B2", "#D55E00", "#000000", "#009E73")[k % 4]
        ax.plot(run.epochs * each, run.losses, color=colour, ls=LINES[k % 4], lw=2.5)
        name = f"batch of {batch or rows}"
        labels.append((float(run.final), name, colour))
        ends.append(f"{name} {number(run.final, 2)}")
        last = run.epochs[-1] * each
    ax.set(yscale="log", xlim=(0, last))
    plain_decades(ax)
    side_labels(ax, labels)
    title = title or f"After {last:g} {by}: loss " + ", ".join(number(run.final, 2) for run in runs.values())
    tell(ax, title, f"Loss against {by}. At the end, after {last:g} {by}: {'; '.join(ends)}.", x=by, y="loss")


@drawing(panels=2, size=(1000, 420))
def valley(run, problem, ax=None):
    """The way of two weights down the valley w1 = −w2 of the loss (b on its ridge, w1/2), and the loss by epoch."""
    left, right = ax
    w, far = run.weights, 1.1 * np.abs(run.weights[-1, :2]).max()

    def across(v):
        return problem.loss(np.concatenate([v, (v[..., :1] - v[..., 1:]) / 4], axis=-1))

    limits = (-far, 0.25 * far), (-0.25 * far, far)
    contours(SimpleNamespace(loss=across), *limits, left)
    walk(left, run, limits, f"epoch {run.epochs[-1]:g}", marker="", lw=3, linestyle="-")
    end = f"({number(w[-1, 0])}, {number(w[-1, 1])})"
    alt = f"Contours of the loss, a valley along w1 = −w2. After {run.epochs[-1]:g} epochs the run is at {end}"
    tell(left, f"The valley leads on: w = {end}", alt + " and has no end in sight.", x="w1", y="w2")
    right.plot(run.epochs[1:], run.losses[1:], color="#0072B2")
    right.set(xscale="log", yscale="log", xlim=(1, run.epochs[-1]))
    plain_decades(right)
    tenth = run.losses[len(run.losses) // 10]
    alt = f"Loss against epoch, in decades: {number(tenth)} a tenth of the way, {number(run.final)} at the end, "
    tell(
        right,
        f"Ten times the epochs: {number(tenth)} → {number(run.final)}",
        alt + "still falling.",
        x="epoch",
        y="loss",
    )
