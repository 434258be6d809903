"""The embedded Valkey: broker and cache survive a kill, and nobody else can reach them."""

import time

import pytest
import redis

from crm_site.runner.console import Damaged
from crm_site.runner.valkey import Valkey


@pytest.fixture
def valkey(data):
    return Valkey(data)


def connect(valkey, number=0):
    return redis.Redis.from_url(valkey.environment()["REDIS_URL"].replace("db=0", f"db={number}"))


def test_waiting_work_survives_a_kill(valkey, run):
    """All but the last second or two, which the outbox in the database sends again."""
    child = valkey.start(run, time.sleep)
    queue = connect(valkey)
    for number in range(500):
        queue.rpush("celery", number)
    assert queue.execute_command("WAITAOF", 1, 0, 20_000)[0] == 1  # until that second is over
    child.process.kill()
    child.process.wait()
    valkey.start(run, time.sleep)
    assert connect(valkey).llen("celery") == 500


def test_it_is_private_and_never_forgets_to_make_room(valkey, run):
    valkey.start(run, time.sleep)
    assert valkey.socket.parent.stat().st_mode & 0o777 == 0o700
    settings = connect(valkey).config_get("*")
    assert settings["port"] == "0"
    assert settings["maxmemory-policy"] == "noeviction"
    assert (settings["appendonly"], settings["appendfsync"], settings["save"]) == ("yes", "everysec", "")


def test_broker_and_cache_do_not_see_each_other(valkey, run):
    valkey.start(run, time.sleep)
    connect(valkey, 1).set("page", "cached")
    assert connect(valkey, 0).get("page") is None


def test_a_damaged_folder_gets_a_sentence(valkey, data, run):
    child = valkey.start(run, time.sleep)
    connect(valkey).set("a", 1)
    child.process.terminate()
    child.process.wait(10)
    next(data.valkey.rglob("*.manifest")).write_text("nonsense\n")
    with pytest.raises(Damaged, match="move it away and start again"):
        valkey.start(run, time.sleep)
