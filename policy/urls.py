from django.urls import path

from . import views

app_name = "policy"
urlpatterns = [
    path("clauses/<slug:pk>/", views.clause, name="clause"),
]
