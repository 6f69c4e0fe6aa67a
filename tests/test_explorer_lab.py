"""The instrument in JupyterLab, in Chromium: under the hand, with the kernel busy, after a restart, for every ear."""

import json
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import libraries
from conftest import ROOT
from lrcore import descend, least_squares, line, rules
from lrlab import explore, plots

SETUP = f"""import sys, time
sys.path.insert(0, {str(ROOT)!r})
from lrcore import descend, least_squares, line, rules
from lrlab import explore, plots
problem = least_squares(*line())"""
ONE = """one = explore.rate_explorer(problem, 50, rate=(0.01, 0.2), at=0.03,
    draw=(plots.path_now, plots.weight_now, plots.loss_now), marks=True, exact=[0.119, 0.121],
    dense=problem.limit, drag=True)
one"""
TWO = """two = explore.rate_explorer(problem, 50, rate=(0.001, 0.3), at={"rate": 0.03, "beta": 0.9},
    beta=(0, 0.99), rule={"momentum": rules.momentum, "nesterov": rules.nesterov})
two"""
WRONG = """def mine(rates, seed):
    if seed == 4:
        raise LookupError("my own mistake")
    time.sleep(1.5 * (seed == 5))
    return descend(problem, rates, 20)
explore.explorer(mine, plots.loss_now, (0.001, 0.1), 0.01, seed=explore.new_draw(3))"""
STILL = "plots.losses(descend(problem, [0.01, 0.1], 50))"
PROBLEM = least_squares(*line())

# Marks a cell with an explorer, and brings it into view: JupyterLab draws only the cells near by.
FIND = """async id => {
  const { shell, restored } = window.jupyterapp;
  await restored;
  const panel = shell.currentWidget;
  await panel.context.ready;
  await panel.revealed;
  const book = panel.content;
  const index = book.widgets.findIndex(cell => cell.model.id === id);
  book.activeCellIndex = index;
  await book.scrollToItem(index, 'start');
  book.widgets[index].node.classList.add('lesson-explorer');
}"""
RUN = """async () => {
  const { shell, commands } = window.jupyterapp;
  await shell.currentWidget.context.sessionContext.ready;
  await commands.execute('notebook:run-all-cells');
}"""
RESTART = """async () => {
  const { shell } = window.jupyterapp;
  await shell.currentWidget.context.sessionContext.shutdown();
}"""
SEND = """code => { window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel
  .requestExecute({code}); }"""
GONE = "document.querySelector('.lr-explorer .lr-note').textContent.startsWith('No answer')"
SEEN = """k => { const box = document.querySelectorAll(".lr-explorer")[k];
  return {rate: box.querySelector("input[type=text]").value, status: box.querySelector("[role=status]").textContent,
          note: box.querySelector(".lr-note").textContent,
          alts: [...box.querySelectorAll("svg")].map(svg => svg.getAttribute("aria-label")),
          now: [...box.querySelectorAll("svg")].map(svg => svg.querySelector(".lr-ghost + g").innerHTML)}; }"""


@pytest.fixture(scope="module")
def live(lab, browser):
    """A notebook with explorers, run; what the page complained of is in `page.errors`."""
    book = new_notebook(cells=[new_code_cell(source) for source in (SETUP, ONE, TWO, WRONG, STILL)])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, lab.folder / "explorers.ipynb")
    page = browser.new_page(viewport={"width": 1280, "height": 2600})
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda said: page.errors.append(said.text) if said.type == "error" else None)
    page.goto(lab.address("explorers.ipynb"))
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    page.evaluate("window.jupyterapp.restored")
    page.evaluate(RUN)
    page.wait_for_function("document.querySelectorAll('.lr-explorer [role=status]').length === 3", timeout=60_000)
    page.locator(".jp-OutputArea img").wait_for(timeout=60_000)
    drawn = "open('drawn', 'w').write(str(len(one._drawn['0,0']) + len(two._drawn['0.9|momentum'])))"
    (lab.folder / "drawn").write_text("")  # a busy kernel answers later than we ask
    for _ in range(60):  # until what is drawn while one looks is drawn
        page.evaluate(SEND, drawn)
        page.wait_for_timeout(500)
        if int((lab.folder / "drawn").read_text() or 0) > 400:
            break
    page.wait_for_timeout(1000)
    yield page
    assert not [error for error in page.errors if "404" not in error and "kernels" not in error]
    page.evaluate(RESTART)
    page.close()


@pytest.fixture(scope="module")
def one():
    return eval(ONE.split(" = ", 1)[1].rsplit("\n", 1)[0], {"explore": explore, "plots": plots, "problem": PROBLEM})


def seen(page, k=0):
    return page.evaluate(SEEN, k)


def box(page, k=0):
    return page.locator(".lr-explorer").nth(k)


def type_(page, text, k=0, nth=0):
    field = box(page, k).locator("input[type=text]").nth(nth)
    field.fill(text)
    field.press("Enter")


def until(page, text, k=0, timeout=5000):
    """Wait until the status line says a text."""
    page.wait_for_function(
        "([k, text]) => document.querySelectorAll('.lr-explorer [role=status]')[k].textContent.includes(text)",
        arg=[k, text],
        timeout=timeout,
    )


def test_keys_move_the_linked_panels_and_jupyterlab_does_not_take_them(live, one):
    cells = live.locator(".jp-Cell").count()
    box(live).locator("input[type=range]").focus()
    live.keyboard.press("Home")
    for k, stop in enumerate(one.rate.stops):
        if k % 25 == 0:
            _, texts, status = one.frame({**one.first, "rate": stop})
            until(live, status)
            assert (seen(live)["alts"], seen(live)["status"]) == (texts, status)
        live.keyboard.press("ArrowRight")
    for key in ("d", "d", "x", "a"):  # JupyterLab's own, on a cell
        live.keyboard.press(key)
    assert live.locator(".jp-Cell").count() == cells
    live.keyboard.press("Escape")
    assert not live.evaluate("document.activeElement.closest('.lr-explorer')")


def test_a_typed_rate_is_trained_exactly(live):
    type_(live, "0,0314159")
    final = plots.number(descend(PROBLEM, 0.0314159, 50).final)
    until(live, f"rate 0.0314159: creeps; loss 67.5 → {final}.")
    type_(live, "0.121")
    until(live, f"rate 0.121: diverges; loss 67.5 → {plots.number(descend(PROBLEM, 0.121, 50).final)}.")
    type_(live, "7")
    assert seen(live)["note"] == "learning rate η: a number from 0.01 to 0.2."


def test_beta_is_continuous_and_a_rule_is_chosen(live):
    slider = box(live, 1).locator("input[type=range]").nth(1)
    slider.focus()
    for _ in range(7):
        live.keyboard.press("ArrowLeft")
    beta = float(box(live, 1).locator("input[type=text]").nth(1).input_value())
    assert 0.85 < beta < 0.9
    run = descend(PROBLEM, 0.03, 50, rules.momentum, beta=beta)
    until(live, f"→ {plots.number(run.final)}.", 1)
    box(live, 1).locator("select").select_option("nesterov")
    run = descend(PROBLEM, 0.03, 50, rules.nesterov, beta=beta)
    until(live, f"→ {plots.number(run.final)}.", 1)
    type_(live, "0.1234", 1, 1)
    run = descend(PROBLEM, 0.03, 50, rules.nesterov, beta=0.1234)
    until(live, f"→ {plots.number(run.final)}.", 1)


def test_the_start_is_dragged_over_the_landscape(live):
    type_(live, "0.05")
    until(live, "rate 0.05: ")
    handle = box(live).locator(".lr-start")
    at, before = handle.bounding_box(), seen(live)
    x, y = at["x"] + at["width"] / 2, at["y"] + at["height"] / 2
    live.mouse.move(x, y)
    live.mouse.down()
    live.mouse.move(x + 40, y - 30, steps=8)
    live.mouse.up()
    live.wait_for_timeout(800)
    after = seen(live)
    assert all(was != now for was, now in zip(before["now"], after["now"], strict=True))
    moved = handle.bounding_box()
    assert abs(moved["x"] - at["x"] - 40) < 4 and abs(moved["y"] - at["y"] + 30) < 4
    handle.focus()
    live.keyboard.press("ArrowRight")
    live.wait_for_timeout(500)
    assert seen(live)["alts"] != after["alts"]


def test_python_moves_it_and_follows_the_hand(live, lab):
    live.evaluate(SEND, "one.move(rate=0.119, start=(0, 0))")
    until(live, f"rate 0.119: swings, and settles; loss 67.5 → {plots.number(descend(PROBLEM, 0.119, 50).final)}.")
    box(live).locator("input[type=range]").focus()
    live.keyboard.press("ArrowRight")
    live.wait_for_timeout(500)
    live.evaluate(SEND, "open('said.txt', 'w').write(str(one.values['rate']))")
    live.wait_for_timeout(3000)
    assert float((lab.folder / "said.txt").read_text()) == float(seen(live)["rate"])


def test_what_a_learners_function_raises_is_said(live):
    box(live, 2).get_by_role("button", name="New draw").click()
    live.wait_for_function(
        "document.querySelectorAll('.lr-explorer .lr-note')[2].textContent === 'LookupError: my own mistake'"
    )
    box(live, 2).get_by_role("button", name="New draw").click()
    live.wait_for_function("document.querySelectorAll('.lr-explorer .lr-note')[2].textContent === 'Training …'")
    live.wait_for_function("!document.querySelectorAll('.lr-explorer .lr-note')[2].textContent")


def test_axe_finds_nothing(live):
    live.evaluate(libraries.read("axe-core/axe.min.js"))
    found = live.evaluate("async () => (await axe.run('.jp-OutputArea')).violations.map(v => [v.id, v.nodes[0].html])")
    assert found == []
    assert live.evaluate(
        "[...document.querySelectorAll('.jp-OutputArea img')].map(image => image.alt.slice(0, 20))"
    ) == ["Loss against epoch. "]


@pytest.mark.parametrize("width", [1920, 700])
def test_it_fits_its_window_light_and_dark(live, width):
    live.set_viewport_size({"width": width, "height": 1200})
    live.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    live.wait_for_timeout(800)
    outer = live.locator(".jp-OutputArea-output:has(.lr-explorer)").first.bounding_box()
    for part in box(live).locator("input, button, svg").all():
        inner = part.bounding_box()
        assert inner["x"] + inner["width"] <= outer["x"] + outer["width"] + 1
    assert box(live).evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(255, 255, 255)"
    live.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")
    live.set_viewport_size({"width": 1280, "height": 2600})
    live.wait_for_timeout(500)


def test_while_the_kernel_is_busy_the_slider_moves(live, lab, one):
    live.evaluate(SEND, "import os\nwhile not os.path.exists('free'):\n    time.sleep(0.05)")
    box(live).locator("input[type=range]").focus()
    for key, stop in (("Home", one.rate.stops[0]), ("End", one.rate.stops[-1])):
        live.keyboard.press(key)
        assert seen(live)["status"].startswith(f"rate {stop:g}: ")
    type_(live, "0.0777123")
    started = time.monotonic()
    live.wait_for_function(GONE, timeout=20_000)
    assert time.monotonic() - started < 3  # two seconds, and what a busy machine adds
    (lab.folder / "free").touch()
    until(live, "rate 0.0777123: ", timeout=20_000)
    assert seen(live)["note"] == ""


def test_saved_it_keeps_picture_and_text(live, lab):
    live.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    live.wait_for_timeout(1500)
    cell = json.loads((lab.folder / "explorers.ipynb").read_text("utf-8"))["cells"][1]
    assert {"image/png", "text/plain"} <= set(cell["outputs"][0]["data"])


def test_after_a_restart_what_is_packed_moves_and_the_rest_says_so(live, one):
    live.evaluate(
        "async () => await window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart()"
    )
    live.wait_for_timeout(1000)
    box(live).locator("input[type=range]").focus()
    live.keyboard.press("Home")
    for k in range(60):
        if k % 20 == 0:
            assert seen(live)["status"] == one.frame({**one.first, "rate": one.rate.stops[k]})[2]
        live.keyboard.press("ArrowRight")
    before = seen(live)
    type_(live, "0.0777321")
    live.wait_for_function(GONE, timeout=20_000)
    after = seen(live)
    assert (after["status"], after["now"], after["alts"]) == (before["status"], before["now"], before["alts"])
