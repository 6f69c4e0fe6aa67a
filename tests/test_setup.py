"""Set-up that goes wrong says so in one sentence, and leaves nothing that a second try trips over."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from conftest import ROOT

# Nobody listens on port 9 of this machine: a network that is away, without waiting for it.
AWAY = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_FIND_LINKS": "", "PIP_NO_INDEX": "0"}
TOOLS = "sh dirname cksum cmp cp id mktemp mv rm mkdir cat grep tail".split()


@pytest.fixture
def course(tmp_path):
    """A copy of what set-up needs, under a path with a space and letters beyond ASCII."""
    folder = tmp_path / "a course é 课"
    shutil.copytree(ROOT / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in "pyproject.toml", "Makefile", "LICENSE":
        shutil.copy(ROOT / name, folder / name)
    return folder


def make(folder, target, **env):
    """`make target` in a folder, away from the network; returns the completed process."""
    env = {**os.environ, "PYTHON": "", **AWAY, **env}
    env = {name: value for name, value in env.items() if not name.startswith(("MAKE", "PYTEST"))}
    return subprocess.run(["make", target], cwd=folder, env=env, capture_output=True, text=True)


def own_lines(said):
    """What was said on stderr, without make's own line."""
    return [line for line in said.stderr.splitlines() if not line.startswith("make")]


def only(folder, **scripts):
    """A folder to be the whole PATH: a few tools, and these scripts (name → text)."""
    folder.mkdir()
    for name in TOOLS:
        (folder / name).symlink_to(shutil.which(name))
    (folder / "make").symlink_to(shutil.which("make"))
    for name, text in scripts.items():
        (folder / name.replace("_", ".")).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name.replace("_", ".")).chmod(0o755)
    return str(folder)


def test_no_network_and_a_newer_python_beside_an_old_one(course, tmp_path):
    """The newer one is found and makes .venv; then the packages cannot be fetched."""
    new = f'exec "{Path(sys.executable).resolve()}" "$@"'
    said = make(course, "lab", PATH=only(tmp_path / "path", python3="exit 1", python3_13=new))
    assert "Setting up .venv with Python 3." in said.stdout and said.returncode != 0
    (sentence,) = own_lines(said)
    assert sentence.startswith("The packages could not be fetched: the network seems to be away.")
    assert not (course / ".venv" / "lrcore-stamp").exists()


def test_python_too_old(course, tmp_path):
    old = 'case $2 in *print*) echo "is Python 3.9" ;; *) exit 1 ;; esac'
    said = make(course, "lab", PATH=only(tmp_path / "path", python3=old))
    assert said.returncode != 0
    (sentence,) = own_lines(said)
    assert "needs Python 3.11 or newer, and python3 is Python 3.9" in sentence
    assert not (course / ".venv").exists()


def test_python_missing(course, tmp_path):
    (sentence,) = own_lines(make(course, "lab", PATH=only(tmp_path / "path")))
    assert "python3 was not found" in sentence


def test_no_venv_module(course, tmp_path):
    bare = "case $2 in *ensurepip*) exit 1 ;; esac; exit 0"
    fake_id = "echo 1000"
    path = tmp_path / "path"
    only(path, python3=bare)
    (path / "id").unlink()
    (path / "id").write_text(f"#!/bin/sh\n{fake_id}\n")
    (path / "id").chmod(0o755)
    (sentence,) = own_lines(make(course, "lab", PATH=str(path)))
    assert "apt install python3-venv" in sentence


@pytest.fixture
def theirs(course, tmp_path):
    """A course that this user may read and not write, and how to run a command as that user."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "course"
        shutil.copytree(course, folder)
        path = only(Path(place) / "path", python3="exit 0")
        os.chmod(place, 0o755)
        os.chmod(folder, 0o555)
        stranger = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        yield folder, {"env": {**os.environ, "PATH": path}, **stranger}
        os.chmod(folder, 0o755)


def test_a_folder_that_one_may_not_write_in(theirs):
    folder, who = theirs
    said = subprocess.run(["make", "lab"], cwd=folder, capture_output=True, text=True, **who)
    (sentence,) = own_lines(said)
    assert sentence.startswith("You may not write in this folder, and set-up needs to: copy the course")


def test_a_course_that_somebody_else_set_up_is_ready(theirs):
    folder, who = theirs
    os.chmod(folder, 0o755)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").write_text("#!/bin/sh\necho 3\n")
    (folder / ".venv" / "bin" / "python").chmod(0o755)
    (folder / ".venv" / "etc" / "jupyter").mkdir(parents=True)
    config = folder / ".venv" / "etc" / "jupyter" / "jupyter_server_config.py"
    shutil.copy(folder / "tools" / "jupyter_config.py", config)
    sum_of = subprocess.run("cksum <tools/locks/lab.txt", shell=True, cwd=folder, capture_output=True, text=True).stdout
    (folder / ".venv" / "lrcore-stamp").write_text(f"lab {sum_of.strip()} {folder}\n")
    os.chmod(folder, 0o555)
    said = subprocess.run(["sh", "tools/setup", "lab"], cwd=folder, capture_output=True, text=True, **who)
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


def set_up(course, *more):
    """A .venv that set-up finished in this folder another day, so far as set-up can tell."""
    make = [sys.executable, "-m", "venv", "--without-pip", "--system-site-packages", course / ".venv"]
    subprocess.run(make, check=True)
    (course / ".venv" / "kept").write_text("what worked before")
    (course / ".venv" / "lrcore-stamp").write_text("".join(f"{line} {course}\n" for line in more))


def test_what_worked_before_is_kept(course):
    set_up(course, "lab 1 2")
    assert "network" in make(course, "lab").stderr
    assert (course / ".venv" / "kept").exists()


@pytest.mark.skipif(not os.environ.get("EVERY_LESSON"), reason="make test-slides does this")
def test_one_of_another_folder_or_half_made_is_made_again(course):
    set_up(course, "lab 1 2 of elsewhere,")
    (course / ".venv" / "lrcore-stamp").write_text("lab 1 2 /elsewhere\n")
    assert "network" in make(course, "lab").stderr
    assert not (course / ".venv" / "kept").exists()


@pytest.mark.skipif(not os.environ.get("EVERY_LESSON"), reason="make test-slides does this")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_stopped_in_the_middle(course, how):
    process = subprocess.Popen(
        ["sh", "tools/setup", "lab"],
        cwd=course,
        env={**os.environ, "PYTHON": "", **AWAY},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Tests that were started in the background ignore Ctrl-C, and hand that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    until = time.monotonic() + 30
    while not (course / ".venv").exists() and time.monotonic() < until:
        time.sleep(0.01)
    (course / ".venv" / "half").touch()
    os.killpg(process.pid, how)
    _, said = process.communicate(timeout=30)
    assert process.returncode != 0
    assert ("Type the same again" in said) == (how == signal.SIGINT)
    assert not (course / ".venv" / "lrcore-stamp").exists()
    assert "network" in make(course, "lab").stderr
    assert not (course / ".venv" / "half").exists()


@pytest.mark.parametrize(("own", "said"), [({}, "1 1 1"), ({"OPENBLAS_NUM_THREADS": "8"}, "8 1 1")])
def test_a_kernel_has_one_thread_unless_its_owner_says_otherwise(course, own, said):
    python = course / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$OPENBLAS_NUM_THREADS $OMP_NUM_THREADS $MKL_NUM_THREADS"\n')
    python.chmod(0o755)
    env = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")} | own
    command = ["sh", course / "tools" / "lab"]
    assert subprocess.run(command, env=env, capture_output=True, text=True).stdout.strip() == said
