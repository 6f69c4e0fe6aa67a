"""Models fitted to data: each is linear in its weights, and the last weight is the bias."""

import copy

import numpy as np

from ..expect import matrix, numbers
from .problem import PIECE, Problem, quiet


class Model(Problem):
    """A model on data X (n, k), y (n,). The inputs get a column of ones: z = w·[x, 1]."""

    bias = True

    def __init__(self, X, y):
        self.X, self.y = self._data(X, y)
        self.n = len(self.y)
        super().__init__(np.zeros(self.X.shape[1]))

    def _data(self, X, y):
        name = type(self).__name__
        X, y = matrix(f"{name}: X", X), numbers(f"{name}: y", y, "a label for each row, finite numbers")
        if y.shape != X.shape[:1]:
            raise ValueError(f"{name}: y takes one number for each of the {len(X)} rows of X, got shape {y.shape}")
        return (np.column_stack([X, np.ones(len(X))]) if self.bias else X), y

    def on(self, X, y=None):
        """The same model on other data, such as validation data: (X, y) or a Dataset."""
        X, y = X if y is None and isinstance(X, tuple) and len(X) == 2 else (X, y)
        other = copy.copy(self)
        other.__dict__.pop("curvature", None)
        other.X, other.y = self._data(X, y)
        other.n = len(other.y)
        if other.X.shape[1] != self.X.shape[1]:
            k = self.X.shape[1] - self.bias
            raise ValueError(f"{type(self).__name__}: X takes {k} columns, got {other.X.shape[1] - self.bias}")
        return other

    def take(self, rows):
        other = copy.copy(self)
        other.__dict__.pop("curvature", None)
        other.X, other.y = self.X[rows], self.y[rows]
        other.n = len(other.y)
        return other

    def _rows(self, rows):
        return (self.X, self.y) if rows is None else (self.X[rows], self.y[rows])

    @quiet
    def loss(self, w, X=None, y=None):
        """The mean loss (*runs,), on these data or on others (X, y)."""
        if X is not None:
            return self.on(X, y).loss(w)
        return self._in_pieces(self._loss, self._weights(w))

    def _in_pieces(self, measure, w):
        """`measure` for a few runs at a time, so that what it works on stays in cache."""
        flat = w.reshape(-1, self.d)
        each = max(1, PIECE // self.n)
        found = [measure(flat[i : i + each]) for i in range(0, len(flat), each)]
        found = np.concatenate(found) if found else np.empty(0)
        return found.reshape(w.shape[:-1] + found.shape[1:])[()]


class least_squares(Model):
    """Mean squared error of w·[x, 1], without a ½: loss = mean (z − y)², gradient = 2 mean (z − y)[x, 1]."""

    def __init__(self, X, y, bias=True):
        self.bias = bool(bias)
        super().__init__(X, y)

    def _loss(self, w):
        return np.mean((w.dot(self.X.T) - self.y) ** 2, axis=-1)

    @quiet
    def gradient(self, w, rows=None):
        w, (X, y) = self._weights(w), self._rows(rows)
        return 2 * (w.dot(X.T) - y).dot(X) / len(y)

    @quiet
    def hessian_vector(self, w, v):
        return 2 * self._weights(v).dot(self.X.T).dot(self.X) / self.n + 0 * self._weights(w)
