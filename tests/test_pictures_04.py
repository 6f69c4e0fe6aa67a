"""What lesson 04 draws, read from the artists: rates of every step, clouds, bands, the contest, two steps."""

import numpy as np
import pytest

import drawn
from lrcore import descend, least_squares, line, schedules
from lrlab import plots
from lrlab import study04 as study
from lrlab.plots import number

EXACT = least_squares(*line())
NOISY, BEST, HESSIAN = study.noisy_line()


def above(w, b):
    """The noisy line's loss above the least: half of d·Hd."""
    d = np.array([w - BEST[0], b - BEST[1]])
    return np.einsum("i...,ij,j...->...", d, HESSIAN, d) / 2


def test_rate_now():
    """A rate halved every fifth of the run, and one that falls in a straight line."""
    for shape, share in (("step", 0.2), ("linear to zero", 1.0)):
        bands = study.stored(shape, share)
        ax = plots.still(plots.rate_now, bands[40], runs=bands)
        drawn.axes_say(ax, "step", "rate")
        rate, (x, y) = bands.rate[40], ax.lines[0].get_data()
        t = np.arange(0, 4900, 7)  # near its end a rate that goes to 0 is thinned on a log axis
        if shape == "step":
            assert ax.lines[0].get_drawstyle() == "steps-post"
            seen, expected = y[np.searchsorted(x, t, side="right") - 1], rate * 0.5 ** (t // 1000)
        else:
            seen, expected = np.interp(t, x, y), np.maximum(rate * (1 - t / 5000), ax.get_ylim()[0] / 3)
        assert seen == pytest.approx(expected, rel=1e-2)
        last = rate * (0.5**4 if shape == "step" else 1 / 5000)
        assert f"begins at {number(rate)} and ends at {number(last)}" in ax.alt
        assert drawn.colour(ax.lines[0]) == plots.colour(rate)


def test_cloud_now():
    run = descend(NOISY, [0.002, 0.016], 2, batch=1, start=BEST, checkpoints=50)
    ax = plots.still(plots.cloud_now, run[1], runs=run, problem=NOISY, best=BEST)
    drawn.axes_say(ax, "w", "b")
    drawn.contours_are_of(ax, above, share=0.1)
    drawn.dot(ax, *BEST)
    (cloud,) = [each for each in ax.lines if len(each.get_xdata()) > 1]
    np.testing.assert_array_equal(cloud.get_xydata(), run.weights[1, 50:])
    assert drawn.colour(cloud) == plots.colour(0.016)
    assert f"rate 0.016: w is spread by {number(np.std(run.weights[1, 50:, 0]), 2)}" in ax.alt


def test_band_now():
    """The line is the median, the band the middle half, of what is stored at the rate."""
    bands = study.stored("cosine", 1.0)
    ax = plots.still(plots.band_now, bands[30], runs=bands, goal=0.015)
    drawn.axes_say(ax, "step", "loss above the least")
    low, middle, high = bands.quantiles[30].T
    line = next(each for each in ax.lines if each.get_animated())
    assert line.get_xydata() == pytest.approx(np.c_[bands.steps, middle])
    corners = next(p for p in ax.patches if p.get_animated()).get_xy()
    count = len(middle)
    assert corners[:count] == pytest.approx(np.c_[bands.steps, low])
    assert corners[count : 2 * count] == pytest.approx(np.c_[bands.steps, high][::-1])
    assert drawn.colour(line) == plots.colour(bands.rate[30]) and drawn.level(ax) == [0.015]
    tenth = next(p for p in ax.patches if not p.get_animated())
    assert (tenth.get_x(), tenth.get_x() + tenth.get_width()) == (4500, 5000)
    assert ax.alt.endswith(f"over the last tenth {number(bands.late[30], 2)}.")


def test_steps_now():
    run = descend(EXACT, [0.01, 0.1], 6)
    ax = plots.still(plots.steps_now, run[1], runs=run)
    drawn.axes_say(ax, "step", "loss")
    losses = drawn.line_run(0.1, 6)[1]
    assert ax.lines[0].get_xydata() == pytest.approx(np.c_[np.arange(7), losses])
    assert drawn.colour(ax.lines[0]) == plots.colour(0.1)
    assert f"from {number(losses[0])} to {number(losses[-1])}" in ax.alt
    ticks = dict(zip((t.get_text() for t in ax.get_yticklabels()), ax.get_yticks(), strict=True))
    assert plots.still(plots.steps_now, descend(EXACT, 0.1, 20)).get_xticks().tolist() == [0, 3, 6, 9, 12, 15, 18]
    assert ticks["0"] == 1e-12 and all(float(text) == pytest.approx(at) for text, at in ticks.items() if text != "0")


def test_heights():
    rates = np.array([0.004, 0.001, 0.002])
    ax = plots.heights(rates, {"square": rates**2, "straight": 5 * rates}, title="Two")
    drawn.axes_say(ax, "rate", "height of the cloud")
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    for name, values in (("square: slope 2.00", rates**2), ("straight: slope 1.00", 5 * rates)):
        assert drawn.line_of(ax, name).get_xydata() == pytest.approx(np.c_[rates, values])
        assert name in ax.alt
    assert [t.get_text() for t in ax.get_xticklabels()] == ["0.001", "0.002", "0.004"]


def test_small_shapes():
    shapes = {"cosine": schedules.cosine(1000), "step": schedules.step(300)}
    panels = plots.small_shapes(shapes, 1000, title="Two")
    for ax, name in zip(panels, shapes, strict=False):
        assert ax.get_title(loc="left") == name
        x, y = ax.lines[0].get_data()
        t = np.arange(999)
        if name == "step":
            assert y[np.searchsorted(x, t, side="right") - 1] == pytest.approx(0.5 ** (t // 300))
        else:
            assert np.interp(t, x, y) == pytest.approx((1 + np.cos(np.pi * t / 1000)) / 2, abs=2e-3)
    assert panels[0].get_ylabel() == "factor" and "cosine: 0.5; step: 0.5" in panels[0].alt
    assert len(panels[0].figure.axes) == 2


def test_pairs():
    ax = plots.pairs({"a below b": [3, 27], "c below d": [15, 15]}, title="Two")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a below b", "c below d"]
    places = np.concatenate([line.get_xydata() for line in ax.lines if len(line.get_xdata())])
    rows = {k: sorted(x for x, y in places.tolist() if abs(y - k) < 0.5) for k in (0, 1)}
    assert rows == {0: [3, 27], 1: [15, 15]} and len(np.unique(places, axis=0)) == 4
    (coin,) = ax.patches
    assert (coin.get_x(), coin.get_x() + coin.get_width()) == (10, 20)
    assert "a below b 3, 27; c below d 15, 15" in ax.alt and "of 30" in ax.get_xlabel()


def test_rows():
    named = {"few": {"sgd": np.array([1.0, 4, 2]), "Adam": np.array([10.0, 30, 20])}, "many": {"sgd": np.ones(3)}}
    ax = plots.rows(named, title="Two")
    assert ax.get_xlabel() == "loss above the least" and ax.get_xscale() == "log"
    assert [t.get_text() for t in ax.get_yticklabels()] == ["few", "many"]
    clouds = [line.get_xydata() for line in ax.lines if len(line.get_xdata()) == 3]
    assert [cloud[:, 0].tolist() for cloud in clouds] == [[1, 4, 2], [10, 30, 20], [1, 1, 1]]
    assert [round(float(cloud[0, 1])) for cloud in clouds] == [0, 0, 1]
    assert drawn.dots(ax, "|") == [(middle, cloud[0, 1]) for middle, cloud in zip((2, 20, 1), clouds, strict=True)]
    assert drawn.label(ax, "Adam").xy == (20, clouds[1][0, 1])
    assert drawn.line_of(ax, "Adam").get_xdata().tolist() == [10, 30, 20]
    assert "few, sgd: median 2; few, Adam: median 20" in ax.alt


def test_two_steps():
    """Small first, then 1/λ of the other direction: the second step ends at the bottom, (3, 0)."""
    low, high = drawn.CURVATURE
    runs = {"small first": (1 / high, 1 / low), "large first": (1 / low, 1 / high)}
    made = {name: study.two_steps(EXACT, np.array([one]), other)[0] for name, (one, other) in runs.items()}
    panels = plots.two_steps(made, EXACT, title="Two")
    drawn.axes_say(panels[2], "step", "loss")
    for k, (name, rates) in enumerate(runs.items()):
        (x, y), w, b, seen = drawn.POINTS, 0.0, 0.0, [(0.0, 0.0)]
        for rate in rates:
            error = w * x + b - y
            w, b = w - rate * 2 * (error * x).mean(), b - rate * 2 * error.mean()
            seen.append((w, b))
        ax = panels[k]
        drawn.axes_say(ax, "w", "b")
        drawn.contours_are_of(ax, drawn.line_loss)
        assert ax.lines[0].get_xydata() == pytest.approx(np.array(seen), abs=1e-9) and seen[-1] == pytest.approx((3, 0))
        assert drawn.dot(ax, 0, 0).get_marker() == "o" and drawn.dot(ax, 3, 0).get_marker() == "*"
        assert drawn.label(ax, "0").xy == pytest.approx(seen[0]) and drawn.label(ax, "1").xy == pytest.approx(seen[1])
        losses = np.maximum([drawn.line_loss(*place) for place in seen], 1e-12)
        drawn_as = panels[2].lines[k].get_ydata()
        assert drawn_as[:2] == pytest.approx(losses[:2]) and drawn_as[2] < 1e-9
        assert drawn.colour(panels[2].lines[k]) == drawn.colour(ax.lines[0])
        told = panels[2].texts[k]
        assert told.xy == pytest.approx((1, losses[1])) and drawn.colour(told) == drawn.colour(ax.lines[0])
        assert told.get_text() == f"{losses[1]:{'.3f' if k == 0 else '.0f'}}"
        assert f"{name}: losses 67.5, {number(losses[1])}," in panels[0].alt


def test_averaging():
    """The mean of the late weights, step by step, is a running mean by hand."""
    weights = descend(NOISY, 0.008, 1, batch=1, checkpoints=1000).weights
    late = weights[500:]
    means = np.array([late[: k + 1].mean(axis=0) for k in range(len(late))])
    left, right = plots.averaging(weights, means, NOISY, BEST, title="One")
    drawn.axes_say(left, "w", "b")
    drawn.axes_say(right, "step", "loss above the least")
    drawn.contours_are_of(left, above, share=0.1)
    assert drawn.dot(left, *BEST).get_marker() == "+" and drawn.label(left, "mean").xy == pytest.approx(means[-1])
    drawn.dot(left, *means[-1])
    assert left.lines[0].get_xydata() == pytest.approx(late[::5])
    for name, at, values in (("weights", 0, weights), ("their mean", 500, means)):
        line, losses = drawn.line_of(right, name), above(*values.T)
        steps = np.asarray(line.get_xdata())
        assert steps[0] == at and line.get_ydata() == pytest.approx(np.maximum(losses[steps - at], 1e-7))
        assert f"{name} {number(np.median(losses[-500:]), 1)}" in left.alt
