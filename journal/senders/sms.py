"""Short messages through any HTTP gateway that takes JSON: {"to", "text", "id"} with a bearer token.

The id is sent as `Idempotency-Key` too; a gateway that knows it drops a repetition. Gateways that speak differently get
a small translator of the company's in front.
"""

from django.conf import settings
from django.utils.translation import gettext as _

from . import http
from .outcomes import NotSent, PossiblySent, Refused, Sent


def send(*, to, text, key):
    """Hand one short message to the gateway. Returns an Outcome."""
    if not settings.SMS_GATEWAY_URL:
        return NotSent(_("No gateway for short messages is set up."), counts=False, line_down=True)
    headers = {"Idempotency-Key": key}
    if settings.SMS_GATEWAY_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_GATEWAY_TOKEN}"
    try:
        status, answer = http.post_json(
            settings.SMS_GATEWAY_URL, {"to": to, "text": text, "id": key},
            allowed={http.origin(settings.SMS_GATEWAY_URL)}, headers=headers,
        )  # fmt: skip
    except http.NotAllowed:
        return NotSent(_("The address of the gateway for short messages is wrong."), counts=False, line_down=True)
    except http.NotReached as error:
        return NotSent(str(error), line_down=True)
    except http.NoAnswer as error:
        return PossiblySent(str(error))
    if 200 <= status < 300 and answer.get("code", 0) == 0:
        return Sent()
    reason = f"HTTP {status} {answer.get('code', '')} {answer.get('message', '')}".strip()[:300]
    if status == 429:
        return NotSent(reason, counts=False, line_down=True)
    return NotSent(reason) if status >= 500 else Refused(reason)
