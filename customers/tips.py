"""Tips: sent by anybody, routed to whoever is responsible, answered with a word. Source: REC-20."""

from django.utils import timezone

from journal.actions import notify
from staff.history import action

from .duplicates import Match
from .models import Customer, MatchKey, Tip
from .notifications import TIP, TIP_ANSWERED
from .values import keys, phones
from .values.text import clean

FOUND = 5  # customers of one name that a person may choose from


class AnsweredAlready(Exception):
    """Somebody else was faster. `current`: the tip as it stands now."""

    def __init__(self, current):
        super().__init__(str(current.pk))
        self.current = current


def exactly(text, *, person):
    """Customers of any unit whose name, but for the legal form, or phone is exactly this, as Matches. A piece of a name
    finds nobody: who knows a customer may say so, but nobody can look around in other units' books."""
    text = clean(text)
    found, unreadable = phones.read_many(text)
    wanted = [(MatchKey.Kind.PHONE, number) for number in keys.phone_keys(found)] if not unreadable else []
    if not wanted:
        wanted = [
            (MatchKey.Kind.NAME, key)
            for key in {keys.name_key(text), keys.name_key(text, is_company=False)} if key
        ]  # fmt: skip
    ids = set()
    for kind, value in wanted:
        ids.update(MatchKey.objects.filter(kind=kind, value=value).values_list("customer_id", flat=True)[:FOUND])
    visible = set(Customer.objects.visible_to(person).filter(pk__in=ids).values_list("pk", flat=True))
    found = Customer.objects.filter(pk__in=ids).select_related("branch", "owner").order_by("-pk")[:FOUND]
    return [Match(customer, keys.SURE, visible=customer.pk in visible) for customer in found]


@action
def send_tip(*, text, customer=None, department=None, by, at):
    """Pass on what one has learned; without a department it goes to whoever is in charge of the customer."""
    tip = Tip.objects.create(text=text, customer=customer, department=department, sent_at=at, sent_by=by)
    notify(
        kind=TIP,
        recipients=tip.recipients(timezone.localdate(at)),
        at=at,
        dedupe=f"tip:{tip.pk}",
        subject=tip,
        branch=customer.branch if customer else None,
        url_name="customers:tip",
        params={"name": by.name},
    )
    return tip


@action
def answer_tip(tip, *, answer, by, at):
    """Answer once; the sender is told. Raises AnsweredAlready."""
    if not Tip.objects.open().filter(pk=tip.pk).update(answer=answer, answered_at=at, answered_by=by):
        raise AnsweredAlready(Tip.objects.get(pk=tip.pk))
    notify(
        kind=TIP_ANSWERED,
        recipients=[tip.sent_by],
        at=at,
        dedupe=f"tip_answered:{tip.pk}",
        subject=tip,
        url_name="customers:tip",
        params={"name": by.name},
    )
