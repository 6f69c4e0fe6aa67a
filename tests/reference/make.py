"""Makes rules.npz, schedules.npz and network.npz: what PyTorch and optax do, for lrcore to be held against.

    pip install torch==2.13.0 jax==0.10.2 optax==0.2.8
    python tests/reference/make.py

Only this script needs them, the tests read the numbers. Nothing here imports lrcore.
"""

from pathlib import Path

import numpy as np
import optax
import torch

HERE = Path(__file__).parent
STEPS = 400
EVERY = 20
START = [1.0, -2.0, 0.5, 0.0, 3.0]
torch.set_default_dtype(torch.float64)


def gradients():
    """Five weights whose gradients differ in size by ten thousand, one of them mostly zero (STEPS, 5)."""
    draw = np.random.RandomState(1).normal(size=(STEPS, 5)) + 0.3
    draw[:, 3] *= np.arange(STEPS) % 7 == 0
    return draw * [1, 100, 0.01, 1, 10]


def rates(base):
    """A rate that changes at every step: half a cosine wave, and a jump in the middle."""
    t = np.arange(STEPS)
    return base * (0.55 + 0.45 * np.cos(np.pi * t / STEPS)) * np.where(t < STEPS / 2, 1, 0.3)


RULES = {  # name: (optimiser, rate, its settings, and others to try as lrcore names them → as PyTorch does)
    "sgd": (torch.optim.SGD, 0.01, {}, {}),
    "momentum": (torch.optim.SGD, 0.01, {"momentum": 0.9}, {"momentum": 0.5}),
    "nesterov": (
        torch.optim.SGD,
        0.01,
        {"momentum": 0.9, "nesterov": True},
        {"momentum": 0.5, "nesterov": True},
    ),
    "adagrad": (torch.optim.Adagrad, 0.5, {"eps": 1e-10}, {"eps": 0.1}),
    "rmsprop": (torch.optim.RMSprop, 0.05, {"alpha": 0.99, "eps": 1e-8}, {"alpha": 0.8, "eps": 0.1}),
    "adadelta": (torch.optim.Adadelta, 1.0, {"rho": 0.9, "eps": 1e-6}, {"rho": 0.6, "eps": 0.01}),
    "adam": (torch.optim.Adam, 0.05, {}, {"betas": (0.6, 0.8), "eps": 0.1}),
    "adamw": (torch.optim.AdamW, 0.05, {"weight_decay": 0.01}, {"betas": (0.6, 0.8), "weight_decay": 0.3}),
}


def trajectory(optimiser, settings, schedule, start, gradient):
    """Every EVERY-th w (k, d) of an optimiser on gradients from outside, or on a loss of its own."""
    w = torch.tensor(start, requires_grad=True)
    made = optimiser([w], lr=1.0, foreach=False, **settings)
    kept = []
    for t, rate in enumerate(schedule):
        made.param_groups[0]["lr"] = float(rate)
        made.zero_grad()
        gradient(w, t)
        made.step()
        if (t + 1) % EVERY == 0:
            kept.append(w.detach().numpy().copy())
    return np.array(kept)


def from_outside():
    given = torch.tensor(gradients())

    def gradient(w, t):
        w.grad = given[t].clone()

    return gradient


def of_the_line():
    """Mean squared error on the four points of y = 3x, by autograd."""
    x = torch.tensor([1.0, 2.0, 3.0, 4.0])

    def gradient(w, t):
        torch.mean((w[0] * x + w[1] - 3 * x) ** 2).backward()

    return gradient


def make_rules():
    table = {"gradients": gradients(), "start": np.array(START)}
    for name, (optimiser, rate, usual, other) in RULES.items():
        constant = np.full(STEPS, rate)
        table[f"{name}/constant"] = trajectory(optimiser, usual, constant, START, from_outside())
        table[f"{name}/changing"] = trajectory(optimiser, usual, rates(rate), START, from_outside())
        if other:
            table[f"{name}/settings"] = trajectory(optimiser, other, rates(rate), START, from_outside())
        table[f"{name}/line"] = trajectory(optimiser, usual, rates(rate), [0.0, 0.0], of_the_line())
        table[f"{name}/rate"] = np.array(rate)
    return table


def of_torch(steps, make):
    """The factors that a PyTorch scheduler gives the steps 0 to `steps`."""
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler, found = make(optimiser), []
    for _ in range(steps + 1):
        found.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        scheduler.step()
    return np.array(found)


def of_plateau(losses, **settings):
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler, found = torch.optim.lr_scheduler.ReduceLROnPlateau(optimiser, eps=0, **settings), []
    for loss in losses:
        scheduler.step(loss)
        found.append(optimiser.param_groups[0]["lr"])
    return np.array(found)


def make_schedules():
    s = torch.optim.lr_scheduler
    t = np.arange(121)
    one = {
        "max_lr": 1.0,
        "total_steps": 101,
        "div_factor": 25,
        "final_div_factor": 400,
        "cycle_momentum": False,
    }
    table = {
        "step": of_torch(120, lambda o: s.StepLR(o, 30, 0.5)),
        "exponential": of_torch(120, lambda o: s.ExponentialLR(o, 0.5 ** (1 / 25))),
        "polynomial": of_torch(120, lambda o: s.PolynomialLR(o, 100, 1)),
        "polynomial 2": of_torch(120, lambda o: s.PolynomialLR(o, 100, 2)),
        "cosine": np.array([float(optax.cosine_decay_schedule(1.0, 100)(k)) for k in t]),
        "cosine floor": np.array([float(optax.cosine_decay_schedule(1.0, 100, alpha=0.2)(k)) for k in t]),
        "cosine torch": of_torch(100, lambda o: s.CosineAnnealingLR(o, 100, eta_min=0.2)),
        "warmup": of_torch(120, lambda o: s.LinearLR(o, 1 / 20, 1, total_iters=19)),
        "triangle": of_torch(120, lambda o: s.CyclicLR(o, 0.1, 1.0, step_size_up=20, cycle_momentum=False)),
        "one_cycle": of_torch(99, lambda o: s.OneCycleLR(o, pct_start=31 / 101, **one)),
        "then": np.array(
            [
                float(
                    optax.join_schedules(
                        [optax.linear_schedule(1, 0.2, 40), optax.exponential_decay(1, 25, 0.5)], [50]
                    )(k)
                )
                for k in t
            ]
        ),
        "times": of_torch(
            120,
            lambda o: s.ChainedScheduler([s.LinearLR(o, 1 / 20, 1, total_iters=19), s.StepLR(o, 30, 0.5)]),
        ),
    }  # fmt: skip; neither library has 1/t
    draw = np.random.RandomState(2)
    table["losses"] = 2 + np.exp(-np.arange(200) / 20) + 0.02 * draw.normal(size=200)
    table["plateau"] = of_plateau(table["losses"], factor=0.5, patience=10, threshold=1e-4)
    table["plateau quick"] = of_plateau(table["losses"], factor=0.1, patience=0, threshold=0.01)
    return table


def make_network():
    """One tanh layer on drawn data: losses, gradients and Hessians by autograd, and 200 steps of two optimisers."""
    draw = np.random.RandomState(3)
    X, y = draw.normal(size=(30, 20)), draw.randint(0, 4, 30)
    weights = draw.normal(size=(3, 20 * 6 + 6 + 6 * 4 + 4))
    x, hot = torch.tensor(X), torch.nn.functional.one_hot(torch.tensor(y), 4).double()

    def loss(w):
        first, b1, second, b2 = torch.split(w, [120, 6, 24, 4])
        out = torch.tanh(x @ first.view(20, 6) + b1) @ second.view(6, 4) + b2
        return ((out - hot) ** 2).sum(dim=1).mean()

    def of_the_network(w, t):
        loss(w).backward()

    each = [torch.tensor(w, requires_grad=True) for w in weights]
    hessians = [torch.autograd.functional.hessian(loss, w) for w in each]
    table = {
        "X": X,
        "y": y,
        "weights": weights,
        "losses": np.array([loss(w).item() for w in each]),
        "gradients": np.array([torch.autograd.grad(loss(w), w)[0].numpy() for w in each]),
        "largest": np.array([torch.linalg.eigvalsh(h)[-1].item() for h in hessians]),
    }
    for name, optimiser, rate in (("sgd", torch.optim.SGD, 0.02), ("adam", torch.optim.Adam, 0.01)):
        table[name] = trajectory(optimiser, {}, np.full(200, rate), weights[0], of_the_network)
    return table


if __name__ == "__main__":
    import jax

    jax.config.update("jax_enable_x64", True)
    made = {"rules": make_rules(), "schedules": make_schedules(), "network": make_network()}
    for name, table in made.items():
        np.savez_compressed(HERE / f"{name}.npz", **table)
        print(f"{name}.npz: {len(table)} arrays")
