"""Do the tests fail when the code is broken?  .venv/bin/python tools/mutate.py [rules plots explore/frames … every=5]

Breaks one operator, comparison or number at a time in lrcore, and in lrlab's plots, explorers, checks and ledger,
and runs the quick tests that belong to the file on each such mutant: it is killed when a test fails. Those that live
are listed; tools/mutants.txt names the ones that were looked at and found to change nothing that can be seen, with
the reason. Names are files, or groups of files: mathematics, plots, explore, check, ledger. `every=5` takes one
mutant in five, drawn by lot; `lot=2` draws others. Not part of `make test`: the mathematics takes half an hour, all
of it a night. The files stay as they are: a mutant lives in the memory of a forked process.

A mutant of a drawing or an explorer that lives through those tests has to live through its lessons too: nbval runs
the lessons that draw it, and compares their texts and pictures with those that are stored, as `make test` does; one
of an explorer also through the tests that start kernels of their own.

With `nbval` the lessons alone are the tests: nbval runs each against its stored outputs on a copy of the course
that holds the mutant, until a cell differs. A mutant takes a minute or two: `nbval every=10` is an hour. Ctrl-C ends
either, with the share so far.
"""

import ast
import contextlib
import functools
import importlib.machinery
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from variants import mutants

ROOT = Path(__file__).resolve().parent.parent
TESTS = {  # a file of lrcore or lrlab → the tests that are run on its mutants, those that say most first
    "rules": ["rules"],
    "schedules": ["schedules"],
    "data": ["data"],
    "problems": ["problems", "curvature", "network", "descent", "own"],
    "descent": ["descent", "run", "own", "mistakes"],
    "search": ["search"],
    "ledger": ["ledger"],
    "fate": ["fate"],
    "measure": ["ledger"],
    "plots/runs": ["pictures", "plots"],
    "plots/paths": ["pictures", "plots"],
    "plots/rates": ["plots", "pictures"],
    "plots/curves": ["pictures", "plots"],
    "plots/over_time": ["pictures", "pictures_07"],
    "plots/choosing": ["pictures"],
    "plots/moving": ["pictures_views", "plots"],
    "plots/map": ["pictures_views"],
    "explore/frames": ["frames", "pictures_views", "explorers"],
    "explore/controls": ["controls", "explorers"],
    "explore/explorer": ["explorers", "frames", "pictures_views"],
    "explore/build": ["explorers", "controls"],
    "explore/show": ["frames", "explorers", "pictures_views"],
    "check/base": ["reading", "check"],
    "check/calling": ["reading", "check"],
    "check/reading": ["reading", "check"],
    "check/votes": ["voting", "votes"],
    "check/guess": ["voting", "votes"],
    "check/ability": ["ability"],
}
PICTURES = ("00", "00", "02", "02", "04", "05", "06", "07", "08")  # the file of tests for each lesson's pictures
TESTS |= {f"plots/lesson0{k}": [f"pictures_{file}"] for k, file in enumerate(PICTURES)}
TESTS |= {"plots/widths": ["pictures_06", "lesson06"], "plots/clinic": ["pictures_08"]}
TESTS |= {f"check/lesson0{k}": [f"checks0{k}", f"lesson0{k}", "thresholds"] for k in range(9)}
TESTS |= {"check/searching": ["searching"]}
GROUPS = {name: name.split("/")[0] if "/" in name else "ledger" for name in TESTS}
GROUPS |= dict.fromkeys(("rules", "schedules", "data", "problems", "descent", "search"), "mathematics")
# Sweeps that take long and do not belong to one file.
SLOW = "quarter_of_a_second", "every_control", "broken_formula_fails", "trained_again", "twenty_plain_runs"
FIRST = {"rules": "05", "schedules": "04", "problems": "06", "search": "07"}  # the lesson that says most
SECONDS = 90  # of a processor; a mutant that takes longer than this hangs, and counts as killed
WORKERS = int(os.environ.get("WORKERS", 2))
USED = "hypothesis.extra.numpy", "pytest", "anywidget", "nbformat", "matplotlib.backends.backend_svg", "PIL.Image"


def killed(path, source, tests):
    """Run the tests in a forked process in which `path` reads as `source`; True if one fails."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))  # on a busy machine a clock would say killed
        with contextlib.suppress(BaseException):
            os._exit(1 if fails(path, source, tests) else 0)
        os._exit(1)
    until = time.monotonic() + 10 * SECONDS
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
    hypothesis.settings.register_profile("quick", max_examples=15, derandomize=True, deadline=None, database=None)
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
        "not " + " and not ".join(SLOW),
        f"--rootdir={ROOT}",
    ]
    return pytest.main([*options, *files]) != 0


def killed_by_lessons(path, source, first, only=None):
    """Run nbval on a copy of the course in which `path` reads as `source`; True if a cell of a lesson differs.

    `only`: the names of some lessons; of these the pictures are compared too.
    """
    course = copy_of_the_course(os.getpid())
    there = course / path.relative_to(ROOT)
    there.write_text(source, encoding="utf-8")
    lessons = sorted((course / "notebooks").glob("*.ipynb"), key=lambda p: (p.name[:2] != first, p.name))
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=600"]
    if only is not None:
        lessons, command = [p for p in lessons if p.name in only], [*command, "-p", "tests.pictures"]
    env = os.environ | {
        "PYTHONPATH": str(course), "PYTHONDONTWRITEBYTECODE": "1", "LESSON_VOTES": "off",
        "IPYTHONDIR": str(course / "ipython"), "OPENBLAS_NUM_THREADS": "1", "JUPYTER_PREFER_ENV_PATH": "1",
    }  # fmt: skip
    try:
        options = {"env": env, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "timeout": 40 * SECONDS}
        if subprocess.run([*command, "-x", *lessons], cwd=course, **options).returncode != 0:
            return True
        kernels = [sys.executable, "-m", "pytest", "-x", "tests/test_explorer_kernel.py"]  # theirs know no fork
        return path.parent.name == "explore" and subprocess.run(kernels, cwd=ROOT, **options).returncode != 0
    except subprocess.TimeoutExpired:
        return True
    finally:
        shutil.copy(path, there)


@functools.cache
def copy_of_the_course(worker):
    """A folder with the lessons, their data and lrcore, which `worker` alone may break."""
    course = Path(tempfile.mkdtemp())
    for name in ("lrcore", "lrlab", "data", "notebooks"):
        shutil.copytree(ROOT / name, course / name, ignore=shutil.ignore_patterns("__pycache__", "*.mine-*"))
    for name in "tests/pictures.py", "tools/locks/lab.txt":
        (course / name).parent.mkdir(parents=True)
        shutil.copy(ROOT / name, course / name)
    (course / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    return course


def main(names):
    for module in USED:  # here, so that the forked processes need not
        importlib.import_module(module)

    sys.dont_write_bytecode, sys.pycache_prefix = False, tempfile.mkdtemp()
    every, lot = (
        max([1, *(int(name[len(of) :]) for name in names if name.startswith(of))]) for of in ("every=", "lot=")
    )
    by_lessons = "nbval" in names
    names = [name for name in names if "=" not in name and name != "nbval"]
    listed = (ROOT / "tools" / "mutants.txt").read_text(encoding="utf-8").splitlines()
    known = {line.split(" # ")[0].strip() for line in listed if line and not line.startswith("#")}
    work, whole = [], set()
    names = names or (FIRST if by_lessons else TESTS)
    for name in [name for name in TESTS if name in names or GROUPS[name] in names]:
        path = ROOT / ("lrcore" if GROUPS[name] == "mathematics" else "lrlab") / f"{name}.py"
        text = path.read_text(encoding="utf-8")
        for tests in () if by_lessons else set(TESTS[name]) - whole:
            whole.add(tests)
            if killed(path, text, [tests]):
                sys.exit(f"Tests fail before anything is broken: tests/test_{tests}.py")
        work += [(name, path, said, source) for said, source in drawn(mutants(ast.parse(text)), every, lot)]
    if by_lessons and killed_by_lessons(path, text, None):
        sys.exit("The lessons differ from their stored outputs before anything is broken: make notebooks")
    signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background too
    begun, dead, alive = time.monotonic(), {}, []
    random.Random(0).shuffle(work)  # so that what is done when Ctrl-C comes is a fair sample
    with contextlib.suppress(KeyboardInterrupt):
        for name, said, is_dead in run(work, by_lessons):
            dead.setdefault(name, []).append(is_dead)
            if not is_dead:
                alive.append(f"{name} {said}")
                print(f"alive: {name} {said}" + " (known)" * (alive[-1] in known), flush=True)
    print()
    for name, found in dead.items():
        print(f"{name}: {sum(found)} of {len(found)} killed, {100 * sum(found) / len(found):.1f} %")
    for group in dict.fromkeys(GROUPS[name] for name in dead):
        found = [is_dead for name in dead if GROUPS[name] == group for is_dead in dead[name]]
        print(f"all of {group}: {sum(found)} of {len(found)} killed, {100 * sum(found) / len(found):.1f} %")
    total = [is_dead for found in dead.values() for is_dead in found]
    fresh = [said for said in alive if said not in known]
    print(
        f"{sum(total)} of {len(total)} mutants killed, {100 * sum(total) / len(total):.1f} %; of those alive "
        f"{len(alive) - len(fresh)} are known to change nothing; {time.monotonic() - begun:.0f} s"
    )
    return 0 if by_lessons else len(fresh)


def drawing(name, said):
    """The lessons that show what a mutant of a drawing or an explorer changes: those that call it, at most two."""
    text = (ROOT / "lrlab" / f"{name}.py").read_text(encoding="utf-8")
    function, group = said.split(":")[0].split(".")[0].strip(), GROUPS[name]
    public = [one.name for one in ast.parse(text).body if isinstance(one, ast.FunctionDef) and one.name[0] != "_"]
    lessons = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}

    def calling(calls):
        wanted = re.compile(rf"\b{group}\.({'|'.join(calls)})\b")
        return [one for one, source in lessons.items() if wanted.search(source)]

    found = (calling([function]) if function in public else []) or calling(public) or calling([r"\w+"])
    own = [one for one in found if one[:2] == name[-2:]]
    return (own or found)[:2]


def drawn(found, every, lot):
    """One in `every` of the mutants of a file, drawn by lot, the same each time."""
    found = list(found)
    return random.Random(lot).sample(found, -(-len(found) // every))


def run(work, by_lessons):
    """(name, what was broken, killed) of each mutant, in order, WORKERS at a time."""
    pipes = []
    for k in range(WORKERS):
        end, own = os.pipe()
        if os.fork() == 0:
            with contextlib.suppress(BaseException), os.fdopen(own, "w") as out:
                for name, path, said, source in work[k::WORKERS]:
                    if by_lessons:
                        is_dead = killed_by_lessons(path, source, FIRST.get(name))
                    else:
                        is_dead = killed(path, source, TESTS[name])
                    if not is_dead and not by_lessons and GROUPS[name] in ("plots", "explore"):
                        is_dead = killed_by_lessons(path, source, None, drawing(name, said))
                    print(int(is_dead), file=out, flush=True)
            os._exit(0)
        os.close(own)
        pipes.append(os.fdopen(end))
    for i, (name, _, said, _) in enumerate(work):
        answer = pipes[i % WORKERS].readline()
        if not answer:  # the worker was stopped
            return
        yield name, said, answer.strip() == "1"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as tempfile.tempdir:
        sys.exit(1 if main(sys.argv[1:]) else 0)
