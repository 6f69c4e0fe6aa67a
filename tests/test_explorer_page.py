"""The instrument in a page without a kernel and a network: by keyboard, mouse, touch and typing."""

import base64
import io
import os

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

import found
import libraries
import publish
from lrcore import least_squares, line, rules
from lrlab import explore, plots
from lrlab.explore.frames import relative
from test_explorers import COURSE

PROBLEM = least_squares(*line())
SEEN = """k => { const box = document.querySelectorAll(".lr-explorer")[k];
  return {rate: box.querySelector("input[type=text]").value,
          spoken: box.querySelector("input[type=range]").getAttribute("aria-valuetext"),
          status: box.querySelector("[role=status]").textContent, note: box.querySelector(".lr-note").textContent,
          alts: [...box.querySelectorAll("svg")].map(svg => svg.getAttribute("aria-label")),
          now: [...box.querySelectorAll("svg > g:last-of-type")].map(g => g.innerHTML)}; }"""


@pytest.fixture(scope="module")
def one():
    return explore.rate_explorer(
        PROBLEM,
        50,
        rate=(0.01, 0.2),
        at=0.03,
        draw=(plots.path_now, plots.weight_now, plots.loss_now),
        marks={"limit": PROBLEM.limit},
        exact=[0.119, 0.121],
        dense=PROBLEM.limit,
    )


@pytest.fixture(scope="module")
def two():
    return explore.rate_explorer(
        PROBLEM,
        10,
        rate=(0.001, 0.3),
        at={"rate": 0.03, "beta": 0.9},
        rule=rules.momentum,
        beta=(0, 0.99),
        batch=[2, 4],
        seed=explore.new_draw(3, few=3),
    )


@pytest.fixture
def opened(page, tmp_path):
    """Opens explorers in one sealed page, from a file; the first may stand on a hidden slide."""

    def at(*explorers, hidden=False, query=""):
        faces = [made.static() for made in explorers]
        if hidden:
            faces[0] = f'<section style="display: none">{faces[0]}</section>'
        file = tmp_path / "page.html"
        text = "<!doctype html><html lang=en><head><meta charset=utf-8><title>Page</title></head><body><main>"
        text += f'<h1>Page</h1>{"".join(faces)}<p style="height: 3000px">End</p></main></body></html>'
        file.write_text(publish.sealed(text), encoding="utf-8")
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda said: page.errors.append(said.text))
        page.goto(file.as_uri() + query)
        for said in page.get_by_role("status", include_hidden=True).all():
            expect(said).not_to_be_empty()
        return page

    yield at
    assert page.errors == [] and page.refused == []


def agrees(page, explorer, k=0, **values):
    """What the page shows is what the explorer says at these values."""
    seen = page.evaluate(SEEN, k)
    values = {**explorer.first, **values}
    _, texts, status = explorer.frame(values)
    assert (seen["status"], seen["alts"]) == (status, texts)
    assert seen["rate"] == seen["spoken"] == explorer.rate.said(values["rate"])
    return seen


# The decks hold them all to it (`make test-slides`); drawing every frame of every explorer takes minutes.
SOME = COURSE if os.environ.get("EVERY_LESSON") else COURSE[:2]


@pytest.mark.parametrize(("path", "cell"), SOME)
def test_a_lessons_explorers_are_small(path, cell):
    for explorer in found.make(path, cell):
        more = len(explorer.kinds) - sum(kind.kind == "start" for kind in explorer.kinds.values()) > 1
        assert len(explorer.static().encode()) < (2_000_000 if more else 1_000_000)
        explorer.close()


def test_every_stop_by_keyboard(opened, one):
    page = opened(one)
    agrees(page, one)
    page.locator("input[type=range]").focus()
    page.keyboard.press("Home")
    pictures = set()
    for k, stop in enumerate(one.rate.stops):
        if k % 10 == 0 or stop in one.rate.meant:
            pictures.add(str(agrees(page, one, rate=stop)["now"]))
        page.keyboard.press("ArrowRight")
    assert len(pictures) > 20
    page.keyboard.press("End")
    agrees(page, one, rate=0.2)


def test_frames_in_steps_draw_the_same_picture(page, one):
    """What a deck packs, paths in steps and markers as dots, is the picture that Matplotlib drew."""
    page.set_viewport_size({"width": 420, "height": 290})
    for rate in one.rate.stops[::60]:
        for piece in one.frame({**one.first, "rate": rate})[0]:
            shown = [piece.replace("\ue000", "k"), relative(piece).replace("\ue000", "k")]
            pixels = []
            for each in shown:
                page.set_content(f'<body style="margin: 0"><svg width="420" height="290">{each}</svg>')
                pixels.append(np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("L")).astype(int))
            assert len(shown[1]) < len(shown[0]) and (pixels[0] < 250).sum() > 100
            assert np.abs(pixels[0] - pixels[1]).mean() < 0.15 * np.abs(255 - pixels[0]).mean()


def test_what_is_typed_is_the_stop_or_the_nearest_and_says_which(opened, one):
    page = opened(one)
    box = page.locator("input[type=text]")

    def type_(text):
        box.fill(text)
        box.press("Enter")
        return page.evaluate(SEEN, 0)["note"]

    for text, rate in (("0.119", 0.119), ("0,121", 0.121), ("0.119756", PROBLEM.limit)):
        assert type_(text) == ""
        agrees(page, one, rate=rate)
    by_number = page.evaluate(SEEN, 0)
    page.get_by_role("button", name="limit").click()
    assert page.evaluate(SEEN, 0) == by_number
    near = min(one.rate.stops, key=lambda stop: abs(stop - 1 / 33))
    assert type_("1/33") == f"learning rate η: {near:g} is the nearest that is in this page."
    before = agrees(page, one, rate=near)
    for text in ("fast", "", "7", "-1", "nan", "1/0"):
        assert type_(text) == "learning rate η: a number from 0.01 to 0.2."
        assert page.evaluate(SEEN, 0)["now"] == before["now"] and box.input_value() == f"{near:g}"


def test_every_control_that_is_shown_works(opened, two):
    page = opened(two)
    agrees(page, two)
    page.locator("select").select_option("4")
    agrees(page, two, batch="4")
    beta = page.locator("input[type=range]").nth(1)
    beta.focus()
    page.keyboard.press("Home")
    agrees(page, two, batch="4", beta=0)
    assert int(beta.get_attribute("max")) == 24
    assert page.get_by_role("button", name="New draw").count() == 0, "150 settings would leave too few rates"


def test_a_new_draw_goes_round(opened):
    explorer = explore.rate_explorer(PROBLEM, 10, rate=(0.001, 0.1), at=0.03, batch=2, seed=explore.new_draw(3, few=3))
    page = opened(explorer)
    for seed in (3, 4, 5, 3):
        agrees(page, explorer, seed=seed)
        page.get_by_role("button", name="New draw").click()


def test_two_in_one_page_share_no_id_and_the_first_may_be_hidden(opened, one):
    page = opened(one, one, hidden=True)
    page.locator("input[type=range]").nth(1).focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids)) > 20
    broken = page.evaluate(
        r"""[...document.querySelectorAll(".lr-explorer *")].flatMap(one => [...one.attributes])
          .flatMap(a => [...a.value.matchAll(/url\(#([^)]+)\)/g)].map(m => m[1]).concat(
             a.name.endsWith("href") ? [a.value.slice(1)] : []))
          .filter(id => !document.getElementById(id))"""
    )
    assert broken == []
    agrees(page, one, k=0)
    clipped = page.locator(".lr-explorer").nth(1).locator("svg").first
    clipped.scroll_into_view_if_needed()
    assert clipped.bounding_box()["width"] > 100


def test_keys_of_the_deck_go_to_the_deck(opened, one):
    page = opened(one)
    page.evaluate("addEventListener('keydown', event => (window.keys ??= []).push(event.key))")
    for part in ("input[type=range]", "input[type=text]"):
        page.locator(part).focus()
        before = page.evaluate(SEEN, 0)
        for key in ("PageDown", "PageUp", "Space"):
            page.locator(part).focus()
            page.keyboard.press(key)
            assert page.evaluate("document.activeElement === document.body")
        assert page.evaluate(SEEN, 0) == before
        page.locator(part).focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement === document.body")
    assert page.evaluate("keys") == ["PageDown", "PageUp", " "] * 2


def test_under_a_finger_and_on_a_phone(browser, one, tmp_path):
    file = tmp_path / "phone.html"
    head = '<meta charset=utf-8><meta name="viewport" content="width=device-width">'
    file.write_text(f"<!doctype html>{head}{one.static()}", encoding="utf-8")
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_function("document.querySelector('[role=status]')?.textContent")
    assert page.evaluate("document.documentElement.scrollWidth <= 360")
    for part in page.locator(".lr-explorer :is(input, button)").all():
        assert part.bounding_box()["height"] >= 44
    box = page.locator("input[type=range]").bounding_box()
    page.touchscreen.tap(box["x"] + 0.75 * box["width"], box["y"] + box["height"] / 2)
    place = int(page.locator("input[type=range]").input_value())
    assert place > len(one.rate.stops) / 2
    agrees(page, one, rate=one.rate.stops[place])
    context.close()


def test_axe_finds_nothing(opened, one):
    page = opened(one, one)
    page.evaluate(libraries.read("axe-core/axe.min.js"))
    assert page.evaluate("async () => (await axe.run()).violations.map(v => [v.id, v.nodes[0].html])") == []


def test_the_curve_before_stays_in_grey(opened, one):
    page = opened(one)
    first = page.evaluate(SEEN, 0)["now"]
    page.wait_for_timeout(700)
    page.locator("input[type=range]").focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    ghosts = page.evaluate("[...document.querySelectorAll('.lr-ghost')].map(g => g.innerHTML)")
    for ghost, was in zip(ghosts, first, strict=True):
        assert "#c2c2ca" in ghost and ghost.count("<path") == was.count("<path")


def test_two_thousand_moves_leave_no_memory_behind(opened, one):
    page = opened(one)
    session = page.context.new_cdp_session(page)
    move = """count => { const slider = document.querySelector("input[type=range]");
      for (let k = 0; k < count; k++) {
        slider.value = (k * 37) % slider.max;
        slider.dispatchEvent(new Event("input")); } }"""

    def heap():
        session.send("HeapProfiler.collectGarbage")
        counted = session.send("Memory.getDOMCounters")
        return counted["nodes"], page.evaluate("performance.memory.usedJSHeapSize") / 1e6

    page.evaluate(move, 200)
    nodes, before = heap()
    page.evaluate(move, 2000)
    later, after = heap()
    assert later < nodes + 500 and after - before < 3


ASKED = """async ([module, spec, rates]) => {
  const { default: { render } } = await import("data:text/javascript;base64," + module);
  const asked = [], box = document.body.appendChild(document.createElement("div"));
  let hear, stored = {};
  const frame = [JSON.parse(spec).panels.map(() => ""), JSON.parse(spec).panels.map(() => "alternative"), "a frame"];
  const model = { get: (name) => stored[name] ?? spec, off() {},
    on(name, call) { if (name === "msg:custom") hear = call; },
    send(message) { if (message.ask) { asked.push(message.values.rate);
      hear({ id: message.ask, key: JSON.parse(spec).key, rate: message.values.rate, frame }); } } };
  const bytes = new Blob(['{"key": "", "frames": {}}']).stream().pipeThrough(new CompressionStream("deflate"));
  stored.pack = new Uint8Array(await new Response(bytes).arrayBuffer());
  await render({ model, el: box });
  const input = box.querySelector("input[type=text]");
  for (const rate of rates) { input.value = rate; input.dispatchEvent(new Event("change")); }
  return asked; }"""


def test_typed_rates_are_kept_within_bounds(page, one):
    """What was typed last is there at once; of what was typed long before, the kernel is asked again."""
    module = base64.b64encode((found.ROOT / "lrlab/explore/explore.js").read_bytes()).decode()
    rates = [str(0.02 + k / 100_000) for k in range(300)]
    page.goto("about:blank")
    asked = page.evaluate(ASKED, [module, one.widget.spec, [*rates, rates[-1], rates[0]]])
    typed = [rate for rate in asked if rate in rates]
    assert typed == [*rates, rates[0]]


def test_the_clips_of_hidden_and_shown_are_the_axes(opened, one):
    """A diverging path is cut at its panel's edge: nothing of it is painted over the next one."""
    page = opened(one)
    page.locator("input[type=range]").focus()
    page.keyboard.press("End")
    page.keyboard.press("Escape")
    page.wait_for_timeout(100)
    box = page.locator("svg").first.bounding_box()
    picture = page.locator(".lr-panels").screenshot()
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int)
    gap = pixels[: int(box["height"] * 0.8), int(box["width"]) - 2 : int(box["width"]) + 8]
    assert (gap.sum(axis=-1) > 600).all(), "something is drawn between the panels"
