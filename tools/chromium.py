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
ADVICE = "The tests need Chromium or Chrome: install it (apt install chromium), or set CHROMIUM to its path."


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
    own = playwrights_own()
    return own if Path(own).exists() else None


def install():
    """Try to install one: Debian's when we may, otherwise Playwright's own."""
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the tests (apt-get) ...", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update"], check=False, **quiet)
        command = ["apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"]
        subprocess.run(command, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, **quiet)
    if not find():
        print("Installing Chromium for the tests (playwright) ...", flush=True)
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    if not find():
        install()
    if not find():
        sys.exit(ADVICE)
