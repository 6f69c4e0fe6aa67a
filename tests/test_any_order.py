"""A lesson that has run once can be run on in any order: no cell spoils what another one needs."""

import os
import random

import nbformat
import pytest
from nbclient import NotebookClient

import form

EVERY = bool(os.environ.get("EVERY_LESSON"))


@pytest.mark.skipif(not EVERY, reason="make test-slides does this")
@pytest.mark.parametrize("path", form.lessons(), ids=lambda path: path.stem)
def test_a_lesson_runs_in_any_order_twice(path):
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    order = list(range(len(cells)))
    for seed in (1, 2):
        order += random.Random(seed).sample(range(len(cells)), len(cells))
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cells[k].source) for k in order])
    place = {"metadata": {"path": path.parent}}
    NotebookClient(book, timeout=300, kernel_name="python3", store_widget_state=False, resources=place).execute()
