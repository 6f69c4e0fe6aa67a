"""Models fitted to data: each is linear in its weights, and the last weight is the bias."""

import copy

import numpy as np

from lrlab.expect import matrix, numbers, refuse
from .problem import PIECE, Problem, numpys, quiet


class Model(Problem):
    """A model on data X (n, k), y (n,). The inputs get a column of ones: z = w·[x, 1]."""

    bias = True

    def __init__(self, X, y):
        self._hold(*self._data(X, y))
        super().__init__(np.zeros(self.X.shape[1]))

    def _hold(self, X, y):
        self.X, self.y, self.n = X, y, len(y)
        return self

    def _data(self, X, y):
        """X with its column of ones, and y, both checked."""
        X = matrix(f"{self.name}: X", X)
        y = numbers(f"{self.name}: y", y, "a finite number for each row of X", kinds="iufb")
        if y.shape != X.shape[:1]:
            takes = f"one number for each of the {len(X)} rows of X"
            raise ValueError(f"{self.name}: y takes {takes}, got shape {y.shape}")
        return (np.column_stack([X, np.ones(len(X))]) if self.bias else X), y

    def on(self, X, y=None):
        """The same model on other data, such as validation data: (X, y) or a Dataset."""
        X, y = X if y is None and isinstance(X, tuple) and len(X) == 2 else (X, y)
        X, y = self._data(X, y)
        have, want = X.shape[1] - self.bias, self.X.shape[1] - self.bias
        if have != want:
            raise ValueError(f"{self.name}: X takes {want} column{'s' if want > 1 else ''}, got {have}")
        return self._twin()._hold(X, y)

    def _take(self, rows):
        return self._twin()._hold(self.X[rows], self.y[rows])

    def _twin(self):
        """A copy that has yet to be given its data, and knows no curvature."""
        twin = copy.copy(self)
        twin.__dict__.pop("curvature", None)
        return twin

    def _part(self, rows):
        """X, y and their number n, of some rows or of all."""
        X, y = (self.X, self.y) if rows is None else (self.X[rows], self.y[rows])
        return X, y, numpys(len(y))

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
    """Mean squared error of w·[x, 1], without a ½: loss = mean (z − y)², gradient = 2 mean (z − y)[x, 1].

    Without a bias z is w·x, and w has no last weight for it.
    """

    def __init__(self, X, y, bias=True):
        if not isinstance(bias, (bool, np.bool_)):
            refuse("least_squares: bias", "True or False", bias)
        self.bias = bool(bias)
        super().__init__(X, y)

    def _loss(self, w):
        return np.mean((w.dot(self.X.T) - self.y) ** 2, axis=-1)

    def _gradient(self, w, rows):
        X, y, n = self._part(rows)
        return 2 * (w.dot(X.T) - y).dot(X) / n

    def _hessian_vector(self, w, v):
        return 2 * v.dot(self.X.T).dot(self.X) / self.n + 0 * w  # nan where w is not finite
