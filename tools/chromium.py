"""The browser that the tests drive: find() says where one is; as a program it installs one where it can."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = "chromium chromium-browser google-chrome google-chrome-stable chrome microsoft-edge".split()
PLACES = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    os.path.expandvars(r"%ProgramFiles%\Google\Chrome\Application\chrome.exe"),
]
ADVICE = "The tests need Chromium or Chrome: install it (apt install chromium libatomic1), or set CHROMIUM to its path."


def playwright_runs():
    """Whether Playwright's own driver starts: a bare Debian lacks a library that it needs."""
    command = [sys.executable, "-m", "playwright", "--version"]
    return subprocess.run(command, capture_output=True).returncode == 0


def playwrights_own():
    """The path where Playwright keeps its own Chromium, there or not."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def find():
    """The path of a Chromium or Chrome, or None: $CHROMIUM, the system's, Playwright's own."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    found = [path for name in NAMES if (path := shutil.which(name))]
    found += [place for place in PLACES if Path(place).exists()]
    if found:
        return found[0]
    own = playwrights_own() if playwright_runs() else None
    return own if own and Path(own).exists() else None


def install():
    """Try to install one: Debian's when we may, otherwise Playwright's own."""
    quiet = {"check": False, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the tests (apt-get) ...", flush=True)
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        packages = ["chromium", "fonts-dejavu-core", "libatomic1"]
        for command in ["update"], ["install", "-y", "--no-install-recommends", *packages]:
            subprocess.run(["apt-get", *command], env=env, stdin=subprocess.DEVNULL, **quiet)
    if playwright_runs() and not find():
        print("Installing Chromium for the tests (playwright) ...", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], **quiet)


if __name__ == "__main__":
    if not (playwright_runs() and find()):
        install()
    if not (playwright_runs() and find()):
        sys.exit(ADVICE)
