"""What every request passes through, beside Django's own."""

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from . import readiness


def health(get_response):
    """Answers /healthz and /readyz before sessions, hosts and sign-in are asked about. Monitors need neither."""

    def middleware(request):
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path == "/readyz":
            problems = readiness.problems()
            text = "".join(f"{problem}\n" for problem in problems) or "ready\n"
            return HttpResponse(text, status=503 if problems else 200, content_type="text/plain")
        return get_response(request)

    return middleware


def language(get_response):
    """Chinese, unless the reader has chosen another language here. The browser's own preference is not asked."""

    def middleware(request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        code = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response

    return middleware


def private_pages(get_response):
    """No page with company data stays in a cache: Back after signing out shows nothing (ux 39)."""

    def middleware(request):
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware
