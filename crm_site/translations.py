"""Messages of the program and their translations: collected, checked and compiled with Babel, without gettext tools.

The source language is English; each folder under locale/ holds one catalogue of another language. Compiled they lie in
the data folder, so that the project's own may be read-only.
"""

import hashlib
import io
import os
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

_PLAIN, _PLURAL, _CONTEXT, _CONTEXT_PLURAL = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    "_": _PLAIN,
    **{f"gettext{kind}": _PLAIN for kind in ("", "_lazy", "_noop")},
    **{f"ngettext{kind}": _PLURAL for kind in ("", "_lazy")},
    **{f"pgettext{kind}": _CONTEXT for kind in ("", "_lazy")},
    **{f"npgettext{kind}": _CONTEXT_PLURAL for kind in ("", "_lazy")},
}
SOURCE = "en"
NOT_OURS = {".venv", "var", "node_modules", "tests", "migrations", "static", "locale"}
HEADER = "Translations of Keke (恪客).\nCollected by `manage.py collect_messages`; write only msgstr by hand."
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def catalogue_paths():
    """The .po file of every language but English, there or not yet."""
    others = [to_locale(code) for code, _name in settings.LANGUAGES if code != SOURCE]
    return [Path(settings.BASE_DIR) / "locale" / name / "LC_MESSAGES" / "django.po" for name in others]


def messages():
    """All messages of the program: {(context, message id or (singular, plural)): sorted paths that use it}."""
    base, found = Path(settings.BASE_DIR), {}
    for path in _sources(base):
        for _line, message, _comments, context in extract("python", _as_python(path), KEYWORDS):
            found.setdefault((context, message), set()).add(path.relative_to(base).as_posix())
    for context, message in [key for key in found if isinstance(key[1], tuple)]:
        # Said with and without a number, it is one entry of the catalogue: the one with the plural.
        found[context, message] |= found.pop((context, message[0]), set())
    return {key: sorted(paths) for key, paths in found.items()}


def _sources(base):
    """Python files and templates of the project, sorted."""
    for folder, folders, names in os.walk(base):
        folders[:] = sorted(name for name in folders if name not in NOT_OURS and not name.startswith("."))
        inside_templates = "templates" in Path(folder).relative_to(base).parts
        for name in sorted(names):
            if name.endswith(".py") or inside_templates:
                yield Path(folder) / name


def _as_python(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Indentation of HTML would be an error in Python, and means nothing in calls that stand on one line each.
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
    return io.BytesIO(text.encode())


def read(path):
    """The catalogue of a .po file; an empty one where there is no file."""
    if not path.exists():
        return Catalog(locale=path.parent.parent.name)
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def collect():
    """Write the messages of the program into every catalogue, translations kept. Yields (path, new, gone)."""
    wanted = messages()
    for path in catalogue_paths():
        old = read(path)
        known = {_key(message): message for message in old if message.id}
        fresh = Catalog(locale=old.locale, fuzzy=False)
        for (context, message), paths in sorted(wanted.items(), key=lambda item: (item[1], str(item[0]))):
            before = known.get((context, message))
            fresh.add(
                message,
                before.string if before else None,
                locations=[(used_in, None) for used_in in paths],
                flags=before.flags if before else (),
                user_comments=before.user_comments if before else (),
                context=context,
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, _po_text(fresh))
        yield path, len(wanted.keys() - known.keys()), len(known.keys() - wanted.keys())


def _key(message):
    return message.context, message.id


def _comment(text):
    return "\n".join(f"# {line}" for line in text.splitlines())


def _po_text(catalogue):
    """The file without dates and addresses, so that it changes only when a message does."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, omit_header=True, include_lineno=False)
    header = "\n".join([
        _comment(HEADER),
        'msgid ""',
        'msgstr ""',
        f'"Language: {catalogue.locale}\\n"',
        '"MIME-Version: 1.0\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
        f'"Plural-Forms: {catalogue.plural_forms}\\n"',
    ])  # fmt: skip
    return f"{header}\n\n".encode() + buffer.getvalue()


def problems():
    """Sentences about what is wrong with the catalogues, sorted by file; empty when all is well."""
    wanted = messages()
    return [
        f"{path.parent.parent.name}: {problem}" for path in catalogue_paths() for problem in _problems(path, wanted)
    ]


def _problems(path, wanted):
    known = {_key(message): message for message in read(path) if message.id}
    for key, paths in wanted.items():
        message = known.get(key)
        if message is None:
            yield f"missing: {_shown(key)} ({paths[0]})"
        elif message.fuzzy:
            yield f"uncertain (fuzzy): {_shown(key)} ({paths[0]})"
        elif not all(_strings(message)):
            yield f"not translated: {_shown(key)} ({paths[0]})"
        else:
            yield from _placeholder_problems(message)
    for key in known.keys() - wanted.keys():
        yield f"no longer used: {_shown(key)}"


def _strings(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def _placeholder_problems(message):
    """A language without plural forms translates the plural; where there are several, the first may drop the number."""
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = _strings(message)
    for number, string in enumerate(strings):
        source = ids[min(number, len(ids) - 1)] if len(strings) > 1 else ids[-1]
        expected, found = sorted(_PLACEHOLDER.findall(source)), sorted(_PLACEHOLDER.findall(string))
        if expected != found:
            yield f"placeholders differ in {_shown(_key(message))}: {expected} became {found}"


def _shown(key):
    context, message = key
    text = message[0] if isinstance(message, tuple) else message
    return f"“{text}”" + (f" [{context}]" if context else "")


def compile_changed():
    """Compile every catalogue that is not yet compiled as it is now, into LOCALE_PATHS. Yields the paths written.

    By content, not by date: the data folder, where they lie, outlives releases, whose files may bear older dates.
    """
    for source in filter(Path.exists, catalogue_paths()):
        compiled = Path(settings.LOCALE_PATHS[0]) / source.parent.relative_to(source.parents[2]) / "django.mo"
        marker, current = compiled.with_suffix(".sha256"), hashlib.sha256(source.read_bytes()).hexdigest()
        if compiled.exists() and marker.exists() and marker.read_text() == current:
            continue
        buffer = io.BytesIO()
        write_mo(buffer, read(source))
        compiled.parent.mkdir(parents=True, exist_ok=True)
        _replace(compiled, buffer.getvalue())
        _replace(marker, current.encode())
        yield compiled


def _replace(path, content):
    """Write at once: a reader sees the old file or the new one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)
