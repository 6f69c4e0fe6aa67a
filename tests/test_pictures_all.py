"""Every drawing and every view of the course has a test that reads what it draws."""

import ast
from pathlib import Path

import drawn


def test_every_drawing_and_view_has_its_test():
    tested = {
        node.attr
        for file in Path(__file__).parent.glob("test_pictures*.py")
        for test in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_")
        for node in ast.walk(test)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "plots"
    }
    assert len(drawn.public()) > 50
    assert drawn.public() <= tested, f"what do they draw? {sorted(drawn.public() - tested)}"
