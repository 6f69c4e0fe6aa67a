"""Each number of three or more digits in prose stands in an output or source of its lesson, or is quoted.

A quoted number stands inside <q>…</q> or in a block quote. A right rounding is fine: 0.1198 for 0.119756,
87.0 % for 0.87; after "about" and its like also 4600 for 4612.
"""

import re

SPACES = "\u00a0\u2009\u202f"
NUMBER = re.compile(
    rf"(?<![\w.])(?P<digits>\d{{1,3}}(?:[,{SPACES}]\d{{3}})+(?!\d)|\d+)(?P<decimals>\.\d+)?"
    r"(?P<power>[eE][+−-]?\d+)?(?![\w]|\.\d)"
)
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
ROUGHLY = re.compile(r"(about|near|nearly|some|around|roughly|almost|over|under|than|≈|~)\W*$")
# What is no statement of ours: quotations, addresses, names of papers, HTML tags.
ASIDE = re.compile(
    r"<q\b.*?</q>|^[ \t]*>.*?$|\]\([^)]*\)|https?://\S+|(?:arxiv|doi):\s?\S+|<!--.*?-->|</?\w[^>]*>",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)


def plain(text):
    """The text with typeset numbers written as Python does: 12{,}755 as 12,755 and 3.21·10⁻⁵ as 3.21e-5."""
    text = re.sub(r"(?<=\d)(?:\{,\}|\\[,;:! ])(?=\d{3})", ",", text).replace("−", "-")
    text = re.sub(r"[⁻⁰¹²³⁴-⁹]+", lambda found: "^" + found[0].translate(RAISED), text)
    return re.sub(r"(?<=\d)\s?(?:·|×|\\cdot|\\times)\s?10\^\{?(-?\d+)\}?", r"e\1", text)


def numbers(text):
    """Every number of a text, as floats without their sign."""
    return {float(re.sub(rf"[,{SPACES}]", "", found[0])) for found in NUMBER.finditer(plain(text))} | {
        float(part) for part in re.findall(r"\d+\.?\d*(?:[eE][+-]?\d+)?", plain(text))
    }


def is_year(found):
    """Whether a number reads like the year of a source."""
    return re.fullmatch(r"19[5-9]\d|20[0-4]\d", found[0]) is not None and found[0] != "2000"


def found(text, digits=2):
    """The numbers of `digits` digits or more that a text states itself, as matches, and the text they stand in."""
    text = plain(ASIDE.sub(" ", text))
    stated = (one for one in NUMBER.finditer(text) if not is_year(one))
    return [one for one in stated if len(re.sub(r"\D", "", one["digits"] + (one["decimals"] or ""))) >= digits], text


def supported(one, text, known):
    """Whether a number that `found` found in a text is a right rounding of one of the known numbers."""
    digits = re.sub(r"\D", "", one["digits"] + (one["decimals"] or ""))
    value = float(re.sub(rf"[,{SPACES}]", "", one[0]))
    half = 0.5 * 10.0 ** (int((one["power"] or "e0")[1:]) - len(one["decimals"] or ".") + 1)
    if ROUGHLY.search(text[: one.start()].lower()) and not one["decimals"]:
        half = 0.5 * 10.0 ** min(len(digits) - len(digits.rstrip("0")), len(digits) - 2)
    scales = (1, 100) if re.match(r"\s*\\?%|\s*percent", text[one.end() :]) else (1,)
    return any(abs(scale * x - value) <= half * (1 + 1e-6) for x in known for scale in scales)


def unsupported(prose, evidence):
    """The numbers of three or more digits in `prose` that no number in `evidence` rounds to."""
    stated, text = found(prose, digits=3)
    known = numbers(evidence)
    return [one[0] for one in stated if not supported(one, text, known)]
