"""Lesson 06: the network at 200 rates, ten draws, widths, and paired splits. About fifteen minutes on one core."""

import csv

import numpy as np

from lrcore import descend, digits, network, rules
from lrcore.data import FOLDER
from lrlab import edge

RATES = np.unique([float(f"{r:.4g}") for r in np.geomspace(0.02, 0.2, 197)] + [0.03, 0.05, 0.07, 0.1, 0.15])
DRAWS = [("raw", 0.05), ("raw", 0.1), ("raw", 0.2), ("centred", 0.05), ("centred", 0.2)]


def keep(**arrays):
    """Put arrays into data/network.npz, beside those that it has."""
    path = FOLDER / "network.npz"
    known = dict(np.load(path)) if path.exists() else {}
    with np.errstate(over="ignore"):  # a run that is lost
        found = {name: np.asarray(a, np.float32) for name, a in arrays.items()}
    np.savez_compressed(path, **known | found)


def both(name, traced):
    keep(**{f"{name}_losses": traced.losses, f"{name}_sharpness": traced.sharpness})


def instrument():
    path = FOLDER / "network.npz"
    path.unlink(missing_ok=True)
    np.savez_compressed(path, rates=RATES, epochs=edge.SEEN.astype(float))
    for pixels in ("raw", "centred"):
        both(pixels, edge.live(RATES, pixels))


def draws():
    for pixels, rate in DRAWS:
        ten([(pixels, rate)], "sgd", rules.sgd)
    ten([("raw", 0.05), ("raw", 0.1)], "momentum", rules.momentum)


def ten(cases, name, rule):
    for pixels, rate in cases:
        found = [edge.trace(edge.draw(seed, pixels)[0], rate, rule=rule) for seed in range(10)]
        losses = np.concatenate([one.losses for one in found])
        sharpness = np.concatenate([one.sharpness for one in found])
        both(f"{name}_{pixels}_{rate:g}", edge.Traced(None, None, losses, sharpness))


def write(name, columns, rows):
    with (FOLDER / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *rows])


def widths():
    """The loss after 300 steps on raw pixels, by rule, width, draw and rate."""
    rows, X, y = [], *digits()
    grids = {"sgd": np.geomspace(0.01, 1, 13), "adam": np.geomspace(0.001, 1, 19)}
    for hidden in (8, 32, 128, 512):
        for seed in range(5):
            seen = np.random.RandomState(seed).permutation(len(y))[:300]
            problem = network(X[seen], y[seen], hidden, seed)
            for rule, rates in grids.items():
                final = descend(problem, rates, 300, rules.RULES[rule], checkpoints=1 / 300).final
                rows += [(rule, hidden, seed, f"{r:.4g}", f"{v:.5g}") for r, v in zip(rates, final, strict=True)]
    write("network-widths", ["rule", "width", "seed", "rate", "loss"], rows)


def splits():
    """Accuracy on the unseen digits, after some numbers of steps, and where the training loss first is 0.15."""
    rows = []
    for seed in range(20):
        for pixels, rates in (("raw", [0.025, 0.05, 0.1]), ("centred", [0.05, 0.1, 0.2, 0.4])):
            problem, unseen = edge.draw(seed, pixels)
            run = descend(problem, rates, edge.STEPS, checkpoints=1 / 50)
            for one in run:
                there = one.losses <= 0.15
                for at, k in (("750", 15), ("1500", 30), ("3000", 60), ("loss 0.15", int(np.argmax(there)))):
                    if at[0] == "l" and not there.any():
                        continue
                    right = problem.accuracy(one.weights[k], *unseen)
                    rows.append((seed, pixels, f"{one.rate:g}", at, f"{one.losses[k]:.5g}", f"{right:.5g}"))
    write("network-splits", ["split", "pixels", "rate", "at", "loss", "accuracy"], rows)


PARTS = {"instrument": instrument, "draws": draws, "widths": widths, "splits": splits}
