"""Group robots of WeCom 企业微信, DingTalk 钉钉 and Feishu 飞书, by the protocols their makers document.

All three answer HTTP 200 to what they refuse: only an error code of 0 means that the post is in the group.
"""

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote_plus

from django.conf import settings
from django.utils.translation import gettext as _

from . import http, pace
from .outcomes import NotSent, PossiblySent, Refused, Sent

PER_MINUTE = 20  # posts per robot: the limit of WeCom and DingTalk
BUSY = timedelta(minutes=1)
HOSTS = ("https://qyapi.weixin.qq.com", "https://oapi.dingtalk.com", "https://open.feishu.cn")


@dataclass(frozen=True)
class Protocol:
    """How one program is spoken to. `request(robot, text, now)` gives (address, JSON); `now` in seconds."""

    request: object
    code: tuple  # names of the error code in the answer
    text: tuple  # names of its explanation
    busy: frozenset  # codes that mean: too fast
    again: frozenset  # codes that mean: our fault is passing


def _hmac(key, text):
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _wecom(robot, text, _now):
    return robot.webhook, {"msgtype": "text", "text": {"content": text}}


def _dingtalk(robot, text, now):
    address = robot.webhook
    if robot.secret:
        timestamp = str(round(now * 1000))
        sign = quote_plus(_hmac(robot.secret, f"{timestamp}\n{robot.secret}"))
        address += f"{'&' if '?' in address else '?'}timestamp={timestamp}&sign={sign}"
    return address, {"msgtype": "text", "text": {"content": text}}


def _feishu(robot, text, now):
    payload = {"msg_type": "text", "content": {"text": text}}
    if robot.secret:
        timestamp = str(int(now))
        # The signed text is empty and the key is what others would sign: so it is documented.
        payload |= {"timestamp": timestamp, "sign": _hmac(f"{timestamp}\n{robot.secret}", "")}
    return robot.webhook, payload


PROTOCOLS = {
    "wecom": Protocol(_wecom, ("errcode",), ("errmsg",), frozenset({45009, 45033}), frozenset({-1})),
    "dingtalk": Protocol(_dingtalk, ("errcode",), ("errmsg",), frozenset({130101, 90018, 90030}), frozenset({-1})),
    "feishu": Protocol(
        _feishu, ("code", "StatusCode"), ("msg", "StatusMessage"), frozenset({11232, 99991400}), frozenset({-1})
    ),
}


def hosts():
    """Origins that robots may have: the makers' own and those of the setting ROBOT_HOSTS."""
    return {*HOSTS, *settings.ROBOT_HOSTS}


def send(robot, text, *, now=time.time):
    """Post a text as a robot. Returns an Outcome."""
    protocol = PROTOCOLS[robot.kind]
    wait = pace.wait(f"robot:{robot.pk}", limit=PER_MINUTE, now=now())
    if wait:
        return NotSent(_("The robot has posted %(count)s times in a minute.") % {"count": PER_MINUTE},
                       wait=timedelta(seconds=wait), counts=False, line_down=True)  # fmt: skip
    address, payload = protocol.request(robot, text, now())
    try:
        status, answer = http.post_json(address, payload, allowed=hosts())
    except http.NotAllowed:
        return Refused(_("The robot's address is not one of WeCom, DingTalk or Feishu."))
    except http.NotReached as error:
        return NotSent(str(error), line_down=True)
    except http.NoAnswer as error:
        return PossiblySent(str(error))
    return _judge(protocol, status, answer)


def _judge(protocol, status, answer):
    code = next((answer[name] for name in protocol.code if name in answer), None)
    words = next((str(answer[name]) for name in protocol.text if name in answer), "")
    if status == 200 and code == 0:
        return Sent()
    reason = f"HTTP {status}, {code}: {words}"[:300]
    if status == 429 or code in protocol.busy:
        return NotSent(reason, wait=BUSY, counts=False, line_down=True)
    if status == 200 and code is None:
        return PossiblySent(reason)  # an answer nobody documents says neither yes nor no
    if status >= 500 or code in protocol.again:
        return NotSent(reason)
    return Refused(reason)
