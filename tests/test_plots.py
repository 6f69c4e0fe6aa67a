"""Plots: what every picture has, what leaves a plot, colours that a colour-blind eye tells apart, numbers in words."""

import base64
import gc
import io
import itertools
import subprocess
import sys
import weakref

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from PIL import Image

from lrcore import descend, least_squares, line
from lrlab import plots
from lrlab.figure import alternative
from lrlab.plots import number

PROBLEM = least_squares(*line())
RUN = descend(PROBLEM, [0.01, 0.1, 0.12, 1], 200)
DRAWN = {
    "losses": lambda **k: plots.losses(RUN, **k),
    "weight": lambda **k: plots.weight(RUN, target=3, **k),
    "path": lambda **k: plots.path(RUN[:3], PROBLEM, **k),
}


VIEWS = {
    "loss_now": (plots.loss_now, {}),
    "weight_now": (plots.weight_now, {"target": 3}),
    "path_now": (plots.path_now, {"problem": PROBLEM}),
    "bowl_now": (plots.bowl_now, {"problem": least_squares(*line(), bias=False)}),
    "race_now": (plots.race_now, {"problem": PROBLEM}),
}


def texts(ax):
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawing_shows_itself_as_a_small_picture_and_text(name):
    before = dict(matplotlib.rcParams)
    ax = DRAWN[name]()
    data, metadata = ax._repr_mimebundle_()
    assert dict(matplotlib.rcParams) == before, "the style sheet leaked"
    picture = base64.b64decode(data["image/png"])
    assert len(picture) < 60_000
    size = metadata["image/png"]
    assert Image.open(io.BytesIO(picture)).size == (2 * size["width"], 2 * size["height"])
    assert data["text/plain"] == size["alt"] == ax.alt and ax.alt.endswith(".")
    assert ax.get_title(loc="left") and any(letter.isdigit() for letter in ax.alt)
    assert ax._repr_mimebundle_()[0] == data, "drawn twice, not the same"


def test_a_figure_that_was_shown_keeps_no_pixels(monkeypatch):
    drawn_on, draw = [], FigureCanvasAgg.draw

    def noted(canvas):
        draw(canvas)
        drawn_on.append(weakref.ref(canvas.get_renderer()))

    monkeypatch.setattr(FigureCanvasAgg, "draw", noted)
    ax = plots.losses(RUN)
    ax._repr_mimebundle_()
    gc.collect()
    assert drawn_on and [kept() for kept in drawn_on] == [None] * len(drawn_on)


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawing_draws_on_the_axes_it_is_given_and_returns_them(name):
    left, right = plots.panels(2)
    assert DRAWN[name](ax=right) is right
    assert not left.has_data() and right.has_data()
    text = alternative(left.figure)
    assert right.alt in text


def test_text_is_at_least_as_large_as_prose():
    for ax in (plots.losses(RUN), plots.path(RUN[:3], PROBLEM)):
        labels = [ax.xaxis.label, ax.yaxis.label, ax._left_title, *ax.texts, *ax.get_xticklabels()]
        assert min(label.get_fontsize() for label in labels) >= 12


def test_several_panels_are_told_apart_in_the_text():
    left, right = plots.panels(2)
    plots.losses(RUN, ax=left)
    plots.weight(RUN, ax=right)
    assert right._repr_mimebundle_()[0]["text/plain"] == f"Left: {left.alt}\nRight: {right.alt}"
    assert plots.panels(3, 2)._repr_mimebundle_()[0]["text/plain"] == ""


@pytest.mark.parametrize("rate", [0.12, 1, 1000])
def test_a_diverged_run_is_drawn_and_labelled(rate):
    run = descend(PROBLEM, [0.1, rate], 1000)
    assert run.diverged.tolist() == [False, True]
    for ax in (plots.losses(run), plots.weight(run), plots.path(run, PROBLEM)):
        assert any("left at epoch" in text for text in texts(ax))
        assert f"rate {rate:g}" in ax.alt and "left the plot at epoch" in ax.alt
        for drawn in ax.get_lines():
            assert np.isfinite(drawn.get_ydata()).all()
    losses = run.losses[1]
    gone = int(np.argmax(~(losses <= plots.losses(run).get_ylim()[1])))
    assert f"rate {rate:g}: left the plot at epoch {gone}" in plots.losses(run).alt


def test_a_run_that_leaves_and_comes_back_is_drawn_whole():
    run = descend(PROBLEM, [0.001, 0.118], 100)
    ax = plots.still(plots.weight_now, run[1], runs=run[:1])
    assert "it leaves the picture at epoch 1" in ax.alt
    (line, arrow) = ax.get_lines()
    assert len(line.get_ydata()) == 101 and arrow.get_visible()


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_draws_every_run_without_an_explorer(name):
    view, shows = VIEWS[name]
    runs = descend(shows["problem"] if name == "bowl_now" else PROBLEM, [0.001, 0.1, 0.12, 5], 200)
    for k in range(4):
        run = {"a": runs[k], "b": runs[0]} if name == "race_now" else runs[k]
        behind = {"a": runs, "b": runs} if name == "race_now" else runs
        ax = plots.still(view, run, runs=behind, **shows)
        assert ax.alt.endswith(".") and any(map(str.isdigit, ax.alt)) and "\n" not in ax.alt
        moving = [artist for artist in ax.get_children() if artist.get_animated()]
        assert moving, "nothing moves"
        for drawn in ax.get_lines():
            assert np.isfinite(drawn.get_xydata()).all()
        assert ax._repr_mimebundle_()[0]["text/plain"] == ax.alt
    alone = plots.still(view, run["b"] if name != "race_now" and isinstance(run, dict) else run, **shows)
    assert alone.alt


def test_the_curve_of_a_view_is_the_run_itself():
    run = descend(PROBLEM, 0.05, 40)
    both = plots.still((plots.weight_now, plots.loss_now), run)
    np.testing.assert_array_equal(both[0].get_lines()[0].get_ydata(), run.weights[:, 0])
    np.testing.assert_array_equal(both[1].get_lines()[0].get_ydata(), run.losses)
    path = plots.still(plots.path_now, run, problem=PROBLEM).get_lines()[0]
    np.testing.assert_array_equal(np.transpose(path.get_data()), run.weights)
    assert both[0].figure is both[1].figure


def test_where_a_curve_leaves_it_says_when():
    run = descend(PROBLEM, 0.121, 50)
    ax = plots.still(plots.weight_now, run, runs=descend(PROBLEM, [0.01, 0.119, 0.121], 50))
    low, high = ax.get_ylim()
    gone = int(np.argmax((run.weights[:, 0] < low) | (run.weights[:, 0] > high)))
    assert f"it leaves the picture at epoch {gone}" in ax.alt and texts(ax) == [f"epoch {gone}"]
    assert len(ax.get_lines()[0].get_xdata()) == gone + 1


def test_a_loss_below_rounding_is_not_told_digit_by_digit():
    for epochs in (1000, 3000):  # the second ends at exactly 0
        run = descend(PROBLEM, 0.1, epochs)
        assert run.final < 1e-12
        assert "under 1e-12" in plots.losses(run).alt
        assert "under 1e-12" in plots.still(plots.loss_now, run).alt
    assert plots.losses(run).get_ylim()[0] > 1e-13


def linear(colour):
    channels = np.array(to_rgb(colour))
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(light):
    """CIELAB of linear RGB."""
    turn = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.072175],
        [0.0193339, 0.119192, 0.9503041],
    ]
    x, y, z = np.cbrt(np.maximum(np.array(turn) @ light / [0.95047, 1, 1.08883], 0.008856))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


# Machado, Oliveira & Fernandes 2009, severity 1
EYES = {
    "usual": np.eye(3),
    "deuteranope": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    "protanope": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "tritanope": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
    ],
}


@pytest.mark.parametrize("eye", EYES)
def test_the_courses_rates_have_colours_far_apart(eye):
    seen = {
        rate: lab(np.clip(EYES[eye] @ linear(plots.colour(rate)), 0, 1)) for rate in (0.01, 0.1, 0.12, 0.5, 1, 10, 50)
    }
    apart = {pair: np.linalg.norm(seen[pair[0]] - seen[pair[1]]) for pair in itertools.combinations(seen, 2)}
    assert min(apart.values()) > 13, min(apart, key=apart.get)


def test_lines_stand_out_on_white_and_have_a_second_cue():
    looks = [plots.look(rate, marker=True) for rate in (0.01, 0.1, 0.12, 0.5, 1, 10, 50)]
    for look in looks:
        assert 1.05 / (linear(look["color"]) @ [0.2126, 0.7152, 0.0722] + 0.05) > 3
    assert len({look["marker"] for look in looks}) == len(looks)
    assert plots.colour(-0.1) == plots.colour(0.1) == plots.colour(np.float64(0.1))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.08891, "0.0889"),
        (12755.16, "12755"),
        (1.4e62, "1.4e62"),
        (1e-25, "under 1e-12"),
        (-1e-25, "under 1e-12"),
        (0, "0"),
        (-0.0, "0"),
        (-163395, "-163395"),
        (np.inf, "infinite"),
        (-np.inf, "minus infinite"),
        (np.nan, "not a number"),
        (0.00001234, "1.23e-5"),
    ],
)
def test_numbers_in_words(value, words):
    assert number(value) == words


def test_a_table_is_text_and_html():
    table = plots.table({"rate": [0.1, 1], "loss": [0.08891, np.inf], "diverged": [False, True]}, title="Two < three")
    assert repr(table) == (
        "Two < three\nrate      loss  diverged\n----  --------  --------\n"
        " 0.1    0.0889        no\n   1  infinite       yes"
    )
    html = table._repr_html_()
    assert "<caption>Two &lt; three</caption>" in html and '<th scope="row">0.1</th><td>0.0889</td>' in html
    with pytest.raises(ValueError, match="one length"):
        plots.table({"a": [1], "b": [1, 2]})


def test_pyplot_is_not_loaded():
    code = "import sys; from lrlab import explore, plots; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
