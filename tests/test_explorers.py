"""Explorers: every control of every one of the course against a run of its own, and what all of them share."""

import json
import os
import sys
import zlib

import numpy as np
import pytest

import found
from lrcore import descend, least_squares, line, rules
from lrlab import explore, plots
from lrlab.explore.explorer import pick
from lrlab.explore.frames import Stage

COURSE = [pytest.param(path, cell.id, id=f"{path.stem[:2]}-{cell.id}") for path, cell in found.cells()]
PROBLEM = least_squares(*line())
LOW, HIGH = np.linalg.eigvalsh([[15, 5], [5, 2]])


def made(**settings):
    return explore.rate_explorer(
        PROBLEM, 50, **{"rate": (0.001, 0.2), "at": 0.1, "draw": (plots.weight_now, plots.loss_now), **settings}
    )


def direct(explorer, values):
    """The run at these values, trained alone: nothing looked up."""
    others = {
        name: explorer.kinds[name].options[value] if hasattr(explorer.kinds[name], "options") else value
        for name, value in values.items()
        if name != "rate"
    }
    return pick(explorer.train(np.array([values["rate"]]), **others), 0)


EVERY = bool(os.environ.get("EVERY_LESSON"))  # make test-slides looks at more places of each slider


def settings(explorer):
    """Values to look at: the whole range of the rate, then a few of each other control at a few rates."""
    rate, looks = explorer.rate, 40 if EVERY else 5
    for stop in [*rate.stops[:: max(len(rate.stops) // looks, 1)], *rate.meant, rate.stops[-1]]:
        if rate.low <= stop <= rate.high:
            yield {**explorer.first, "rate": stop}
    for name, kind in explorer.kinds.items():
        for value in [] if name == "rate" else kind.stops[:: max(len(kind.stops) // (4 if EVERY else 2), 1)]:
            for stop in (rate.low, rate.high):
                yield {**explorer.first, name: value, "rate": stop}


# Those with packs or many runs behind them take seconds each: make test-slides looks at them.
@pytest.mark.parametrize(("path", "cell"), COURSE if EVERY else [one for one in COURSE if one.id < "04"])
def test_every_control_through_its_whole_range(path, cell):
    explorers = found.make(path, cell)
    assert explorers, "the cell makes no explorer"
    for explorer in explorers:
        alone = Stage(explorer.views, explorer.runs, explorer.shows)
        pictures = set()
        for values in settings(explorer):
            pieces, texts, status = explorer.frame(values)
            if not explorer.stored:  # then a pack answers, and its own test recomputes it
                assert list(zip(pieces, texts, strict=True)) == alone(direct(explorer, values)), values
            assert status.startswith(f"rate {values['rate']:.6g}: ") and all(any(map(str.isdigit, t)) for t in texts)
            pictures.add(tuple(pieces))
        assert len(pictures) > 4, "the slider moves, the picture does not"
        explorer.close()


@pytest.mark.parametrize(("path", "cell"), COURSE)
def test_its_cell_is_tagged_and_stores_picture_and_text(path, cell):
    stored = next(c for p, c in found.cells() if p == path and c.id == cell)
    assert "explorer" in stored.metadata.get("tags", [])
    kinds = [set(output.data) for output in stored.outputs if "data" in output]
    assert {"image/png", "text/plain"} in kinds
    assert not [kind for kind in kinds if any("widget" in each for each in kind)]


def test_the_course_has_explorers():
    assert COURSE


def test_a_misspelt_setting_is_a_type_error_at_once():
    for wrong in (
        {"betta": 0.9},
        {"beta": 0.9},  # plain descent has none
        {"shows": {"targets": 3}},
        {"rule": {"a": rules.sgd, "b": rules.momentum}, "beta1": (0, 0.9)},
    ):
        with pytest.raises(TypeError):
            made(**wrong)
    with pytest.raises(TypeError):
        explore.explorer(lambda rates: None, plots.loss_now, seed=[1, 2])
    with pytest.raises(TypeError):
        made().move(beta=0.3)


def test_a_setting_goes_to_the_rules_that_take_it():
    explorer = made(rule={"plain": rules.sgd, "heavy": rules.momentum}, beta=(0, 0.9), at={"rate": 0.1, "beta": 0.5})
    plain = descend(PROBLEM, 0.1, 50)
    heavy = descend(PROBLEM, 0.1, 50, rules.momentum, beta=0.5)
    assert explorer.run.final == plain.final
    assert explorer.move(rule="heavy").run.final == heavy.final != plain.final
    assert explorer.move(rule="plain", beta=0.9).run.final == plain.final


def test_all_rates_are_trained_in_one_call_and_a_move_looks_one_up():
    calls = []

    def train(rates, beta):
        calls.append((len(rates), beta))
        return descend(PROBLEM, rates, 20, rules.momentum, beta=beta)

    explorer = explore.explorer(train, plots.loss_now, (0.001, 0.1), 0.01, beta=[0, 0.9])
    explorer.frames(explorer.values)
    assert calls == [(len(explorer.rate.stops), 0)] and calls[0][0] >= 200
    explorer.frame({"rate": 0.0314159, "beta": "0"})
    assert calls[1:] == [(1, 0)], "a typed rate is trained alone"


def test_a_stored_pack_answers_and_what_is_typed_is_trained():
    rates, trained = np.geomspace(0.001, 0.1, 64), []
    pack = descend(PROBLEM, rates, 30)

    def train(rates):
        trained.append(list(rates))
        return descend(PROBLEM, rates, 30)

    explorer = explore.explorer(train, plots.loss_now, rates, rates[10], stored=lambda: pack)
    explorer.frames(explorer.values)
    assert trained == [] and explorer.rate.stops == list(rates)
    explorer.move(rate=0.05)
    assert explorer.run.final == descend(PROBLEM, 0.05, 30).final and trained == [[0.05]]


def test_a_stored_pack_is_asked_before_another_setting_is_trained():
    rates, trained = np.geomspace(0.001, 0.1, 64), []

    def train(rates, epochs):
        trained.append(epochs)
        return descend(PROBLEM, rates, epochs)

    kept = {30: descend(PROBLEM, rates, 30), 40: descend(PROBLEM, rates, 40)}
    explorer = explore.explorer(
        train, plots.loss_now, rates, rates[10], epochs=[30, 40, 50], stored=lambda epochs: kept.get(epochs)
    )
    explorer.move(rate=rates[20], epochs=40)
    assert (explorer.run.final, trained) == (kept[40].final[20], [])
    explorer.move(epochs=50)
    assert (explorer.run.epochs[-1], trained) == (50, [50]), "what was not stored is trained"


@pytest.mark.parametrize("race", [False, True])
def test_a_learners_rule_without_a_star_gets_its_setting(race):
    def mine(w, g, rate, v=0, beta=0.9):
        v = beta * v + g
        return w - rate * v, (v,)

    if race:
        explorer = explore.race(
            PROBLEM, 20, {"mine": mine, "theirs": rules.momentum}, (0.01, 0.2), 0.03, beta=(0, 0.99)
        )
        runs = explorer.move(beta=0.5).run
        assert (runs["mine"].weights == runs["theirs"].weights).all()
    else:
        run = made(rule=mine, beta=(0, 0.99)).move(beta=0.5).run
        assert run.final == descend(PROBLEM, 0.1, 50, rules.momentum, beta=0.5).final


def test_a_box_to_tick():
    def train(rates, twice):
        return descend(PROBLEM, rates * (2 if twice else 1), 30)

    explorer = explore.explorer(train, plots.loss_now, (0.001, 0.05), 0.01, twice=[False, True])
    assert explorer.run.rate == 0.01 and explorer.move(twice=True).run.rate == 0.02
    assert (
        explorer.spec([(kind, kind.stops) for kind in explorer.kinds.values()], True)["controls"][1]["kind"] == "switch"
    )


def test_what_is_trained_when():
    """At first all stops in one call; of another setting only what is asked for, and that once."""
    asked = []

    def train(rates, beta):
        asked.append((len(rates), beta))
        return descend(PROBLEM, rates, 5, rules.momentum, beta=beta)

    explorer = explore.explorer(train, plots.loss_now, (0.001, 0.05), 0.01, beta=(0, 0.9))
    stops = len(explorer.rate.stops)
    assert explorer.run and explorer.move(rate=explorer.rate.stops[3]).run and asked == [(stops, 0)]
    assert explorer.move(beta=0.5).run and explorer.run and asked == [(stops, 0), (1, 0.5)]
    assert explorer.frames(explorer.values, stops=[0.01]) and asked[2:] == [(stops, 0.5)]


def test_seeds_of_one_rate_come_together():
    def train(rates):
        return tuple(descend(PROBLEM, rates, 10, batch=2, seed=seed) for seed in range(3))

    def view(ax, runs):
        ax.set(xlim=(0, 10), ylim=(0, 70))

        def show(three):
            middle = np.median([run.losses for run in three], axis=0)
            ax.plot(three[0].epochs, middle)
            return f"Median {plots.number(middle[-1])}."

        return show

    explorer = explore.explorer(train, view, (0.001, 0.1), 0.03, caption=lambda three: f"{len(three)} seeds")
    pieces, texts, status = explorer.frame(explorer.values)
    ends = [descend(PROBLEM, 0.03, 10, batch=2, seed=seed).final for seed in range(3)]
    assert texts == [f"Median {plots.number(np.median(ends))}."] and status == "rate 0.03: 3 seeds."
    assert pieces[0].count("<path") == 1, "one curve: what was drawn before is gone"
    explorer.frame({"rate": 0.05})
    assert explorer.frame({"rate": 0.03})[0] == pieces


def test_a_new_draw_is_another_seed():
    explorer = made(batch=2, seed=explore.new_draw(3))
    assert explorer.values["seed"] == 3 and explorer.kinds["seed"].thin() == list(range(3, 11))
    assert explorer.move(seed=5).run.final == descend(PROBLEM, 0.1, 50, batch=2, seed=5).final


def test_a_dragged_start_is_where_the_run_begins():
    explorer = made(draw=plots.path_now, drag=True)
    explorer.move(start="1,-0.5")
    assert explorer.run.weights[0].tolist() == [1, -0.5]
    *corners, left, right, low, high, weights = explorer.stage.places()[0]
    box = explorer.stage.figures[0].axes[0].get_window_extent()  # in points, as the SVG, whose y goes down
    top = explorer.stage.figures[0].bbox.height
    assert corners == pytest.approx([box.x0, top - box.y0, box.x1, top - box.y1])
    assert weights == 2, "both are dragged"
    assert left < 0 < right and low < 0 < high


def test_what_a_learners_function_raises_comes_through():
    def train(rates):
        return 1 / 0

    with pytest.raises(ZeroDivisionError) as raised:
        explore.explorer(train, plots.loss_now)
    assert shown(raised) == ["train"], "no frame but the learner's own"


def shown(raised):
    """The functions that IPython shows of a traceback, without the test itself."""
    return [one.name for one in raised.traceback[1:] if "__tracebackhide__" not in one.frame.f_locals]


@pytest.mark.parametrize("race", [False, True])
def test_a_learners_rule_and_view_speak_for_themselves_at_once(race):
    """Where the explorer is made, not twice where it is shown, which would not even end the cell."""

    def rule(w, g, rate):
        return w - rate * grad, ()  # noqa: F821

    def view(ax, runs):
        return lambda run: run.nothing

    with pytest.raises(NameError) as raised:
        explore.race(PROBLEM, 5, {"mine": rule}) if race else explore.rate_explorer(PROBLEM, 5, rule=rule)
    assert shown(raised) == (["<dictcomp>", "rule"] if race and sys.version_info < (3, 12) else ["rule"])
    with pytest.raises(AttributeError, match="nothing") as raised:
        explore.race(PROBLEM, 5, {"sgd": rules.sgd}, draw=view) if race else made(draw=view)
    assert shown(raised)[-1] == "<lambda>" and len(shown(raised)) <= 3


def test_text_names_the_setting_and_what_the_run_did():
    assert made(draw=plots.loss_now).text == (
        "Explorer at learning rate η 0.1: swings, and settles; loss 67.5 → 0.00668.\n"
        "Loss against epoch at rate 0.1: swings, and settles; loss 67.5 → 0.00668."
    )


def test_the_widget_says_again_what_the_page_asks():
    explorer = made(beta=(0, 0.99), rule=rules.momentum)
    widget, said = explorer.widget, []
    widget.send = lambda content, buffers=None: said.append((content, buffers))
    asked = {"ask": "q7", "values": {"rate": "0.0314159", "beta": "0.123"}}
    widget._handle_custom_msg(asked, [])
    assert said[0] == ({"working": "q7"}, None)
    run = descend(PROBLEM, 0.0314159, 50, rules.momentum, beta=0.123)
    answer = said[1][0]
    assert (answer["id"], answer["rate"], answer["key"]) == ("q7", "0.0314159", "0.123")
    assert plots.number(run.final) in answer["frame"][2] and explorer.values == {"rate": 0.0314159, "beta": 0.123}
    widget._handle_custom_msg({"at": {"rate": "0.1", "beta": "0"}}, [])
    assert explorer.run.final == descend(PROBLEM, 0.1, 50, rules.momentum, beta=0.0).final
    explorer.move(rate=0.05)
    assert said[-1][0] == {"go": {"rate": "0.05", "beta": "0"}}
    pack = json.loads(zlib.decompress(widget.get_state()["pack"]))
    assert pack["key"] == "0" and "0.1" in pack["frames"]
    explorer.close()
