"""Bad input cannot hurt: every public function answers with a result or one sentence, never with NumPy's innards."""

import inspect
import time
import traceback
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import lrcore
from lrcore import (
    bowl,
    data,
    descend,
    least_squares,
    line,
    logistic,
    measure,
    rules,
    schedules,
    search,
    softmax,
    surface,
)
from lrcore.ledger import Ledger

LINE = least_squares(*line())
RUN = descend(LINE, [0.1, 0.2], 2)
HOUSES = logistic([[1, 2], [3, 4], [0, 1]], [0, 1, 1])
KINDS = softmax([[1, 2], [3, 4], [0, 1]], [0, 1, 2])

JUNK = [
    None, True, False, "", "0.1", "fast", b"1", 1j, np.nan, np.inf, -np.inf, -1, 0, 1, 2, 3, 2.5, -0.0, 1e308, -1e308,
    1e-320, 10**400, -(10**400), 2**63, [], [[]], [1], [1, 2], [1, np.nan], [[1], [2, 3]], [[1, 2], [3, 4]], (1, 2, 3),
    ["a", "b"], [None], {}, {1: 2}, {1, 2}, range(3), object(), int, len, lambda: 3, lambda x: x, lambda *a: a,
    np.array([]), np.zeros((0, 3)), np.zeros((2, 0)), np.zeros((2, 2, 2)), np.array(["1"]), np.array([1, "a"], object),
    np.array([1], "M8[s]"), np.array([True]), np.ones(3, np.int8), np.float32(0.5), np.float64("nan"), np.int64(3),
    np.ma.masked, np.array(1j), np.broadcast_to(1.0, (10**9, 1))[:0], np.full(3, 1e300), slice(None), ..., Ellipsis,
]  # fmt: skip

HUGE = np.broadcast_to(1.0, (10**12, 3))  # 24 TB, were it ever made: refused at once, not after the last page


class Hostile:
    """Raises at whatever it is asked."""

    def _no(self, *_):
        raise RuntimeError("no")

    __repr__ = __str__ = __eq__ = __bool__ = __len__ = __iter__ = __float__ = __index__ = __array__ = _no
    __hash__ = None


class Endless:
    """A billion numbers, by its own account."""

    def __len__(self):
        return 10**9

    def __getitem__(self, k):
        return 1.0


NESTED = []
NESTED.append(NESTED)
JUNK += [
    HUGE,
    [HUGE],
    Hostile(),
    [Hostile()],
    Endless(),
    range(10**9),
    NESTED,
    (n for n in range(3)),
    10**5000,
]

W3 = [0.1, -0.2, 0.3]


def entered(**given):
    """A ledger with one entry, in all its faces."""
    ledger = Ledger()
    claim = ledger.enter(**given)
    return [repr(ledger), ledger._repr_html_(), repr(claim), claim._repr_html_()]


CALLS = {  # what is called with one argument in junk's place
    "descend": (descend, {"problem": LINE, "rate": 0.1, "epochs": 2, "rule": rules.momentum, "batch": 2,
                          "schedule": None, "start": [0, 0], "seed": 0, "dtype": float, "checkpoints": 1, "beta": 0.5}),
    "coarse_to_fine": (search.coarse_to_fine, {"problem": LINE, "low": 0.01, "high": 1, "epochs": 2, "rounds": 2,
                                               "rates": 3}),
    "random_search": (search.random_search, {"problem": LINE, "low": 0.01, "high": 1, "epochs": 2, "trials": 3,
                                             "seed": 0}),
    "range_test": (search.range_test, {"problem": LINE, "low": 0.01, "high": 1, "steps": 5, "batch": 2, "seed": 0}),
    "own_best": (search.own_best, {"rates": [1, 2], "losses": np.ones((4, 2, 3))}),
    "least_squares": (least_squares, {"X": [1, 2], "y": [1, 2], "bias": True}),
    "logistic": (logistic, {"X": [[1], [2]], "y": [0, 1]}),
    "softmax": (softmax, {"X": [[1], [2]], "y": [0, 1], "classes": 2}),
    "bowl": (bowl, {"curvature": [1, 2]}),
    "saddle": (lrcore.saddle, {}),
    "banana": (lrcore.banana, {}),
    "forward_difference": (lrcore.forward_difference, {"problem": LINE, "h": 1e-4}),
    "noisy": (lrcore.noisy, {"problem": LINE, "spread": 1, "n": 5, "seed": 0}),
    "surface": (surface, {"loss": lambda w: w.sum(-1), "gradient": np.ones_like, "start": [1, 2]}),
    "power_iteration": (lrcore.power_iteration, {"problem": LINE, "w": [0, 0], "tolerance": 1e-3, "most": 9}),
    "line": (line, {"n": 5, "noise": 0.1, "seed": 0}),
    "school_district": (lrcore.school_district, {"split": 0}),
    "digits": (lrcore.digits, {}),
    **{f"rules.{name}": (rule, {"w": [1.0, 2.0], "g": [1.0, 2.0], "rate": 0.1,
                                **{p.name: p.default for p in inspect.signature(rule).parameters.values()
                                   if p.kind is p.KEYWORD_ONLY}})
       for name, rule in rules.RULES.items()},
    "rules.momentum, its memory": (rules.momentum, {"w": [1.0, 2.0], "g": [1.0, 2.0], "rate": 0.1, "v": 0}),
    **{f"schedules.{made.__name__}": (made, args) for made, args in {
        schedules.constant: {}, schedules.step: {"every": 2, "factor": 0.5}, schedules.exponential: {"half_life": 2},
        schedules.inverse: {"delay": 2}, schedules.polynomial: {"steps": 2, "power": 1},
        schedules.cosine: {"steps": 2, "floor": 0}, schedules.warmup: {"steps": 2},
        schedules.triangle: {"period": 2, "floor": 0}, schedules.gallery: {"steps": 60},
        schedules.one_cycle: {"steps": 9, "rise": 0.3, "start": 0.1, "end": 0.1},
        schedules.then: {"first": schedules.constant(), "at": 2, "second": schedules.constant()},
        schedules.plateau: {"patience": 2, "shrink": 0.5, "tolerance": 0},
    }.items()},
    **{f"a schedule, {made.__name__}": (lambda t, made=made: made(t), {"t": 3}) for made in (
        schedules.step(2), schedules.cosine(9), schedules.then(schedules.step(2), 2, schedules.inverse(1)))},
    "plateau's watcher": (schedules.plateau(), {"loss": 1.0, "factor": 1.0, "best": 2.0, "waited": 0}),
    **{f"{kind} {ask}": (getattr(problem, ask), {"w": np.zeros(problem.d)})
       for kind, problem in {"squares": LINE, "logistic": HOUSES, "softmax": KINDS, "bowl": bowl([1, 2]),
                             "difference": lrcore.forward_difference(LINE), "noisy": lrcore.noisy(LINE, 1)}.items()
       for ask in ("loss", "gradient", "hessian", "sharpness", "accuracy", "recall", "precision", "probability")
       if hasattr(problem, ask)},
    "rows": (lambda rows: LINE.gradient([0, 0], rows), {"rows": [0, 1]}),
    "take": (LINE.take, {"rows": [0, 1]}),
    "on": (HOUSES.on, {"X": [[1, 2]], "y": [0]}),
    "other data": (lambda X, y: HOUSES.accuracy(W3, X, y), {"X": [[1, 2]], "y": [0]}),
    "other houses": (lambda X: HOUSES.probability(W3, X), {"X": [[1, 2]]}),
    "hessian_vector": (HOUSES.hessian_vector, {"w": W3, "v": W3}),
    "run[…]": (lambda i: RUN[i], {"i": 0}),
    "settled": (RUN.settled, {"target": 3, "within": 1, "index": 0}),
    "late": (measure.late, {"run": RUN, "share": 0.25}),
    "arrival": (measure.arrival, {"run": RUN, "goal": 1}),
    "valley": (measure.valley, {"rates": [1, 2, 4], "losses": [3, 1, 1], "goal": 0.1}),
    "cost": (measure.cost, {"rule": rules.adam}),
    "claims": (lambda row: [*map(repr, Ledger().claims(row))], {"row": 1}),
    "enter": (entered, {"row": 1, "measured": "4 of 5", "holds": False, "fails": False, "when": "it rains"}),
}  # fmt: skip
PAIRS = [(name, argument) for name, (_, given) in CALLS.items() for argument in given]


def answer(call):
    """The result, or the one sentence; anything else fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return call()
        except (ValueError, TypeError, IndexError, MemoryError) as error:
            said, last = str(error), traceback.extract_tb(error.__traceback__)[-1]
            assert "lrcore" in last.filename, f"from {last.filename}: {error!r}"
            assert "\n" not in said and len(said) < 300, said
            assert ": " in said, said
            return said


@pytest.mark.parametrize(("name", "argument"), PAIRS)
def test_junk_in_an_argument_s_place_is_a_result_or_one_sentence(name, argument):
    called, given = CALLS[name]
    fine = answer(lambda: called(**given))
    assert not isinstance(fine, str), fine
    for junk in JUNK:
        answer(lambda junk=junk: called(**{**given, argument: junk}))


def test_every_public_name_is_called():
    public = [name for name in lrcore.__all__ if name[0].islower()]
    modules = {"data", "problems", "rules", "schedules", "search", "plots", "explore", "check", "measure"}
    assert set(public) - modules <= set(CALLS)
    named = {made for made, _ in CALLS.values()}
    measures = {
        f for f in vars(measure).values() if inspect.isfunction(f) and f.__module__ == measure.__name__
    }
    assert measures <= named
    own = [
        f
        for name, f in vars(schedules).items()
        if inspect.isfunction(f) and f.__module__ == schedules.__name__
    ]
    assert {f for f in own if f.__name__[0] != "_"} - named <= {schedules.times, schedules.abreast}


@pytest.mark.parametrize("join", [schedules.times, schedules.abreast])
def test_junk_among_schedules_is_a_result_or_one_sentence(join):
    for junk in JUNK:
        answer(lambda junk=junk: join(schedules.constant(), junk))


@pytest.mark.parametrize(
    "junk",
    [
        lambda w: None,
        lambda w: "",
        lambda w: [],
        lambda w: w[0],
        lambda w: np.zeros(7),
        lambda w: [[1], [1, 2]],
        lambda: 1,
        lambda w, x: w,
        lambda w: {},
        np.linalg.norm,
    ],
)
def test_functions_of_the_wrong_shape_are_one_sentence(junk):
    assert isinstance(answer(lambda: surface(junk, lambda w: w, [1.0, 2.0])), str)
    assert isinstance(answer(lambda: surface(lambda w: w.sum(-1), junk, [1.0, 2.0])), str)
    assert isinstance(answer(lambda: descend(LINE, 0.1, 3, junk)), str)


@pytest.mark.parametrize(
    "junk",
    [
        lambda t: None,
        lambda t: "",
        lambda t: [],
        lambda t: {},
        lambda t: np.nan,
        lambda: 1,
        lambda t: 1j,
        lambda loss: 3,
        lambda loss: ("a", ()),
        lambda loss: (1, 2),
        print,
    ],
)
def test_schedules_of_the_wrong_shape_are_one_sentence(junk):
    assert isinstance(answer(lambda: descend(LINE, 0.1, 3, schedule=junk)), str)


NUMBERS = st.floats(-1e6, 1e6, width=32)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_shapes_of_numbers_are_a_run_or_one_sentence(draw):
    shape = st.lists(st.integers(0, 3), max_size=3).map(tuple)
    numbers = shape.flatmap(lambda s: arrays(draw.draw(st.sampled_from([float, np.float32, int])), s,
                                             elements={"min_value": -9, "max_value": 9}))  # fmt: skip
    X, y, rate, start, beta = (draw.draw(numbers) for _ in range(5))
    for kind in (least_squares, logistic, softmax):
        problem = answer(lambda kind=kind: kind(X, y))
        if isinstance(problem, str):
            problem = LINE
        run = answer(
            lambda problem=problem: descend(problem, rate, 2, rules.momentum, start=start, beta=beta / 10)
        )
        if not isinstance(run, str):
            runs = np.broadcast_shapes(rate.shape, start.shape[:-1], beta.shape)
            assert run.losses.shape == (*runs, 3) and run.weights.shape == (*runs, 3, problem.d)
            assert run.rate.shape == run.final.shape == run.diverged.shape == runs
            assert repr(run) and "\n" not in repr(run)


@settings(max_examples=60, deadline=None)
@given(arrays(float, (4, 2), elements=NUMBERS), arrays(float, 4, elements=NUMBERS), st.floats(-1e9, 1e9))
def test_any_finite_data_give_finite_losses_and_quiet_runs(X, y, rate):
    for problem in (least_squares(X, y), logistic(X, y > 0), softmax(X, y > 0, classes=2)):
        assert np.isfinite(problem.loss(problem.start)) and np.isfinite(problem.gradient(problem.start)).all()
        assert np.isfinite(problem.curvature).all() and problem.limit > 0
        run = descend(problem, [rate, 0.0], 30, batch=3)
        assert not run.diverged[1] and run.losses.shape == (2, 31)
        assert bool(run.diverged[0]) == (not run.final[0] <= run.losses[0, 0])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: descend(LINE, 0.1, 10**12), "a whole number from 1 to 67108864"),
        (lambda: descend(LINE, np.geomspace(0.01, 1, 10**6), 100), "memory holds for 1000000 runs, not 1.51 GB"),
        (lambda: descend(least_squares(*line(10**5)), np.ones(10**4), 1), "10000 runs, not 7.45 GB"),
        (lambda: descend(LINE, 0.1, 10**6, schedule=schedules.step(np.arange(1, 1001))), "memory holds"),
        (lambda: least_squares(HUGE, [1, 2]), "3000000000000 numbers, over half a gigabyte"),
        (lambda: LINE.loss(np.broadcast_to(1.0, (10**9, 2))), "2000000000 numbers, over half a gigabyte"),
        (lambda: LINE.take(np.broadcast_to(1, 10**9)), "1000000000 numbers, over half a gigabyte"),
        (lambda: bowl(np.ones(10**5)).limit, "weights whose Hessian memory holds, not 74.5 GB"),
        (lambda: softmax(np.ones(10**5), np.arange(10**5)), "labels of as many classes as memory holds"),
        (lambda: line(10**12), "a whole number from 2 to 10000000"),
    ],
)  # fmt: skip
def test_what_memory_cannot_hold_is_one_sentence_at_once(call, said):
    before, found = time.perf_counter(), answer(call)
    assert isinstance(found, str) and said in found, found
    assert time.perf_counter() - before < 2


@settings(max_examples=60, deadline=None)
@given(arrays(float, 5, elements=st.floats(1e-3, 1e3)), arrays(float, (2, 5), elements=st.floats(0, 1e9)),
       st.floats(0, 1e6), st.floats(0, 1))  # fmt: skip
def test_measures_of_finite_numbers_are_no_nan(rates, losses, goal, share):
    found = answer(lambda: measure.valley(rates, losses[0], goal))
    assert isinstance(found, str) if (np.diff(rates) <= 0).any() else np.isfinite(found).all()
    found = measure.valley(np.cumsum(rates), losses[0], goal)
    assert np.isfinite(found).all()
    run = lrcore.Run(np.ones(2), np.arange(5), np.zeros((2, 5, 1)), losses, np.ones((2, 5)))
    assert np.isfinite(measure.late(run, share)).all()
    assert not np.isnan(measure.arrival(run, goal)).any()


def test_a_valley_without_a_finite_loss_and_a_test_that_is_no_test_are_refused():
    assert "one finite loss or more" in answer(lambda: measure.valley([1, 2], [np.nan, np.inf], 1))
    assert "True or False" in answer(lambda: Ledger().enter(1, "n", holds=np.nan))


def test_where_it_says_a_path_it_is_the_repositorys():
    assert data.FOLDER.name == "data" and (data.FOLDER / "README.md").exists()
