"""Pictures that cannot lie: what each drawing of many runs draws is read from its artists, and worked out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

import drawn
from lrcore import bowl, descend, least_squares, line
from lrlab import plots
from lrlab.plots import number
from lrlab.plots.runs import side_labels

PROBLEM = least_squares(*line())
RATES = (0.01, 0.1, 0.119, 0.121, 1.0)
RUN = descend(PROBLEM, RATES, 50)
HAND = {rate: drawn.line_run(rate, 50) for rate in RATES}
EPOCHS = np.arange(51)


def held(ax, name, values, limits):
    """The line of a label is a run, to where it leaves; label and arrow have its colour."""
    line = drawn.line_of(ax, name)
    gone = drawn.leaving(ax, drawn.colour(line), values, EPOCHS, limits)
    shown = values if gone is None else values[: gone + 1]
    np.testing.assert_array_equal(line.get_xdata(), EPOCHS[: len(shown)])
    np.testing.assert_allclose(line.get_ydata(), np.clip(shown, *limits), rtol=1e-6, atol=1e-9)
    said = drawn.label(ax, name).get_text()
    assert f"left at epoch {gone}" in said if gone is not None else "left" not in said
    return gone


@pytest.mark.parametrize("names", [None, ["one", "two", "three", "four", "five"]])
def test_losses(names):
    ax = plots.losses(RUN, names=names)
    drawn.axes_say(ax, "epoch", "loss")
    assert ax.get_yscale() == "log" and ax.get_xlim() == (0, 50)
    for k, (rate, (_, losses)) in enumerate(HAND.items()):
        gone = held(ax, names[k] if names else f"rate {rate:g}", losses, (0, ax.get_ylim()[1]))
        said = number(losses[-1]) if gone is None else f"left the plot at epoch {gone}"
        assert f"rate {rate:g}: {said}" in ax.alt
    assert len(ax.texts) == 5
    least = min(RATES, key=lambda rate: HAND[rate][1][-1])
    assert ax.get_title(loc="left") == f"The loss falls furthest at rate {least:g}"


@pytest.mark.parametrize("count", [10, 11])
def test_of_many_runs_none_is_named_and_ten_are_told(count):
    run = descend(PROBLEM, np.geomspace(0.01, 0.1, count), 5)
    for ax in (plots.losses(run), plots.weight(run)):
        assert (len(ax.texts), ax.alt.count("; rate")) == (10 * (count == 10), 9)


@pytest.mark.parametrize(("index", "name", "target"), [(0, "w", 3), (1, "b", 0)])
def test_weight(index, name, target):
    ax = plots.weight(RUN, index, target=target, name=name)
    drawn.axes_say(ax, "epoch", name)
    assert drawn.level(ax) == [target]
    for rate, (weights, _) in HAND.items():
        gone = held(ax, f"rate {rate:g}", weights[:, index], ax.get_ylim())
        assert f"rate {rate:g}: " + (f"left the plot at epoch {gone}" if gone else "") in ax.alt
    assert f"rate 0.01: {number(HAND[0.01][0][-1, index])}" in ax.alt


def test_a_run_that_leaves_at_the_bottom_has_an_arrow_down():
    run = descend(PROBLEM, [0.05, 1.0], 50, start=[10.0, 0.0])
    ax = plots.weight(run)
    weights, _ = drawn.line_run(1.0, 50, (10.0, 0.0))
    assert weights[1, 0] < ax.get_ylim()[0]
    held(ax, "rate 1", weights[:, 0], ax.get_ylim())


def test_names_stand_in_the_order_of_the_ends():
    ax = plots.losses(RUN[:4])
    heights = [drawn.label(ax, f"rate {rate:g}").get_position()[1] for rate in RATES[:4]]
    ends = [HAND[rate][1][-1] for rate in RATES[:4]]
    assert np.argsort(heights).tolist() == np.argsort(ends).tolist()
    low, high = np.log(ax.get_ylim())
    assert heights == pytest.approx((np.log(ends) - low) / (high - low), abs=0.08)


def test_a_lost_run_is_named_where_it_left():
    """At the top, or at the bottom, and not where it began."""
    alone = descend(PROBLEM, [1.0], 50)
    assert drawn.label(plots.losses(alone), "rate 1").get_position()[1] == 1
    for start in ([0.0, 0.0], [10.0, 0.0]):
        ax = plots.weight(descend(PROBLEM, [1.0], 50, start=start))
        (arrow,) = [line.get_marker() for line in ax.lines if line.get_marker() in ("^", "v")]
        assert drawn.label(ax, "rate 1").get_position()[1] == (arrow == "^")


def test_named_curves_are_told_apart_by_colour_and_by_a_second_cue():
    looks = [plots.named_look(k, marker=True) for k in range(10)]
    assert len({look["color"] for look in looks}) == len({look["marker"] for look in looks}) == 9
    assert looks[9] == looks[0] and plots.named_look(4) == {name: looks[4][name] for name in ("color", "linestyle")}


@pytest.mark.parametrize("ends", [[0.98, 0.99, 1, 0.5], [1, 1, 1, 1, 1, 1], [0.1, 0.11, 0.8], [0, 0.01, 1], [0.5]])
def test_names_at_the_edge_stand_apart_in_order_and_near_their_lines(ends):
    ax = plots.losses(RUN[:1])
    ax.set(yscale="linear", ylim=(0, 1))
    before = len(ax.texts)
    side_labels(ax, [(end, f"{k}", "black") for k, end in enumerate(ends)])
    places = np.array([text.get_position()[1] for text in ax.texts[before:]])
    pitch = 17 / (ax.figure.get_figheight() * 72 * ax.get_position().height)  # a line of text
    assert (np.diff(places) > 0.999 * pitch).all() and places.max() <= 1
    crowd = [sum(abs(end - other) < len(ends) * pitch for other in ends) for end in sorted(ends)]
    assert (abs(places - np.sort(ends)) < pitch * np.array(crowd)).all()


def test_paths_from_several_starts_have_their_names():
    """At a rate that diverges a run from the bottom stays there; the other leaves in its first step, for good."""
    ax = plots.path(descend(PROBLEM, [1.0, 1.0], 9, start=[[0.0, 0.0], [3.0, 0.0]]), PROBLEM)
    assert "At the end: start A left the plot at epoch 1; start B at (3, 0)." in ax.alt
    named = {text.get_text(): text.xy for text in ax.texts}
    assert {name: tuple(at) for name, at in named.items()} == {"start A": (0, 0), "start B": (3, 0)}


def test_path():
    ax = plots.path(RUN, PROBLEM)
    drawn.axes_say(ax, "w", "b")
    drawn.contours_are_of(ax, drawn.line_loss)
    for rate, (weights, _) in HAND.items():
        name = f"rate {rate:g}"
        shown = drawn.line_of(ax, name).get_xydata()
        gones = [drawn.leaves(weights[:, k], lim) for k, lim in enumerate((ax.get_xlim(), ax.get_ylim()))]
        if RUN[RATES.index(rate)].diverged and gones != [None, None]:
            gone = min(gone for gone in gones if gone is not None)
            np.testing.assert_allclose(shown, weights[: gone + 1], atol=1e-9)
            low, high = ax.get_ylim()  # the name stands at the height at which the run left
            height = np.clip((weights[gone, 1] - low) / (high - low), 0.05, 0.95)
            assert drawn.label(ax, name).get_position()[1] == pytest.approx(height)
            assert f"{name} left the plot at epoch {gone}" in ax.alt
            assert f"left at epoch {gone}" in drawn.label(ax, name).get_text()
        else:
            np.testing.assert_allclose(shown, weights, atol=1e-9)
            assert drawn.colour(drawn.dot(ax, *weights[-1])) == drawn.colour(drawn.label(ax, name))
            assert f"{name} at ({', '.join(number(v) for v in weights[-1])})" in ax.alt


def test_a_rate_has_one_colour_and_its_second_cue_everywhere():
    for ax, marker in ((plots.losses(RUN), False), (plots.path(RUN, PROBLEM), True)):
        for rate in RATES:
            line = drawn.line_of(ax, f"rate {rate:g}")
            look = plots.look(rate, marker=marker)
            assert drawn.colour(line) == plots.colour(rate) == look["color"] and line.get_ls() == look["linestyle"]
            assert not marker or line.get_marker() == look["marker"]
    assert plots.colour(0.01) == "#2746c8" and plots.colour(10) == "#cf2f20"


def test_curves():
    x = np.array([1.0, 2, 4])
    named = {"up": [1, 2, 3], "down": [9, 4, 1], "flat": 5, "lost": [2, np.nan, np.nan]}
    ax = plots.curves(x, named, names=("rate", "loss"), log="x", title="Three")
    drawn.axes_say(ax, "rate", "loss")
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "linear")
    for name, y in named.items():
        line = drawn.line_of(ax, name)
        np.testing.assert_array_equal(line.get_xydata().T, [x, np.broadcast_to(y, 3)])
    assert "up: 3; down: 1; flat: 5; lost: not a number" in ax.alt and "Loss against rate" in ax.alt
    looks = [(plots.named_look(k, True)["color"], plots.named_look(k, True)["marker"]) for k in range(9)]
    assert len(set(looks)) == 9
    assert ax.get_xlim() == (1, 4)
    marked = plots.curves(x, named, names=("rate", "loss"), marker=True)
    assert marked.alt.startswith("Loss against rate. At the end: up") and "rate. Three. At the end: up" in ax.alt
    assert marked.get_xlim() == (1, pytest.approx(4.06)) and marked.lines[0].get_marker() == "o", "no half marker"
    top = plots.curves(x, {"leaves": [1, 5, 50], "stays": [1, 1, 2]}, names=("a", "b"), ylim=(0, 10))
    assert drawn.label(top, "leaves").get_position()[1] > 0.9 > 0.3 > drawn.label(top, "stays").get_position()[1]
    both = plots.curves(range(4), {"later": [1, 2, 3, 20], "first": [1, 2, 30, 40]}, ylim=(0, 10))
    assert drawn.label(both, "first").get_position()[1] > drawn.label(both, "later").get_position()[1]


def test_contest_within_a_decade_has_three_ticks():
    judged = np.array([[1.0, 1], [2, 2], [3, 3], [4, 8], [100, 9]])
    ax = plots.contest(["one", "two"], [0.1, 0.1], judged, title="Two")
    assert ax.get_xticks() == pytest.approx([2, 4, 8]), "from the least quarter to the largest, evenly in decades"
    drawn.axes_say(ax, "loss above the least: median and middle half", "", names="x")


def test_contest():
    judged = np.array([[1.0, 10], [2, 20], [3, 30], [4, 40], [100, 50]])  # quarters at the second and fourth
    ax = plots.contest(["one", "two"], [0.1, 0.02], judged, title="Two")
    assert [text.get_text() for text in ax.get_yticklabels()] == ["one", "two"]
    bars = [line.get_xydata().tolist() for line in ax.lines if len(line.get_xdata()) == 2]
    assert bars == [[[2, 0], [4, 0]], [[20, 1], [40, 1]]] and drawn.dots(ax, "o") == [(3, 0), (30, 1)]
    assert [(text.get_text(), *text.get_position()) for text in ax.texts] == [
        ("rate 0.1", 1.015, 0),
        ("rate 0.02", 1.015, 1),
    ]
    assert "one 3 (2 to 4), rate 0.1; two 30 (20 to 40), rate 0.02" in ax.alt
    assert ax.get_xlabel() == "loss above the least: median and middle half"


def test_rate_and_loss():
    """A rate halved every ten steps, worked out by hand; and two seeds, averaged."""
    halved = descend(PROBLEM, 0.1, 40, schedule=lambda t: 0.5 ** (t // 10))
    seeds = [descend(PROBLEM, 0.01, 40, batch=1, seed=seed) for seed in (0, 1)]
    top, below = plots.rate_and_loss({"halved": halved, "two seeds": seeds}, least=0.0, title="Both", loss="loss")
    drawn.axes_say(below, "epoch", "loss")
    assert top.get_ylabel() == "rate"
    w, b, losses = 0.0, 0.0, [67.5]
    x, y = drawn.POINTS
    for t in range(40):
        error, rate = w * x + b - y, 0.1 * 0.5 ** (t // 10)
        w, b = w - rate * 2 * (error * x).mean(), b - rate * 2 * error.mean()
        losses.append(drawn.line_loss(w, b))
    rates = drawn.line_of(top, "halved")
    assert rates.get_drawstyle() == "steps-post"
    assert rates.get_ydata() == pytest.approx([0.1 * 0.5 ** (min(t, 39) // 10) for t in range(41)])
    assert drawn.line_of(below, "halved").get_xydata() == pytest.approx(np.c_[EPOCHS[1:41], losses[1:]])
    mean = (seeds[0].losses + seeds[1].losses) / 2
    assert drawn.line_of(below, "two seeds").get_ydata() == pytest.approx(mean[1:])
    assert drawn.line_of(top, "two seeds").get_ydata() == pytest.approx(np.full(41, 0.01))
    assert f"halved: rate 0.0125, loss {number(np.median(losses[-4:]), 2)}; two seeds: rate 0.01" in top.alt


def test_trials():
    """A point a run, at its rate and its last loss, in the colour of the rate; what is lost is hollow, at the top."""
    ax = plots.trials({"log": RUN[:4], "more": RUN[3:]}, title="Two")
    drawn.axes_say(ax, "rate", "final loss")
    top = ax.get_ylim()[1]
    for rate in RATES[:3]:
        point = drawn.dot(ax, rate, HAND[rate][1][-1])
        assert point.get_markerfacecolor() == plots.colour(rate) and point.get_marker() == "o"
    for rate, marker in ((0.121, "o"), (0.121, "s"), (1.0, "s")):
        (point,) = [p for p in ax.lines if p.get_marker() == marker and list(p.get_xdata()) == [rate]]
        assert point.get_markerfacecolor() == "white" and point.get_markeredgecolor() == plots.colour(rate)
        assert top / 2 < point.get_ydata()[0] <= top
    least = min(RATES[:4], key=lambda rate: HAND[rate][1][-1])
    assert f"log: least {number(HAND[least][1][-1])} at {least:g}, 1 of 4 diverged" in ax.alt
    above = plots.trials({"log": RUN[:2]}, floor=0.01)
    drawn.dot(above, 0.1, HAND[0.1][1][-1] - 0.01)
    assert above.get_ylabel() == "final loss above the least"
    exact = plots.trials({"log": descend(bowl([1.0]), [0.5, 1.0], 3)})  # at rate 1 a bowl's loss is 0 after a step
    assert exact.get_ylim()[0] == pytest.approx(0.5**6 / 2 / 1.8) and "least 0 at 1" in exact.alt


def test_range_test():
    rates = np.geomspace(1e-3, 10, 9)
    losses, smoothed = np.array([4.0, 4, 3, 2, 1, 1, 3, 30, 900]), np.array([4.0, 4, 3.5, 3, 2, 1.5, 2, 9, 99])
    test = SimpleNamespace(rates=rates, losses=losses, smoothed=smoothed, suggestion=0.03, least=0.3, explosion=5.0)
    ax = plots.range_test(test, title="One")
    drawn.axes_say(ax, "rate of the step", "loss")
    assert drawn.upright(ax) == [0.03, 0.3, 5.0]
    each, smooth = (line.get_xydata()[:7].T for line in ax.lines[:2])
    np.testing.assert_array_equal(each, [rates[:7], losses[:7]])
    np.testing.assert_array_equal(smooth, [rates[:7], smoothed[:7]])
    assert all(line.get_ydata()[-1] > ax.get_ylim()[1] for line in ax.lines[:2]), "they leave at the top"
    said = {text.get_text() for text in ax.get_legend().get_texts()}
    assert said == {"suggestion 0.03", "least loss 0.3", "explosion 5"} and all(words in ax.alt for words in said)
    styles = {line.get_label(): line.get_xdata()[0] for line in ax.lines[2:]}
    assert styles == {"suggestion 0.03": 0.03, "least loss 0.3": 0.3, "explosion 5": 5.0}
    silent = plots.range_test(test, title="One", told=False)
    assert drawn.upright(silent) == [] and "suggestion" not in silent.alt and "starts at 4" in silent.alt


def test_floors():
    values = np.r_[np.full(30, 0.5), np.full(10, 1.5)]
    ax = plots.floors(values, 0.0008, title="Far")
    assert ax.get_xlabel() == "least loss that a straight line can reach" and ax.get_ylabel() == "draws"
    assert drawn.upright(ax) == [0.0008]
    bars = {(round(bar.get_x(), 6), bar.get_height()) for bar in ax.patches if bar.get_height()}
    assert bars == {(0.5, 30), (round(1.5 - 1 / 60, 6), 10)}
    assert "40 draws: mean 0.75, smallest 0.5. Printed: 0.0008" in ax.alt
