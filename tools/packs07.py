"""Lesson 07: twenty sealed problems, what tactics make of them, and steps against batch. Ten minutes on one core."""

import csv

import numpy as np

from lrcore import descend, digits, softmax
from lrcore.data import FOLDER
from lrlab import game, study07
from lrlab.tactics import TACTICS

PROBLEMS = range(20)


def write(name, columns, rows):
    with (FOLDER / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *rows])


def sweeps():
    found = np.array([game.swept(number, game.RATES) for number in PROBLEMS])
    np.savez_compressed(FOLDER / "game.npz", sweeps=np.float32(np.fmin(found, 1e6)))


def tactics():
    """After `sweeps`: the ratios are to its sealed best."""
    game.stored.cache_clear(), game.sweep.cache_clear()
    rows = []
    for name, tactic in TACTICS.items():
        for number in PROBLEMS:
            one = game.played(tactic, number)
            rows.append((name, number, f"{one.score.ratio:.4g}", one.spent))
    write("game-tactics", ["tactic", "problem", "ratio", "spent"], rows)


def batches():
    rows = []
    for seed in range(20):
        for batch in study07.BATCHES:
            for rate, steps in zip(study07.RATES, study07.steps_to_goal(batch, seed), strict=True):
                rows.append((seed, batch, f"{rate:.4g}", f"{steps:.4g}"))
    write("critical-batch", ["seed", "batch", "rate", "steps"], rows)


def choices():
    """On twenty splits: a rate chosen by the training loss, one chosen on 300 rows, both judged on 297 others."""
    (X, y), rates, rows = digits(), np.geomspace(0.01, 100, 41), []
    for split in range(20):
        order = np.random.RandomState(split).permutation(len(y))
        train, judging, sealed = order[:1200], order[1200:1500], order[1500:]
        problem = softmax(X[train], y[train])
        run = descend(problem, rates, 50, batch=40, seed=split, checkpoints=1 / 50)
        judged, last = (problem.loss(run.weights[:, -1], X[part], y[part]) for part in (judging, sealed))
        for_it, for_us = int(np.argmin(run.final)), int(np.argmin(judged))
        rows.append([split, *(f"{v:.4g}" for v in (rates[for_it], last[for_it], rates[for_us], last[for_us]))])
    write("choices", ["split", "rate_by_training", "by_training", "rate_by_judging", "by_judging"], rows)


PARTS = {"choices": choices, "sweeps": sweeps, "tactics": tactics, "batches": batches}
