from django.urls import path

from . import views

app_name = "journal"
urlpatterns = [
    path("timeline/<str:label>/<int:pk>/", views.timeline_panel, name="timeline"),
]
