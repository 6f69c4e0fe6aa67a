"""Surfaces to walk on, and problems made from other problems."""

import numpy as np

from ..expect import function, number, numbers, positive, refuse, whole
from .problem import Problem, quiet


class surface(Problem):
    """A surface of one's own: loss (*runs, d) → (*runs,), gradient (*runs, d) → (*runs, d), start (d,)."""

    def __init__(self, loss, gradient, start, name="surface"):
        self._loss, self._gradient = function("surface: loss", loss), function("surface: gradient", gradient)
        start = numbers("surface: start", start, "the weights of one run (d,)")
        super().__init__(start if start.ndim == 1 else refuse("surface: start", "a flat list of weights", start))
        self.name = name

    def __repr__(self):
        return f"{self.name}({self.d} weight{'s' if self.d > 1 else ''})"

    @quiet
    def loss(self, w):
        return self._loss(self._weights(w))

    @quiet
    def gradient(self, w, rows=None):
        return self._gradient(self._weights(w))


class bowl(surface):
    """½ Σ λw², one weight for each curvature λ, from (1, …, 1). Plain descent multiplies each weight by 1 − ηλ."""

    def __init__(self, curvature):
        curved = np.atleast_1d(positive("bowl: curvature", curvature))
        super().__init__(
            lambda w: (curved * w * w).sum(axis=-1) / 2, lambda w: curved * w, np.ones(curved.shape), "bowl"
        )
        self._curved = curved

    def hessian_vector(self, w, v):
        return self._curved * self._weights(v) + 0 * self._weights(w)


class saddle(surface):
    """½ (x² − y²), from (1, 10⁻⁶): a valley along x, a ridge along y, curvatures −1 and 1."""

    signs = np.array([1.0, -1.0])

    def __init__(self):
        super().__init__(
            lambda w: (self.signs * w * w).sum(axis=-1) / 2, lambda w: self.signs * w, [1.0, 1e-6], "saddle"
        )

    def hessian_vector(self, w, v):
        return self.signs * self._weights(v) + 0 * self._weights(w)


class banana(surface):
    """(1 − x)² + 100 (y − x²)², from (−1.2, 1): a bent, narrow valley to the minimum at (1, 1) (Rosenbrock 1960)."""

    def __init__(self):
        def loss(w):
            x, y = w[..., 0], w[..., 1]
            return (1 - x) ** 2 + 100 * (y - x**2) ** 2

        def gradient(w):
            x, y = w[..., 0], w[..., 1]
            return np.stack([2 * (x - 1) - 400 * x * (y - x**2), 200 * (y - x**2)], axis=-1)

        super().__init__(loss, gradient, [-1.2, 1.0], "banana")

    @quiet
    def hessian_vector(self, w, v):
        w, v = np.broadcast_arrays(self._weights(w), self._weights(v))
        x, y = w[..., 0], w[..., 1]
        across = -400 * x * v[..., 0] + 200 * v[..., 1]
        return np.stack([(2 - 400 * (y - 3 * x**2)) * v[..., 0] - 400 * x * v[..., 1], across], axis=-1)


class _On(Problem):
    """A problem made from another: it answers what the other answers."""

    def __init__(self, problem):
        if not isinstance(problem, Problem):
            refuse(f"{type(self).__name__}: problem", "a problem, such as least_squares(X, y)", problem)
        self.problem, self.n = problem, problem.n
        super().__init__(problem.start)

    def loss(self, w, *data):
        return self.problem.loss(w, *data)

    def hessian_vector(self, w, v):
        return self.problem.hessian_vector(w, v)

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
        self.h = number("forward_difference: h", h, "a number above 0", low=np.nextafter(0, 1))

    @quiet
    def gradient(self, w, rows=None):
        w = self._weights(w)
        problem = self.problem if rows is None else self.problem.take(rows)
        here = problem.loss(w)
        found = np.empty(w.shape)
        for i in range(self.d):
            moved = w.copy()
            moved[..., i] += w.dtype.type(self.h)
            found[..., i] = (problem.loss(moved) - here) / self.h
        return found

    def take(self, rows):
        return forward_difference(self.problem.take(rows), self.h)


class noisy(_On):
    """A problem with n rows that pull apart: each adds a fixed random vector to the gradient, and together they cancel.

    `spread` is the standard deviation of a pull. A batch sees a noisy gradient, the full batch the exact one.
    """

    def __init__(self, problem, spread, n=100, seed=0):
        super().__init__(problem)
        spread = numbers("noisy: spread", spread, "a standard deviation, 0 or more", low=0)
        self.n = whole("noisy: n", n, low=2)
        draw = np.random.RandomState(whole("noisy: seed", seed, 0, 2**32 - 1))
        pulls = draw.normal(size=(self.n, self.d))
        self._pulls, self._whole = spread * (pulls - pulls.mean(axis=0)), True

    def gradient(self, w, rows=None):
        exact = self.problem.gradient(w)
        if rows is None and self._whole:
            return exact  # the pulls cancel, without rounding
        return exact + self._pulls[slice(None) if rows is None else rows].mean(axis=0)

    def take(self, rows):
        other = object.__new__(noisy)
        other.__dict__.update(self.__dict__, _pulls=self._pulls[rows], _whole=False)
        other.n = len(other._pulls)
        return other
