"""What a test started ends with the tests: also when they are interrupted, in the middle, from outside."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from conftest import ROOT

# A test that leaves a server behind in a session of its own, as start_lab does, and one that is never over.
LEAVES = """
import subprocess, sys, time
from pathlib import Path
def test_it():
    left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    Path("left").write_text(str(left.pid))
    left.returncode = 0  # no warning that it still runs
    time.sleep(WAIT)
"""


def ended(pid):
    """Whether a process is gone, or only waits to be counted out."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize(
    ("how", "workers", "code"),
    [(None, 0, 0), (signal.SIGINT, 1, 130)] if os.environ.get("EVERY_LESSON") else [(signal.SIGINT, 1, 130)],
)
def test_nothing_outlives_the_tests(tmp_path, how, workers, code):
    (tmp_path / "test_it.py").write_text(LEAVES.replace("WAIT", "600" if how else "0"))
    command = [sys.executable, ROOT / "tools" / "run_tests.py", "-q", "-p", "no:cacheprovider", "-n", str(workers)]
    process = subprocess.Popen(
        [*command, "test_it.py"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        # Tests that were started in the background ignore Ctrl-C, and hand that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    left = tmp_path / "left"
    until = time.monotonic() + 60
    while not (left.exists() and left.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    if how == signal.SIGINT:
        os.killpg(process.pid, how)
    elif how:
        process.send_signal(how)
    assert process.wait(30) == code
    assert ended(int(left.read_text()))
