"""`make lab` lets nobody in without its token, and nobody at all from another machine."""

import contextlib
import http.client
import json
import os
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

import form
from conftest import ROOT, start_lab


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


def save(lab, name, book):
    """Save a notebook (its JSON as a dict) as JupyterLab does; returns the status code."""
    body = json.dumps({"type": "notebook", "content": book}).encode()
    address = f"{lab.url}/api/contents/notebooks/{name}?token={lab.token}"
    with urllib.request.urlopen(urllib.request.Request(address, data=body, method="PUT"), timeout=60) as answer:
        return answer.status


def test_a_save_keeps_the_file_whole_and_its_rights(lab):
    path = lab.folder / "notebooks" / "saved.ipynb"
    book = json.loads((lab.folder / "notebooks" / "00-start-here.ipynb").read_text(encoding="utf-8"))
    assert save(lab, path.name, book) == 201
    path.chmod(0o640)
    book["cells"][0]["source"] = "# Mine, η"
    assert save(lab, path.name, book) == 200
    assert json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"] == ["# Mine, η"]
    assert path.stat().st_mode & 0o777 == 0o640
    assert not list(path.parent.glob(".*saved*"))
    path.unlink()


def test_a_save_that_is_killed_leaves_the_lesson_as_it_was(tmp_path):
    (tmp_path / "home").mkdir()
    notebooks = tmp_path / "course" / "notebooks"
    notebooks.mkdir(parents=True)
    whole = (ROOT / "notebooks" / "00-start-here.ipynb").read_text(encoding="utf-8")
    (path := notebooks / "00-start-here.ipynb").write_text(whole, encoding="utf-8")
    book = json.loads(whole)
    book["cells"][0]["source"] = "much " * 6_000_000
    process, lab = start_lab(tmp_path / "course", tmp_path / "home")

    def save_until_killed():
        with contextlib.suppress(OSError, http.client.HTTPException):
            save(lab, path.name, book)

    saving = threading.Thread(target=save_until_killed)
    saving.start()
    until = time.monotonic() + 60
    while len(list(notebooks.iterdir())) == 1 and path.stat().st_size == len(whole.encode()):
        assert time.monotonic() < until
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    saving.join()
    assert path.read_text(encoding="utf-8") == whole
    assert form.lessons(notebooks) == [path]


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
