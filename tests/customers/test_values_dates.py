"""Dates, year first, however separated; vague ones are refused with a sentence."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from customers.values import dates

pytestmark = pytest.mark.clause("REC-07")
DAY = datetime.date(2012, 5, 3)


@pytest.mark.parametrize(
    "written",
    [
        "2012.5.3",
        "2012/5/3",
        "2012-05-03",
        "2012年5月3日",
        "2012年05月03号",
        "20120503",
        20120503,
        20120503.0,
        "12-5-3",
        "12.05.03",
        "２０１２．５．３",
        " 2012 - 5 - 3\u3000",
        "2012-5-3.",
        "2012，5，3",
        "2012-05-03 14:30",
        "2012/5/3 0:00:00",
        "2012-05-03T00:00:00+08:00",
        "2012-05-03T23:59:59.123Z",
        "2012年5月3日 星期四 下午3:20",
        "二〇一二年五月三日",
        41032,
        41032.75,
        "41032",
        "41032.0",
        DAY,
        datetime.datetime(2012, 5, 3, 23, 59),
    ],
)
def test_one_day_however_written(written):
    assert dates.read(written) == DAY


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("98-5-3", datetime.date(1998, 5, 3)),
        ("69-5-3", datetime.date(2069, 5, 3)),
        ("2024-02-29", datetime.date(2024, 2, 29)),
        (45356, datetime.date(2024, 3, 5)),
        ("二〇二四年十二月二十三日", datetime.date(2024, 12, 23)),
        ("2024、3、5", datetime.date(2024, 3, 5)),
        ("2024。3。5", datetime.date(2024, 3, 5)),
        ("2024\\3\\5", datetime.date(2024, 3, 5)),
        ("12/31/2012", datetime.date(2012, 12, 31)),
        ("31-12-2012", datetime.date(2012, 12, 31)),
        ("31.12.2012 14:30", datetime.date(2012, 12, 31)),
        ("12/31/2012, 2:22 PM", datetime.date(2012, 12, 31)),
        ("05/05/2012", datetime.date(2012, 5, 5)),
        ("3 May 2012", datetime.date(2012, 5, 3)),
        ("03-May-2012", datetime.date(2012, 5, 3)),
        ("3-May-12", datetime.date(2012, 5, 3)),
        ("2012-5-3（周四）", datetime.date(2012, 5, 3)),
        ("May 3, 2012", datetime.date(2012, 5, 3)),
        ("Thu, Sept. 3rd, 2015 2:22 PM", datetime.date(2015, 9, 3)),
    ],
)
def test_other_days(written, day):
    assert dates.read(written) == day


def test_the_order_of_day_and_month_is_told_or_known_and_never_guessed():
    assert dates.read("5/3/2012", order=dates.DAY_FIRST) == datetime.date(2012, 3, 5)
    assert dates.read("5/3/2012", order=dates.MONTH_FIRST) == DAY
    assert dates.read("12/31/2012", order=dates.DAY_FIRST) == datetime.date(2012, 12, 31)


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (["2012-12-31", "12-5-3", "12/05/03", "无"], None),
        (["5/3/2012", "31/12/2012"], dates.DAY_FIRST),
        (["5/3/2012", "12/31/2012"], dates.MONTH_FIRST),
        (["31/12/2012", "12/31/2012"], dates.YEAR_LAST),
        (["5/3/2012"], dates.YEAR_LAST),
        (["12/31/21", "05/03/21"], dates.YEAR_LAST),  # so 05/03/21 is not in 2005
    ],
)
def test_dates_of_a_column_say_its_order_together(column, order):
    assert dates.common_order({dates.order(text) for text in column}) == order


def test_a_short_year_is_last_where_the_column_says_so():
    assert dates.read("05/03/21") == datetime.date(2005, 3, 21)
    assert dates.read("05/03/21", order=dates.MONTH_FIRST) == datetime.date(2021, 5, 3)
    assert dates.read("12/31/21", order=dates.YEAR_LAST) == datetime.date(2021, 12, 31)
    assert dates.read("12-5-3", order=dates.MONTH_FIRST) == DAY
    for text in ("05/03/21", "5/3/2012"):
        with pytest.raises(ValidationError):
            dates.read(text, order=dates.YEAR_LAST)


def test_workbooks_of_1904_count_from_another_day():
    assert dates.read(39570, date1904=True) == DAY


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "Enter a date, for example 2012-05-03."),
        (None, "Enter a date, for example 2012-05-03."),
        ("去年五月", "“去年五月” is not a date: write it as 2012-05-03."),
        ("不详日期", "“不详日期” is not a date: write it as 2012-05-03."),
        ("99999", "“99999” is not a date: write it as 2012-05-03."),
        ("2012-05-03abc", "“2012-05-03abc” is not a date: write it as 2012-05-03."),
        ("2014-02-30", "Month 2 of 2014 has no day 30: check the day."),
        ("2013.13.45", "There is no month 13: write year, month and day, as in 2012-05-03."),
        ("1800-01-01", "The year 1800 cannot be right: it should lie between 1900 and 2100."),
        ("2012-05", "The day or the month is missing: write the whole date, for example 2012-05-03."),
        ("2012年", "The day or the month is missing: write the whole date, for example 2012-05-03."),
        ("5月3日", "The year is missing: write the whole date, for example 2012-05-03."),
        (
            "5/3/2012",
            "It is unclear which is the day and which the month: write the year first, as in 2012-05-03.",
        ),
        ("30/2/2012", "Month 2 of 2012 has no day 30: check the day."),
        ("31/31/2012", "There is no month 31: write year, month and day, as in 2012-05-03."),
        ("Marketing 3, 2012", "“Marketing 3, 2012” is not a date: write it as 2012-05-03."),
    ],
)
def test_the_message_says_what_is_wrong(written, message):
    with translation.override("en"):
        with pytest.raises(ValidationError) as caught:
            dates.read(written)
        assert caught.value.messages == [message]


@given(
    st.text(st.characters(exclude_categories=()))
    | st.text("0123456789年月日-./ T:十二〇Z+", max_size=24)
    | st.floats()
    | st.integers()
)
def test_nothing_but_validation_errors(written):
    try:
        day = dates.read(written)
    except ValidationError as error:
        message = error.messages[0]
    else:
        message = "read"
        assert dates.FIRST_YEAR <= day.year <= dates.LAST_YEAR
    assert message
    assert "%(" in str(written) or "%(" not in message, "nothing is left to be filled in"


@given(st.dates(datetime.date(1971, 1, 1), datetime.date(2069, 12, 31)))
def test_every_way_of_writing_a_day_is_read_back(day):
    year, month, number = day.year, day.month, day.day
    for written in (
        day.isoformat(),
        f"{year}.{month}.{number}",
        f"{year}年{month}月{number}日",
        f"{day:%Y%m%d}",
        f"{day:%y}-{month}-{number}",
        (day - datetime.date(1899, 12, 30)).days,
    ):
        assert dates.read(written) == day
