from django.urls import include, path

from .views import home, preferences, sign_in

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("welcome/<str:uid>/<str:token>/", sign_in.welcome, name="welcome"),
    path("language/", preferences.language, name="language"),
    path("theme/", preferences.theme, name="theme"),
    path("customers/", include("customers.urls")),
    path("policy/", include("policy.urls")),
    path("journal/", include("journal.urls")),
    path("staff/", include("staff.urls")),
]

handler403 = "crm_site.errors.forbidden"
handler404 = "crm_site.errors.not_found"
handler500 = "crm_site.errors.server_error"
