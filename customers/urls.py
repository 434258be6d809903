from django.urls import path

from .views import checkout, codes, drafts, filing, listing, pasted, receipts, record, register

app_name = "customers"
urlpatterns = [
    path("", listing.customers, name="list"),
    path("search/", listing.find, name="search"),
    path("new/", register.register_customer, name="register"),
    path("new/check/", register.check, name="check"),
    path("new/recognise/", pasted.recognise, name="recognise"),
    path("new/draft/", drafts.save, name="draft_save"),
    path("new/draft/discard/", drafts.discard, name="draft_discard"),
    path("forms/", receipts.forms, name="forms"),
    path("forms/receive/", receipts.receive, name="receive"),
    path("forms/received/", receipts.received, name="received"),
    path("forms/<int:pk>/", receipts.receipt, name="receipt"),
    path("forms/<int:pk>/strike/", receipts.strike, name="strike"),
    path("checkout/", checkout.till, name="checkout"),
    path("checkout/checks/", checkout.checks, name="checks"),
    path("checkout/<int:pk>/", checkout.check, name="checkout_check"),
    path("standard/", filing.standard, name="standard"),
    path("standard/line/", filing.line, name="standard_line"),
    path("codes/", codes.overview, name="codes"),
    path("codes/<slug:table>/", codes.code_list, name="code_list"),
    path("codes/<slug:table>/new/", codes.code_new, name="code_new"),
    path("codes/<slug:table>/<int:pk>/", codes.code_edit, name="code_edit"),
    path("codes/<slug:table>/<int:pk>/retire/", codes.code_retire, name="code_retire"),
    path("codes/<slug:table>/<int:pk>/restore/", codes.code_restore, name="code_restore"),
    path("<int:pk>/", record.record, name="record"),
    path("<int:pk>/reveal/", record.reveal, name="reveal"),
    path("<int:pk>/owner/", record.owner, name="owner"),
    path("<int:pk>/<slug:block>/", record.block, name="block"),
    path("<int:pk>/<slug:block>/edit/", record.edit_block, name="edit_block"),
]
