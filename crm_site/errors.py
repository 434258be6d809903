"""Pages for what went wrong. Each says what happened and what to do next."""

from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template import loader


def bad_request(request, exception=None):
    """A request whose session ended in the middle of it goes to sign in, where the reason stands."""
    if isinstance(exception, SessionInterrupted):
        return redirect("sign_in")
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    """Rendered without context processors: the database may be what failed."""
    page = loader.render_to_string("500.html", {"error_id": getattr(request, "request_id", "")})
    return HttpResponse(page, status=500)


def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)
