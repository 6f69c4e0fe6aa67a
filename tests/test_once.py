"""What did not change is not made again."""

import publish


def test_a_file_is_made_again_when_what_it_is_made_from_changes(tmp_path, monkeypatch):
    lesson, made = publish.course()[0], []
    monkeypatch.setattr(publish, "BUILD", tmp_path)
    monkeypatch.setattr(publish, "place_of_run", lambda lesson: tmp_path / run[0])
    target, run = tmp_path / "slides" / "00.html", ["00-first.ipynb"]
    target.parent.mkdir()

    def make(lesson):
        made.append(lesson)
        target.write_text("deck")
        return "made"

    assert publish.once(target, lesson, make) == "made"
    assert publish.once(target, lesson, make) == "build/slides/00.html is as it was"
    assert len(made) == 1
    run[0] = "00-second.ipynb"  # another run: the lesson, lrlab or the data changed
    assert publish.once(target, lesson, make) == "made"
    target.unlink()
    assert publish.once(target, lesson, make) == "made" and len(made) == 3
