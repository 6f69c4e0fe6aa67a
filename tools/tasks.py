"""The graded tasks, for tools/assignments.py: the lessons' exercises with other numbers and other data, from a seed.

Each function takes a random generator and gives Tasks. A check is hidden from students; it computes what is right by
itself, with NumPy alone, so that nothing in lrlab grades its own answers.
"""

from typing import NamedTuple


class Task(NamedTuple):
    """A question, the stub, the solution that stands in its place, an open test and a hidden one, and its points."""

    name: str
    question: str
    stub: str
    solution: str
    open: str
    hidden: str
    points: int


def lesson01(draw):
    x = sorted(draw.choice(range(2, 12), size=4, replace=False).tolist())
    slope = int(draw.randint(2, 7))
    yield Task(
        "limit",
        f"**The limit.** Four points lie at x = {x}, on y = {slope}x. The model is ŷ = wx + b, the loss the mean "
        "of the squared errors. At which rate does plain descent stop arriving? Three digits are enough.",
        "limit = ...",
        f"x = np.array({x})\nlimit = lrcore.least_squares(x[:, None], {slope} * x).limit",
        "assert isinstance(limit, (int, float)), 'limit is a number'",
        f"rows = np.column_stack([{x}, np.ones(4)])\n"
        "right = 2 / np.linalg.eigvalsh(2 * rows.T @ rows / 4)[-1]\n"
        "assert abs(limit / right - 1) < 0.01",
        2,
    )
    yield Task(
        "loop",
        "**The loop.** Write `train(x, y, rate, epochs)`: plain descent for ŷ = wx (no bias) from w = 0 on the mean of "
        "the squared errors; it returns the list of w, the start first.",
        "def train(x, y, rate, epochs):\n    ...",
        "def train(x, y, rate, epochs):\n    w = [0.0]\n    for _ in range(epochs):\n"
        "        w.append(w[-1] - rate * 2 * np.mean((w[-1] * x - y) * x))\n    return w",
        "assert train(np.array([1.0, 2.0]), np.array([3.0, 6.0]), 0.1, 3)[0] == 0",
        f"draw = np.random.RandomState({draw.randint(10**6)})\n"
        "x, y = draw.normal(size=20), draw.normal(size=20)\n"
        "right = (x @ y) / (x @ x) * (1 - (1 - 0.3 * 2 * np.mean(x * x)) ** np.arange(8))\n"
        "assert np.allclose(train(x, y, 0.3, 7), right)",
        3,
    )


def lesson02(draw):
    seed = draw.randint(10**6)
    yield Task(
        "loss",
        "**The cross-entropy.** Write `loss(z, y)`: the mean over all rows of −log of the probability that the model "
        "gives to the right label, where the probability of 1 is 1/(1 + exp(−z)). It has to hold at z = 800 too.",
        "def loss(z, y):\n    ...",
        "def loss(z, y):\n    return np.mean(np.logaddexp(0, z) - y * z)",
        "assert abs(loss(np.zeros(2), np.array([0.0, 1.0])) - np.log(2)) < 1e-9",
        f"draw = np.random.RandomState({seed})\nz, y = 3 * draw.normal(size=50), draw.randint(2, size=50)\n"
        "p = 1 / (1 + np.exp(-z))\n"
        "assert np.isclose(loss(z, y), -np.mean(np.log(np.where(y == 1, p, 1 - p))))\n"
        "assert np.isclose(loss(np.array([800.0]), np.array([0])), 800)",
        3,
    )


def lesson03(draw):
    rate, batch, epochs = draw.choice([0.1, 0.2, 0.4]), int(draw.choice([5, 20])), int(draw.choice([30, 60]))
    yield Task(
        "steps",
        f"**As far in the same time.** On 1600 houses a run at rate {rate} goes {epochs} epochs in batches of 10. "
        f"Another goes {2 * epochs} epochs in batches of {batch}. At which rate is rate × number of steps the same?",
        "rate = ...",
        f"rate = {rate} * ({epochs} * 160) / ({2 * epochs} * (1600 // {batch}))",
        "assert isinstance(rate, (int, float)), 'rate is a number'",
        f"assert abs(rate - {rate} * {batch} / 20) < 1e-9",
        2,
    )


def lesson04(draw):
    every, factor = int(draw.choice([7, 12, 30])), draw.choice([0.3, 0.6, 0.8])
    yield Task(
        "schedule",
        f"**A schedule.** Write `schedule(t)`: the factor is 1 for the first {every} steps, and every {every} steps it "
        f"is {factor} times what it was. t is a step or an array of steps; the first step is t = 0.",
        "def schedule(t):\n    ...",
        f"def schedule(t):\n    return {factor} ** (np.asarray(t) // {every})",
        "assert schedule(0) == 1",
        f"right = [{factor} ** (t // {every}) for t in range(200)]\n"
        "assert np.allclose(schedule(np.arange(200)), right)\nassert np.isclose(schedule(199), right[199])",
        3,
    )


def lesson05(draw):
    beta = draw.choice([0.6, 0.8, 0.95])
    yield Task(
        "momentum",
        "**Momentum.** Write `momentum(w, g, rate, v)`: it returns the new w and the new v, as PyTorch computes them, "
        f"with β = {beta}.",
        "def momentum(w, g, rate, v):\n    ...",
        f"def momentum(w, g, rate, v):\n    v = {beta} * v + g\n    return w - rate * v, v",
        "assert momentum(1.0, 1.0, 0.1, 0.0) == (0.9, 1.0)",
        f"w, v, steps = 2.0, 0.0, []\ndraw = np.random.RandomState({draw.randint(10**6)})\n"
        "for g in draw.normal(size=30):\n    steps.append(g)\n    w, v = momentum(w, g, 0.07, v)\n"
        f"past = np.array([{beta} ** np.arange(k, -1, -1) @ steps[: k + 1] for k in range(30)])\n"
        "assert np.isclose(w, 2 - 0.07 * past.sum())",
        3,
    )


def lesson07(draw):
    low, high, count = 10.0 ** -draw.randint(3, 6), 10.0 ** draw.randint(0, 2), int(draw.randint(7, 15))
    yield Task(
        "grid",
        f"**A search.** Which {count} rates, from {low:g} to {high:g} and in equal ratios, does a search in decades "
        "try?",
        "rates = ...",
        f"rates = np.geomspace({low}, {high}, {count})",
        "assert len(rates) > 0",
        f"assert len(rates) == {count}\n"
        f"assert np.allclose(np.log(rates), np.log({low}) + np.arange({count}) * np.log({high / low}) / {count - 1})",
        2,
    )


LESSONS = {
    "01-fit-a-line": lesson01,
    "02-school-district": lesson02,
    "03-six-rates": lesson03,
    "04-schedules": lesson04,
    "05-momentum-and-adam": lesson05,
    "07-choosing-a-rate": lesson07,
}
