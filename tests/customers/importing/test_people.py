"""Several people in one cell of contacts."""

import gzip
from pathlib import Path

import pytest
from django.utils import translation

from customers.importing.judging import Judge
from customers.importing.people import named
from customers.importing.wording import Wording
from customers.models import Contact, Customer

from . import steps

pytestmark = pytest.mark.clause("REC-15")
REAL_NAMES = Path(__file__).resolve().parents[2] / "data" / "company_short_names.txt.gz"
LI, WANG = "+8613910020001", "+8613910020002"
PHONES = "13910020001、13910020002"
FIELDS = {"单位": "name", "联系人": "contact", "职务": "title", "电话": "phone", "座机": "phone", "邮箱": "email",
          "联系人2": "contact2", "电话2": "phone2"}  # fmt: skip


def judged(without=(), **cells):
    fields = {heading: name for heading, name in FIELDS.items() if heading not in without}
    with translation.override("en"):
        judge = Judge(list(fields), list(fields.values()), Wording(branches={}, industries={}, defaults={"branch": 1}))
        return judge([({"单位": "远山广告有限公司"} | cells).get(heading) for heading in fields])


def contacts(found):
    return [(one.contact, *(phone.e164 for phone in one.phones)) for one in (found, *found.others)]


@pytest.mark.parametrize(
    ("written", "phones"),
    [
        ("李娜、王芳", PHONES),
        ("李娜/王芳", "13910020001/13910020002"),
        ("李娜 王芳", "13910020001 13910020002"),
        ("李娜\n王芳", "13910020001\n13910020002"),
        ("李娜和王芳", PHONES),
        ("李娜 13910020001 王芳 13910020002", None),
        ("李娜13910020001，王芳13910020002", None),
        ("李娜：13910020001 王芳：13910020002", None),
        ("李娜（13910020001）；王芳（13910020002）", PHONES),
        ("13910020001李娜 13910020002王芳", None),
        ("李娜 王芳 13910020001 13910020002", None),
    ],
)
def test_names_and_phones_go_together_in_order(written, phones):
    found = judged(联系人=written, 电话=phones)
    assert contacts(found) == [("李娜", LI), ("王芳", WANG)]
    assert set(found.phone_keys) == {LI, WANG}
    assert not found.problems


@pytest.mark.parametrize(
    ("written", "phones", "contact"),
    [
        ("李娜、王芳", "13910020001", "李娜、王芳"),
        ("李娜、王芳、赵云", PHONES, "李娜、王芳、赵云"),
        ("李娜 13910020001 13910020002 王芳", None, "李娜 王芳"),
        ("李娜 13910020001 王芳", None, "李娜 王芳"),
    ],
)
def test_where_they_do_not_the_cell_stays_one_contact_and_says_so(written, phones, contact):
    found = judged(联系人=written, 电话=phones)
    assert (found.contact, found.others, found.rejected) == (contact, (), "")
    assert [(problem.column, problem.code) for problem in found.problems] == [(1, "people")]
    assert (found.problems[0].params, found.warned) == ({"written": contact}, True)


def test_numbers_of_two_columns_are_not_those_of_two_people():
    found = judged(联系人="李娜、王芳", 电话="13910020001", 座机="010-65521234")
    assert (found.contact, len(found.phones), found.warned) == ("李娜、王芳", 2, True)
    found = judged(联系人="李娜、王芳", 电话=PHONES, 座机="010-65521234")
    assert contacts(found) == [("李娜", LI, "+861065521234"), ("王芳", WANG)], "the firm's own stays with the first"


def test_titles_and_e_mail_addresses_go_along():
    found = judged(联系人="李娜经理/王芳会计", 电话=PHONES, 邮箱="li@example.com; Wang@example.com")
    assert [(one.title, one.emails) for one in (found, *found.others)] == [
        ("经理", ("li@example.com",)), ("会计", ("wang@example.com",)),
    ]  # fmt: skip
    found = judged(联系人="李娜、王芳", 职务="采购、财务", 电话=PHONES, 邮箱="info@example.com")
    assert [(one.title, one.emails) for one in (found, *found.others)] == [
        ("采购", ("info@example.com",)), ("财务", ()),
    ]  # fmt: skip
    found = judged(联系人="李娜经理/王芳", 职务="股东", 电话=PHONES)
    assert [one.title for one in (found, *found.others)] == ["经理 股东", ""]


def test_long_titles_of_any_number_of_people_are_cut_and_kept_whole():
    phones = "、".join(f"1391002000{at}" for at in range(4))
    titles = [letter * 60 for letter in "甲乙丙丁"]
    found = judged(联系人="李娜、王芳、赵云、孙尚", 职务="/".join(titles), 电话=phones)
    assert [one.title for one in (found, *found.others)] == [title[:50] for title in titles]
    assert all(title in "".join(found.extras.values()) for title in titles)


def test_contacts_with_columns_of_their_own_stand_in_front():
    found = judged(联系人="李娜、王芳", 电话=PHONES, 联系人2="赵云、孙尚", 电话2="13910020003 13910020004")
    assert [name for name, _phone in contacts(found)] == ["李娜", "赵云", "王芳", "孙尚"]
    assert [phone[-1] for _name, phone in contacts(found)] == ["1", "3", "2", "4"]


def test_people_beside_their_phones_are_contacts_where_no_column_has_any():
    found = judged(without=["联系人"], 电话="李娜13910020001，王芳13910020002")
    assert (contacts(found), found.remarks) == ([("李娜", LI), ("王芳", WANG)], "")
    found = judged(联系人="赵云", 电话="李娜13910020001，王芳13910020002")
    assert (found.contact, found.remarks) == ("赵云", "电话: 李娜\n电话: 王芳")


@pytest.mark.parametrize(
    "written",
    ["张三 经理", "张 三", "张和平", "李娜/经理", "张三、李四律师事务所", "张三和李四律师事务所", "远山广告/长河商贸",
     "Smith, John", "买买提·艾力", "李娜、李娜", "李娜（财务）", "前台"],
)  # fmt: skip
def test_whatever_is_not_several_persons_is_not_divided(written):
    found = judged(联系人=written, 电话=PHONES)
    assert (len(contacts(found)), len(found.phones), found.problems) == (1, 2, [])


def test_no_company_is_ever_divided():
    names = gzip.decompress(REAL_NAMES.read_bytes()).decode().split()
    written = [form % name for name in names for form in ("%s", "%s有限公司", "李娜 %s有限公司", "李娜、%s有限公司")]
    assert not [text for text in written if named(text)]
    assert judged(单位="李娜、王芳", 电话=PHONES).name == "李娜、王芳"


@pytest.mark.django_db
def test_they_are_contacts_of_the_record(world, by, tmp_path):
    path = steps.file_of(tmp_path, steps.row("远山广告有限公司", "13910246835/13910246836", 联系人="李娜、王芳"))
    steps.commit(steps.checked(path, by), by)
    customer = Customer.objects.get(name="远山广告有限公司")
    kept = Contact.objects.filter(customer=customer).values_list("name", "ways__value")
    assert list(kept.order_by("pk")) == [("李娜", "+8613910246835"), ("王芳", "+8613910246836")]
