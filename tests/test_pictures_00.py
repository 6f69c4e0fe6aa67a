"""What lessons 00 and 01 draw, read from the artists: with one weight w − 3 is multiplied by 1 − 15 rate each time."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

import drawn
from lrcore import descend, least_squares, line, school_district
from lrlab import plots
from lrlab.plots import number

PROBLEM, SLOPE = least_squares(*line()), least_squares(*line(), bias=False)
HIGH, LOW = drawn.CURVATURE[1], drawn.CURVATURE[0]


def w_by_hand(rate, epochs):
    return 3 - 3 * (1 - 15 * rate) ** np.arange(epochs + 1)


def loss_by_hand(rate, epochs):
    return 67.5 * (1 - 15 * rate) ** (2 * np.arange(epochs + 1))


@pytest.mark.parametrize("rates", [(0.001, 2 / 15 - 0.001), (0.01, 0.1)])
def test_twins(rates):
    run = descend(SLOPE, rates, 50)
    ax = plots.twins(run)
    drawn.axes_say(ax, "epoch", "loss")
    one, other = (line for line in ax.lines if len(line.get_xdata()) == 51)
    for each, rate in ((one, rates[0]), (other, rates[1])):
        np.testing.assert_allclose(each.get_ydata(), loss_by_hand(rate, 50), rtol=1e-6, atol=1e-12)
    assert drawn.line_of(ax, "run B") is other and drawn.label(ax, "run A")
    ends = [number(loss_by_hand(rate, 50)[-1]) for rate in rates]
    assert ("not equal" in ax.alt) == (rates[0] == 0.01) and all(end in ax.alt for end in ends)

    ax = plots.twins_apart(run, 3)
    drawn.axes_say(ax, "epoch", "w")
    assert drawn.level(ax) == [3]
    for name, rate in zip(("run A", "run B"), rates, strict=True):
        line, w = drawn.line_of(ax, name), w_by_hand(rate, 50)
        np.testing.assert_allclose(line.get_xydata(), np.c_[np.arange(51), w], rtol=1e-6)
        crosses = "never crosses 3" if rate < 1 / 15 else "crosses 3 in 50 of 50 steps"
        assert f"{name}, rate {rate:.4g}, {crosses} and ends at {number(w[-1])}" in ax.alt
        assert f"{rate:.4g}" in drawn.label(ax, name).get_text()


def test_doubled():
    rates = np.array([[0.01, 0.02], [0.06, 0.12], [0.07, 0.14]])
    panels = plots.doubled(descend(SLOPE, rates, 12), 3)
    for ax, row in zip(panels, rates, strict=True):
        drawn.axes_say(ax, "epoch", "w")
        assert drawn.level(ax) == [3] and ax.get_ylim() == (-3, 9) and ax.get_xlim() == (0, 12)
        for rate, style, name in zip(row, ("--", "-"), ("grey", "orange"), strict=True):
            (line,) = [each for each in ax.lines if len(each.get_xdata()) > 2 and each.get_ls() == style]
            w = w_by_hand(rate, 12)
            gone = drawn.leaving(ax, drawn.colour(line), w, np.arange(13), (-3, 9))
            kept = w[: None if gone is None else gone + 1]
            assert line.get_ydata() == pytest.approx(np.clip(kept, -3, 9))
            assert f"{number(rate)} ({name})" in ax.alt
        end = f"w ends at {number(w[-1])}" if gone is None else f"leaves the picture at epoch {gone}"
        assert ax.alt.endswith(f"{end}.")
    assert "leaves the picture at epoch 8" in panels[2].alt  # 1.1⁸ is the first power above 2


def test_fates():
    rates, names = (0.01, 0.1, 0.13, 0.14), ("too slow", "quick", "swings", "too large")
    ax = plots.fates(descend(SLOPE, rates, 30), names)
    drawn.axes_say(ax, "epoch", "loss")
    for rate, name in zip(rates, names, strict=True):
        line, losses = drawn.line_of(ax, f"{name}: {rate:g}"), loss_by_hand(rate, 30)
        gone = drawn.leaving(ax, drawn.colour(line), losses, np.arange(31), (0, 135))
        np.testing.assert_allclose(line.get_ydata(), np.minimum(losses[: None if gone is None else gone + 1], 135))
        end = f"leaves the picture at epoch {gone}" if gone else "ends at "
        assert f"{name}: {rate:g} {end}" in ax.alt and (gone is None or f"epoch {gone}" in ax.texts[0].get_text())
    drawn.dot(ax, 0, 67.5)


def line_fit_is_right(ax, slopes):
    x, y = drawn.POINTS
    drawn.axes_say(ax, "x", "y")
    assert any(np.array_equal(line.get_xydata(), np.c_[x, y]) for line in ax.lines)
    lines = [line.get_xydata() for line in ax.lines if len(line.get_xdata()) == 2]
    assert [(a.tolist(), b[1] / b[0]) for a, b in lines] == [([0, 0], slope) for slope in slopes]
    for slope, (_, end) in zip(slopes, lines, strict=True):
        assert drawn.label(ax, f"w = {slope:g}").xy == pytest.approx(tuple(end))
    segments = [np.sort(segment[:, 1]).tolist() for segment in ax.collections[0].get_segments()]
    assert segments == [sorted([slopes[0] * a, b]) for a, b in zip(x, y, strict=True)]
    for a, b in zip(x, y, strict=True):
        text = drawn.label(ax, f"{slopes[0] * a - b:g}".replace("-", "−"))
        assert text.xy == (a, (slopes[0] * a + b) / 2)


def test_line_fit_and_data_sets():
    points = line()
    for slopes in ((0, 3), (1, 2)):
        ax = plots.line_fit(*points, slopes=slopes)
        line_fit_is_right(ax, slopes)
    assert "(1, 3), (2, 6), (3, 9), (4, 12)" in ax.alt and "with slope 1 the errors are -2, -4, -6, -8" in ax.alt
    houses = school_district(split=None)
    left, right = plots.data_sets(points, houses)
    line_fit_is_right(left, (0, 3))
    drawn.axes_say(right, "x", "y")
    drawn.map_is_of(right, houses)


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.14, 1.0])
def test_bowl_steps(rate):
    (ax,) = plots.bowl_steps(descend(SLOPE, rate, 20), SLOPE)
    drawn.axes_say(ax, "w", "loss")
    bowl, steps = (line for line in ax.lines if len(line.get_xdata()) > 1 or line.get_ls() == "-")
    grid, w = np.ravel(bowl.get_xdata()), w_by_hand(rate, 20)
    assert np.ravel(bowl.get_ydata()) == pytest.approx(7.5 * (grid - 3) ** 2) and (grid[0], grid[-1]) == (-2, 8)
    gone = drawn.leaves(w, (-2, 8))
    assert steps.get_xdata() == pytest.approx(w[:gone]) and drawn.colour(steps) == plots.colour(rate)
    assert steps.get_ydata() == pytest.approx(7.5 * (w[:gone] - 3) ** 2, abs=1e-9)
    drawn.dot(ax, 0, 67.5)
    words = f"Rate {rate:g}: distance × {1 - 15 * rate:.3g}".replace("-", "−")
    assert ax.get_title(loc="left") == words and ax.alt.startswith(f"{words} at each step. From w = 0, ")
    (told,) = [text for text in ax.texts if text.get_text()]
    assert drawn.colour(told) == plots.colour(rate) and " ".join(told.get_text().split()) + "." in ax.alt
    arrows = [text for text in ax.texts if getattr(text, "arrow_patch", None)]
    if gone is None:
        assert not arrows and f"w ends at {number(w[-1])}" in ax.alt
    else:
        (arrow,) = arrows
        assert arrow.xy[0] == (8 if w[gone] > 8 else -2) and arrow.xyann[0] == pytest.approx(w[gone - 1])
        assert f"left the plot at epoch {gone}" in ax.alt


def test_crossing():
    ax = plots.crossing(descend(PROBLEM, [0.119, 0.121], 50))
    drawn.axes_say(ax, "epoch", "w")
    assert drawn.level(ax) == [3]
    for rate in (0.119, 0.121):
        weights, losses = drawn.line_run(rate, 50)
        line = drawn.line_of(ax, f"rate {rate:g}")
        np.testing.assert_allclose(line.get_xydata(), np.c_[np.arange(51), weights[:, 0]])
        assert f"rate {rate:g}: loss {number(losses[-1])}" in ax.alt
    ring = drawn.dot(plots.crossing(descend(PROBLEM, 0.1, 5, start=[2.0, -1.0])), 0, 2)
    assert ring.get_marker() == "o" and ring.get_mfc() == "white"


def test_ravine():
    """The arrows lie along the eigenvectors of [[15, 5], [5, 2]] through the bottom, (3, 0)."""
    ax = plots.ravine(PROBLEM)
    drawn.axes_say(ax, "w", "b")
    drawn.contours_are_of(ax, drawn.line_loss)
    drawn.dot(ax, 3, 0)
    arrows = [text for text in ax.texts if text.arrow_patch]
    ways = []
    for arrow in arrows:
        assert (np.add(arrow.xy, arrow.xyann) / 2).tolist() == pytest.approx([3, 0])
        ways.append(np.subtract(arrow.xy, arrow.xyann) / np.hypot(*np.subtract(arrow.xy, arrow.xyann)))
    for bends in (LOW, HIGH):
        (k,) = [k for k, v in enumerate(ways) if v @ [[15, 5], [5, 2]] @ v == pytest.approx(bends)]
        (name,) = [t for t in ax.texts if t.get_text() and abs(float(t.get_text().split()[-1]) - bends) < 0.005]
        ends = arrows[k].xy, arrows[k].xyann
        assert any(name.xy == pytest.approx(tuple(end)) for end in ends)
    assert f"{HIGH / LOW:.0f} times" in ax.alt and "16.70 across, 0.2994 along" in ax.alt


def test_bend():
    ax = plots.bend(PROBLEM)

    def curvature(degrees):
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        return 15 * c**2 + 10 * c * s + 2 * s**2

    angle, drawn_as = ax.lines[0].get_data()
    assert drawn_as == pytest.approx(curvature(angle))
    assert ax.get_xlabel().startswith("direction (degrees from w") and ax.get_ylabel() == "curvature"
    assert len(ax.texts) == 4
    for text in ax.texts:
        (degrees, bends), said = text.xy, text.get_text().split()[-1]
        drawn.dot(ax, degrees, bends)
        assert curvature(degrees) == pytest.approx(bends) == pytest.approx(float(said), rel=1e-3)
    where = {text.get_text().rsplit(maxsplit=1)[0]: text.xy for text in ax.texts}
    assert set(where) == {"w", "b", "across", "the floor"}
    assert where["w"] == pytest.approx((0, 15)) and where["b"] == pytest.approx((90, 2))
    assert where["across"][1] == pytest.approx(HIGH) and where["the floor"][1] == pytest.approx(LOW, rel=1e-4)
    assert where["the floor"][0] - where["across"][0] == pytest.approx(90, abs=0.1)
    assert ax.alt.endswith(": along w 15.00, across 16.70, along b 2.00, along the floor 0.2994.")


def test_factors():
    ax = plots.factors(PROBLEM)
    drawn.axes_say(ax, "rate η", "|1 − ηλ|")
    flat, steep = (line for line in ax.lines if len(line.get_xdata()) > 2)
    for each, bends in ((flat, LOW), (steep, HIGH)):
        assert each.get_ydata() == pytest.approx(abs(1 - bends * np.asarray(each.get_xdata())))
        assert any(text.xy == pytest.approx(tuple(each.get_xydata()[-1])) for text in ax.texts)
    marks = {"1/λmax": 1 / HIGH, "2/(λmin+λmax)": 2 / (LOW + HIGH), "2/λmax": 2 / HIGH}
    assert drawn.upright(ax) == pytest.approx(list(marks.values())) and drawn.level(ax) == [1]
    for name, rate in marks.items():
        assert drawn.label(ax, name).xy[0] == pytest.approx(rate)
        said = drawn.label(ax, name).get_text().split("=")[1].strip()
        assert float(said) == pytest.approx(rate, rel=2e-3) and f"{name} = {said}" in ax.alt


def test_settling():
    ax = plots.settling(descend(PROBLEM, [0.01, 0.024, 0.1, 0.13], 400), 3, 0.1)
    drawn.axes_say(ax, "epoch", "w")
    (band,) = ax.patches
    assert (band.get_y(), band.get_y() + band.get_height()) == pytest.approx((2.9, 3.1))
    for rate, name in ((0.01, "379 epochs"), (0.024, "158 epochs"), (0.1, "38 epochs")):
        w = drawn.line_run(rate, 400)[0][:, 0]
        settled = 1 + np.flatnonzero(abs(w - 3) > 0.1)[-1]
        assert name == f"{settled} epochs" and f"rate {rate:g} needs {name}" in ax.alt.lower()
        line = drawn.line_of(ax, name)
        np.testing.assert_allclose(line.get_ydata(), np.clip(w, *ax.get_ylim()), rtol=1e-6)
        assert drawn.colour(drawn.dot(ax, settled, w[settled])) == drawn.colour(line) == plots.colour(rate)
        assert drawn.label(ax, name).xy[0] == settled
        assert drawn.label(ax, name).get_ha() == ("right" if settled > 200 else "left")
    assert "rate 0.13 needs for ever" in ax.alt


@pytest.mark.parametrize(("h", "moves"), [(1e-4, False), (1e-2, True)])
def test_spacing(h, moves):
    """Between 8192 and 16384 a float32 has 10 binary places: its neighbours are 1/1024 away."""
    ax = plots.spacing(12755.16, h)
    ticks = next(line for line in ax.lines if len(line.get_xdata()) == 5)
    assert list(ticks.get_xdata()) == list(ax.get_xticks()) == [k / 1024 for k in range(-2, 3)]
    drawn.dot(ax, 0, 0)
    (arrow,) = [text for text in ax.texts if getattr(text, "arrow_patch", None)]
    assert (arrow.xyann[0], arrow.xy[0]) == (0, h) and arrow.xyann[1] == arrow.xy[1]
    assert to_hex(arrow.arrow_patch.get_edgecolor()) == drawn.colour(drawn.label(ax, f"h = {h:g}"))
    assert drawn.label(ax, "w = 12755.16015625").xy[0] == 0  # the float32 nearest to 12755.16, 164/1024 above 12755
    assert drawn.label(ax, "next number").xy[0] == 1 / 1024 == -drawn.label(ax, "number before").xy[0]
    assert ("does not move" in ax.alt) != moves and "0.00098 away" in ax.alt
    assert ax.get_xlabel() == "distance from w"
