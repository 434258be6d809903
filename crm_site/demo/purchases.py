"""What the demo customers bought: fourteen months of documents, sales months that lock, corrections asked for."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from customers import purchases, sales_months
from customers.models import Customer, Product, Purchase, Stage
from customers.rules import GO_LIVE
from policy.models import RuleValue
from staff.verbs import PositionCode

PRODUCTS = [
    ("business-card", "名片", "盒", 18), ("brochure", "画册", "本", 26), ("flyer", "宣传单", "张", 0.6),
    ("poster", "海报", "张", 12), ("banner", "横幅", "条", 45), ("invoice-book", "联单", "本", 9),
    ("copy-paper", "复印纸", "箱", 145), ("binding", "装订", "本", 6),
]  # fmt: skip
LISTED = 0.9  # of the lines; the rest is written freely
FREE = ["加急费", "送货费", "设计费"]
RETURNED = 0.03
BUYERS = (Stage.ACTIVE, Stage.DORMANT)
DOCUMENTS = (1, 1, 1, 2, 2, 3, 4, 6)
QUANTITIES = (1, 2, 3, 5, 5, 10, 20, 50, 100)
MONTHS_LIVE = 4
TILL, EVENING = time(16, 40), time(17, 30)
WORTH = 100  # yuan; what is below, nobody corrects
ASKED = [("数量多记了 1 份", Decimal("0.5")), ("单价录错", Decimal("1.2"))]


def build(author, *, on):
    """Write products, the day of going live, and the purchases; `author` has composed the customers."""
    products = Product.objects.bulk_create(
        Product(code=code, name=name, unit_of_measure=measure) for code, name, measure, _price in PRODUCTS
    )
    prices = {product: price for product, (*_said, price) in zip(products, PRODUCTS, strict=True)}
    _go_live(author, on)
    Purchase.objects.bulk_create(_rows(author, prices, on), batch_size=2000)
    for plan in author.built.plan.values():
        if plan["channel"] == "branch":
            _corrections(author, author.built.units[plan["code"]], author.diaries[plan["code"]].open_days[-1])


def _go_live(author, on):
    day = on.replace(day=1)
    for _month in range(MONTHS_LIVE):
        day = sales_months.previous_month(day)
    office = next(p for p in author.built.positions if p.code == PositionCode.ADMINISTRATOR)
    RuleValue.objects.create(rule=GO_LIVE.key, value=str(day), starts_on=day, reason="系统上线", set_by=office.person,
                             set_at=_at(day, time(9)))  # fmt: skip


def _rows(author, prices, on):
    random, numbers = author.random, {}
    units = {unit.pk: unit for unit in author.built.units.values()}
    enterers = {pk: _holder(author, unit, PositionCode.ACCOUNTANT, on) for pk, unit in units.items()}
    buyers = Customer.objects.filter(stage__in=BUYERS).order_by("pk")
    for pk, unit, owner, entered_at in buyers.values_list("pk", "branch", "owner", "created_at").iterator():
        first = timezone.localdate(entered_at)
        for _document in range(random.choice(DOCUMENTS)):
            day = first + timedelta(days=random.randint(0, max((on - first).days - 1, 0)))
            numbers[unit] = numbers.get(unit, 0) + 1
            said = {
                "customer_id": pk, "branch_id": unit, "bought_on": min(day, on - timedelta(days=1)), "seller_id": owner,
                "document_number": f"XS{day:%y%m}-{numbers[unit]:04d}", "created_by": enterers[unit],
            }  # fmt: skip
            said["created_at"] = _at(said["bought_on"], TILL)
            for product in random.sample(list(prices), random.choice((1, 1, 1, 2))):
                quantity = random.choice(QUANTITIES)
                amount = Decimal(str(round(quantity * prices[product] * random.uniform(0.9, 1.3), 2)))
                if random.random() < RETURNED:
                    quantity, amount = -1, -(amount / quantity).quantize(Decimal("0.01"))
                yield Purchase(product=product, product_text=product.name, quantity=quantity, amount=amount, **said)
            if random.random() > LISTED:
                yield Purchase(product_text=random.choice(FREE), amount=random.choice((30, 50, 120)), **said)


def _corrections(author, unit, day):
    """One that waits for the manager, one that is approved."""
    accountant, manager = (
        _holder(author, unit, code, day) for code in (PositionCode.ACCOUNTANT, PositionCode.BRANCH_MANAGER)
    )
    locked = sales_months.locked_days(_at(day, EVENING), unit)
    if not (accountant and manager and locked):
        return
    rows = Purchase.objects.filter(branch=unit, bought_on__gte=locked[0], bought_on__lt=locked[1], amount__gt=WORTH)
    for number, row in enumerate(rows.order_by("-bought_on", "pk")[: len(ASKED)]):
        reason, factor = ASKED[number]
        asked = purchases.ask(row, mark=row.mark, amount=(row.amount * factor).quantize(Decimal("0.01")),
                              reason=reason, by=accountant, at=_at(day, EVENING))  # fmt: skip
        if number:
            purchases.decide(asked, approve=True, word="已核对单据", by=manager, at=_at(day, time(17, 50)))


def _holder(author, unit, code, day):
    """The person of this position in the unit; nobody where it is vacant."""
    return next((position.person for position in author.hands.holders(unit, {code}, day)), None)


def _at(day, clock):
    return datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())
