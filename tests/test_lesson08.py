"""Lesson 08: twelve trials, their votes and pictures, the questions, the learner's own votes."""

import csv
import json
import re
from functools import cache

import numpy as np
import pytest

import form
from lrlab import check, figure, plots, study05, trials
from lrlab.check import votes
from lrlab.ledger import LETTERS, Ledger

NOTEBOOKS = form.ROOT / "notebooks"
TRIALS = {1: 1, 2: 2, 3: 29, 4: 25, 5: 24, 6: 34, 7: 17, 8: 13, 9: 15, 10: 23, 11: 35, 12: 16}  # trial: row
NUMBERS = {5, 12}


@cache
def lesson():
    """The cells of the lesson, by id."""
    (path,) = NOTEBOOKS.glob("08-*.ipynb")
    book = json.loads(path.read_text(encoding="utf-8"))
    return {cell["id"]: {**cell, "source": "".join(cell["source"])} for cell in book["cells"]}


# The trials


@pytest.mark.parametrize("trial", TRIALS)
def test_a_trial_is_words_vote_picture_number_stamp(trial):
    ids, row = list(lesson()), TRIALS[trial]
    at = {part: ids.index(f"trial-{trial}{part}") for part in ("", "-rule", "-vote", "-look", "-stamp", "-tried")}
    assert list(at.values()) == sorted(at.values())
    slides = [lesson()[ids[k]]["metadata"]["slideshow"]["slide_type"] for k in (at[""], at["-look"], at["-stamp"])]
    assert slides == ["slide"] * 3
    pictures = [ids[at["-look"] + 1], f"trial-{trial}-tried"]
    assert all(any("image/png" in o.get("data", {}) for o in lesson()[one]["outputs"]) for one in pictures)
    book = Ledger()
    assert book[row].stamp in form.said(lesson()[f"trial-{trial}-tried"])
    assert f"book.claims({row})" in lesson()[f"trial-{trial}-rule"]["source"]
    revealed = form.said(lesson()[f"trial-{trial}-reveal"])
    assert "you: no vote" in revealed
    if trial not in NUMBERS:
        assert revealed.endswith(f"measured: {book[row].letter}")
        assert LETTERS[book[row].letter] == book[row].verdict


def test_who_always_votes_holds_when_has_the_baseline_that_the_lesson_names():
    letters = [Ledger()[row].letter for trial, row in TRIALS.items() if trial not in NUMBERS]
    assert (len(letters), letters.count("w")) == (10, 6)
    (said,) = (cell["source"] for cell in lesson().values() if "## All your votes" in cell["source"])
    assert "ten votes were letters, and six of the ten" in said


def test_four_acts_of_three():
    heads = [cell["source"] for ident, cell in lesson().items() if re.fullmatch(r"act-\d", ident)]
    assert [re.sub(r"## \w+ act: ", "", head) for head in heads] == [
        "how large?", "what broke?", "what helps?", "what may one conclude?",
    ]  # fmt: skip
    ids = list(lesson())
    assert [ids.index(f"act-{k}") + 1 for k in range(1, 5)] == [ids.index(f"trial-{k}") for k in (1, 4, 7, 10)]


def test_chinese_words_stand_in_the_trial_as_in_the_ledger():
    def bare(text):
        return re.sub(r"[\s`$。，]|\\.0", "", text)

    book, found = Ledger(), 0
    for trial, row in TRIALS.items():
        words, source = book[row].words, lesson()[f"trial-{trial}"]["source"]
        assert bool(words) == bool(re.search("[\u4e00-\u9fff]", source)), trial
        if words:
            found += 1
            assert bare(words) in bare(source), trial
    assert found >= 3


def test_words_as_printed_are_in_chinese_and_from_texts_in_chinese():
    with (form.ROOT / "data" / "claims.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["words"]:
                assert re.search("[\u4e00-\u9fff]", row["words"])
                assert "chapter" in row["source"] or "article" in row["source"]


@pytest.mark.parametrize("trial", sorted(set(TRIALS) - NUMBERS))
def test_a_vote_on_a_verdict(trial, monkeypatch):
    vote = getattr(check, f"vote_trial_{trial}")
    monkeypatch.setattr(votes, "REVEALED", {})
    monkeypatch.setenv("LESSON_VOTES", "off")
    assert repr(vote("?")) == "○ Choose h, w, n or u."
    for letter, name in LETTERS.items():
        assert repr(vote(letter)).startswith(f"✎ {letter}: {name}")
    assert vote("maybe").mark == "○"
    assert repr(vote.reveal("w")) == "you: u · measured: w"


# What the pictures show


def test_the_line_with_a_stretched_loss_is_lost_at_a_tenth_of_the_limit():
    limit = trials.FOUR.limit
    assert trials.stretched(np.array([limit * 0.9]), 1).diverged.tolist() == [False]
    assert trials.stretched(np.array([limit * 0.09, limit * 0.11]), 10).diverged.tolist() == [False, True]


def test_the_naive_formula_breaks_at_50_and_the_stable_one_does_not():
    runs = trials.two_formulas(np.array([10.0, 50.0]))
    assert np.isfinite(runs.losses).all() and np.isfinite(runs.weights).all()
    assert np.isfinite(runs[0].more).all() and np.isnan(runs[1].more).any()
    sound = np.isfinite(runs.more)
    assert np.allclose(runs.more[sound], runs.losses[sound], rtol=1e-6)
    ax = plots.still(plots.formulas_now, runs[1])
    assert len(ax.lines[1].get_xdata()) == np.isfinite(runs[1].more).sum()
    assert "nan at" in plots.formulas_said(runs[1])


def test_shaking_is_what_a_line_through_the_logs_leaves():
    run = trials.shaken(np.array([1.0, 10.0]))[1]
    logs, t = np.log(run.losses[-21:]), np.arange(21)
    slope = np.cov(t, logs)[0, 1] / np.var(t, ddof=1)
    left = logs - logs.mean() - slope * (t - t.mean())
    assert np.allclose(run.more, 100 * np.expm1(left))
    ax = plots.still(plots.shaking_now, run)
    assert np.allclose(ax.lines[-1].get_ydata(), np.clip(run.more, -45, 45))


def test_beside_their_limits_only_the_line_is_lost():
    both = trials.beside_limits([0.5, 1.1, 5])
    assert [bool(both[k].line[-1] > 1) for k in range(3)] == [False, True, True]
    assert all(both[k].houses[-1] < 1 for k in range(3))
    ax = plots.still(plots.limits_now, both[1], runs=both)
    assert "the line's loss ends" in ax.alt


def test_settling_is_drawn_where_the_run_settles():
    run = study05.descend(trials.FOUR, [0.01, 0.1, 0.13], 1000)
    ax = plots.still(plots.settling_now, run[1], runs=run)
    assert ax.lines[-1].get_xydata().tolist() == [[0.1, 38]]  # COURSE.md
    assert "not in 1000 epochs" in plots.still(plots.settling_now, run[2], runs=run).alt


def test_a_dot_for_each_seed_on_its_side_of_the_bound():
    row = Ledger()[24]
    ax = plots.tried(row)
    dots = [line.get_xdata() for line in ax.lines if len(line.get_xdata()) == 20]
    assert [sorted(d) for d in dots] == [sorted(v) for v in row.values.values()]
    assert [text.get_text() for text in ax.texts] == ["in 0 of 20", "in 0 of 20"]
    assert ax.get_title(loc="left") == "✗ does not hold"


def test_the_learners_votes_are_drawn_as_they_are_kept():
    kept = {
        "vote_a": {"lesson": "03", "you": "20", "measured": "10", "agrees": False},
        "vote_b": {"lesson": "03", "you": "a", "measured": "a", "agrees": True},
        "vote_c": {"lesson": "08", "you": "h", "measured": "w", "agrees": False},
    }
    left, right = plots.calibration(kept)
    assert "1 of 3 as measured" in left.alt and "1 of 1 within a factor of 2" in right.alt
    bars = {round(bar.get_x() + 0.4): bar.get_height() for bar in left.patches if bar.get_y() == 0 and bar.get_height()}
    assert bars == {3: 1} or bars[3] == 1
    assert right.lines[-1].get_xdata().tolist() == [2.0]
    assert "0 of 0" in figure.alternative(plots.calibration({})[0].figure)


def test_no_line_reaches_what_was_printed():
    ax = plots.noise_floor([0.0008, 0.2143])
    heights = {patch.get_x(): patch.get_height() for patch in ax.patches}
    assert sum(h for x, h in heights.items() if x < 0.3) == 0
    assert sum(heights.values()) == 10_000


# Questions


def test_twenty_two_questions_with_their_lessons_and_rows():
    text = "\n".join(lesson()[f"questions-{k}"]["source"] for k in range(1, 5))
    answers = re.findall(r"^- \*\*(.+?)\*\* (.+)$", text, re.MULTILINE)
    assert len(answers) == 22
    rows = Ledger().rows
    for question, answer in answers:
        assert question.endswith("?")
        assert re.search(r"\[Lesson (0\d)\]\(\1-", answer), question
        assert len(re.split(r"(?<=[.?])\s+(?=[A-Z])", answer.split("[Lesson")[0].strip())) <= 5
        named = re.search(r"rows? ([\dab, ]+)$", answer)
        assert not named or set(named[1].split(", ")) <= set(rows), question


# The six questions


def test_the_six_questions_have_their_answers():
    text = lesson()["six-after-heading"]["source"]
    assert len(re.findall(r"^\d\. ", text, re.MULTILINE)) == 6
    assert text.count("a) ") == text.count("d) ") == 6
    for same in ("bacdbc", np.array(list("bacdbc")), {k + 1: letter for k, letter in enumerate("bacdbc")}):
        assert check.six_after(same).mark == "✓"
    assert check.six_after(" ").mark == "○"
    right = ["each distance is a tenth", "no better than calling no mail spam", "four times as many",
             "a fifth of that", "0.4", "0.001, 0.01, 0.1, 1, 10"]  # fmt: skip
    for letter, words, block in zip("bacdbc", right, re.split(r"^\d\. ", text, flags=re.MULTILINE)[1:], strict=True):
        choice = re.search(rf"{letter}\) (.*?)(?: · |$)", block, re.MULTILINE)[1]
        assert re.search(words, choice), (letter, choice)
