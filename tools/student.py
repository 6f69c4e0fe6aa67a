"""The student edition: build/student/learning-rate-course.zip, the lessons with all that opens them.

It holds what git knows of the folders below, without solutions, the instructor's guide, tests and tools; and each
lesson a second time, in tools/as-it-was, for `make restore`. Whoever works in it works in an unpacked copy.
"""

import subprocess
import zipfile
from pathlib import Path

import form

ROOT = form.ROOT
NAME = "learning-rate-course"
TAKEN = ["lrcore", "lrlab", "data", "LICENSE", "pyproject.toml", "environment.yml", "tools/setup", "tools/lab"]
TAKEN += ["tools/restore", "tools/written.py", "tools/jupyter_config.py", "tools/locks/uv.txt", "tools/locks/lab.txt"]
EPOCH = (1980, 1, 1, 0, 0, 0)  # the zip's dates: the same lessons give the same bytes


def contents():
    """{name in the zip: the file here}."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *TAKEN]
    said = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found = {name: ROOT / name for name in said.split("\0") if name and (ROOT / name).is_file()}
    found |= {path.name: path for path in (ROOT / "tools" / "student_edition").iterdir()}
    for folder in "notebooks", "tools/as-it-was":
        found |= {f"{folder}/{path.name}": path for path in form.lessons(ROOT / "notebooks")}
    return found


def pack(target):
    """Write the zip, beside its place and renamed."""
    part = target.with_name(f".{target.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, path in sorted(contents().items()):
            entry = zipfile.ZipInfo(str(Path(NAME) / name), EPOCH)
            entry.external_attr = (path.stat().st_mode & 0o777) << 16
            pack.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    part.replace(target)


if __name__ == "__main__":
    target = ROOT / "build" / "student" / f"{NAME}.zip"
    target.parent.mkdir(parents=True, exist_ok=True)
    pack(target)
    print(f"build/student/{NAME}.zip: {len(form.lessons())} lessons, {target.stat().st_size / 1e6:.1f} MB")
