"""`make test` compares each picture that a lesson stores, and its alternative, with those that its cell draws."""

import base64
import io
import subprocess

import nbformat
import pytest
from PIL import Image

import pictures
from conftest import ROOT
from lrlab import figure

ALT = "A white square."
CELL = """import base64, io
from IPython.display import display
from PIL import Image
file = io.BytesIO()
Image.new("RGB", (64, 64), "white").save(file, "png")
shown = {"image/png": base64.b64encode(file.getvalue()).decode()}
display(shown, raw=True, metadata={"image/png": {"alt": "A white square."}})"""


def stored(colour, alt):
    """A cell that draws a white square, and stores another picture."""
    file = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(file, "png")
    picture = {"image/png": base64.b64encode(file.getvalue()).decode()}
    out = nbformat.v4.new_output("display_data", picture, metadata={"image/png": {"alt": alt}})
    return nbformat.v4.new_code_cell(CELL, outputs=[out], execution_count=1)


@pytest.mark.parametrize("other", ["", "0.153", "0.14"])
def test_a_picture_without_its_word_or_with_another_is_another_picture(other):
    """Of one panel, the smallest that a lesson draws: a label that vanished, or says something else."""

    def drawn(word):
        ax, file = figure.new((600, 300)), io.BytesIO()
        ax.text(0.5, 0.5, word)
        ax.figure.savefig(file, format="png", dpi=2 * figure.DPI)
        return [{"data": {"image/png": base64.b64encode(file.getvalue()).decode()}}]

    assert not pictures.complaints(drawn("0.135"), drawn("0.135"))
    assert pictures.complaints(drawn("0.135"), drawn(other))


def test_a_stored_picture_is_the_one_that_is_drawn(tmp_path):
    cells = [stored("white", ALT), stored("black", ALT), stored("white", "Twelve cats.")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "lesson.ipynb")
    command = ["sh", "tools/test", "-q", "-n", "0", "-p", "no:cacheprovider", tmp_path / "lesson.ipynb"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout
    assert "2 failed, 1 passed" in said, said
    assert "1e+02 % of the stored picture is not what is drawn now: A white square." in said
    assert "the text alternative is stored as 'Twelve cats.', and drawn it is 'A white square.'" in said
