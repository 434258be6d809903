"""A spreadsheet of sales through all steps in the browser. Source: REC-15, REC-16."""

import pytest
from django.urls import reverse

from customers.importing import working
from customers.models import Import, Purchase
from tests.customers.importing import workbooks

pytestmark = pytest.mark.clause("REC-15", "REC-16")
HEADINGS = ["客户名称", "门店", "销售日期", "销售单号", "品名", "数量", "金额", "业务员"]
ROWS = [
    ["东方红印务有限公司", "东城分店", "2020-05-03", "XS-1", "名片", "", "100", ""],
    ["东方红印务有限公司", "东店", "2020-05-04", "XS-2", "画册", "2", "260", ""],
    ["无此人有限公司", "东城分店", "2020-05-05", "XS-3", "海报", "1", "12", ""],
]


@pytest.fixture
def admin(world, sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    client = sign_in(world.administrator)
    client.cookies["language"] = "en"
    return client


def upload(client, tmp_path, rows):
    path = workbooks.xlsx(tmp_path / "销售.xlsx", [HEADINGS, *rows])
    with path.open("rb") as file:
        client.post(reverse("customers:import_new"), {"file": file, "kind": "purchases"})
    job = Import.objects.latest("pk")
    working.work()
    job.refresh_from_db()
    return job


def press(client, job, name, **data):
    client.post(reverse(f"customers:{name}", args=[job.pk]), data)
    working.work()
    job.refresh_from_db()
    return client.get(reverse("customers:import", args=[job.pk])).text


def columns(job):
    return {f"columns-0-{at}": name or "" for at, name in enumerate(job.tables[0]["fields"])}


def shown(client, job, **query):
    return client.get(reverse("customers:import_rows", args=[job.pk]), query).text


def test_from_the_spreadsheet_to_purchases_and_back(admin, world, tmp_path):
    job = upload(admin, tmp_path, ROWS)
    page = admin.get(reverse("customers:import", args=[job.pk])).text
    assert '<option value="document_number" selected>' in page
    assert '<option value="tier"' not in page
    page = press(admin, job, "import_columns", **columns(job))
    assert "customer not found for sure" in page
    assert "Say what they mean" in page
    words = admin.get(reverse("customers:import_words", args=[job.pk])).text
    assert "Unit of sale" in words
    assert "empty: customer&#x27;s unit" in words
    field = words.split('name="words-branch-')[1].split('"')[0]
    page = press(admin, job, "import_words", **{f"words-branch-{field}": world.east.pk, "words-default-branch": ""})
    assert job.counts["new"] == 2
    assert "XS-2" in page
    page = press(admin, job, "import_commit")
    assert Purchase.objects.count() == 2
    assert "What became of the rows" in page
    assert "无此人有限公司" in shown(admin, job, outcome="rejected", reason="customer")
    record = admin.get(reverse("customers:record", args=[world.ours.pk])).text
    assert "销售.xlsx, row" not in record, "the record did not come from a file of sales"
    page = press(admin, job, "import_undo")
    assert not Purchase.objects.exists()
    assert "What was taken back" in page


def test_what_rows_fill_and_dispute_is_decided(admin, world, tmp_path):
    job = upload(admin, tmp_path, ROWS[:1])
    press(admin, job, "import_columns", **columns(job))
    press(admin, job, "import_commit")
    changed = ["天光广告有限公司", "东城分店", "2020-05-03", "XS-1", "名片", "3", "1120", world.owner.name]
    job = upload(admin, tmp_path, [changed])
    assert job.tables[0]["remembered"]
    press(admin, job, "import_columns", **columns(job))
    page = shown(admin, job, outcome="update")
    for said in (
        "100.00",
        "1,120.00",
        "东方红印务有限公司",
        "天光广告有限公司",
        "<ins>3</ins>",
        world.owner.name,
        "Amount",
    ):
        assert said in page
    admin.post(reverse("customers:import_decide", args=[job.pk]), {"all": "take:amount"})
    admin.post(
        reverse("customers:import_decide", args=[job.pk]), {"shown": "1:customer_id", "take": "1:customer_id"}
    )  # fmt: skip
    press(admin, job, "import_commit")
    purchase = Purchase.objects.get()
    assert (purchase.amount, purchase.customer, purchase.quantity) == (1120, world.unowned, 3)


def test_a_sheet_that_names_no_customer_cannot_be_checked(admin, tmp_path, world):
    job = upload(admin, tmp_path, ROWS[:1])
    said = columns(job) | {"columns-0-0": ""}
    answer = admin.post(reverse("customers:import_columns", args=[job.pk]), said)
    assert "says who the customer is" in answer.text
    said = columns(job) | {"columns-0-0": "tier"}
    assert "0-0" in admin.post(reverse("customers:import_columns", args=[job.pk]), said).context["form"].errors
