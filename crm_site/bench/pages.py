"""What pages cost beside the floor page: the real layout with an empty body. Source: issue figures, GEN-03."""

import uuid
from dataclasses import replace
from itertools import count

from django.utils import timezone

from customers import search
from customers.models import Consent, Customer, FormReceipt, RegistrationForm
from staff.verbs import PositionCode

from . import Measured, figure
from .book import book
from .measuring import FLOOR, NOTHING, Request, compare, pages, queries, reader, worst

WHOLE_COMPANY, UNIT, AREA = PositionCode.SERVICE_HEAD, PositionCode.ACCOUNTANT, PositionCode.SALES_REP
READERS = (WHOLE_COMPANY, UNIT, AREA)
LIST = Request("/customers/")
QUERIES = 15
FEW = 3


def filtered():
    """{what it is: query}: common and rare conditions, alone and together, in all orders."""
    branch = Customer.objects.values_list("branch", flat=True).first()
    owner = Customer.objects.exclude(owner=None).values_list("owner", flat=True).first()
    return {
        "half of all, by name": "tier=normal&stage=active&sort=name",
        "half of all, last updated": "tier=normal&stage=active&sort=updated",
        "rare, by name": "tier=strategic&stage=lead&sort=name",
        "rare, newest": "source=own_search&stage=lost&size=4",
        "unit and stage, by name": f"branch={branch}&stage=dormant&sort=name",
        "owner, by name": f"owner={owner}&sort=name",
        "nobody's, last updated": "owner=none&sort=updated",
        "none at all": "channel=direct&source=walk_in&sort=name",
    }  # fmt: skip


def searched(client, text):
    """The list of what a text finds, as the search box leads to it."""
    key = search.keep(client.reader, text)
    return Request(f"/customers/?q={key}")


SOUNDS = "安博成达恩发光海嘉凯立明诺鹏启瑞盛泰维新扬卓"  # no two alike, written or spoken
TEXTS = ("科技", "有限", "公司", "北京", "荣泰", "鑫海", "bj", "rt", "零零")


def list_cases():
    return {f"as {code.value}": (code, LIST) for code in READERS}


def measured(cases, say, **how):
    """Worst ratio of {what it is: (reader's position, request)}."""
    clients = {code: reader(code) for code, _request in cases.values()}
    return worst({name: compare(clients[code], request, **how) for name, (code, request) in cases.items()}, say)


@figure("floor", unit="s", limit=2, of_customers=True)
def floor_page(*, say, customers):
    """The layout with an empty body, against a view that renders nothing; at most 4 queries."""
    with book(customers, say=say), pages():
        return floor_of(say)


def floor_of(say, **how):
    taken = {code: queries(reader(code), Request(FLOOR)) for code in READERS}
    for code, number in taken.items():
        say(f"as {code.value}: {number} queries")
    found = measured({f"as {c.value}": (c, Request(FLOOR)) for c in READERS}, say, floor=Request(NOTHING), **how)
    return replace(found, note=f"{found.note}, {max(taken.values())} queries")


@figure("list", unit="s", limit=2, of_customers=True)
def list_page(*, say, customers):
    """The first page of the customer list, as the whole company, a unit and an area see it."""
    with book(customers, say=say), pages():
        return measured(list_cases(), say)


@figure("list-filtered", unit="s", limit=2.5, of_customers=True)
def filtered_list(*, say, customers):
    """The customer list with filters and an order."""
    with book(customers, say=say), pages():
        return measured({k: (WHOLE_COMPANY, Request(f"/customers/?{v}")) for k, v in filtered().items()}, say)


@figure("list-later", unit="s", limit=1.2, of_customers=True)
def later_page(*, say, customers):
    """A page in the middle and at the end of the list, against the first page."""
    with book(customers, say=say), pages():
        client = reader(WHOLE_COMPANY)
        return worst(
            {name: compare(client, Request(far), floor=Request(first)) for name, far, first in far_pages()}, say
        )


def far_pages():
    """(what it is, address of a far page, address of the first one)."""
    for sort, order in (("newest", "-pk"), ("name", "name_pinyin"), ("updated", "-updated_at")):
        rows = Customer.objects.filter(archived_at=None).order_by(order, "-pk" if order[0] == "-" else "pk")
        ids = rows.values_list("pk", flat=True)
        number = ids.count()
        for name, place in (("middle", number // 2), ("end", max(number - 55, 0))):
            yield f"{sort}, {name}", f"/customers/?sort={sort}&after={ids[place]}", f"/customers/?sort={sort}"


@figure("search", unit="s", limit=2.5, of_customers=True)
def two_characters(*, say, customers):
    """The list of what two characters find, with its number up to 1,000."""
    with book(customers, say=say), pages():
        clients = {code: reader(code) for code in (WHOLE_COMPANY, UNIT)}
        return worst(
            {
                f"{text} as {code.value}": compare(client, searched(client, text))
                for code, client in clients.items()
                for text in TEXTS
            },
            say,
        )


@figure("search-live", unit="s", limit=2.5, of_customers=True)
def while_typing(*, say, customers):
    """What two characters show under the search box."""
    with book(customers, say=say), pages():
        return measured(
            {text: (WHOLE_COMPANY, Request("/customers/search/", {"text": text}, htmx=True)) for text in TEXTS}, say
        )


@figure("record", unit="s", limit=2.5, of_customers=True)
def record_page(*, say, customers):
    """A customer's record, another one each time."""
    with book(customers, say=say), pages():
        clients, found = {code: reader(code) for code in (WHOLE_COMPANY, UNIT)}, {}
        for code, client in clients.items():
            ids = visible_ids(client)
            found[f"as {code.value}"] = compare(client, lambda ids=ids: Request(f"/customers/{next(ids)}/"))
        return worst(found, say)


def visible_ids(client):
    """Ids of customers all over the reader's book, without end."""
    ids = list(Customer.objects.visible_to(client.reader).order_by("name_core").values_list("pk", flat=True)[:400])
    return (ids[number % len(ids)] for number in count())


@figure("duplicate-check", unit="s", limit=1.5, of_customers=True)
def duplicate_check(*, say, customers):
    """The look for duplicates while somebody types."""
    with book(customers, say=say), pages():
        client = reader(UNIT)
        return worst(
            {
                name: compare(client, Request("/customers/new/check/", data, htmx=True))
                for name, data in typed(client).items()
            },
            say,
        )


def typed(client):
    """{what it is: a form}: a name all know pieces of, a short one, one that is there, an equal phone."""
    known = Customer.objects.filter(kind="company", country="CN").order_by("-pk").first()
    return {
        "a common name": entry(client, "北京鑫海科技有限公司"),
        "a new name": entry(client, "青岛雁过留声展览展示有限公司"),
        "two characters": entry(client, "科技"),
        "a person's name": entry(client, "张伟") | {"kind": "individual"},
        "a name that is there": entry(client, known.name),
        "a phone that is there": entry(client, "某处") | {"contacts-0-phones": phone_of(known)},
    }


def phone_of(customer):
    return customer.ways.filter(kind="phone").values_list("as_written", flat=True).first()


def entry(client, name):
    """A filled registration form."""
    person = client.reader
    return {
        "branch": person.current_positions[0].branch_id, "source": "walk_in", "serial": "", "name": name,
        "kind": "company", "country": "CN", "address": "中山路 1 号", "submission": str(uuid.uuid4()),
        "received_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}", "received_by": person.pk,
        "contacts-TOTAL_FORMS": 1, "contacts-INITIAL_FORMS": 0, "contacts-MIN_NUM_FORMS": 0,
        "contacts-MAX_NUM_FORMS": 20, "contacts-0-name": "李娜", "contacts-0-role": "general",
        "contacts-0-phones": "", "contacts-0-emails": "",
    }  # fmt: skip


@figure("register", unit="s", limit=4, of_customers=True)
def registration(*, say, customers):
    """Saving a registration form, a new customer each time."""
    with book(customers, say=say), pages():
        return registered(say)


def registered(say, **how):
    client, last = reader(UNIT), Customer.objects.order_by("-pk").values_list("pk", flat=True).first()
    numbers = count(int(timezone.now().timestamp()) % 90_000_000)

    def new():
        number = next(numbers)
        brand = SOUNDS[number % len(SOUNDS)] + SOUNDS[number // len(SOUNDS) % len(SOUNDS)]
        form = entry(client, f"沈阳{brand}滑翔伞有限公司")
        return Request("/customers/new/", form | {"contacts-0-phones": f"139{number:08d}"}, expected=302)

    try:
        return worst({"typed by the accountant": compare(client, new, **how)}, say)
    finally:
        forget(Customer.objects.filter(pk__gt=last))


def forget(customers):
    """Take customers out of the book again; their history and the clocks of their forms stay, as they must."""
    FormReceipt.objects.filter(form__customer__in=customers).delete()
    Consent.objects.filter(customer__in=customers).delete()
    RegistrationForm.objects.filter(customer__in=customers).delete()
    customers.delete()


def page_cases(client):
    """One request of each kind that must not ask more the more customers there are."""
    some = next(visible_ids(client))
    return {
        "list": LIST,
        "filtered": Request("/customers/?tier=normal&stage=active&sort=name"),
        "search": searched(client, "公司"),
        "search while typing": Request("/customers/search/", {"text": "公司"}, htmx=True),
        "record": Request(f"/customers/{some}/"),
        "new form": Request("/customers/new/"),
        "duplicate check": Request("/customers/new/check/", entry(client, "科技"), htmx=True),
        "home": Request("/"),
    }


def queries_of_pages():
    """{page: how many queries it takes}."""
    client = reader(UNIT)
    return {name: queries(client, request) for name, request in page_cases(client).items()}


@figure("queries", unit="queries", limit=1, of_customers=True)
def most_queries(*, say, customers):
    """The most queries that any page takes, against 15."""
    with book(customers, say=say), pages():
        taken = queries_of_pages()
    say(", ".join(f"{name} {number}" for name, number in taken.items()))
    name = max(taken, key=taken.get)
    return Measured(taken[name], QUERIES, name)
