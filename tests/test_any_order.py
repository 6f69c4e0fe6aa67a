"""A lesson that has run once can be run on in any order: no cell spoils what another one needs."""

import os
import random

import nbformat
import pytest
from nbclient import NotebookClient

import form

LESSONS = [path for path in form.lessons() if os.environ.get("EVERY_LESSON") or path.stem.startswith("00")]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_runs_in_any_order_twice(path):
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    order = list(range(len(cells)))
    for seed in (1, 2):
        order += random.Random(seed).sample(range(len(cells)), len(cells))
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cells[k].source) for k in order])
    place = {"metadata": {"path": path.parent}}
    NotebookClient(book, timeout=300, kernel_name="python3", store_widget_state=False, resources=place).execute()
