"""Every explorer of the course: each control through its whole range, against a run of its own; and what all share."""

import base64
import gc
import io
import weakref

import numpy as np
import pytest
from ipywidgets import Widget
from ipywidgets.widgets import widget as registry
from PIL import Image

import found
from lrcore import least_squares, line, rules
from lrlab import explore, plots
from lrlab.explore.canvas import Canvas
from lrlab.explore.show import bundle
from lrlab.plots import number
from lrlab.plots.picture import style

COURSE = [pytest.param(path, cell.id, id=f"{path.stem[:2]}-{cell.id}") for path, cell in found.cells()]
PROBLEM = least_squares(*line())


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def direct(explorer):
    """The run at what the widgets say, trained alone: nothing looked up."""
    values = {name: control.value for name, control in explorer.controls.items()}
    kinds = explorer.kinds
    others = {name: kinds[name].meant(value) for name, value in values.items() if name != "rate"}
    return explorer.train(values["rate"], **others)


def each(run):
    return run.values() if isinstance(run, dict) else [run]


def check(explorer, other):
    """Picture, text alternative, status and box say what a run of its own says, drawn on a figure of its own."""
    run = direct(explorer)
    for mine, theirs in zip(each(explorer.run), each(run), strict=True):
        np.testing.assert_allclose(mine.losses, theirs.losses, rtol=1e-6, atol=1e-12)
    other.show(run)
    live = explorer.live
    assert np.abs(pixels(live.picture.value) - other.array[..., :3]).mean() < 0.02
    assert live.picture.tooltip == other.text
    for one in each(run):
        if np.isfinite(one.losses).all():
            assert (number(one.final) if one.final > 1e-12 else "under 1e-12") in live.status.value
    for ax in other.axes:
        title = ax._left_title
        assert ax.alt and title.get_window_extent().x1 <= other.figure.bbox.x1 and title.get_fontsize() > 11


def kind_said(explorer):
    """The rate as the box and the status line should have it."""
    said = explorer.live.boxes["rate"].value
    assert float(said) == pytest.approx(explorer.controls["rate"].value, rel=1e-3)
    return said


@pytest.fixture
def made():
    """A plain explorer on the line."""
    explorer = explore.rate_explorer(PROBLEM, 50, rate=(0.001, 1), at=0.1, marks=True)
    yield explorer
    explorer.close()


@pytest.mark.parametrize(("path", "cell"), COURSE)
def test_every_control_through_its_whole_range(path, cell):
    explorers = found.make(path, cell)
    assert explorers, "the cell makes no explorer"
    for explorer in explorers:
        other = Canvas(explorer.draw, explorer.runs, explorer.first, explorer.settings)
        check(explorer, other)
        start, pictures = dict(explorer.values), set()
        rate = explorer.kinds["rate"]
        for k, value in enumerate([*rate.marks.values(), *rate.sample(rate.steps + 1)]):
            explorer.controls["rate"].value = value
            assert explorer.values["rate"] == pytest.approx(value, rel=1e-9)
            assert kind_said(explorer) in explorer.live.status.value
            if k % 4 == 0 or value in (*rate.marks.values(), rate.high):
                check(explorer, other)
            pictures.add(explorer.live.picture.value)
        assert len(pictures) > 0.9 * rate.steps, "the slider moves, the picture does not"
        for name, kind in explorer.kinds.items():
            explorer.move(**start)
            explorer.live.refresh()
            for value in [] if name == "rate" else kind.sample(5):
                explorer.controls[name].value = value
                for at in (rate.low, start["rate"], rate.high):
                    explorer.controls["rate"].value = at
                    check(explorer, other)
        explorer.close()


@pytest.mark.parametrize(("path", "cell"), COURSE)
def test_its_cell_is_tagged_and_stores_picture_and_text(path, cell):
    stored = next(c for p, c in found.cells() if p == path and c.id == cell)
    assert "explorer" in stored.metadata.get("tags", [])
    kinds = [set(output.data) for output in stored.outputs if "data" in output]
    assert {"image/png", "text/plain"} in kinds
    assert not [kind for kind in kinds if any("widget" in each for each in kind)]


def test_the_course_has_explorers():
    assert COURSE


def test_a_blitted_frame_is_the_whole_picture_drawn_anew(made):
    made.move(rate=0.5)
    made.frame()
    made.move(rate=0.05)
    made.frame()
    fresh = Canvas(made.draw, made.runs, made.first, made.settings)
    fresh.show(made.run)
    assert (fresh.array == made.canvas.array).all()
    ax = plots.loss_now.fresh()
    plots.loss_now.set_scene(made.runs, ax=ax)
    plots.loss_now(made.run, ax=ax)
    with style():
        ax.figure.canvas.draw()
    whole = np.asarray(ax.figure.canvas.buffer_rgba()).astype(int)
    assert (np.abs(whole - made.canvas.array).max(axis=-1) > 40).mean() < 0.0002


def test_a_drawing_that_moves_its_axes_is_drawn_whole():
    @plots.drawing(scenery=lambda runs, ax: ax.set(xlim=(0, 50)))
    def roaming(run, ax=None):
        ax.plot(run.epochs, run.losses)
        ax.set(ylim=(0, float(run.rate)))
        plots.tell(ax, "Roams", "Roams.")

    explorer = explore.rate_explorer(PROBLEM, 50, rate=(0.001, 0.1), at=0.1, draw=roaming)
    explorer.frame()
    explorer.move(rate=0.01).frame()
    blitted = explorer.canvas.array.astype(int)
    with style():
        explorer.figure.canvas.draw()
    assert (np.abs(blitted - explorer.canvas.array).max(axis=-1) > 40).mean() < 0.0002


def test_a_curve_that_names_no_colour_keeps_its_own_while_the_slider_moves():
    @plots.drawing(scenery=lambda runs, ax: ax.set(xlim=(0, 50), ylim=(0, 8)))
    def plain(run, ax=None):
        ax.plot(run.epochs, run.losses)
        plots.tell(ax, "Plain", "Plain.")

    explorer = explore.rate_explorer(PROBLEM, 50, rate=(0.001, 0.1), at=0.1, draw=plain)
    first = explorer.canvas.array.copy()
    explorer.move(rate=0.01).frame()
    assert (explorer.canvas.array != first).any()
    explorer.move(rate=0.1).frame()
    assert (explorer.canvas.array == first).all()


@pytest.mark.parametrize("typed", ["fast", "", "nan", "inf", "-0.1", "7", "0"])
def test_what_cannot_be_is_answered_beside_the_control_and_changes_nothing(made, typed):
    live = made.live
    before = (live.picture.value, live.picture.tooltip, live.status.value, dict(made.values))
    live.boxes["rate"].value = typed
    assert (live.picture.value, live.picture.tooltip, live.status.value, made.values) == before
    assert "learning rate η takes a number from 0.001 to 1, got" in live.notes["rate"].value
    assert live.boxes["rate"].value == "0.1" and live.controls["rate"].value == 0.1
    live.boxes["rate"].value = "0.2"
    assert live.notes["rate"].value == "" and made.values["rate"] == 0.2


def test_a_typed_rate_is_trained_on_demand_and_kept(made):
    calls, train = [], made.train
    made.train = lambda rates, **others: calls.append(rates) or train(rates, **others)
    made.live.boxes["rate"].value = "0.0314159"
    assert made.controls["rate"].value == 0.0314159 and "0.0314159" in made.live.status.value
    made.live.boxes["rate"].value = "0.1"
    made.live.boxes["rate"].value = "0.0314159"
    assert [list(rates) for rates in calls] == [[0.0314159]]


def test_all_rates_are_trained_in_one_call_and_a_move_looks_one_up():
    calls = []

    def train(rates, beta):
        calls.append((len(rates), beta))
        return explore.build.descend(PROBLEM, rates, 20, rules.momentum, beta=beta)

    explorer = explore.explorer(train, plots.loss_now, (0.001, 0.1), 0.01, beta=[0, 0.9])
    assert calls == [(61, 0)]
    for value in np.geomspace(0.001, 0.1, 61):
        explorer.controls["rate"].value = value
    assert len(calls) == 1
    explorer.controls["beta"].value = 0.9
    assert calls == [(61, 0), (61, 0.9)]
    explorer.controls["beta"].value = 0
    explorer.controls["rate"].value = 0.001
    assert len(calls) == 2


def test_marks_are_the_bowls_own_rates_and_buttons_to_them(made):
    low, high = np.linalg.eigvalsh([[15, 5], [5, 2]])
    assert list(made.rate.marks.values()) == pytest.approx([1 / high, 2 / (low + high), 2 / high])
    buttons = [part for part in made.live._all() if hasattr(part, "click")]
    assert len(buttons) == 3
    next(button for button in buttons if button.description.startswith("2/λmax")).click()
    assert made.values["rate"] == pytest.approx(2 / high)
    assert "0.1198" in made.live.status.value


def test_an_error_in_a_callback_is_not_swallowed(made):
    def broken(run, ax, **settings):
        raise ZeroDivisionError

    assert made.live
    made.canvas.draw = broken
    with pytest.raises(ZeroDivisionError):
        made.controls["rate"].value = 0.2


def test_text_names_the_controls_and_what_the_run_did(made):
    assert made.text == (
        "Explorer at learning rate η 0.1: final loss 0.00668, still falling.\n"
        "Loss against epoch, rate 0.1: the loss goes from 67.5 to 0.00668.\n"
        "Controls: learning rate η from 0.001 to 1."
    )


def test_shown_outside_a_kernel_it_is_picture_and_text(made):
    data, metadata = bundle(made)
    assert set(data) == {"image/png", "text/plain"}
    assert data["text/plain"] == made.text
    size = pixels(base64.b64decode(data["image/png"])).shape
    assert size[1] == 2 * metadata["image/png"]["width"] and metadata["image/png"]["alt"] in made.text


def test_closed_or_forgotten_it_leaves_no_widget_and_no_figure():
    gc.collect()
    before = len(registry._instances)
    for end in ("close", "forget"):
        explorer = explore.rate_explorer(PROBLEM, 50, rate=(0.001, 1), at=0.1)
        assert isinstance(explorer.controls["rate"], Widget)
        figure = weakref.ref(explorer.figure)
        if end == "close":
            explorer.close()
        else:
            del explorer
        gc.collect()
        assert len(registry._instances) == before
        assert figure() is None


def test_a_closed_explorer_can_be_shown_again(made):
    text = made.text
    made.close()
    assert made.text == text and made.controls["rate"].value == 0.1


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: explore.rate_explorer(PROBLEM, 50, rate=(1, 0.1)), "lower and a higher"),
        (lambda: explore.rate_explorer(PROBLEM, 50, rate=(0, 1)), "above 0"),
        (lambda: explore.rate_explorer(PROBLEM, 50, rate=(0.1, 1), at=2), "from 0.1 to 1, got 2"),
        (lambda: explore.rate_explorer(PROBLEM, 50, rate=(0.1, 1), batch=[1, 99]), None),
    ],
)
def test_a_mistake_in_the_call_is_one_sentence(call, said):
    if said is None:
        with pytest.raises(ValueError):
            call().move(batch=99).run  # noqa: B018
        return
    with pytest.raises(ValueError, match=said):
        call()
