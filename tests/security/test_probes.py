"""Probes from the outside, by people of East: West's rows, forms that were tampered with, links.

What loops over the URL conf covers the next page too: a new URL with an argument has to name a row of West in
`west.FOREIGN`, a new form a well-formed POST in `posts.POSTS`. Source: SEC-01, SEC-05, SEC-06, SEC-04.
"""

import uuid
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from crm_site import reference
from customers import desk
from customers.forms import blocks
from customers.forms.fields import CleanTextField
from customers.models import Customer, DeskForm, Draft, OwnField, RegistrationForm
from journal import exports as exporters
from journal.exports import actions as exporting
from journal.models import ExportJob
from staff.models import Person
from tests.access_matrix import MATRIX, correction, purchase
from tests.crm_site import accounts
from tests.security.posts import CERTAIN, NO_FORM, POSTS, Forge, written
from tests.security.told import text_of, told
from tests.security.west import FOREIGN, LISTS, NO_ROW, TELLING, WORD, West, queries
from tests.test_access import undone
from tests.world import load_world

HTMX = {"HX-Request": "true"}
EAST = ("clerk", "accountant", "owner")
ADMINISTRATOR = {"administrator"}


@pytest.fixture(scope="module")
def probes(django_db_setup, django_db_blocker, place):
    """The company with West's secrets, a client for each person of East, and the forger; one for this module."""
    kept, configured.MEDIA_ROOT = configured.MEDIA_ROOT, place
    with django_db_blocker.unblock(), undone():
        reference.load()
        world = load_world()
        OwnField.objects.create(code="grade", label_zh="等级", label_en="Grade")
        west = West(world)
        for made in (purchase, correction):  # what is deleted or decided has to stand there before
            made(world)
        people = {**world.people, **{name: getattr(world, name) for name in ("owner", "manager")}}
        clients = {"signed_out": Client()}
        clients |= {name: client_of(person) for name, person in people.items()}
        own = [client_of(person) for person in west.people] + [clients["administrator"], clients["service_head"]]
        forge = Forge(world, west, clients)
        forge.west_clients = own
        yield forge
    configured.MEDIA_ROOT = kept


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def methods(name):
    return sorted({case.method for case in MATRIX[name]})


# -- rows of West, by the address ------------------------------------------------------------------------------------


def with_arguments():
    """Names of all URLs that take an argument, of whatever kind."""
    found, stack = set(), [(get_resolver(), [])]
    while stack:
        resolver, spaces = stack.pop()
        for entry in resolver.url_patterns:
            if hasattr(entry, "url_patterns"):
                stack.append((entry, [*spaces, entry.namespace] if entry.namespace else spaces))
            elif entry.pattern.converters:
                found.add(":".join([*spaces, entry.name]))
    return found


def test_every_url_with_an_argument_is_probed():
    assert with_arguments() == set(FOREIGN) | NO_ROW


@pytest.mark.clause("SEC-01", "SEC-06")
@pytest.mark.parametrize("name", sorted(FOREIGN))
def test_a_row_of_another_unit_is_not_there_in_any_way(name, probes):
    """By page and as a fragment, to look at and to write to: nothing is told and nothing is written."""
    found = []
    may = frozenset().union(*(case.who for case in MATRIX[name]))
    people = EAST if may & {"clerk", "accountant", "sales_rep"} else ("manager",)
    for args in FOREIGN[name](probes.west):
        path = reverse(name, args=args)
        tries = [("GET", {}), ("GET", HTMX), ("POST", HTMX)]
        for method, headers in [(method, headers) for method, headers in tries if method in methods(name)]:
            for who in people:
                with undone(), written() as changed:
                    answer = getattr(probes.clients[who], method.lower())(path, {"text": "x"}, headers=headers)
                if answer.status_code not in (403, 404) or told(answer) or changed:
                    found.append(f"{who} {method} {path}: {answer.status_code} {told(answer)} {changed}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", sorted(FOREIGN))
def test_the_probed_rows_are_there_for_their_own_people(name, probes):
    """A row that opens for nobody at all would prove nothing above."""
    path, answers = reverse(name, args=FOREIGN[name](probes.west)[0]), []
    for client in probes.west_clients:
        with undone():
            answers.append(getattr(client, methods(name)[-1].lower())(path).status_code)
        if answers[-1] in (200, 302):
            return
    raise AssertionError(f"{path}: {answers}")


def test_the_secret_word_stands_where_west_looks(probes):
    """What was asked for above does tell the word to those whom it concerns."""
    pages = {"customers:record", "customers:block", "customers:papers", "customers:proposal", "customers:desk_confirm",
             "customers:book", "journal:notice", "journal:timeline", "policy:clock", "staff:absence_edit"}  # fmt: skip
    with undone():
        for name in pages:
            answer = probes.west_clients[0].get(reverse(name, args=FOREIGN[name](probes.west)[0]), headers=HTMX)
            assert answer.status_code == 200, name
            assert told(answer), name


# -- rows of West, in the query --------------------------------------------------------------------------------------


@pytest.mark.clause("SEC-01", "SEC-06")
@pytest.mark.parametrize("name", sorted(name for name in MATRIX if "GET" in methods(name)))
def test_an_id_of_west_in_the_query_shows_nothing_of_west(name, probes):
    case = next(case for case in MATRIX[name] if case.method == "GET")
    people = ("accountant", "owner") if name.startswith(("customers:", "journal:export", "home")) else ("accountant",)
    for who, place in zip(people, ("after", "before"), strict=False):
        with undone():
            args = case.args(probes.world)
            data = case.data(probes.world) | queries(probes.west) | {place: probes.west.customer.pk}
            answer = probes.clients[who].get(reverse(name, args=args), data)
            assert answer.status_code in (200, 302, 403, 404, 410)
            assert not told(answer), who


@pytest.mark.clause("SEC-01")
@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_row_of_west_is_no_place_in_a_list(name, probes):
    """Else the page after it would tell what its name begins with, or when it came."""
    row = getattr(probes.west, LISTS[name])
    for sort in ("newest", "name", "updated") if name == "customers:list" else ("",):
        first = probes.clients["accountant"].get(reverse(name), {"sort": sort})
        for place in ("after", "before"):
            answer = probes.clients["accountant"].get(reverse(name), {"sort": sort, place: row.pk})
            assert answer.status_code == 200
            assert list(map(str, answer.context["rows"])) == list(map(str, first.context["rows"]))
            for link in ("next_url", "previous_url"):
                assert bool(answer.context[link]) == bool(first.context[link])


# -- forms that were tampered with -----------------------------------------------------------------------------------


def test_every_form_that_others_than_administrators_send_is_forged():
    posted = {
        name for name, cases in MATRIX.items()
        if any(case.method == "POST" and (case.public or not case.who <= ADMINISTRATOR) for case in cases)
    }  # fmt: skip
    forged = {post.name for post in POSTS}
    assert posted - forged == NO_FORM - forged
    assert not forged & NO_FORM


def refused(post, plain):
    errors = getattr((plain.answer.context or {}).get("form"), "errors", "") if plain.answer.context else ""
    return f"{post}: {plain.answer.status_code} {errors}"


@pytest.mark.clause("SEC-04", "SEC-05")
@pytest.mark.parametrize("post", POSTS, ids=str)
def test_fields_that_the_form_does_not_offer_change_nothing(post, probes):
    """Mass assignment: every column of every row that the form writes is sent along."""
    plain = probes.plain(post)
    assert plain.changed, refused(post, plain)
    data = post.data(probes.world)
    certain = {name: value for name, value in CERTAIN.items() if name not in data}
    tables = [Customer, Person, *sorted(plain.changed.keys() - {Customer, Person}, key=str)]
    for order in (tables, tables[::-1]):
        forged = probes.send(post, **certain | probes.additions(order, data))
        assert forged.changed == plain.changed
        assert forged.answer.status_code == plain.answer.status_code
        assert forged.answer.headers.get("Location") == plain.answer.headers.get("Location")


def test_a_form_that_offers_one_column_too_many_is_found_out(probes, monkeypatch):
    """The check above can fail."""

    class Careless(blocks.InteractionForm):
        columns = (*blocks.InteractionForm.columns, "credit_code")
        credit_code = CleanTextField(required=False)

    post = next(post for post in POSTS if "preferences" in post.data(probes.world) and post.who == "owner"
                and post.name == "customers:edit_block")  # fmt: skip
    monkeypatch.setitem(blocks.BLOCKS, "interaction", Careless)
    data = post.data(probes.world)
    assert probes.send(post).changed != probes.send(post, **probes.additions([Customer], data)).changed


def swaps(west, data):
    """(name, value): each field of a form that names a row, naming one of West instead."""
    rows = {
        "branch": west.unit.pk, "receipt-branch": west.unit.pk, "units": west.unit.pk,
        "place": None, "owner": west.manager.pk, "received_by": west.accountant.pk, "to": west.accountant.pk,
        "person": west.accountant.pk, "parent": west.customer.pk, "contacts-0-pk": west.contact.pk,
        "submission": west.entered.submission, "view": west.view.pk,
        "customer": f"{west.customer.pk}:{west.customer.version}" if "step" in data else west.customer.pk,
        "choices": f"branch={west.unit.pk}&owner={west.manager.pk}&q={west.search_key}",
        "list": f"branch={west.unit.pk}&q={west.search_key}", "version": west.customer.version + 7,
    }  # fmt: skip
    return [(name, rows[name]) for name in data if rows.get(name)]


SWAPPED = {"branch", "owner", "received_by", "units", "to", "person", "parent", "contacts-0-pk", "submission", "view",
           "customer", "choices", "list", "receipt-branch", "version"}  # fmt: skip


@pytest.mark.clause("SEC-01", "SEC-06")
@pytest.mark.parametrize("post", [post for post in POSTS if post.who not in ("administrator", "signed_out")], ids=str)
def test_a_row_of_west_in_a_form_is_neither_reached_nor_told(post, probes):
    for name, value in swaps(probes.west, post.data(probes.world)):
        outcome = probes.send(post, follow=True, **{name: value})
        reached = {(model.__name__, pk) for model, pk in outcome.pointers if probes.west.owns(model, pk)}
        assert not reached, f"{post} with {name}"
        assert not [secret for secret in TELLING if secret in outcome.body], f"{post} with {name}"


def test_every_kind_of_row_that_a_form_names_is_swapped_somewhere(probes):
    tried = {name for post in POSTS for name, _value in swaps(probes.west, post.data(probes.world))}
    assert tried == SWAPPED


@pytest.mark.clause("SEC-01")
def test_a_manager_moves_no_customer_of_another_unit_in_bulk(probes):
    """By ids, by ids with versions, by "all of this list" with West's filters or search, in every step."""
    west, world, client = probes.west, probes.world, probes.clients["manager"]
    path, pair = reverse("customers:assign"), f"{west.customer.pk}:{west.customer.version}"
    tries = [
        {"customer": [pair, f"{world.ours.pk}:{world.ours.version}"]}, {"customer": pair},
        {"all": "1", "list": f"branch={west.unit.pk}"}, {"all": "1", "list": f"q={west.search_key}"},
        {"all": "1", "list": f"owner={west.manager.pk}"},
    ]  # fmt: skip
    for data in tries:
        for step in ("", "preview", "confirm"):
            for owner in (world.colleague, west.manager):
                with undone():
                    answer = client.post(path, data | {"step": step, "owner": owner.pk, "reason": "调整"})
                    assert not told(answer), data
                    west.customer.refresh_from_db()
                    assert west.customer.owner == west.manager
                    assert not Customer.objects.filter(branch=world.east, owner=west.manager).exists()


@pytest.mark.clause("SEC-06")
def test_another_persons_draft_search_and_view_are_nothing(probes):
    client, west = probes.clients["accountant"], probes.west
    everything = client.get(reverse("customers:list"))
    for query in ({"q": west.search_key}, {"view": west.view.pk}):
        assert not told(client.get(reverse("customers:list"), query))
    answer = client.get(reverse("customers:register"), {"draft": west.draft.key, "receipt": west.receipt.pk})
    assert not told(answer)
    assert answer.context["form"]["serial"].value() in ("", None)
    assert len(everything.context["rows"]) > 1


@pytest.mark.clause("SEC-01", "SEC-06")
def test_a_draft_is_its_writers_whatever_it_says(probes):
    """It keeps what was typed unjudged; the form that it opens offers what it always offers."""
    client, west = probes.clients["clerk"], probes.west
    typed = {"submission": str(west.draft.key), "name": "海天", "person": west.accountant.pk, "form": "x",
             "owner": west.manager.pk, "branch": west.unit.pk, "data": "name=x", "saved_at": "2020-01-01"}  # fmt: skip
    with undone():
        client.post(reverse("customers:draft_save"), typed)  # of a sheet that is entered already: kept for nobody
        assert not Draft.objects.exclude(pk=west.draft.pk).exists()
        typed["submission"] = str(uuid.uuid4())
        client.post(reverse("customers:draft_save"), typed)
        draft = Draft.objects.exclude(pk=west.draft.pk).get()
        assert (draft.person, draft.form) == (probes.world.clerk, "customers.register")
        west.draft.refresh_from_db()
        assert WORD in unquote(west.draft.data)
        page = client.get(reverse("customers:register"), {"draft": draft.key})
        assert page.context["form"]["name"].value() == "海天"
        assert "owner" not in page.context["form"].fields
        assert not told(page)


@pytest.mark.clause("SEC-06")
@pytest.mark.parametrize("who", ["clerk", "accountant", "owner", "manager"])
def test_a_file_of_a_list_holds_the_rows_of_its_asker_whatever_the_address_says(who, probes):
    west, client = probes.west, probes.clients[who]
    person = probes.world.people.get(who) or getattr(probes.world, who)
    query = {"branch": west.unit.pk, "owner": west.manager.pk, "q": west.search_key, "view": west.view.pk,
             "person": west.accountant.pk}  # fmt: skip
    with undone():
        address = (
            f"{reverse('journal:export_new', args=['customers'])}?{'&'.join(f'{k}={v}' for k, v in query.items())}"
        )
        client.post(address, {"purpose": "盘点", "format": "csv", "columns": "name", "person": west.accountant.pk})
        job = ExportJob.objects.exclude(pk=west.export.pk).get()
        assert job.person == person
        names = [customer.name for customer in exporters.get("customers").rows(person, job.choices)]
        assert not [name for name in names if WORD in name]


# -- requests from elsewhere -----------------------------------------------------------------------------------------

EXEMPT = {"desk_form", "journal:unsubscribe"}  # nobody is signed in there, so there is nothing to borrow


def posted():
    return [(name, [case for case in MATRIX[name] if case.method == "POST"]) for name in sorted(MATRIX)
            if "POST" in methods(name)]  # fmt: skip


@pytest.mark.clause("SEC-04")
@pytest.mark.parametrize(("name", "cases"), posted(), ids=lambda value: value if isinstance(value, str) else "")
def test_no_post_is_taken_without_its_token(name, cases, probes):
    """Nor with another one, nor from another site with the right one. That HX-Request stands there proves nothing."""
    cookies = probes.clients["accountant"].cookies
    with undone():
        profile = strict(cookies).get(reverse("account_profile"))
        cookies = profile.client.cookies
        token = HTMX | {"X-CSRFToken": cookies[configured.CSRF_COOKIE_NAME].value}
        path = reverse(name, args=cases[0].args(probes.world))
        tries = [HTMX, HTMX | {"X-CSRFToken": "x" * 64}, token | {"Origin": "https://elsewhere.example"}]
        for headers in tries:
            answer = strict(cookies).post(path, cases[0].data(probes.world), headers=headers)
            assert is_refused(answer) == (name not in EXEMPT), f"{path} {headers}"
        answer = strict(cookies).post(path, cases[0].data(probes.world), headers=token)
        assert not is_refused(answer), "it is the token that counts"


def strict(cookies):
    """A browser with these cookies, whose requests are checked as in production."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = cookies.copy()
    return client


def is_refused(answer):
    return answer.status_code == 403 and "403_csrf.html" in [template.name for template in answer.templates]


# -- links -----------------------------------------------------------------------------------------------------------


def desk_links(world, today):
    """Addresses that look like the desk's of today and are not."""
    right = desk.key(world.east.pk, today)
    wrong = [
        desk.key(world.east.pk, today - timedelta(days=1)), desk.key(world.east.pk, today + timedelta(days=1)),
        desk.key(world.west.pk, today), right[:-1], right + "0", right.upper(), right[::-1], "0" * 32, "x",
    ]  # fmt: skip
    return [f"/desk/{world.east.pk}/{key}/" for key in wrong] + [f"/desk/{world.west.pk}/{right}/"]


@pytest.mark.clause("SEC-06")
def test_a_guessed_or_old_desk_link_tells_and_takes_nothing(world, time_machine):
    """One answer to all of them, which does not say whether the unit, the day or the letters are wrong."""
    time_machine.move_to("2026-03-05T12:00+08:00")  # in the hour after midnight yesterday's still takes what was begun
    client, bodies, today = Client(), set(), timezone.localdate()
    for path in desk_links(world, today):
        for method, address in (("get", path), ("post", path), ("get", f"{path}sent/")):
            answer = getattr(client, method)(address, form_data() if method == "post" else {})
            assert answer.status_code == 404, address
            assert world.east.name not in answer.text
            bodies.add(answer.text.partition("<main")[2])
    assert len(bodies) == 1
    assert not DeskForm.objects.exists()
    assert client.get(f"/desk/{world.east.pk}/{desk.key(world.east.pk, today)}/").status_code == 200


def form_data():
    return {"name": "海天纸业有限公司", "kind": "company", "contact": "王芳", "phone": "13811112222", "service": "on",
            "submission": str(uuid.uuid4())}  # fmt: skip


@pytest.mark.clause("SEC-06")
def test_the_right_desk_link_shows_no_customer_and_no_form_of_others(world):
    path = f"/desk/{world.east.pk}/{desk.key(world.east.pk, timezone.localdate())}/"
    Client().post(path, form_data())
    sent = DeskForm.objects.get()
    for query in ("", f"?pk={sent.pk}", f"?submission={sent.submission}", "?draft=1", f"?customer={world.ours.pk}"):
        for address in (f"{path}{query}", f"{path}sent/{query}"):
            page = Client().get(address).text
            for secret in (sent.name, "王芳", "1111", world.ours.name, "李娜"):
                assert secret not in page


@pytest.mark.clause("SEC-06")
def test_a_file_taken_out_is_its_askers_alone_and_for_a_day(probes):
    with undone():
        now, person = timezone.now(), probes.world.accountant
        values = {"columns": ["name"], "format": "csv", "state": "done", "attempt": 1, "name": "list.csv",
                  "asked_at": now, "finished_at": now}  # fmt: skip
        job = ExportJob.objects.create(
            person=person, list="customers", purpose="x", expires_at=now + timedelta(days=1), **values
        )
        path = exporting.path_of(job)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("EXPORT")
        address = reverse("journal:export_file", args=[job.pk])
        answer = probes.clients["accountant"].get(address)
        assert text_of(answer).startswith("EXPORT")
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        for who in ("clerk", "owner", "manager", "administrator", "service_head", "executive"):
            assert probes.clients[who].get(address).status_code == 404, who
        for tampered in (f"{address}x", address.replace(str(job.pk), f"{job.pk}.0"),
                         address.replace(str(job.pk), f"..%2f{job.pk}"), address.replace("file", "list.csv"),
                         f"/media/exports/{job.pk}/1/list.csv", f"/static/../exports/{job.pk}/1/list.csv",
                         f"{address}?person={person.pk}/../../../etc/passwd"[:-1] + "/../"):  # fmt: skip
            assert probes.clients["owner"].get(tampered).status_code == 404, tampered
        ExportJob.objects.filter(pk=job.pk).update(expires_at=now - timedelta(seconds=1))
        assert probes.clients["accountant"].get(address).status_code == 404


@pytest.mark.clause("SEC-06")
def test_a_file_of_a_notice_is_served_as_harmlessly(probes):
    with undone():
        answer = probes.west_clients[0].get(reverse("journal:attachment", args=[probes.west.attachment.pk]))
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"


# -- where one is sent -----------------------------------------------------------------------------------------------

ELSEWHERE = [
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "\t//evil.example",
    "https:evil.example", "javascript:alert(1)", "data:text/html,x", "http://testserver@evil.example/",
    "http://testserver.evil.example/", "/%2f/evil.example\r\nX-Forged: 1", " https://evil.example",
    "//evil.example/%2f..",
]  # fmt: skip


@pytest.mark.clause("SEC-06")
@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_sent_elsewhere(wanted, probes):
    inside, header = probes.clients["clerk"], wanted.strip().replace("\r\n", "")
    with undone():
        answers = [
            accounts.sign_in(accounts.browser(), probes.world.nobody, next=wanted),
            inside.get(accounts.SIGN_IN, {"next": wanted}),
            inside.post(reverse("language"), {"language": "en", "next": wanted}),
            inside.post(reverse("theme"), {"theme": "dark", "next": wanted}),
            inside.post(reverse("customers:search"), {"text": wanted, "next": wanted}),
            Client().post(reverse("theme"), {"theme": "dark"}, headers={"Referer": header}),
            Client().post(reverse("customers:register"), {"typed_by": "1", "typed_on": wanted, "next": wanted}),
            Client().get(reverse("journal:bell"), headers=HTMX | {"HX-Current-URL": header}),
        ]
    inside.cookies.pop("language", None), inside.cookies.pop("theme", None)
    for answer in answers:
        target = answer.headers.get("Location") or answer.headers["HX-Redirect"]
        assert target.startswith("/"), target
        assert not target.startswith(("//", "/\\")), target
        assert "X-Forged" not in answer.headers


def typed_texts(data):
    """What somebody typed that may be about a person: names, phones, addresses, sentences."""
    texts = [str(value) for name, value in data.items() if name not in ("submission", "choices", "list")]
    return [text for text in texts if len(text) > 1 and (not text.isascii() or "@" in text or len(text) == 11)]


@pytest.mark.clause("SEC-06")
@pytest.mark.parametrize("post", POSTS, ids=str)
def test_nothing_that_was_typed_stands_in_the_next_address(post, probes):
    """Neither after saving nor when the session had ended and the form waits for its writer."""
    typed = typed_texts(post.data(probes.world))
    answers = [probes.plain(post).answer]
    probes.rewind()
    with undone():
        path = reverse(post.name, args=post.args(probes.world))
        for headers in ({}, HTMX) if post.who != "signed_out" else ():
            waiting = post.data(probes.world) | {"typed_by": probes.world.clerk.pk}
            answers.append(Client().post(path, waiting, headers=headers))
    for answer in answers:
        for header in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url", "Refresh"):
            address = unquote(answer.headers.get(header, ""))
            assert not [text for text in typed if text in address], f"{header}: {address}"


@pytest.mark.clause("SEC-06")
@pytest.mark.parametrize(
    "text", ["李娜", "13910020001", "139 1002 0001", "东方红印务有限公司", "dongfanghong", "li@example.com"]
)
def test_what_is_searched_for_stands_in_no_address(text, probes):
    client = probes.clients["accountant"]
    for path in (reverse("customers:search"), reverse("customers:checkout"),
                 reverse("customers:parent_find", args=[probes.world.ours.pk]),
                 reverse("customers:tip_find")):  # fmt: skip
        for headers in ({}, HTMX):
            with undone():
                answer = client.post(path, {"text": text, "about": text}, headers=headers)
            where = unquote(
                " ".join(answer.headers.get(name, "") for name in ("Location", "HX-Redirect", "HX-Push-Url"))
            )
            assert text not in where.replace("+", " ")
    listed = client.post(reverse("customers:search"), {"text": text}, follow=True)
    assert text not in unquote(listed.redirect_chain[-1][0]).replace("+", " ")
    links = [part.split('"')[0] for part in listed.text.split('href="')[1:]]
    assert links
    assert not [link for link in links if text in unquote(link).replace("+", " ")]


@pytest.mark.clause("SEC-06")
def test_the_sheet_of_another_person_is_not_answered_with_its_customer(probes):
    """The id of a sheet guards against pressing twice; sent by somebody else it tells nothing."""
    post = next(post for post in POSTS if post.name == "customers:register")
    outcome = probes.send(post, submission=str(probes.west.entered.submission))
    made = outcome.changed.get(RegistrationForm, {})
    assert all(row["customer_id"] != probes.west.customer.pk for row in made.values())
    assert not [secret for secret in TELLING if secret in outcome.body]
    assert str(probes.west.customer.pk) not in outcome.answer.headers.get("Location", "")
