import os

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from crm_site import translations

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
_("Save %(name)s")
ngettext("%(n)d row", "%(n)d rows", 3)
pgettext_lazy("month", "May")
_("Save %(name)s")
"""
TEMPLATE = """{% load i18n %}
  <p>{% translate "Open" %}</p>
    {% blocktranslate count n=rows|length %}{{ n }} row found{% plural %}{{ n }} rows found{% endblocktranslate %}
 <p title='{% translate "It's late" %}'>{{ _("Close") }} {# not translated #}</p>
"""


@pytest.fixture
def project(settings, tmp_path):
    """A project of two files with one catalogue."""
    (tmp_path / "shop" / "templates").mkdir(parents=True)
    (tmp_path / "tests").mkdir()
    (tmp_path / "shop" / "views.py").write_text(PYTHON)
    (tmp_path / "shop" / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "tests" / "test_views.py").write_text('_("only in a test")')
    settings.BASE_DIR, settings.LOCALE_PATHS = tmp_path, [tmp_path / "data" / "locale"]
    return tmp_path


@pytest.fixture
def catalogue(project):
    list(translations.collect())
    return project / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def write(catalogue, text, translated):
    """Put a translation behind a message that has none."""
    old = catalogue.read_text()
    new = old.replace(f'{text}"\nmsgstr ""', f'{text}"\nmsgstr "{translated}"')
    new = new.replace(f'{text}"\nmsgstr[0] ""', f'{text}"\nmsgstr[0] "{translated}"')
    assert new != old
    catalogue.write_text(new)


def complete(catalogue):
    for text, translated in {
        "Save %(name)s": "保存%(name)s", "%(n)d rows": "%(n)d 行", "May": "五月", "Open": "打开", "Close": "关闭",
        "%(n)s rows found": "找到 %(n)s 行", "It's late": "晚了",
    }.items():  # fmt: skip
        write(catalogue, text, translated)


def test_the_program_is_translated_completely():
    assert translations.problems() == []


def test_messages_of_python_and_templates_are_found_with_the_files_that_use_them(project):
    assert translations.messages() == {
        (None, "Save %(name)s"): ["shop/views.py"],
        (None, ("%(n)d row", "%(n)d rows")): ["shop/views.py"],
        ("month", "May"): ["shop/views.py"],
        (None, "Open"): ["shop/templates/page.html"],
        (None, ("%(n)s row found", "%(n)s rows found")): ["shop/templates/page.html"],
        (None, "It's late"): ["shop/templates/page.html"],
        (None, "Close"): ["shop/templates/page.html"],
    }


def test_a_message_said_with_and_without_a_number_is_one_entry(project):
    (project / "shop" / "more.py").write_text('_("%(n)d row")')
    found = translations.messages()
    assert (None, "%(n)d row") not in found
    assert found[None, ("%(n)d row", "%(n)d rows")] == ["shop/more.py", "shop/views.py"]


def test_collecting_keeps_translations_adds_new_messages_and_drops_unused_ones(project, catalogue):
    complete(catalogue)
    (project / "shop" / "views.py").write_text(PYTHON.replace('"month", "May"', '"month", "June"'))
    assert [result[1:] for result in translations.collect()] == [(1, 1)]
    text = catalogue.read_text()
    assert "保存%(name)s" in text
    assert "五月" not in text
    assert "June" in text
    assert "fuzzy" not in text


def test_collecting_again_changes_no_byte(catalogue):
    complete(catalogue)
    before = catalogue.read_bytes()
    list(translations.collect())
    assert catalogue.read_bytes() == before
    assert b"Date" not in before
    assert b"views.py\n" in before


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda text: text.replace("保存%(name)s", ""), "not translated: “Save %(name)s” (shop/views.py)"),
        (lambda text: text.replace("保存%(name)s", "保存%(nmae)s"), "placeholders differ in “Save %(name)s”"),
        (lambda text: text.replace("%(n)d 行", "几行"), "placeholders differ in “%(n)d row”"),
        (lambda text: text + '\nmsgid "Gone"\nmsgstr "没了"\n', "no longer used: “Gone”"),
        (lambda text: text.replace('msgctxt "month"', '#, fuzzy\nmsgctxt "month"'), "uncertain (fuzzy): “May” [month]"),
        (lambda text: text.replace('msgid "Close"', 'msgid "Shut"'), "missing: “Close”"),
    ],
)
def test_what_is_wrong_is_named(catalogue, spoil, says):
    complete(catalogue)
    assert translations.problems() == []
    catalogue.write_text(spoil(catalogue.read_text()))
    assert any(says in problem for problem in translations.problems())


def test_the_command_fails_with_the_list(catalogue):
    with pytest.raises(CommandError, match="not translated: “Open”"):
        call_command("check_translations")


@pytest.fixture
def compiled(project):
    return project / "data" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"


def test_compiled_catalogues_follow_the_text_and_are_left_alone_when_fresh(catalogue, compiled):
    complete(catalogue)
    assert list(translations.compile_changed()) == [compiled]
    assert list(translations.compile_changed()) == []
    entries = translation.trans_real.gettext_module.GNUTranslations(compiled.open("rb"))
    assert entries.gettext("Open") == "打开"
    assert entries.ngettext("%(n)d row", "%(n)d rows", 1) == "%(n)d 行"
    assert entries.pgettext("month", "May") == "五月"


def test_nothing_is_compiled_into_the_project_itself(project, catalogue):
    before = set((project / "locale").rglob("*"))
    list(translations.compile_changed())
    assert set((project / "locale").rglob("*")) == before


def test_a_release_whose_files_bear_older_dates_is_compiled_all_the_same(catalogue, compiled):
    list(translations.compile_changed())
    complete(catalogue)
    os.utime(catalogue, ns=(1, 1))
    assert list(translations.compile_changed()) == [compiled]
