"""Do the tests of lrcore fail when lrcore is broken?  .venv/bin/python tools/mutate.py [rules search … every=5]

Breaks one operator, comparison or number at a time in the math half, and runs the quick unit tests on each such
mutant: it is killed when a test fails. Those that live are listed; tools/mutants.txt names the ones that were looked
at and found to change nothing that can be seen, with the reason. `every=5` takes one mutant in five. Not part of
`make test`: it takes half an hour. The files stay as they are: a mutant lives in the memory of a forked process.
"""

import ast
import contextlib
import copy
import importlib.machinery
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = {  # a file of lrcore → the tests that are run on its mutants, those that say most first
    "rules": ["rules"],
    "clock": ["schedules", "descent"],
    "schedules": ["schedules"],
    "problems/problem": ["problems", "descent"],
    "problems/models": ["problems", "descent"],
    "problems/classifiers": ["problems"],
    "problems/surfaces": ["problems"],
    "descent": ["descent", "search"],
    "run": ["descent", "search"],
    "search": ["search", "lesson04"],
}
SECONDS = 90  # a mutant that takes longer than this hangs, and counts as killed
WORKERS = 2
SWAPS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


def variants(node):
    """Each way to break one node: a broken copy."""
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign) and type(node.op) in SWAPS:
        yield altered(node, op=SWAPS[type(node.op)]())
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in SWAPS:
        yield altered(node, ops=[SWAPS[type(node.ops[0])]()])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not | ast.Invert):
        yield node.operand
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield altered(node, value=node.value + 1)
        if isinstance(node.value, int) and node.value > 1:
            yield altered(node, value=node.value - 1)
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        yield altered(node, value=not node.value)
    if isinstance(node, ast.If | ast.IfExp):
        yield altered(node, test=ast.UnaryOp(ast.Not(), node.test))
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("max", "min")
    ):
        yield altered(node, func=altered(node.func, attr={"max": "min", "min": "max"}[node.func.attr]))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("max", "min"):
        yield altered(node, func=ast.Name({"max": "min", "min": "max"}[node.func.id], ast.Load()))


def altered(node, **fields):
    node = copy.copy(node)
    for name, value in fields.items():
        setattr(node, name, value)
    return node


def mutants(tree):
    """(name, source) of each mutant of a module; the name says where and what."""
    seen = {}

    def walk(node, where):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            where = f"{where}.{node.name}" if where else node.name
        if isinstance(node, ast.JoinedStr):  # the words of a message
            return
        for name, value in ast.iter_fields(node):
            for i, child in enumerate(value if isinstance(value, list) else [value]):
                if not isinstance(child, ast.AST):
                    continue
                for broken in variants(child):
                    said = f"{where}: {short(child)} → {short(broken)}"
                    seen[said] = seen.get(said, 0) + 1
                    put(node, name, i, broken)
                    source = ast.unparse(ast.fix_missing_locations(tree))
                    put(node, name, i, child)
                    yield said if seen[said] == 1 else f"{said} ({seen[said]})", source
                yield from walk(child, where)

    def put(node, name, i, child):
        if isinstance(getattr(node, name), list):
            getattr(node, name)[i] = child
        else:
            setattr(node, name, child)

    yield from walk(tree, "")


def short(node):
    return ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split("\n")[0]


def killed(path, source, tests):
    """Run the tests in a forked process in which `path` reads as `source`; True if one fails."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        with contextlib.suppress(BaseException):
            os._exit(1 if fails(path, source, tests) else 0)
        os._exit(1)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status != 0
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def fails(path, source, tests):
    import hypothesis
    import pytest

    usual = importlib.machinery.SourceFileLoader.get_code

    def get_code(loader, name):
        return compile(source, loader.path, "exec") if loader.path == str(path) else usual(loader, name)

    importlib.machinery.SourceFileLoader.get_code = get_code
    sys.path.insert(0, str(ROOT))
    hypothesis.settings.register_profile(
        "quick", max_examples=15, derandomize=True, deadline=None, database=None
    )
    hypothesis.settings.load_profile("quick")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1), os.dup2(silence, 2)
    files = [str(ROOT / "tests" / f"test_{name}.py") for name in tests]
    options = [
        "-x",
        "-q",
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
        "-p",
        "no:cacheprovider",
        "-k",
        "not quarter_of_a_second",
        f"--rootdir={ROOT}",
    ]
    return pytest.main([*options, *files]) != 0


def main(names):
    import hypothesis.extra.numpy  # noqa: F401, imported here so that the forked processes need not
    import pytest  # noqa: F401

    sys.dont_write_bytecode, sys.pycache_prefix = False, tempfile.mkdtemp()
    every = max([1, *(int(name[6:]) for name in names if name.startswith("every="))])
    names = [name for name in names if not name.startswith("every=")]
    listed = (ROOT / "tools" / "mutants.txt").read_text(encoding="utf-8").splitlines()
    known = {line.split(" # ")[0].strip() for line in listed if line and not line.startswith("#")}
    work = []
    for name in names or TESTS:
        path = ROOT / "lrcore" / f"{name}.py"
        text = path.read_text(encoding="utf-8")
        if killed(path, text, TESTS[name]):
            sys.exit(f"The tests of {name} fail before anything is broken: {', '.join(TESTS[name])}")
        work += [(name, path, said, source) for said, source in list(mutants(ast.parse(text)))[::every]]
    begun, dead, alive = time.monotonic(), {}, []
    for name, said, is_dead in run(work):
        dead.setdefault(name, []).append(is_dead)
        if not is_dead:
            alive.append(f"{name} {said}")
            print(f"alive: {name} {said}" + " (known)" * (alive[-1] in known), flush=True)
    print()
    for name, found in dead.items():
        print(f"{name}: {sum(found)} of {len(found)} killed, {100 * sum(found) / len(found):.1f} %")
    total = [is_dead for found in dead.values() for is_dead in found]
    fresh = [said for said in alive if said not in known]
    print(
        f"{sum(total)} of {len(total)} mutants killed, {100 * sum(total) / len(total):.1f} %; of those alive "
        f"{len(alive) - len(fresh)} are known to change nothing; {time.monotonic() - begun:.0f} s"
    )
    return len(fresh)


def run(work):
    """(name, what was broken, killed) of each mutant, in order, WORKERS at a time."""
    pipes = []
    for k in range(WORKERS):
        end, own = os.pipe()
        if os.fork() == 0:
            with os.fdopen(own, "w") as out:
                for name, path, _, source in work[k::WORKERS]:
                    print(int(killed(path, source, TESTS[name])), file=out, flush=True)
            os._exit(0)
        os.close(own)
        pipes.append(os.fdopen(end))
    for i, (name, _, said, _) in enumerate(work):
        yield name, said, pipes[i % WORKERS].readline().strip() != "0"


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
