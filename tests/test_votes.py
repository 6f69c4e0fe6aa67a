"""Votes: taken before the run, given back at the reveal, counted, kept in a file that may be deleted."""

import json

import pytest

from lrlab import check
from lrlab.check import votes


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """A kernel that has just started, in a folder of its own, where votes are kept."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(votes, "REVEALED", {})
    monkeypatch.delenv("LESSON_VOTES", raising=False)


def named(vote, name="vote_toy", lesson="09"):
    vote.name, vote.lesson = name, lesson
    return vote


@pytest.fixture
def toy():
    return named(votes.letters("c", a="stuck", b="slower", c="larger swings"))


def test_a_letter_comes_back(toy):
    assert repr(toy("?")) == "○ Choose a, b or c."
    assert repr(toy("A")) == "✎ a: stuck. Run on, and compare."
    assert repr(toy("(b)")) == "✎ b: slower. Run on, and compare."
    assert repr(toy.reveal()) == "you: b · measured: c"
    assert repr(votes.score()) == "0 of 1 votes as measured."


def test_no_vote_is_no_vote(toy, tmp_path):
    assert toy("e").mark == toy(...).mark == "○"
    assert repr(toy.reveal()) == "you: no vote · measured: c"
    assert repr(votes.score()) == "No vote yet, of 1."
    assert list(tmp_path.iterdir()) == []


def test_the_guess_before_the_reveal_counts(toy):
    toy("b"), toy.reveal(), toy("c")
    assert repr(toy.reveal()) == "you: b · measured: c"
    assert repr(votes.score()).startswith("0 of 1")


@pytest.mark.parametrize(
    ("guess", "measured", "line", "right"),
    [
        (20, 10.0, "you: 20 · measured: 10, a factor 2 away", False),
        ("0,012", 0.01, "you: 0.012 · measured: 0.01, a factor 1.2 away", True),
        (10, 10.004, "you: 10 · measured: 10", True),
        (-1, 2, "you: -1 · measured: 2, 3 away", False),
        (0, 2, "you: 0 · measured: 2, 2 away", False),
    ],
)
def test_a_number_comes_back_with_its_distance(guess, measured, line, right):
    vote = named(votes.number(within=1.25))
    assert vote(guess).mark == "✎"
    assert repr(vote.reveal(measured)) == line
    assert repr(votes.score()) == f"{int(right)} of 1 votes as measured."


def test_a_number_within_a_difference():
    vote = named(votes.number(87, off=5))
    vote(90)
    assert repr(vote.reveal()) == "you: 90 · measured: 87, 3 away"
    assert repr(votes.score()).startswith("1 of 1")


@pytest.mark.parametrize("guess", ["many", (1, 2), "?", True, float("nan")])
def test_what_is_no_number_is_no_vote(guess):
    vote = votes.number(3)
    assert vote(guess).mark == "○"
    assert vote.value is None


def test_an_order_comes_back_with_its_pairs():
    vote = named(votes.order(50, 1, 0.5))
    assert vote("1, 0.5").mark == vote("1 0.5 0.5").mark == vote("?").mark == "○"
    assert vote("1, 0.5, 50").mark == "✎"
    # Of the pairs (50, 1), (50, 0.5), (1, 0.5) only the last stands as voted.
    assert repr(vote.reveal()) == "you: 1 0.5 50 · measured: 50 1 0.5, 1 of 3 pairs in this order"
    other = named(votes.order("sgd", "adam"))
    assert other(["SGD", "Adam"]).mark == "✎"


def test_the_score_counts_votes_and_those_left_out(toy):
    other, third = named(votes.number(10), "vote_other"), named(votes.number(10), "vote_third")
    toy("c"), other(10)
    toy.reveal(), other.reveal(), third.reveal()
    assert repr(votes.score()) == "2 of 2 votes as measured; 1 without a vote."


def test_a_vote_is_kept_until_the_file_is_deleted(toy, tmp_path):
    assert "No votes are kept" in repr(votes.all_votes())
    toy("b"), toy.reveal()
    (path,) = tmp_path.iterdir()
    assert json.loads(path.read_text()) == {"vote_toy": {"lesson": "09", "you": "b", "measured": "c", "agrees": False}}
    assert "0 of 1 votes as measured" in repr(votes.all_votes())
    assert "you: b · measured: c" in repr(votes.all_votes())
    path.unlink()
    assert "No votes are kept" in repr(votes.all_votes())


def test_where_votes_are_off_nothing_is_read_or_written(toy, tmp_path, monkeypatch):
    toy("b"), toy.reveal()
    (path,) = tmp_path.iterdir()
    before = path.read_text()
    monkeypatch.setenv("LESSON_VOTES", "off")
    assert "No votes are kept" in repr(votes.all_votes())
    other = named(votes.letters("a", a="yes", b="no"), "vote_other")
    other("a"), other.reveal()
    assert path.read_text() == before


@pytest.mark.parametrize("text", ["", "[]", "{", '{"vote_toy": 3}', '{"vote_toy": {}}'])
def test_a_spoilt_file_is_no_trouble(text, toy):
    votes.FILE.write_text(text)
    assert "No votes are kept" in repr(votes.all_votes())
    toy("b"), toy.reveal()
    assert "you: b · measured: c" in repr(votes.all_votes())


def test_a_lessons_votes_know_their_names():
    assert (check.vote_crossing.name, check.vote_crossing.lesson) == ("vote_crossing", "01")
