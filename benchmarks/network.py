"""What does lesson 06's network cost?  .venv/bin/python benchmarks/network.py

One thread. Seconds are the processor's, so that other work on the machine counts little; memory is the highest that
Python and NumPy asked for, above what was there before. Takes two minutes. The lesson itself needs Linux's /proc.
"""

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import asyncio  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
import tracemalloc  # noqa: E402
from functools import partial  # noqa: E402
from pathlib import Path  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import classroom  # noqa: E402
import nbformat  # noqa: E402
import numpy as np  # noqa: E402

from lrcore import descend  # noqa: E402
from lrlab import edge  # noqa: E402

PROBLEM = edge.draw(0)[0]
RATES = np.geomspace(0.02, 0.16, 8)


def seconds(work):
    begun = time.process_time()
    work()
    return time.process_time() - begun


def memory(work):
    """Megabytes at the highest."""
    tracemalloc.start()
    work()
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return highest / 2**20


def together(rates=RATES, steps=3000):
    return descend(PROBLEM, rates, steps, checkpoints=1 / 50)


def report(name, *figures):
    print(f"{name:60}", *(f"{figure:>9}" for figure in figures), flush=True)


def against_its_products(rounds=5, steps=200):
    """How many times as long as its largest products a step takes; the least of some rounds, as load only adds."""
    images, W, ratios = PROBLEM.X, np.random.RandomState(0).normal(size=(8, 64, 32)), []
    for _ in range(rounds):
        product = seconds(lambda: [images @ W for _ in range(steps)])
        ratios.append(seconds(lambda: together(steps=steps)) / product)
    return min(ratios)


def main():
    print(f"The load of this machine is {os.getloadavg()[0]:.1f}.")
    report("", "seconds", "MB")
    eight = seconds(together)
    report("8 rates, 3000 steps, 300 rows, one call", f"{eight:.1f}", f"{memory(lambda: together(steps=300)):.0f}")
    alone = 8 * seconds(lambda: together(0.05))
    report("   one by one, and as a share of that", f"{alone:.1f}", f"{eight / alone:.2f}")
    report("   against its largest matrix products", "", f"{against_its_products():.1f} ×")
    typed = partial(edge.live, [0.07])
    report("a rate that is typed: 3000 steps and its sharpness", f"{seconds(typed):.1f}", f"{memory(typed):.0f}")
    eight = partial(edge.trace, PROBLEM, RATES, 400)
    report("eight rates with their sharpness, 400 steps", f"{seconds(eight):.1f}", f"{memory(eight):.0f}")
    (path,) = (ROOT / "notebooks").glob("06-*.ipynb")
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    peak, work, clock = asyncio.run(classroom.student(cells))
    report("the whole lesson on a fresh kernel", f"{work:.1f}", f"{peak:.0f}")
    print(f"   by the clock {clock:.1f} s, at a load of {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
