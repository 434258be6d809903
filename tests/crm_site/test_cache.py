"""While Valkey is away people go on working; only /readyz says so."""

import logging
import socket
import threading

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from crm_site import cache as cache_module
from crm_site.readiness import HEARTBEAT, SILENCE
from crm_site.tasks import heartbeat


@pytest.fixture
def own_cache(settings):
    """`own_cache(address)` is the default cache of this test, with the options of the real one."""

    def _own_cache(address):
        settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": address}}
        return caches["default"]

    return _own_cache


@pytest.fixture
def away(own_cache, tmp_path):
    return own_cache(f"unix://{tmp_path}/nobody.sock?db=1")


def test_nothing_is_found_and_nothing_is_kept(away):
    assert away.set("a", 1) is None
    assert away.get("a") is None
    assert away.get("a", "otherwise") == "otherwise"
    assert away.get_or_set("a", lambda: 2) == 2
    assert away.add("a", 1) is False
    assert away.touch("a") is False
    assert away.has_key("a") is ("a" in away) is False
    assert away.delete("a") is False
    assert away.get_many(["a", "b"]) == {}
    assert away.set_many({"a": 1, "b": 2}) == ["a", "b"]
    assert away.delete_many(["a"]) is None
    assert away.clear() is False
    with pytest.raises(ValueError, match="'a' not found"):
        away.incr("a")


def test_a_value_is_kept_while_valkey_is_there(own_cache, settings):
    there = own_cache(settings.CACHES["default"]["LOCATION"])
    there.set_many({"a": 1, "b": [2]})
    assert there.incr("a") == 2
    assert there.get_many(["a", "b"]) == {"a": 2, "b": [2]}


def test_numbers_are_added_up_under_a_key_that_ends_by_itself(own_cache, settings):
    there = own_cache(settings.CACHES["default"]["LOCATION"])
    assert [there.count("shown", 50, 120), there.count("shown", 1, 120), there.count("other", 7, 120)] == [50, 51, 7]
    client, key = there._cache.get_client(write=True), there.make_key("shown")
    assert 0 < client.ttl(key) <= 120
    client.expire(key, 60)
    there.count("shown", 1, 120)
    assert client.ttl(key) <= 60, "counting on does not make it last longer"
    assert there.get("shown") == 52


def test_counting_without_valkey_is_counting_from_nothing(away):
    assert [away.count("shown", 50, 120), away.count("shown", 50, 120)] == [50, 50]


def test_one_client_serves_every_question_and_thread(own_cache, settings):
    there = own_cache(settings.CACHES["default"]["LOCATION"])
    there.set("a", 0)
    client = there._cache.get_client()
    assert there._cache.get_client() is client
    threads = [threading.Thread(target=lambda: [there.count("a", 1, 60) for _n in range(50)]) for _t in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert there.get("a") == 200


def test_it_is_said_once_a_minute(away, caplog, monkeypatch):
    monkeypatch.setattr(cache_module, "PAUSE", 0)
    for _time in range(3):
        away.get("a")
    (line,) = caplog.records
    assert (line.levelno, line.name) == (logging.WARNING, "crm_site.cache")
    assert "going on without it" in line.message


def test_a_server_that_does_not_answer_is_asked_once_not_by_every_line_of_a_page(own_cache, tmp_path, settings):
    connections = []
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{tmp_path}/silent.sock")
        server.listen()
        server.settimeout(30)
        listener = threading.Thread(target=lambda: connections.append(server.accept()))
        listener.start()
        silent = own_cache(f"unix://{tmp_path}/silent.sock?db=1")
        assert [silent.get("a") for _time in range(10)] == [None] * 10
        listener.join()
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
        connections[0][0].close()


def test_everybody_signs_in_works_and_signs_out(away, live_world):
    client = Client()
    client.force_login(live_world.accountant)
    assert client.get("/").status_code == 200
    assert client.get(f"/customers/{live_world.ours.pk}/").status_code == 200
    assert client.post("/customers/search/", {"text": "有限公司"}, headers={"HX-Request": "true"}).status_code == 200
    assert client.post("/customers/search/", {"text": "有限公司"}, follow=True).status_code == 200
    client.post("/sign-out/")
    assert client.get("/").status_code == 302


@pytest.mark.clause("SEC-02")
def test_who_signed_out_while_it_was_away_stays_signed_out(own_cache, settings, tmp_path, world):
    real = settings.CACHES["default"]["LOCATION"]
    client, thief = Client(), Client()
    client.force_login(world.accountant)
    client.get("/")
    thief.cookies["session"] = client.cookies["session"].value
    own_cache(f"unix://{tmp_path}/nobody.sock?db=1")
    client.post("/sign-out/")
    own_cache(real)
    assert thief.get("/").status_code == 302


def test_readiness_asks_valkey_itself(client, db, own_cache, settings, tmp_path):
    heartbeat()
    real = settings.CACHES["default"]["LOCATION"]
    assert client.get("/readyz").text == "ready\n"
    own_cache(f"unix://{tmp_path}/nobody.sock?db=1")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "Valkey does not answer.\n")
    own_cache(real)
    assert client.get("/readyz").status_code == 200


def test_readiness_is_back_with_valkey_whatever_the_cache_still_waits_for(client, db, monkeypatch):
    heartbeat()
    monkeypatch.setattr(caches["default"], "_away_until", float("inf"))
    assert client.get("/readyz").text == "ready\n"


def test_a_line_on_every_page_says_that_background_work_is_queued(own_cache, settings, tmp_path, world):
    """Source: reliability.md 6."""
    real, client = settings.CACHES["default"]["LOCATION"], Client()
    client.force_login(world.accountant)
    client.cookies["language"] = "en"
    said = "Background work is queued"
    heartbeat()
    assert said not in client.get("/").text
    caches["default"].set(HEARTBEAT, timezone.now() - SILENCE * 2, timeout=None)
    assert said in client.get("/").text, "the worker is silent"
    own_cache(f"unix://{tmp_path}/nobody.sock?db=1")
    assert said in client.get("/").text, "the queue's server is away"
    own_cache(real)
    heartbeat()
    assert said not in client.get("/").text
