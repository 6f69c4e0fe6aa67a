"""How near a vote has to be, when it counts, and what is kept of it; the slider that takes one."""

import json

import pytest
import traitlets

from lrlab.check import votes

pytestmark = pytest.mark.usefixtures("votes_alone")


def named(vote, name="vote_toy", lesson="09"):
    vote.name, vote.lesson = name, lesson
    return vote


NUMBERS = [  # vote, guess, measured, as measured, said of it
    (votes.number(), 12.5, 10.0, True, "you: 12.5 · measured: 10, a factor 1.2 away"),
    (votes.number(), 12.6, 10.0, False, "you: 12.6 · measured: 10, a factor 1.3 away"),
    (votes.number(), 8, 10.0, True, "you: 8 · measured: 10, a factor 1.2 away"),
    (votes.number(), 7.9, 10.0, False, "you: 7.9 · measured: 10, a factor 1.3 away"),
    (votes.number(), 10.4, 10.0, True, "you: 10.4 · measured: 10"),
    (votes.number(), 10.5, 10.0, True, "you: 10.5 · measured: 10, a factor 1.1 away"),
    (votes.number(), 9.6, 10.0, True, "you: 9.6 · measured: 10"),
    (votes.number(), 40.26, 40.24, True, "you: 40.3 · measured: 40.2"),
    (votes.number(), 0.2, 0.1, False, "you: 0.2 · measured: 0.1, a factor 2 away"),
    (votes.number(), 0.0, 2.0, False, "you: 0 · measured: 2, 2 away"),
    (votes.number(), 2.0, 0.0, False, "you: 2 · measured: 0, 2 away"),
    (votes.number(), -2.0, -2.0, True, "you: -2 · measured: -2"),
    (votes.number(), -2, 2, False, "you: -2 · measured: 2, 4 away"),
    (votes.number(digits=2), 0.0234, 0.0234, True, "you: 0.023 · measured: 0.023"),
    (votes.number(off=3), 40, 43.0, True, "you: 40 · measured: 43, 3 away"),
    (votes.number(off=3), 46, 43.0, True, "you: 46 · measured: 43, 3 away"),
    (votes.number(off=3), 46.1, 43.0, False, "you: 46.1 · measured: 43, 3.1 away"),
    (votes.number(off=3, of=50), 0, 1.0, True, "you: 0 · measured: 1, 1 away"),
    (votes.order(50, 0.5, 10), "50 < 10 < 0.5", None, False, "you: 50 10 0.5 · measured: 50 0.5 10, 2 of 3 pairs"),
    (votes.order("SGD", "Adam"), ["adam", " sgd "], None, False, "you: Adam SGD · measured: SGD Adam, 0 of 1 pairs"),
    (votes.order(1, 2), [1, 2], None, True, "you: 1 2 · measured: 1 2, 1 of 1 pairs in this order"),
]


@pytest.mark.parametrize(("vote", "guess", "measured", "right", "line"), NUMBERS)
def test_a_vote_comes_back_with_its_distance(vote, guess, measured, right, line):
    named(vote)
    assert vote(guess).mark == "✎"
    assert repr(vote.reveal(measured)).startswith(line)
    if "pairs" not in line:
        assert repr(vote.reveal(measured)) == line
    assert repr(votes.score()) == f"{int(right)} of 1 votes as measured."


def test_a_reveal_without_a_vote_leaves_room_for_one():
    vote = named(votes.letters("c", a="stuck", b="slower", c="larger"))
    assert repr(vote.reveal()) == "you: no vote · measured: c"
    vote("c")
    assert repr(vote.reveal()) == "you: c · measured: c"
    vote("a")
    assert repr(vote.reveal()) == "you: c · measured: c"
    assert repr(votes.score()) == "1 of 1 votes as measured."


def test_what_is_measured_goes_before_what_was_expected():
    vote = named(votes.number(10))
    vote(20)
    assert repr(vote.reveal(20.5)) == "you: 20 · measured: 20.5"
    with pytest.raises(ValueError, match=r"vote_open\.reveal"):
        named(votes.number(), "vote_open").reveal()
    with pytest.raises(ValueError, match=r"this vote\.reveal"):
        votes.number().reveal()


def test_a_vote_without_a_name_is_not_kept(tmp_path):
    vote = votes.letters("a", a="yes", b="no")
    vote("a"), vote.reveal()
    assert list(tmp_path.iterdir()) == []


def test_kept_votes_are_told_lesson_by_lesson(tmp_path):
    first, second = (
        named(votes.number(10), "vote_far_off", "02"),
        named(votes.letters("b", a="x", b="y"), "vote_b", "01"),
    )
    first(30), second("b"), first.reveal(), second.reveal()
    head, one, two, last = repr(votes.all_votes()).splitlines()
    assert head == "1 of 2 votes as measured."
    assert one.split() == "01 b: you: b · measured: b".split()
    assert two.split() == "02 far off: you: 30 · measured: 10".split()
    assert "delete it" in last
    (path,) = tmp_path.iterdir()
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["vote_far_off"] == {"lesson": "02", "you": "30", "measured": "10", "agrees": False}


def test_a_folder_that_cannot_be_written_is_no_trouble(monkeypatch, tmp_path):
    monkeypatch.setattr(votes, "FILE", tmp_path / "nowhere" / ".votes.json")
    vote = named(votes.number(10))
    vote(10)
    assert repr(vote.reveal()) == "you: 10 · measured: 10"
    assert repr(votes.score()) == "1 of 1 votes as measured."


def test_a_slider_tells_the_page_what_it_shows():
    vote = votes.number(40, off=5)
    slider = vote.slider(20, 80, label="how many")
    told = slider.get_state()
    assert told["range"] == [20, 80, pytest.approx(0.3)]  # two hundred stops
    assert (told["label"], told["vote"]) == ("how many", None)
    assert told["said"] == repr(slider) == "○ Move it to vote: from 20 to 80."
    assert vote.slider(1, 3, 0.5).get_state()["range"] == [1, 3, 0.5]
    slider.vote = 24.5
    assert vote.value == 24.5 and slider.get_state()["said"] == "✎ 24.5. Run on, and compare."
    with pytest.raises(traitlets.TraitError):
        slider.vote = "many"
