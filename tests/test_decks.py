"""Every slide of the decks, measured in a real browser at four sizes; and a deck in an instructor's hands.

EVERY_LESSON=1: all decks, at four sizes; otherwise two, at one.
"""

import os
import re

import pytest

import decks
import form
import layout
import libraries
from watched import COURSE, LOOK, MUTE, TWO, opened, slider_moves

EVERY = bool(os.environ.get("EVERY_LESSON"))
SIZES = ((1280, 720), (1920, 1080), (1024, 768), (390, 844))[: 4 if EVERY else 1]
# What sticks out of a slide, as "tag: text", with every fragment shown.
OVERFLOW = """() => {
  const slide = Reveal.getCurrentSlide(), box = slide.getBoundingClientRect(), out = [];
  slide.querySelectorAll(".fragment").forEach(one => one.classList.add("visible"));
  for (const one of slide.querySelectorAll("*")) {
    if (!one.checkVisibility() || one.closest("svg, aside, mjx-assistive-mml")) continue;
    const at = one.getBoundingClientRect(), style = getComputedStyle(one);
    if (at.width <= 1 || at.height <= 1 || style.clipPath !== "none") continue;
    const beyond = at.right > box.right + 1 || at.bottom > box.bottom + 1
      || at.left < box.left - 1 || at.top < box.top - 1 || at.right > innerWidth + 1 || at.bottom > innerHeight + 1;
    const cut = style.overflowX !== "visible" && one.scrollWidth > one.clientWidth + 2
      || style.overflowY !== "visible" && one.scrollHeight > one.clientHeight + 2;
    if (beyond || cut) out.push(`${one.tagName}: ${(one.innerText || one.className || "").slice(0, 60)}`);
  }
  return out;
}"""
# Text under 22 pixels of 720, as [size, words]: of HTML, of an instrument's SVG, of pictures (they say their smallest).
TINY = """() => {
  const slide = Reveal.getCurrentSlide(), of = 1280 / slide.getBoundingClientRect().width, out = [];
  const say = (size, text) => { if (size * of < 21.9) out.push([+(size * of).toFixed(1), text.trim().slice(0, 50)]); };
  const walk = document.createTreeWalker(document.querySelector(".reveal"), NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    const one = node.parentElement, style = getComputedStyle(one);
    if (!node.data.trim() || !one.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true })) continue;
    if (!slide.contains(one) && !one.closest(".slide-number")) continue;
    if (one.closest("aside, mjx-container, style, script, .aria-status")) continue;
    const turned = one.closest("svg") && one.getScreenCTM(), size = parseFloat(style.fontSize);
    say(size * (turned ? Math.hypot(turned.a, turned.b) : 1 / of), node.data);
  }
  for (const one of slide.querySelectorAll("img")) {
    const at = one.getBoundingClientRect(), wide = +one.getAttribute("width"), high = +one.getAttribute("height");
    if (!one.dataset.text) out.push([0, `a picture that was not drawn for its slide: ${one.alt.slice(0, 40)}`]);
    else say(+one.dataset.text * Math.min(at.width / wide, at.height / high), one.alt);
  }
  return out;
}"""


@pytest.fixture
def deck(page, built):
    """deck(lesson, query): the page on its deck, ready, at 1280 × 720."""

    def open_it(lesson, query=""):
        page.set_viewport_size({"width": 1280, "height": 720})
        opened(page, built(lesson), query)
        page.wait_for_selector("html[data-deck=ready]", state="attached")
        return page

    return open_it


def go(page, selector):
    """Go to the first slide that matches; its locator."""
    page.evaluate("s => Reveal.slide(Reveal.getSlides().findIndex(one => one.matches(s)))", selector)
    assert page.evaluate("s => Reveal.getCurrentSlide().matches(s)", selector)
    return page.locator("section.present")


def at(page):
    return page.evaluate("Reveal.getIndices().h")


@pytest.mark.parametrize("lesson", TWO if EVERY else TWO[:1], ids=lambda one: one.stem[:2])
def test_every_slide_of_a_deck(lesson, deck, built):
    page, found = deck(lesson), []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for number in range(page.evaluate("Reveal.getTotalSlides()")):
            page.evaluate("n => Reveal.slide(n)", number)
            title = page.evaluate("Reveal.getCurrentSlide().querySelector('h1, h2, h3')?.innerText ?? ''")
            where = f"{width} {title or number}"
            found += [f"{where} sticks out: {what}" for what in page.evaluate(OVERFLOW)]
            found += [f"{where} has small text: {what}" for what in page.evaluate(TINY)]
            if not page.evaluate("Reveal.getCurrentSlide().querySelector('aside.notes')?.innerText.length > 20"):
                found.append(f"{where} has no notes")
            if not title:
                found.append(f"{where} has no heading")
    assert not found, "\n".join(found)
    assert page.locator("mjx-merror").count() == 0
    assert page.evaluate(MUTE) == []
    assert page.troubles == []
    assert 8 <= page.evaluate("Reveal.getTotalSlides()") <= 45
    assert built(lesson).stat().st_size < 10e6


@pytest.mark.parametrize("lesson", TWO, ids=lambda one: one.stem[:2])
def test_a_decks_sliders(lesson, deck):
    page = deck(lesson)
    slides = page.locator(".slides > section:has(input[type=range])")
    assert slides.count(), "every deck has an instrument"
    for index in range(slides.count()):
        slide = slides.nth(index)
        slide.evaluate("one => Reveal.slide([...one.parentNode.children].indexOf(one))")
        here = at(page)
        assert slider_moves(page, slide)
        assert at(page) == here, "the slider's key turned the page"
    assert page.troubles == []


@pytest.mark.parametrize("lesson", COURSE, ids=lambda one: one.stem[:2])
def test_a_vote_is_not_revealed_on_its_own_slide(lesson):
    slides = layout.slides(lesson.stored, lesson.path)
    asked = {slide.vote: place for place, slide in enumerate(slides) if slide.vote}
    told = {name: place for place, slide in enumerate(slides) for name in slide.reveals}
    assert all(slide.vote for slide in slides if slide.kind == "vote")
    assert all(told.get(name, -1) > place for name, place in asked.items()), (asked, told)


@pytest.mark.parametrize("lesson", COURSE, ids=lambda one: one.stem[:2])
def test_what_a_note_speaks_of_is_on_its_slide(lesson):
    for slide in layout.slides(lesson.stored, lesson.path):
        text = slide.note.text
        if re.search(r"(?i)\b(let the room vote|let every(one|body) vote|vote by hand)\b", text):
            assert slide.vote, (slide.first.id, text)
        if re.search(r"\bthis table\b|\b(last|two) columns?\b", text):
            shown = "".join(form.said(c) if c.cell_type == "code" else c.source for c in slide.shown)
            assert "<table" in shown or "|---" in shown, (slide.first.id, text)
        if re.search(r"(?<!lesson's )\bexercise\b", text):
            assert any("exercise" in layout.tags(cell) for cell in slide.shown), (slide.first.id, text)


def test_a_clicker_goes_on_after_a_hand_was_at_the_slider(deck):
    page = deck(COURSE[1])
    slider = go(page, ".instrument").locator("input[type=range]").first
    here, box, before = at(page), slider.bounding_box(), slider.evaluate(LOOK)
    page.mouse.move(box["x"] + 10, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    dragged = slider.evaluate(LOOK)
    assert dragged != before
    page.keyboard.press("ArrowLeft")
    assert (at(page), slider.evaluate(LOOK) == dragged) == (here, False), "arrows stay with the slider"
    page.keyboard.press("PageDown")
    assert at(page) == here + 1
    page.keyboard.press("PageUp")
    assert at(page) == here
    slider.focus()
    page.keyboard.press("Space")
    assert at(page) == here + 1
    page.keyboard.press("PageUp")
    slider.focus()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    assert at(page) == here + 1, "Escape gives the keys back to the deck"
    assert page.troubles == []


def test_a_slider_moves_under_a_finger(browser, built):
    context = browser.new_context(viewport={"width": 1280, "height": 720}, has_touch=True)
    page = opened(context.new_page(), built(COURSE[1]))
    page.wait_for_selector("html[data-deck=ready]", state="attached")
    slider = go(page, ".instrument").locator("input[type=range]").first
    here, box, before = at(page), slider.bounding_box(), slider.evaluate(LOOK)
    page.touchscreen.tap(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    assert slider.evaluate(LOOK) != before
    assert at(page) == here
    context.close()


def test_counts_are_clicked_or_typed_and_come_back_at_the_reveal(deck):
    page = deck(COURSE[1])
    slide, here = go(page, ".vote"), at(page)
    tiles, counts = slide.locator(".tiles li"), slide.locator(".tiles input")
    assert tiles.count() == 4
    assert all(tile.bounding_box()["height"] >= 60 for tile in tiles.all()), "tiles large enough for the last row"
    for _ in range(3):
        tiles.nth(0).click(position={"x": 150, "y": 20})
    tiles.nth(0).click(position={"x": 150, "y": 20}, modifiers=["Shift"])
    tiles.nth(1).click(position={"x": 150, "y": 20})
    tiles.nth(1).click(position={"x": 150, "y": 20}, button="right")
    counts.nth(2).fill("12")
    assert [box.input_value() for box in counts.all()] == ["2", "", "12", ""]
    assert at(page) == here
    page.keyboard.press("PageDown")
    assert at(page) == here + 1, "a clicker goes on from a count"
    room = page.locator("section.present .room")
    assert room.locator("span").all_inner_texts()[:4] == ["a 2", "b 0", "c 12", "d 0"]
    assert room.locator(".right").inner_text() == "c 12"
    assert room.locator("p").inner_text() == "measured: c, each swing is larger"


def test_a_number_is_voted_by_writing_it_down(deck):
    page = deck(COURSE[3])
    go(page, "[data-vote=vote_epochs]").locator("textarea").fill("10, 250\n20")
    page.keyboard.press("PageDown")
    room = page.locator("section.present .room")
    assert room.inner_text().split() == "the room: 10, 250 · 20 measured: 250".split()


def test_a_key_leaves_the_optional_slides_out(deck):
    page = deck(COURSE[1])
    optional = page.evaluate("Reveal.getSlides().map(one => one.classList.contains('optional'))")
    assert any(optional)
    assert not all(optional)
    page.keyboard.press("x")
    assert "left out" in page.locator(".toast").inner_text()
    seen = [at(page)]
    for _ in 3 * optional:  # fragments take a press as well
        page.keyboard.press("PageDown")
        seen.append(at(page))
    assert sorted(set(seen)) == [place for place, one in enumerate(optional) if not one]
    page.keyboard.press("x")
    page.keyboard.press("PageUp")
    assert optional[at(page)]


@pytest.mark.skipif(not EVERY, reason="make test-slides does this")
@pytest.mark.parametrize("query", ["", "?dark"])
def test_axe_finds_nothing_on_a_decks_slides(deck, query):
    page = deck(COURSE[1], query)
    assert page.evaluate("document.documentElement.classList.contains('dark')") == bool(query)
    page.evaluate(libraries.read("axe-core/axe.min.js"))
    found = []
    for number in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate("n => Reveal.slide(n)", number)
        said = "async () => (await axe.run()).violations.flatMap(v => v.nodes.map(n => [v.id, n.html.slice(0, 120)]))"
        found += [(number, *one) for one in page.evaluate(said)]
    assert found == []


def test_a_key_makes_it_dark(deck):
    page = deck(COURSE[1])
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.keyboard.press("d")
    assert page.evaluate(paper) != light
    page.keyboard.press("d")
    assert page.evaluate(paper) == light


def test_the_talk_of_one_hour_has_its_slides():
    chosen = decks.Talk.slides()
    assert {lesson.stem[:2] for lesson, _ in chosen} == {"00", "01", "03"}
    by_id = {(one.stem, s.first.id): s for one in COURSE for s in layout.slides(one.stored, one.path)}
    slides = [by_id[lesson.stem, ident] for lesson, ident in chosen]
    asked = [slide.vote for slide in slides if slide.vote]
    assert asked == [name for slide in slides for name in slide.reveals], "each vote with its run, in order"
