"""`manage.py test`: what it runs, what it leaves out, and the ledger of clauses."""

import json

import pytest

from crm_site.runner import browser, checks, clauses
from crm_site.runner.console import Problem
from crm_site.runner.data import DataFolder

from .conftest import manage

FULL = ["ruff check", "ruff format", "import contract", "migrations", "translations", "tests"]


def names(*arguments):
    return [name for name, _command in checks.steps(checks.parse(arguments))]


def pytest_gets(*arguments):
    return checks.pytest_arguments(checks.parse(arguments))


def test_without_a_selection_everything_runs():
    assert names() == names("--no-browser") == names("-x", "-q") == FULL


@pytest.mark.parametrize("selection", [["manage.py"], ["tests/runner"], ["-k", "phone"], ["-m", "browser"], ["--lf"]])
def test_a_selection_runs_only_pytest(selection):
    assert names(*selection) == ["tests"]


def test_arguments_reach_pytest_and_both_cores_are_used():
    assert pytest_gets("-x", "--pdb") == ["-n", "3", "--dist", "loadscope", "--no-loadscope-reorder", "-x", "--pdb"]
    assert pytest_gets("-n", "0") == ["-n", "0"]
    assert pytest_gets("tests/runner/test_checks.py::test_x") == ["tests/runner/test_checks.py::test_x"]


def test_leaving_out_the_browser_is_said_and_goes_with_other_marks():
    assert pytest_gets("--no-browser", "-n0")[:2] == ["-m", "not browser"]
    assert pytest_gets("--no-browser", "-m", "slow", "-n0")[:2] == ["-m", "(slow) and not browser"]
    assert "LEFT OUT" in checks.summary([("tests", 0, 1.0)], checks.parse(["--no-browser"]))


def test_the_code_of_the_first_failure_is_ours_and_all_steps_run(folder, monkeypatch, capfd):
    python = checks.sys.executable
    steps = [(str(code), [python, "-c", f"raise SystemExit({code})"]) for code in (0, 3, 4)]
    monkeypatch.setattr(checks, "steps", lambda options: steps)
    monkeypatch.setattr(checks, "servers", lambda stack, data: {})
    assert checks.run(checks.parse(["--no-browser", "--data", str(folder)])) == 3
    assert "0 ok (0 s) · 3 FAILED (0 s) · 4 FAILED" in capfd.readouterr().out


def test_two_test_runs_on_the_same_servers_get_a_sentence(data):
    data.lock()
    with pytest.raises(Problem, match="Another test run"):
        checks.run(checks.parse(["--no-browser", "--data", str(data)]))


@pytest.fixture
def nothing_given(monkeypatch):
    """This suite itself runs with given servers."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)


def run_checks(data, monkeypatch):
    """`manage.py test --data ...` with nothing to do on its servers."""
    monkeypatch.setattr(checks, "steps", lambda options: [])
    return checks.run(checks.parse(["--no-browser", "--data", str(data)]))


def test_damaged_test_data_are_made_anew_and_stay_marked(folder, monkeypatch, nothing_given):
    data = DataFolder(folder)
    checks.claim(data)
    data.postgres.mkdir()
    (folder / "rest").touch()
    assert run_checks(folder, monkeypatch) == 0
    assert not (folder / "rest").exists()
    assert (data.postgres / "PG_VERSION").exists()
    checks.claim(data)


@pytest.mark.parametrize("mode", ["demo", "plain"])
def test_the_data_of_a_started_keke_are_refused(data, monkeypatch, mode):
    data.remember_mode(mode)
    for _marked in range(2):
        with pytest.raises(Problem, match=r"holds something else than data of tests.*--data DIR\.$"):
            run_checks(data, monkeypatch)
        (data.root / checks.THROWAWAY).touch()  # whoever started Keke on data of tests has real data now
    assert not data.postgres.exists()


def test_any_other_folder_with_something_in_it_is_refused_and_left_as_it_is(folder, monkeypatch):
    folder.mkdir()
    (folder / "letter.txt").touch()
    with pytest.raises(Problem, match="holds something else"):
        run_checks(folder, monkeypatch)
    assert [path.name for path in folder.iterdir()] == ["letter.txt"]


def test_a_damaged_folder_that_was_never_marked_is_not_removed(data, nothing_given):
    data.postgres.mkdir()
    with checks.ExitStack() as stack, pytest.raises(Problem, match=r"is damaged: remove it, then start again\.$"):
        checks.servers(stack, data)
    assert data.postgres.exists()


def test_the_default_folder_is_always_that_of_tests(data, monkeypatch):
    monkeypatch.setattr(checks, "DEFAULT_DATA", data.root)
    checks.claim(data)
    assert (data.root / checks.THROWAWAY).exists()


def test_a_missing_browser_gets_a_sentence_where_it_cannot_be_installed(monkeypatch):
    monkeypatch.delenv("KEKE_CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "find", lambda: None)
    monkeypatch.setattr(browser.os, "geteuid", lambda: 1000)
    with pytest.raises(Problem, match=r"apt-get install chromium fonts-wqy-microhei\).*--no-browser"):
        browser.ensure()


def test_a_missing_browser_is_installed_where_it_can_be(monkeypatch):
    monkeypatch.delenv("KEKE_CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "find", iter([None, "/usr/bin/chromium"]).__next__)
    monkeypatch.setattr(browser.os, "geteuid", lambda: 0)
    monkeypatch.setattr(browser.shutil, "which", lambda name: name)
    asked = []
    monkeypatch.setattr(browser, "apt_get", lambda *arguments: asked.append(arguments))
    assert browser.ensure() == "/usr/bin/chromium"
    assert [first for first, *_rest in asked] == ["update", "install"]


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    (tmp_path / "clauses.json").write_text(json.dumps([{"id": "AUD-05"}, {"id": "REC-01"}, {"id": "VIS-03"}]))
    (tmp_path / "tests").mkdir()
    monkeypatch.setattr(clauses, "LEDGER", tmp_path / "clauses.json")
    monkeypatch.setattr(clauses, "ROOT", tmp_path)
    return tmp_path / "tests" / "test_some.py"


def test_the_ledger_shows_each_clause_with_its_tests(ledger, capsys):
    ledger.write_text(
        "@pytest.mark.clause('AUD-05', 'REC-01')\ndef test_one(): ...\n"
        "@pytest.mark.clause('AUD-05')\nclass TestTwo:\n    @pytest.mark.clause('REC-01')\n    def test_in(self): ...\n"
    )
    assert clauses.report() == 0
    out = capsys.readouterr().out
    assert "AUD-05\n    tests/test_some.py::test_one\n    tests/test_some.py::TestTwo\n" in out
    assert "REC-01\n    tests/test_some.py::test_one\n    tests/test_some.py::TestTwo::test_in\n" in out
    assert "VIS-03\n2 of 3 clauses have tests\n" in out


def test_a_clause_that_the_ledger_does_not_have_fails(ledger, capsys):
    ledger.write_text("pytestmark = pytest.mark.clause('AUD-99')\n")
    assert clauses.report() == 1
    assert "not in the ledger: AUD-99" in capsys.readouterr().out


def test_the_real_ledger_is_printed_without_any_server(folder):
    shown = manage("test", "--clauses", KEKE_DATA=str(folder))
    assert shown.returncode == 0, shown.stdout
    assert "REC-01" in shown.stdout
    assert not folder.exists()
