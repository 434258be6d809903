"""Group robots against a stand-in that speaks the makers' protocol."""

from types import SimpleNamespace

import pytest
from django.utils import translation

from journal import delivery, outbox
from journal.actions import notify
from journal.couriers import RobotCourier
from journal.models import Delivery, GroupRobot
from journal.senders import http, pace, robots
from journal.senders.outcomes import NotSent, PossiblySent, Refused, Sent

from .conftest import NOON
from .stand_in import StandIn

KINDS = ["wecom", "dingtalk", "feishu"]
pytestmark = pytest.mark.clause("GEN-02")


@pytest.fixture
def robot(stand_in, request):
    kind = getattr(request, "param", "wecom")
    return SimpleNamespace(pk=f"{request.node.name}", kind=kind, webhook=stand_in.address(kind), secret="", active=True)


def shown(taken):
    body = taken["body"]
    return body["text"]["content"] if "text" in body else body["content"]["text"]


@pytest.mark.parametrize("robot", KINDS, indirect=True)
def test_a_post_arrives_in_the_group(robot, stand_in):
    assert robots.send(robot, "你好") == Sent()
    [taken] = stand_in.taken
    assert shown(taken) == "你好"
    assert "sign" not in {**taken["query"], **taken["body"]}


@pytest.mark.parametrize("robot", ["dingtalk", "feishu"], indirect=True)
def test_the_signature_is_what_the_maker_checks(robot, stand_in):
    stand_in.secret = "SEC+/= secret"
    robot.secret = stand_in.secret
    assert robots.send(robot, "你好") == Sent()
    robot.secret = "another"
    refused = robots.send(robot, "你好")
    assert isinstance(refused, Refused)
    assert "sign" in refused.reason


def test_known_signatures():
    """Worked out by another program: openssl dgst -sha256 -hmac."""
    robot = SimpleNamespace(webhook="https://oapi.dingtalk.com/robot/send?access_token=x", secret="SEC1")
    address, _payload = robots.PROTOCOLS["dingtalk"].request(robot, "", 1700000000.0)
    sign = "ukR4%2BWoOOBTGaOauYqugxVrMSFyr92q4hPxJxuOkiio%3D"
    assert address == f"{robot.webhook}&timestamp=1700000000000&sign={sign}"
    _address, payload = robots.PROTOCOLS["feishu"].request(robot, "", 1700000000.0)
    assert payload["sign"] == "s3Va4ru9IQUY6HTJcYx7OEVyXl0V0S/y32v4ZbfOHCI="
    assert payload["timestamp"] == "1700000000"


@pytest.mark.parametrize("robot", KINDS, indirect=True)
@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [("93000", Refused), ("500", NotSent), ("-1", NotSent), ("nonsense", PossiblySent), ("redirect", Refused)],
)
def test_http_200_is_not_success(robot, stand_in, behaviour, outcome):
    stand_in.behave(behaviour)
    assert isinstance(robots.send(robot, "x"), outcome)
    assert len(stand_in.taken) == 1  # a redirect is not followed


@pytest.mark.parametrize(
    ("robot", "code"),
    [("wecom", "45009"), ("dingtalk", "130101"), ("feishu", "11232"), ("feishu", "429")],
    indirect=["robot"],
)
def test_too_fast_waits_a_minute_without_using_up_a_try(robot, stand_in, code):
    stand_in.behave(code)
    outcome = robots.send(robot, "x")
    assert (outcome.wait, outcome.counts, outcome.line_down) == (robots.BUSY, False, True)


def test_a_line_that_breaks_after_the_request_leaves_a_doubt(robot, stand_in, monkeypatch):
    stand_in.behave("reset")
    assert isinstance(robots.send(robot, "x"), PossiblySent)
    monkeypatch.setattr(http, "TIMEOUT", 0.2)
    stand_in.behave("slow")
    assert isinstance(robots.send(robot, "x"), PossiblySent)
    monkeypatch.setattr(http, "TIMEOUT", 10)
    monkeypatch.setattr(http, "WHOLE", 0.2)
    stand_in.behave("slow")
    assert isinstance(robots.send(robot, "x"), PossiblySent)


def test_nobody_listening_means_not_sent(robot, stand_in):
    stand_in.close()
    outcome = robots.send(robot, "x")
    assert isinstance(outcome, NotSent)
    assert outcome.line_down


@pytest.mark.clause("SEC-06")
@pytest.mark.parametrize(
    "address",
    [
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",  # not encrypted
        "https://qyapi.weixin.qq.com:8443/x",
        "https://qyapi.weixin.qq.com.evil.example/x",
        "https://qyapi.weixin.qq.com@evil.example/x",
        "https://evil.example\\@qyapi.weixin.qq.com/x",
        "https://evil.example#@qyapi.weixin.qq.com/x",
        "https://evil.example/?https://qyapi.weixin.qq.com",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "gopher://qyapi.weixin.qq.com/x",
        "https://qyapi.weixin.qq.com\r\nHost: evil.example/",
        "https://qyapi。weixin.qq.com/x",
        "https:///x",
        "https://qyapi.weixin.qq.com:port/x",
        "",
    ],
)
def test_only_the_makers_hosts_are_spoken_to(address, settings):
    settings.ROBOT_HOSTS = []
    with pytest.raises(http.NotAllowed):
        http.check(address, robots.hosts())
    robot = SimpleNamespace(pk=1, kind="wecom", webhook=address, secret="")
    assert isinstance(robots.send(robot, "x"), Refused)


def test_the_makers_hosts_are_allowed(settings):
    for address in (
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
        "https://oapi.dingtalk.com/robot/send?access_token=1",
        "https://open.feishu.cn/open-apis/bot/v2/hook/1",
        "HTTPS://OPEN.FEISHU.CN/open-apis/bot/v2/hook/1",
    ):
        http.check(address, robots.hosts())


def test_twenty_in_any_minute_and_not_one_more():
    waits = [pace.wait("test", limit=20, now=1000.0 + number) for number in range(25)]
    assert waits[:20] == [0] * 20
    assert waits[20:] == [40, 39, 38, 37, 36]
    assert pace.wait("test", limit=20, now=1060.0) == 0  # the first one is a minute old
    assert pace.wait("test", limit=20, now=1060.5) == pytest.approx(0.5)
    assert pace.wait("another", limit=20, now=1000.0) == 0


def test_the_twenty_first_post_waits_and_is_not_lost(robot, stand_in):
    outcomes = [robots.send(robot, str(number), now=lambda: 1000.0) for number in range(21)]
    assert outcomes[:20] == [Sent()] * 20
    assert outcomes[20].wait.total_seconds() == 60
    assert not outcomes[20].counts
    assert len(stand_in.taken) == 20


def test_without_valkey_a_robot_waits(robot, stand_in, monkeypatch):
    def gone():
        raise pace.redis.ConnectionError

    monkeypatch.setattr(pace, "_server", lambda: SimpleNamespace(eval=lambda *args: gone()))
    assert isinstance(robots.send(robot, "x"), NotSent)
    assert not stand_in.taken


@pytest.mark.clause("SEC-06")
def test_a_group_reads_the_name_and_a_link_and_no_number(world, stand_in, settings):
    settings.SITE_URL = "https://crm.example"
    GroupRobot.objects.create(kind="wecom", name="东城群", webhook=stand_in.address("wecom"), branch=world.east)
    with translation.override("en"):
        notify(
            kind="test.group", recipients=[world.owner, world.manager], at=NOON, dedupe="x", subject=world.ours,
            branch=world.east, url_name="customers:record", params={"customer": f"{world.ours.name} 139 1002 0001"},
        )  # fmt: skip
    outbox.plan(at=NOON)
    assert delivery.deliver(RobotCourier(), now=lambda: NOON) == 1
    [taken] = stand_in.taken
    assert world.ours.name in shown(taken)
    assert f"https://crm.example/customers/{world.ours.pk}/" in shown(taken)
    assert "139" not in shown(taken).replace(str(world.ours.pk), "")
    assert Delivery.objects.get().state == "sent"


def test_a_cut_line_waits_for_the_administrator(world, stand_in):
    GroupRobot.objects.create(kind="feishu", name="东城群", webhook=stand_in.address("feishu"), branch=world.east)
    notify(kind="test.group", recipients=[world.owner], at=NOON, dedupe="x", branch=world.east, params={})
    outbox.plan(at=NOON)
    stand_in.behave("reset")
    delivery.deliver(RobotCourier(), now=lambda: NOON)
    assert Delivery.objects.get().state == "possibly_sent"
    delivery.deliver(RobotCourier(), now=lambda: NOON)
    assert len(stand_in.taken) == 1


def test_a_robot_switched_off_posts_nothing(world, stand_in):
    robot = GroupRobot.objects.create(kind="wecom", name="群", webhook=stand_in.address("wecom"), branch=world.east)
    notify(kind="test.group", recipients=[world.owner], at=NOON, dedupe="x", branch=world.east, params={})
    outbox.plan(at=NOON)
    GroupRobot.objects.filter(pk=robot.pk).update(active=False)
    delivery.deliver(RobotCourier(), now=lambda: NOON)
    assert Delivery.objects.get().state == "dead"
    assert not stand_in.taken


def test_stand_in_refuses_a_wrong_signature():
    """The stand-in itself is strict; otherwise the tests above would prove nothing."""
    server = StandIn(secret="right")
    try:
        assert not server.signed_dingtalk({"timestamp": "1", "sign": "x"})
        assert not server.signed_feishu({"timestamp": "1", "sign": "x"})
    finally:
        server.close()
