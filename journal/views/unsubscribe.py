"""The one page of ours that customers see: no more messages of this kind. Source: REC-17."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from journal import customer_messages, gates
from journal.models import CustomerMessage
from staff.access import public


@public
@csrf_exempt  # a mail program's one click brings no cookie (RFC 8058); the token in the address is the permission
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, token):
    message = get_object_or_404(CustomerMessage, token=token)
    if request.method == "POST":
        customer_messages.unsubscribe(message, at=timezone.now())
    context = {"message": message, "done": gates.unsubscribed(message.address, message.purpose)}
    return render(request, "journal/unsubscribe.html", context)
