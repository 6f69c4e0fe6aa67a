"""Answers to exercises and predictions, checked on the spot by check.NAME(answer).

It says ○ where the answer is open, ✗ and what the mistake looks like, or ✓ right.
base.py says how an exercise is made; each lesson's are in lessonNN.py, and found here by their names.
"""

from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

LESSONS = sorted(path.stem for path in Path(__file__).parent.glob("lesson[0-9][0-9].py"))


def __getattr__(name):
    if not name.startswith("_"):
        known = {}
        for lesson in LESSONS:
            module = import_module(f".{lesson}", __name__)
            known.update({n: getattr(module, n) for n in module.__all__})
        globals().update(known)
        if name in known:
            return known[name]
        near = "".join(f", perhaps {n}" for n in get_close_matches(name, known, 1))
        raise AttributeError(f"check has no exercise called {name}{near}")
    raise AttributeError(name)
