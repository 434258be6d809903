"""Addresses of static files: with a digest, worked out once, and anew with each collection."""

import pytest

from crm_site.static_files import StaticFiles


@pytest.fixture
def collect(tmp_path):
    """`collect(text)`: a style sheet with this text is collected; gives its storage."""
    storage = StaticFiles(location=tmp_path, base_url="/static/")

    def _collect(text):
        (tmp_path / "a.css").write_text(text)
        list(storage.post_process({"a.css": (storage, "a.css")}))
        return storage

    return _collect


def test_an_address_is_remembered_until_the_next_collection(collect):
    first = collect("a { color: red }").url("a.css")
    assert first.startswith("/static/a.")
    assert first != "/static/a.css"
    storage = collect("a { color: blue }")
    second = storage.url("a.css")
    assert second != first
    storage.hashed_files.clear()
    assert storage.url("a.css") == second


def test_a_file_that_was_not_collected_has_no_address(collect):
    storage = collect("a { color: red }")
    for _asked in range(2):
        with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
            storage.url("b.css")
