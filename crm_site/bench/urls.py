"""Keke's own addresses, and the two pages that others are compared with."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from crm_site.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401
from staff.access import position_required
from staff.verbs import Verb


@position_required(Verb.CUSTOMER_VIEW)
def nothing(request):
    """What any page of ours costs before it shows a word: who asks, and whether a position of theirs opens it."""
    return HttpResponse()


@position_required(Verb.CUSTOMER_VIEW)
def floor(request):
    """The real layout around nothing."""
    return render(request, "base.html")


urlpatterns = [*urlpatterns, path("bench/nothing/", nothing), path("bench/floor/", floor)]
