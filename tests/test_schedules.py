"""The schedules: values by hand, and the numbers of PyTorch's and optax's own."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcore import schedules as s

THEIRS = np.load(Path(__file__).parent / "reference" / "schedules.npz")
OURS = {
    "step": s.step(30),
    "exponential": s.exponential(25),
    "polynomial": s.polynomial(100),
    "polynomial 2": s.polynomial(100, power=2),
    "cosine": s.cosine(100),
    "cosine floor": s.cosine(100, floor=0.2),
    "cosine torch": s.cosine(100, floor=0.2),
    "warmup": s.warmup(20),
    "triangle": s.triangle(40, floor=0.1),
    "one_cycle": s.one_cycle(100),  # PyTorch's total_steps are 101: it counts both ends
    "then": s.then(lambda t: np.maximum(1 - 0.02 * t, 0.2), 50, s.exponential(25)),
    "times": s.times(s.warmup(20), s.step(30)),
}
NAMES = "constant step exponential inverse polynomial cosine warmup triangle one_cycle".split()
ALL = {
    "constant": s.constant(),
    "step": s.step(7, factor=0.3),
    "exponential": s.exponential(5.5),
    "inverse": s.inverse(3),
    "polynomial": s.polynomial(20, power=1.5),
    "cosine": s.cosine(20, floor=0.1),
    "warmup": s.warmup(6),
    "triangle": s.triangle(9, floor=0.2),
    "one_cycle": s.one_cycle(20),
    "then": s.then(s.warmup(4), 4, s.cosine(10)),
    "times": s.times(s.warmup(4), s.cosine(10)),
}


@pytest.mark.parametrize("name", OURS)
def test_every_step_is_theirs(name):
    theirs = THEIRS[name]
    np.testing.assert_allclose(OURS[name](np.arange(len(theirs))), theirs, rtol=1e-12, atol=1e-12)


def test_all_of_theirs_are_looked_at():
    assert set(OURS) | {"losses", "plateau", "plateau quick"} == set(THEIRS)


@pytest.mark.parametrize(
    ("schedule", "t", "factors"),
    [
        (s.constant(), [0, 1, 99], [1, 1, 1]),
        (s.step(10), [0, 9, 10, 19, 20, 35], [1, 1, 0.5, 0.5, 0.25, 0.125]),
        (s.step(10, factor=0.1), [10, 20], [0.1, 0.01]),
        (s.exponential(100), [0, 100, 300], [1, 0.5, 0.125]),
        (s.inverse(30), [0, 30, 60, 270], [1, 1 / 2, 1 / 3, 1 / 10]),
        (s.polynomial(10), [0, 1, 5, 10, 11, 99], [1, 0.9, 0.5, 0, 0, 0]),
        (s.polynomial(10, power=2), [1, 5, 20], [0.81, 0.25, 0]),
        (s.polynomial(10, power=0.5), [7.5, 20], [0.5, 0]),
        (s.cosine(100), [0, 50, 100, 150, 200], [1, 0.5, 0, 0, 0]),
        (s.cosine(60, floor=0.2), [0, 20, 30, 40, 60, 61], [1, 0.8, 0.6, 0.4, 0.2, 0.2]),
        (s.warmup(4), [0, 1, 2, 3, 4, 99], [0.25, 0.5, 0.75, 1, 1, 1]),
        (s.triangle(10), [0, 1, 5, 9, 10, 15], [0, 0.2, 1, 0.2, 0, 1]),
        (s.triangle(8, floor=0.2), [0, 2, 4, 6, 8], [0.2, 0.6, 1, 0.6, 0.2]),
        (s.one_cycle(100), [0, 15, 30, 65, 100, 101], [0.04, 0.52, 1, 0.50005, 1e-4, 1e-4]),
        (s.one_cycle(10, rise=0.5, start=0, end=0.5), [0, 5, 7.5, 10], [0, 1, 0.75, 0.5]),
        (s.then(s.constant(), 5, s.step(2)), [0, 4, 5, 6, 7, 9], [1, 1, 1, 1, 0.5, 0.25]),
        (s.then(s.polynomial(4), 2, lambda t: 0.1), [1, 2, 50], [0.75, 0.1, 0.1]),
        (s.then(s.constant(), 0, s.step(1)), [0, 1], [1, 0.5]),
        (s.times(s.step(1), s.step(1), s.warmup(2)), [0, 1, 2], [0.5, 0.25, 1 / 16]),
        (s.times(), [0, 7], [1, 1]),
        (s.abreast(s.constant(), s.step(1)), [0, 1], [[1, 1], [1, 0.5]]),
    ],
)
def test_by_hand(schedule, t, factors):
    np.testing.assert_allclose(schedule(np.array(t)), factors, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose([schedule(step) for step in t], factors, rtol=1e-12, atol=1e-12)


@given(st.sampled_from(list(ALL)), st.lists(st.integers(0, 10**6), min_size=1, max_size=6))
def test_an_array_of_steps_is_its_steps_one_by_one_at_any_time(name, t):
    found = ALL[name](np.array(t))
    assert found.shape == (len(t),)
    np.testing.assert_allclose(found, [ALL[name](step) for step in t], rtol=1e-13)
    np.testing.assert_array_equal(ALL[name](np.array(t)), found)  # asking changes nothing
    np.testing.assert_allclose(ALL[name](np.array([t, t])), [found, found], rtol=1e-13)
    assert (found >= 0).all() and (found <= 1).all()


@pytest.mark.parametrize("name", [*NAMES, "then", "times"])
def test_a_schedule_answers_a_step_with_a_number_and_has_a_name(name):
    assert isinstance(ALL[name](3), float)
    assert ALL[name].__name__ == name


@pytest.mark.parametrize("name", ["constant", "polynomial", "cosine", "warmup", "one_cycle"])
def test_after_its_last_step_it_keeps_its_last_value(name):
    assert ALL[name](20) == ALL[name](21) == ALL[name](10**9)


def test_settings_may_be_arrays_one_entry_a_run():
    t = np.arange(5)
    found = s.cosine([10, 20], floor=[0, 0.5])(t)
    np.testing.assert_allclose(found, np.stack([s.cosine(10)(t), s.cosine(20, floor=0.5)(t)], axis=-1))
    grid = s.step([[2], [3]], factor=[0.5, 0.1])(t)
    assert grid.shape == (5, 2, 2)
    np.testing.assert_allclose(grid[:, 1, 0], s.step(3, 0.5)(t))
    assert s.cosine([10, 20])(3).shape == (2,)


def test_joins_line_up_what_they_hold():
    t = np.arange(6)
    both = s.then(s.cosine([10, 20]), 3, s.step(1))(t)
    np.testing.assert_allclose(both[:, 1], s.then(s.cosine(20), 3, s.step(1))(t))
    both = s.times(s.warmup(3), s.cosine([10, 20]), s.exponential([[5], [6]]))(t)
    assert both.shape == (6, 2, 2)
    np.testing.assert_allclose(both[:, 1, 0], s.times(s.warmup(3), s.cosine(10), s.exponential(6))(t))
    aside = s.abreast(s.cosine([10, 20]), s.constant())(t)
    assert aside.shape == (6, 2, 2)
    np.testing.assert_array_equal(aside[..., 1], 1)


def test_one_s_own_function_joins_too_also_where_it_takes_one_step_at_a_time():
    def drop(t):
        return 1 if t < 3 else 0.1

    np.testing.assert_allclose(s.times(drop, s.step(2))(np.arange(5)), [1, 1, 0.5, 0.05, 0.025])
    np.testing.assert_allclose(s.then(drop, 4, drop)(np.arange(8)), [1, 1, 1, 0.1, 1, 1, 1, 0.1])
    by_run = s.times(lambda t: 1 / (1 + t / np.array([1, 2])))(np.arange(2))
    np.testing.assert_allclose(by_run, [[1, 1], [1 / 2, 2 / 3]])  # two steps and two runs: not mistaken


def test_the_gallery_holds_the_nine_shapes():
    gallery = s.gallery(60)
    assert len(gallery) == 9
    values = {name: schedule(30) for name, schedule in gallery.items()}
    assert values == pytest.approx(
        {
            "constant": 1, "step": 1 / 8, "exponential": 1 / 8, "1/t": 1 / 11, "polynomial": 0.5, "cosine": 0.5,
            "warm-up": 1, "triangle": 1, "one-cycle": s.one_cycle(60)(30),
        }
    )  # fmt: skip

    assert gallery["warm-up"](2) == 0.5 and gallery["triangle"](15) == 0.5
    assert gallery["step"](9) == 1 and gallery["step"](10) == 0.5 and gallery["exponential"](10) == 0.5


def watched(watch, losses):
    memory, factors = (), []
    for loss in losses:
        factor, memory = watch(loss, *memory)
        factors.append(factor)
    return np.array(factors)


def test_plateau_is_pytorchs():
    losses = THEIRS["losses"]
    np.testing.assert_allclose(watched(s.plateau(), losses), THEIRS["plateau"], rtol=1e-12)
    quick = watched(s.plateau(patience=0, shrink=0.1, tolerance=0.01), losses)
    np.testing.assert_allclose(quick, THEIRS["plateau quick"], rtol=1e-12)
    assert len(set(THEIRS["plateau"])) > 3


def test_plateau_by_hand():
    """Patience 2: the third epoch without a better loss halves, and the count begins anew."""
    losses = [5, 4, 4, 4, 4, 4, 4, 4, 3, 3]
    np.testing.assert_array_equal(watched(s.plateau(patience=2), losses), [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25])
    # 10 % better is asked for: 3.7 is not (above 3.6), 3.5 is
    assert list(watched(s.plateau(patience=0, tolerance=0.1), [4, 3.7, 3.5])) == [1, 0.5, 0.5]


def test_plateau_watches_each_run_alone_and_a_lost_run_too():
    losses = np.array([[5, 5, np.nan], [5, 4, np.nan], [5, 3, np.nan], [5, 2, np.inf]])
    together = watched(s.plateau(patience=0), losses)
    assert together.shape == (4, 3)
    for i in range(3):
        np.testing.assert_array_equal(together[:, i], watched(s.plateau(patience=0), losses[:, i]))
    assert list(together[-1]) == [1 / 8, 1, 1 / 16]
    assert list(watched(s.plateau(patience=1), [np.nan] * 4)) == [1, 0.5, 0.5, 0.25]


def test_plateau_below_zero_needs_a_lower_loss_too():
    assert list(watched(s.plateau(patience=0, tolerance=0.5), [-1, -1.4, -1.6])) == [1, 0.5, 0.5]
    assert list(watched(s.plateau(patience=0, tolerance=0), [1, 1, 0.999])) == [1, 0.5, 0.5]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: s.step(0), r"^step: every takes a finite number above 0, or an array of them, got 0$"),
        (lambda: s.step(3, factor=-1), "^step: factor takes"),
        (lambda: s.exponential("ten"), "^exponential: half_life takes .* got 'ten'$"),
        (lambda: s.inverse(0), "^inverse: delay takes"),
        (lambda: s.polynomial(-1), "^polynomial: steps takes"),
        (lambda: s.polynomial(1, power=0), "^polynomial: power takes"),
        (lambda: s.cosine(np.nan), "^cosine: steps takes"),
        (lambda: s.cosine(10, floor=2), "^cosine: floor takes a share from 0 to 1, got 2$"),
        (lambda: s.warmup([]), "^warmup: steps takes"),
        (lambda: s.triangle(0), "^triangle: period takes"),
        (lambda: s.triangle(5, floor=-0.1), "^triangle: floor takes"),
        (lambda: s.one_cycle(0), "^one_cycle: steps takes"),
        (lambda: s.one_cycle(5, rise=1), "^one_cycle: rise takes a share between 0 and 1, got 1$"),
        (lambda: s.one_cycle(5, rise=0), "^one_cycle: rise takes a share between 0 and 1, got 0$"),
        (lambda: s.one_cycle(5, start=2), "^one_cycle: start takes"),
        (lambda: s.one_cycle(5, end=-1), "^one_cycle: end takes"),
        (
            lambda: s.then(s.constant(), -1, s.constant()),
            "^then: at takes a whole number, 0 or more, got -1$",
        ),
        (lambda: s.then(s.constant(), 2.5, s.constant()), "^then: at takes"),
        (
            lambda: s.then(0.5, 2, s.constant()),
            "^then: first takes a schedule: a function of the step t, got 0.5$",
        ),
        (
            lambda: s.then(s.constant(), 2, s.plateau()),
            "^then: second takes .* not one that watches the loss",
        ),
        (lambda: s.times(s.constant(), 3), "^times: schedule 2 takes a schedule"),
        (lambda: s.abreast(), "^abreast: schedules takes one schedule or more"),
        (lambda: s.abreast(3), "^abreast: schedule 1 takes a schedule"),
        (lambda: s.gallery("x"), "^gallery: steps takes"),
        (lambda: s.plateau(patience=-1), "^plateau: patience takes a whole number, 0 or more, got -1$"),
        (lambda: s.plateau(shrink=2), "^plateau: shrink takes a share from 0 to 1, got 2$"),
        (lambda: s.plateau(tolerance="no"), "^plateau: tolerance takes"),
        (lambda: s.plateau()("loss"), "^plateau: loss takes"),
        (lambda: s.plateau()([1, 2], 1, [1, 2, 3], 0), "^plateau: memory takes what the last call returned"),
        (lambda: s.cosine(10)(-1), "^cosine: t takes a step, 0 or more, or an array of steps, got -1$"),
        (lambda: s.cosine(10)("now"), "^cosine: t takes"),
        (lambda: s.times(s.constant())([]), "^times: t takes"),
        (lambda: s.step(1, factor=10)(1000), "^step: t takes steps at which the factor is finite, got 1000$"),
        (lambda: s.step([1, 2, 3], factor=[1, 2]), "^step: its settings take shapes that broadcast"),
    ],
)
def test_a_mistake_is_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
