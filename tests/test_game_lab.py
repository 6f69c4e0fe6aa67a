"""The game of lesson 07 in JupyterLab, in Chromium: played with the keyboard alone."""

import json

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from conftest import ROOT
from lrlab import game
from test_explorer_lab import RESTART, RUN

CELLS = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom lrlab import game\none = game.sealed(7)", "one.panel()"
LAST = "open('ledger', 'w').write(f'{one.spent} {one.tries[0].rate} {one.score.ratio}')"
SAYS = "text => document.querySelector('.lr-explorer [role=status]').textContent.includes(text)"
READY = "text => document.querySelector('.lr-explorer button').textContent.startsWith(text)"


def test_it_is_played_with_the_keyboard(lab, browser):
    book = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, lab.folder / "game.ipynb")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(60_000)
    page.goto(lab.address("game.ipynb"))
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.evaluate("window.jupyterapp.restored")
    page.evaluate(RUN)
    board = page.locator(".lr-explorer")
    slider, typed = board.locator("input[type=range]"), board.locator("input[type=text]")
    run, submit = board.locator("button").first, board.locator("button").last
    slider.focus()
    for _ in range(40):  # twenty stops a decade: from 0.1 to 10
        page.keyboard.press("ArrowRight")
    assert float(typed.input_value()) == 10
    board.locator("select").nth(2).select_option("20")
    run.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(READY, arg="Stop")
    page.wait_for_function(SAYS, arg=" 2 epochs")
    typed.fill("1")  # what is half typed stays, though the run goes on
    page.wait_for_timeout(500)
    assert typed.input_value() == "1"
    typed.fill("10")
    run.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(READY, arg="Run")
    typed.fill("fast")
    page.keyboard.press("Tab")
    assert "a number from" in board.locator(".lr-note").inner_text()
    submit.focus()
    page.keyboard.press("Enter")
    assert "sure?" in submit.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_function(SAYS, arg="Ratio")
    ratio = game.judged(7, 10)[1]
    assert f"Ratio {ratio:.3g}" in board.locator("[role=status]").inner_text()
    assert run.get_attribute("aria-disabled") == submit.get_attribute("aria-disabled") == "true"
    spent = page.evaluate(SPENT, LAST) and (lab.folder / "ledger").read_text().split()
    assert 2 <= int(spent[0]) < 20 and json.loads(spent[1]) == 10
    page.evaluate(RESTART)
    page.close()


SPENT = """async code => { const { kernel } = window.jupyterapp.shell.currentWidget.context.sessionContext.session;
  await kernel.requestExecute({code}).done; return true; }"""
