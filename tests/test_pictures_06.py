"""What lesson 06 draws, read from the artists: a valley of two weights, and sharpness beside the line 2/η."""

from types import SimpleNamespace

import numpy as np
import pytest

import drawn
from lrcore import descend, digits, surface
from lrlab import edge, plots
from lrlab.plots import number

ROW = surface(
    lambda w: 7.5 * (w[..., 0] * w[..., 1] - 3) ** 2,
    lambda w: 15 * (w[..., :1] * w[..., 1:] - 3) * w[..., ::-1],
    start=[5, 0.5],
)
STEPS = np.arange(0, 500, 10.0)


def traced(rates, ends, starts=10.0):
    """Runs whose sharpness goes straight from a start to an end, and whose losses fall."""
    way = np.linspace(0, 1, len(STEPS))
    sharpness = starts + (np.array(ends)[:, None] - starts) * way
    return edge.Traced(np.array(rates), STEPS, 2 * np.exp(-np.array(rates)[:, None] * STEPS / 50), sharpness)


@pytest.mark.parametrize("k", range(3))
def test_the_valley(k):
    """The loss of a slope uv on the four points is 7.5 (uv − 3)²: its gradient and curvature by hand."""
    rates, start = (0.003, 0.008, 0.01), (5.0, 0.5)
    run = descend(ROW, rates, 60, start=start)
    path, sharp = plots.still((plots.valley_now, plots.valley_sharpness_now), run[k], runs=run, problem=ROW)
    drawn.axes_say(path, "u", "v")
    drawn.axes_say(sharp, "epoch", "sharpness")
    drawn.contours_are_of(path, lambda u, v: 7.5 * (u * v - 3) ** 2, share=0.3)
    (u, v), seen = start, [start]
    for _ in range(60):
        error = 15 * (u * v - 3)
        u, v = u - rates[k] * error * v, v - rates[k] * error * u
        seen.append((u, v))
    seen = np.array(seen)
    limits = drawn.room(path.get_xlim()), drawn.room(path.get_ylim())
    moving = [line for line in path.lines if line.get_animated() and len(line.get_xdata()) == 61]
    shown = np.column_stack([np.clip(each, *limit) for each, limit in zip(seen.T, limits, strict=True)])
    assert moving[0].get_xydata() == pytest.approx(shown, abs=1e-9)
    assert drawn.colour(moving[0]) == plots.colour(rates[k])
    drawn.dot(path, *start), drawn.dot(path, *shown[-1])
    for floor in [line for line in path.lines if not line.get_animated() and len(line.get_xdata()) == 80]:
        assert np.asarray(floor.get_xdata()) * np.asarray(floor.get_ydata()) == pytest.approx(np.full(80, 3.0))
    hessians = [15 * np.array([[v * v, 2 * u * v - 3], [2 * u * v - 3, u * u]]) for u, v in seen]
    expected = np.clip([np.linalg.eigvalsh(h)[-1] for h in hessians], *sharp.get_ylim())
    curves = {len(each.get_xdata()): each for each in sharp.lines if each.get_visible()}
    assert curves[61].get_ydata() == pytest.approx(expected, rel=1e-3)
    assert list(curves[2].get_ydata()) == [2 / rates[k]] * 2
    assert drawn.label(sharp, f"2/η = {number(2 / rates[k])}").xy[1] == 2 / rates[k]
    assert f"where 2/η is {number(2 / rates[k])}: ends at {number(expected[-1])}" in sharp.alt


def test_the_network_in_the_hand():
    runs = traced((0.05, 0.1, 0.2), (40.0, 20.0, 10.0), starts=8.0)
    for k, rate in enumerate(runs.rate):
        sharp = plots.still(plots.sharpness_now, runs[k], runs=runs)
        loss = plots.still(plots.training_loss_now, runs[k], runs=runs)
        drawn.axes_say(sharp, "step", "sharpness")
        drawn.axes_say(loss, "step", "training loss")
        for ax, values in ((sharp, runs.sharpness[k]), (loss, runs.losses[k])):
            line = next(each for each in ax.lines if len(each.get_xdata()) == len(STEPS))
            assert line.get_xydata() == pytest.approx(np.c_[STEPS, np.clip(values, *ax.get_ylim())])
            assert drawn.colour(line) == plots.colour(rate)
        assert any(list(line.get_ydata()) == [2 / rate] * 2 for line in sharp.lines)
        drawn.dot(sharp, 0, 8)
        assert f"2/η is {number(2 / rate)}: from 8 to {number(runs.sharpness[k, -1], 2)}" in sharp.alt
        assert f"ends at {number(runs.losses[k, -1], 2)}" in loss.alt


def test_meeting():
    """Of three that end at 38, 40 and 50, two are within 5 % of 2/η = 40."""
    runs = traced((0.05,) * 3, (38.5, 40, 50))
    ax = plots.meeting(runs, guess=30)
    drawn.axes_say(ax, "step", "sharpness")
    assert drawn.level(ax) == [40] and drawn.label(ax, "2/η = 40").xy[1] == 40
    curves = [line for line in ax.lines if len(line.get_xdata()) == len(STEPS)]
    for line, values in zip(curves, runs.sharpness, strict=True):
        assert line.get_xydata() == pytest.approx(np.c_[STEPS, values])
        assert drawn.colour(line) == plots.colour(0.05)
    assert drawn.dots(ax, "<") == [(STEPS[-1], 30)] and drawn.label(ax, "you").xy == (STEPS[-1], 30)
    for guess, at in zip((0.1, 1e4), ax.get_ylim(), strict=True):
        assert drawn.dots(plots.meeting(runs, guess=guess), "<") == [(STEPS[-1], at)]
    assert "from 10. The line is 2/η = 40. 2 of 3 end within 5 % of the line; 0 are lost." in ax.alt
    assert plots.met(runs) == "2 of 3 end within 5 % of 40; 0 are lost"
    assert drawn.level(plots.meeting(runs, edge=76, edge_name="3.8/η")) == [76]


def test_four_ways():
    """The run is drawn to step 200 and no further; a goes up, b up and level, c stays, d down."""
    run = traced((0.05,), (40.0,))[0]
    ax = plots.four_ways(run)
    drawn.axes_say(ax, "step", "sharpness")
    seen = STEPS <= 200
    own = next(line for line in ax.lines if drawn.colour(line) == plots.colour(0.05))
    assert own.get_xydata() == pytest.approx(np.c_[STEPS, run.sharpness][seen])
    now, ends = run.sharpness[seen][-1], {t.get_text(): t.xy[1] for t in ax.texts if t.get_text() in "abcd"}
    assert ends["d"] < now / 2 and ends["c"] == pytest.approx(now) and 1.5 * now < ends["b"] < ends["a"]
    for line in ax.lines:
        if len(line.get_xdata()) > 1 and line is not own:
            assert tuple(line.get_xydata()[0]) == pytest.approx((200, now))
            assert any(text.xy == pytest.approx(tuple(line.get_xydata()[-1])) for text in ax.texts)


def test_starting_above():
    known = traced((0.05,) * 2, (38, 40))
    ax = plots.starting_above(traced((0.3,) * 2, (5, 6), starts=12.0), known)
    drawn.axes_say(ax, "step", "sharpness")
    assert drawn.level(ax) == [pytest.approx(2 / 0.3)]
    starts = next(line for line in ax.lines if drawn.colour(line) == plots.colour(0.3))
    assert starts.get_xydata().tolist() == [[0, 12], [0, 12]]
    curves = [line.get_ydata() for line in ax.lines if len(line.get_xdata()) == len(STEPS)]
    np.testing.assert_allclose(curves, known.sharpness)
    assert "2 runs at rate 0.3 start from 12 to 12; their line 2/η is 6.67" in ax.alt
    assert "rate 0.05 that were seen" in ax.alt


def test_jumps():
    losses = np.stack([np.linspace(1, 0.5, 50), 1 + 0.1 * np.cos(np.pi * np.arange(50))])
    runs = edge.Traced(np.array([0.05, 0.2]), np.arange(50.0), losses, losses)
    panels = plots.jumps(runs, last=20)
    for ax, rate, values, said in zip(panels, (0.05, 0.2), losses, ("falls at every", "rises and falls"), strict=True):
        drawn.axes_say(ax, "step", "training loss")
        assert ax.lines[0].get_xydata() == pytest.approx(np.c_[np.arange(29, 50), values[29:]])
        assert drawn.colour(ax.lines[0]) == plots.colour(rate) and ax.get_title(loc="left") == f"rate {rate:g}"
        assert f"rate {rate:g} over the last 20 steps: it {said}" in ax.alt
    assert panels[0].get_ylim() == panels[1].get_ylim()


def test_unnamed():
    runs = traced((0.05, 0.15, 0.02), (40.0, 13.0, 60.0))
    ax = plots.unnamed({letter: runs[k] for k, letter in enumerate("ABC")})
    drawn.axes_say(ax, "step", "sharpness")
    for k, letter in enumerate("ABC"):
        assert drawn.line_of(ax, letter).get_xydata() == pytest.approx(np.c_[STEPS, runs.sharpness[k]])
    assert "A near 40, B near 13, C near 60" in ax.alt
    assert len({drawn.colour(line) for line in ax.lines}) == 3


def test_ink():
    """Each digit at its place, row by row."""
    X, y = digits()
    ax = plots.ink(X[:7], y, columns=3)
    page = np.asarray(ax.images[0].get_array())
    for k in range(6):
        row, column = 10 * (k // 3), 10 * (k % 3)
        np.testing.assert_array_equal(page[row + 1 : row + 9, column + 1 : column + 9], X[k].reshape(8, 8))
    assert ax.images[0].get_cmap().name == "gray_r"
    assert f"6 handwritten digits of 8 × 8 pixels; the first are {[int(d) for d in y[:5]]}" in ax.alt


def test_beside_logistic():
    network = traced((0.05,), (40.0,))[0]
    run = SimpleNamespace(epochs=STEPS, weights=np.linspace(4, 1, len(STEPS)), rate=0.5)
    ax = plots.beside_logistic(network, run, SimpleNamespace(sharpness=lambda w: 2 * w))
    drawn.axes_say(ax, "step", "sharpness ÷ (2/η)")
    assert drawn.level(ax) == [1]
    shares = {"network": network.sharpness / 40, "logistic": 2 * run.weights / 4}
    for name, share in shares.items():
        line = drawn.line_of(ax, name)
        assert line.get_xydata() == pytest.approx(np.c_[STEPS, share])
        assert drawn.colour(drawn.dot(ax, 0, share[0])) == drawn.colour(line)
    assert "network, rate 0.05, from 0.25 to 1; logistic, rate 0.5, from 2 to 0.5" in ax.alt


def test_warming():
    def run(ends, rate, lost):
        rates = np.full(50, rate)
        rates[:10] = rate * np.arange(1, 11) / 10
        weights = np.linspace(10, ends, 50)
        return SimpleNamespace(epochs=STEPS, weights=weights, rates=rates, diverged=lost)

    runs = {"at once": run(400, 0.5, True), "warm": run(20, 0.1, False)}
    ax = plots.warming(runs, SimpleNamespace(sharpness=lambda w: 1.0 * w))
    drawn.axes_say(ax, "step", "sharpness")
    for name, one in runs.items():
        tint = drawn.colour(drawn.label(ax, f"{name}: lost" if one.diverged else name))
        lines = {line.get_ls(): line for line in ax.lines if drawn.colour(line) == tint and len(line.get_xdata()) > 1}
        shown = np.where(one.weights < 300, one.weights, np.nan)
        np.testing.assert_allclose(lines["-"].get_xydata(), np.c_[STEPS, shown])
        assert lines["--"].get_ydata() == pytest.approx(2 / one.rates)
    last = np.flatnonzero(runs["at once"].weights < 300)[-1]
    assert drawn.dots(ax, "x") == [(STEPS[last], runs["at once"].weights[last])]
    assert "at once: lost; warm: it trains" in ax.alt


def test_widths():
    """Two draws a rate; the least median of each width has the dot."""
    losses = {("sgd", 8): (1, 0.2, 0.6), ("sgd", 32): (0.9, 0.8, 0.1), ("adam", 8): (0.3, 0.5, 0.9)}
    losses["adam", 32] = (0.5, 0.4, np.nan)
    rows = [
        (rule, width, seed, rate, loss * (0.9, 1.1)[seed])
        for (rule, width), each in losses.items()
        for rate, loss in zip((0.01, 0.1, 1.0), each, strict=True)
        for seed in (0, 1)
    ]
    columns = zip(*rows, strict=True)
    table = {name: np.array(c) for name, c in zip(("rule", "width", "seed", "rate", "loss"), columns, strict=True)}
    for ax, rule in zip(plots.widths(table), ("sgd", "adam"), strict=True):
        drawn.axes_say(ax, "learning rate η", "loss after 300 steps")
        for width in (8, 32):
            each = np.nan_to_num(losses[rule, width], nan=np.inf)
            (line,) = [one for one in ax.lines if one.get_label() == str(width)]
            assert line.get_xydata() == pytest.approx(np.c_[[0.01, 0.1, 1], np.minimum(each, 9)])
            best = int(np.argmin(each))
            least = drawn.dot(ax, (0.01, 0.1, 1.0)[best], each[best])
            assert drawn.colour(least) == drawn.colour(line)
            assert f"{(0.01, 0.1, 1.0)[best]:g} at width {width}" in ax.alt
