"""Under which names Keke answers, when nobody has said (ALLOWED_HOSTS)."""

import socket

import pytest

from crm_site.runner import hosts, up

HERE = ["localhost", "127.0.0.1", "[::1]"]


def test_the_address_it_listens_on_and_this_machine_itself():
    assert hosts.host_names("127.0.0.1") == HERE
    assert hosts.host_names("Crm.Example") == [*HERE, "crm.example"]
    assert hosts.host_names("fd00::7") == [*HERE, "[fd00::7]"]


@pytest.mark.parametrize("everywhere", ["0.0.0.0", "::"])  # noqa: S104
def test_everywhere_means_the_names_and_addresses_of_this_machine(monkeypatch, everywhere):
    monkeypatch.setattr(socket, "gethostname", lambda: "Office-7")
    monkeypatch.setattr(hosts, "own_addresses", lambda: ["10.0.0.7", "fd00::7"])
    assert hosts.host_names(everywhere) == [*HERE, "office-7", "10.0.0.7", "[fd00::7]"]


def test_a_machine_without_network_has_no_addresses_and_no_trouble(monkeypatch):
    def refuse(*_arguments, **_more):
        raise OSError("no network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "socket", refuse)
    assert hosts.own_addresses() == []


@pytest.mark.parametrize(
    ("given", "used"), [(None, "localhost,127.0.0.1,[::1],10.0.0.7"), ("crm.example", "crm.example")]
)
def test_what_was_given_is_used(monkeypatch, given, used, data):
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    if given:
        monkeypatch.setenv("ALLOWED_HOSTS", given)
    assert up.surroundings(data, {}, up.parse(["--host", "10.0.0.7"]))["ALLOWED_HOSTS"] == used
