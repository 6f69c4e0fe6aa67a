"""Answers to exercises, checked on the spot by check.NAME(answer); votes, by check.vote_NAME(guess).

A check says ○ where the answer is open, ✗ and what the mistake looks like, or ✓ right. A vote is only noted;
check.vote_NAME.reveal() compares it, check.score() counts. base.py says how an exercise is made, votes.py
how a vote; each lesson's are in lessonNN.py, and found here by their names.
"""

from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from .votes import Vote, all_votes, kept, score

__all__ = ["all_votes", "kept", "score"]
LESSONS = sorted(path.stem for path in Path(__file__).parent.glob("lesson[0-9][0-9].py"))


def __getattr__(name):
    if not name.startswith("_"):
        known = {}
        for lesson in LESSONS:
            module = import_module(f".{lesson}", __name__)
            known.update({n: getattr(module, n) for n in module.__all__})
            for n, one in vars(module).items():
                if isinstance(one, Vote):
                    one.name, one.lesson = n, lesson[-2:]
        globals().update(known)
        if name in known:
            return known[name]
        near = "".join(f", perhaps {n}" for n in get_close_matches(name, known, 1))
        raise AttributeError(f"check has no exercise called {name}{near}")
    raise AttributeError(name)
