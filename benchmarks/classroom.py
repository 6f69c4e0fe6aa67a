"""What does a class on one server cost?  .venv/bin/python benchmarks/classroom.py [students=20] [lesson=03]

So many kernels at once run one lesson from top to bottom, each from its own start, as students who all press
"run all" would; beside them one kernel alone, and one that only imports what the lesson imports. Memory is the share
of a process that it would free if it ended (proportional set size, so what kernels share is counted once), at its
highest; time is the processor's, and the clock's. Then the same with as many threads for the linear algebra as the
machine has cores. Linux only: it reads /proc. Takes ten minutes on two cores.
"""

import asyncio
import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
IMPORTS = "import lrlab.plots, lrlab.explore, lrlab.check"


def memory(pid):
    """Megabytes of a process: its own pages, and its share of those that it has in common with others."""
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024


def processor(pid):
    """Seconds that the processor has worked for a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def student(cells):
    """One kernel runs the cells: (peak memory in MB, processor seconds, seconds by the clock)."""
    book = nbformat.v4.new_notebook(cells=cells)
    client = NotebookClient(
        book, timeout=3600, startup_timeout=600, kernel_name="python3", store_widget_state=False,
        resources={"metadata": {"path": str(NOTEBOOKS)}}, extra_arguments=["--log-level=ERROR"],
    )  # fmt: skip
    begun, peak = time.monotonic(), 0
    async with client.async_setup_kernel():
        pid = client.km.provisioner.process.pid

        async def watch():
            nonlocal peak
            while True:
                peak = max(peak, memory(pid))
                await asyncio.sleep(0.5)

        watching = asyncio.create_task(watch())
        for i, cell in enumerate(cells):
            await client.async_execute_cell(cell, i)
        watching.cancel()
        return max(peak, memory(pid)), processor(pid), time.monotonic() - begun


async def together(cells, students):
    """The mean of what `students` kernels at once need, and the clock's seconds until the last is done."""
    copies = [[nbformat.from_dict(cell) for cell in cells] for _ in range(students)]
    found = await asyncio.gather(*map(student, copies))
    peaks, work, clock = zip(*found, strict=True)
    return sum(peaks) / students, sum(work) / students, max(clock)


def main(students=20, lesson="03"):
    (path,) = NOTEBOOKS.glob(f"{lesson}-*.ipynb")
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    imports = [nbformat.v4.new_code_cell(IMPORTS)]
    cores = len(os.sched_getaffinity(0))
    plan = [
        ("one kernel, imports only", imports, 1, 1),
        ("one kernel, one thread", cells, 1, 1),
        (f"{students} kernels, imports only", imports, students, 1),
        (f"{students} kernels, one thread each", cells, students, 1),
        (f"{students} kernels, {cores} threads each", cells, students, cores),
    ]
    print(f"{path.stem}, {cores} cores; of one student:")
    print(f"{'':34}{'peak MB':>9}{'processor s':>13}{'all done after s':>18}")
    for name, what, how_many, threads in plan:
        os.environ.update(dict.fromkeys(THREADS, str(threads)))
        mb, work, clock = asyncio.run(together(what, how_many))
        print(f"{name:34}{mb:9.0f}{work:13.1f}{clock:18.1f}", flush=True)


if __name__ == "__main__":
    given = dict(argument.split("=") for argument in sys.argv[1:])
    main(int(given.get("students", 20)), given.get("lesson", "03"))
