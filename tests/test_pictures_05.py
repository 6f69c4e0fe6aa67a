"""What lesson 05 draws, read from the artists: memories, races, saddles, ranges of good rates."""

from types import SimpleNamespace

import numpy as np
import pytest

import drawn
from lrcore import descend, least_squares, line, rules, saddle
from lrlab import plots, study05
from lrlab.plots import number

EXACT = least_squares(*line())
LOW, HIGH = drawn.CURVATURE


def heavy_by_hand(rate, beta, epochs):
    (x, y), (w, b), v, seen = drawn.POINTS, (0.0, 0.0), np.zeros(2), [(0.0, 0.0)]
    for _ in range(epochs):
        error = w * x + b - y
        v = beta * v + [2 * (error * x).mean(), 2 * error.mean()]
        w, b = w - rate * v[0], b - rate * v[1]
        seen.append((w, b))
    return np.array(seen)


@pytest.mark.parametrize("k", range(3))
def test_goal_and_where(k):
    """The diamond stands at the first epoch after which no loss is above the goal; the limit is 2(1 + β)/λmax."""
    rates, beta = np.array([0.001, 0.03, 0.25]), 0.9
    run = study05.remembering(EXACT, 300)(rates, beta)
    ax = plots.still(plots.goal_now, run[k], runs=run)
    drawn.axes_say(ax, "epoch", "loss")
    losses = drawn.line_loss(*heavy_by_hand(rates[k], beta, 300).T)
    late = np.flatnonzero(losses > 1e-6)[-1] + 1
    gone = drawn.leaving(ax, plots.colour(rates[k]), losses, np.arange(301), (0, 1e4))
    shown = losses if gone is None else losses[: gone + 1]
    curve = next(line for line in ax.lines if line.get_animated())
    assert curve.get_ydata()[: len(shown)] == pytest.approx(np.clip(shown, 1e-9, 1e4), rel=1e-6, abs=1e-9)
    assert drawn.level(ax) == [1e-6]
    if late <= 300:
        assert drawn.colour(curve) == drawn.colour(drawn.dot(ax, late, 1e-6))
        assert drawn.label(ax, f"epoch {late}").xy == (late, 1e-6)
    assert (f"at 1e-6 from epoch {late} on" in ax.alt) == (late <= 300)

    ax = plots.still(plots.where_now, run[k], runs=run, problem=EXACT)
    drawn.axes_say(ax, "rate", "β")
    limit, at = ax.lines[0], rates[k]
    assert limit.get_xdata() == pytest.approx(2 * (1 + np.asarray(limit.get_ydata())) / HIGH)
    assert drawn.colour(drawn.dot(ax, at, beta)) == plots.colour(at)
    top = 2 * (1 + beta) / HIGH
    assert f"is {'below' if at < top else 'above'} the limit {number(top, 6)} of β 0.9" in ax.alt


def test_memory_plane():
    """The star stands where heavy-ball theory puts it; each β's fewest epochs are the least of its column."""
    betas, rates = np.linspace(0, 0.99, 12), np.geomspace(0.003, 0.2, 15)
    epochs = 40 + 300 * np.abs(np.log(rates[:, None] / 0.05)) + 100 * np.abs(betas - 0.6)
    plane, best = plots.memory_plane(betas, rates, epochs, EXACT)
    drawn.axes_say(plane, "rate", "β")
    drawn.axes_say(best, "β", "fewest epochs")
    q = np.sqrt(HIGH / LOW)
    star = drawn.dot(plane, 4 / (np.sqrt(LOW) + np.sqrt(HIGH)) ** 2, ((q - 1) / (q + 1)) ** 2)
    assert star.get_marker() == "*"
    limit = next(each for each in plane.lines if len(each.get_xdata()) > 1)
    assert limit.get_xdata() == pytest.approx(2 * (1 + np.asarray(limit.get_ydata())) / HIGH)
    assert best.lines[0].get_xydata() == pytest.approx(np.c_[betas, epochs.min(axis=0)])
    for text in best.texts:
        beta, fewest = text.xy
        k = int(np.argmin(abs(betas - beta)))
        rate = rates[epochs[:, k].argmin()]
        assert fewest == epochs[:, k].min() and text.get_text() == f"{fewest:.0f} at rate {number(rate, 2)}"
        assert drawn.colour(text) == drawn.colour(drawn.dot(best, beta, fewest)) == plots.colour(rate)
    filled = next(c for c in plane.collections if getattr(c, "filled", False))
    assert len(filled.get_paths()) and all(
        0.003 <= x <= 0.2 and 0 <= y <= 1 for path in filled.get_paths() for x, y in path.vertices
    )
    assert f"β {((q - 1) / (q + 1)) ** 2:.3f}" in plane.alt and f"limit runs from {2 / HIGH:.6f}" in plane.alt


def test_races():
    """Two rules at one rate, by hand, each in the colour of its name; the learner's in orange."""
    rates = np.array([0.02, 0.06])
    race = {"plain": descend(EXACT, rates, 60), "yours": descend(EXACT, rates, 60, rules.momentum, beta=0.5)}
    one = {name: run[1] for name, run in race.items()}
    paths, losses = plots.still((plots.racing_paths, plots.racing_losses), one, runs=race, problem=EXACT)
    drawn.axes_say(paths, "w", "b")
    drawn.axes_say(losses, "epoch", "loss")
    drawn.contours_are_of(paths, drawn.line_loss)
    drawn.dot(paths, 0, 0)
    by_hand = {"plain": heavy_by_hand(0.06, 0, 60), "yours": heavy_by_hand(0.06, 0.5, 60)}
    for name, weights in by_hand.items():
        line = drawn.line_of(losses, name)
        expected = np.maximum(drawn.line_loss(*weights.T), 1e-8)
        assert line.get_xydata() == pytest.approx(np.c_[np.arange(61), expected], rel=1e-6)
        (path,) = [p for p in paths.lines if drawn.colour(p) == drawn.colour(line) and len(p.get_xdata()) > 1]
        assert path.get_xydata() == pytest.approx(weights, abs=1e-9)
        assert f"{name} ({number(weights[-1, 0], 2)}, {number(weights[-1, 1], 2)})" in paths.alt
    other = {"plain": descend(EXACT, rates, 5, start=[2.0, -1.0])}
    one = {"plain": other["plain"][1]}
    assert drawn.dot(plots.still(plots.racing_paths, one, runs=other, problem=EXACT), 2, -1).get_mfc() == "white"
    assert drawn.colour(drawn.label(losses, "yours")) == "#e69f00"
    heights = {name: drawn.label(losses, name).get_position()[1] for name in by_hand}
    assert {drawn.label(losses, name).get_position()[0] for name in by_hand} == {1.02}, "beside the axes"
    ends = {name: drawn.line_loss(*weights[-1]) for name, weights in by_hand.items()}
    assert min(heights, key=heights.get) == min(ends, key=ends.get)


def test_first_steps():
    ax = plots.first_steps({"plain": (0.5, 0.2), "Adam": (0.1, 0.1)})
    assert ax.get_ylabel() == "length of the first step"
    assert [t.get_text() for t in ax.get_xticklabels()] == ["plain", "Adam"]
    bars = {round(bar.get_x() + bar.get_width() / 2, 6): bar for bar in ax.patches}
    assert {x: bar.get_height() for x, bar in bars.items()} == {0: 0.5, 1: 0.1, 0.36: 0.2, 1.36: 0.1}
    for text in ax.texts:
        bar = bars[round(text.get_position()[0], 6)]
        assert text.get_text().endswith(f": {bar.get_height():g}")
        assert drawn.colour(text) == drawn.to_hex(bar.get_facecolor())
    assert "plain 0.5 in w and 0.2 in b; Adam 0.1 in w and 0.1 in b" in ax.alt


def test_the_microscope():
    """AdaGrad by hand on the first steps: its s adds up the squares."""
    seen = study05.microscope(np.array([0.1, 1.0]), "ravine", rules.adagrad, 0.999, 1e-10)
    views = plots.m_now, plots.root_now, plots.effective_now
    panels = plots.still(views, seen[1], runs=seen)
    (x, y), w, s, gradients = drawn.POINTS, np.zeros(2), np.zeros(2), []
    roots = []
    for _ in range(9):
        error = w[0] * x + w[1] - y
        g = np.array([2 * (error * x).mean(), 2 * error.mean()])
        s = s + g * g
        w = w - g / (np.sqrt(s) + 1e-10)
        gradients.append(abs(g))
        roots.append(np.sqrt(s))
    values = np.maximum(gradients, 1e-3), np.array(roots), 1 / np.array(roots)
    for ax, expected, label in zip(panels, values, ("size of m̂", "√ŝ", "η / (√ŝ + ε)"), strict=True):
        drawn.axes_say(ax, "step", label)
        for k, curve in enumerate(ax.lines[:2]):
            assert curve.get_xdata()[:5] == pytest.approx([1, 3, 5, 7, 9])
            assert curve.get_ydata()[:5] == pytest.approx(expected[::2, k], rel=1e-6)
            name = ax.texts[k]
            assert drawn.colour(name) == drawn.colour(curve) and name.get_text().endswith(seen.names[k])
        assert f"{label} at rate 1, after {seen.epochs[-1]:g} steps" in ax.alt


def test_saddle_and_ridge():
    """On the saddle (x² − y²)/2 plain descent multiplies x by 1 − rate and y by 1 + rate."""
    start, rates = [1.0, 1e-6], np.array([0.1, 0.5])
    race = {"plain": descend(saddle(), rates, 60, start=start)}
    one = {"plain": race["plain"][1]}
    paths, ridge = plots.still((plots.saddle_now, plots.ridge_now), one, runs=race, problem=saddle())
    drawn.axes_say(paths, "x", "y")
    drawn.axes_say(ridge, "step", "distance from the ridge")
    t = np.arange(61)
    x, y = 0.5**t, 1e-6 * 1.5**t
    line = next(each for each in paths.lines if len(each.get_xdata()) > 1)
    assert line.get_xdata() == pytest.approx(x) and line.get_ydata() == pytest.approx(np.minimum(y, 10.5), abs=1e-9)
    drawn.dot(paths, 1, 0)
    away = drawn.line_of(ridge, "plain")
    assert away.get_xydata() == pytest.approx(np.c_[t, np.clip(y, 1e-7, 10)]) and drawn.level(ridge) == [1]
    beyond = int(np.argmax(y > 1))
    assert drawn.label(ridge, "plain").get_text() == f"plain {beyond}" and f": plain {beyond}." in ridge.alt
    field = next(c for c in paths.collections if getattr(c, "filled", False))
    for level, path in zip(field.levels, field.get_paths(), strict=False):
        values = (path.vertices[:, 0] ** 2 - path.vertices[:, 1] ** 2) / 2
        assert len(values) == 0 or values.min() >= level - 0.01
    flat = next(c for c in paths.collections if not getattr(c, "filled", True))
    for path in flat.get_paths():
        assert path.vertices[:, 0] ** 2 == pytest.approx(path.vertices[:, 1] ** 2, abs=1e-6)


def test_good_strips():
    rates, counts = 10.0 ** np.arange(-4, 3), np.zeros((2, 7), int)
    counts[0, 2:5], counts[1, 3] = 10, 9
    named = {"a": counts, "b": counts[::-1], "c": counts}
    panels = plots.good_strips(rates, named, {"sgd": 0.1, "Adam": 0.001})
    for ax, (where, count) in zip(panels, named.items(), strict=True):
        drawn.axes_say(ax, "rate", "")
        assert ax.get_title(loc="left") == where
        for k, mesh in enumerate(ax.collections):
            assert mesh.get_array().ravel().tolist() == count[k].tolist() and mesh.get_clim() == (0, 10)
            edges = np.array(mesh.get_coordinates())[0, :, 0]
            assert np.all(edges[:-1] < rates) and np.all(rates < edges[1:])
            assert edges == pytest.approx(10.0 ** (np.arange(-5, 3) + 0.5))
            middle = mesh.get_coordinates()[:, 0, 1].mean()
            assert middle == pytest.approx(k)
        assert drawn.dots(ax, "X") == [(0.1, 0), (0.001, 1)]
        assert f"{'sgd' if where != 'b' else 'Adam'} 0.01 to 1" in ax.alt
    assert [t.get_text() for t in panels[0].get_yticklabels()] == ["sgd", "Adam"]


def test_good_strips_say_how_far_they_go_beyond_the_edge():
    """Where nine of ten are good there; dots behind it where the last rate that was tried is good too."""
    rates, counts = 10.0 ** np.arange(-4, 11), np.zeros((4, 15), int)
    counts[0, 5:13], counts[1, 5:15], counts[2, 5:15], counts[3, 5:14] = 9, 10, 8, 10
    counts[3, 14] = 8
    ax = plots.good_strips(rates, dict.fromkeys("abc", counts), dict.fromkeys("pqrs", 0.1))[0]
    said = {text.get_position()[1]: text.get_text() for text in ax.texts}
    assert said == {1: "▸ 1e10 …", 3: "▸ 1e9"}
    counts[0, 13] = 9
    ax = plots.good_strips(rates, dict.fromkeys("abc", counts), dict.fromkeys("pqrs", 0.1))[0]
    assert {text.get_position()[1] for text in ax.texts} == {0, 1, 3}


def test_errors_of():
    def run(end):
        common, rare = np.linspace(0, 3 - end, 5), np.linspace(0, 3 - 4 * end, 5)
        return SimpleNamespace(weights=np.c_[common, rare], epochs=np.arange(5))

    ax = plots.errors_of({"plain": run(0.1), "Adam": run(0.01)})
    drawn.axes_say(ax, "epoch", "distance from 3")
    for k, (name, end) in enumerate((("plain", 0.1), ("Adam", 0.01))):
        for which, style, factor in (("common", "--", 1), ("rare", "-", 4)):
            text = drawn.label(ax, f"{name}, {which}")
            (line,) = [each for each in ax.lines if drawn.colour(each) == drawn.colour(text) and each.get_ls() == style]
            assert line.get_ydata() == pytest.approx(np.linspace(3, factor * end, 5)), k
            assert f"{name}, {which}: {number(factor * end, 2)}" in ax.alt


def test_two_zigzags():
    rates = (0.02, 0.115)
    panels = plots.two_zigzags(descend(EXACT, rates, 25), EXACT)
    for rate, ax in zip(rates, panels, strict=True):
        drawn.axes_say(ax, "w", "b")
        drawn.contours_are_of(ax, drawn.line_loss)
        weights, _ = drawn.line_run(rate, 25)
        assert ax.lines[0].get_xydata() == pytest.approx(weights, abs=1e-9)
        assert drawn.colour(ax.lines[0]) == plots.colour(rate)
        assert drawn.dot(ax, 0, 0).get_marker() == "o" and drawn.dot(ax, 3, 0).get_marker() == "*"
        assert f"Rate {rate:g}: " in ax.alt and f"at w {number(weights[-1, 0])}, b {number(weights[-1, 1])}" in ax.alt
