"""The checks of lesson 08: a vote for each trial, and the clinic. Its six questions are in lesson00.py."""

from functools import cache

import numpy as np

from lrcore.data import line, school_district
from lrcore.descent import descend
from lrcore.problems import least_squares, logistic
from lrcore.rules import momentum

from .base import Unreadable, Verdict, answered, numbers, one_of, shown
from .votes import letters, number

__all__ = ["clinic", "patients", *(f"vote_trial_{k}" for k in range(1, 13))]

VERDICTS = {"h": "holds", "w": "holds when …", "n": "does not hold", "u": "undecided"}


def _trial():
    """A vote on a claim; what was measured comes with the reveal, from the ledger."""
    return letters(None, **VERDICTS)


vote_trial_1, vote_trial_2, vote_trial_3, vote_trial_4 = (_trial() for _ in range(4))
vote_trial_5 = number(within=2, digits=2)  # how many times the shaking at 1
vote_trial_6, vote_trial_7, vote_trial_8, vote_trial_9, vote_trial_10, vote_trial_11 = (_trial() for _ in range(6))
vote_trial_12 = number(off=3, of=20)  # wins of twenty


def _case(problem, rate, epochs, cause, remedy, **settings):
    """A patient: the run behind it, and its right answers."""
    return problem, rate, epochs, settings, cause, remedy


@cache
def _cases():
    four, scattered = least_squares(*line()), least_squares(*line(100, noise=1))
    houses, pure = logistic(*school_district()[0]), np.random.RandomState(2).normal(size=(2, 100))
    heavy = {"rule": momentum, "beta": 0.99}
    return {
        "A": _case(houses, 50, 50, "e", 4, batch=10),
        "B": _case(four, 0.119, 200, "b", 2),
        "C": _case(scattered, 0.05, 30, "d", 3, batch=1),
        "D": _case(houses, 0.001, 50, "a", 1, batch=10),
        "E": _case(four, 0.125, 60, "c", 2),
        "F": _case(least_squares(*pure), 0.1, 200, "f", 5, start=[2, -1]),
        "G": _case(four, 0.001, 200, "a", 1),
        "H": _case(four, 0.1, 100, "g", 6, **heavy),
    }


@cache
def _run(patient, rate=None):
    problem, own, epochs, settings, *_ = _cases()[patient]
    return descend(problem, own if rate is None else rate, epochs, **settings)


def patients():
    """{letter: (data, how, epochs (c,), losses (c,), fact)}: eight runs, their rates withheld."""
    found = {}
    for name, (problem, _, epochs, settings, *_) in _cases().items():
        run, batch = _run(name), settings.get("batch")
        how = f"{epochs} epochs, {f'batches of {batch}' if batch else 'full batch'}"
        data = {4: "four points", 100: "100 points", 1600: "houses"}[problem.n]
        losses, last = run.losses, run.weights[-1]
        fact = "the last three w are " + ", ".join(f"{w:.3g}" for w in run.weights[-3:, 0])
        if problem.n == 1600:
            fact = f"{100 * problem.accuracy(last):.1f} % right, recall {problem.recall(last):.2f}"
        if name == "A":
            losses = _naive(problem, run.weights)
            fact = f"w1, w2 and b are {', '.join(f'{w:.0f}' for w in last)}"
        if name == "F":
            fact = f"the labels' mean alone has loss {np.var(problem.y):.2f}"
        found[name] = data, how, run.epochs, losses, fact.replace("-", "−")
    return found


def _naive(problem, w):
    """The cross-entropy as textbooks write it (*runs,)."""
    p = problem.probability(w)
    with np.errstate(all="ignore"):
        return -np.mean(problem.y * np.log(p) + (1 - problem.y) * np.log(1 - p), axis=-1)


CAUSES = {  # the cause: how it shows
    "a": ("the rate is too small", "the loss glides, or has not begun to move, and no weight swings"),
    "b": (
        "the rate is just below the limit",
        "w jumps from side to side, and each swing is a little smaller",
    ),
    "c": ("the rate is above the limit", "w jumps from side to side, and each swing is larger"),
    "d": ("batches are noisy and the rate is constant", "the loss falls fast, then shakes about a floor"),
    "e": ("a loss formula fails where the model is sure and right", "nan, and every weight is finite"),
    "f": ("there is nothing to learn", "the loss stays where the mean of the labels alone would put it"),
    "g": ("the memory is too long", "waves that hardly die, at a rate well below the limit"),
}
REMEDIES = {
    1: ("raise the rate tenfold or more", "a run that creeps"),
    2: ("lower the rate, to half or a little less", "a run that jumps from side to side without batches"),
    3: ("let the rate decay", "a cloud that noise makes"),
    4: ("write the loss stably", "a formula that fails on finite weights"),
    5: ("leave the rate, look at the data", "labels that have nothing to do with the inputs"),
    6: ("shorten the memory", "waves that momentum keeps going"),
}


def _about_rate(name, rate):
    """What the given rate would have done, where it is not the patient's; "" where one cannot tell them apart."""
    rate = numbers(rate)
    if rate.size != 1:
        raise Unreadable(f"One rate is asked for, and these are {rate.size} numbers.")
    then, now = _ended(name, _run(name, float(rate[0]))), _ended(name, _run(name))
    return "" if then == now else f"Rate: {rate[0]:g} leads to {then} here, and {name} ended with {now}."


def _ended(name, run):
    """What a run came to, in words; of A, whose shown loss is no number, its first weight."""
    if name == "A":
        return f"w1 = {run.weights[-1, 0]:.3g}".replace("-", "−")
    return f"a loss of {run.final:.3g}" if np.isfinite(run.final) else "a loss that is no number any more"


def _about(what, choices, answer, right, why):
    """Why the answer is not the right one of {key: (words, why)}; "" where it is."""
    if isinstance(answer, float) and answer.is_integer():
        answer = int(answer)
    key = one_of(**{str(k): words for k, (words, _) in choices.items()})(answer)
    if key == str(right):
        return ""
    words, reason = next(pair for k, pair in choices.items() if str(k) == key)
    return f"{what.capitalize()}: “{words}” {why.format(reason)}."


@answered
def clinic(patient, rate, cause, remedy):
    """One patient's rate, cause and remedy: what is right, and for the rest how it would show."""
    name = str(patient).strip().upper()
    if name not in _cases():
        return Verdict("○", f"The patients are called A to H: this is {shown(patient)}.")
    if any(answer is ... or str(answer).strip(" .?…") in ("", "None") for answer in (rate, cause, remedy)):
        return Verdict("○", f"Open: rate, cause (a to g) and remedy (1 to 6) of patient {name}.")
    *_, right_cause, right_remedy = _cases()[name]
    try:
        wrong = [
            _about_rate(name, rate),
            _about("cause", CAUSES, cause, right_cause, "would show so: {}"),
            _about("remedy", REMEDIES, remedy, right_remedy, "is for {}"),
        ]
    except Unreadable as reason:
        return Verdict("✗", str(reason))
    wrong = [sentence for sentence in wrong if sentence]
    if wrong:
        return Verdict("✗", "\n  ".join([f"{3 - len(wrong)} of 3 right.", *wrong]))
    return Verdict("✓", f"{name}: rate, cause and remedy are right.")  # its words stand in the stored lesson
