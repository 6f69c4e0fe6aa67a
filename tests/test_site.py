"""The website in a real browser, from file://, without a network. EVERY_LESSON=1: all lessons."""

import re

import pytest

import pages
from watched import CHOSEN, COURSE, MUTE, opened, slider_moves


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """built(lesson): the path of its page, made once."""
    folder = tmp_path_factory.mktemp("pages")

    def build(lesson):
        path = folder / f"{lesson.stem}.html"
        if not path.exists():
            path.write_text(pages.page(lesson), encoding="utf-8")
        return path

    return build


@pytest.mark.parametrize("lesson", CHOSEN, ids=lambda one: one.stem[:2])
def test_a_page(lesson, page, built):
    opened(page, built(lesson))
    assert page.locator("mjx-merror").count() == 0
    assert page.evaluate(MUTE) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if page.locator("input[type=range]").count():
        assert slider_moves(page, page.locator("main"))
    links = page.evaluate("[...document.links].map(one => one.getAttribute('href'))")
    known = {f"{one.stem}.html" for one in COURSE} | {"index.html"}
    inner = {link.split("#")[0] for link in links if not re.match(r"https?:|#", link)}
    assert inner <= known
    assert page.troubles == []
