"""Lesson 01, fit a line: its vote and its exercises."""

import numpy as np

from lrcore.data import line
from lrcore.descent import descend
from lrcore.problems import forward_difference, least_squares
from lrcore.rules import sgd

from ..measure import settled
from .base import Unreadable, exercise, named, numbers, outputs
from .votes import letters

__all__ = [
    "h_that_moves",
    "line_limit",
    "line_rate",
    "line_step",
    "line_sum",
    "my_loop",
    "my_sgd",
    "printed_gradient",
    "vote_crossing",
]

_X, _y = line()
_x = _X[:, 0]
_problem, _slope = least_squares(_X, _y), least_squares(_X, _y, bias=False)
_wider = least_squares(2 * _X, _y)  # a limit does not depend on y
_STUCK = np.array([12755.16015625, 3765.9716796875], dtype=np.float32)

vote_crossing = letters("c", a="it works, slower", b="w gets stuck", c="each swing is larger", d="nan at once")


def _looped(train):
    """Where the learner's loop ends: after one epoch, and after three at a smaller rate."""
    __tracebackhide__ = True
    return [train(0.1, 1), train(0.01, 3)]


def _loop(step):
    """A loop whose every epoch is w ← step(w, errors, rate)."""

    def train(rate, epochs):
        w = 0.0
        for _ in range(epochs):
            w = step(w, w * _x - _y, rate)
        return w

    return train


my_loop = exercise(
    _loop(lambda w, e, rate: w - rate * np.mean(2 * e * _x)),
    [
        (
            _loop(lambda w, e, rate: w + rate * np.mean(2 * e * _x)),
            "Your w climbs, away from 3. A step goes against the gradient: mind the sign, of the step or of the error.",
        ),
        (_loop(lambda w, e, rate: w - rate * np.mean(e * _x)), "The square's own factor 2 is missing in the gradient."),
        (
            _loop(lambda w, e, rate: w - rate * np.sum(2 * e * _x)),
            "That is the sum over the four points, four times the gradient: take the mean.",
        ),
        (
            _loop(lambda w, e, rate: w - rate * np.mean(2 * e)),
            "The chain rule also brings out an x: the derivative of (wx − y)² is 2 (wx − y) x.",
        ),
        (
            _loop(lambda w, e, rate: w - rate * 2 * e * _x),
            "One gradient a point, and right: now take their mean, so that w stays one number.",
        ),
        (
            _loop(lambda w, e, rate: -rate * np.mean(2 * e * _x)),
            "That is the step alone. The new w is the old one and the step.",
        ),
        (
            _loop(lambda w, e, rate: rate * np.mean(2 * e * _x)),
            "That is the step alone, and it climbs. The new w is w minus it.",
        ),
        (_loop(lambda w, e, rate: w - np.mean(2 * e * _x)), "The rate is missing: multiply the gradient by it."),
        (
            lambda rate, epochs: 45 * rate,
            "One step is right, and your loop makes only one: does `return` stand inside it?",
        ),
        (
            lambda rate, epochs: 45 * rate * epochs,
            "Every step is as long as the first. Compute the gradient from the present w, inside the loop.",
        ),
    ],
    read=outputs(_looped),
    right="Your loop trains: at rate 0.1 it takes w to 4.5 in one epoch, to 3.0000 in fifty.",
    hint="Not yet. At w = 0 the gradient is −45, so one step at rate 0.1 ends at 4.5.",
    open="the gradient and the new w",
    verb="write",
)


def _ruled(rule):
    """One step of the learner's rule, then where three runs end that it trains."""
    __tracebackhide__ = True
    found = rule(np.array([1.0, 2.0]), np.array([10.0, -4.0]), 0.1)
    if not (isinstance(found, tuple) and len(found) == 2):
        raise Unreadable("Your rule gives back two things: the new w, and () for what it remembers.")
    return [*np.ravel(found[0]), *np.ravel(descend(_slope, [0.01, 0.1, 0.12], 20, rule).weights[:, -1])]


my_sgd = exercise(
    sgd,
    [
        (lambda w, g, rate: (w + rate * g, ()), "Your rule climbs: a step goes against the gradient."),
        (lambda w, g, rate: (w - g, ()), "The rate is missing: it scales the gradient."),
        (lambda w, g, rate: (-rate * g, ()), "That is the step alone. The new w is the old one and the step."),
        (lambda w, g, rate: (rate * g, ()), "That is the step alone, and it climbs. The new w is w minus it."),
        (lambda w, g, rate: (w - 2 * rate * g, ()), "The factor 2 is in the gradient already."),
        (lambda w, g, rate: (w * (1 - rate * g), ()), "The step does not depend on how large w is: w − rate · g."),
    ],
    read=outputs(_ruled),
    right="`descend` has trained three runs with your rule. At rate 0.1, w comes to 3.0000 in twenty epochs.",
    hint="Not yet. For w = 1, g = 10 and rate 0.1 the new w is 0.",
    open="the new w",
)

line_step = exercise(
    (4.5, 1.5),
    [
        ((-4.5, -1.5), "You climbed: the step goes against the gradient. Turn the sign."),
        ((4.5, -0.75), "b used the new w. Take both gradients at the old weights first, then step."),
        (
            (2.25, 0.75),
            "Half of it: a ½ slipped into the loss. Here the loss is the mean of the squares as they are.",
        ),
        ((45, 15), "That is minus the gradient itself: multiply it by the rate."),
        ((0.45, 0.15), "That is the step at rate 0.01."),
        ((1.5, 4.5), "Both are right, in the other order: w first, then b."),
        ((4.5,), "That is w. What about b?"),
    ],
    right="Against the gradient, rate times its size, both taken before either weight moved.",
    hint="Not yet. The gradient at (0, 0) is (−45, −15): new weight = old weight − rate × gradient.",
    read=named("w", "b"),
    open="the two numbers (w, b)",
)

line_limit = exercise(
    _wider.limit,
    [
        (_problem.limit / 2, "Half of the old limit: but curvature grows with x squared."),
        (_problem.limit / 4, "A quarter: exact only without a bias, whose column of ones did not double."),
        (1 / 30, "That is without a bias: with it, the loss bends a little more."),
        (_wider.limit / 2, "That is 1/λ, where the swinging starts. The limit is 2/λ."),
        (_problem.limit, "That is the limit for x = 1, 2, 3, 4: it was not computed anew."),
        (2 * _problem.limit, "Larger x bend the loss more: the limit falls."),
        (2 / _wider.limit, "That is the largest curvature λ. The limit is 2/λ."),
    ],
    close=0.015,
    right="Right. The curvature grew nearly fourfold; not quite, because the bias did not grow.",
    hint="Not yet. Build the problem from the new x and y, and ask it for its limit.",
    open="the limit",
)


def _epochs_needed(answer):
    found = numbers(answer)
    if found.shape != (1,):
        raise Unreadable(f"One rate is asked for, and these are {found.size} numbers.")
    return float(found[0]), float(settled(descend(_problem, found[0], 1000), 3, 0.1))


def _below(bound):
    return lambda found: found[0] < bound


line_rate = exercise(
    lambda found: found[1] <= 35,
    [
        (
            lambda found: found[0] >= 1 and not found[0] % 1,
            "That looks like a count of epochs: a rate is asked for.",
        ),
        (_below(0), "A negative rate climbs away from 3."),
        (lambda found: found[0] == 0, "At rate 0 nothing moves."),
        (_below(_problem.limit / 2), "Small enough never to swing, and slow for it. Go higher."),
        (
            lambda found: abs(45 * found[0] - 3) <= 0.1,
            "w touches 3 ± 0.1 after one step, then leaves it again: w has to stay.",
        ),
        (_below(0.11), "It stays, but another rate needs fewer epochs. Go a little higher."),
        (_below(0.1165), "It stays, but it swings for longer than it must. Go a little lower."),
        (_below(0.1185), "Fastest in the long run, and not here: it swings for longer. Go lower."),
        (_below(_problem.limit), "At the edge: each swing is hardly smaller than the last."),
    ],
    read=_epochs_needed,
    right="No rate needs fewer epochs; its neighbours need as few.",
    hint="Above the limit: it never stays.",
    open="your rate",
)

line_sum = exercise(
    _problem.limit / 4,
    [
        (
            _problem.limit,
            "The limit of the mean: but a sum of four squares has a gradient four times as large.",
        ),
        (
            _problem.limit * 4,
            "The wrong way: a gradient four times as large needs a rate four times smaller.",
        ),
        (_problem.limit / 2, "Halved: but there are four points, and the curvature is four times as large."),
        (8 / _problem.limit, "That is the largest curvature λ of the sum. The limit is 2/λ."),
        (1 / 30, "That is without b: with it the loss bends a little more."),
        (_problem.limit / 8, "That is 1/λ, where the swinging starts. The limit is 2/λ."),
    ],
    right="Right. A rate says nothing until the loss is named.",
    hint="Not yet. A sum is four times the mean of four: what happens to the curvature, and to 2/λ?",
    open="the limit",
)


def _h(answer):
    h = numbers(answer)
    if h.shape != (1,) or h[0] <= 0:
        raise Unreadable("One distance is asked for, a number above 0.")
    seen = forward_difference(_problem, h[0]).gradient(_STUCK) / _problem.gradient(_STUCK)
    return float(h[0]), float(seen[0])


h_that_moves = exercise(
    lambda found: abs(found[1] - 1) < 0.1 and found[0] <= 0.05,
    [
        (lambda found: found[0] == 1e-4, "That is the book's h, and the run sticks: w + h rounds back to w."),
        (lambda found: found[1] == 0, "Too small: the spacing there is 0.00098, and w + h rounds back to w."),
        (
            lambda found: found[0] > 0.05,
            "w moves. But the offset grows with h: the run would settle at (3 − 2h, 4.5h).",
        ),
    ],
    read=_h,
    hint="w moves, but by a whole spacing and not by h: the gradient is far off.",
    right="The gradient is within 10 % of the true one there, and the offset 2h is at most 0.1.",
    open="your h",
)


def _loss(answer):
    try:
        return numbers(answer)
    except Unreadable:
        if "rise" in str(answer).lower():
            raise Unreadable("It does rise. To which loss? Give the number.") from None
        if "fall" in str(answer).lower():
            raise Unreadable("Follow it for 100 steps, and look at the last loss.") from None
        raise


printed_gradient = exercise(
    255.375,
    [
        (67.5, "That is the loss at the start: take the 100 steps."),
        (
            descend(_problem, 0.01, 100).final,
            "That run followed the true gradient. The printed one is (2.5, 1) everywhere.",
        ),
        (descend(_problem, -0.01, 100).final, "The residual is in, its sign turned."),
        (-2.5, "That is w after 100 steps. And the loss there?"),
        ((-2.5, -1), "These are the weights after 100 steps. And the loss there?"),
        (0.375, "You stepped along the gradient, to (2.5, 1). A descent steps against it: w ← w − ηg."),
    ],
    read=_loss,
    right="It rises. What is missing is the residual, the error ŷ − y, which also carries the sign.",
    hint="Not yet. The printed gradient is the mean of (x, 1), that is (2.5, 1), wherever the weights are.",
    open="the loss after 100 steps",
)
