"""What is asked several times within one web request and answered once. Outside of requests it is asked each time."""

import threading

from django.core.signals import request_finished, request_started

_here = threading.local()


def _begin(**_kwargs):
    _here.answers = {}


def _end(**_kwargs):
    _here.answers = None


request_started.connect(_begin, dispatch_uid="staff.once.begin")
request_finished.connect(_end, dispatch_uid="staff.once.end")


def once(question, ask):
    """The answer of `ask()` to a question, which is any key, for the rest of the request."""
    answers = getattr(_here, "answers", None)
    if answers is None:
        return ask()
    if question not in answers:
        answers[question] = ask()
    return answers[question]


def forget(question):
    """Ask this question anew, for whoever has just changed the answer."""
    (getattr(_here, "answers", None) or {}).pop(question, None)
