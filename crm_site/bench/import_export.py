"""The same file by django-import-export: as it comes, and tuned by hand as far as it goes.

Both read with calamine and use the readers of values that Keke itself uses; neither looks for duplicates within the
file or for suspects, keeps what has no field, or writes contacts and keys.
"""

from datetime import datetime, time
from time import perf_counter

import python_calamine
import tablib
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from import_export import fields, resources, widgets

from customers.importing import known_words
from customers.models import BusinessType, CompanySize, Customer, Import, Industry
from customers.naming import derived_names
from customers.values import credit_codes, dates, phones
from customers.values.keys import name_key
from customers.values.names import is_similar
from customers.values.text import clean
from staff.models import Branch, Person

KEYS = "SELECT value, customer_id FROM customers_matchkey WHERE kind = %s AND value = ANY(%s)"
NAMED = """
SELECT m.value, c.branch_id, c.id FROM customers_matchkey m JOIN customers_customer c ON c.id = m.customer_id
WHERE m.kind = 'name' AND m.value = ANY(%s)
"""


def rows_a_second(resource, path, *, say):
    """How many rows of a workbook a resource looks through in a second, dry."""
    started = perf_counter()
    sheet = python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    data = tablib.Dataset(*sheet[1:], headers=sheet[0])
    made = resource()
    result = made.import_data(data, dry_run=True)
    if result.has_errors():
        errors = result.base_errors or result.row_errors()[0][1]
        raise RuntimeError(errors[0].error)
    seconds = perf_counter() - started
    say(f"{resource.__name__}: {len(data) / seconds:,.0f} rows a second, {result.totals}")
    return len(data) / seconds


class Text(widgets.CharWidget):
    def clean(self, value, row=None, **kwargs):
        return clean(str(value or ""))


class Phones(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        return phones.read_many(str(value or ""))[0]


class CreditCode(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        if not value:
            return ""
        code = credit_codes.read(str(value))
        if not code.check_digit_ok:
            raise ValidationError("check digit")
        return code.value


class Day(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        return timezone.make_aware(datetime.combine(dates.read(str(value)), time(12))) if value else timezone.now()


class Word(widgets.Widget):
    """A word of a list, by the same dictionaries as Keke's."""

    def __init__(self, name):
        super().__init__()
        self._name = name

    def clean(self, value, row=None, **kwargs):
        return WORDS.find(self._name, clean(str(value or "")))


WORDS = None


class _Columns(resources.ModelResource):
    """What both have in common."""

    name = fields.Field("name", "客户名称", widget=Text())
    credit_code = fields.Field("credit_code", "统一社会信用代码", widget=CreditCode())
    contact = fields.Field("contact_name", "联系人", widget=Text())
    title = fields.Field("contact_title", "职务", widget=Text())
    mobile = fields.Field("mobiles", "手机", widget=Phones())
    landline = fields.Field("landlines", "固定电话", widget=Phones())
    email = fields.Field("email", "电子邮箱", widget=Text())
    province = fields.Field("province", "省份", widget=Text())
    city = fields.Field("city", "城市", widget=Text())
    district_name = fields.Field("district_name", "区县", widget=Text())
    address = fields.Field("address", "地址", widget=Text())
    source = fields.Field("source", "客户来源", widget=Word("source"))
    tier = fields.Field("tier", "客户等级", widget=Word("tier"))
    created_at = fields.Field("created_at", "建档日期", widget=Day())
    needs = fields.Field("needs_text", "需求", widget=Text())
    preferences = fields.Field("preferences", "客户偏好", widget=Text())
    remarks = fields.Field("remarks", "备注", widget=Text())
    card = fields.Field("card", "会员卡号", widget=Text())

    def __init__(self, **kwargs):
        global WORDS  # widgets are made before there is a database
        WORDS = known_words.wording(Import())
        super().__init__(**kwargs)

    def refuse(self, instance):
        if not instance.branch_id:
            raise ValidationError("no such unit")
        if not instance.name or not (instance.mobiles or instance.landlines or instance.email or instance.address):
            raise ValidationError("no name, or no way of contact")

    def before_save_instance(self, instance, row, **kwargs):
        self.refuse(instance)
        instance.channel = CHANNELS.get(instance.branch_id) or instance.branch.channel
        instance.updated_at = instance.created_at
        instance.source, instance.tier = instance.source or "walk_in", instance.tier or "normal"
        for name, value in derived_names(instance.name, instance.kind).items():
            setattr(instance, name, value)

    class Meta:
        model = Customer
        fields = (
            "name", "credit_code", "contact", "title", "mobile", "landline", "email", "province", "city",
            "district_name", "address", "source", "tier", "created_at", "needs", "preferences", "remarks", "card",
            "branch", "industry", "size", "business_type", "owner", "created_by",
        )  # fmt: skip


class _Named(widgets.ForeignKeyWidget):
    """A relation by a query for each row; what is not there is wrong, not a fault."""

    def clean(self, value, row=None, **kwargs):
        try:
            return super().clean(value, row, **kwargs)
        except self.model.DoesNotExist as error:
            raise ValidationError("not known") from error


class Usual(_Columns):
    """As it comes: a query for each relation and each record, rows compared before and after."""

    branch = fields.Field("branch", "所属门店", widget=_Named(Branch, "name"))
    industry = fields.Field("industry", "行业", widget=_Named(Industry, "label_zh"))
    size = fields.Field("size", "企业规模", widget=_Named(CompanySize, "label_zh"))
    business_type = fields.Field("business_type", "企业类型", widget=_Named(BusinessType, "label_zh"))
    owner = fields.Field("owner", "业务员", widget=_Named(Person, "name"))
    created_by = fields.Field("created_by", "录入人", widget=_Named(Person, "name"))

    def get_instance(self, instance_loader, row):
        return Customer.objects.filter(name=row["客户名称"], branch__name=row["所属门店"]).first()

    class Meta(_Columns.Meta):
        import_id_fields = ("name",)


class _Known(widgets.Widget):
    """A relation from a dictionary."""

    def __init__(self, find):
        super().__init__()
        self._find = find

    def clean(self, value, row=None, **kwargs):
        return self._find(clean(str(value or "")))


class Tuned(_Columns):
    """By hand: in bulk, without comparing, relations and records from dictionaries filled before. The library writes a
    dry run in batches too, and rolls it back."""

    branch = fields.Field("branch_id", "所属门店", widget=Word("branch"))
    industry = fields.Field("industry_id", "行业", widget=Word("industry"))
    size = fields.Field("size_id", "企业规模", widget=Word("size"))
    business_type = fields.Field("business_type_id", "企业类型", widget=Word("business_type"))
    owner = fields.Field("owner_id", "业务员", widget=_Known(lambda name: PEOPLE.get(name)))
    created_by = fields.Field("created_by_id", "录入人", widget=_Known(lambda name: PEOPLE.get(name)))

    def before_import(self, dataset, **kwargs):
        PEOPLE.update(Person.objects.values_list("name", "pk"))
        CHANNELS.update(Branch.objects.values_list("pk", "channel"))
        headings = dataset.headers
        numbers, names = set(), set()
        at = {name: headings.index(name) for name in ("手机", "固定电话", "客户名称")}
        for row in dataset:
            for name in ("手机", "固定电话"):
                if row[at[name]]:
                    numbers.update(phone.e164 for phone in phones.read_many(str(row[at[name]]))[0])
            names.add(name_key(str(row[at["客户名称"]])))
        with connection.cursor() as cursor:
            cursor.execute(KEYS, ["phone", list(numbers)])
            self._by_phone = dict(cursor.fetchall())
            cursor.execute(NAMED, [list(names)])
            self._by_name = {(name, branch): pk for name, branch, pk in cursor.fetchall()}
        ids = {*self._by_phone.values(), *self._by_name.values()}
        self._records = Customer.objects.in_bulk(list(ids))

    def get_instance(self, instance_loader, row):
        core = name_key(str(row["客户名称"]))
        if pk := self._by_name.get((core, WORDS.find("branch", str(row["所属门店"])))):
            return self._records[pk]
        for name in ("手机", "固定电话"):
            for phone in phones.read_many(str(row[name]))[0] if row[name] else ():
                if (pk := self._by_phone.get(phone.e164)) and is_similar(core, self._records[pk].name_core):
                    return self._records[pk]
        return None

    def get_bulk_update_fields(self):
        return ["credit_code", "address", "preferences", "remarks", "industry", "size", "business_type"]

    class Meta(_Columns.Meta):
        use_bulk = True
        batch_size = 2_000
        skip_diff = True
        skip_html_diff = True
        import_id_fields = ("name",)


PEOPLE, CHANNELS = {}, {}
