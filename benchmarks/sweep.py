# ruff: noqa: E402, I001 (one core is chosen before NumPy is imported)
"""How fast is one call for many rates?  .venv/bin/python benchmarks/sweep.py

The school-district sweep (50 epochs, batches of 10, losses at every epoch kept) on one core, against the loop that
textbooks print, PyTorch's usual loop, JAX (jit, vmap) and compiled scalar loops (numba). All are given the same
shuffles, and checked against one another before they are timed. Then the cost against the number of rates
(benchmarks/cost.png), the import, and the study of 200 seeds. Contestants come with `pip install -e ".[bench]"`;
those that are missing are left out. --quick leaves out PyTorch's loop and the study. --figure only draws.
Times are the processor's, the least of several turns: a machine that is busy with other things slows them less.
"""

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import importlib.util
import platform
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np

import contestants
from lrcore import descend, logistic, school_district

HERE = Path(__file__).parent
EPOCHS, BATCH = 50, 10
RATES = {
    6: np.array([0.01, 0.1, 0.5, 1, 10, 50]),
    61: np.geomspace(0.01, 50, 61),
    601: np.geomspace(0.01, 50, 601),
}
NAMES = {
    "lrcore": "lrcore, one call",
    "numba": "numba scalar loops, warm",
    "jax": "JAX jit + vmap, warm",
    "textbook": "textbook loop per rate",
    "pytorch": "PyTorch's usual loop",
}


def seconds(call):
    begun = time.process_time()
    call()
    return time.process_time() - begun


def sweeps(quick):
    """{(contestant, number of rates): best time in seconds}, and the first calls of those that compile."""
    X, y = school_district()[0]
    draw = np.random.RandomState(0)
    orders = np.array([draw.permutation(len(X)) for _ in range(EPOCHS)])
    there = [name for name in NAMES if name in ("lrcore", "textbook") or importlib.util.find_spec(name_of(name))]
    truth = contestants.textbook(X, y, RATES[6], orders, BATCH)
    best, first = {}, {}
    for count, rates in RATES.items():
        calls = {
            name: partial(getattr(contestants, name), X, y, rates, orders, BATCH)
            for name in there
            if not (name == "pytorch" and (quick or count > 6)) and not (name == "textbook" and count > 61)
        }
        for name, call in calls.items():
            begun = time.process_time()
            losses = call()
            first[name, count] = time.process_time() - begun
            assert losses.shape == (count, EPOCHS + 1), name
            if count == 6:
                np.testing.assert_allclose(losses, truth, rtol=1e-7, err_msg=name)
        for _ in range(1 if count == 601 and quick else 5):  # turn by turn, so that a busy moment hits all
            for name, call in calls.items():
                if name != "pytorch":
                    best[name, count] = min(best.get((name, count), np.inf), seconds(call))
        if "pytorch" in calls:
            best["pytorch", count] = first["pytorch", count]
    return best, first


def name_of(contestant):
    return {"pytorch": "torch"}.get(contestant, contestant)


def cost():
    """(numbers of rates, seconds of one call for that many)."""
    problem = logistic(*school_district()[0])
    counts = [1, 2, 3, 6, 10, 20, 30, 60, 100, 200, 300, 600, 1000]
    descend(problem, np.geomspace(0.01, 50, counts[-1]), EPOCHS, batch=BATCH)  # as in a kernel that has worked before
    return counts, [
        min(seconds(lambda n=n: descend(problem, np.geomspace(0.01, 50, n), EPOCHS, batch=BATCH)) for _ in range(3))
        for n in counts
    ]


def draw(counts, took):
    """benchmarks/cost.png: the cost of one call against the number of rates in it."""
    from lrlab import plots
    from lrlab.figure import png

    @plots.drawing
    def cost_of_one_call(ax=None):
        each = 1000 * took[0] * np.array(counts)
        ax.loglog(counts, each, linestyle="--", label="as many calls of one rate")
        ax.loglog(counts, 1000 * np.array(took), marker="o", label="one call")
        ax.legend()
        share = took[-1] / took[0]
        title = f"A thousand rates cost as much as {share:.0f} runs of one"
        plots.tell(ax, title, title, x="rates in one call", y="milliseconds")

    (HERE / "cost.png").write_bytes(png(cost_of_one_call().figure))


def imports():
    """Time to import lrcore over that of NumPy, the least of several fresh interpreters."""
    code = (
        "import time; a = time.process_time(); import numpy; b = time.process_time(); import lrcore; "
        "print((time.process_time() - a) / (b - a))"
    )
    said = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True) for _ in range(7)]
    return min(float(one.stdout) for one in said)


def study(seeds=200):
    """The six rates for every seed, fresh split and shuffles each: seconds."""

    def run():
        for seed in range(seeds):
            descend(logistic(*school_district(seed)[0]), RATES[6], EPOCHS, batch=BATCH, seed=seed)

    return seconds(run)


def report(best, first):
    """The table of the README, times as milliseconds and as multiples of lrcore's own."""
    there = [name for name in NAMES if any(key[0] == name for key in best)]
    print("| losses at every epoch kept, one core | " + " | ".join(f"{count} rates" for count in RATES) + " |")
    print("|---|" + "---|" * len(RATES))
    for name in there:
        cells = []
        for count in RATES:
            time, own = best.get((name, count)), best["lrcore", count]
            cells.append(
                "" if time is None else f"{1000 * time:.0f} ms" + f" (× {time / own:.1f})" * (name != "lrcore")
            )
        print(f"| {NAMES[name]} | " + " | ".join(cells) + " |")
    for name in ("jax", "numba"):
        if (name, 6) in first:
            print(
                f"{name}'s first call, which compiles: " + ", ".join(f"{1000 * first[name, c]:.0f} ms" for c in RATES)
            )


def main(quick="--quick" in sys.argv, figure="--figure" in sys.argv):
    print(f"{platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}, one core\n")
    if not figure:
        report(*sweeps(quick))
        print(f"\nimport lrcore takes {imports():.2f} times as long as import numpy")
        if not quick:
            print(f"200 seeds of the six rates, fresh splits and shuffles: {study():.1f} s")
    counts, took = cost()
    print(
        "\nrates in one call, milliseconds: "
        + ", ".join(f"{n}: {1000 * s:.0f}" for n, s in zip(counts, took, strict=True))
    )
    if importlib.util.find_spec("matplotlib") and importlib.util.find_spec("IPython"):
        draw(counts, took)
        print("benchmarks/cost.png is drawn")


if __name__ == "__main__":
    main()
