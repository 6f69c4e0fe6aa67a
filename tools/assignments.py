"""nbgrader assignments from tools/tasks.py: `make assignments SEED=2026` writes build/assignments, a course folder.

source/ has the solutions and hidden tests, release/ what students get. Another seed draws other numbers and data.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import tasks

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "build" / "assignments"
TOOLS = ROOT / "build" / "nbgrader"
CONFIG = (
    'c = get_config()\nc.CourseDirectory.course_id = "learning-rate"\nc.ExecutePreprocessor.kernel_name = "python3"\n'
)


def nbgrader(*words, cwd=PLACE):
    """Run nbgrader in its own environment; what it said, or its last words and an end."""
    inside = python()
    env = {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1", "OPENBLAS_NUM_THREADS": "1"}
    env["PATH"] = f"{inside.parent}{os.pathsep}{env['PATH']}"
    command = [str(inside), "-m", "nbgrader", *map(str, words)]
    said = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
    if said.returncode:
        sys.exit(f"{said.stdout[-2000:]}{said.stderr[-3000:]}\nnbgrader {words[0]} failed; the lines above say why.")
    return said.stdout + said.stderr


def python():
    """The Python of an environment with nbgrader and the course, made when it is not there or its lock has changed."""
    lock, stamp, inside = ROOT / "tools" / "locks" / "grading.txt", TOOLS / "lock", TOOLS / "bin" / "python"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        uv = [sys.executable, "-m", "uv"]
        install = [*uv, "pip", "install", "--quiet", "--python", inside, "--require-hashes", "-r", lock]
        for command in [*uv, "venv", "--quiet", "--clear", "--python", sys.executable, TOOLS], install:
            if subprocess.run(list(map(str, command))).returncode:
                sys.exit("nbgrader could not be installed; the lines above say why.")
        (site,) = TOOLS.glob("lib/python*/site-packages")
        (site / "lrcore.pth").write_text("../../../../..\n")
        shutil.copy(lock, stamp)
    return inside


def cell(make, name, source, **about):
    """A cell with nbgrader's mark."""
    mark = {"grade": False, "solution": False, "locked": True, "task": False, "schema_version": 3, "grade_id": name}
    made = make(source, id=name)
    made.metadata["nbgrader"] = mark | about
    return made


def assignment(name, seed):
    """The instructor's notebook of one lesson's tasks."""
    draw = np.random.RandomState([seed, int(name[:2])])
    head = f"# {name[:2]} · Graded tasks\n\nWrite your answer in place of the dots. Each task has hidden tests too."
    cells = [
        cell(new_markdown_cell, "head", head),
        cell(new_code_cell, "imports", "import numpy as np\n\nimport lrcore"),
    ]
    for task in tasks.LESSONS[name](draw):
        solution = f"### BEGIN SOLUTION\n{task.solution}\n### END SOLUTION"
        hidden = f"{task.open}\n### BEGIN HIDDEN TESTS\n{task.hidden}\n### END HIDDEN TESTS"
        cells += [
            cell(new_markdown_cell, f"{task.name}-question", f"{task.question} ({task.points} points)"),
            cell(new_code_cell, task.name, solution, solution=True, locked=False),
            cell(new_code_cell, f"{task.name}-test", hidden, grade=True, points=task.points),
        ]
    book = new_notebook(cells=cells)
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return book


def write(folder, seed, names=tuple(tasks.LESSONS)):
    """Make a course folder of nbgrader: source and release of these lessons' assignments."""
    folder.mkdir(parents=True, exist_ok=True)
    stubs = {task.name: task.stub for name in names for task in tasks.LESSONS[name](np.random.RandomState(0))}
    (folder / "nbgrader_config.py").write_text(f"{CONFIG}STUBS = {stubs!r}\n" + STUB)
    for name in names:
        place = folder / "source" / name
        place.mkdir(parents=True, exist_ok=True)
        nbformat.write(assignment(name, seed), place / f"{name}.ipynb")
        nbgrader("generate_assignment", name, "--force", cwd=folder)


# nbgrader puts one stub for all solutions; each of ours has its own.
STUB = """
from nbgrader.preprocessors import ClearSolutions
class Stubs(ClearSolutions):
    def preprocess_cell(self, cell, resources, cell_index):
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in STUBS:
            cell.source = STUBS[name]
        return cell, resources
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter", "nbgrader.preprocessors.LockCells", Stubs,
    "nbgrader.preprocessors.ClearOutput", "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums", "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests", "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums", "nbgrader.preprocessors.CheckCellMetadata",
]
"""


def main():
    """What `make assignments` calls."""
    seed = int(os.environ.get("SEED") or 0)
    write(PLACE, seed)
    print(f"build/assignments: {len(tasks.LESSONS)} assignments from seed {seed}. release/ is for students; grade with")
    print("nbgrader autograde and generate_feedback in that folder (build/nbgrader/bin/python -m nbgrader ...).")


if __name__ == "__main__":
    main()
