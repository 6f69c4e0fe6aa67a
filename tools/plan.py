"""What the instructor's pages say of time: the minutes of a slide, and whether it is optional."""

import re
from dataclasses import dataclass

OPTIONAL = re.compile(r"\*?(?:optional|if there is time)\b", re.IGNORECASE)
MINUTES = re.compile(r"(?i)\b(half a)(?= minute)|(\d*)(½?)(?= minutes?\b)")
LECTURE = re.compile(r"(?i)\bin a lecture:\s*(.*)", re.DOTALL)


@dataclass
class Note:
    """A section of an instructor's page: its text, minutes, and whether it is optional."""

    text: str
    minutes: float
    optional: bool


def number(whole, half):
    """1 and ½ is 1.5."""
    return float(whole or 0) + (0.5 if half else 0)


def read(text):
    """A section's text as a Note. "Alone: 6 minutes. In a lecture: 1 minute" counts the lecture's."""
    lecture = LECTURE.search(text)
    said = lecture[1] if lecture else text
    first = said.split(". ")[0]
    left_out = bool(lecture) and said.lstrip().startswith("leave it out")
    found = next((m for m in MINUTES.finditer(first) if m[0]), None)
    minutes = 0.0 if left_out or not found else 0.5 if found[1] else number(found[2], found[3])
    return Note(text, minutes, left_out or bool(OPTIONAL.match(text)))
