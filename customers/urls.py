from django.urls import path

from .views import cards, codes, family, listing, papers, record, register, tips

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
    path("tips/", tips.tips, name="tips"),
    path("tips/new/", tips.tip_new, name="tip_new"),
    path("tips/find/", tips.tip_find, name="tip_find"),
    path("tips/<int:pk>/", tips.tip, name="tip"),
    path("notes/<int:pk>/edit/", papers.note_edit, name="note_edit"),
    path("files/<int:pk>/", papers.file, name="file"),
    path("files/<int:pk>/remove/", papers.file_remove, name="file_remove"),
    path("<int:pk>/notes/", papers.papers, name="papers"),
    path("<int:pk>/notes/new/", papers.note_new, name="note_new"),
    path("<int:pk>/files/new/", papers.file_new, name="file_new"),
    path("<int:pk>/cards/", cards.cards, name="cards"),
    path("<int:pk>/parent/", family.parent, name="parent"),
    path("<int:pk>/parent/find/", family.parent_find, name="parent_find"),
    path("<int:pk>/", record.record, name="record"),
    path("<int:pk>/reveal/", record.reveal, name="reveal"),
    path("<int:pk>/owner/", record.owner, name="owner"),
    path("<int:pk>/<slug:block>/", record.block, name="block"),
    path("<int:pk>/<slug:block>/edit/", record.edit_block, name="edit_block"),
]
