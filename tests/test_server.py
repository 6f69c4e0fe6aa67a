"""`make lab` lets nobody in without its token, and nobody at all from another machine."""

import socket
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest


def status(url):
    """The status code that an address answers with."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize("path", ["api/contents", "api/kernels", "api/terminals"])
def test_nothing_without_the_token(lab, path):
    assert len(lab.token) >= 32
    assert status(f"{lab.url}/{path}") == 403
    assert status(f"{lab.url}/{path}?token=wrong") == 403


def test_no_kernel_starts_without_the_token(lab):
    request = urllib.request.Request(f"{lab.url}/api/kernels", data=b"{}", method="POST")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == 403
    refused.value.close()


@pytest.mark.parametrize("path", ["lab", "files/notebooks"])
def test_a_page_asks_for_the_token(lab, path):
    with urllib.request.urlopen(f"{lab.url}/{path}", timeout=10) as answer:
        assert urlsplit(answer.url).path == "/login"


def test_another_name_for_this_machine_is_refused(lab):
    # A foreign page whose name leads to 127.0.0.1: its requests carry that name.
    address = f"{lab.url}/api/contents?token={lab.token}"
    request = urllib.request.Request(address, headers={"Host": "elsewhere.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == 403
    refused.value.close()


def test_lessons_are_there_with_the_token(lab):
    assert status(f"{lab.url}/api/contents/notebooks?token={lab.token}") == 200


def test_a_save_that_was_killed_is_mended_when_the_lesson_opens(lab):
    # JupyterLab keeps the file as it was under .~NAME while it writes.
    whole = (lab.folder / "notebooks" / "00-start-here.ipynb").read_text(encoding="utf-8")
    path = lab.folder / "notebooks" / "killed.ipynb"
    path.write_text(whole[:5000], encoding="utf-8")
    path.with_name(f".~{path.name}").write_text(whole, encoding="utf-8")
    assert status(f"{lab.url}/api/contents/notebooks/{path.name}?token={lab.token}") == 200
    assert path.read_text(encoding="utf-8") == whole


def test_it_starts_without_a_warning(lab):
    assert "Warning" not in lab.log.read_text(encoding="utf-8")


def test_this_machine_only(lab):
    parts = urlsplit(lab.url)
    assert parts.hostname == "127.0.0.1"
    # A server that listens everywhere answers on the loopback's other addresses too.
    for address in "127.0.0.2", "127.1.2.3":
        with socket.socket() as probe:
            probe.settimeout(2)
            assert probe.connect_ex((address, parts.port)) != 0


def test_no_news_and_no_prompt_over_the_lessons(lab, page):
    page.goto(lab.address())
    page.wait_for_selector(".jp-DirListing-item", timeout=30_000)
    page.wait_for_timeout(2500)
    assert page.locator(".jp-Dialog").count() == 0
    assert page.locator(".Toastify__toast").count() == 0
    assert page.refused == []
