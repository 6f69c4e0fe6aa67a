"""Claims about the line: limits, signs, swings, the printed gradient, polynomials, pure noise."""

import numpy as np

from lrcore import descend, forward_difference, least_squares, line, logistic, rules, school_district, surface
from lrlab import measure

from . import fixed, seeded

FOUR = least_squares(*line())


def settling(rates, epochs=5000):
    """The epoch from which w stays within 0.1 of 3, for each rate; infinite where it never does."""
    return measure.settled(descend(FOUR, rates, epochs), 3, within=0.1)


@fixed("1")
def smaller_is_better():
    slow, middle, fast, wild = settling([0.001, 0.01, 0.1, 1])
    return {
        "0.001 in place of 0.01": slow / middle,
        "0.01 in place of 0.1": middle / fast,
        "0.1 in place of 1": fast / wild,
    }


@fixed("3")
def sign_tells_the_side():
    alone = least_squares(*line(), bias=False)
    found = {}
    for name, problem in {"w alone": alone, "w and b": FOUR}.items():
        run = descend(problem, [0.01, 0.1], 9)
        wrong = np.sign(run.weights[..., 0] - 3) != np.sign(problem.gradient(run.weights)[..., 0])
        found |= {f"{name}, rate {rate:g}": w.sum() for rate, w in zip(run.rate, wrong, strict=True)}
    return found


def stuck():
    """The weights at which the vision book's run stands still."""
    return descend(forward_difference(FOUR), 1, 3, dtype=np.float32).weights[-1].astype(float)


@fixed("4")
def gradient_barely_changes():
    return {"where the run stands still": abs(FOUR.gradient(stuck())[0])}


@fixed("5")
def larger_swings_and_settles_sooner():
    rates = [0.01, 0.1, 0.119, 1]
    run = descend(FOUR, rates, 2000)
    swings = (np.diff(np.sign(run.weights[:, :20, 0] - 3)) != 0).sum(axis=1)
    epochs = measure.settled(run, 3, within=0.1)
    pairs = [(0, 1), (1, 2), (1, 3)]
    ratio = [epochs[b] / epochs[a] if swings[b] > swings[a] else np.inf for a, b in pairs]
    return {f"from {rates[a]:g} to {rates[b]:g}": r for (a, b), r in zip(pairs, ratio, strict=True)}


@fixed("6")
def negative_leaves():
    houses = logistic(*school_district()[0])
    runs = {"the line, −0.01": descend(FOUR, -0.01, 10), "the houses, −0.5": descend(houses, -0.5, 10)}
    return {name: run.losses[0] / run.final for name, run in runs.items()}


def double_well(start=(0.0, 1.0)):
    """(x² − 1)²/4 + y²/2: two minima at x = ±1, a saddle between them."""
    return surface(
        lambda w: (w[..., 0] ** 2 - 1) ** 2 / 4 + w[..., 1] ** 2 / 2,
        lambda w: np.stack([w[..., 0] * (w[..., 0] ** 2 - 1), w[..., 1]], axis=-1),
        start,
    )


def at_no_minimum(problem, run):
    """1 where a run ends with a gradient, or where the loss curves downwards."""
    w = run.weights[-1]
    bends = double_well(w).curvature[0] if problem.n is None else 1
    return int(not (np.abs(problem.gradient(w)).max() < 1e-6 and bends > 0))


@fixed("8")
def below_one_over_l():
    end = 1 / 3000
    runs = {"descent": descend(FOUR, 0.05, 3000, checkpoints=end)}
    runs["momentum"] = descend(FOUR, 0.05, 3000, rules.momentum, checkpoints=end)
    found = {f"{name} on the line": at_no_minimum(FOUR, run) for name, run in runs.items()}
    return found | {
        "descent from the ridge of a saddle": at_no_minimum(double_well(), descend(double_well(), 0.4, 500))
    }


@seeded("8")
def below_one_over_l_by_chance(seed):
    chance, noisy = np.random.RandomState(seed), least_squares(*line(100, noise=1, seed=seed))
    beside = descend(double_well(), 0.4, 500, start=chance.normal(size=2))
    shaken = descend(noisy, 0.05, 30, batch=1, seed=seed, checkpoints=1 / 30)
    return {
        "descent from beside the ridge": at_no_minimum(double_well(), beside),
        "SGD on the noisy line": at_no_minimum(noisy, shaken),
    }


@fixed("9")
def small_rate_vanishes():
    houses = logistic(*school_district()[0])
    runs = {"the line": descend(FOUR, [0.01, 0.1], 100), "the houses": descend(houses, [0.01, 1], 50, batch=10)}
    problems = {"the line": FOUR, "the houses": houses}
    ends = {name: np.abs(problems[name].gradient(run.weights[:, -1])).max(axis=-1) for name, run in runs.items()}
    return {name: small / large for name, (small, large) in ends.items()}


@fixed("10")
def large_rate_explodes():
    houses = logistic(*school_district()[0])
    runs = {"the line at 1": (FOUR, descend(FOUR, 1, 60))}
    runs["the houses at 50"] = houses, descend(houses, 50, 50, batch=10)
    first_last = {name: np.abs(p.gradient(run.weights[[0, -1]])).max(axis=-1) for name, (p, run) in runs.items()}
    return {name: first / last for name, (first, last) in first_last.items()}


@fixed("14")
def momentum_is_an_average():
    plain = averaged = 0.0
    for _ in range(1000):  # gradients of 1, β = 0.9
        plain, averaged = 0.9 * plain + 1, 0.9 * averaged + (1 - 0.9) * 1
    return {"v ← βv + g": abs(plain - 1), "v ← βv + (1 − β)g": abs(averaged - 1)}


def stretched(problem, factor):
    """The same problem with its loss, and so its gradient, a factor larger."""
    return surface(lambda w: factor * problem.loss(w), lambda w: factor * problem.gradient(w), problem.start)


@fixed("29")
def larger_gradient_larger_rate():
    x, y = line()
    houses = logistic(*school_district()[0])
    further = surface(FOUR.loss, FOUR.gradient, [-3.0, 0.0])
    wider = least_squares(2 * x, 2 * y)
    sure = np.array([20.0, -20.0, 10.0])  # the right line, the wrong way round
    others = {"the loss times ten": stretched(FOUR, 10), "x and y times two": wider}
    others["a start twice as far away"] = further
    found = {name: FOUR.limit / other.limit for name, other in others.items()}
    return found | {"the houses, sure and wrong": houses.sharpness(sure) / houses.sharpness(houses.start)}


@fixed("28a")
def printed_gradient():
    """−∂ŷ/∂θ in place of the gradient: the mean over the points of −(x, 1)."""
    run = descend(surface(FOUR.loss, lambda w: 0 * w - FOUR.X.mean(axis=0), FOUR.start), 0.01, 1000)
    return {f"{steps} steps at 0.01": run.losses[steps] / run.losses[0] for steps in (100, 1000)}


@fixed("28b")
def printed_update():
    """θ − η ∂ŷ/∂θ, with neither minus nor residual."""
    run = descend(surface(FOUR.loss, lambda w: 0 * w + FOUR.X.mean(axis=0), FOUR.start), 0.01, 100)
    return {f"{steps} steps at 0.01": run.losses[steps] / run.losses[0] for steps in (10, 100)}


@fixed("34")
def fixed_rate_unstable():
    share, houses = np.geomspace(0.02, 20, 60), logistic(*school_district(split=None))
    found = {}
    for name, problem, epochs in (("the line", FOUR, 1000), ("the houses", houses, 200)):
        stays = ~descend(problem, share * problem.limit, epochs, checkpoints=1 / epochs).diverged
        found |= {f"{name}, below 2/λ": stays[share < 1].mean(), f"{name}, above 2/λ": stays[share > 1].mean()}
    return found


def chance_of(loss, points=100):
    """log10 of the chance that a line fits `points` of pure noise with a mean square of `loss` or less.

    points × loss is χ² with points − 2 degrees of freedom: P = e^−h h^k / k! (1 + h/(k+1) + …), k half of those.
    """
    half, k = points * loss / 2, (points - 2) // 2
    series = np.cumprod(np.append(1, half / (k + 1 + np.arange(60)))).sum()
    return (k * np.log(half) - half - np.log(np.arange(1, k + 1)).sum() + np.log(series)) / np.log(10)


@fixed("35")
def loss_on_noise():
    return {"0.0008, printed for rate 0.01": -chance_of(0.0008), "0.2143, printed for rate 0.1": -chance_of(0.2143)}


def powers_of(degree):
    return line().X ** np.arange(1, degree + 1)


@fixed("30")
def complex_model():
    def limit(X):
        return least_squares(X, line().y).limit

    def scaled(X):
        return (X - X.mean(axis=0)) / X.std(axis=0)

    def apart(X):
        return np.linalg.qr(X - X.mean(axis=0))[0] * np.sqrt(len(X))

    ways = {"raw powers": np.asarray, "scaled powers": scaled, "decorrelated powers": apart}
    return {name: limit(way(powers_of(3))) / limit(way(powers_of(1))) for name, way in ways.items()}
