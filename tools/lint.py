"""Format and check the code and the lessons with ruff.

A lesson is written to a temporary file that then takes its name, and only when it has no uncommitted changes.
"""

import os
import subprocess
import sys

import form
import notebooks

CODE = ["--config", 'extend-exclude = ["*.ipynb"]', "."]


def ruff(*words, text=None):
    """Run ruff at the root of the course, on a text or on what the words name; the completed process."""
    command = [sys.executable, "-m", "ruff", *map(str, words)]
    return subprocess.run(
        command, cwd=form.ROOT, input=text, stdout=subprocess.PIPE if text else None, encoding="utf-8"
    )


def main():
    """What `make lint` calls."""
    good = not ruff("check", "--fix", *CODE).returncode
    good &= not ruff("format", *CODE).returncode
    paths = [*form.lessons(), *form.solutions()]
    kept = [] if os.environ.get("FORCE") else notebooks.uncommitted(paths)
    for path in paths:
        text = path.read_text(encoding="utf-8")
        checked = ruff("check", "--fix", "--quiet", "--stdin-filename", path, "-", text=text)
        formatted = ruff("format", "--stdin-filename", path, "-", text=checked.stdout)
        good &= not (checked.returncode or formatted.returncode)
        if formatted.returncode or formatted.stdout == text:
            continue
        if notebooks.name(path) in kept:
            good = False
            print(
                f"{notebooks.name(path)} is not formatted, and has changes that are not committed: "
                "it is left as it is. Commit them and type the same again, or type make lint FORCE=1."
            )
        else:
            notebooks.write(path, formatted.stdout)
            print(f"{notebooks.name(path)} is written.")
    sys.exit(not good)


if __name__ == "__main__":
    main()
