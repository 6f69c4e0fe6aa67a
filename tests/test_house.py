"""The house keeps its order: packages, who imports what, and nothing that belongs to one machine."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import rattler
import yaml

import form
from conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ASKED, EXTRAS = PROJECT["dependencies"], PROJECT["optional-dependencies"]
LOCKS = ROOT / "tools" / "locks"
# A file of lrcore imports only from those before it; all of them together stay thin.
ORDER = "rules schedules data problems descent search __init__".split()
LINES = 900
BRINGS = {
    "lrcore": {"numpy"},
    "lrlab": {"numpy", "matplotlib", "PIL", "IPython", "ipywidgets", "traitlets", "anywidget", "lrcore"},
}


def tracked():
    """The text files of the repository: those that git knows, or without git all but .venv."""
    said = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if said.returncode == 0 and said.stdout:
        paths = [ROOT / name for name in said.stdout.split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not path.relative_to(ROOT).parts[0].startswith(".venv")]
    for path in paths:
        if path.is_file() and path.suffix not in {".png", ".npz", ".pyc"}:
            yield path, path.read_text(encoding="utf-8", errors="replace")


def named(requirement):
    """A requirement as (name, specifiers): 'numpy>=2.4,<3; …' → ('numpy', {'>=2.4', '<3'})."""
    name, specifiers = re.fullmatch(r"([A-Za-z0-9_.-]+)\s*([^;]*).*", requirement).groups()
    return name.lower().replace("_", "-"), set(filter(None, specifiers.replace(" ", "").split(",")))


def test_environment_says_the_same_as_pyproject():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["channels"] == ["conda-forge"]
    *conda, pip = environment["dependencies"]
    assert pip == {"pip": ["-e ."]}
    wanted = dict(map(named, [row for row in ASKED if "python_version >=" not in row] + EXTRAS["lab"]))
    wanted["matplotlib-base"] = wanted.pop("matplotlib")
    wanted |= {"python": {PROJECT["requires-python"]}, "pip": set()}
    assert dict(map(named, conda)) == wanted


def test_environment_parses_as_conda_specs():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    for spec in environment["dependencies"][:-1]:
        assert rattler.MatchSpec(spec, strict=True).name.normalized == named(spec)[0]


def locked(name):
    """A lock file as {(name, marker): version}."""
    text = (LOCKS / name).read_text(encoding="utf-8")
    rows = re.findall(r"^([a-z0-9-]+)==(\S+)(?: ; (.*?))? \\$", text, re.MULTILINE)
    return {(package, marker): version for package, version, marker in rows}


def test_locks_hold_what_pyproject_asks_for():
    from packaging.markers import Marker
    from packaging.requirements import Requirement

    lab = ASKED + EXTRAS["lab"]
    for name, asked in ("lab.txt", lab), ("dev.txt", lab + EXTRAS["dev"]):
        lock = locked(name)
        for python in "3.11", "3.12", "3.13", "3.14", "3.15":
            here = {"python_version": python, "python_full_version": f"{python}.0"}
            for requirement in map(Requirement, asked):
                if requirement.marker and not requirement.marker.evaluate(here):
                    continue
                found = [
                    version
                    for (package, marker), version in lock.items()
                    if package == named(requirement.name)[0] and (not marker or Marker(marker).evaluate(here))
                ]
                assert len(found) == 1, f"{requirement} in {name} for Python {python}: make lock"
                assert found[0] in requirement.specifier, requirement


def test_what_learners_get_is_what_is_tested():
    dev = locked("dev.txt")
    assert {package: dev.get(package) for package in locked("lab.txt")} == locked("lab.txt")


def test_locks_name_packages_and_hashes_only():
    for path in LOCKS.iterdir():
        line = re.compile(r"[a-z0-9-]+==\S+( ; .*)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
        odd = [row for row in path.read_text(encoding="utf-8").splitlines() if not line.fullmatch(row)]
        assert odd == [], path.name


def modules(package):
    """Each Python file of a package with its syntax tree."""
    for path in sorted((ROOT / package).rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree, everywhere=False):
    """(dots, module, names) of each import statement; only of those that run on import, or of all."""
    for node in ast.walk(tree) if everywhere else tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield 0, alias.name, []
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or "", [alias.name for alias in node.names]


def test_lrcore_is_thin():
    paths = list((ROOT / "lrcore").rglob("*.py"))
    assert {path.relative_to(ROOT / "lrcore").as_posix() for path in paths} == {f"{n}.py" for n in ORDER}
    lines = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert sum(lines.values()) <= LINES, lines


def test_lrcore_imports_from_above_only():
    for path, tree in modules("lrcore"):
        above = ORDER[: ORDER.index(path.stem)]
        for dots, module, names in imported(tree, everywhere=True):
            if dots or module.split(".")[0] == "lrcore":
                module = module if dots else module.removeprefix("lrcore").removeprefix(".")
                taken = [module] if module else names
                assert set(taken) <= set(above), f"{path.name} imports {taken}"


@pytest.mark.parametrize("package", BRINGS)
def test_a_package_brings_no_others(package):
    for path, tree in modules(package):
        roots = {m.split(".")[0] for dots, m, _ in imported(tree, everywhere=True) if not dots}
        assert roots - sys.stdlib_module_names - {package} <= BRINGS[package], path


def test_lrcore_loads_numpy_alone():
    code = "import lrcore, sys; print(*(name for name in sys.modules if '.' not in name))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    others = {"matplotlib", "ipywidgets", "anywidget", "IPython", "PIL", "lrlab"}
    assert set(said.stdout.split()) & others == set()
    assert "numpy" in said.stdout.split()


def test_no_file_is_long():
    lines = {path: text.count("\n") for path, text in tracked() if path.suffix in {".py", ".js", ".css", ""}}
    assert {path.relative_to(ROOT): n for path, n in lines.items() if n > 350} == {}


# The names below are put together here, so that this file passes its own test.
FORBIDDEN = {
    "a registry's host": [
        "pypi" + ".org",
        "python" + "hosted.org",
        "registry" + ".npmjs",
        "deb.debian" + ".org",
    ],
    "a conda channel's host": ["conda.ana" + "conda.org"],
    "a machine's path": [
        "/" + "work/main",
        "/" + "work/shared",
        "/" + "root/",
        "/tmp/" + "bash_jobs",
        "/opt/" + "pypi",
    ],
    "a CDN": ["cdn.js" + "delivr", "un" + "pkg.com", "cdn" + "js.cloudflare", "fonts.google" + "apis"],
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what):
    found = [
        f"{path.relative_to(ROOT)}: {host}" for path, text in tracked() for host in FORBIDDEN[what] if host in text
    ]
    assert found == []


def test_code_is_formatted_and_lint_free():
    for command in ["check"], ["format", "--check"]:
        ruff = [sys.executable, "-m", "ruff", *command, "--no-cache", "."]
        said = subprocess.run(ruff, cwd=ROOT, capture_output=True, text=True)
        assert said.returncode == 0, said.stdout + said.stderr


def test_data_keeps_its_bytes():
    for path in (ROOT / "data").glob("*.csv"):
        assert b"\r" not in path.read_bytes(), path.name


def test_help_names_every_target():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split())
    rules = re.findall(r"^([a-z][a-z -]*):", text, re.MULTILINE)
    assert targets == {name for rule in rules for name in rule.split()}
    said = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {line.split()[1] for line in said.stdout.splitlines()} == targets - {"help"}


def test_readme_leads_somewhere():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = {link for link in re.findall(r"\]\(([^)#]+)\)", text) if not link.startswith("http")}
    assert {link for link in links if not (ROOT / link).exists()} == set()
    lessons = {f"notebooks/{path.name}" for path in form.lessons()}
    assert lessons == {link for link in links if link.endswith(".ipynb")}


@pytest.mark.parametrize("path", form.lessons(), ids=lambda path: path.stem)
def test_readme_gives_a_lessons_own_question_and_time(path):
    head = form.joined(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
    question = re.search(r"^\*\*(.*\?)\*\*$", head, re.MULTILINE)[1]
    minutes = re.search(r"core (\d+)", head) or re.search(r"(\d+) minutes", head)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| \[.*\]\(notebooks/{path.name}\) \| (.*) \|$", text, re.MULTILINE)
    assert row == f"{question} | {minutes[1]}"


def test_ci_runs_make_test():
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] == "exec make test"
    assert Path(ROOT / ".ci" / "run").stat().st_mode & 0o111
