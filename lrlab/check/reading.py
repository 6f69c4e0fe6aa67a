"""What people type, read: numbers in any writing, choices, sets, a straight line.

Nothing is mined from a text: "it rises to 255.4" is 255.4, and "eta/(1-beta)" is no 1. Arithmetic is worked
out from its syntax tree; nothing is ever executed.
"""

import ast
import math
import operator
import re

import numpy as np

from .calling import Unreadable

SIGNS = str.maketrans({"−": "-", "–": "-", "·": "*", "×": "*", "⋅": "*", "÷": "/", "^": "**", "\u00a0": " "})
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}
FUNCTIONS = {"sqrt": math.sqrt, "exp": math.exp, "log": math.log, "ln": math.log, "log10": math.log10}


def shown(value):
    """`value` as a short piece of a sentence, the same at every call."""
    text = re.sub(" at 0x[0-9a-fA-F]+", "", " ".join(repr(value).split()))
    return text if len(text) <= 60 else f"{text[:57]}…"


def unfinished(answer):
    """Whether an answer is still the stub's: dots, a question mark, nothing."""
    if isinstance(answer, (list, tuple)):
        return any(unfinished(part) for part in answer)
    return answer is ... or answer is None or (isinstance(answer, str) and answer.strip() in ("", "?", "…", "..."))


def versions(answer):
    """The ways to read commas between digits: "8,000" is 8000 or 8.000, "4,5" is 4.5 or a 4 and a 5."""
    if not isinstance(answer, str) or not re.search(r"\d,\d", answer):
        return [answer]
    ways = []
    if re.search(r"(?<![\d.,])[1-9]\d{0,2}(,\d{3})+(?![\d,])", answer):
        ways.append(re.sub(r"(?<=\d),(?=\d{3})", "", answer))
    if "." not in answer:
        ways.append(re.sub(r"(?<=\d),(?=\d)", ".", answer))
    return [*ways, re.sub(r"(?<=\d),(?=\d)", ", ", answer)]


def arithmetic(text, **known):
    """The value of what is written with numbers, + − · / ^, brackets, √ as sqrt, and the `known` names.

    ValueError where it is anything else.
    """

    def value(node):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return float(node.value)
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](value(node.left), value(node.right))
        if isinstance(node, ast.UnaryOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](value(node.operand))
        if isinstance(node, ast.Name) and node.id in {"pi": math.pi, "π": math.pi, **known}:
            return {"pi": math.pi, "π": math.pi, **known}[node.id]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
            if node.func.id in FUNCTIONS and not node.keywords:
                return FUNCTIONS[node.func.id](value(node.args[0]))
        raise ValueError(text)

    if len(text) > 200:
        raise ValueError("a long text")
    text = re.sub(r"[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: "**" + found[0].translate(RAISED), text).translate(SIGNS)
    text = re.sub(r"(\d\.?)\s*(?:%|percent\b)", r"\1/100", text).strip().replace("√", "sqrt")
    try:
        found = value(ast.parse(text, mode="eval").body)
    except (ZeroDivisionError, OverflowError):
        return math.nan
    except (SyntaxError, RecursionError, MemoryError):
        raise ValueError(text) from None
    if isinstance(found, complex):
        return math.nan
    return found


def _one(text):
    """(name or None, value) of a text that says one number: "w = 4.5", "1/2", "it rises to 255.4"."""
    name, _, rest = text.rpartition("=") if "=" in text else text.rpartition(":")
    name = name.strip()
    if name and not re.fullmatch(r"[^\W\d][\w ]*", name):
        raise ValueError(text)
    try:
        return name or None, arithmetic(rest)
    except ValueError:
        pass
    values = []
    for word in re.sub(r"(\d)\s+(%|percent\b)", r"\1\2", rest).split():
        word = word.strip("!?;:").rstrip(".")
        try:
            values.append(arithmetic(word))
        except ValueError:
            if not re.fullmatch(r"\(?[^\W\d_]+(['’-][^\W\d_]+)*\)?", word):  # neither a number nor a word
                raise
    if len(values) != 1:
        raise ValueError(text)
    return name or None, values[0]


def _parts(text):
    """The (name, value) of each number of a text: "(4.5, 1.5)", "w = 4.5, b = 1.5", "9/2 and 3"."""
    text = text.strip()
    while re.fullmatch(r"\([^()]*\)|\[.*\]|\{.*\}", text, re.DOTALL):
        text = text[1:-1].strip()
    return [_one(part) for part in re.split(r"[;,\n]|\band\b", text) if part.strip()]


def numbers(answer, order=()):
    """A number or several: 4.5, "4.5", "9/2", "87 %", (4.5, 1.5), {"w": 4.5, "b": 1.5}, an array …

    `order` says in which order named parts come.
    """
    if isinstance(answer, str):
        try:
            found = _parts(versions(answer)[0])
        except ValueError:
            found = []
        if not found:
            raise Unreadable(f"A number is asked for, and this is a text: {shown(answer)}.")
        given = [name for name, _ in found if name]
        answer = dict(found) if order and len(set(given)) == len(found) > 1 else [value for _, value in found]
    if isinstance(answer, dict):
        parts = {str(name).strip().lower(): value for name, value in answer.items()}
        if order and set(parts) != set(order):
            raise Unreadable(f"These parts are asked for: {', '.join(order)}.")
        answer = [parts[name] for name in order or parts]
    if isinstance(answer, (bool, np.bool_)):
        raise Unreadable(f"A number is asked for, and this says {answer}.")
    if callable(answer):
        raise Unreadable("A number is asked for, and this is a function: call it, and give what it returns.")
    if isinstance(answer, (list, tuple)) and any(isinstance(part, str) for part in answer):
        answer = [numbers(part) for part in answer]
    try:
        found = np.asarray(answer, dtype=float).ravel()
    except (TypeError, ValueError):
        raise Unreadable(f"A number is asked for, and this is {shown(answer)}.") from None
    if not found.size:
        raise Unreadable(f"A number is asked for, and this is {shown(answer)}.")
    if not np.isfinite(found).all():
        raise Unreadable("That is not a finite number.")
    return found


def in_order(answer, *order):
    """The values of {"B": …, "A": …} in this order; any other answer as it is."""
    parts = {str(name).strip().lower(): value for name, value in answer.items()} if isinstance(answer, dict) else {}
    order = [name.lower() for name in order]
    return [parts[name] for name in order] if set(parts) == set(order) else answer


def named(*order):
    """Numbers whose parts have names: named("w", "b") reads (4.5, 1.5), "b = 1.5, w = 4.5" and a dict alike."""
    return lambda answer: numbers(answer, order)


def straight_line(answer):
    """(slope, intercept), as two numbers, a dict, or as it is written: "y = x + 1/2", "0.5 + x"."""
    if not isinstance(answer, str) or not re.search(r"(?<![a-z])x(?![a-z])", answer):
        return numbers(answer, ("slope", "intercept"))
    text = re.sub(r"(?<=[\d)])\s*(?=x)", "*", re.sub(r"^\s*\w+\s*(?:\(\s*x\s*\))?\s*=", "", answer))
    try:
        zero, one, two = (arithmetic(versions(text)[0], x=float(x)) for x in (0, 1, 2))
    except ValueError:
        raise Unreadable(f"A line is asked for, such as y = 2x + 1: this is {shown(answer)}.") from None
    if not abs(two - 2 * one + zero) < 1e-9:
        raise Unreadable(f"That is no straight line: {shown(answer)}.")
    return np.array([one - zero, zero])


def _squeezed(text):
    """A text without what does not matter in a choice: case, spaces, brackets, the writing of a minus."""
    return re.sub(r"[\s().,:;*\"'“”]", "", str(text).translate(SIGNS).lower())


def one_of(**choices):
    """One of some choices, by its letter, by its words, or by both."""

    def read(answer):
        for letter, words in choices.items():
            ways = letter, words, f"{letter} {words}", f"answer {letter}"
            if _squeezed(answer) in map(_squeezed, ways):
                return letter
        raise Unreadable(f"Choose one of {', '.join(choices)}: this is {shown(answer)}.")

    return read


def names(answer):
    """A set of numbers or words, in any order: [0.5, 1], {1, 0.5}, "0.5, 1" …"""
    if isinstance(answer, str):
        answer = [a for a in re.split(r"[\s,;]+|\band\b", answer.strip("()[]{}")) if a]
    if not np.iterable(answer) or (isinstance(answer, np.ndarray) and not answer.ndim):
        answer = [answer]

    def plain(a):
        try:
            return float(a)
        except (TypeError, ValueError, OverflowError):
            return str(a).strip().lower()

    return frozenset(plain(a) for a in answer)
