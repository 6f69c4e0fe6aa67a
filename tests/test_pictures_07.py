"""What lesson 07 draws, and the rate over time, read from the artists."""

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure

import drawn
from lrcore import descend, least_squares, line
from lrcore.data import FOLDER
from lrlab import game, plots
from lrlab.plots import number
from lrlab.plots.lesson07 import game_now
from lrlab.plots.lesson07 import least as least_of

RATES = np.array([0.01, 0.1, 1.0])
HALVED = descend(least_squares(*line()), np.array([0.05, 0.1]), 40, schedule=lambda t: 0.5 ** (t // 10))


def test_the_rate_over_time():
    """A rate halved every ten steps; after the last step there is none, so the one before stays."""
    ax = plots.still(plots.rates_now, HALVED[1], runs=HALVED)
    drawn.axes_say(ax, "epoch", "rate")
    expected = [0.1 * 0.5 ** (min(t, 39) // 10) for t in range(41)]
    assert ax.lines[0].get_xydata() == pytest.approx(np.c_[np.arange(41), expected])
    assert ax.lines[0].get_drawstyle() == "steps-post" and "from 0.1 to 0.0125" in ax.alt
    ax = plots.still(plots.above_now, HALVED[1], runs=HALVED, least=0.001)
    drawn.axes_say(ax, "epoch", "loss above the least")
    over = HALVED.losses[1] - 0.001
    curve = next(each for each in ax.lines if each.get_animated())
    assert curve.get_ydata() == pytest.approx(np.clip(over, *ax.get_ylim())) and drawn.colour(curve) == plots.colour(
        0.1
    )
    assert f"over the last tenth {number(np.median(over[-4:]), 2)} above the least" in ax.alt
    ax = plots.still(plots.above_now, HALVED[1], runs=HALVED)
    drawn.axes_say(ax, "epoch", "loss")
    assert f"over the last tenth {number(np.median(HALVED.losses[1, -4:]), 2)}." in ax.alt


def test_tries():
    ax = plots.tries(RATES, RATES**2, {"six": [0.02, 0.5], "others": [0.01, 0.03, 0.04]})
    drawn.axes_say(ax, "learning rate η", "loss")
    assert ax.lines[0].get_xydata() == pytest.approx(np.c_[RATES, RATES**2])
    for marks, tried in zip(ax.lines[1:], ([0.02, 0.5], [0.01, 0.03, 0.04]), strict=True):
        assert marks.get_xydata() == pytest.approx(np.c_[tried, np.square(tried)])
    assert [each.get_label() for each in ax.lines[1:]] == ["six", "others"]
    assert [each.get_mfc() == "none" for each in ax.lines[1:]] == [True, False], "rings around, a full square"
    (shade,) = ax.patches
    assert shade.get_x() <= RATES[0] and shade.get_x() + shade.get_width() == pytest.approx(0.1)
    assert "six: 1 of 2 lie below 0.1; others: 3 of 3 lie below 0.1" in ax.alt


def test_judged_by():
    named = {"training": np.array([1.0, 0.2, 0.5]), "unseen": np.array([0.4, 0.8, np.nan])}
    ax = plots.judged_by(RATES, named)
    drawn.axes_say(ax, "learning rate η", "loss")
    far = plots.judged_by(RATES * 1000, named)  # there the last digits are rounding
    assert "training: least above 100; unseen: least above 10." in far.alt
    for name, rate, least in (("training", 0.1, 0.2), ("unseen", 0.01, 0.4)):
        curve = drawn.line_of(ax, f"{name}: least")
        np.testing.assert_array_equal(curve.get_ydata(), named[name])
        assert drawn.colour(drawn.dot(ax, rate, least)) == drawn.colour(curve)
        assert drawn.label(ax, f"{name}: least").xy == (rate, least) and f"{name}: least {least} at {rate}" in ax.alt


def test_ratios():
    ax = plots.ratios({"you": np.array([1.0, 4, 2]), "grid": np.array([1.5, 1, 1])})
    assert [text.get_text() for text in ax.get_yticklabels()] == ["you", "grid"]
    assert drawn.upright(ax) == [1.1, 1.5] and "3 problems, median: you 2; grid 1" in ax.alt
    clouds = [each for each in ax.lines if len(each.get_xdata()) == 3]
    assert [cloud.get_xdata().tolist() for cloud in clouds] == [[1, 4, 2], [1.5, 1, 1]]
    assert [round(float(np.median(cloud.get_ydata()))) for cloud in clouds] == [0, 1]
    far = plots.ratios({"you": np.array([0.5, 1.0, 100])})
    assert far.lines[2].get_xdata().tolist() == [far.get_xlim()[0], 1, far.get_xlim()[1]], "at the edge, not beyond"
    assert [(text.get_text(), text.get_position()[1]) for text in ax.texts] == [("2", 0), ("1", 1)]


def test_steps_to_goal():
    batches = [1, 4, 16, 64, 256, 512, 1024]
    steps = np.array(
        [[800, 200, 100, 50, 50, 40, 30], [1000, 300, 110, 60, 50, 40, 30], [900, 250, 90, 55, 45, 42, 31]]
    )
    ax = plots.steps_to_goal(batches, steps)
    drawn.axes_say(ax, "batch size", "steps to the goal")
    for cloud, one in zip(ax.lines[:3], steps, strict=True):
        assert cloud.get_xydata().tolist() == np.c_[batches, one].tolist()
    assert ax.lines[3].get_ydata().tolist() == [900, 250, 100, 55, 50, 40, 30]
    half = ax.lines[4]
    assert np.asarray(half.get_xdata()) * np.asarray(half.get_ydata()) == pytest.approx(np.full(7, 900))
    assert "batch 1: 900; batch 512: 40; batch 1024: 30" in ax.alt


def test_by_hand():
    library = SimpleNamespace(rates=RATES, losses=np.array([3.0, 1, 50]))
    mine, theirs = plots.by_hand((RATES, np.array([2.0, 0.5, 9])), library)
    for ax, losses in ((mine, [2, 0.5, 9]), (theirs, [3, 1, 20])):
        drawn.axes_say(ax, "rate of the step", "loss")
        assert ax.lines[0].get_xydata() == pytest.approx(np.c_[RATES, losses])
    assert "3 steps from 0.01" in mine.alt
    assert not plots.by_hand((..., ...), library)[0].lines


def test_four_logs():
    logs = {
        letter: (f"case {letter}", ("loss", np.array([4.0, 2, k])), ("size", np.array([1.0, k, np.nan])))
        for k, letter in enumerate("ABCD", 1)
    }
    panels = plots.four_logs(logs)
    for k, letter in enumerate("ABCD", 1):
        above, below = panels[k - 1], panels[k + 3]
        assert above.lines[0].get_ydata().tolist() == [4, 2, k] and above.get_ylabel() == "loss"
        np.testing.assert_array_equal(below.lines[0].get_ydata(), [1, k, np.nan])
        drawn.axes_say(below, "epoch", "size")
        assert drawn.upright(below) == [2] and drawn.upright(above) == []
        assert above.alt == f"Log {letter}, loss against epoch: from 4 to {k}." and below.alt.endswith("to nan.")


def test_the_words_of_a_log_count_its_curves_and_see_a_swing():
    """Five swings between 0 and 5.5 are no way "from 0 to 0", and a curve that turns once is no swing."""
    swing, falling = np.array([0, 5.5] * 5), np.linspace(4, 2, 10)
    logs = {"A": ("one", ("loss", falling), ("w", swing)), "B": ("two", ("loss", [falling, falling]), ("w", swing[:4]))}
    logs |= {"C": ("three", ("loss", falling), ("w", np.r_[0, 0.5, swing[1:]])), "D": logs["A"]}
    said = [panel.alt.partition(" against epoch")[2] for panel in plots.four_logs(logs)]
    assert said[0] == ": from 4 to 2." and said[4] == ": at every step between about 0 and 5.5."
    assert said[1] == ", 2 curves: from 4 to 2 and from 4 to 2." and said[5] == ": from 0 to 5.5."
    assert said[6] == ": from 0 to 5.5."  # it goes up twice at first


def test_no_stray_stop_where_a_picture_has_no_title():
    problem, rates = least_squares(*line()), np.geomspace(1e-3, 10, 9)
    test = SimpleNamespace(rates=rates, losses=rates, smoothed=rates + 1, suggestion=0.03, least=0.3, explosion=5.0)
    drawings = plots.trials({"log": descend(problem, [0.01, 0.1], 20)}), plots.range_test(test)
    for ax in (*drawings, plots.range_test(test, told=False), plots.floors(np.linspace(0.5, 1.5, 101), 0.0008)):
        assert ". ." not in ax.alt and ": :" not in ax.alt and ". :" not in ax.alt and ax.alt[0].isupper(), ax.alt


def test_ends_now():
    """Two starts at one rate on unseen points of y = 3x + 1: the marks stand at the loss there, by hand."""
    problem, X = least_squares(*line()), np.array([[1.0], [5]])
    runs = {"zero": descend(problem, RATES[:2], 3), "far": descend(problem, RATES[:2], 3, start=[3.0, 1.5])}
    for k, rate in enumerate(RATES[:2]):
        shows = {"unseen": (X, np.array([4.0, 16])), "problem": problem}
        ax = plots.still(plots.ends_now, {name: run[k] for name, run in runs.items()}, runs=runs, **shows)
        drawn.axes_say(ax, "learning rate η", "unseen loss")
        ends = [drawn.line_run(rate, 3, start)[0][-1] for start in ((0.0, 0.0), (3.0, 1.5))]
        losses = [((w + b - 4) ** 2 + (5 * w + b - 16) ** 2) / 2 for w, b in ends]
        for each, loss in zip(ax.lines, losses, strict=True):
            assert each.get_xydata() == pytest.approx(np.array([[rate, np.clip(loss, 0.08, 20)]]))
        assert [text.get_text() for text in ax.get_legend().get_texts()] == ["start: zero", "start: far"]
        assert len({(drawn.colour(each), each.get_marker()) for each in ax.lines}) == 2
        said = ", ".join(f"from {name} {number(loss, 2)}" for name, loss in zip(runs, losses, strict=True))
        assert ax.alt == f"Loss on unseen digits at rate {rate:g}: {said}."


def test_the_games_least_loss():
    """Of a sweep and of a single run; what was lost does not count."""
    losses = np.array([[3.0, 2, 1.5], [3, 1, 0.7], [3, np.nan, np.nan]])
    sweep = game.Tries(RATES, losses, np.array([2, 2, 1]), "sgd", "cosine")
    alone = game.Tries(np.array(0.5), np.array([3.0, 0.9]), np.array(1), "adam", "constant")
    assert least_of([sweep, alone]) == "3 runs; the least 0.7 at 0.1 (sgd, cosine, 2 epochs)."
    assert (
        least_of([alone]) == "1 run; the least 0.9 at 0.5 (adam, constant, 1 epoch)." and least_of([]) == "0 runs yet."
    )


def test_a_game_draws_what_was_paid_and_no_more():
    """A run of 2 of 4 epochs is drawn to epoch 2."""
    ax, some = (
        Figure().subplots(),
        game.Tries(np.array(0.1), np.array([3.0, 2, 1.5, 1, 0.9]), np.array(2), "sgd", "cosine"),
    )
    board = SimpleNamespace(tries=[some], live=None)
    assert game_now(ax, board)(board) == "Judging loss against epoch of 1 runs."
    assert ax.lines[0].get_xydata().tolist() == [[0, 3], [1, 2], [2, 1.5]]


def test_weights_as_images():
    """Ten images of 8 by 8 in two rows, a pixel of white around each; red where a weight is above 0."""
    weights = np.random.default_rng(0).normal(size=650)  # of each digit 64 and a bias
    one = SimpleNamespace(weights=weights[None], rate=0.1)
    ax = plots.still(plots.weights_from("half"), {"half": one})
    shown, each = np.asarray(ax.images[0].get_array()), weights.reshape(10, 65)[:, :64].reshape(10, 8, 8)
    assert shown.shape == (20, 50)
    for k in range(10):
        top, left = 10 * (k // 5) + 1, 10 * (k % 5) + 1
        np.testing.assert_array_equal(shown[top : top + 8, left : left + 8], each[k])
    low, high = ax.images[0].get_clim()
    assert low == -high and ax.images[0].cmap(1.0)[0] > ax.images[0].cmap(0.0)[0]
    assert ax.get_xlim() == (-0.5, 49.5) and ax.get_ylim() == (21.5, -0.5)
    assert "start: half" in ax.texts[0].get_text() and "at rate 0.1 from half" in ax.alt


def test_reveal():
    """Of problem 3, as it is stored: sealed losses, and of them that of the least judging loss."""
    judging, sealed = np.load(FOLDER / "game.npz")["sweeps"][3].astype(float)
    rates = 10 ** np.linspace(-4, 3, 49)
    r, s, k = np.unravel_index(np.nanargmin(judging), judging.shape)
    best = ("sgd", "momentum", "adam")[r], ("constant", "cosine")[s]
    losses = np.array([[2.0, 1, np.nan], [2, 3, 50]])
    one = game.Tries(np.array([0.01, 10]), losses, np.array([1, 2]), "adam", "cosine")
    score = game.Score(0.01, "adam", "cosine", 1.5, 2.5, (*best, rates[k]), 3)
    played = SimpleNamespace(number=3, tries=[one], score=score)
    other = SimpleNamespace(number=3, tries=[], score=None)
    ax = plots.reveal(played, other)
    drawn.axes_say(ax, "learning rate η (full: constant; dashed: cosine)", "sealed loss")
    legend = ax.get_legend()
    names = {text.get_text(): h for text, h in zip(legend.get_texts(), legend.get_lines(), strict=True)}
    curves = [each for each in ax.lines if len(each.get_xdata()) == 49]
    for i, name in enumerate(("sgd", "momentum", "adam")):
        for j, style in enumerate(("-", "--")):
            (curve,) = [
                c for c in curves if drawn.colour(c) == drawn.colour(names[name]) and c.get_linestyle() == style
            ]
            low, high = ax.get_ylim()
            np.testing.assert_allclose(curve.get_xydata(), np.c_[rates, np.clip(sealed[i, j], low, high)])
    ring = drawn.dot(ax, rates[k], sealed[r, s, k])
    assert (ring.get_marker(), ring.get_markerfacecolor()) == ("o", "none")
    assert (0.01, 1.0) in drawn.dots(ax, "^"), "the try stopped after one epoch"
    (far,) = [each for each in ax.lines if each.get_marker() == "^" and list(each.get_xdata()) == [10]]
    assert far.get_markerfacecolor() == "white" and 3 < far.get_ydata()[0] < ax.get_ylim()[1]
    assert drawn.dots(ax, "*") == [(0.01, 1.5)]
    assert [(text.get_text(), text.xy[0]) for text in ax.texts] == [("1", 0.01), ("2", 10)]
    said = f"the sealed best is {', '.join(best)}, {number(rates[k], 2)}. 1 submitted: ratio 2.5."
    assert ax.alt == f"Problem 3: sealed loss against rate; {said}"
