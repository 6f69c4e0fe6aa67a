"""Lesson 03: its facts against the course's figures, the stored long runs computed anew, its checks."""

import math

import numpy as np
import pytest

import long_runs
from lrcore import data, descend, logistic, school_district
from lrlab import check

RATES = [0.01, 0.1, 0.5, 1, 10, 50]
PRINTED = np.array(
    [
        [-3.0113, 2.1467, -1.7036],
        [-9.0069, 8.2579, -4.1985],
        [-16.1411, 15.4570, -7.5799],
        [-20.4762, 20.3784, -10.0238],
        [-46.2160, 46.8112, -23.1940],
        [-93.6901, 93.8484, -46.8202],
    ]
)
SEEDS = 6


@pytest.fixture(scope="module")
def runs():
    """A few of the study's runs: (model, run) per seed."""
    models = [logistic(*school_district(split=seed)[0]) for seed in range(SEEDS)]
    return [(model, descend(model, [*RATES, 20], 50, batch=10, seed=seed)) for seed, model in enumerate(models)]


# COURSE.md, over 200 runs: (mean, standard deviation) by rate.
LOSS = [(0.2256, 0.0024), (0.0889, 0.0016), (0.0480, 0.0013), (0.0370, 0.0012), (0.0163, 0.0024)]
ACCURACY = [
    (0.8770, 0.0017),
    (0.9877, 0.0022),
    (0.9985, 0.0018),
    (0.9986, 0.0021),
    (0.9968, 0.0037),
    (0.9931, 0.0067),
]
HOUSE = [(0.253, 0.008), (0.414, 0.011), (0.477, 0.029), (0.498, 0.043), (0.549, 0.145), (0.576, 0.354)]


def means(runs, measure):
    return np.mean([measure(model, run) for model, run in runs], axis=0)


@pytest.mark.parametrize(
    ("figures", "measure"),
    [
        (LOSS, lambda model, run: run.final),
        (ACCURACY, lambda model, run: model.accuracy(run.weights[:, -1])),
        (HOUSE, lambda model, run: model.probability(run.weights[:, -1], [[0.4, 0.9]])[:, 0]),
    ],
    ids=["loss", "accuracy", "house"],
)
def test_the_measured_figures(runs, figures, measure):
    """The mean of a few seeds lies within four standard errors."""
    found = means(runs, measure)
    for mine, (mean, spread) in zip(found, figures, strict=False):
        assert mine == pytest.approx(mean, abs=4 * spread / math.sqrt(SEEDS))


def test_the_printed_weights_contradict_three_printed_probabilities():
    found = [1 / (1 + math.exp(-(0.4 * w1 + 0.9 * w2 + b))) for w1, w2, b in PRINTED]
    assert found == pytest.approx([0.274, 0.409, 0.469, 0.532, 0.611, 0.542], abs=6e-4)
    apart = np.abs(np.array(found) - [0.27, 0.41, 0.43, 0.41, 0.61, 0.05]) > 0.01
    assert np.array(RATES)[apart].tolist() == [0.5, 1, 50]


def test_sigmoid_is_one_above_53_bits():
    limit = 53 * math.log(2)
    assert limit == pytest.approx(36.74, abs=0.005)
    assert 1 / (1 + math.exp(-limit - 1e-3)) == 1
    assert 1 / (1 + math.exp(-limit + 1e-3)) < 1


def test_nan_is_the_formulas(runs):
    for model, run in runs:
        assert np.isfinite(run.weights).all() and np.isfinite(run.losses).all()
        with np.errstate(all="ignore"):
            p = 1 / (1 + np.exp(-(run.weights[:, -1] @ model.X.T)))
            each = -(model.y * np.log(p) + (1 - model.y) * np.log(1 - p))
        assert np.isnan(each).any(axis=1).tolist() == [False] * 5 + [True, False]
        lost = np.isnan(each[5])
        assert (p[5][lost] == 1).all() and (model.y[lost] == 1).all()


def test_the_curvature_falls_below_the_limit_within_the_first_epoch():
    model = logistic(*school_district()[0])
    run = descend(model, 50, 1, batch=10, checkpoints=160)
    for k, expected in ((0, 0.379), (-1, 0.019)):
        p = 1 / (1 + np.exp(-(model.X @ run.weights[k])))
        largest = np.linalg.eigvalsh((model.X.T * (p * (1 - p))) @ model.X / model.n)[-1]
        assert model.sharpness(run.weights[k]) == pytest.approx(largest)
        assert largest == pytest.approx(expected, rel=0.2)
    assert (model.sharpness(run.weights[120:]) < 2 / 50).all()


def test_the_long_runs_meet_the_figures():
    """COURSE.md: product 50 → 0.0369, product 500 → 0.0156, median epochs to 0.016 about 4600, 920, 460."""
    long = data.long_runs()
    assert (long.rate.tolist(), long.losses.shape[:2]) == ([0.01, 0.1, 0.5, 1], (30, 4))
    at = {epoch: i for i, epoch in enumerate(long.epochs.tolist())}
    middle = np.median(long.losses, axis=0)
    for product, loss, first in ((50, 0.0369, 0), (500, 0.0156, 1)):
        found = [middle[k, at[round(product / long.rate[k])]] for k in range(first, 4)]
        assert found == pytest.approx([loss] * (4 - first), rel=0.02)
    reached = [[np.interp(-0.016, -one, long.epochs) for one in seed] for seed in long.losses[:, 1:]]
    assert np.median(reached, axis=0) == pytest.approx([4600, 920, 460], rel=0.03)
    assert ((long.accuracy[:, 1:] == 1).any(axis=-1).mean(axis=0) > 0.95).all()


@pytest.mark.parametrize("seed", [0, 17])
def test_the_long_runs_recompute(seed):
    """The first 56 epochs of a seed are those that the file holds, to the digits stored."""
    kept = long_runs.checkpoints()
    kept = kept[kept <= 56]
    stored = (data.FOLDER / "long-runs.csv").read_text().splitlines()
    again = [line.strip() for line in long_runs.rows(seed, kept)]
    assert len(again) == 4 * len(kept)
    where = {tuple(line.split(",")[:3]): line.split(",")[3:] for line in stored[1:]}
    for line in again:
        *key, loss, accuracy = line.split(",")
        assert [float(v) for v in where[tuple(key)]] == pytest.approx([float(loss), float(accuracy)], rel=2e-6)


def stable(z, y):
    return np.mean(np.logaddexp(0, z) - y * z)


def bitwise(z, y):
    return np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))


def by_house(z, y):
    return sum(np.logaddexp(0, a) - b * a for a, b in zip(z, y, strict=True)) / len(z)


def by_label(z, y):
    return np.logaddexp(0, np.where(y == 1, -z, z)).mean()


def naive(z, y):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def clipped(z, y):
    p = np.clip(1 / (1 + np.exp(-z)), 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def padded(z, y):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12))


CASES = {
    "product_law": [
        (500, "✓", ""),
        ("500 epochs", "✓", ""),
        (np.float64(500), "✓", ""),
        (40, "✗", "Smaller rates need more"),
        (250, "✗", "batch is forgotten"),
        (125, "✗", "batch is the wrong way round"),
        (100, "✗", "Both changed"),
        (3, "✗", "has to be the same"),
        ("many", "✗", "this is a text"),
        (True, "✗", "this says True"),
        (..., "○", "Open"),
    ],
    "nan_house": [
        ("a", "✓", ""),
        ((40, 1), "✓", ""),
        ([40, 1], "✓", ""),
        ("(40, 1)", "✓", ""),
        ("b", "✗", "inf"),
        ((40, 0), "✗", "inf"),
        ("(−40, 1)", "✗", "finite 40"),
        ((-40.0, 1), "✗", "finite 40"),
        ("d", "✗", "Choose one of a, b, c"),
        (print, "✗", "Choose one of"),
        ("?", "○", "Open"),
    ],
    "stable_loss": [
        (stable, "✓", ""),
        (bitwise, "✓", ""),
        (by_house, "✓", ""),
        (by_label, "✓", ""),
        (naive, "✗", "naive"),
        (clipped, "✗", "Clipped"),
        (padded, "✗", "Clipped"),
        (lambda z, y: np.sum(np.logaddexp(0, z) - y * z), "✗", "A sum"),
        (lambda z, y: np.logaddexp(0, z) - y * z, "✗", "now take the mean"),
        (lambda z, y: np.mean(np.logaddexp(0, z)), "✗", "−z·y is lost"),
        (lambda z, y: np.mean(np.log(1 + np.exp(z)) - y * z), "✗", "overflows"),
        (lambda z, y: np.mean(z), "✗", "Try it on z = 0"),
        (lambda z, y: ..., "○", "Open"),
        (lambda z, y: None, "✗", "returns nothing"),
        (lambda z, y: "low", "✗", "numbers are asked for"),
        (0.3, "✗", "A function is asked for"),
        (..., "○", "Open"),
    ],
    "rows_that_disagree": [
        ([0.5, 1, 50], "✓", ""),
        ({50, 0.5, 1.0}, "✓", ""),
        ("0.5, 1 and 50", "✓", ""),
        (np.array([0.5, 1, 50]), "✓", ""),
        ([0.01, 0.1, 0.5, 1, 10, 50], "✗", "bias"),
        ("all", "✗", "bias"),
        ([], "✗", "tolerance"),
        ("none", "✗", "tolerance"),
        ([50], "✗", "there are more"),
        ([1, 50], "✗", "there are more"),
        ([0.01, 0.1, 10], "✗", "agree"),
        ([0.5, 10], "✗", "within 0.01"),
        (7, "✗", "within 0.01"),
        (..., "○", "Open"),
    ],
    "better": [
        ("b", "✓", ""),
        ("not shown", "✓", ""),
        ("a", "✗", "another seed"),
        ("yes", "✗", "another seed"),
        ("c", "✗", "not equal"),
        ("equal", "✗", "not equal"),
        ("perhaps", "✗", "Choose one of"),
        (3, "✗", "Choose one of"),
        ("?", "○", "Open"),
    ],
    "vote_nan": [
        ("c", "✎", "on a house that is right"),
        ("?", "○", "Choose"),
        ("e", "○", "Choose one of"),
    ],
}


@pytest.mark.parametrize(
    ("name", "answer", "mark", "said"), [(name, *case) for name, cases in CASES.items() for case in cases]
)
def test_check(name, answer, mark, said):
    verdict = getattr(check, name)(answer)
    assert (verdict.mark, said in verdict.text) == (mark, True), verdict
