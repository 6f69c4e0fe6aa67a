"""What every problem has: a loss, a gradient, a start, and the curvature that limits the rate."""

from functools import cached_property, wraps

import numpy as np

from ..expect import number, numbers, refuse, whole

PIECE = 16_000  # values worked on at a time: as many as stay in a core's cache


class Problem:
    """A loss over d weights. w is (*runs, d) everywhere; a flat w is a single run.

    start      (d,) where a run begins
    n          the number of rows (examples), None where there are none
    curvature  (d,) eigenvalues of the Hessian at the start, ascending
    limit      2 / largest curvature: the rate above which plain descent leaves a bowl of that curvature
    """

    n = None

    def __init__(self, start):
        self.start = np.asarray(start, dtype=float)
        self.d = len(self.start)

    def __repr__(self):
        rows = "" if self.n is None else f"{self.n} rows, "
        return f"{type(self).__name__}({rows}{self.d} weight{'s' if self.d > 1 else ''})"

    def loss(self, w):
        """The loss (*runs,)."""
        raise NotImplementedError

    def gradient(self, w, rows=None):
        """The gradient (*runs, d), over all rows or those named by an index or a slice."""
        raise NotImplementedError

    def hessian_vector(self, w, v):
        """The Hessian at w times v (*runs, d); here by a central difference of the gradient."""
        w, v = self._weights(w), self._weights(v)
        h = 1e-5 * np.maximum(np.linalg.norm(w, axis=-1, keepdims=True), 1)
        h = h / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-300)
        return (self.gradient(w + h * v) - self.gradient(w - h * v)) / (2 * h)

    def hessian(self, w):
        """The Hessian (*runs, d, d), one column a Hessian-vector product."""
        w = self._weights(w)
        square = self.hessian_vector(w[..., None, :], np.eye(self.d))
        return (square + np.swapaxes(square, -1, -2)) / 2

    def sharpness(self, w):
        """The largest eigenvalue of the Hessian at w (*runs,); nan where w or the Hessian is not finite."""
        w = self._weights(w)
        found = [self._largest_eigenvalue(run) for run in w.reshape(-1, self.d)]
        return np.array(found).reshape(w.shape[:-1])[()]

    def _largest_eigenvalue(self, w):
        square = self.hessian(w)
        return np.linalg.eigvalsh(square)[-1] if np.isfinite(square).all() else np.nan

    @cached_property
    def curvature(self):
        return np.linalg.eigvalsh(self.hessian(self.start))

    @property
    def limit(self):
        return 2 / self.curvature[-1] if self.curvature[-1] > 0 else np.inf

    def take(self, rows):
        """The same problem on some of its rows."""
        raise ValueError(f"{type(self).__name__} has no rows to take a batch from")

    def _weights(self, w):
        """w as an array of weights (*runs, d): free for what descend hands over, checked for everybody else."""
        if not (isinstance(w, np.ndarray) and w.dtype.kind == "f"):
            w = numbers(f"{type(self).__name__}: w", w, "weights, numbers", finite=False)
        if w.shape[-1:] != (self.d,):
            raise ValueError(f"{type(self).__name__}: w takes the shape (*runs, {self.d}), got {w.shape}")
        return w


def quiet(method):
    """Overflow on the way to infinity is a result of a diverging run, no warning."""

    @wraps(method)
    def silent(*args, **kwargs):
        with np.errstate(all="ignore"):
            return method(*args, **kwargs)

    return silent


def power_iteration(problem, w, tolerance=1e-7, most=10_000, seed=0):
    """The largest eigenvalue of the Hessian at w (d,), from Hessian-vector products alone.

    v ← Hv / |Hv| turns towards the eigenvalue λ of largest size (von Mises & Pollaczek-Geiringer 1929), until
    |Hv − λv| is under `tolerance` · |λ|, or `most` products are spent. Where the size belongs to a negative λ,
    the iteration is repeated on H + |λ|I, whose largest eigenvalue is the one wanted.
    """
    if not isinstance(problem, Problem):
        refuse("power_iteration: problem", "a problem, such as logistic(X, y)", problem)
    w = problem._weights(numbers("power_iteration: w", w, "finite weights"))
    if w.ndim != 1:
        refuse("power_iteration: w", f"the weights of one run ({problem.d},)", w.shape)
    tolerance = number("power_iteration: tolerance", tolerance, "a number above 0", low=1e-15)
    most = whole("power_iteration: most", most)
    start = np.random.RandomState(whole("power_iteration: seed", seed, 0, 2**32 - 1)).normal(size=problem.d)

    def turn(shift):
        v = start / np.linalg.norm(start)
        for _ in range(most):
            Hv = problem.hessian_vector(w, v) + shift * v
            eigenvalue, size = v @ Hv, np.linalg.norm(Hv)
            if np.linalg.norm(Hv - eigenvalue * v) <= tolerance * size:
                break
            v = Hv / size
        return eigenvalue, size

    eigenvalue, size = turn(0)
    # Eigenvalues of equal size and opposite sign never settle: there |v·Hv| stays below |Hv|.
    return eigenvalue if eigenvalue > (1 - 1e-6) * size else turn(size)[0] - size
