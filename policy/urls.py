from django.urls import path

from .views import calendar, clauses, clocks, handbook, rules

app_name = "policy"
urlpatterns = [
    path("clauses/<slug:pk>/", clauses.clause, name="clause"),
    path("rules/", rules.rules, name="rules"),
    path("rules/<str:key>/", rules.rule, name="rule"),
    path("handbook/", handbook.handbook, name="handbook"),
    path("handbook/confirm/", handbook.confirm, name="handbook_confirm"),
    path("handbook/readers/", handbook.readers, name="handbook_readers"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/load/", calendar.load, name="calendar_load"),
    path("calendar/confirm/", calendar.confirm, name="calendar_confirm"),
    path("calendar/own/new/", calendar.own_day, name="own_day"),
    path("calendar/own/<int:pk>/remove/", calendar.own_day_remove, name="own_day_remove"),
    path("clocks/", clocks.clocks, name="clocks"),
    path("clocks/<int:pk>/", clocks.clock, name="clock"),
    path("clocks/<int:pk>/waive/", clocks.waive, name="clock_waive"),
]
