"""The small company in which the tests live.

Two branches, East and West, the units of e-commerce and international trade, and one person in each of the 15
positions: the branch positions in East, the others at headquarters. `owner` is East's sales representative,
`colleague` East's second one, `stranger` West's accountant, `nobody` holds no position, `disabled` was East's clerk.
`ours` is a customer of East in the owner's charge, `unowned` one of East in nobody's, `theirs` one of West.
"""

import functools
import pickle
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.utils import timezone, translation

from customers.actions import ContactEntry, FormEntry, register
from customers.models import Kind, Source
from customers.values import phones
from staff.models import Area, Branch, Company, Department, District, Person, Position, SecondFactor
from staff.verbs import UNIT_POSITIONS, PositionCode
from tests import servers

LONG_AGO = date(2020, 1, 1)
SEED = "half of a secret"  # of administrators' authenticator apps
PASSWORD = "correct horse 2026"  # hashed once for everybody
ARGUMENTS = ("needs", "consents", "declined", "stage", "different_because")  # of register, beside the columns
DEPARTMENT_OF = {
    PositionCode.INSPECTOR: "customer_service",
    PositionCode.SERVICE_HEAD: "customer_service",
    PositionCode.RELATIONS_SPECIALIST: "customer_relations",
    PositionCode.CALL_AGENT: "call_centre",
    PositionCode.TECHNICAL: "technical",
    PositionCode.FINANCE: "finance",
    PositionCode.MARKETING: "marketing",
    PositionCode.EXECUTIVE: "management",
    PositionCode.ADMINISTRATOR: "information",
}


@dataclass
class World:
    east: Branch
    west: Branch
    online: Branch
    abroad: Branch
    people: dict[str, Person] = field(default_factory=dict)  # by position code
    owner: Person = None
    colleague: Person = None
    stranger: Person = None
    west_manager: Person = None
    nobody: Person = None
    disabled: Person = None
    ours: object = None
    unowned: object = None
    theirs: object = None

    @property
    def accountant(self):
        return self.people[PositionCode.ACCOUNTANT]

    @property
    def clerk(self):
        return self.people[PositionCode.CLERK]

    @property
    def manager(self):
        return self.people[PositionCode.BRANCH_MANAGER]

    @property
    def administrator(self):
        return self.people[PositionCode.ADMINISTRATOR]

    def customer(self, name, *, branch=None, by=None, owner=None, phone="", contact="李娜", **fields):
        """Register a customer as its unit would; `fields` are further columns or arguments of `register`."""
        branch = branch or self.east
        by = by or (self.accountant if branch == self.east else self.stranger)
        at = fields.pop("at", timezone.now())
        arguments = {key: fields.pop(key) for key in ARGUMENTS if key in fields}
        columns = {"kind": Kind.COMPANY, "source": Source.WALK_IN, "address": "中山路 1 号", "branch": branch} | fields
        contacts = [ContactEntry(name=contact, phones=(phones.read(phone),))] if phone else []
        return register(
            fields={"name": name, **columns},
            contacts=contacts,
            form=FormEntry(received_at=at - timedelta(minutes=5), received_by=by),
            owner=owner,
            by=by,
            at=at,
            **arguments,
        )


@functools.cache
def _hashed():
    return make_password(PASSWORD)


def hire(number, name, code=None, *, branch=None, area=None, since=LONG_AGO, until=None, **fields):
    """A person, and a position if a code is given. The password is PASSWORD; hashed once.

    Administrators have two-step sign-in on, without which nothing opens for them outside demo mode (SEC-02).
    """
    person = Person.objects.create(staff_number=number, name=name, password=_hashed(), **fields)
    if code:
        at_headquarters = code not in UNIT_POSITIONS
        department = Department.objects.get(code=DEPARTMENT_OF[code]) if at_headquarters else None
        place = {"department": department} if at_headquarters else {"branch": branch}
        Position.objects.create(person=person, code=code, area=area, starts_on=since, ends_on=until, **place)
    if code == PositionCode.ADMINISTRATOR:
        SecondFactor.objects.create(person=person, seed=SEED, since=timezone.now(), last_step=0)
    return person


def load_world():
    Company.objects.get_or_create(name="试验公司")
    chaoyang = District.objects.get(province="北京市", name="朝阳区")
    xihu = District.objects.get(city="杭州市", name="西湖区")
    world = World(
        east=Branch.objects.create(code="east", name="东城分店", channel="branch", district=chaoyang),
        west=Branch.objects.create(code="west", name="西湖分店", channel="branch", district=xihu),
        online=Branch.objects.create(code="online", name="电子商务部", channel="ecommerce"),
        abroad=Branch.objects.create(code="abroad", name="国际贸易部", channel="international"),
    )
    area = Area.objects.create(name="朝阳", branch=world.east)
    area.districts.add(chaoyang)
    for number, code in enumerate(PositionCode, start=1):
        in_area = area if code == PositionCode.SALES_REP else None
        world.people[code] = hire(f"E{number:03}", f"东{code.label}"[:50], code, branch=world.east, area=in_area)
    world.owner = world.people[PositionCode.SALES_REP]
    world.colleague = hire("E101", "同事", PositionCode.SALES_REP, branch=world.east)
    world.stranger = hire("W001", "西湖会计", PositionCode.ACCOUNTANT, branch=world.west)
    world.west_manager = hire("W002", "西湖店长", PositionCode.BRANCH_MANAGER, branch=world.west)
    world.nobody = hire("N001", "无岗")
    world.disabled = hire("E102", "离职", PositionCode.CLERK, branch=world.east, disabled_at=timezone.now())
    world.ours = world.customer("东方红印务有限公司", owner=world.owner, phone="13910020001", district=chaoyang)
    world.unowned = world.customer("天光广告有限公司", phone="13910020002", district=None)
    world.theirs = world.customer("西泠图文有限公司", branch=world.west, phone="13910020003", district=xihu)
    return world


class SharedWorld:
    """A world, committed in a database of its own: making it takes longer than most tests, so it is made once.

    Each test has a transaction there, which is undone, and objects of its own, which it may change.
    """

    def __init__(self, load, database):
        self.connections = database
        with self.connected(), translation.override(settings.LANGUAGE_CODE):  # whatever the last test spoke
            self.pickled = pickle.dumps(load())
        self.day = timezone.localdate()
        cache.clear()

    def connected(self):
        return servers.connected_through(self.connections)

    def copy(self):
        return pickle.loads(self.pickled)  # noqa: S301 - our own

    def drop(self):
        with self.connected():
            servers.drop_database()


class SharedWorlds:
    """Those of one test process, by the function that makes them."""

    def __init__(self, worker_id):
        self.worker_id = worker_id
        self.worlds = {}

    def made_by(self, load):
        """It is of today, as its customers came in today."""
        if load in self.worlds and self.worlds[load].day != timezone.localdate():
            self.worlds.pop(load).drop()
        if load not in self.worlds:
            self.worlds[load] = SharedWorld(load, servers.second_database(self.worker_id, load.__name__))
        return self.worlds[load]

    def drop(self):
        for shared in self.worlds.values():
            shared.drop()
