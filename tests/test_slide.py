"""A figure drawn for a slide: its text is large enough in the box that the slide has; elsewhere nothing changes."""

import base64
import io

import pytest
from PIL import Image

from lrlab import figure, slide


def bundle(ax):
    data, _ = ax._repr_mimebundle_()
    return data


def drawn(size=(720, 400), columns=1):
    axes = figure.panels(columns, size=size)
    for ax in axes:
        ax.plot([0, 1], [0, 1])
        figure.tell(ax, "A line", "A line from 0 to 1.", x="epoch", y="loss")
    axes[0].text(0.5, 0.5, "small", size=7)
    return axes


@pytest.mark.parametrize("room", [(1168, 569), (1168, 330), (640, 640)])
@pytest.mark.parametrize("size, columns", [((720, 400), 1), ((1080, 400), 3), ((560, 520), 1)])
def test_every_text_has_22_pixels_of_its_slide(monkeypatch, room, size, columns):
    monkeypatch.setenv("LRCORE_BOX", "x".join(map(str, room)))
    axes = drawn(size, columns)
    found = bundle(axes)[slide.KIND]
    shown = min(room[0] / found["width"], room[1] / found["height"])  # object-fit: contain
    assert min(text.get_size() for text in axes[0].texts) * 96 / 72 * shown >= 22
    assert found["text"] * shown >= 22
    wide, high = Image.open(io.BytesIO(base64.b64decode(found["png"]))).size
    assert abs(wide - 2 * found["width"]) <= 2
    assert abs(high - 2 * found["height"]) <= 2
    assert max(found["width"] * shown / room[0], found["height"] * shown / room[1]) == pytest.approx(1)


def test_a_notebook_knows_nothing_of_slides(monkeypatch):
    monkeypatch.delenv("LRCORE_BOX", raising=False)
    monkeypatch.delenv("LRCORE_FACE", raising=False)
    axes = drawn()
    assert set(bundle(axes)) == {"image/png", "text/plain"}
    assert axes[0].texts[0].get_size() == 7
    assert slide.panels([(600, 420), (420, 290)]) == [(600, 420), (420, 290)]


def test_the_stored_picture_is_the_same_with_a_slide_beside_it(monkeypatch):
    monkeypatch.delenv("LRCORE_BOX", raising=False)
    plain = bundle(drawn())["image/png"]
    monkeypatch.setenv("LRCORE_BOX", "1168x500")
    assert bundle(drawn())["image/png"] == plain


def test_panels_of_an_instrument_are_cut_down_for_a_slide(monkeypatch):
    monkeypatch.setenv("LRCORE_FACE", "static")
    assert slide.panels([(400, 380), (280, 265)]) == [(284, 270), (280, 265)]
    assert slide.panels([(410, 270), (820, 270)]) == [(273, 270), (547, 270)]


@pytest.mark.parametrize(
    ("text", "letters", "lines"),
    [
        ("Houses above the line are in the district", 34, ["Houses above the line", "are in the district"]),
        ("The house at (0.2, 0.8) gets p = 0.55", 32, ["The house at (0.2, 0.8)", "gets p = 0.55"]),
        ("Least loss: 50 in 149 of 200", 22, ["Least loss: 50", "in 149 of 200"]),
        ("one line", 20, ["one line"]),
    ],
)
def test_no_word_of_a_title_stands_alone(text, letters, lines):
    assert [line.replace("\u00a0", " ") for line in slide.balanced(text, letters)] == lines


@pytest.mark.parametrize(("width", "down"), [(150, [False, True] * 3), (720, [False] * 6)])
def test_names_below_an_axis_do_not_touch(width, down):
    (ax,) = figure.panels(1, size=(width, 300))
    ax.set_xticks(range(6), ["0.01", "0.1", "0.5", "1", "10", "50"])
    slide.apart(ax.figure)
    assert [name.get_text().startswith("\n") for name in ax.get_xticklabels()] == down


def test_a_decade_is_as_large_as_other_text(monkeypatch):
    monkeypatch.setenv("LRCORE_BOX", "1168x500")
    axes = drawn()
    axes[0].set(yscale="log", ylim=(1e-6, 1))
    bundle(axes)
    names = [name.get_text() for name in axes[0].get_yticklabels()]
    assert "10⁻⁶" in names and "0.01" in names and not any("$" in name for name in names)
