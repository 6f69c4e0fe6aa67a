"""What the tests of decks and of pages share: a file opened and watched, and what its sliders show."""

import os
import re

import publish

COURSE = publish.course()
CHOSEN = COURSE if os.environ.get("EVERY_LESSON") else [one for one in COURSE if one.stem[:2] == "01"]
# Two lessons whole, the same two for decks and pages: each is run for that once.
TWO = COURSE if os.environ.get("EVERY_LESSON") else [one for one in COURSE if one.stem[:2] in {"01", "03"}]
READY = "html[data-math=ready]"
# What a slider shows: the moving part of its pictures, their alternatives, and the words beside them.
LOOK = """slider => { const box = slider.closest(".lr-explorer");
  return [...box.querySelectorAll("svg")].map(svg => svg.innerHTML + svg.getAttribute("aria-label"))
    .concat(box.querySelector("[role=status]").textContent); }"""
# Pictures without a text alternative.
MUTE = """() => [...document.images].filter(one => one.alt.length <= 10 || !one.naturalWidth)
  .map(one => one.outerHTML.slice(0, 80)).concat(
  [...document.querySelectorAll(".lr-explorer svg")].filter(one => (one.getAttribute("aria-label") ?? "").length <= 10)
  .map(one => one.outerHTML.slice(0, 80)))"""


def opened(page, path, query=""):
    """The page on a file, watched: page.troubles collects requests, console errors and exceptions."""
    page.troubles = []
    page.on("console", lambda m: page.troubles.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.on(
        "request",
        lambda r: None if r.url.startswith(("data:", path.as_uri())) else page.troubles.append(r.url),
    )
    page.goto(path.as_uri() + query)
    page.wait_for_selector(READY, state="attached")
    return page


def slider_moves(page, scope):
    """Whether two arrow keys on the first slider in `scope` changed the picture and the words beside it."""
    slider = scope.locator("input[type=range]").first
    slider.focus()
    before = slider.evaluate(LOOK)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    after = slider.evaluate(LOOK)
    return before[0] != after[0] and before[-1] != after[-1]


def scripts(path):
    """The texts of all scripts that stand in a file."""
    found = re.findall(r"<script[^>]*>(.*?)</script>", path.read_text(encoding="utf-8"), re.S)
    return {script.strip() for script in found}


def with_a_foreign_script(path):
    """A copy of a file with a script and a picture from elsewhere in it."""
    picture = "<img src='http://127.0.0.1:9/x.png' onerror='window.intruder = 2'>"
    foreign = f"<body><script>window.intruder = 1</script>{picture}"
    other = path.with_name("foreign.html")
    other.write_text(re.sub("<body[^>]*>", foreign, path.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    return other
