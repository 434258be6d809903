"""Taking rows over compares anew only what others may have changed since the dry run. Source: REC-15."""

import threading

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from customers.importing import committing, since
from customers.importing.existing import BY_KEYS
from customers.models import ContactWay, Customer, MatchKey

from .steps import checked, commit, file_of, rows

HEADINGS = ["客户名称", "手机", "所属门店"]
ALL = [
    ["沈阳远山广告有限公司", "13912345678", "沈河分店"],
    ["大连海风图文设计中心", "13912345679", "沈河分店"],
    ["鞍山铁流商贸有限公司", "13912345680", "沈河分店"],
]


@pytest.fixture
def job(world, by):
    return checked(file_of(HEADINGS, *ALL), by)
