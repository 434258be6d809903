from django.urls import path

from .views import codes, consents, listing, record, register

app_name = "customers"
urlpatterns = [
    path("", listing.customers, name="list"),
    path("search/", listing.find, name="search"),
    path("new/", register.register_customer, name="register"),
    path("new/check/", register.check, name="check"),
    path("codes/", codes.overview, name="codes"),
    path("codes/<slug:table>/", codes.code_list, name="code_list"),
    path("codes/<slug:table>/new/", codes.code_new, name="code_new"),
    path("codes/<slug:table>/<int:pk>/", codes.code_edit, name="code_edit"),
    path("codes/<slug:table>/<int:pk>/retire/", codes.code_retire, name="code_retire"),
    path("codes/<slug:table>/<int:pk>/restore/", codes.code_restore, name="code_restore"),
    path("<int:pk>/", record.record, name="record"),
    path("<int:pk>/reveal/", record.reveal, name="reveal"),
    path("<int:pk>/owner/", record.owner, name="owner"),
    path("<int:pk>/consents/new/", consents.consent_new, name="consent_new"),
    path("<int:pk>/consents/<int:consent>/withdraw/", consents.consent_withdraw, name="consent_withdraw"),
    path("<int:pk>/<slug:block>/", record.block, name="block"),
    path("<int:pk>/<slug:block>/edit/", record.edit_block, name="edit_block"),
]
