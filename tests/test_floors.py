"""The floors are a contract for tables too: every foreign key points down the list, or stays on its floor.

The import linter sees imports; a foreign key by name escapes it.
"""

import ast
from pathlib import Path

from django.apps import apps
from django.conf import settings

FLOORS = [
    "audits",
    "surveys",
    "complaints",
    "lifecycle",
    "visits",
    "customers",
    "policy",
    "journal",
    "staff",
]  # top first
TOP = "crm_site"


def our_models():
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in FLOORS]


def pointers(model):
    """(column, model pointed at) of every foreign key and many-to-many relation that the model declares."""
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    return [(field, field.related_model) for field in fields if field.related_model]


def test_every_foreign_key_points_down_the_floors():
    for model in our_models():
        for field, other in pointers(model):
            here, there = model._meta.app_label, other._meta.app_label
            assert there in FLOORS, f"{field}: to {there}, which is no floor of ours"
            assert FLOORS.index(there) >= FLOORS.index(here), f"{field}: from {here} up to {there}"


def test_every_installed_app_of_ours_is_a_floor():
    root = Path(settings.BASE_DIR)
    ours = {app.label for app in apps.get_app_configs() if Path(app.path).parent == root}
    assert ours <= {*FLOORS, TOP}
    assert not list(apps.get_app_config(TOP).get_models()), "the top floor keeps no rows: nobody could point at them"


def test_migrations_depend_downwards_only():
    """A table that is made before the floor above it can be made without it."""
    for label in FLOORS:
        for path in Path(settings.BASE_DIR, label, "migrations").glob("0*.py"):
            for there in dependencies(path):
                if there in FLOORS:
                    assert FLOORS.index(there) >= FLOORS.index(label), f"{path.name} of {label} depends on {there}"
                assert there != TOP


def dependencies(path):
    """App labels in the `dependencies` of a migration."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "dependencies":
            for entry in node.value.elts:
                if isinstance(entry, ast.Tuple):
                    yield entry.elts[0].value


def imported_modules(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module


def test_the_top_floor_is_imported_by_no_floor():
    for label in FLOORS:
        for path in Path(settings.BASE_DIR, label).rglob("*.py"):
            for module in imported_modules(path):
                assert module.split(".")[0] != TOP, f"{path} imports {module}"
