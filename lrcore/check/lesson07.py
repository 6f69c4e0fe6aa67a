"""The checks of lesson 07: votes on claims, and the clinic. Its six questions are in lesson00.py."""

from ..expect import shown
from .base import Verdict

__all__ = ["vote"]

VERDICTS = {"h": "holds", "w": "holds when", "n": "does not hold"}


def vote(votes):
    """Votes on claims, {row: h, w or n}: noted, never judged."""
    if not isinstance(votes, dict):
        return Verdict("○", f'Votes stand in braces, such as {{1: "h", 2: "n"}}: this is {shown(votes)}.')
    said = {row: str(one).strip().lower() for row, one in votes.items()}
    words = {name: letter for letter, name in VERDICTS.items()}
    said = {row: words.get(one, one) for row, one in said.items()}
    odd = [str(row) for row, one in said.items() if one not in VERDICTS]
    if odd:
        return Verdict(
            "○",
            f"Open: row {' and row '.join(odd)}. Choose h (holds), w (holds when …) or n (does not hold).",
        )
    noted = ", ".join(f"row {row} {VERDICTS[one]}" for row, one in said.items())
    return Verdict("✎", f"{noted}. Run on and compare.")
