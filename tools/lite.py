"""The course as a JupyterLite site, a folder that any web server serves: `make lite` writes build/lite/site.

Pyodide comes from npm, its pure Python packages and ours from the package index, all when the site is built. What is
compiled for the browser (NumPy, Matplotlib and what they need) is published by Pyodide alone: a reader's browser
fetches it from Pyodide's own distribution when a lesson first imports it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import libraries

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "build" / "lite"
TOOLS = PLACE / "tools"  # the environment that builds the site
SOURCE = PLACE / "source"  # what it is built from
LOCK = SOURCE / "static" / "pyodide" / "pyodide-lock.json"
OURS = "comm ipywidgets anywidget psygnal jupyterlab-widgets widgetsnbextension ipython-pygments-lexers".split()
STARTS = "micropip ipython jedi typing-extensions".split()  # what the kernel and ours ask of Pyodide
CONFIG = {"LiteBuildConfig": {"contents": ["notebooks"], "output_dir": str(PLACE / "site"), "no_sourcemaps": True}}
SETTINGS = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "appName": "The learning rate",
        "disabledExtensions": ["@jupyterlab/apputils-extension:announcements"],
    },
}
ADD = """
import hashlib, sys
from pathlib import Path
from pyodide_lock import PyodideLockSpec
from pyodide_lock.utils import add_wheels_to_spec
lock, wheels = map(Path, sys.argv[1:])
spec = PyodideLockSpec.from_json(lock)
known = {package.file_name.rsplit("/")[-1]: package for package in spec.packages.values()}
new = []
for wheel in sorted(wheels.glob("*.whl")):
    if package := known.get(wheel.name):
        package.file_name = f"{wheels.name}/{wheel.name}"
        package.sha256 = hashlib.sha256(wheel.read_bytes()).hexdigest()
    else:
        new.append(wheel)
spec.packages["ipython"].depends.append("ipython-pygments-lexers")  # Pyodide's own copy does without
add_wheels_to_spec(spec, new, base_path=lock.parent).to_json(lock)
"""


def run(*command, cwd=ROOT, **env):
    """Run a command; where it fails, say what it said and stop."""
    said = subprocess.run(list(map(str, command)), cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True)
    if said.returncode:
        sys.exit(f"{said.stdout[-2000:]}{said.stderr[-2000:]}\nThe site could not be built; the lines above say why.")
    return said.stdout


def tools():
    """The environment with JupyterLite, made when it is not there or its lock has changed."""
    lock, stamp = ROOT / "tools" / "locks" / "lite.txt", TOOLS / "lock"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        uv = [sys.executable, "-m", "uv"]
        run(*uv, "venv", "--clear", "--python", sys.executable, TOOLS)
        run(*uv, "pip", "install", "--python", TOOLS / "bin" / "python", "--require-hashes", "-r", lock)
        shutil.copy(lock, stamp)
    return TOOLS / "bin" / "python"


def distribution(python):
    """(version of Pyodide, address of its distribution) that the kernel was made for."""
    code = "import jupyterlite_pyodide_kernel.constants as c; print(c.PYODIDE_VERSION, c.PYODIDE_CDN_URL)"
    return run(python, "-c", code).split()


def pyodide(version):
    """Unpack Pyodide from npm."""
    archive = PLACE / f"pyodide-{version}.tgz"
    if not archive.exists():
        PLACE.mkdir(parents=True, exist_ok=True)
        run(*libraries.npm(), "pack", "--silent", f"pyodide@{version}", cwd=PLACE)
    target = LOCK.parent
    with tarfile.open(archive) as packed:
        for member in packed.getmembers():
            member.name = member.name.removeprefix("package/")
            if re.fullmatch(r"pyodide\.(js|mjs)|pyodide\.asm\.\w+|python_stdlib\.zip|pyodide-lock\.json", member.name):
                packed.extract(member, target, filter="data")


def pure(lock):
    """The pure packages to bring along, as name==version: those that Pyodide would fetch, and those of make lab."""
    packages, wanted, todo = lock["packages"], set(), [*STARTS, "matplotlib"]
    while todo:
        name = todo.pop()
        if name not in wanted:
            wanted.add(name)
            todo += [name.replace("_", "-") for name in packages[name]["depends"]]
    of_lab = re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / "tools" / "locks" / "lab.txt").read_text(), re.MULTILINE)
    yield from (f"{name}=={version}" for name, version in of_lab if name in OURS)
    for name in sorted(wanted):
        if packages[name]["file_name"].endswith("-none-any.whl"):
            yield f"{name}=={packages[name]['version']}"


def wheels(python, version, url):
    """Put our wheel and the pure ones beside Pyodide and into its list; what is missing there gets its full address."""
    lock = json.loads(LOCK.read_text())
    lock["info"]["version"] = version  # pyodide-lock 0.1 asks for it
    for package in lock["packages"].values():
        package["file_name"] = f"{url}/{package['file_name']}"
    LOCK.write_text(json.dumps(lock))
    folder = LOCK.parent / "wheels"
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    anywhere = "--only-binary=:all: --platform=any --implementation=py --abi=none".split()
    python_version = "--python-version=" + ".".join(lock["info"]["python"].split(".")[:2])
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *anywhere, python_version]
    run(*pip, "--dest", folder, *pure(json.loads(LOCK.read_text().replace(f"{url}/", ""))))
    run(python, "-c", ADD, LOCK, folder)


def main():
    """What `make lite` calls."""
    print("Building the site (a minute, the first time two) ...", flush=True)
    python = tools()
    for left in SOURCE, PLACE / "site":
        shutil.rmtree(left, ignore_errors=True)
    LOCK.parent.mkdir(parents=True)
    version, url = distribution(python)
    pyodide(version)
    wheels(python, version, url)
    shutil.copytree(ROOT / "notebooks", SOURCE / "notebooks", ignore=shutil.ignore_patterns(".*", "*.mine-*"))
    (SOURCE / "jupyter_lite_config.json").write_text(json.dumps(CONFIG))
    (SOURCE / "jupyter-lite.json").write_text(json.dumps(SETTINGS))
    run(python, "-m", "jupyter", "lite", "build", cwd=SOURCE)
    size = sum(path.stat().st_size for path in (PLACE / "site").rglob("*") if path.is_file()) / 1e6
    print(f"build/lite/site: {size:.0f} MB. Try it: {sys.executable} -m http.server -d build/lite/site")


if __name__ == "__main__":
    main()
