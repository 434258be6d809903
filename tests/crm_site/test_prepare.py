import os
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command

from crm_site import demo
from crm_site.management.commands.prepare import FINGERPRINT, static_fingerprint
from staff.models import Company, Person

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
PLAIN_STORAGE = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "page.css").write_text("body {}")
    settings.STORAGES = PLAIN_STORAGE
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [tmp_path / "assets"]
    settings.STATIC_ROOT = tmp_path / "static"
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    _forget_finders()
    yield tmp_path
    _forget_finders()


def _forget_finders():
    finders.get_finder.cache_clear()


def prepare(*arguments):
    out = StringIO()
    call_command("prepare", *arguments, stdout=out)
    return out.getvalue().splitlines()


def link(lines):
    assert lines[-1].startswith("» First administrator: open ")
    return lines[-1].removeprefix("» First administrator: open ")


@pytest.mark.clause("SEC-02")
def test_without_demo_it_prints_a_link_by_which_the_first_administrator_comes_in(client):
    address = link(prepare("--no-demo"))
    person = Person.objects.get()
    assert [position.code for position in person.current_positions] == ["administrator"]
    assert not person.has_usable_password()
    words = {
        "company_name": "远山图文",
        "name": "李敏",
        "new_password1": "sunny-hill-29",
        "new_password2": "sunny-hill-29",
    }
    assert client.post(address, words).status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)
    assert Company.objects.get().name == "远山图文"


def test_a_link_not_used_yet_is_printed_anew_each_time_and_for_one_person_only(client):
    link(prepare("--no-demo"))
    assert client.get(link(prepare("--no-demo"))).status_code == 200
    assert Person.objects.count() == 1


def test_a_used_link_is_not_printed_again(client):
    link(prepare("--no-demo"))
    person = Person.objects.get()
    person.set_password("sunny-hill-29")
    person.save()
    Company.objects.create(name="远山图文")
    assert not [line for line in prepare("--no-demo") if line.startswith("»")]


def test_link_is_absolute_where_the_address_is_known(monkeypatch):
    monkeypatch.setenv("SITE_URL", "http://127.0.0.1:8123/")
    assert link(prepare("--no-demo")).startswith("http://127.0.0.1:8123/welcome/")


def test_with_demo_the_last_line_says_who_signs_in_how():
    lines = prepare("--demo")
    assert any("2000 of 2000" in line for line in lines)
    assert lines[-1].startswith(f"» Demo sign-ins (password {demo.PASSWORD}): K0101 customer-service clerk, ")
    assert prepare("--demo") == lines[-1:], "the second time nothing is left to do"


def test_no_demo_company_and_no_sign_ins_among_real_people():
    Person.objects.create_user("S1", name="李敏")
    assert not [line for line in prepare("--demo") if "emo" in line]


def test_the_mode_is_that_of_the_settings_unless_said(settings):
    settings.DEMO = False
    assert link(prepare())


def test_static_files_are_collected_once_and_again_when_one_changed(own_folders):
    assert any(line.startswith("Static files") for line in prepare("--no-demo"))
    assert (own_folders / "static" / "page.css").exists()
    assert not any(line.startswith("Static files") for line in prepare("--no-demo"))
    sheet = own_folders / "assets" / "page.css"
    sheet.write_text("body { color: red }")
    os.utime(sheet, ns=(1, 1))
    assert any(line.startswith("Static files") for line in prepare("--no-demo"))
    assert (own_folders / "static" / "page.css").read_text() == sheet.read_text()


def test_static_files_whose_collection_was_cut_short_are_collected_again(own_folders):
    prepare("--no-demo")
    Path(own_folders / "static" / FINGERPRINT).unlink()
    assert any(line.startswith("Static files") for line in prepare("--no-demo"))


def test_fingerprint_notices_a_touched_file(own_folders):
    before = static_fingerprint()
    os.utime(own_folders / "assets" / "page.css", ns=(1, 1))
    assert static_fingerprint() != before


def test_translations_that_cannot_be_written_get_a_sentence(settings, own_folders):
    """A full or read-only disk is a plain OSError, as here a file where a folder should be."""
    (own_folders / "file").touch()
    settings.LOCALE_PATHS = [own_folders / "file" / "locale"]
    with pytest.raises(CommandError, match=r"cannot write /.*file.* \(Not a directory\): .* KEKE_DATA\.$"):
        prepare("--no-demo")
