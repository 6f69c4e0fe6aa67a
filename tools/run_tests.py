"""Run pytest, and afterwards end whatever its tests started and left behind: servers, kernels, browsers.

What is typed goes on to pytest. Everything that a test starts inherits a mark in its environment; whatever still
bears it when pytest has ended, or was interrupted, is ended too.
"""

import contextlib
import os
import signal
import subprocess
import sys
import uuid

import psutil

MARK = "LEARNING_RATE_TESTS"


def marked(value):
    """The processes that bear the mark, but for this one."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(MARK) == value:
                yield process


def end(value):
    """End every process that bears the mark: politely, and after three seconds for good."""
    left = list(marked(value))
    for process in left:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    psutil.wait_procs(left, timeout=3)
    for process in marked(value):
        with contextlib.suppress(psutil.Error):
            process.kill()


def stopped(number, _):
    raise SystemExit(128 + number)


def main():
    """What tools/test calls; ends as pytest ended."""
    value = uuid.uuid4().hex
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
        signal.signal(number, stopped)
    pytest = subprocess.Popen([sys.executable, "-m", "pytest", *sys.argv[1:]], env={**os.environ, MARK: value})
    try:
        return pytest.wait()
    except SystemExit as reason:
        with contextlib.suppress(subprocess.TimeoutExpired):
            pytest.wait(5)  # Ctrl-C reaches pytest too: time for its summary
        return reason.code
    finally:
        for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
            signal.signal(number, signal.SIG_IGN)
        end(value)


if __name__ == "__main__":
    sys.exit(main())
