"""The virtual environment: made from nothing but Python, only when needed, and with one sentence when it cannot be."""

import ast
import errno
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crm_site.runner import bootstrap
from crm_site.runner.console import Problem
from crm_site.runner.data import ROOT

from .conftest import clean_environment, manage

SHOW = "import sys\nfrom crm_site.runner import bootstrap\nbootstrap.ensure('requirements.txt')\nprint(sys.prefix)\n"


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A project that locks no package, so that making its environment needs no network."""
    shutil.copytree(ROOT / "crm_site" / "runner", tmp_path / "crm_site" / "runner")
    (tmp_path / "crm_site" / "__init__.py").touch()
    (tmp_path / "manage.py").write_text(SHOW)
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    (tmp_path / "requirements-test.txt").write_text("# nothing, for tests\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    return tmp_path


@pytest.fixture
def made(tree):
    """The same with an environment that looks finished."""
    (tree / ".venv" / "bin").mkdir(parents=True)
    (tree / ".venv" / "bin" / "python").symlink_to(sys.executable)
    stamp(tree, "requirements.txt")
    return tree


def stamp(tree, lock):
    (tree / ".venv" / "keke-installed.json").write_text(json.dumps({lock: bootstrap.digest(lock)}))


def start(tree, **more):
    environment = clean_environment(**more)
    del environment["KEKE_NO_VENV"]
    python = Path(sys.base_prefix) / "bin" / "python3"
    return subprocess.run([python, "manage.py"], cwd=tree, env=environment, capture_output=True, text=True, timeout=120)


def test_it_is_made_once_and_the_command_goes_on_inside_it(tree):
    first = start(tree)
    assert first.stdout.splitlines()[-1] == str(tree / ".venv"), first.stderr
    assert "making the virtual environment" in first.stdout
    assert start(tree).stdout == f"{tree / '.venv'}\n"


def test_it_is_installed_again_only_when_the_lock_changed(made):
    assert bootstrap.is_installed("requirements.txt")
    (made / "requirements.txt").write_text("# something else\n")
    assert not bootstrap.is_installed("requirements.txt")


def test_the_test_set_serves_the_run_set_but_not_the_other_way_round(made):
    assert not bootstrap.is_installed("requirements-test.txt")
    stamp(made, "requirements-test.txt")
    assert bootstrap.is_installed("requirements-test.txt")
    assert bootstrap.is_installed("requirements.txt")


def test_a_half_made_one_is_thrown_away(made, monkeypatch):
    (made / ".venv" / "keke-installing").touch()
    (made / ".venv" / "rest").touch()
    monkeypatch.setattr(bootstrap, "make_venv", lambda: (made / ".venv").mkdir())
    monkeypatch.setattr(bootstrap, "run_pip", lambda python, lock: None)
    bootstrap.install("requirements.txt")
    assert not (made / ".venv" / "rest").exists()
    assert not (made / ".venv" / "keke-installing").exists()


def test_an_installation_that_fails_is_not_taken_for_finished(made, monkeypatch):
    def fail(python, lock):
        raise Problem("no network.")

    monkeypatch.setattr(bootstrap, "run_pip", fail)
    monkeypatch.setattr(bootstrap, "has_pip", lambda python: True)
    with pytest.raises(Problem):
        bootstrap.install("requirements.txt")
    assert not bootstrap.is_installed("requirements.txt")
    assert (made / ".venv" / "keke-installing").exists()


def test_a_python_without_venv_gets_a_sentence(tree, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Problem, match="apt-get install python3-venv"):
        bootstrap.make_venv()


def test_a_variable_puts_it_elsewhere_for_a_project_that_cannot_be_written(tree):
    elsewhere = tree / "home" / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", elsewhere], check=True)  # quicker than a whole one
    (elsewhere / "keke-installed.json").write_text(
        json.dumps({"requirements.txt": bootstrap.digest("requirements.txt")})
    )
    assert start(tree, KEKE_VENV=str(elsewhere)).stdout == f"{elsewhere}\n"
    assert not (tree / ".venv").exists()


def test_a_project_that_cannot_be_written_gets_a_sentence_of_its_own(tree, monkeypatch):
    def refuse(*_arguments, **_more):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(Problem) as caught:
        bootstrap.install("requirements.txt")
    assert str(caught.value) == (
        f"Keke cannot write to {tree / '.venv'} (read-only file system): name a folder for Keke's environment in the "
        "variable KEKE_VENV, then start again."
    )


def test_a_folder_with_something_else_in_it_is_never_removed(tree, monkeypatch):
    (tree / "documents").mkdir()
    (tree / "documents" / "letter.txt").touch()
    monkeypatch.setattr(bootstrap, "VENV", tree / "documents")
    with pytest.raises(Problem, match="holds something else"):
        bootstrap.install("requirements.txt")
    assert (tree / "documents" / "letter.txt").exists()


@pytest.mark.parametrize(
    ("pip_says", "we_say"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "is full: free some",
        ),
        ("WARNING: Retrying (Retry(total=0)) ...\nERROR: No matching distribution found for x", "cannot be reached"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "its hash differs"),
        ("ERROR: Could not find a version that satisfies the requirement x==1", "no ready-made package"),
        ("noise\nERROR: something new", "ERROR: something new"),
    ],
)
def test_what_pip_says_becomes_a_sentence(pip_says, we_say):
    assert we_say in str(bootstrap.trouble(pip_says))


def test_pip_runs_against_a_registry_that_is_not_there(tree, monkeypatch):
    (tree / "requirements.txt").write_text("no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n")
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    with pytest.raises(Problem, match="cannot be reached"):
        bootstrap.run_pip(sys.executable, "requirements.txt")


def test_the_runner_needs_only_the_standard_library():
    """On a fresh machine nothing is installed yet when it starts (-S: no site-packages)."""
    modules = ", ".join(f"crm_site.runner.{name}" for name in ("cli", "up", "checks", "clauses", "bootstrap"))
    done = subprocess.run([sys.executable, "-S", "-c", f"import {modules}"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_manage_is_readable_for_old_pythons_so_that_they_get_a_sentence():
    ast.parse((ROOT / "manage.py").read_text(), feature_version=(3, 4))


def test_a_mistyped_option_gets_usage_and_no_installation():
    refused = manage("up", "--prot", "8000")
    assert refused.returncode == 2
    assert "usage: manage.py up" in refused.stderr
