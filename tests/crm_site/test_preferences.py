"""Language and theme: Chinese first, kept in cookies of this browser, and nothing but the offered values."""

import pytest
from django.test import Client


def language_of(response):
    return response.text.split('<html lang="')[1].split('"')[0], response.headers["Content-Language"]


@pytest.mark.parametrize("accepted", ["en", "en-GB,en;q=0.9", "fr", "", "zh-TW", "x" * 5000])
def test_chinese_comes_first_whatever_the_browser_asks_for(accepted, db, client):
    assert language_of(client.get("/sign-in/", headers={"Accept-Language": accepted})) == ("zh-hans", "zh-hans")


def test_the_chosen_language_stays_and_can_be_changed_back(db, client):
    response = client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert (response.status_code, response.url) == (302, "/sign-in/")
    assert language_of(client.get("/sign-in/")) == ("en", "en")
    assert "Sign in" in client.get("/sign-in/").text
    client.post("/language/", {"language": "zh-hans"})
    assert language_of(client.get("/sign-in/")) == ("zh-hans", "zh-hans")


@pytest.mark.parametrize("value", ["", "de", "zh", "EN", "en\x00", "../en", "<script>"])
def test_another_language_is_not_kept(value, db, client):
    assert client.post("/language/", {"language": value}).status_code == 302
    assert "language" not in client.cookies


@pytest.mark.parametrize("value", ["", "blue", "Dark", 'dark"><script>', "dark\x00"])
def test_another_theme_is_not_kept(value, db, client):
    assert client.post("/theme/", {"theme": value}).status_code == 302
    assert "theme" not in client.cookies


@pytest.mark.parametrize("value", ["light", "dark", "system"])
def test_a_theme_is_on_the_page_before_any_script(value, db, client):
    client.post("/theme/", {"theme": value})
    assert f'data-theme="{value}"' in client.get("/sign-in/").text


@pytest.mark.parametrize("cookie", ["language", "theme", "rail"])
@pytest.mark.parametrize("value", ['"><script>alert(1)</script>', "de", "folded en"])
def test_a_forged_cookie_changes_nothing(cookie, value, db):
    client = Client()
    client.cookies[cookie] = value
    response = client.get("/sign-in/")
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert language_of(response) == ("zh-hans", "zh-hans")
    assert 'data-theme="system"' in response.text


@pytest.mark.parametrize("address", ["/language/", "/theme/"])
@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_way_back_stays_in_the_house(address, elsewhere, db, client):
    data = {"language": "en", "theme": "dark", "next": elsewhere}
    assert client.post(address, data, headers={"Referer": "https://evil.example/"}).url == "/"
    assert client.post(address, data | {"next": ""}, headers={"Referer": "http://testserver/customers/"}).url.endswith(
        "/customers/"
    )


def test_the_cookies_are_out_of_reach_of_scripts(db, client):
    client.post("/language/", {"language": "en"})
    client.post("/theme/", {"theme": "dark"})
    for name in ("language", "theme"):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"
