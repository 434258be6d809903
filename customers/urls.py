from django.urls import path

from .views import books, codes, desk, listing, record, register

app_name = "customers"
urlpatterns = [
    path("", listing.customers, name="list"),
    path("search/", listing.find, name="search"),
    path("new/", register.register_customer, name="register"),
    path("new/check/", register.check, name="check"),
    path("desk/", desk.inbox, name="desk"),
    path("desk/<int:pk>/", register.confirm_desk_form, name="desk_confirm"),
    path("desk/<int:pk>/dismiss/", desk.dismiss, name="desk_dismiss"),
    path("desk/stand/<int:unit>/", desk.stand, name="desk_stand"),
    path("desk/stand/<int:unit>/code.svg", desk.code, name="desk_code"),
    path("desk/blank/<int:unit>/", desk.blank_form, name="desk_blank"),
    path("desk/books/", books.books, name="books"),
    path("desk/books/new/", books.book_new, name="book_new"),
    path("desk/books/<int:pk>/", books.book, name="book"),
    path("desk/books/<int:pk>/print/", books.book_print, name="book_print"),
    path("desk/books/<int:pk>/issue/", books.book_issue, name="book_issue"),
    path("desk/books/<int:pk>/return/", books.book_return, name="book_return"),
    path("desk/books/<int:pk>/spoil/", books.book_spoil, name="book_spoil"),
    path("desk/books/<int:pk>/spoil/<int:number>/undo/", books.book_unspoil, name="book_unspoil"),
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
