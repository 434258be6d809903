from django.urls import include, path

from .views import account, account_sessions, account_two_step, desk, home, preferences, sign_in

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/second-step/", sign_in.second_step, name="second_step"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("welcome/<str:uid>/<str:token>/", sign_in.welcome, name="welcome"),
    path("language/", preferences.language, name="language"),
    path("theme/", preferences.theme, name="theme"),
    path("account/", account.account, name="account"),
    path("account/profile/", account.profile, name="account_profile"),
    path("account/password/", account.password, name="account_password"),
    path("account/sessions/", account_sessions.account_sessions, name="account_sessions"),
    path("account/sessions/end/", account_sessions.account_sessions_end, name="account_sessions_end"),
    path("account/sessions/<int:pk>/end/", account_sessions.account_session_end, name="account_session_end"),
    path("account/two-step/on/", account_two_step.account_two_step_on, name="account_two_step_on"),
    path("account/two-step/off/", account_two_step.account_two_step_off, name="account_two_step_off"),
    path("account/two-step/codes/", account_two_step.account_recovery_codes, name="account_recovery_codes"),
    path("staff/people/<int:pk>/two-step/", account_two_step.second_factor_reset, name="second_factor_reset"),
    path("desk/<int:unit>/<str:key>/", desk.desk_form, name="desk_form"),
    path("desk/<int:unit>/<str:key>/sent/", desk.desk_sent, name="desk_sent"),
    path("customers/", include("customers.urls")),
    path("policy/", include("policy.urls")),
    path("journal/", include("journal.urls")),
    path("staff/", include("staff.urls")),
]

handler400 = "crm_site.errors.bad_request"
handler403 = "crm_site.errors.forbidden"
handler404 = "crm_site.errors.not_found"
handler500 = "crm_site.errors.server_error"
