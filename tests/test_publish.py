"""Decks, handouts and the guide in a real browser, from file://, without a network. EVERY_LESSON=1: all."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import decks
import form
import libraries
import publish
from watched import CHOSEN, LOOK, MUTE, opened, scripts, slider_moves, with_a_foreign_script

ROOT = Path(__file__).resolve().parent.parent
# What sticks out of a slide, as "tag: text", with every fragment shown.
OVERFLOW = """() => {
  const slide = Reveal.getCurrentSlide(), box = slide.getBoundingClientRect(), out = [];
  slide.querySelectorAll(".fragment").forEach(one => one.classList.add("visible"));
  if (slide.scrollHeight > slide.clientHeight + 1) out.push(`slide: ${slide.scrollHeight} high`);
  for (const one of slide.querySelectorAll("*")) {
    if (!one.checkVisibility() || one.closest("svg, aside, mjx-assistive-mml")) continue;
    const at = one.getBoundingClientRect(), style = getComputedStyle(one);
    if (at.width <= 1 || at.height <= 1 || style.clipPath !== "none") continue;
    const beyond = at.right > box.right + 1 || at.bottom > box.bottom + 1
      || at.left < box.left - 1 || at.top < box.top - 1;
    const cut = style.overflowX !== "visible" && one.scrollWidth > one.clientWidth + 2;
    if (beyond || cut) out.push(`${one.tagName}: ${(one.innerText || one.className || "").slice(0, 60)}`);
  }
  return out;
}"""


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """built(lesson): the path of its deck, made once."""
    folder = tmp_path_factory.mktemp("decks")

    def build(lesson):
        path = folder / f"{lesson.stem}.html"
        if not path.exists():
            path.write_text(decks.deck(lesson), encoding="utf-8")
        return path

    return build


@pytest.mark.parametrize("lesson", CHOSEN, ids=lambda one: one.stem[:2])
def test_a_deck(lesson, page, built):
    path = built(lesson)
    assert path.stat().st_size < 10e6
    page.set_viewport_size({"width": 1280, "height": 720})
    opened(page, path)
    page.wait_for_selector("html[data-deck=ready]", state="attached")
    count = page.evaluate("Reveal.getTotalSlides()")
    titles, sticking_out, without_notes = [], [], []
    for width, height in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        for number in range(count):
            page.evaluate("n => Reveal.slide(n)", number)
            titles.append(page.evaluate("Reveal.getCurrentSlide().querySelector('h1, h2, h3')?.innerText ?? ''"))
            sticking_out += [(width, titles[-1], what) for what in page.evaluate(OVERFLOW)]
            if not page.evaluate("Reveal.getCurrentSlide().querySelector('aside.notes')?.innerText.length > 20"):
                without_notes.append(titles[-1] or number)
    assert not sticking_out
    assert all(titles)
    assert not without_notes
    assert 8 <= count <= 30, f"{count} slides, the title among them"
    assert page.locator("mjx-merror").count() == 0
    assert page.evaluate(MUTE) == []
    assert page.troubles == []


@pytest.mark.parametrize("lesson", CHOSEN, ids=lambda one: one.stem[:2])
def test_a_decks_sliders(lesson, page, built):
    opened(page, built(lesson))
    page.wait_for_selector("html[data-deck=ready]", state="attached")
    slides = page.locator(".slides > section:has(input[type=range])")
    for index in range(slides.count()):
        slide = slides.nth(index)
        slide.evaluate("one => Reveal.slide([...one.parentNode.children].indexOf(one))")
        at = page.evaluate("Reveal.getIndices().h")
        assert slider_moves(page, slide)
        assert page.evaluate("Reveal.getIndices().h") == at, "the slider's key turned the page"
    assert page.troubles == []


def test_the_speakers_window_shows_the_notes(page, built):
    opened(page, built(CHOSEN[0]))
    page.wait_for_selector("html[data-deck=ready]", state="attached")
    page.evaluate("Reveal.slide(2)")
    said = page.evaluate("Reveal.getCurrentSlide().querySelector('aside.notes').textContent.trim().slice(0, 20)")
    with page.context.expect_page() as window:
        page.keyboard.press("s")
    notes = window.value.locator(".speaker-controls-notes")
    notes.get_by_text(said, exact=False).first.wait_for(timeout=10_000)
    assert page.troubles == []


def test_a_slider_moves_under_a_finger(browser, built):
    context = browser.new_context(viewport={"width": 1280, "height": 720}, has_touch=True)
    page = opened(context.new_page(), built(CHOSEN[0]))
    page.wait_for_selector("html[data-deck=ready]", state="attached")
    slide = page.locator(".slides > section:has(input[type=range])").first
    slide.evaluate("one => Reveal.slide([...one.parentNode.children].indexOf(one))")
    at = page.evaluate("Reveal.getIndices().h")
    slider = slide.locator("input[type=range]").first
    box, before = slider.bounding_box(), slider.evaluate(LOOK)
    page.touchscreen.tap(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    assert slider.evaluate(LOOK) != before
    assert page.evaluate("Reveal.getIndices().h") == at
    context.close()


def test_a_handout_has_a_page_a_slide(page, built):
    opened(page, built(CHOSEN[0]), "?print-pdf")
    page.wait_for_selector("html[data-deck=ready] .pdf-page", state="attached")
    sliders = page.locator(".lr-explorer")
    assert page.locator(".lr-strip figure:has(svg)").count() == 3 * sliders.count() > 0, "a slider is three pictures"
    assert len(set(page.locator(".lr-strip figcaption").all_inner_texts())) > 2
    ids = page.evaluate("[...document.querySelectorAll('.lr-strip [id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == page.locator(".pdf-page").count() >= 8


def test_the_guide_prints_every_slides_notes(page, tmp_path):
    lesson = CHOSEN[0]
    path = tmp_path / "guide.html"
    path.write_text(decks.printable(lesson), encoding="utf-8")
    opened(page, path)
    words = " ".join(page.locator("main").inner_text().split())
    slides = [
        c for c in lesson.stored.cells if c.metadata.get("slideshow", {}).get("slide_type") in ("slide", "subslide")
    ]
    assert page.locator("main h2").count() == len(slides) >= 8
    for text in form.guide(lesson.path).values():
        assert re.sub(r"[`*$\\]", "", text).split(".")[0] in words
    assert page.troubles == []


def test_the_policy_stops_a_foreign_script_and_a_request(page, built):
    opened(page, with_a_foreign_script(built(CHOSEN[0])))
    assert page.evaluate("window.intruder") is None
    assert any("Content Security Policy" in one for one in page.troubles)


@pytest.mark.parametrize("lesson", CHOSEN, ids=lambda one: one.stem[:2])
def test_no_script_but_ours_and_the_pinned_libraries(lesson, built):
    ours = ["tools/templates/deck.js", "tools/templates/mathjax.js"]
    pinned = ["reveal.js/dist/reveal.js", "reveal.js/plugin/notes/notes.js", "mathjax/es5/tex-svg-full.js"]
    known = {(ROOT / name).read_text(encoding="utf-8").strip() for name in ours}
    known.add((ROOT / "lrlab/explore/explore.js").read_text(encoding="utf-8").strip() + "\nboot();")
    known |= {publish.inside_html(libraries.read(name)).strip() for name in pinned}
    found = scripts(built(lesson))
    assert len(found) >= 2  # each slider brings its own
    assert found <= known


def test_without_a_network_and_a_cache_there_is_one_sentence(tmp_path):
    code = (
        "import sys, pathlib; sys.path.insert(0, 'tools'); import libraries\n"
        f"libraries.CACHE = pathlib.Path({str(tmp_path / 'web')!r})\n"
        "libraries.npm = lambda: ['npm', '--offline', '--cache', '" + str(tmp_path / "npm") + "']\n"
        "libraries.fetch()"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert said.returncode == 1
    assert said.stderr.strip() == libraries.AWAY


def test_building_a_deck_leaves_the_environment_as_it_was(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(publish, "BUILD", tmp_path)  # nothing is kept there, so the lesson is run
    monkeypatch.setattr(publish.notebooks, "run", lambda *_: seen.append(os.environ.get("LRCORE_FACE")))
    publish.ran(CHOSEN[0])
    assert seen == ["static"]
    assert "LRCORE_FACE" not in os.environ


def test_a_kept_run_is_run_again_when_lrlab_or_the_data_change(tmp_path, monkeypatch):
    monkeypatch.setattr(publish, "BUILD", tmp_path / "build")
    monkeypatch.setattr(publish, "ROOT", tmp_path)
    runs = []
    monkeypatch.setattr(publish.notebooks, "run", lambda *_: runs.append(1))
    for name in ("lrcore/rules.py", "lrlab/explore/explore.js", "lrlab/lesson.mplstyle", "data/study.npz"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
        publish.sources.cache_clear()
        publish.ran(CHOSEN[0])
        publish.ran(CHOSEN[0])
    publish.sources.cache_clear()
    assert len(runs) == 4
