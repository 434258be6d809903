"""Gives every request an id and every change made in it a person. Source: SEC-05."""

import logging
import threading
import uuid

import pghistory

_here = threading.local()


class RequestIdFilter(logging.Filter):
    """Puts the id of the request in hand on each log line, `-` outside requests."""

    def filter(self, record):
        record.request_id = getattr(_here, "request_id", "-")
        return True


def request_context(get_response):
    """Adds the request id to history, log lines and the answer; on writing requests also the person."""

    def middleware(request):
        request.request_id = _here.request_id = uuid.uuid4().hex
        try:
            if request.method in ("GET", "HEAD", "OPTIONS"):
                response = get_response(request)
            else:
                # Asking for the user costs a query, so reading requests do without: they change nothing.
                with pghistory.context(person=request.user.pk, request=request.request_id):
                    response = get_response(request)
        finally:
            del _here.request_id
        response["X-Request-ID"] = request.request_id
        return response

    return middleware
