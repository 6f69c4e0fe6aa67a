"""Lesson 03: its facts against the course's figures, the stored long runs computed anew, its checks."""

import math

import numpy as np
import pytest

import packs03
from lrcore import data, descend, logistic, school_district
from lrlab import check, explore, plots, studies

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


@pytest.fixture(scope="module")
def study():
    return studies.six_rates(RATES)


def of_house(study):
    return 1 / (1 + np.exp(-(study.weights @ [0.4, 0.9, 1])))


@pytest.mark.parametrize(
    ("figures", "measure"),
    [(LOSS, lambda s: s.loss), (ACCURACY, lambda s: s.accuracy), (HOUSE, of_house)],
    ids=["loss", "accuracy", "house"],
)
def test_the_measured_figures(study, figures, measure):
    """The study's means lie within four standard errors of COURSE.md's, which other 200 seeds gave."""
    for mine, (mean, spread) in zip(measure(study).mean(axis=0), figures, strict=False):
        assert mine == pytest.approx(mean, abs=4 * spread * math.sqrt(2 / 200))


def test_the_study_counts(study):
    """SECOND-EDITION.md: 0.5 is ahead in 37 of 200, 1 in 90. COURSE.md: 100 % in 0, 0, 22, 40, 31, 17 %, ± 3."""
    half, one = study.accuracy[:, 2], study.accuracy[:, 3]
    assert ((half > one).sum(), (half < one).sum()) == (37, 90)
    shares = 100 * (study.accuracy == 1).mean(axis=0)
    assert shares == pytest.approx([0, 0, 22, 40, 31, 17], abs=3 * 3)
    low, middle, high = np.quantile(study.loss[:, -1], [0.1, 0.5, 0.9])
    assert (low, middle, high) == pytest.approx((0.005, 0.010, 0.028), abs=6e-4)
    medians = [(-2.96, 2.02, -1.72), (-8.93, 8.22, -4.17), (-16.0, 15.65, -7.76), (-20.4, 20.2, -10.0)]
    assert np.median(study.weights, axis=0)[:4] == pytest.approx(np.array(medians), rel=0.01)
    assert np.median(study.weights, axis=0)[5] == pytest.approx([-109, 110, -55], rel=0.01)


@pytest.mark.parametrize("seed", [0, 111])
def test_the_study_recomputes(seed):
    """A seed of data/six-rates.csv again; above rate 1 rounding grows, so there to fewer digits."""
    stored = (data.FOLDER / "six-rates.csv").read_text().splitlines()[1:]
    again = list(packs03.rows(seed))
    for mine, theirs in zip(again, stored[seed * len(again) : (seed + 1) * len(again)], strict=True):
        mine, theirs = ([float(v) for v in line.split(",")] for line in (mine, theirs))
        assert mine[:2] == theirs[:2]
        assert mine[2:] == pytest.approx(theirs[2:], rel=1e-6 if mine[1] <= 1 else 1e-2)


def test_the_draws_in_their_order():
    """SCENES.md: 0.9975 and 0.9956, a tie, "0.5", a tie, and then "1" twice; each seed is trained by hand."""
    found = studies.draws(np.array([1.0]), 8)[0]
    assert np.sign(found.book - found.rival).tolist() == [1, 0, 1, 0, -1, -1]
    assert (found.book[0], found.rival[0]) == (0.9975, 0.995625) and found.tally == [2, 2, 2]
    for k, seed in enumerate(found.seeds):
        train = school_district(split=seed)[0]
        X, shuffle, w = np.column_stack([train.X, np.ones(1600)]), np.random.RandomState(seed), np.zeros((2, 3))
        for order in [shuffle.permutation(1600) for _ in range(50)] if seed < 5 else []:
            for rows in order.reshape(160, 10):
                p = 1 / (1 + np.exp(-(w @ X[rows].T)))
                w = w - np.array([[0.5], [1.0]]) * (p - train.y[rows]) @ X[rows] / 10
        if seed < 5:
            right = ((w @ X.T > 0) == train.y).mean(axis=1)
            assert right == pytest.approx([found.book[k], found.rival[k]])


def test_new_draw_on_the_explorer():
    one = explore.explorer(
        studies.draws, plots.duel_now, rate=studies.RIVALS, at=1, seed=explore.new_draw(3), caption=plots.duel_said
    )
    assert "draw 3: 0.9975 at 0.5, 0.9956 at 1; ahead so far: 0.5 in 1, 1 in 0, equal in 0" in one.text
    one.move(seed=5)
    assert "0.5 in 2, 1 in 0, equal in 1" in one.text
    one.move(seed=3, rate=10)
    assert "at 10;" in one.text
    one.close()


def test_the_sweep_and_the_law():
    model = logistic(*school_district()[0])
    sweep = descend(model, RATES, 50, batch=10)
    assert [RATES[k] for k in np.argsort(sweep.final)] == [50, 10, 1, 0.5, 0.1, 0.01] == list(check.vote_order.right)
    assert (sweep.losses[1, 50], sweep.losses[2, 10]) == pytest.approx((0.0901, 0.0900), abs=5e-5)
    slow = descend(model, 0.02, 260, batch=10).losses
    assert np.argmin(abs(slow - sweep.losses[1, 50])) == 0.1 * 50 / 0.02 == check.vote_epochs.right
    for rate, epochs, batch in ((0.1, 25, 5), (0.5, 20, 20), (1, 20, 40)):
        assert descend(model, rate, epochs, batch=batch).final == pytest.approx(sweep.losses[1, 50], rel=0.01)


def test_the_collapse_view_divides_by_the_batch():
    model = logistic(*school_district()[0])
    runs = studies.batched(model, epochs=4)(np.array([0.1, 1, 10]), 20)
    for view, scale in ((plots.epochs_now, 1), (plots.collapse_now, 10 / 20)):
        ax = plots.still(view, runs[2], runs)
        (line,) = (line for line in ax.lines if line.get_animated())
        np.testing.assert_allclose(line.get_xdata(), scale * np.array([1, 2, 3, 4]))
        np.testing.assert_allclose(line.get_ydata(), descend(model, 10, 4, batch=20).losses[1:])


SAYS = np.array(
    [
        [0.3569, 0.2736, 0.0803],
        [0.64712918, 0.40874625, 0.00417801],
        [0.80442635, 0.43018793, 6.0876e-05],
        [0.84784340, 0.40786891, 3.3936e-06],
        [0.99338496, 0.61056436, 1.1196e-12],
        [0.99962179, 0.05426521, 1.03667e-30],
    ]
)


def test_nine_printed_probabilities_agree_and_nine_do_not():
    """SCENES.md: all nine of three rates agree with the weights beside them, all nine of the other three do not."""
    houses = [(0.2, 0.8), (0.4, 0.9), (0.6, 0.5)]
    found = [[1 / (1 + math.exp(-(a * x + b * y + c))) for x, y in houses] for a, b, c in PRINTED]
    scores = [np.log(p / (1 - np.asarray(p))) for p in (np.array(found), SAYS)]
    agree = np.isclose(*scores, atol=0.005, rtol=0)
    assert agree.tolist() == [[True] * 3, [True] * 3, [False] * 3, [False] * 3, [True] * 3, [False] * 3]
    assert 1 - found[5][0] == pytest.approx(7.3e-5, rel=0.01) and 1 - SAYS[5, 0] == pytest.approx(3.8e-4, rel=0.01)
    assert found[5][2] == pytest.approx(4e-25, rel=0.1)
    axes = plots.contradiction(RATES, SAYS, np.array(found), houses)
    assert [ax.get_title(loc="left") for ax in axes] == [f"({x:g}, {y:g}): 3 of 6 differ" for x, y in houses]
    for k, ax in enumerate(axes):
        for mark, values in (("o", np.array(found)[:, k]), ("x", SAYS[:, k])):
            drawn = [line.get_ydata()[0] for line in ax.lines if line.get_marker() == mark]
            np.testing.assert_allclose(drawn, values)


def test_the_weights_behind_the_predictions():
    """SCENES.md's figures, and they give the printed probabilities back."""
    for row, behind in ((2, (-16.21, 15.46, -7.71)), (3, (-20.58, 20.26, -10.37)), (5, (-109.1, 110.9, -59.0))):
        z = [a * x + b * y + c for (x, y) in ((0.2, 0.8), (0.4, 0.9), (0.6, 0.5)) for a, b, c in [behind]]
        assert z == pytest.approx(np.log(SAYS[row] / (1 - SAYS[row])), abs=0.06)
    assert check.behind((-109.1, 110.9, -59.0)).mark == "✓"


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


def test_most_jumps_at_rate_50_begin_with_a_batch_that_curves_more():
    """After that quarter of an epoch: the largest curvature of the ten houses that each step sees."""
    model, shuffle = logistic(*school_district()[0]), np.random.RandomState(0)
    run = descend(model, 50, 50, batch=10, checkpoints=160)
    X = model.X[np.concatenate([shuffle.permutation(1600) for _ in range(50)])].reshape(8000, 10, 3)
    p = 1 / (1 + np.exp(-np.einsum("sij,sj->si", X, run.weights[:-1])))
    steep = np.linalg.eigvalsh(np.einsum("si,sij,sik->sjk", p * (1 - p), X, X) / 10)[40:, -1] > 2 / 50
    jump = np.diff(run.losses)[40:] > 0.05
    assert 100 < jump.sum() < 300
    assert steep.mean() < 0.1  # a few of the batches
    assert (steep & jump).sum() > 0.6 * jump.sum()  # most of the jumps


def test_the_long_runs_meet_the_figures():
    """COURSE.md: product 50 → 0.0369, product 500 → 0.0156, median epochs to 0.016 about 4600, 920, 460."""
    long = studies.long_runs()
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
    kept = packs03.checkpoints()
    kept = kept[kept <= 56]
    stored = (data.FOLDER / "long-runs.csv").read_text().splitlines()
    again = [line.strip() for line in packs03.long_rows(seed, kept)]
    assert len(again) == 4 * len(kept)
    where = {tuple(line.split(",")[:3]): line.split(",")[3:] for line in stored[1:]}
    for line in again:
        *key, loss, accuracy = line.split(",")
        assert [float(v) for v in where[tuple(key)]] == pytest.approx([float(loss), float(accuracy)], rel=2e-6)
