"""Who may open what: every URL of Keke, and what each person gets there. tests/test_access.py visits every cell.

The sets are written out from roles.md, on purpose not computed from staff.verbs: two accounts of one rule.
`EVERYBODY` is one person in each of the 15 positions (branch positions in East), `stranger` (West's accountant),
`nobody` (no position), `disabled` and `signed_out`. Four marker customers tell whether scope holds: `ours` (East, the
sales representative's), `theirs` (West), `online` (e-commerce unit) and `held` (East, the account manager's).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from django.contrib.auth.tokens import default_token_generator
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from customers import books, checkout, consents, desk, purchases, receipts
from customers.models import (
    Campaign,
    CampaignEntry,
    Contact,
    CustomerFile,
    CustomerNote,
    DeskForm,
    FormBook,
    FormReceipt,
    Import,
    Industry,
    ProposedChange,
    Purchase,
    PurchaseAdjustment,
    SavedView,
    Tip,
)
from customers.proposals import propose
from journal.exports import actions as exporting
from journal.models import (
    CustomerMessage,
    Delivery,
    ExportJob,
    GroupRobot,
    Notice,
    NoticeAttachment,
    Notification,
)
from policy import clocks
from policy.models import CalendarDay
from staff.models import Absence, Area, Department, Position, SignedInSession
from staff.verbs import PositionCode
from tests.customers.imports import jobs as imports

POSITIONS = frozenset(code.value for code in PositionCode)
EVERYBODY = [*sorted(POSITIONS), "stranger", "nobody", "disabled", "signed_out"]
SIGNED_IN = POSITIONS | {"stranger", "nobody"}

WHOLE_COMPANY = frozenset({"inspector", "service_head", "executive", "administrator"})
EAST = frozenset({"clerk", "accountant", "branch_manager", "operations_specialist"})
SEES = {
    "ours": EAST | WHOLE_COMPANY | {"sales_rep"},
    "theirs": WHOLE_COMPANY | {"stranger"},
    "online": WHOLE_COMPANY | {"relations_specialist"},
    "held": EAST | WHOLE_COMPANY | {"account_manager"},
}
MARKERS = tuple(SEES)

VIEW = POSITIONS | {"stranger"}
REGISTER = frozenset(
    {"clerk", "accountant", "sales_rep", "account_manager", "branch_manager", "relations_specialist", "stranger"}
)
EDIT = frozenset({"accountant", "sales_rep", "account_manager", "branch_manager", "stranger"})
EDITS = {
    "ours": frozenset({"accountant", "sales_rep", "branch_manager"}),
    "theirs": frozenset({"stranger"}),
    "held": frozenset({"accountant", "account_manager", "branch_manager"}),
}
IN_TOUCH = frozenset({"clerk", "accountant", "sales_rep", "branch_manager"})  # see the phones of `ours`
ELSEWHERE = frozenset({"account_manager", "stranger"})  # see those of other customers
ARCHIVE = frozenset({"accountant", "branch_manager", "stranger"})
ARCHIVES = {"ours": ARCHIVE - {"stranger"}, "theirs": frozenset({"stranger"})}
MANAGER = frozenset({"branch_manager"})
MANAGERS = MANAGER | {"service_head"}
ENTERERS = frozenset({"accountant", "branch_manager", "stranger"})
ENTERS = ENTERERS - {"stranger"}
CLOCK_SEERS = MANAGERS | {"operations_specialist", "inspector", "executive", "accountant"}
ADMINISTRATOR = frozenset({"administrator"})

FORMS = frozenset({"clerk", "accountant", "branch_manager", "stranger"}) | {
    "operations_specialist",
    "inspector",
    "service_head",
    "executive",
}

MARKETING = frozenset({"marketing"})
FAIR = frozenset({"inspector", "service_head"})
CAMPAIGNS = MARKETING | FAIR | {"executive"}


@dataclass(frozen=True)
class Case:
    """One request to a URL. `who` gets `status`; `absent` gets 404, because the row is outside their scope; other
    signed-in people get 403; the disabled and the signed-out are sent to the sign-in page, unless it is `public`.

    `shows`: markers that stand in the answer for whoever sees them; every other marker must not stand there at all.
    `named`: markers of which everybody may see the name and nothing else (a possible duplicate). `says`: a text that
    proves that the answer is the one meant.
    """

    who: frozenset
    absent: frozenset = frozenset()
    method: str = "GET"
    args: Callable = lambda world: ()
    data: Callable = lambda world: {}
    status: int = 200
    shows: tuple = ()
    named: tuple = ()
    says: str = ""
    htmx: bool = False
    public: bool = False
    signed_in_status: int | None = None  # of public pages that treat the signed-in differently
    instead: dict = field(default_factory=dict)  # person -> status, for whom of `who` another answer is right


def of(row, *more):
    """Arguments: the key of a marker row, then what is given."""
    return lambda world: (getattr(world, row).pk, *more)


def history_of(row):
    return lambda world: ("customers.customer", getattr(world, row).pk)


def form(who, *, args=lambda world: (), **options):
    """A page with a form: shown by GET, shown again with its errors after an empty POST."""
    answer = {name: options[name] for name in ("absent", "status", "instead") if name in options}
    return [Case(who, args=args, **options), Case(who, method="POST", args=args, **answer)]


def one_time_link(world):
    token = default_token_generator.make_token(world.nobody)
    return urlsafe_base64_encode(force_bytes(world.nobody.pk)), token


def looks_like_theirs(world):
    lines = {"contacts-TOTAL_FORMS": "1", "contacts-INITIAL_FORMS": "0", "contacts-0-phones": "13910020003"}
    return {"name": world.theirs.name, "kind": "company", **lines}


def consent(world):
    """A consent of `ours`."""
    given = world.ours.consents.filter(purpose="marketing").first() or consents.give(
        world.ours, purpose="marketing", channel="phone", note="来电", given_at=timezone.now(), by=world.clerk
    )
    return world.ours.pk, given.pk


def campaign(world):
    """An open one, of which `ours` and `theirs` are members."""
    times = {"starts_on": timezone.localdate(), "created_at": timezone.now()}
    values = {"created_by": world.people["marketing"], **times}
    row, new = Campaign.objects.get_or_create(name="展会 FAIR-17", defaults=values)
    if new:
        for customer in (world.ours, world.theirs):
            CampaignEntry.objects.create(campaign=row, customer=customer, entered_at=timezone.now(), was_new=False)
    return (row.pk,)


def card_like_theirs(world):
    """A row of the grid that is about West's customer."""
    count = {"cards-TOTAL_FORMS": "1", "cards-INITIAL_FORMS": "0"}
    return count | {
        "unit": world.east.pk,
        "cards-0-name": world.theirs.name,
        "cards-0-phones": "13910020003",
        "rows": "0",
    }


def why_reveal(world):
    return {"purpose": "order"}


def former_of(row):
    """A contact that the marker row had before."""

    def args(world):
        customer = getattr(world, row)
        ended = {"valid_until": timezone.localdate()}
        contact, _new = Contact.objects.get_or_create(customer=customer, name="旧联系人", defaults=ended)
        return customer.pk, contact.pk

    return args


def purchase(world, number="BUY-17"):
    """A purchase of `ours`."""
    row = Purchase.objects.filter(customer=world.ours, document_number=number).first()
    if row is None:
        [row] = purchases.enter(
            customer=world.ours, branch=world.east, bought_on=timezone.localdate(), document_number=number,
            lines=[purchases.Line("名片", Decimal(100))], by=world.people["accountant"], at=timezone.now(),
        )  # fmt: skip
    return (row.pk,)


def purchase_as_it_is(world, **more):
    return {"mark": Purchase.objects.get(pk=purchase(world)[0]).mark, "reason": "误录"} | more


def correction(world):
    """Asked by the accountant for `ours`, in a month that was locked then."""
    asked = PurchaseAdjustment.objects.filter(purchase__customer=world.ours).first()
    if asked is None:
        asked = PurchaseAdjustment.objects.create(
            purchase_id=purchase(world, "BUY-20")[0], amount=-20, reason="ASK-17", asked_at=timezone.now(),
            asked_by=world.people["accountant"],
        )  # fmt: skip
    return (asked.pk,)


def a_purchase(world):
    return {"customer": world.ours.pk, "about": world.ours.name[:5], "branch": world.east.pk,
            "document_number": "BUY-18", "bought_on": timezone.localdate().isoformat(),
            "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0",
            "lines-0-product": "名片", "lines-0-amount": "12"}  # fmt: skip


def industry(world):
    return "industries", Industry.objects.first().pk


def account(world):
    return (world.nobody.pk,)


def of_position(world):
    return (Position.objects.get(person=world.colleague).pk,)


def unit(world):
    return (world.west.pk,)


def area(world):
    return (Area.objects.get(branch=world.east).pk,)


def department(world):
    return (Department.objects.first().pk,)


def table(world):
    return ("industries",)


def to_nobody(world):
    return {"version": 1, "owner": "", "reason": "调整"}


def why(world):
    return {"version": 1, "reason": "核对"}


def to_assign(world):
    """East's manager sends West's customer along."""
    pairs = [f"{row.pk}:1" for row in (world.ours, world.theirs)]
    return {"customer": pairs, "owner": world.colleague.pk, "reason": "调整", "step": "preview"}


def proposal(world):
    """Of East's clerk, about a customer that is no marker."""
    row = ProposedChange.objects.first()
    if row is None:
        customer = world.customer("待定图文", owner=world.owner)
        row = propose(customer, fields={"address": "新"}, why="搬了", by=world.clerk, at=timezone.now())
    return (row.pk,)


def other_device(world):
    """A second sign-in of `nobody`."""
    now = timezone.now()
    times = {
        "started_at": now,
        "last_seen_at": now,
        "idle_limit": timedelta(hours=1),
        "ends_at": now + timedelta(days=1),
    }
    row, _new = SignedInSession.objects.get_or_create(
        session_key="of another device", defaults={"person": world.nobody, **times}
    )
    return (row.pk,)


def absence(world):
    """Of East's second sales representative."""
    today = timezone.localdate()
    days = {"starts_on": today, "ends_on": today + timedelta(days=1)}
    row, _new = Absence.objects.get_or_create(person=world.colleague, defaults={"deputy": world.owner, **days})
    return (row.pk,)


def told(world):
    """A notification of `nobody`."""
    at = timezone.now()
    times = {"created_at": at, "visible_at": at, "push_at": at}
    row, _new = Notification.objects.get_or_create(
        dedupe_key="matrix", defaults={"person": world.nobody, "kind": "journal.notice", "pushed": True, **times}
    )
    return (row.pk,)


def stuck(world):
    at = timezone.now()
    (notification,) = told(world)
    values = {"notification_id": notification, "channel": "email", "state": "dead", "created_at": at, "next_try_at": at}
    row, _new = Delivery.objects.get_or_create(once="matrix", defaults=values)
    return "notification", row.pk


def robot(world):
    """Its address is not one of the makers', so no test speaks to anybody."""
    values = {"kind": "wecom", "name": "群", "branch": world.east}
    row, _new = GroupRobot.objects.get_or_create(webhook="https://localhost/", defaults=values)
    return (row.pk,)


def _notice(world, title, published_at):
    values = {"kind": "price", "audience": "all", "body": "x", "author": world.people["marketing"],
              "created_at": timezone.now(), "published_at": published_at}  # fmt: skip
    return Notice.objects.get_or_create(title=title, defaults=values)[0]


def draft(world):
    return (_notice(world, "草稿", None).pk,)


def published(world):
    return (_notice(world, "通知", timezone.now()).pk,)


def attached(world):
    if not default_storage.exists("notices/matrix"):
        default_storage.save("notices/matrix", ContentFile(b"%PDF-"))
    values = {"file": "notices/matrix", "content_type": "application/pdf", "size": 5}
    row, _new = NoticeAttachment.objects.get_or_create(notice_id=published(world)[0], name="a.pdf", defaults=values)
    return (row.pk,)


def letter_link(world):
    at = timezone.now()
    subject = {"subject_type": "customers.customer", "subject_id": world.ours.pk, "branch": world.east}
    values = {
        "purpose": "marketing",
        "channel": "email",
        "address": "li@example.com",
        "created_at": at,
        "next_try_at": at,
    }
    message, _new = CustomerMessage.objects.get_or_create(dedupe_key="matrix", defaults=values | subject)
    return (message.token,)


NOTES = frozenset({"clerk", "accountant", "sales_rep", "branch_manager"})  # who may write beside `ours`
TIP_READERS = frozenset({"nobody", "finance"})  # the sender and the head of the department


def cards_of_ours(world):
    return {"contacts": [contact.pk for contact in world.ours.contacts.all()], "paper": "a6"}


def note_of_accountant(world):
    values = {"written_at": timezone.now(), "author": world.accountant}
    row, _new = CustomerNote.objects.get_or_create(customer=world.ours, text="NOTE-17", defaults=values)
    return (row.pk,)


def file_of_accountant(world):
    if not default_storage.exists("customers/matrix"):
        default_storage.save("customers/matrix", ContentFile(b"%PDF-"))
    values = {"file": "customers/matrix", "content_type": "application/pdf", "size": 5, "added_at": timezone.now(),
              "added_by": world.accountant}  # fmt: skip
    row, _new = CustomerFile.objects.get_or_create(customer=world.ours, name="a.pdf", defaults=values)
    return (row.pk,)


def tip_for_finance(world):
    finance = Department.objects.get(code="finance")
    Department.objects.filter(pk=finance.pk).update(head=world.people["finance"])
    values = {"sent_at": timezone.now(), "sent_by": world.nobody, "department": finance}
    row, _new = Tip.objects.get_or_create(text="TIP-17", defaults=values)
    return (row.pk,)


def view_of_accountant(world):
    row, _new = SavedView.objects.get_or_create(person=world.accountant, name="MATRIX", defaults={"sort": "newest"})
    return (row.pk,)


def export_of_accountant(world):
    """A file that East's accountant has taken out: nobody else gets it, administrators included."""
    now = timezone.now()
    values = {
        "columns": ["name"], "format": "csv", "state": "done", "attempt": 1, "name": "list.csv", "asked_at": now,
        "finished_at": now, "expires_at": now + timedelta(days=1),
    }  # fmt: skip
    key = {"person": world.accountant, "list": "customers", "purpose": "MATRIX"}
    row, _new = ExportJob.objects.get_or_create(**key, defaults=values)
    path = exporting.path_of(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("EXPORT-17")
    return (row.pk,)


WRITERS = frozenset({"marketing", "service_head", "branch_manager", "administrator"})
EDITORS = frozenset({"marketing", "administrator"})  # of a notice that marketing has written


def import_at(state):
    """An import of the administrator that stands at this step and has a row about `ours`."""

    def args(world):
        there = Import.objects.filter(state=state, asked_by=world.administrator).last()
        return ((there or imports.at(state, by=world.administrator, record=world.ours)).pk,)

    return args


def parameter(world):
    return ("policy.closes",)


def own_day(world):
    later = timezone.localdate() + timedelta(days=30)
    day, _made = CalendarDay.objects.get_or_create(date=later, origin="own", defaults={"works": False, "name": "盘点"})
    return (day.pk,)


def running_clock(world, branch=None, responsible=None):
    return (
        clocks.start(
            world.nobody, "CMP-03", at=timezone.now(), term="24h", title="DUTY-17", branch=branch or world.east,
            responsible=responsible or world.accountant, key=(branch or world.east).code,
        ).pk,
    )  # fmt: skip


def clock_of_west(world):
    return running_clock(world, world.west, world.stranger)


DESK = frozenset({"clerk", "accountant", "branch_manager"})  # of East; `stranger` serves West's
DESKS = DESK | {"stranger"}
BOOKS = frozenset({"accountant", "branch_manager"})
KEEPERS = BOOKS | {"stranger"}


def sent(world):
    """A form that a customer has sent to East."""
    values = {"branch": world.east, "name": "扫码客户", "contact": "王芳", "phone": "138 1111 2222",
              "sent_at": timezone.now()}  # fmt: skip
    row, _new = DeskForm.objects.get_or_create(dismissed_because="", settled_at=None, defaults=values)
    return (row.pk,)


def east(world):
    return (world.east.pk,)


def desk_link(world, days=0, unit=None):
    unit = unit or world.east
    return unit.pk, desk.key(unit.pk, timezone.localdate() - timedelta(days=days))


def form_book(world):
    """A book of East."""
    book = FormBook.objects.filter(branch=world.east).first()
    book = book or books.bind(
        branch=world.east, first="0000001", last="0000003", by=world.accountant, at=timezone.now()
    )  # fmt: skip
    return (book.pk,)


def of_book(status, data=None, args=form_book):
    """A button on the page of a book."""
    return [Case(BOOKS, KEEPERS - BOOKS, method="POST", args=args, data=lambda world: data or {}, status=status)]


def noted(world):
    """A form that East's clerk noted and nobody has entered."""
    at = timezone.now()
    row = FormReceipt.objects.filter(branch=world.east, serial="M-1").first() or receipts.note(
        branch=world.east, serial="M-1", received_at=at, by=world.clerk, at=at
    )
    return (row.pk,)


def entered(world):
    return (world.ours.registration.receipt.pk,)


def pasted(world):
    return {"pasted": "李娜 13800138000"}


def check_of_ours(world):
    """Somebody looked at `ours` at the till, so that the list of checks has a row."""
    if not world.ours.checkout_checks.exists():
        checkout.check(world.ours, version=world.ours.version, by=world.accountant, at=timezone.now())
    return ()


MATRIX = {
    "home": [Case(SIGNED_IN, shows=MARKERS)],
    "sign_in": [
        Case(frozenset(), public=True, signed_in_status=302),
        Case(frozenset(), method="POST", public=True, signed_in_status=302),
    ],
    "second_step": [
        Case(frozenset(), public=True, status=302),
        Case(frozenset(), method="POST", public=True, status=302),
    ],
    "account": [Case(SIGNED_IN)],
    "account_profile": form(SIGNED_IN),
    "account_password": form(SIGNED_IN),
    "account_sessions": [Case(SIGNED_IN)],
    "account_sessions_end": [Case(SIGNED_IN, method="POST", status=302)],
    "account_session_end": [
        Case(frozenset({"nobody"}), SIGNED_IN - {"nobody"}, args=other_device, method="POST", status=302)
    ],
    "account_two_step_on": form(SIGNED_IN, instead={"administrator": 302}),
    "account_two_step_off": form(SIGNED_IN, status=302),
    "account_recovery_codes": form(SIGNED_IN, status=302, instead={"administrator": 200}),
    "second_factor_reset": form(ADMINISTRATOR, args=account),
    "sign_out": [Case(frozenset(), method="POST", public=True, status=302)],
    "welcome": [
        Case(frozenset(), args=one_time_link, public=True),
        Case(frozenset(), args=lambda world: ("MQ", "used"), public=True, status=410),
        Case(frozenset(), args=one_time_link, method="POST", public=True),
    ],
    "language": [Case(frozenset(), method="POST", data=lambda world: {"language": "en"}, public=True, status=302)],
    "theme": [Case(frozenset(), method="POST", data=lambda world: {"theme": "dark"}, public=True, status=302)],
    "desk_form": [
        Case(frozenset(), args=desk_link, public=True, says="LC 16.06.302.01"),
        Case(frozenset(), method="POST", args=desk_link, public=True, says="LC 16.06.302.01"),
        Case(frozenset(), args=lambda world: desk_link(world, days=1), public=True, status=404),
        Case(frozenset(), args=lambda world: desk_link(world, days=-1), public=True, status=404),
        Case(frozenset(), args=lambda world: (world.west.pk, desk_link(world)[1]), public=True, status=404),
        Case(frozenset(), args=lambda world: (world.east.pk, "guess"), public=True, status=404),
        Case(frozenset(), args=lambda world: (10**9, "guess"), method="POST", public=True, status=404),
    ],
    "desk_sent": [
        Case(frozenset(), args=desk_link, public=True),
        Case(frozenset(), args=lambda world: desk_link(world, days=2), public=True, status=404),
    ],
    "customers:list": [
        Case(VIEW, shows=MARKERS),
        Case(VIEW, data=lambda world: {"sort": "name"}, shows=MARKERS),
    ],
    "customers:search": [
        Case(VIEW, method="POST", data=lambda world: {"text": "有限公司"}, htmx=True, shows=MARKERS),
        Case(VIEW, method="POST", data=lambda world: {"text": "有限公司"}, status=302),
    ],
    "customers:columns": [Case(VIEW, method="POST", status=302)],
    "customers:looks": [Case(VIEW)],
    "customers:view_save": [Case(VIEW, method="POST", data=lambda world: {"name": "MINE"}, status=302)],
    "customers:view_delete": [
        Case(frozenset({"accountant"}), VIEW - {"accountant"}, args=view_of_accountant, method="POST", status=302)
    ],
    "customers:register": form(REGISTER, says="LC 16.06.302.01"),
    "customers:check": [
        Case(REGISTER, method="POST", data=looks_like_theirs, htmx=True, named=("theirs",)),
    ],
    "customers:desk": [
        Case(DESKS), Case(DESKS, data=lambda world: {"show": "settled"}),
    ],
    "customers:desk_confirm": form(DESK, absent=DESKS - DESK, args=sent, says="LC 16.06.302.01"),
    "customers:desk_dismiss": [
        Case(DESK, DESKS - DESK, args=sent, says="扫码客户"),
        Case(DESK, DESKS - DESK, method="POST", args=sent, data=lambda world: {"reason": "试填"}, status=302),
    ],
    "customers:desk_stand": [Case(DESK, DESKS - DESK, args=east, says="code.svg")],
    "customers:desk_code": [Case(DESK, DESKS - DESK, args=east, says="<svg")],
    "customers:desk_blank": [Case(DESK, DESKS - DESK, args=east, says="LC 16.06.302.01")],
    "customers:books": [Case(KEEPERS)],
    "customers:book_new": form(KEEPERS),
    "customers:book": [Case(BOOKS, KEEPERS - BOOKS, args=form_book, says="0000003")],
    "customers:book_print": [Case(BOOKS, KEEPERS - BOOKS, args=form_book, says="0000002")],
    "customers:book_issue": of_book(200),
    "customers:book_return": of_book(302),
    "customers:book_spoil": of_book(200) + of_book(302, {"serial": "2", "reason": "印坏"}),
    "customers:book_unspoil": of_book(302, args=lambda world: (*form_book(world), 2)),
    "customers:recognise": [
        Case(REGISTER, method="POST", data=pasted, htmx=True, says="138 0013 8000"),
        Case(REGISTER, method="POST", data=pasted, says="138 0013 8000"),
    ],
    "customers:draft_save": [
        Case(REGISTER, method="POST", data=lambda world: {"submission": str(uuid4()), "name": "海天"}, htmx=True),
        Case(REGISTER, method="POST", status=302),
    ],
    "customers:draft_discard": [Case(REGISTER, method="POST", status=302)],
    "customers:forms": [Case(FORMS, says="REC-05")],
    "customers:receive": [Case(DESKS, method="POST")],
    "customers:received": [Case(FORMS, shows=MARKERS), Case(FORMS, data=lambda world: {"state": "waiting"})],
    "customers:receipt": [
        Case(EAST | (FORMS & WHOLE_COMPANY), FORMS - EAST - WHOLE_COMPANY, args=noted, status=302),
        Case(EAST | (FORMS & WHOLE_COMPANY), FORMS - EAST - WHOLE_COMPANY, args=entered, status=302),
    ],
    "customers:strike": [
        Case(DESK, frozenset({"stranger"}), args=noted, says="M-1"),
        Case(DESK, frozenset({"stranger"}), method="POST", args=noted),
        Case(frozenset(), DESKS, args=entered),
    ],
    "customers:checkout": [
        Case(EDIT),
        Case(EDIT, method="POST", data=lambda world: {"text": "有限公司"}, htmx=True, shows=MARKERS),
    ],
    "customers:checkout_check": [
        Case(EDITS[row], EDIT - EDITS[row], args=of(row), shows=(row,)) for row in EDITS
    ] + [
        Case(EDITS["ours"], EDIT - EDITS["ours"], method="POST", args=of("ours"), shows=("ours",)),
        Case(EDITS["theirs"], EDIT - EDITS["theirs"], method="POST", args=of("theirs"), shows=("theirs",)),
    ],
    "customers:checks": [Case(FORMS, args=check_of_ours, shows=("ours",))],
    "customers:standard": [Case(ADMINISTRATOR, says="REC-21")],
    "customers:standard_line": form(ADMINISTRATOR),
    "customers:campaigns": [
        Case(CAMPAIGNS), Case(CAMPAIGNS, data=lambda world: {"kind": "fair", "state": "open"}),
    ],
    "customers:campaign_new": form(MARKETING),
    "customers:campaign": [
        Case(CAMPAIGNS, args=campaign, shows=("ours", "theirs"), says="FAIR-17"),
        Case(frozenset(), CAMPAIGNS, args=lambda world: (10**9,)),
    ],
    "customers:campaign_edit": form(MARKETING, args=campaign),
    "customers:campaign_close": [Case(MARKETING, method="POST", args=campaign, status=302)],
    "customers:campaign_reopen": [Case(MARKETING, method="POST", args=campaign, status=302)],
    "customers:fair_cards": form(FAIR, args=campaign),
    "customers:fair_check": [
        Case(FAIR, method="POST", args=campaign, data=card_like_theirs, htmx=True, shows=("theirs",))
    ],
    "customers:fair_draft": [Case(FAIR, method="POST", args=campaign, htmx=True, status=204)],
    "customers:fair_discard": [Case(FAIR, method="POST", args=campaign, status=302)],
    "customers:fair_result": [Case(FAIR, args=campaign)],
    "customers:codes": [Case(ADMINISTRATOR)],
    "customers:code_list": [
        Case(ADMINISTRATOR, args=table),
        Case(frozenset(), ADMINISTRATOR, args=lambda world: ("no-such-table",)),
    ],
    "customers:code_new": form(ADMINISTRATOR, args=table),
    "customers:code_edit": form(ADMINISTRATOR, args=industry),
    "customers:code_retire": [Case(ADMINISTRATOR, method="POST", args=industry, status=302)],
    "customers:code_restore": [Case(ADMINISTRATOR, method="POST", args=industry, status=302)],
    "customers:record": [
        Case(SEES[row], VIEW - SEES[row], args=of(row), shows=(row,)) for row in MARKERS
    ] + [Case(frozenset(), VIEW, args=lambda world: (10**9,))],
    "customers:reveal": [
        Case(SEES[row], VIEW - SEES[row], method="POST", args=of(row), data=why_reveal, htmx=True, says=says)
        for row, says in (("ours", "139 1002 0001"), ("theirs", ""))
    ],
    "customers:consent_new": [
        Case(IN_TOUCH, ELSEWHERE, args=of("ours"), shows=("ours",)),
        Case(IN_TOUCH, ELSEWHERE, method="POST", args=of("ours"), shows=("ours",)),
    ],
    "customers:consent_withdraw": [
        Case(IN_TOUCH, ELSEWHERE, args=consent, shows=("ours",)),
        Case(IN_TOUCH, ELSEWHERE, method="POST", args=consent, data=lambda world: {"note": "电话"}, status=302),
    ],
    "customers:owner": [
        Case(MANAGER, args=of("ours"), shows=("ours",)),
        Case(MANAGER, method="POST", args=of("ours"), data=to_nobody, status=302),
        Case(frozenset(), MANAGER, args=of("theirs")),
        Case(frozenset(), MANAGER, method="POST", args=of("theirs"), data=to_nobody),
    ],
    "customers:contact_back": [
        Case(EDITS[row], EDIT - EDITS[row], method="POST", args=former_of(row), status=302) for row in EDITS
    ],
    "customers:archive": [
        case for row in ARCHIVES for case in (
            Case(ARCHIVES[row], ARCHIVE - ARCHIVES[row], args=of(row), shows=(row,)),
            Case(ARCHIVES[row], ARCHIVE - ARCHIVES[row], method="POST", args=of(row), data=why, status=302),
        )
    ],
    "customers:restore": [
        case for row in ARCHIVES for case in (
            Case(ARCHIVES[row], ARCHIVE - ARCHIVES[row], args=of(row), shows=(row,)),
            Case(ARCHIVES[row], ARCHIVE - ARCHIVES[row], method="POST", args=of(row), data=why, status=302),
        )
    ],
    "customers:assign": [
        Case(MANAGER, method="POST", data=to_assign),
        Case(MANAGER, method="POST", data=lambda world: to_assign(world) | {"step": "confirm"}, status=302),
        Case(MANAGER, method="POST", status=302),
    ],
    "customers:proposals": [Case(VIEW), Case(VIEW, data=lambda world: {"show": "decided"})],
    "customers:proposal": [
        Case(EDITS["ours"] | {"clerk"}, VIEW - EDITS["ours"] - {"clerk"}, args=proposal, says="搬了"),
        Case(EDITS["ours"], VIEW - EDITS["ours"], method="POST", args=proposal,
             data=lambda world: {"version": 1, "accept": "1"}, status=302),
    ],
    "customers:propose_block": [
        Case(SEES[row], VIEW - SEES[row], method=method, args=of(row, block), shows=(row,),
             instead=dict.fromkeys(EDITS[row], 302))
        for row, block in (("ours", "identity"), ("theirs", "business")) for method in ("GET", "POST")
    ] + [Case(frozenset(), VIEW, args=of("ours", "value"))],
    "customers:block": [
        Case(SEES["ours"], VIEW - SEES["ours"], args=of("ours", "identity"), htmx=True, shows=("ours",)),
        Case(SEES["theirs"], VIEW - SEES["theirs"], args=of("theirs", "identity"), htmx=True, shows=("theirs",)),
        Case(SEES["ours"], VIEW - SEES["ours"], args=of("ours", "contacts"), htmx=True, says="李娜"),
        Case(SEES["ours"], VIEW - SEES["ours"], args=of("ours", "business"), status=302),
        Case(frozenset(), VIEW, args=of("ours", "no-such-block"), htmx=True),
    ],
    "customers:edit_block": [
        Case(EDITS[row], EDIT - EDITS[row], args=of(row, "identity"), htmx=True, shows=(row,)) for row in EDITS
    ] + [
        Case(EDITS["ours"], EDIT - EDITS["ours"], args=of("ours", "interaction"), shows=("ours",)),
        Case(EDITS["ours"], EDIT - EDITS["ours"], method="POST", args=of("ours", "identity"), htmx=True),
        Case(EDITS["theirs"], EDIT - EDITS["theirs"], method="POST", args=of("theirs", "business"),
             shows=("theirs",)),
        Case(frozenset(), EDIT, args=of("ours", "value"), htmx=True),
    ],
    "customers:cards": [
        Case(SEES["ours"], VIEW - SEES["ours"], args=of("ours"), shows=("ours",)),
        Case(SEES["ours"], VIEW - SEES["ours"], method="POST", args=of("ours"), data=cards_of_ours, shows=("ours",),
             says="李娜"),
        Case(SEES["theirs"], VIEW - SEES["theirs"], method="POST", args=of("theirs"), shows=("theirs",)),
    ],
    "customers:parent": [
        Case(EDITS["ours"], EDIT - EDITS["ours"], args=of("ours"), shows=("ours",)),
        Case(EDITS["ours"], EDIT - EDITS["ours"], method="POST", args=of("ours"),
             data=lambda world: {"version": 1, "parent": ""}, status=302),
        Case(EDITS["ours"], EDIT - EDITS["ours"], method="POST", args=of("ours"),
             data=lambda world: {"version": 1, "parent": world.theirs.pk}, htmx=True),
    ],
    "customers:parent_find": [
        Case(EDITS["ours"], EDIT - EDITS["ours"], method="POST", args=of("ours"),
             data=lambda world: {"text": "有限公司"}, htmx=True, shows=("theirs", "online", "held")),
    ],
    "customers:papers": [
        Case(SEES["ours"], VIEW - SEES["ours"], args=of("ours"), shows=("ours",)),
        Case(SEES["theirs"], VIEW - SEES["theirs"], args=of("theirs"), htmx=True),
    ],
    "customers:note_new": [
        Case(NOTES, REGISTER - NOTES, method="POST", args=of("ours"), shows=("ours",)),
        Case(NOTES, REGISTER - NOTES, method="POST", args=of("ours"), data=lambda world: {"text": "x"}, status=302),
    ],
    "customers:note_edit": [
        Case(frozenset({"accountant"}), REGISTER - {"accountant"}, args=note_of_accountant, shows=("ours",),
             says="NOTE-17"),
        Case(frozenset({"accountant"}), REGISTER - {"accountant"}, method="POST", args=note_of_accountant,
             data=lambda world: {"text": "x"}, status=302),
    ],
    "customers:file_new": [Case(NOTES, REGISTER - NOTES, method="POST", args=of("ours"), shows=("ours",))],
    "customers:file": [Case(SEES["ours"], VIEW - SEES["ours"], args=file_of_accountant)],
    "customers:file_remove": [
        Case(EDITS["ours"], REGISTER - EDITS["ours"], args=file_of_accountant, shows=("ours",)),
        Case(EDITS["ours"], REGISTER - EDITS["ours"], method="POST", args=file_of_accountant,
             data=lambda world: {"because": "x"}, status=302),
    ],
    "customers:imports": [
        Case(ADMINISTRATOR, says="REC-15"), Case(ADMINISTRATOR, data=lambda world: {"state": "done"}),
    ],
    "customers:import_new": form(ADMINISTRATOR, says="REC-15"),
    "customers:import": [
        Case(ADMINISTRATOR, args=import_at(state), says="老客户", shows=("ours",) * (state in ("checked", "undone")))
        for state in ("looking", "mapping", "checked", "done", "undone", "failed", "cancelled")
    ] + [Case(frozenset(), ADMINISTRATOR, args=lambda world: (10**9,))],
    "customers:import_progress": [
        Case(ADMINISTRATOR, args=import_at("looking"), htmx=True),
        Case(ADMINISTRATOR, args=import_at("done"), status=302),
    ],
    "customers:import_look": [Case(ADMINISTRATOR, method="POST", args=import_at("mapping"))],
    "customers:import_columns": [Case(ADMINISTRATOR, method="POST", args=import_at("mapping"))],
    "customers:import_words": [
        Case(ADMINISTRATOR, args=import_at("checked")),
        Case(ADMINISTRATOR, method="POST", args=import_at("checked"), status=302),
        Case(ADMINISTRATOR, args=import_at("mapping"), status=302),
    ],
    "customers:import_rows": [
        Case(ADMINISTRATOR, args=import_at("checked"), shows=("ours",)),
        Case(ADMINISTRATOR, args=import_at("checked"), data=lambda world: {"outcome": "update"}, shows=("ours",)),
        Case(ADMINISTRATOR, args=import_at("checked"), data=lambda world: {"outcome": "rejected"}),
    ],
    "customers:import_decide": [
        Case(ADMINISTRATOR, method="POST", args=import_at("checked"), data=lambda world: {"all": "take:address"},
             status=302),
    ],
    "customers:import_errors": [Case(ADMINISTRATOR, method="POST", args=import_at("mapping"), status=302)],
    "customers:import_back": [Case(ADMINISTRATOR, method="POST", args=import_at("checked"), status=302)],
    "customers:import_commit": [
        Case(ADMINISTRATOR, args=import_at("checked")),
        Case(ADMINISTRATOR, method="POST", args=import_at("checked"), status=302),
    ],
    "customers:import_undo": [
        Case(ADMINISTRATOR, args=import_at("done")),
        Case(ADMINISTRATOR, method="POST", args=import_at("done"), status=302),
    ],
    "customers:import_cancel": [
        Case(ADMINISTRATOR, args=import_at("mapping")),
        Case(ADMINISTRATOR, method="POST", args=import_at("mapping"), status=302),
    ],
    "customers:import_corrected": [
        *form(ADMINISTRATOR, args=import_at("done")), Case(frozenset(), ADMINISTRATOR, args=import_at("mapping")),
    ],
    "customers:purchases": [
        Case(VIEW, data=lambda world: {"customer": purchase(world) and world.ours.pk}, shows=("ours",), says="REC-16"),
        Case(VIEW, method="POST", data=lambda world: {"q": "印务"}, status=302),
    ],
    "customers:purchase_new": [
        *form(ENTERERS),
        Case(ENTERERS, data=lambda world: {"customer": world.ours.pk}, shows=("ours",)),
        Case(ENTERERS, method="POST", data=a_purchase, status=302, instead={"stranger": 200}),
    ],
    "customers:purchase_find": [
        Case(ENTERERS, method="POST", data=lambda world: {"about": "有限公司"}, htmx=True,
             shows=("ours", "theirs", "held")),
    ],
    "customers:purchase": [
        Case(SEES["ours"], VIEW - SEES["ours"], args=purchase, shows=("ours",), says="BUY-17"),
    ],
    "customers:purchase_edit": [
        Case(ENTERS, ENTERERS - ENTERS, args=purchase, shows=("ours",)),
        Case(ENTERS, ENTERERS - ENTERS, method="POST", args=purchase, shows=("ours",)),
    ],
    "customers:purchase_remove": [
        Case(ENTERS, ENTERERS - ENTERS, args=purchase, shows=("ours",)),
        Case(ENTERS, ENTERERS - ENTERS, method="POST", args=purchase, data=purchase_as_it_is, status=302),
    ],
    "customers:purchase_correct": [
        Case(ENTERS, ENTERERS - ENTERS, args=purchase, shows=("ours",)),
        Case(ENTERS, ENTERERS - ENTERS, method="POST", args=purchase, shows=("ours",)),
    ],
    "customers:correction": [
        Case(SEES["ours"], VIEW - SEES["ours"], args=correction, shows=("ours",), says="ASK-17"),
        Case(SEES["ours"], VIEW - SEES["ours"], method="POST", args=correction, data=lambda world: {"approve": "1"},
             status=302),
    ],
    "customers:purchases_of": [
        Case(SEES["ours"], VIEW - SEES["ours"], args=of("ours"), htmx=True),
        Case(SEES["theirs"], VIEW - SEES["theirs"], args=of("theirs"), htmx=True),
        Case(SEES["ours"], VIEW - SEES["ours"], args=of("ours"), status=302),
    ],
    "customers:tips": [Case(SIGNED_IN), Case(SIGNED_IN, data=lambda world: {"state": "unit"})],
    "customers:tip_new": [
        *form(SIGNED_IN),
        Case(SIGNED_IN, data=lambda world: {"customer": world.ours.pk}, shows=("ours",)),
        Case(SIGNED_IN, method="POST", data=lambda world: {"text": "x", "about": world.theirs.name}, status=302),
    ],
    "customers:tip_find": [
        Case(SIGNED_IN, method="POST", data=lambda world: {"about": world.theirs.name}, htmx=True, named=("theirs",)),
    ],
    "customers:tip": [
        Case(TIP_READERS, SIGNED_IN - TIP_READERS, args=tip_for_finance, says="TIP-17"),
        Case(TIP_READERS, SIGNED_IN - TIP_READERS, method="POST", args=tip_for_finance,
             data=lambda world: {"answer": "x"}, status=302, instead={"nobody": 200}),
    ],
    "policy:clause": [
        Case(SIGNED_IN, args=lambda world: ("SEC-01",), says="SEC-01"),
        Case(frozenset(), SIGNED_IN, args=lambda world: ("SEC-99",)),
    ],
    "policy:rules": [Case(ADMINISTRATOR)],
    "policy:rule": [
        *form(ADMINISTRATOR, args=parameter), Case(frozenset(), ADMINISTRATOR, args=lambda world: ("no.such.rule",)),
    ],
    "policy:handbook": [Case(SIGNED_IN, says="REC-05"), Case(SIGNED_IN, data=lambda world: {"q": "SEC-01"})],
    "policy:handbook_confirm": [Case(SIGNED_IN, method="POST", status=302)],
    "policy:handbook_readers": [Case(MANAGERS | ADMINISTRATOR)],
    "policy:calendar": [Case(SIGNED_IN)],
    "policy:calendar_load": form(ADMINISTRATOR),
    "policy:calendar_confirm": [Case(ADMINISTRATOR, method="POST")],
    "policy:own_day": form(ADMINISTRATOR),
    "policy:own_day_remove": [
        Case(ADMINISTRATOR, method="POST", args=own_day, status=302),
        Case(frozenset(), ADMINISTRATOR, method="POST", args=lambda world: (10**9,)),
    ],
    "policy:clocks": [Case(SIGNED_IN), Case(SIGNED_IN, data=lambda world: {"whose": "unit", "state": "breached"})],
    "policy:clock": [Case(CLOCK_SEERS, SIGNED_IN - CLOCK_SEERS, args=running_clock, says="DUTY-17")],
    "policy:clock_waive": [
        Case(MANAGERS, method="POST", args=running_clock),
        Case(MANAGERS, method="POST", args=running_clock, data=lambda world: {"reason": "DUTY"}, status=302),
        Case(frozenset({"service_head"}), MANAGER, method="POST", args=clock_of_west, says="DUTY-17"),
    ],
    "journal:timeline": [
        Case(SEES[row], SIGNED_IN - SEES[row], args=history_of(row), htmx=row != "ours", shows=(row,))
        for row in MARKERS
    ] + [Case(frozenset(), SIGNED_IN, args=lambda world: ("staff.person", world.owner.pk), htmx=True)],
    "journal:bell": [Case(SIGNED_IN, htmx=True)],
    "journal:notifications": [Case(SIGNED_IN), Case(SIGNED_IN, htmx=True)],
    "journal:notifications_read": [Case(SIGNED_IN, method="POST", status=302)],
    "journal:notification_open": [
        Case(frozenset({"nobody"}), SIGNED_IN - {"nobody"}, method="POST", args=told, status=302)
    ],
    "journal:push_settings": form(SIGNED_IN),
    "journal:notices": [Case(SIGNED_IN)],
    "journal:notice_new": form(WRITERS),
    "journal:notice": [
        Case(VIEW, SIGNED_IN - VIEW, args=published),
        Case(EDITORS, SIGNED_IN - EDITORS, args=draft),
    ],
    "journal:notice_read": [
        Case(VIEW, SIGNED_IN - VIEW, method="POST", args=published, status=302),
        Case(frozenset(), SIGNED_IN, method="POST", args=draft),
    ],
    "journal:notice_readers": [Case(EDITORS, WRITERS - EDITORS, args=published)],
    "journal:notice_edit": [
        Case(EDITORS, WRITERS - EDITORS, args=draft),
        Case(EDITORS, WRITERS - EDITORS, method="POST", args=draft),
    ],
    "journal:notice_publish": [Case(EDITORS, WRITERS - EDITORS, method="POST", args=draft, status=302)],
    "journal:notice_withdraw": [Case(EDITORS, WRITERS - EDITORS, method="POST", args=published, status=302)],
    "journal:attachment": [Case(VIEW, SIGNED_IN - VIEW, args=attached)],
    "journal:outbox": [Case(ADMINISTRATOR)],
    "journal:outbox_again": [Case(ADMINISTRATOR, method="POST", args=stuck, status=302)],
    "journal:outbox_close": [Case(ADMINISTRATOR, method="POST", args=stuck, status=302)],
    "journal:robots": [Case(ADMINISTRATOR)],
    "journal:robot_new": form(ADMINISTRATOR),
    "journal:robot_edit": form(ADMINISTRATOR, args=robot),
    "journal:robot_test": [Case(ADMINISTRATOR, method="POST", args=robot, status=302)],
    "journal:access_log": [
        Case(ADMINISTRATOR),
        Case(ADMINISTRATOR, htmx=True),
        Case(ADMINISTRATOR, method="POST", status=302),
    ],
    "journal:exports": [Case(SIGNED_IN), Case(SIGNED_IN, htmx=True)],
    "journal:export_new": [  # one view for all lists: the form is sent empty for the first one only
        *form(VIEW, args=lambda world: ("customers",)),
        Case(ADMINISTRATOR, args=lambda world: ("people",)),
        Case(ADMINISTRATOR, args=lambda world: ("access-log",)),
        Case(ADMINISTRATOR, args=lambda world: ("outbox",)),
        Case(SIGNED_IN, args=lambda world: ("clocks",)),
        Case(SIGNED_IN, args=lambda world: ("notifications",)),
        Case(FORMS, args=lambda world: ("received-forms",)),
        Case(FORMS, args=lambda world: ("checks",)),
        Case(VIEW, args=lambda world: ("proposed-changes",)),
        Case(DESKS, args=lambda world: ("desk-forms",)),
        Case(KEEPERS, args=lambda world: ("form-books",)),
        Case(SIGNED_IN, args=lambda world: ("tips",)),
        Case(ADMINISTRATOR, args=lambda world: ("imports",)),
        Case(VIEW, args=lambda world: ("purchases",)),
        Case(SIGNED_IN, args=lambda world: ("notices",)),
        Case(SIGNED_IN, args=lambda world: ("absences",)),
        Case(SIGNED_IN, args=lambda world: ("calendar",)),
        Case(ADMINISTRATOR, args=lambda world: ("units",)),
        Case(ADMINISTRATOR, args=lambda world: ("departments",)),
        Case(ADMINISTRATOR, args=lambda world: ("parameters",)),
        Case(ADMINISTRATOR, args=lambda world: ("codes",)),
        Case(CAMPAIGNS, args=lambda world: ("campaigns",)),
        Case(CAMPAIGNS, args=lambda world: ("campaign-members",)),
        Case(frozenset(), SIGNED_IN, args=lambda world: ("no-such-list",)),
    ],
    "journal:export_file": [
        Case(frozenset({"accountant"}), SIGNED_IN - {"accountant"}, args=export_of_accountant, says="EXPORT-17")
    ],
    "journal:export_end": [
        Case(frozenset({"accountant"}), SIGNED_IN - {"accountant"}, args=export_of_accountant, method="POST",
             status=302)
    ],
    "journal:unsubscribe": [
        Case(frozenset(), args=letter_link, public=True),
        Case(frozenset(), args=letter_link, method="POST", public=True),
        Case(frozenset(), args=lambda world: ("guess",), public=True, status=404),
    ],
    "staff:people": [
        Case(ADMINISTRATOR),
        Case(ADMINISTRATOR, htmx=True),
        Case(ADMINISTRATOR, method="POST", status=302),
    ],
    "staff:device_checks": [Case(ADMINISTRATOR)],
    "staff:device_check": form(SIGNED_IN),
    "staff:person_new": form(ADMINISTRATOR),
    "staff:person": [Case(ADMINISTRATOR, args=account)],
    "staff:person_edit": form(ADMINISTRATOR, args=account),
    "staff:person_disable": [Case(ADMINISTRATOR, method="POST", args=account, status=302)],
    "staff:person_enable": [Case(ADMINISTRATOR, method="POST", args=account, status=302)],
    "staff:person_new_link": [Case(ADMINISTRATOR, method="POST", args=account, status=302)],
    "staff:person_link": [Case(ADMINISTRATOR, args=account, status=302)],
    "staff:position_new": form(ADMINISTRATOR, args=account),
    "staff:position_end": form(ADMINISTRATOR, args=of_position),
    "staff:absences": [Case(SIGNED_IN)],
    "staff:absence_new": form(SIGNED_IN),
    "staff:absence_edit": [
        Case(MANAGER | ADMINISTRATOR, SIGNED_IN - MANAGER - ADMINISTRATOR, args=absence),
        Case(MANAGER | ADMINISTRATOR, SIGNED_IN - MANAGER - ADMINISTRATOR, method="POST", args=absence),
    ],
    "staff:absence_end": [
        Case(MANAGER | ADMINISTRATOR, SIGNED_IN - MANAGER - ADMINISTRATOR, method="POST", args=absence, status=302)
    ],
    "staff:branches": [Case(ADMINISTRATOR)],
    "staff:branch_new": form(ADMINISTRATOR),
    "staff:branch": [Case(ADMINISTRATOR, args=unit)],
    "staff:branch_edit": form(ADMINISTRATOR, args=unit),
    "staff:area_new": form(ADMINISTRATOR, args=unit),
    "staff:area_edit": form(ADMINISTRATOR, args=area),
    "staff:departments": [Case(ADMINISTRATOR)],
    "staff:department_new": form(ADMINISTRATOR),
    "staff:department_edit": form(ADMINISTRATOR, args=department),
    "staff:districts": [Case(SIGNED_IN, data=lambda world: {"province": "北京市"}, htmx=True)],
}  # fmt: skip
