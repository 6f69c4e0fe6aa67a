"""What every problem has: a loss, a gradient, a start, and the curvature that limits the rate."""

from functools import cache, cached_property, wraps

import numpy as np

from lrlab.expect import LEAST, MOST, generator, number, numbers, refuse, room, size, whole

PIECE = 16_000  # values worked on at a time: as many as stay in a core's cache


def quiet(method):
    """Overflow on the way to infinity is a result of a diverging run, no warning."""

    @wraps(method)
    def silent(*args, **kwargs):
        with np.errstate(all="ignore"):
            return method(*args, **kwargs)

    return silent


@cache
def numpys(number):
    """A number as NumPy's own, which small arrays meet faster than Python's."""
    return np.array(float(number))


class Problem:
    """A loss over d weights. w is (*runs, d) everywhere; a flat w is a single run.

    start      (d,) where a run begins
    n          the number of rows (examples), None where there are none
    curvature  (d,) eigenvalues of the Hessian at the start, ascending
    limit      2 / largest curvature: the rate above which plain descent leaves a bowl of that curvature

    A kind of problem writes its formulas as _loss(w), _gradient(w, rows) and, if it has one,
    _hessian_vector(w, v). They are given float arrays of the right shape, and need not care about warnings.
    """

    n = None

    def __init__(self, start):
        self.start = np.asarray(start, dtype=float)
        self.d = len(self.start)

    @property
    def name(self):
        return type(self).__name__

    def __repr__(self):
        rows = "" if self.n is None else f"{self.n} row{'s' if self.n > 1 else ''}, "
        return f"{self.name}({rows}{self.d} weight{'s' if self.d > 1 else ''})"

    @quiet
    def loss(self, w):
        """The loss (*runs,)."""
        return self._loss(self._weights(w))

    @quiet
    def gradient(self, w, rows=None):
        """The gradient (*runs, d), over all rows or those named by an index or a slice."""
        return self._gradient(self._weights(w), None if rows is None else self._chosen(rows))

    @quiet
    def hessian_vector(self, w, v):
        """The Hessian at w times v (*runs, d)."""
        return self._hessian_vector(*self._fitting(w, v))

    def _hessian_vector(self, w, v):
        """By a central difference of the gradient, for problems that have no formula."""
        h = 1e-5 * np.maximum(np.linalg.norm(w, axis=-1, keepdims=True), 1)
        h = h / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-300)
        return (self._gradient(w + h * v, None) - self._gradient(w - h * v, None)) / (2 * h)

    def hessian(self, w):
        """The Hessian (*runs, d, d), one column a Hessian-vector product."""
        w = self._weights(w)
        room(f"{self.name}: w", "weights whose Hessian memory holds", w.shape, w.size * self.d)
        square = np.stack([self.hessian_vector(w, e) for e in np.eye(self.d)], axis=-1)
        return (square + np.swapaxes(square, -1, -2)) / 2

    def sharpness(self, w):
        """The largest eigenvalue of the Hessian at w (*runs,); nan where w or the Hessian is not finite."""
        w = self._weights(w)
        squares = (self.hessian(run) for run in w.reshape(-1, self.d))
        found = [np.linalg.eigvalsh(s)[-1] if np.isfinite(s).all() else np.nan for s in squares]
        return np.array(found).reshape(w.shape[:-1])[()]

    @cached_property
    def curvature(self):
        square = self.hessian(self.start)
        if not np.isfinite(square).all():
            raise ValueError(f"{self.name}: its curvature at the start is not finite, so it has no limit")
        return np.linalg.eigvalsh(square)

    @property
    def limit(self):
        return 2 / self.curvature[-1] if self.curvature[-1] > 0 else np.inf

    def take(self, rows):
        """The same problem on some of its rows, named by an index or a slice."""
        rows = self._chosen(rows)
        return self._take(rows)

    def _chosen(self, rows):
        """What `rows` names, as an index (rows,) that is not empty."""
        if self.n is None:
            refuse(f"{self.name}: rows", "None, since it has no rows", rows)
        try:
            chosen = np.atleast_1d(np.arange(self.n)[rows if size(rows) <= MOST else ""])
        except Exception:  # many kinds: NumPy reads lists, texts and strangers' classes too
            chosen = np.empty((0, 0))
        if chosen.ndim != 1 or not chosen.size:
            refuse(f"{self.name}: rows", f"an index or a slice that names some of its {self.n} rows", rows)
        return chosen

    def _weights(self, w):
        """w as a float array (*runs, d)."""
        if not (isinstance(w, np.ndarray) and w.dtype.kind == "f"):
            w = numbers(f"{self.name}: w", w, "weights, numbers", finite=False)
        room(f"{self.name}: w", "as many weights as memory holds", w, w.size)
        if w.shape[-1:] != (self.d,):
            raise ValueError(f"{self.name}: w takes the shape (*runs, {self.d}), got {w.shape}")
        return w

    def _fitting(self, w, v):
        """w and v, two arrays of weights that broadcast."""
        w, v = self._weights(w), self._weights(v)
        try:
            np.broadcast_shapes(w.shape, v.shape)
        except ValueError:
            raise ValueError(f"{self.name}: v takes a shape that fits w {w.shape}, got {v.shape}") from None
        return w, v


def power_iteration(problem, w, tolerance=1e-7, most=10_000, seed=0):
    """The largest eigenvalue of the Hessian at w (d,), from Hessian-vector products alone.

    v ← Hv / |Hv| turns towards the eigenvalue λ of largest size (von Mises & Pollaczek-Geiringer 1929), until
    |Hv − λv| is under tolerance · |λ|, or `most` products are spent. Where that λ is negative, the iteration
    is repeated on H + |λ|I, whose largest eigenvalue is the one wanted.
    """
    if not isinstance(problem, Problem):
        refuse("power_iteration: problem", "a problem, such as logistic(X, y)", problem)
    w = problem._weights(numbers("power_iteration: w", w, "finite weights"))
    if w.ndim != 1:
        refuse("power_iteration: w", f"the weights of one run ({problem.d},)", w.shape)
    tolerance = number("power_iteration: tolerance", tolerance, "a number above 0", low=LEAST)
    most = whole("power_iteration: most", most)
    start = generator("power_iteration: seed", seed).normal(size=problem.d)

    def turn(shift):
        v = start / np.linalg.norm(start)
        for _ in range(most):
            Hv = problem.hessian_vector(w, v) + shift * v
            eigenvalue, size = v @ Hv, np.linalg.norm(Hv)
            if not np.linalg.norm(Hv - eigenvalue * v) > tolerance * size:  # settled, or not finite
                break
            v = Hv / size
        return eigenvalue, size

    with np.errstate(all="ignore"):
        eigenvalue, size = turn(0)
        # Eigenvalues of equal size and opposite sign never settle: there |v·Hv| stays below |Hv|.
        return eigenvalue if eigenvalue > (1 - 1e-6) * size else turn(size)[0] - size
