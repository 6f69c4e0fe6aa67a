"""Decks, handouts and the guide in a real browser, from file://, without a network. EVERY_LESSON=1: all."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import layout
import libraries
import printed
import publish
from watched import CHOSEN, opened, scripts, with_a_foreign_script

ROOT = Path(__file__).resolve().parent.parent


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


def test_a_handout_has_two_slides_to_a_page(page, built):
    opened(page, built(CHOSEN[0]), "?print-pdf&handout")
    page.wait_for_selector("html[data-deck=ready] .sheet", state="attached")
    sliders = page.locator(".lr-explorer")
    assert page.locator(".lr-strip figure:has(svg)").count() == 3 * sliders.count() > 0, "a slider is three pictures"
    assert len(set(page.locator(".lr-strip figcaption").all_inner_texts())) > 2
    ids = page.evaluate("[...document.querySelectorAll('.lr-strip [id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))
    slides = page.locator(".frame > section").count()
    assert page.locator(".half:has(.lines)").count() == slides == len(layout.slides(CHOSEN[0].stored, CHOSEN[0].path))
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == -(-slides // 2)
    assert page.troubles == []


def test_a_deck_prints_a_page_a_slide(page, built):
    opened(page, built(CHOSEN[0]), "?print-pdf")
    page.wait_for_selector("html[data-deck=ready] .pdf-page", state="attached")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == page.locator(".pdf-page").count() >= 8


def test_the_guide_has_the_plans_and_every_slides_note(page, tmp_path):
    path = tmp_path / "guide.html"
    path.write_text(printed.document(CHOSEN[:1]), encoding="utf-8")
    opened(page, path)
    words = " ".join(page.locator("main").inner_text().split())
    plans = re.findall(r"^## (.+)$", (ROOT / "teaching" / "plan.md").read_text(encoding="utf-8"), re.MULTILINE)
    slides = layout.slides(CHOSEN[0].stored, CHOSEN[0].path)
    assert {"Votes", "Boards"} < set(plans)
    assert page.locator("main h2").count() == len(plans) + 1 + len(slides)
    for text in [*plans, *(re.sub(r"[`*$\\]", "", slide.note.text).split(".")[0] for slide in slides)]:
        assert text in words
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
