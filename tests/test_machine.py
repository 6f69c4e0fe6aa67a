"""A machine that is set up oddly does not spoil a lesson: its path, its language, its user's own settings."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import urllib.request

import pytest
from jupyter_client import BlockingKernelClient

from conftest import ROOT, start_lab, stop

# The user's own server settings: no token, from everywhere, another folder.
SETTINGS = """
c = get_config()
c.ServerApp.token = c.IdentityProvider.token = ""
c.ServerApp.ip = "0.0.0.0"
c.ServerApp.allow_remote_access = c.ServerApp.disable_check_xsrf = True
c.ServerApp.root_dir = "/nowhere"
"""
MATPLOTLIBRC = "savefig.bbox: tight\naxes.facecolor: black\nfont.size: 40\n"
ODD = {
    "LC_ALL": "zh_CN.UTF-8",  # not generated on most machines
    "LANG": "de_DE.UTF-8",
    "MPLBACKEND": "module://nowhere",
    "PYTHONSTARTUP": "/nowhere.py",
    "PYTHONWARNINGS": "error",
    "PIP_USER": "1",
}
# Run by a kernel: what a lesson does. It prints where its code is, its result, and a digest of its picture.
CELL = """
import hashlib, lrcore
from lrcore import descend, least_squares, line
from lrlab import figure
@figure.drawing
def draw(ax):
    ax.plot([1, 2], label="a")
    ax.legend()
    figure.tell(ax, "η", "a line", "x", "y")
picture = figure.png(draw().figure)
print(lrcore.__file__)
print(descend(least_squares(*line()), 0.1, 50).final, hashlib.sha256(picture).hexdigest())
"""


def course(folder):
    """A course in `folder` with a .venv as tools/setup leaves it, but with the packages of this one."""
    for name in "lrcore", "lrlab", "data", "tools":
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "notebooks").mkdir()
    make = [sys.executable, "-m", "uv", "venv", "--quiet", "--python", sys.executable, folder / ".venv"]
    subprocess.run(make, check=True)
    (site,) = folder.glob(".venv/lib/python*/site-packages")
    (site / "others").symlink_to(sysconfig.get_path("purelib"))  # by a name that every locale reads
    (site / "others.pth").write_text("others\n")
    (site / "lrcore.pth").write_text("../../../..\n")  # tools/setup's line: tested below
    return folder


def spoil(home, monkeypatch):
    """Everything that a user's settings can do, in `home` and in the environment."""
    for name in "config", "ipython/profile_default/startup", "python/numpy", "python/lrcore":
        (home / name).mkdir(parents=True)
    for name in "jupyter", "jupyter_server", "jupyter_lab":
        (home / "config" / f"{name}_config.py").write_text(SETTINGS)
    (home / "ipython" / "profile_default" / "startup" / "00.py").write_text("raise RuntimeError('startup')")
    for name in "numpy", "lrcore":
        (home / "python" / name / "__init__.py").write_text("raise RuntimeError('PYTHONPATH')")
    (home / "matplotlibrc").write_text(MATPLOTLIBRC)
    for name, value in ODD.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONPATH", str(home / "python"))
    monkeypatch.setenv("MATPLOTLIBRC", str(home / "matplotlibrc"))


def said_by_a_kernel(lab, home):
    """What CELL prints in a kernel of this JupyterLab."""
    address = f"{lab.url}/api/kernels?token={lab.token}"
    with urllib.request.urlopen(urllib.request.Request(address, data=b"{}", method="POST")) as answer:
        kernel = json.load(answer)["id"]
    client = BlockingKernelClient(connection_file=str(home / "runtime" / f"kernel-{kernel}.json"))
    client.load_connection_file()
    client.start_channels()
    said = []
    try:
        for _ in range(60):  # the client takes a kernel that has not begun to answer for dead
            with contextlib.suppress(RuntimeError):
                client.wait_for_ready(60)
                break
        client.execute_interactive(CELL, timeout=60, output_hook=lambda message: said.append(message["content"]))
    finally:
        client.stop_channels()
    assert not [content for content in said if "ename" in content], said
    return "".join(content.get("text", "") for content in said).split("\n")


@pytest.mark.skipif(sys.platform == "win32", reason="sh")
def test_nothing_of_it_reaches_a_lesson(tmp_path, monkeypatch):
    folder = course(tmp_path / "a course é 课")
    home = tmp_path / "home é"
    home.mkdir()
    spoil(home, monkeypatch)
    before = os.umask(0o077)
    try:
        process, lab = start_lab(folder, home, root=folder)
    finally:
        os.umask(before)
    try:
        assert len(lab.token) >= 32 and lab.url.startswith("http://127.0.0.1:")
        where, result, *_ = said_by_a_kernel(lab, home)
    finally:
        stop(process)
    assert where == str(folder / "lrcore" / "__init__.py")

    monkeypatch.undo()
    plain = subprocess.run([sys.executable, "-c", CELL], capture_output=True, encoding="utf-8", check=True)
    assert result == plain.stdout.split("\n")[1]


def test_set_up_writes_a_path_that_every_locale_reads():
    (path,) = (ROOT / ".venv").glob("lib/python*/site-packages/lrcore.pth")
    assert path.read_bytes() == b"../../../..\n"
