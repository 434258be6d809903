"""Finding customers by what people remember, within the own scope, without personal data in any address."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers import search
from customers.models import Customer, OwnField

LIST = reverse("customers:list")
SEARCH = reverse("customers:search")
FORM = "application/x-www-form-urlencoded"

pytestmark = pytest.mark.clause("GEN-03")


@pytest.fixture
def book(world):
    """Names that are alike in one way and different in another."""
    return {
        "shenyang": world.customer("沈阳荣泰印刷有限公司", phone="13811110001", credit_code="91210100MA0TW1234X"),
        "latin": world.customer("ABC Printing Ltd", phone="13811110002"),
        "mixed": world.customer("重庆远山3D打印有限公司", phone="023-65521234"),
        "person": world.customer("单晓丽", kind="individual", phone="13811110004"),
        "abroad": world.customer("Müller Verlag", branch=world.abroad, by=world.accountant, phone="+49 30 1234567"),
        "theirs": world.theirs,
        "ours": world.ours,
    }


def found(person, text, book):
    rows = set(search.matching(Customer.objects.visible_to(person), text))
    return {name for name, customer in book.items() if customer in rows}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("荣泰", {"shenyang"}),
        ("印刷", {"shenyang"}),
        ("阳荣", {"shenyang"}),
        (" 荣　泰 ", set()),
        ("荣泰印刷有限公司", {"shenyang"}),
        ("有限", {"shenyang", "mixed", "ours"}),
        ("shenyang", {"shenyang"}),
        ("ShenYang", {"shenyang"}),
        ("shen yang", {"shenyang"}),
        ("syrt", {"shenyang"}),
        ("rongtai", {"shenyang"}),
        ("rt", {"shenyang"}),
        ("chongqing", {"mixed"}),
        ("ys3d", {"mixed"}),
        ("远山3D", {"mixed"}),
        ("shanxiaoli", {"person"}),
        ("sxl", {"person"}),
        ("abc", {"latin"}),
        ("ABC Print", {"latin"}),
        ("printing", {"latin"}),
        ("０００１", {"shenyang", "ours"}),
        ("0001", {"shenyang", "ours"}),
        ("13811110001", {"shenyang"}),
        ("138 1111 0001", {"shenyang"}),
        ("138-1111-0001", {"shenyang"}),
        ("+86 138 1111 0001", {"shenyang"}),
        ("65521234", {"mixed"}),
        ("023-65521234", {"mixed"}),
        ("(023) 65521234", {"mixed"}),
        ("91210100", {"shenyang"}),
        ("91210100ma0t", {"shenyang"}),
        ("9121 0100 MA0T", {"shenyang"}),
        ("西泠", set()),
        ("xiling", set()),
        ("0003", set()),
        ("13910020003", set()),
        ("没有这家", set()),
    ],
)
def test_what_people_remember_finds_the_customer(text, names, world, book):
    assert found(world.accountant, text, book) == names


@pytest.mark.parametrize("text", ["", " ", "荣", "r", "1", "''", "r'", "9-", "(1)", "\u200b荣\u200b", "\x00荣"])
def test_one_character_finds_nothing(text, world, book):
    assert found(world.people["executive"], text, book) == set()


@pytest.fixture
def ways(monkeypatch):
    """`ways(ask)`: the answer, which has to be the same whether a text counts as a common one or as a rare one."""

    def _ways(ask):
        answers = []
        for sample, common, most in ((1000, 0, 4000), (1000, 10**9, 4000), (1000, 10**9, 1), (1, 1, 1)):
            monkeypatch.setattr(search, "SAMPLE", sample)
            monkeypatch.setattr(search, "COMMON", common)
            monkeypatch.setattr(search, "MOST", most)
            answers.append(ask())
        assert all(answer == answers[0] for answer in answers)
        return answers[0]

    return _ways


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("有限公司", {"shenyang", "mixed", "ours"}),
        ("荣泰", {"shenyang"}),
        ("李娜", {"shenyang", "latin", "mixed", "person", "ours"}),
        ("门面", {"person"}),
        ("shenyang", {"shenyang"}),
        ("printing", {"latin"}),
        ("VIP shop", {"person"}),
        ("ys3d", {"mixed"}),
        ("没有这家", set()),
    ],
)
def test_a_common_text_and_a_rare_one_are_read_otherwise_and_find_the_same(text, names, world, book, ways):
    OwnField.objects.create(code="sign", label_zh="招牌", label_en="Sign", kind="text")
    Customer.objects.filter(pk=book["person"].pk).update(custom={"sign": "门面 VIP shop"})
    assert ways(lambda: found(world.accountant, text, book)) == names


@pytest.mark.clause("SEC-01")
@pytest.mark.parametrize("text", ["有限公司", "东方", "xiling", "西泠", "李娜", "没有"])
def test_neither_way_leaves_the_scope_or_the_filters(text, world, book, ways):
    rows = Customer.objects.visible_to(world.owner).filter(tier="normal").in_use()
    assert ways(lambda: set(search.matching(rows, text))) <= set(rows)
    assert ways(lambda: set(search.matching(rows.none(), text))) == set()
    assert ways(lambda: found(world.nobody, text, book) | found(world.people["call_agent"], text, book)) == set()


@pytest.mark.parametrize("sort", ["newest", "name", "updated"])
@pytest.mark.parametrize("text", ["有限公司", "李娜", "printing", "没有这家", "荣"])
def test_few_rows_are_looked_up_first_and_stand_in_the_same_order(text, sort, world, book, ways, sign_in, monkeypatch):
    client = sign_in(world.people["executive"])
    address = client.post(SEARCH, {"text": text}).url

    def listed(counted):
        monkeypatch.setattr(search, "COUNTED", counted)
        return ways(lambda: [row.pk for row in client.get(f"{address}&sort={sort}&owner=none").context["rows"]])

    assert listed(1000) == listed(-1)


def test_two_digits_are_no_end_of_a_phone(world, book):
    assert found(world.accountant, "01", book) == set()


@pytest.mark.parametrize(("text", "name"), [("Müller", "abroad"), ("müll", "abroad"), ("muller", "abroad"),
                                            ("301234567", "abroad"), ("+49 30 1234567", "abroad"),
                                            ("西泠", "theirs"), ("0003", "theirs")])  # fmt: skip
def test_who_sees_the_whole_company_finds_in_it(text, name, world, book):
    assert found(world.people["executive"], text, book) == {name}


@pytest.mark.parametrize("text", ["%%", "__", "\\\\", "100%", 'a"b', "<b>", "有_公", "{{7*7}}", "(((", "NULL"])
def test_signs_mean_themselves(text, world, book):
    assert found(world.people["executive"], text, book) == set()


def test_the_text_is_in_no_address_and_back_works(world, book, sign_in):
    client = sign_in(world.accountant)
    response = client.post(SEARCH, {"text": "138 1111 0001"})
    key = parse_qs(urlsplit(response.url).query)["q"][0]
    assert "1111" not in response.url
    assert key.isalnum()
    for _again in range(2):
        listed = client.get(response.url)
        assert [row.pk for row in listed.context["rows"]] == [book["shenyang"].pk]
    assert "138 1111 0001" in listed.text, "the reader sees what was searched for"
    for link in (listed.context["next_url"], listed.context["previous_url"]):
        assert "1111" not in link


def test_the_id_says_nothing_about_the_text(world):
    assert search.keep(world.accountant, "荣泰") == search.keep(world.accountant, " 荣泰 ")
    assert search.keep(world.accountant, "荣泰") != search.keep(world.clerk, "荣泰")


def test_another_persons_id_is_useless_and_says_so(world, book):
    key = search.keep(world.accountant, "荣泰")
    other = Client()
    other.force_login(world.clerk)
    response = other.get(LIST, {"q": key})
    assert response.context["search_expired"]
    assert "荣泰”" not in response.text
    assert search.kept(world.clerk, key) is None


@pytest.mark.parametrize("key", ["expired", "x" * 3000, "\x00", "%0A", "{{7*7}}", "荣泰 荣泰"])
def test_an_expired_or_invented_id_says_so_and_shows_the_list(key, world, sign_in):
    client = sign_in(world.accountant)
    client.cookies["language"] = "en"
    response = client.get(LIST, {"q": key})
    assert "This search has expired. Type it again." in response.text
    assert {row.pk for row in response.context["rows"]} == {world.ours.pk, world.unowned.pk}
    assert not response.context["text"]


def test_a_search_expires_with_the_cache(world, sign_in):
    client = sign_in(world.accountant)
    address = client.post(SEARCH, {"text": "东方"}).url
    cache.clear()
    client.force_login(world.accountant)
    assert client.get(address).context["search_expired"]


def test_an_empty_search_shows_the_whole_list(world, sign_in):
    assert sign_in(world.accountant).post(SEARCH, {"text": "  "}).url == LIST


def live(client, text):
    return client.post(SEARCH, {"text": text}, headers={"HX-Request": "true"})


def test_while_typing_eight_results_are_shown_with_masked_phones(world, sign_in):
    client = sign_in(world.accountant)
    client.cookies["language"] = "en"
    for number in range(9):
        world.customer(f"同名{'甲乙丙丁戊己庚辛壬'[number]}纸业有限公司", phone=f"1371234000{number}")
    text = live(client, "同名").text
    assert text.count('<a href="/customers/') == 8
    assert "More: press Enter for the list" in text
    assert "137****0008" in text
    assert "13712340008" not in text.replace(" ", "")
    assert "No customer matches" in live(client, "没有这家").text
    assert "Type two characters or more" in live(client, "荣").text
    assert not live(client, "").text.strip()


def test_while_typing_other_branches_stay_out(world, sign_in):
    assert world.theirs.name not in live(sign_in(world.accountant), "西泠").text


@pytest.mark.parametrize("text", ["\x00\x00\x00", "荣\x00泰", "\ud83d", "\u202e\u202e荣泰", "<script>alert(1)</script>",
                                  "{{7*7}}", "长" * 100_000, "9" * 100_000, "a" * 100_000])  # fmt: skip
def test_no_text_breaks_the_search(text, world, sign_in):
    client = sign_in(world.accountant)
    sent = f"text={quote(text.encode('utf-8', 'surrogatepass'))}"
    for headers in ({"HX-Request": "true"}, {}):
        response = client.post(SEARCH, sent, FORM, headers=headers, follow=True)
        assert response.status_code == 200
        assert "<script>alert" not in response.text


def test_a_search_takes_as_many_queries_for_many_rows_as_for_few(world, sign_in):
    client, numbers = sign_in(world.accountant), []
    for number in range(30):
        if number in (3, 29):
            with CaptureQueriesContext(connection) as queries:
                live(client, "纸业")
            numbers.append(len(queries))
        world.customer(f"第{number}纸业有限公司", phone=f"137123400{number:02}")
    assert numbers[0] == numbers[1] <= 12
