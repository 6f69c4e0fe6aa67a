"""The plan of the sessions adds up the minutes of the notes, leaves slack, and its spine needs nothing optional."""

import math
import re

import pytest

import decks
import layout
import plan
from publish import ROOT
from watched import COURSE

TEXT = (ROOT / "teaching" / "plan.md").read_text(encoding="utf-8")
SESSIONS = ("First session", "Second session", "Third session")
SLIDES = {lesson.stem[:2]: layout.slides(lesson.stored, lesson.path) for lesson in COURSE}
EACH = [(number, slide) for number, slides in SLIDES.items() for slide in slides]
VOTES = [(number, slide) for number, slide in EACH if slide.vote]


def rows(heading):
    """The rows of a section's table: (what, minutes, minutes by then)."""
    section = re.search(rf"^## {heading}.*?(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)[0]
    found = re.findall(r"^\| (.+) \| (\d+)(½?) \| (\d):(\d\d) \|$", section, re.MULTILINE)
    return [(what, plan.number(whole, half), 60 * int(hour) + int(past)) for what, whole, half, hour, past in found]


def spine(slides):
    return sum(slide.note.minutes for slide in slides if not slide.note.optional)


@pytest.mark.parametrize("heading", [*SESSIONS, "One hour"])
def test_the_clock_of_the_plan_adds_its_minutes_up(heading):
    gone = 0
    for what, minutes, by in rows(heading):
        gone += minutes
        assert by == math.ceil(gone), what
    assert gone == (90 if heading in SESSIONS else gone)


def test_a_lesson_has_the_minutes_of_its_spine_in_one_session():
    planned = {what[:2]: minutes for heading in SESSIONS for what, minutes, _ in rows(heading) if what[:2].isdigit()}
    assert planned == {number: spine(slides) for number, slides in SLIDES.items()}
    assert planned == {number: max(slide.by or 0 for slide in slides) for number, slides in SLIDES.items()}, "the clock"


@pytest.mark.parametrize("heading", SESSIONS)
def test_a_session_has_slack(heading):
    free = ("break", "questions, and what is optional")
    assert 45 <= sum(minutes for what, minutes, _ in rows(heading) if what not in free) <= 75


def test_the_talk_of_one_hour_has_the_minutes_of_its_notes_and_slack():
    minutes = {(number, slide.first.id): slide.note.minutes for number, slide in EACH}
    for what, planned, _ in rows("One hour"):
        assert planned == sum(minutes[what[:2], ident] for ident in re.findall(r"`([\w-]+)`", what)), what
    assert sum(minutes[lesson.stem[:2], ident] for lesson, ident in decks.Talk.slides()) + 5 <= 55


@pytest.mark.parametrize("number, slide", EACH, ids=[f"{number}-{slide.first.id}" for number, slide in EACH])
def test_every_note_says_its_minutes(number, slide):
    assert slide.note.minutes or "leave it out" in slide.note.text


@pytest.mark.parametrize("number, slide", VOTES, ids=[f"{number}-{slide.first.id}" for number, slide in VOTES])
def test_a_vote_keeps_its_reveal_and_says_what_to_do_when_it_goes_astray(number, slide):
    later = SLIDES[number][SLIDES[number].index(slide) + 1 :]
    reveal = next(one for one in later if slide.vote in one.reveals)
    assert reveal.note.optional == slide.note.optional, "x would leave out one of the two"
    assert re.search(r"(^|[.?)] )(When|If) ", slide.note.text)


MINUTES = [
    ("1½ minutes. Let them vote.", (1.5, False)),
    ("Half a minute. Ask.", (0.5, False)),
    ("½ minute. Ask.", (0.5, False)),
    ("*If there is time*, 3 minutes; alone, 6.", (3, True)),
    ("Optional in class, 5 minutes.", (5, True)),
    ("Alone: 6 minutes. In a lecture: 1 minute. Let the room dictate.", (1, False)),
    ("Alone: 7 minutes. In a lecture: leave it out, or let the room dictate.", (0, True)),
    ("4 minutes: two for the scores, two for the picture. Ask.", (4, False)),
    ("Read it aloud.", (0, False)),
]


@pytest.mark.parametrize("text, expected", MINUTES)
def test_the_minutes_of_a_note(text, expected):
    note = plan.read(text)
    assert (note.minutes, note.optional) == expected
