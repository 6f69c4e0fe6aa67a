"""What moves under a slider: each view's artists, and the frames of an explorer, against runs worked out by hand."""

import base64
import json
import re
import zlib

import numpy as np
import pytest
from matplotlib.figure import Figure

import drawn
from lrcore import descend, least_squares, line, logistic, school_district
from lrlab import explore, plots
from lrlab.plots import number

PROBLEM = least_squares(*line())
SLOPE = least_squares(*line(), bias=False)
RATES = (0.01, 0.1, 0.119, 0.121, 1.0)
RUN = descend(PROBLEM, RATES, 50)
HAND = {rate: drawn.line_run(rate, 50) for rate in RATES}
EPOCHS = np.arange(51)
TRAIN, UNSEEN = school_district()
MODEL = logistic(*TRAIN)
HOUSE_RATES = (0.5, 50.0)
HOUSE_RUN = descend(MODEL, HOUSE_RATES, 12)
HOUSE_HAND = {rate: drawn.house_run(rate, 12, TRAIN) for rate in HOUSE_RATES}


def moving(ax):
    """The lines that move and are seen, in the order in which they were made."""
    return [line for line in ax.lines if line.get_animated() and line.get_visible() and len(line.get_xdata())]


@pytest.mark.parametrize("k", range(5))
@pytest.mark.parametrize(("view", "what"), [("loss", None), ("w", 0), ("b", 1)])
def test_a_curve_against_epochs(view, what, k):
    """loss_now and weight_now: the curve is the run, its colour the rate's, its arrow where the run leaves."""
    rate, (weights, losses) = RATES[k], HAND[RATES[k]]
    if what is None:
        ax, values = plots.still(plots.loss_now, RUN[k], runs=RUN), losses
    else:
        ax = plots.still(plots.weight_now, RUN[k], runs=RUN, index=what, target=3 - 3 * what, name=view)
        values = weights[:, what]
        assert drawn.level(ax) == [3 - 3 * what]
    drawn.axes_say(ax, "epoch", view)
    curve = moving(ax)[0]
    limits = (0, ax.get_ylim()[1]) if what is None else ax.get_ylim()
    gone = drawn.leaving(ax, plots.colour(rate), values, EPOCHS, limits)
    kept = values[: gone + 1] if gone is not None and RUN[k].diverged else values
    assert drawn.colour(curve) == plots.colour(rate)
    np.testing.assert_array_equal(curve.get_xdata(), EPOCHS[: len(kept)])
    np.testing.assert_allclose(curve.get_ydata(), np.clip(kept, *limits), rtol=1e-6, atol=1e-9)
    assert f"{view.capitalize() if what is None else view} against epoch at rate {rate:g}: " in ax.alt
    if gone is not None:
        (told,) = [text for text in ax.texts if text.get_visible()]
        assert told.get_text() == f"epoch {gone}" and told.xy[0] == gone
        aside = (9, "left") if gone <= 30 else (-9, "right")  # beside the arrow, and away from the edge
        assert (told.get_position()[0], told.get_ha()) == aside
        assert f"it leaves the picture at epoch {gone}." in ax.alt
    else:
        assert not [text for text in ax.texts if text.get_visible()]
        assert number(losses[-1] if what is None else weights[-1, what]) in ax.alt


def test_curve_hides_its_arrow_again():
    ax = Figure().subplots()
    ax.set(xlim=(0, 50), ylim=(-2, 5))
    draw = plots.curve(ax)
    up, down = drawn.line_run(1.0, 50)[0][:, 0], drawn.line_run(1.0, 50, (10.0, 0.0))[0][:, 0]
    for rate, values, limits, words in ((1.0, up, (-2, 5), "1"), (1.0, down, (-2, 12), "1"), (0.01, None, (-2, 5), "")):
        ax.set_ylim(limits)
        values = HAND[0.01][0][:, 0] if values is None else values
        said = draw(RUN[RATES.index(rate)], values)
        assert said == (f"; it leaves the picture at epoch {words}" if words else "")
        drawn.leaving(ax, plots.colour(rate), values, EPOCHS, limits)
    for gone, place, side in ((30, 9, "left"), (31, -9, "right")):
        draw(RUN[0], np.where(EPOCHS < gone, 1, 9))
        (told,) = ax.texts
        assert (told.get_text(), told.get_position(), told.get_ha()) == (f"epoch {gone}", (place, 0), side)


def test_what_can_be_dragged():
    """A start of two weights on a landscape, of one on its curve; none against epochs."""
    ax = Figure().subplots()
    assert plots.path_now(ax, RUN[:3], PROBLEM).start == 2 and not hasattr(plots.loss_now(ax, RUN), "start")


@pytest.mark.parametrize("k", range(4))
def test_path_now(k):
    ax = plots.still(plots.path_now, RUN[k], runs=RUN[:3], problem=PROBLEM)
    drawn.axes_say(ax, "w", "b")
    drawn.contours_are_of(ax, drawn.line_loss)
    weights = HAND[RATES[k]][0]
    (path,) = [line for line in moving(ax) if len(line.get_xdata()) == 51]
    cut = [np.clip(weights[:, i], *drawn.room(lim)) for i, lim in enumerate((ax.get_xlim(), ax.get_ylim()))]
    np.testing.assert_allclose(path.get_xydata().T, cut, atol=1e-9)
    assert drawn.colour(path) == plots.colour(RATES[k]) and path.get_marker() == "o"
    drawn.dot(ax, cut[0][-1], cut[1][-1])
    assert f"rate {RATES[k]:g}" in ax.alt and f"ends at ({', '.join(number(v) for v in weights[-1])})" in ax.alt


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.14])
def test_bowl_now(rate):
    """The bowl is 7.5 (w − 3)², and the steps lie on it: w − 3 is multiplied by 1 − 15 rate each time."""
    ax = plots.still(plots.bowl_now, descend(SLOPE, rate, 20), problem=SLOPE)
    drawn.axes_say(ax, "w", "loss")
    w, loss = ax.lines[0].get_data()
    assert loss == pytest.approx(7.5 * (np.asarray(w) - 3) ** 2) and (w[0], w[-1]) == (-2, 8)
    expected = 3 - 3 * (1 - 15 * rate) ** np.arange(21)
    gone = drawn.leaves(expected, (-2, 8))
    kept = expected[: None if gone is None else gone + 1]
    steps = moving(ax)[0]
    assert steps.get_xdata() == pytest.approx(kept) and drawn.colour(steps) == plots.colour(rate)
    assert steps.get_ydata() == pytest.approx(7.5 * (kept - 3) ** 2, abs=1e-9)
    drawn.dot(ax, kept[-1], 7.5 * (kept[-1] - 3) ** 2)
    end = f"w ends at {number(expected[-1])}" if gone is None else f"it leaves the picture at epoch {gone}"
    assert ax.alt.endswith(end + ".")


def test_race_now():
    """Heavy ball by hand beside plain descent, each in the look that the legend names."""
    heavy = descend(PROBLEM, 0.05, 30, lambda w, g, rate, v=0: (w - rate * (0.5 * v + g), (0.5 * v + g,)))
    race = {"plain": RUN[0], "heavy": heavy}
    ax = plots.still(plots.race_now, race, problem=PROBLEM, limits=((-1, 7), (-3, 3)))
    drawn.axes_say(ax, "w", "b")
    drawn.contours_are_of(ax, drawn.line_loss)
    (w, b), v, seen = (0.0, 0.0), np.zeros(2), [(0.0, 0.0)]
    x, y = drawn.POINTS
    for _ in range(30):
        error = w * x + b - y
        v = 0.5 * v + [2 * (error * x).mean(), 2 * error.mean()]
        w, b = w - 0.05 * v[0], b - 0.05 * v[1]
        seen.append((w, b))
    np.testing.assert_allclose(drawn.of_legend(ax, "heavy").get_xydata(), seen, atol=1e-9)
    np.testing.assert_allclose(drawn.of_legend(ax, "plain").get_xydata(), HAND[0.01][0], atol=1e-9)


# The map


def test_houses():
    ax = plots.houses(UNSEEN)
    drawn.axes_say(ax, "x", "y")
    drawn.map_is_of(ax, UNSEEN)
    places = {text.get_text(): text.get_position() for text in ax.texts}
    (x, y), (a, b) = places["in the district"], places["not in it"]
    assert all(0 < place < 1 for place in np.ravel([*places.values()])), "on the map"
    assert y > x + 0.5 and b < a + 0.5 and f"{len(UNSEEN.y)} houses" in ax.alt


@pytest.mark.parametrize("k", range(2))
def test_map_now(k):
    ax = plots.still(plots.map_now, HOUSE_RUN[k], runs=HOUSE_RUN, problem=MODEL)
    drawn.axes_say(ax, "x", "y")
    drawn.map_is_of(ax, TRAIN)
    found, missed, wrong = drawn.boundary_is_of(ax, HOUSE_HAND[HOUSE_RATES[k]][0][-1], TRAIN)
    assert f"rate {HOUSE_RATES[k]:g}: {found} houses of the district found, {missed} missed, {wrong} false" in ax.alt


@pytest.mark.parametrize("k", range(2))
def test_fitting_and_measures_now(k):
    """The thick curve is the training loss or the accuracy, the dashed one the unseen loss or the recall."""
    weights, losses = HOUSE_HAND[HOUSE_RATES[k]]
    views = plots.fitting_now, plots.measures_now
    unseen = logistic(*UNSEEN)
    loss, share = plots.still(views, HOUSE_RUN[k], runs=HOUSE_RUN, problem=MODEL, validation=unseen)
    drawn.axes_say(loss, "epoch", "loss")
    drawn.axes_say(share, "epoch", "share of the houses")
    assert share.get_xlim() == (0, len(losses) - 1) and share.get_ylim() == (-0.02, 1.02)
    z = np.column_stack([UNSEEN.X[:, :2], np.ones(len(UNSEEN.y))]) @ weights.T
    theirs = np.mean(np.logaddexp(0, z) - UNSEEN.y[:, None] * z, axis=0)
    judged = [drawn.judged(w, TRAIN) for w in weights]
    right = np.array([1 - (missed | wrong).mean() for _, missed, wrong in judged])
    recall = np.array([found.sum() / (found | missed).sum() for found, missed, _ in judged])
    for ax, thick, dashed in ((loss, losses, theirs), (share, right, recall)):
        one, other = moving(ax)
        assert (one.get_ls(), other.get_ls()) == ("-", "--") and drawn.colour(one) == plots.colour(HOUSE_RATES[k])
        low, high = drawn.room(ax.get_ylim())
        np.testing.assert_allclose(one.get_xydata(), np.c_[np.arange(13), np.clip(thick, low, high)], rtol=1e-6)
        np.testing.assert_allclose(other.get_xydata(), np.c_[np.arange(13), np.clip(dashed, low, high)], rtol=1e-6)
        legend = ax.get_legend()
        named = {t.get_text(): h.get_ls() for t, h in zip(legend.get_texts(), legend.get_lines(), strict=True)}
        shares = {"accuracy": "-", "recall": "--", "“no” to all": ":"}
        assert named == ({"training": "-", "validation": "--"} if ax is loss else shares)
    assert drawn.level(share) == [np.mean(TRAIN.y == 0)]
    assert [each.get_ls() for each in share.lines if each.get_label() == "“no” to all"] == [":"]
    assert f"ends at {number(losses[-1])}, on unseen houses {number(theirs[-1])}" in loss.alt
    assert f"{100 * right[-1]:.1f} % right in the end, {100 * recall[-1]:.1f} % of the district found" in share.alt
    alone = plots.still(plots.fitting_now, HOUSE_RUN[k], problem=MODEL)
    assert len(moving(alone)) == 1 and alone.get_legend() is None and "unseen" not in alone.alt


def test_what_is_far_outside_is_cut_three_heights_away():
    values = [0.5, 2, -1.5, 100, np.inf, -100, -np.inf, np.nan]
    np.testing.assert_allclose(plots.inside(values, (1, 2)), [0.5, 2, -1.5, 5, 5, -2, -2, 5])


def test_decades():
    ax = Figure().subplots()
    ax.set(yscale="log", ylim=(1e-7, 1e6))
    plots.decades(ax.yaxis)
    say = ax.yaxis.get_major_formatter()
    assert [say(x, 0) for x in (1e-6, 1e-3, 0.01, 1, 100, 1e4, 1e5)] == [
        "10⁻⁶", "0.001", "0.01", "1", "100", "10000", "10⁵",
    ]  # fmt: skip


# The instrument: frame k is the run at rate k


def subpaths(path):
    """The points (n, 2) through which each part of an SVG path goes, whether it counts them from 0 or in steps."""
    at, start, found = np.zeros(2), np.zeros(2), []
    for letter, numbers in re.findall("([A-Za-z])([^A-Za-z]*)", path):
        points = np.array(numbers.split(), float).reshape(-1, 2)
        every = 3 if letter in "cC" else 1  # two points of three only bend a curve
        if letter in "zZ":
            at = start
        for k, point in enumerate(points[every - 1 :: every]):
            at = at + point if letter.islower() else point
            if letter in "mM" and k == 0:
                start = at
                found.append([])
            found[-1].append(at)
    return [np.array(each) for each in found]


def data_of(piece, ax):
    """The first line of a frame in the units of its axes (n, 2), and the places of its markers (m, 2).

    Markers are uses of one shape, or, where they are round, parts of a path that go nowhere.
    """
    paths = [subpaths(path) for path in re.findall('<path d="([^"]*)"[^>]*style="fill: none', piece)]
    line = next(parts[0] for parts in paths if len(parts) == 1 and np.ptp(parts[0], axis=0).any())
    dots = [part[0] for parts in paths for part in parts if not np.ptp(part, axis=0).any()]
    marks = re.findall(r'<use [^>]*?x="(-?[\d.]+)" y="(-?[\d.]+)"', piece)
    marks = np.array([*dots, *marks], float).reshape(-1, 2)
    back, height = ax.transData.inverted(), ax.figure.bbox.height
    return tuple(back.transform(np.c_[p[:, 0], height - p[:, 1]]) for p in (line, marks))


def test_a_path_in_steps_goes_where_the_same_path_goes():
    for path in ("M 1 2 L 4 6 L 3 3 M 9 9 C 1 1 2 2 10 12 z L 8 9", "m1 2l3 4 -1 -3m6 6c-8 -8 -7 -7 1 3zl-1 0"):
        one, other = subpaths(path)
        assert one.tolist() == [[1, 2], [4, 6], [3, 3]] and other.tolist() == [[9, 9], [10, 12], [8, 9]]


@pytest.fixture(scope="module")
def explorer():
    made = explore.rate_explorer(
        PROBLEM, 50, rate=(0.003, 0.119), at=0.03, draw=(plots.weight_now, plots.loss_now, plots.path_now)
    )
    yield made
    made.close()


def frame_is_the_run(explorer, rate, frame):
    """The three pictures of a frame, put back into data, are the loop by hand at this rate; so are its words."""
    pieces, texts, status = frame
    weights, losses = drawn.line_run(rate, 50)
    axes = [figure.axes[0] for figure in explorer.stage.figures]
    room = np.ptp(axes[0].get_ylim())
    curve, _ = data_of(pieces[0], axes[0])
    assert np.abs(np.interp(EPOCHS, *curve.T) - weights[:, 0]).max() < 0.02 * room, f"w at rate {rate:g}"
    low, high = np.log(axes[1].get_ylim())
    curve, _ = data_of(pieces[1], axes[1])
    seen = np.interp(EPOCHS, curve[:, 0], np.log(curve[:, 1]))
    assert np.abs(seen - np.log(losses)).max() < 0.02 * (high - low), f"the loss at rate {rate:g}"
    line, marks = data_of(pieces[2], axes[2])
    apart = np.linalg.norm(marks[:, None] - weights, axis=2)  # each epoch has its mark, and each mark its epoch
    assert max(apart.min(axis=0).max(), apart.min(axis=1).max()) < 0.02 * room, f"the path at rate {rate:g}"
    assert np.abs(line[[0, -1]] - weights[[0, -1]]).max() < 0.02 * room, f"the path's ends at rate {rate:g}"
    assert status.startswith(f"rate {rate:.6g}: ") and number(losses[-1]) in status
    assert all(f"rate {number(rate, 4)}" in text for text in texts) and number(weights[-1, 0]) in texts[0]


def test_each_frame_is_the_run_at_its_rate(explorer):
    stops = explorer.rate.stops
    some = [*stops[::40], stops[1], stops[-1]]
    frames = explorer.frames(explorer.values, some)
    for rate in some:
        frame_is_the_run(explorer, rate, frames[explorer.rate.said(rate)])


def test_a_page_gets_at_each_stop_the_frame_of_its_rate(explorer):
    html = explorer.static(1)
    pack = json.loads(zlib.decompress(base64.b64decode(re.search('data-pack="([^"]*)"', html)[1])))
    (control,) = [c for c in pack["spec"]["controls"] if c["kind"] == "rate"]
    frames = pack["packs"][pack["spec"]["key"]]
    assert set(frames) == set(control["stops"]) and len(frames) >= 2
    assert all("l" in piece and "L" not in piece for piece in frames[control["stops"][0]][0]), "in steps"
    for stop in control["stops"]:
        frame_is_the_run(explorer, float(stop), frames[stop])
