"""Frames: in which order they are drawn, and what their SVG holds."""

import asyncio
import base64
import io
import json
import re
import zlib
from concurrent.futures import ThreadPoolExecutor

import matplotlib
import numpy as np
import pytest
from PIL import Image

from lrcore import least_squares, line, logistic, school_district
from lrlab import explore, plots
from lrlab.explore import show
from lrlab.explore.explorer import coarse_to_fine
from lrlab.explore.frames import relative, tidied

PROBLEM = least_squares(*line())


def made(draw=(plots.weight_now, plots.loss_now)):
    return explore.rate_explorer(PROBLEM, 50, (0.001, 0.2), 0.1, draw=draw)


@pytest.mark.parametrize("count", [1, 2, 3, 8, 61, 200])
def test_frames_are_drawn_from_coarse_to_fine(count):
    """Each once; the last first, and by halves: with a frame for every 2ᵏ stops, no gap is wider than 2ᵏ."""
    order = list(coarse_to_fine(range(count)))
    assert sorted(order) == list(range(count)) and order[0] == count - 1
    for gap in (2**k for k in range(8) if 2**k < count):
        early = sorted(order[: -(-count // gap) + 1])
        assert max(np.diff(early)) <= gap, (gap, early)


def test_a_frame_holds_the_run_and_nothing_else():
    """The curve of w in the SVG, put back into data coordinates, is the loop written by hand."""
    explorer = made(draw=plots.weight_now)
    w, b, seen = 0.0, 0.0, [0.0]
    X, y = np.array([1.0, 2, 3, 4]), np.array([3.0, 6, 9, 12])
    for _ in range(50):
        error = w * X + b - y
        w, b = w - 0.1 * 2 * (error * X).mean(), b - 0.1 * 2 * error.mean()
        seen.append(w)
    ((piece,), _, _) = explorer.frame({"rate": 0.1})
    points = np.array(re.findall(r"[ML] ([\d.]+) ([\d.]+)", piece), float)
    ax = explorer.stage.figures[0].axes[0]
    height = ax.figure.bbox.height
    x, y = ax.transData.inverted().transform(np.c_[points[:, 0], height - points[:, 1]]).T
    assert np.abs(np.interp(np.arange(51), x, y) - seen).max() < 0.02 * np.ptp(ax.get_ylim())


def test_nobodys_matplotlibrc_comes_through(monkeypatch):
    plain = made().frame({"rate": 0.1})
    scenery = made().stage.scenery()
    for name, value in {"lines.linewidth": 9, "axes.facecolor": "black", "font.size": 5, "text.usetex": True}.items():
        monkeypatch.setitem(matplotlib.rcParams, name, value)
    before = dict(matplotlib.rcParams)
    spoiled = made()
    assert spoiled.frame({"rate": 0.1}) == plain and spoiled.stage.scenery() == scenery
    assert dict(matplotlib.rcParams) == before, "the style sheet leaked"


def test_ids_are_marked_and_numbers_in_texts_stay():
    svg = '<svg a="1"><g id="t"><text x="1.24" y="2">loss 2.956</text></g><use href="#m1" clip-path="url(#p)"/></svg>'
    assert tidied(svg) == (
        '<g><text x="1.2" y="2">loss 2.956</text></g><use href="#\ue0000" clip-path="url(#\ue0001)"/>'
    )
    explorer = made()
    for piece in [*explorer.stage.scenery(), *explorer.frame({"rate": 0.1})[0]]:
        assert set(re.findall(r'\bid="(.)|url\(#(.)|href="#(.)', piece)) <= {
            ("\ue000", "", ""),
            ("", "\ue000", ""),
            ("", "", "\ue000"),
        }
        assert "<style" not in piece and "metadata" not in piece


def test_a_path_in_steps():
    """By hand: after z the pen is back at the start of its part; a step of no length is left out, but for a first."""
    path = "M 10 20 L 12 19.5 L 12 19.5 L 10 20 z M 1 1 L 1 1 C 1 2 3 4 5 6 "
    assert relative(f'<path d="{path}"/>') == '<path d="m10 20l2 -0.5 -2 0.5zm-9 -19l0 0c0 1 2 3 4 5"/>'
    lines = relative('<path d="M 1 1 L 2 3 L 2 3 L 5 3 M 9 9 M 3 3 L 4 4.5 "/>')
    assert lines == '<path d="m1 1l1 2 3 0m4 6m-6 -6l1 1.5"/>', "lines alone, and two moves that are no line"
    for other in ("M 1 1 A 1 1 0 0 1 2 2 ", "M nan 1 L 2 2 "):
        assert relative(f'<path d="{other}"/>') == f'<path d="{other}"/>'


def test_panels_of_other_heights_stand_on_white():
    """A deck's picture for where no widget runs: the lower panel ends in its own white, not in black."""

    def low(ax, runs):
        return lambda run: ax.plot(run.epochs, run.losses) and "Loss."

    low.size = (280, 140)
    picture, _, width, height = made((plots.loss_now, low)).png
    page = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))
    below = page[int(0.6 * len(page)) : int(0.85 * len(page)), int(0.75 * page.shape[1]) :]
    assert (below == 255).all() and page.shape[1] / page.shape[0] == pytest.approx(width / height, rel=0.01)


def test_a_handout_has_three_of_the_rates():
    """Of the slider's named rates the first three, the first setting among them, from small to large."""
    page = made().static(most=50)
    (strip,) = re.findall(r'data-strip="([^"]*)"', page)
    rates = [float(rate) for rate in strip.split()]
    assert len(rates) == 3 and rates == sorted(rates) and 0.1 in rates


def test_all_frames_are_there_within_three_seconds():
    """While nothing else is to do, and the kernel answers in between."""
    explorer, turns = made(plots.loss_now), []
    sent = explorer.widget.sent = lambda key, frames: turns.append(len(frames))

    async def looks():
        explorer.fill(explorer.first)
        for _ in range(150):
            await asyncio.sleep(0.02)
            if turns:
                break

    with ThreadPoolExecutor(1) as aside:  # in this thread a browser's loop may run
        aside.submit(lambda: asyncio.run(looks())).result()
    assert sent and turns == [len(explorer.rate.stops)]


def test_what_is_a_picture_in_a_scenery_is_sharp():
    """Thousands of houses are pixels there: twice as many a side as the page has of its own."""
    data = school_district(split=None)
    explorer = explore.rate_explorer(logistic(*data), 5, (0.1, 50), 1, draw=plots.map_now)
    (svg,) = explorer.stage.scenery()
    (inside,) = re.findall(r"<image[^>]*>", svg)
    pixels = Image.open(io.BytesIO(base64.b64decode(re.search(r"base64,([^\"]+)", inside)[1]))).width
    assert pixels == pytest.approx(2 * 96 / 72 * float(re.search(r' width="([\d.]+)"', inside)[1]), rel=0.02)


@pytest.mark.parametrize("large", [False, True])
def test_only_a_large_pack_is_in_whole_points(large, monkeypatch):
    """Otherwise in tenths, so that a line does not tremble."""
    monkeypatch.setattr(show, "LARGE", 100 if large else 10**9)
    (pack,) = re.findall(r'data-pack="([^"]*)"', made(plots.loss_now).static(most=50))
    frames = json.loads(zlib.decompress(base64.b64decode(pack)))["packs"][""]
    paths = "".join(re.findall(r' d="([^"]*)"', "".join(frames["0.1"][0])))
    assert ("." not in paths) == large and len(paths) > 100
