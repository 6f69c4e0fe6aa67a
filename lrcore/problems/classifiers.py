"""Classifiers: the models of models.py that answer with a class."""

import numpy as np

from lrlab.expect import matrix, refuse, room, whole
from .models import Model
from .problem import Problem, numpys, quiet

ONE = numpys(1)


class Classifier(Model):
    """What classifiers answer besides, on these data or on others (X, y); nan where weights are not finite."""

    def accuracy(self, w, X=None, y=None):
        """The share of rows classified rightly (*runs,)."""
        return self._judged(w, X, y, lambda said, true: np.mean(said == true, axis=-1))

    def recall(self, w, X=None, y=None):
        """Of the rows that are in the class, the share said to be (*runs,); nan where there is none.

        softmax: for each class (*runs, classes).
        """
        return self._judged(w, X, y, lambda said, true: self._share(said, true, of=true))

    def precision(self, w, X=None, y=None):
        """Of the rows said to be in the class, the share that is (*runs,); nan where none is said to be.

        softmax: for each class (*runs, classes).
        """
        return self._judged(w, X, y, lambda said, true: self._share(said, true, of=said))

    @quiet
    def _judged(self, w, X, y, measure):
        if X is not None:
            return self.on(X, y)._judged(w, None, None, measure)

        def judge(w):
            found = measure(self._said(w), self.y)
            found[~np.isfinite(w).all(axis=-1)] = np.nan  # lost weights say nothing
            return found

        return self._in_pieces(judge, self._weights(w))

    def _share(self, said, true, of):
        """Of the answers where `of` names the class, the share that is right; one class, or each."""

        def share(c):
            return np.sum((said == c) & (true == c), axis=-1) / np.sum(of == c, axis=-1)

        return (
            share(1) if self.classes is None else np.stack([share(c) for c in range(self.classes)], axis=-1)
        )

    @quiet
    def probability(self, w, X=None):
        """The probability of class 1 for each row (*runs, n); softmax: of each class (*runs, n, classes)."""
        if X is not None:
            return self.on(X, np.zeros(len(matrix(f"{self.name}: X", X)))).probability(w)
        return self._probability(self._weights(w), self.X)


def sigmoid(z):
    """1 / (1 + e^−z); in float64 exactly 1 above z = 36.74, with room left near 0."""
    return ONE / (ONE + np.exp(-z))


class logistic(Classifier):
    """Logistic regression: p = sigmoid(z), z = w·[x, 1].

    The loss is the cross-entropy, mean log(1 + e^z) − yz, finite for every finite z; its gradient is
    mean (p − y)[x, 1]. y is 1 for a row in the class and 0 for any other.
    """

    classes = None

    def _data(self, X, y):
        X, y = super()._data(X, y)
        if not np.isin(y, (0, 1)).all():
            refuse("logistic: y", "labels 0 and 1", y)
        return X, y

    def _loss(self, w):
        z = w.dot(self.X.T)
        return np.mean(np.maximum(z, 0) - self.y * z + np.log1p(np.exp(-np.abs(z))), axis=-1)

    def _gradient(self, w, rows):
        X, y, n = self._part(rows)
        return (sigmoid(w.dot(X.T)) - y).dot(X) / n

    def _hessian_vector(self, w, v):
        p = self._probability(w, self.X)
        return (p * (1 - p) * v.dot(self.X.T)).dot(self.X) / self.n

    def _probability(self, w, X):
        return sigmoid(w.dot(X.T))

    def _said(self, w):
        return w.dot(self.X.T) > 0


class softmax(Classifier):
    """Softmax regression: one row of weights and a bias per class, laid flat: d = classes · (k + 1).

    p = e^z / Σ e^z. The loss is the cross-entropy, mean −log p[y]; its gradient for the row of a class is
    mean (p − [y = class])[x, 1]. y counts the classes from 0; `classes` says how many there are, where the
    last of them may be missing from y.
    """

    def __init__(self, X, y, classes=None):
        self.classes = None if classes is None else whole("softmax: classes", classes, 2, 10**4)
        super().__init__(X, y)
        self.classes = self.classes or int(self.y.max()) + 1
        largest = self.classes * max(self.X.shape)
        room("softmax: y", "labels of as many classes as memory holds", self.classes, largest)
        Problem.__init__(self, np.zeros(self.classes * self.X.shape[1]))

    def _data(self, X, y):
        X, y = super()._data(X, y)
        most = self.classes or len(y) + 1
        if (y != np.floor(y)).any() or y.min() < 0 or y.max() >= most:
            refuse("softmax: y", f"whole numbers from 0 to below {most}, one a class", y)
        return X, y.astype(int)

    def _scores(self, w, X):
        """z (*runs, classes, n)."""
        return w.reshape(-1, X.shape[1]).dot(X.T).reshape(*w.shape[:-1], self.classes, len(X))

    def _spread(self, each, X):
        """Σ over rows of each (*runs, classes, n) times [x, 1], laid flat (*runs, d)."""
        return each.reshape(-1, len(X)).dot(X).reshape(*each.shape[:-2], self.d)

    def _loss(self, w):
        z = self._scores(w, self.X)
        top, right = z.max(axis=-2), z[..., self.y, np.arange(self.n)]
        return np.mean(np.log(np.exp(z - top[..., None, :]).sum(axis=-2)) + top - right, axis=-1)

    def _shares(self, w, X):
        """p (*runs, classes, n)."""
        z = self._scores(w, X)
        grown = np.exp(z - z.max(axis=-2, keepdims=True))
        return grown / grown.sum(axis=-2, keepdims=True)

    def _gradient(self, w, rows):
        X, y, n = self._part(rows)
        return self._spread(self._shares(w, X) - np.equal.outer(np.arange(self.classes), y), X) / n

    def _hessian_vector(self, w, v):
        p, dz = self._shares(w, self.X), self._scores(v, self.X)
        return self._spread(p * (dz - (p * dz).sum(axis=-2, keepdims=True)), self.X) / self.n

    def _probability(self, w, X):
        return np.swapaxes(self._shares(w, X), -1, -2)

    def _said(self, w):
        return self._scores(w, self.X).argmax(axis=-2)
