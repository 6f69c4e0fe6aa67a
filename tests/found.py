"""The explorers of the course, found in its lessons: each is made from its own cell and what that needs."""

import ast

import nbformat

from conftest import ROOT
from lrlab.explore import Explorer


def parsed(source):
    """A cell's syntax tree, empty for what is not Python (nbval says so)."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.parse("")


def names(tree, context):
    """The names that a cell reads (ast.Load) or sets (ast.Store), imports and functions included."""
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, context)}
    own = {arg.arg for node in ast.walk(tree) if isinstance(node, ast.arguments) for arg in node.args}
    for node in ast.walk(tree):
        if isinstance(node, ast.comprehension):
            own |= {each.id for each in ast.walk(node.target) if isinstance(each, ast.Name)}
    found -= own  # the arguments of a lambda and what a comprehension counts with
    if context is ast.Store:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
            elif isinstance(node, ast.FunctionDef):
                found.add(node.name)
    return found


def makes_explorer(tree):
    """Whether a cell calls explore.something(…) that is an explorer."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "explore"
        and node.func.attr != "progress"
        for node in ast.walk(tree)
    )


def cells():
    """(notebook, cell) for every code cell of the lessons that makes an explorer."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, 4).cells:
            if cell.cell_type == "code" and makes_explorer(parsed(cell.source)):
                yield path, cell


def make(path, chosen):
    """Run a cell, and of the cells before it only the statements that it needs; returns its explorers."""
    before = []
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "code":
            last = parsed(cell.source)
            if cell.id == chosen:
                break
            before += last.body
    wanted, run = names(last, ast.Load), [last]
    for statement in reversed(before):
        set_here = names(statement, ast.Store)
        if set_here & wanted and not makes_explorer(statement):
            added = set_here if isinstance(statement, ast.AugAssign) else set()
            wanted = (wanted - set_here) | names(statement, ast.Load) | added
            run.insert(0, ast.Module([statement], []))
    space, shown = {}, []
    if isinstance(last.body[-1], ast.Expr):
        shown.append(last.body.pop().value)
    for tree in run:
        exec(compile(tree, f"{path.name}", "exec"), space)
    made = [eval(compile(ast.Expression(value), f"{path.name} {chosen}", "eval"), space) for value in shown]
    made += [space[name] for name in names(last, ast.Store) if name in space]
    return [one for one in made if isinstance(one, Explorer)]
