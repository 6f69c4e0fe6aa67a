"""Surfaces to walk on, and problems made from other problems."""

import copy

import numpy as np

from lrlab.expect import LEAST, MOST, function, generator, number, numbers, positive, refuse, whole
from .problem import Problem


class surface(Problem):
    """A surface of one's own: loss (*runs, d) → (*runs,), gradient (*runs, d) → (*runs, d), start (d,).

    Both functions are written for many runs at once: w[..., 0] is the first weight of each.
    """

    def __init__(self, loss, gradient, start, name="surface"):
        start = numbers("surface: start", start, "a flat list of weights (d,)")
        if start.ndim != 1:
            refuse("surface: start", "a flat list of weights (d,)", start)
        super().__init__(start)
        self._name = str(name)
        self._loss = self._fitted("loss", loss, ())
        self._gradient = self._fitted("gradient", gradient, (self.d,))

    @property
    def name(self):
        return self._name

    def _fitted(self, what, formula, rest):
        """The formula, once it was seen to treat several runs as it treats one."""
        function(f"{self.name}: {what}", formula)
        several = np.tile(
            self.start, (2 if self.d != 2 else 3, 1)
        )  # not d of them: w[0] is no weight of each run
        try:
            with np.errstate(all="ignore"):
                one, many = np.asarray(formula(self.start), float), np.asarray(formula(several), float)
            fits = one.shape == rest and many.shape == (len(several), *rest)
        except (TypeError, ValueError, IndexError):
            fits = False
        if not (fits and np.allclose(many, one, equal_nan=True)):
            shapes = f"(*runs, {self.d}) to (*runs, {self.d})" if rest else f"(*runs, {self.d}) to (*runs,)"
            refuse(
                f"{self.name}: {what}",
                f"a function from {shapes}, w[..., 0] being every run's first weight",
                formula,
            )
        return (lambda w, rows: np.asarray(formula(w))) if rest else lambda w: np.asarray(formula(w))


class bowl(surface):
    """½ Σ λw², a weight for each curvature λ, from (1, …, 1). Plain descent multiplies it by 1 − ηλ."""

    def __init__(self, curvature):
        curved = np.atleast_1d(positive("bowl: curvature", curvature))
        if curved.ndim != 1:
            refuse("bowl: curvature", "a flat list, one for each weight", curvature)
        super().__init__(
            lambda w: (curved * w * w).sum(axis=-1) / 2, lambda w: curved * w, np.ones(curved.shape), "bowl"
        )
        self._curved = curved

    def _hessian_vector(self, w, v):
        return self._curved * v + 0 * w


class saddle(surface):
    """½ (x² − y²), from (1, 10⁻⁶): a valley along x, a ridge along y, curvatures −1 and 1."""

    signs = np.array([1.0, -1.0])

    def __init__(self):
        super().__init__(
            lambda w: (self.signs * w * w).sum(axis=-1) / 2, lambda w: self.signs * w, [1.0, 1e-6], "saddle"
        )

    def _hessian_vector(self, w, v):
        return self.signs * v + 0 * w


class banana(surface):
    """(1 − x)² + 100 (y − x²)², from (−1.2, 1): a bent, narrow valley to (1, 1) (Rosenbrock 1960)."""

    def __init__(self):
        def loss(w):
            x, y = w[..., 0], w[..., 1]
            return (1 - x) ** 2 + 100 * (y - x**2) ** 2

        def gradient(w):
            x, y = w[..., 0], w[..., 1]
            return np.stack([2 * (x - 1) - 400 * x * (y - x**2), 200 * (y - x**2)], axis=-1)

        super().__init__(loss, gradient, [-1.2, 1.0], "banana")

    def _hessian_vector(self, w, v):
        x, y = w[..., 0], w[..., 1]
        along = (2 - 400 * (y - 3 * x**2)) * v[..., 0] - 400 * x * v[..., 1]
        return np.stack([along, -400 * x * v[..., 0] + 200 * v[..., 1]], axis=-1)


class _On(Problem):
    """A problem made from another: what is not its own, the other answers."""

    def __init__(self, problem):
        if not isinstance(problem, Problem):
            refuse(f"{self.name}: problem", "a problem, such as least_squares(X, y)", problem)
        self.problem, self.n = problem, problem.n
        super().__init__(problem.start)

    def loss(self, w, *data):
        return self.problem.loss(w, *data)

    def _hessian_vector(self, w, v):
        return self.problem._hessian_vector(w, v)

    def __getattr__(self, name):
        if name.startswith("_") or "problem" not in self.__dict__:
            raise AttributeError(name)
        return getattr(self.problem, name)


class forward_difference(_On):
    """The same problem, its gradient taken by differences: (loss(w + h) − loss(w)) / h, one weight at a time.

    w + h is rounded to the dtype of the weights, the losses are float64, and h is the nominal h.
    """

    def __init__(self, problem, h=1e-4):
        super().__init__(problem)
        self.h = number("forward_difference: h", h, "a number above 0", low=LEAST)

    def _gradient(self, w, rows):
        problem = self.problem if rows is None else self.problem.take(rows)
        here, found = problem.loss(w), np.empty(w.shape)
        for i in range(self.d):
            moved = w.copy()
            moved[..., i] += w.dtype.type(self.h)
            found[..., i] = (problem.loss(moved) - here) / self.h
        return found

    def _take(self, rows):
        return forward_difference(self.problem.take(rows), self.h)


class noisy(_On):
    """A problem with n rows that pull apart: each adds a fixed random vector to the gradient, their sum is 0.

    `spread` is the standard deviation of a pull. A batch sees a noisy gradient, the full batch the exact one.
    """

    def __init__(self, problem, spread, n=100, seed=0):
        super().__init__(problem)
        spread = numbers("noisy: spread", spread, "a standard deviation, 0 or more", 0, 1e300)
        if spread.shape not in ((), (self.d,)):
            refuse("noisy: spread", f"one number, or {self.d}, one for each weight", spread)
        self.n = whole("noisy: n", n, 2, min(10**6, max(MOST // self.d, 2)))
        draw = generator("noisy: seed", seed)
        pulls = draw.normal(size=(self.n, self.d))
        self._pulls, self._all = spread * (pulls - pulls.mean(axis=0)), True

    def _gradient(self, w, rows):
        exact = self.problem._gradient(w, None)
        if rows is None and self._all:
            return exact  # the pulls cancel, without rounding
        return exact + self._pulls[slice(None) if rows is None else rows].mean(axis=0)

    def _take(self, rows):
        twin = copy.copy(self)
        twin._pulls, twin._all, twin.n = self._pulls[rows], False, len(rows)
        return twin
