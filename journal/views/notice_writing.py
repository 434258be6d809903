"""Writing, publishing and withdrawing notices. Source: GEN-04."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from journal import notices as actions
from journal.forms.notices import NoticeForm, WithdrawForm
from journal.models import Notice
from staff import refusals
from staff.access import position_required, take_typing
from staff.verbs import Verb


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.NOTICE_WRITE)
def notice_new(request):
    form = NoticeForm(request.POST or take_typing(request), request.FILES or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            written = actions.write(**form.notice(), by=request.user, at=timezone.now())
            messages.success(request, _("The draft is saved. Nobody else sees it before you publish it."))
            return redirect("journal:notice", written.pk)
    return render(request, "journal/notice_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.NOTICE_WRITE)
def notice_edit(request, pk):
    draft = get_object_or_404(Notice.objects.editable_by(request.user), pk=pk)
    if draft.published_at:
        messages.info(request, _("It is published and stays as it is. Withdraw it and write a new one."))
        return redirect("journal:notice", pk)
    typed = request.POST or take_typing(request)
    form = NoticeForm(typed, request.FILES or None, instance=draft, person=request.user)
    if request.method == "POST" and form.is_valid():
        changes = {"version": form.cleaned_data["version"], "removed": form.cleaned_data.get("removed", ())}
        try:
            with refusals.beside_fields(form):
                actions.edit(draft, **changes, **form.notice(), by=request.user, at=timezone.now())
                messages.success(request, _("The draft is saved."))
                return redirect("journal:notice", pk)
        except actions.StaleNotice:
            form.add_error(None, _("Somebody saved this draft after you opened it. Compare before you save again."))
            return render(request, "journal/notice_form.html", {"form": form, "notice": draft}, status=409)
    return render(request, "journal/notice_form.html", {"form": form, "notice": draft})


@require_POST
@position_required(Verb.NOTICE_WRITE)
def notice_publish(request, pk):
    draft = get_object_or_404(Notice.objects.editable_by(request.user), pk=pk)
    version = request.POST.get("version", "")
    version = int(version) if version.isdecimal() and len(version) < 9 else 0
    try:
        actions.publish(draft, version=version, by=request.user, at=timezone.now())
        messages.success(request, _("Published. Everybody it is meant for is told."))
    except actions.StaleNotice:
        messages.warning(request, _("The draft was changed meanwhile. Read it once more, then publish it."))
    return redirect("journal:notice", pk)


@require_POST
@position_required(Verb.NOTICE_WRITE)
def notice_withdraw(request, pk):
    published = get_object_or_404(Notice.objects.editable_by(request.user), pk=pk)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        actions.withdraw(published, because=form.cleaned_data["because"], by=request.user, at=timezone.now())
        messages.success(request, _("Withdrawn. It stays here for you; readers do not see it any more."))
    else:
        messages.warning(request, _("Say in a few words why it is withdrawn."))
    return redirect("journal:notice", pk)
