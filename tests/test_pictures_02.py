"""What lessons 02 and 03 draw, read from the artists: boundaries, batches, six rates, seeds."""

from dataclasses import replace

import numpy as np
import pytest

import drawn
from lrcore import descend, logistic, school_district
from lrlab import plots, studies
from lrlab.plots import number

DATA = school_district()[0]
MODEL = logistic(*DATA)
SIX = (0.01, 0.1, 0.5, 1, 10, 50)
RUN = descend(MODEL, SIX, 12)
HAND = {rate: drawn.house_run(rate, 12, DATA) for rate in SIX}


def test_judged():
    for w in ([-3.0, 4, -1.5], [2.0, 1, -2]):
        ax = plots.judged(np.array(w), MODEL)
        drawn.axes_say(ax, "x", "y")
        drawn.map_is_of(ax, DATA)
        found, missed, wrong = drawn.boundary_is_of(ax, np.array(w), DATA)
        right = len(DATA.y) - missed - wrong
        assert f"{right} of {len(DATA.y)} right; {found} of {found + missed} found, {missed} missed" in ax.alt
        assert f"{wrong} false alarms" in ax.alt
    flat = plots.judged(np.array([0.0, 0, -1]), MODEL)
    assert not [line for line in flat.lines if line.get_ls() == "-" and len(line.get_xdata()) == 2]


def test_the_line_of_a_learners_gradient():
    """2000 steps at rate 0.5, by hand; a gradient that is still dots is not written yet."""

    def gradient(w, X, y):
        return X.T @ (1 / (1 + np.exp(-X @ w)) - y) / len(y)

    ax = plots.drawn_by(gradient, MODEL)
    found, missed, _ = drawn.boundary_is_of(ax, drawn.house_run(0.5, 2000, DATA)[0][-1], DATA)
    assert f"{found} of {found + missed} found" in ax.alt
    empty = plots.drawn_by(lambda w, X, y: ..., MODEL)
    assert empty.mark == "○" and "not written yet" in empty.text


def test_mistakes():
    """The cost at the score: log(1 + e³) and (1 − p)²; the pull by finite differences of the cost that is drawn."""
    cost, pull = plots.mistakes(score=-3)
    drawn.axes_say(cost, "score z", "cost of one house")
    drawn.axes_say(pull, "score z", "steepness of the cost")
    p = 1 / (1 + np.exp(3))
    assert drawn.upright(cost) == drawn.upright(pull) == [-3]
    for name, there, slope in (("logarithm", -np.log(p), 1 - p), ("squared error", (1 - p) ** 2, 2 * (1 - p) ** 2 * p)):
        line, steep = drawn.of_legend(cost, name), next(each for each in pull.lines if each.get_label() == name)
        assert drawn.colour(line) == drawn.colour(steep) == drawn.colour(drawn.dot(cost, -3, there))
        assert drawn.colour(drawn.dot(pull, -3, slope)) == drawn.colour(line)
        z, y = line.get_data()
        assert steep.get_ydata()[1:-1] == pytest.approx(-np.gradient(y, z)[1:-1], abs=2e-3)
        assert number(there) in cost.alt and number(slope, 2)[:4] in pull.alt


@pytest.mark.parametrize("label", [0, 1])
def test_one_house(label):
    w, house = np.array([-3.0, 4, -1.5]), (0.2, 0.9)
    left, right = plots.one_house(w, house, label)
    z = -0.6 + 3.6 - 1.5
    p = 1 / (1 + np.exp(-z))
    drawn.axes_say(left, "score z", "probability p")
    drawn.axes_say(right, "score z", "loss of one house")
    drawn.dot(left, z, p)
    x, y = left.lines[0].get_data()
    assert y == pytest.approx(1 / (1 + np.exp(-x))) and f"z = {number(z)}, p = {number(p)}" in left.alt
    loss = -np.log(p if label else 1 - p)
    assert drawn.colour(drawn.dot(right, z, loss)) == drawn.colour(right.lines[1 - label])
    for line, name, sign in zip(right.lines[:2], ("label 1: −log p", "label 0: −log (1 − p)"), (-1, 1), strict=True):
        x, y = line.get_data()
        assert line.get_label() == name and y == pytest.approx(np.log(1 + np.exp(sign * x)))
    assert f"This house: {number(loss)}" in right.alt


def test_turning():
    epochs = (1, 2, 4, 12)
    ax = plots.turning(RUN[4], MODEL, epochs)
    drawn.axes_say(ax, "x", "y")
    drawn.map_is_of(ax, DATA)
    lines = [line for line in ax.lines if len(line.get_xdata()) == 2 and line.get_ls() == "-"]
    for epoch, line in zip(epochs, lines, strict=True):
        w = HAND[10][0][epoch]
        drawn.lies_on(line, w)
        last = epoch == epochs[-1]  # its name stands a little to the right of its line, the others' on theirs
        x, y = drawn.label(ax, f"epoch {epoch}" if last else f"{epoch}").get_position()
        assert x + (w[1] * y + w[2]) / w[0] == pytest.approx(0.04 * last, abs=1e-9)
        assert f"{epoch}: y = {-w[0] / w[1]:.2f} x + {-w[2] / w[1]:.2f}" in ax.alt


@pytest.mark.parametrize(("by", "each"), [("epochs", (1, 1)), ("updates", (1, 80))])
def test_batches(by, each):
    """1600 rows in batches of 20 are 80 updates an epoch; of all rows, one."""
    few = descend(MODEL, 0.5, 3, batch=20, seed=0)
    ax = plots.batches({None: RUN[2], 20: few}, by)
    drawn.axes_say(ax, by, "loss")
    for name, run, many in zip(("batch of 1600", "batch of 20"), (RUN[2], few), each, strict=True):
        line = drawn.line_of(ax, name)
        assert line.get_xdata() == pytest.approx(np.arange(len(run.epochs)) * many)
        w = np.column_stack([DATA.X[:, :2], np.ones(len(DATA.y))]) @ run.weights[-1]
        loss = np.mean(np.logaddexp(0, w) - DATA.y * w)
        assert line.get_ydata()[-1] == pytest.approx(loss) and f"{name} {number(loss, 2)}" in ax.alt
    np.testing.assert_allclose(drawn.line_of(ax, "batch of 1600").get_ydata(), HAND[0.5][1])
    four = plots.batches({batch: few for batch in (None, 40, 30, 20)}, by).lines
    assert len({line.get_linestyle() for line in four}) == len({drawn.colour(line) for line in four}) == 4


def test_valley():
    left, right = plots.valley(RUN[5], MODEL)
    drawn.axes_say(left, "w₁", "w₂")
    drawn.axes_say(right, "epoch", "loss")
    weights, losses = HAND[50]
    assert any(
        line.get_xydata().shape == (13, 2) and np.allclose(line.get_xydata(), weights[:, :2]) for line in left.lines
    )
    assert right.lines[0].get_xydata() == pytest.approx(np.c_[np.arange(1, 13), losses[1:]])
    X, y = DATA.X[::4, :2], DATA.y[::4]

    def across(w1, w2):
        z = np.outer(X[:, 0], w1) + np.outer(X[:, 1], w2) + (np.ravel(w1) - np.ravel(w2)) / 4
        return np.mean(np.logaddexp(0, z) - y[:, None] * z, axis=0)

    drawn.contours_are_of(left, across)
    assert f"{number(losses[1])} a tenth of the way, {number(losses[-1])} at the end" in right.alt


# Lesson 03


def test_boundaries_and_multiples():
    maps, losses = plots.boundaries(RUN, MODEL), plots.multiples(RUN)
    for rate, ax, panel in zip(SIX, maps, losses, strict=True):
        found, missed, wrong = drawn.boundary_is_of(ax, HAND[rate][0][-1], DATA)
        assert ax.alt == f"Boundary. Rate {rate:g}: {found} of {found + missed} found, {wrong} false alarms."
        drawn.map_is_of(ax, DATA)
        own, others = panel.lines[-1], panel.lines[:-1]
        assert drawn.colour(own) == plots.colour(rate)
        assert own.get_xydata() == pytest.approx(np.c_[np.arange(13), HAND[rate][1]])
        assert f"rate {rate:g}: {number(HAND[rate][1][-1], 2)} at the end" in panel.alt
        for other, line in zip(SIX, others, strict=True):
            assert line.get_ydata() == pytest.approx(HAND[other][1])
    drawn.axes_say(losses[3], "epoch", "loss")


def test_duel_now():
    draws = studies.Draws(
        np.array([1.0, 2]), np.array([3, 4, 5]), np.array([0.99, 0.995, 0.99]),
        np.array([[0.991, 0.99, 0.99], [0.9, 0.996, 0.992]]),
    )  # fmt: skip
    for k, rival, tally in ((0, [0.991, 0.99, 0.99], (1, 1, 1)), (1, [0.985, 0.996, 0.992], (0, 3, 0))):
        ax = plots.still(plots.duel_now, draws[k], runs=draws)
        assert ax.get_ylabel() == "training accuracy"
        pairs = [line.get_ydata().tolist() for line in ax.lines if list(line.get_xdata()) == [0, 1]]
        assert pairs[0] == [0.9963, 0.9919], "as printed"
        if k == 0:
            assert tally == tuple(draws[k].tally)
        drawn_pairs = np.column_stack([p for p in pairs[1:]])
        assert {tuple(p) for p in drawn_pairs.T} == {*zip([0.99, 0.995, 0.99], rival, strict=True)}
        assert drawn.colour(drawn.dot(ax, 0, 0.99)) == plots.colour(0.5)
        assert drawn.colour(drawn.dot(ax, 1, rival[-1])) == plots.colour(draws.rate[k])
        first, second, equal = draws[k].tally
        words = {t.get_position()[0]: t.get_text() for t in ax.texts if t.get_text()[:5] in ("ahead", "equal")}
        assert words == {0: f"ahead {first}", 1: f"ahead {second}", 0.5: f"equal {equal}"}
        assert f"ahead so far: 0.5 in {first}, {draws.rate[k]:g} in {second}, equal in {equal}" in ax.alt


def test_strips():
    values = np.array([[1.0, 10], [2, 30], [6, np.nan]])
    ax = plots.strips((0.1, 1), values, title="Two", name="loss", printed=[1.5, 25])
    drawn.axes_say(ax, "rate", "loss", names="x")
    assert [t.get_text() for t in ax.get_xticklabels()] == ["0.1", "1"]
    for k, (rate, kept, mean, spread) in enumerate(((0.1, [1, 2, 6], 3, 14 / 3), (1, [10, 30], 20, 100))):
        cloud = next(line for line in ax.lines if line.get_ydata().tolist() == kept)
        assert np.all(np.abs(cloud.get_xdata() - k) <= 0.25) and drawn.colour(cloud) == plots.colour(rate)
        drawn.dot(ax, k + 0.36, mean)
        (bar,) = [line for line in ax.lines if list(line.get_xdata()) == [k + 0.36] * 2]
        assert bar.get_ydata() == pytest.approx([mean - spread**0.5, mean + spread**0.5])
        assert f"{rate:g}: {number(mean, 2)} ± {number(spread**0.5, 1)}" in ax.alt
    (crosses,) = [line for line in ax.lines if line.get_marker() == "x"]
    assert crosses.get_xydata().tolist() == [[-0.36, 1.5], [0.64, 25]]
    assert drawn.label(ax, "printed,\none run").xy == (-0.36, 1.5)


def test_criteria():
    """Which rate wins is counted by hand: the least loss, all houses right, p nearest one half."""
    loss = np.array([[6.0, 5, 4, 3, 2, 1], [6, 5, 4, 3, 1, 2], [6, 5, 4, 3, 2, 1]])
    accuracy = np.array([[0.8, 0.8, 0.9, 1, 1, 0.9], [0.8, 0.8, 0.9, 1, 0.9, 0.9], [0.8, 0.8, 0.9, 1, 1, 0.9]])
    p = np.array([[0.1, 0.1, 0.45, 0.9, 0.9, 1], [0.1, 0.49, 0.2, 0.9, 0.9, 1], [0.1, 0.1, 0.52, 0.9, 0.9, 1]])
    panels = plots.criteria(SIX, loss, accuracy, p)
    said = ("Least loss: 50 in 2 of 3", "All right: 1 in 3 of 3", "Near ½: 0.5 in 2 of 3")
    names = ("loss", "training accuracy", "|p(0.4, 0.9) − 0.5|")
    for ax, words, name, rates in zip(panels, said, names, (SIX, SIX[2:], SIX[1:]), strict=True):
        drawn.axes_say(ax, "rate", name, names="x")
        assert words == ax.get_title(loc="left") and words in ax.alt
        assert [t.get_text() for t in ax.get_xticklabels()] == [f"{r:g}" for r in rates]
    drawn.dot(panels[2], 1.36, np.abs(p[:, 2] - 0.5).mean())


def test_contradiction():
    printed, found = np.full((6, 3), 0.5), np.full((6, 3), 0.5)
    found[2, 0], found[4, 1], found[5, 1] = 0.9, 0.501, 0.6
    panels = plots.contradiction(SIX, printed, found, np.array([[0.2, 0.8], [0.4, 0.9], [0.6, 0.5]]))
    for k, (ax, apart) in enumerate(zip(panels, ([2], [5], []), strict=True)):
        assert ax.get_xlabel() == "rate" and [t.get_text() for t in ax.get_xticklabels()] == [f"{r:g}" for r in SIX]
        assert [text.get_position()[0] for text in ax.texts if text.get_text() == "≠"] == apart
        for i in range(6):
            (ring,) = [line for line in ax.lines if line.get_marker() == "o" and list(line.get_xdata()) == [i]]
            (cross,) = [line for line in ax.lines if line.get_marker() == "x" and list(line.get_xdata()) == [i]]
            assert (ring.get_ydata()[0], cross.get_ydata()[0]) == (found[i, k], printed[i, k])
        assert f"{len(apart)} of 6 differ" in ax.alt
    assert "House (0.2, 0.8)" in panels[0].alt and "0.5: printed 0.5, from the weights 0.9" in panels[0].alt
    assert [t.get_text() for t in panels[0].get_legend().get_texts()] == ["from the weights", "printed"]


def test_nan_houses():
    """A sigmoid is exactly 1 above z = 36.74: those houses of the district are marked."""
    w = np.array([-100.0, 100, -50])
    ax = plots.nan_houses(w, MODEL)
    drawn.map_is_of(ax, DATA)
    z = DATA.X[:, :2] @ w[:2] + w[2]
    lost = (1 + np.exp(-z) == 1) & (DATA.y == 1)
    assert lost.sum() > 2
    np.testing.assert_array_equal(ax.lines[-1].get_xydata(), DATA.X[lost, :2])
    wrong = int(((z > 0) != (DATA.y == 1)).sum())
    assert f"the {lost.sum()} houses" in ax.alt and f"z at least {number(z[lost].min())}; {wrong} other" in ax.alt


def test_sharpness():
    """The largest eigenvalue of XᵀDX/n, D = p(1 − p), at each epoch."""
    ax = plots.sharpness(RUN[4], MODEL)
    drawn.axes_say(ax, "epoch", "largest curvature")
    assert drawn.level(ax) == [2 / 10] and "2/η is 0.2" in ax.alt
    X, seen = np.column_stack([DATA.X[:, :2], np.ones(len(DATA.y))]), []
    for w in HAND[10][0]:
        p = 1 / (1 + np.exp(-X @ w))
        seen.append(np.linalg.eigvalsh((X * (p * (1 - p))[:, None]).T @ X / len(X))[-1])
    line = ax.lines[0]
    assert line.get_ydata() == pytest.approx(seen, rel=1e-4) and line.get_xdata()[1:] == pytest.approx(range(1, 13))
    drawn.dot(ax, line.get_xdata()[0], seen[0])
    assert f"{number(seen[0])} at the start, {number(seen[1], 2)} after one epoch" in ax.alt
    last = np.flatnonzero(np.array(seen) > 0.2).max(initial=-1)
    assert ax.alt.endswith(f"the curvature stays below it from epoch {last + 1} on.")


def test_sharpness_of_a_run_that_ends_above():
    """Where weights are 0 it is that of XᵀX/4n, above 2/η at rate 50: a run that does not move ends there."""
    X = np.column_stack([DATA.X[:, :2], np.ones(len(DATA.y))])
    flat = np.linalg.eigvalsh(X.T @ X / (4 * len(X)))[-1]
    run = replace(descend(MODEL, 50, 2), weights=np.zeros((3, 3)))
    ax = plots.sharpness(run, MODEL)
    assert flat > 2 / 50 and ax.lines[0].get_ydata() == pytest.approx([flat] * 3, rel=1e-4)
    assert ax.get_title(loc="left") == "At rate 50 the curvature is above 2/η at the end"
    assert ax.alt.endswith("2/η is 0.04, and the curvature is above it at the end.")


def test_collapse():
    panels = plots.collapse([RUN[k] for k in (1, 2, 5)])
    for ax, name, each in zip(panels, ("epoch", "rate × epoch"), (False, True), strict=True):
        drawn.axes_say(ax, name, "loss")
        for rate, line in zip((0.1, 0.5, 50), ax.lines, strict=True):
            x = np.arange(1, 13) * (rate if each else 1)
            assert line.get_xydata() == pytest.approx(np.c_[x, HAND[rate][1][1:]])
            assert drawn.colour(line) == plots.colour(rate)
        for text in ax.texts:
            assert drawn.colour(text) == plots.colour(float(text.get_text()))
    assert f"rate 0.1: {number(HAND[0.1][1][-1], 2)}" in panels[0].alt


@pytest.mark.parametrize(("view", "name"), [("epochs_now", "epoch"), ("collapse_now", "rate × epoch ÷ batch")])
def test_the_law_in_the_hand(view, name):
    views = {"epochs_now": plots.epochs_now, "collapse_now": plots.collapse_now}
    runs = studies.Batched(descend(MODEL, SIX, 4, batch=400, seed=1), 400)
    ax = plots.still(views[view], runs[4], runs=runs)
    drawn.axes_say(ax, name, "loss")
    line = ax.lines[-1]
    x = np.arange(1, 5) * (10 / 400 if view == "collapse_now" else 1)
    assert line.get_xydata() == pytest.approx(np.c_[x, runs.run.losses[4, 1:]])
    assert drawn.colour(line) == plots.colour(10)
    assert f"at rate 10, batch 400: loss {number(runs.run.losses[4, -1])} at {number(x[-1])}" in ax.alt
    assert ax.lines[0].get_ydata() == pytest.approx(runs.run.losses[0, 1:])
