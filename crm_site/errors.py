"""Pages for what went wrong. Each says what happened and what to do next."""

from django.http import HttpResponse
from django.shortcuts import render
from django.template import loader


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
