"""Compare the lessons' stored outputs in other environments: python tools/everywhere.py python3.11 python3.13

Each Python gets a clone and the newest packages that pyproject.toml allows (--locked: those of tools/locks), in a
temporary folder; needs the network. Each runs with one and two threads, and as CPUs with and without AVX.
`.venv/bin/python tools/everywhere.py --here` takes this folder as it is, one thread, and those CPUs: ten minutes.
It prints a line for each run, and the cells that differ. Numbers that differ are printed with fewer digits; runs that
differ, because a last bit decides them, are left out of a picture, or are unsteady (tests/pictures.py).
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import form

# What the kernels of OpenBLAS are told, and what NumPy is told to leave: x86-64 only, elsewhere nothing changes.
CPUS = {
    "this one": {},
    "AVX2": {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL"},
    "SSE3": {"OPENBLAS_CORETYPE": "Prescott", "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL"},
}
VERSIONS = "import sys, numpy; print('Python', sys.version.split()[0], 'NumPy', numpy.__version__)"


def made(python, folder, locked):
    """The Python of a new environment for a clone in `folder`."""
    subprocess.run(["git", "clone", "--quiet", form.ROOT, folder], check=True)
    subprocess.run([python, "-m", "venv", folder / ".venv"], check=True)
    inside = folder / ".venv" / "bin" / "python"
    pip = [inside, "-m", "pip", "--quiet", "install"]
    if locked:
        subprocess.run([*pip, "--require-hashes", "-r", "tools/locks/dev.txt"], cwd=folder, check=True)
        subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-e", "."], cwd=folder, check=True)
    else:
        subprocess.run([*pip, "--upgrade", "-e", ".[dev]"], cwd=folder, check=True)
    return inside


def compared(inside, folder, settings):
    """(how it ended, the cells that differ) of one run of nbval over all lessons."""
    env = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    env |= {"IPYTHONDIR": str(folder / "build" / "ipython"), "JUPYTER_PREFER_ENV_PATH": "1", "LESSON_VOTES": "off"}
    command = [inside, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=600"]
    command += ["-p", "tests.pictures"]
    said = subprocess.run(
        [*command, "-n", "logical", "--dist", "loadfile", "notebooks"],
        cwd=folder,
        env=env | settings,
        capture_output=True,
        text=True,
    ).stdout
    return said.strip().splitlines()[-1], re.findall(r"^FAILED (\S+::Cell \d+)", said, re.MULTILINE)


def main():
    """Every Python, number of threads and CPU; ends with 1 when a cell differed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python", nargs="*", help="a Python's name or path")
    parser.add_argument("--locked", action="store_true", help="the packages of tools/locks")
    parser.add_argument("--here", action="store_true", help="this folder and its .venv, one thread")
    options = parser.parse_args()
    if options.here == bool(options.python):
        parser.error("name a Python, or say --here")
    good = True
    with tempfile.TemporaryDirectory() as place:
        for k, python in enumerate(options.python or [sys.executable]):
            folder = form.ROOT if options.here else Path(place) / str(k)
            inside = python if options.here else made(python, folder, options.locked)
            print(subprocess.check_output([inside, "-c", VERSIONS], text=True).strip(), flush=True)
            for threads in "1" if options.here else "12":
                for cpu, told in CPUS.items():
                    settings = {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads} | told
                    end, cells = compared(inside, folder, settings)
                    print(f"  {threads} threads, CPU {cpu}: {end}", *cells, sep="\n    ", flush=True)
                    good = good and " passed" in end and "failed" not in end and "error" not in end
    sys.exit(not good)


if __name__ == "__main__":
    main()
