"""The static face: self-contained HTML, the same pictures, moved by key and mouse within a display frame or two."""

import os
import re

import numpy as np
import pytest

import found
from lrcore import least_squares, line, rules
from lrlab import explore, plots
from test_explorers import COURSE, pixels

PROBLEM = least_squares(*line())


@pytest.fixture(scope="module")
def two():
    """An explorer with two controls besides the rate."""
    return explore.rate_explorer(
        PROBLEM,
        50,
        rate=(0.001, 0.15),
        at=0.05,
        draw=plots.path_now,
        marks=True,
        beta=[0, 0.9],
        rule={"momentum": rules.momentum, "nesterov": rules.nesterov},
    )


@pytest.fixture(scope="module")
def face(two):
    return two.static()


@pytest.fixture
def opened(page, tmp_path):
    """Opens explorers' static faces in one page, from a file; returns the page."""

    def at(*faces):
        faces = "".join(faces)
        file = tmp_path / "static.html"
        file.write_text(f"<!doctype html><meta charset=utf-8><title>Static</title>{faces}", encoding="utf-8")
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda said: page.errors.append(said.text))
        page.goto(file.as_uri())
        page.wait_for_timeout(300)
        return page

    yield at
    assert page.errors == [] and page.refused == []


# The decks hold them all to it (`make test-slides`); drawing every frame of every explorer takes a minute.
SOME = COURSE if os.environ.get("EVERY_LESSON") else COURSE[:2]


@pytest.mark.parametrize(("path", "cell"), SOME)
def test_under_a_megabyte_and_nothing_from_elsewhere(path, cell):
    for explorer in found.make(path, cell):
        at = dict(explorer.values)
        face = explorer.static()
        assert len(face.encode()) < 1_000_000
        assert not re.search(r"""(src|href)=["'](?!data:)""", face) and "http" not in face.replace(
            "http-equiv", ""
        )
        assert explorer.values == at, "making the static face moved the explorer"
        explorer.close()


def test_a_small_room_takes_fewer_rates_then_fewer_controls(two):
    small, tiny = two.static(most=600_000), two.static(most=250_000)
    assert len(small.encode()) <= 600_000 and len(tiny.encode()) <= 250_000
    assert small.count("<select") == 1 and tiny.count("<select") == 0


def test_the_script_is_the_same_text_for_every_explorer(face):
    other = explore.rate_explorer(PROBLEM, 10, rate=(0.001, 1), at=0.1).static()
    scripts = {re.search(r"<script>(.*?)</script>", one, re.S)[1] for one in (face, other)}
    assert len(scripts) == 1


def test_every_frame_is_the_picture_of_its_setting(opened, two, face):
    page = opened(face)
    rate, beta = page.locator("input").all()
    rule = page.locator("select")
    for place, momentum, name in (
        (0, 0, "momentum"),
        (3, 1, "momentum"),
        (2, 1, "nesterov"),
        (1, 0, "nesterov"),
    ):
        rate.fill(str(place))
        beta.fill(str(momentum))
        rule.select_option(label=name)
        value = float(rate.get_attribute("aria-valuetext"))
        near = min([*two.rate.grid, *two.rate.marks.values(), 0.05], key=lambda each: abs(each - value))
        two.move(rate=near, beta=[0, 0.9][momentum], rule=name)
        two.frame()
        assert page.locator("[role=status]").inner_text() == two.status
        assert page.locator("img[alt]:not([alt=''])").get_attribute("alt") == two.canvas.text
        seen = pixels(page.locator("img + img").screenshot())
        assert np.abs(seen - two.canvas.array[..., :3]).mean() < 1.5
    two.move(rate=0.05, beta=0, rule="momentum")


def test_keys_mouse_marks_names_and_status(opened, face):
    page = opened(face)
    rate = page.locator("input").first
    assert rate.get_attribute("data-lm-suppress-shortcuts") == "true"
    rate.focus()
    last = None
    for key in "ArrowRight ArrowUp ArrowLeft PageUp PageDown Home End".split():
        page.keyboard.press(key)
        now = float(rate.get_attribute("aria-valuetext"))
        assert now != last and f"η {now:g}," in page.locator("[role=status]").inner_text()
        last = now
    assert last == 0.15
    box = rate.bounding_box()
    page.mouse.click(box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2)
    assert float(rate.get_attribute("aria-valuetext")) < 0.15
    page.get_by_role("button", name="2/λmax = 0.1198").click()
    assert rate.get_attribute("aria-valuetext") == "0.1198"
    assert page.get_by_role("slider", name="learning rate η").count() == 1
    assert page.get_by_role("slider", name="momentum β").count() == 1
    assert page.get_by_role("combobox", name="rule").count() == 1
    assert page.get_by_role("status").count() == 1


def test_two_in_one_page_do_not_touch_one_another(opened, face):
    page = opened(face, explore.rate_explorer(PROBLEM, 10, rate=(0.001, 1), at=0.1).static())
    first, second = page.locator("[role=status]").all()
    said = first.inner_text()
    page.locator(".lr-static").nth(1).locator("input").press("End")
    assert "η 1:" in second.inner_text() and first.inner_text() == said


def test_a_move_is_drawn_in_the_next_frame(opened, face):
    page = opened(face)
    page.locator("input").first.focus()
    page.evaluate(
        """() => {
          window.waits = [];
          addEventListener('keydown', event => {
            const start = event.timeStamp;
            const image = document.querySelector('img + img'), before = image.src;
            const look = () => {
              if (image.src !== before && image.complete) waits.push(performance.now() - start);
              else requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
          });
        }"""
    )
    for k in range(20):
        page.keyboard.press("ArrowRight" if k % 2 else "ArrowLeft")
        page.wait_for_timeout(60)
    waits = page.evaluate("waits")
    assert len(waits) >= 18 and np.median(waits) < 50, waits  # 17 on an idle machine


def test_in_the_environment_that_builds_decks_it_shows_itself(two, monkeypatch):
    monkeypatch.setenv("LRCORE_FACE", "static")
    data, _ = two._repr_mimebundle_()
    assert set(data) == {"text/html", "text/plain"} and data["text/html"].startswith('<div class="lr-static"')
