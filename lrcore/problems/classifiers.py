"""Classifiers: the models of models.py that answer with a class."""

import numpy as np

from ..expect import matrix, refuse
from .models import Model
from .problem import Problem, quiet


class Classifier(Model):
    """What classifiers answer besides; each on these data, or on others given as (X, y)."""

    def accuracy(self, w, X=None, y=None):
        """The share of rows classified rightly (*runs,)."""
        return self._judged(w, X, y, lambda said, true: np.mean(said == true, axis=-1))

    def recall(self, w, X=None, y=None):
        """Of the rows that are in the class, the share said to be (*runs,); softmax: for each class."""
        return self._judged(w, X, y, self._share_of(lambda said, true: true))

    def precision(self, w, X=None, y=None):
        """Of the rows said to be in the class, the share that is (*runs,); nan where none is said to be."""
        return self._judged(w, X, y, self._share_of(lambda said, true: said))

    @quiet
    def _judged(self, w, X, y, measure):
        if X is not None:
            return self.on(X, y)._judged(w, None, None, measure)
        return self._in_pieces(lambda w: measure(self._said(w), self.y), self._weights(w))

    def _share_of(self, whom):
        def share(said, true):
            each = [(said == c, true == c) for c in self._classes()]
            found = [np.sum(s & t, axis=-1) / np.sum(whom(s, t) & (s | True), axis=-1) for s, t in each]
            return found[0] if len(found) == 1 else np.stack(found, axis=-1)

        return share


def sigmoid(z):
    """1 / (1 + e^−z); in float64 exactly 1 above z = 36.74, with room left near 0."""
    return 1 / (1 + np.exp(-z))


class logistic(Classifier):
    """Logistic regression: p = sigmoid(z), cross-entropy loss = mean log(1 + e^z) − yz, gradient = mean (p − y)[x, 1].

    y is 1 for a row in the class and 0 for any other. The loss is finite for every finite z.
    """

    def _data(self, X, y):
        X, y = super()._data(X, y)
        if not np.isin(y, (0, 1)).all():
            refuse("logistic: y", "labels 0 and 1", y)
        return X, y

    def _loss(self, w):
        z = w.dot(self.X.T)
        return np.mean(np.maximum(z, 0) - self.y * z + np.log1p(np.exp(-np.abs(z))), axis=-1)

    @quiet
    def gradient(self, w, rows=None):
        w, (X, y) = self._weights(w), self._rows(rows)
        return (sigmoid(w.dot(X.T)) - y).dot(X) / len(y)

    @quiet
    def hessian_vector(self, w, v):
        p = sigmoid(self._weights(w).dot(self.X.T))
        return (p * (1 - p) * self._weights(v).dot(self.X.T)).dot(self.X) / self.n

    @quiet
    def probability(self, w, X=None):
        """The probability of class 1 for each row (*runs, n)."""
        return sigmoid(self._weights(w).dot(_inputs(self, X).T))

    def _said(self, w):
        return w.dot(self.X.T) > 0

    def _classes(self):
        return (1,)


class softmax(Classifier):
    """Softmax regression: one row of weights and a bias per class, laid flat: d = classes · (k + 1).

    p = e^z / Σ e^z, cross-entropy loss = mean −log p[y], gradient of a class's row = mean (p − [y = class])[x, 1].
    y (n,) counts the classes from 0.
    """

    def __init__(self, X, y):
        super().__init__(X, y)
        self.classes = int(self.y.max()) + 1
        Problem.__init__(self, np.zeros(self.classes * self.X.shape[1]))

    def _data(self, X, y):
        X, y = super()._data(X, y)
        most = getattr(self, "classes", len(y) + 1)
        if (y != y.astype(int)).any() or y.min() < 0 or y.max() >= most:
            refuse("softmax: y", f"whole numbers from 0 to below {most}, one a class", y)
        return X, y.astype(int)

    def _scores(self, w, X):
        """z (*runs, n, classes)."""
        return np.moveaxis(w.reshape(*w.shape[:-1], self.classes, -1).dot(X.T), -1, -2)

    def _spread(self, each, X):
        """Σ over rows of each (*runs, n, classes) times [x, 1], laid flat (*runs, d)."""
        found = np.moveaxis(each, -1, -2).dot(X)
        return found.reshape(*found.shape[:-2], self.d)

    def _loss(self, w):
        z = self._scores(w, self.X)
        top = z.max(axis=-1)
        right = np.take_along_axis(z, self.y[:, None] + np.zeros_like(z[..., :1], int), -1)[..., 0]
        return np.mean(np.log(np.exp(z - top[..., None]).sum(axis=-1)) + top - right, axis=-1)

    def _probability(self, w, X):
        z = self._scores(w, X)
        grown = np.exp(z - z.max(axis=-1, keepdims=True))
        return grown / grown.sum(axis=-1, keepdims=True)

    @quiet
    def gradient(self, w, rows=None):
        w, (X, y) = self._weights(w), self._rows(rows)
        return self._spread(self._probability(w, X) - np.eye(self.classes)[y], X) / len(y)

    @quiet
    def hessian_vector(self, w, v):
        p, dz = self._probability(self._weights(w), self.X), self._scores(self._weights(v), self.X)
        return self._spread(p * (dz - (p * dz).sum(axis=-1, keepdims=True)), self.X) / self.n

    @quiet
    def probability(self, w, X=None):
        """The probability of each class for each row (*runs, n, classes)."""
        return self._probability(self._weights(w), _inputs(self, X))

    def _said(self, w):
        return self._scores(w, self.X).argmax(axis=-1)

    def _classes(self):
        return range(self.classes)


def _inputs(model, X):
    return model.X if X is None else model.on(X, np.zeros(len(matrix("probability: X", X)))).X
