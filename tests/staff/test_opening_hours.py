"""Opening hours as people write them."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from staff.models import OpeningPeriod
from staff.opening_hours import in_words, read, shown, week

ALL_DAY = ((time(9), time(18)),)
WITH_BREAK = ((time(9), time(12)), (time(13, 30), time(18)))


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("", ()),
        ("  ", ()),
        ("9-18", ALL_DAY),
        ("09:00-18:00", ALL_DAY),
        ("９：００－１８：００", ALL_DAY),
        ("9:00 – 18:00", ALL_DAY),
        ("9:00至18:00", ALL_DAY),
        ("9点到18点", ALL_DAY),
        ("9:00～18:00", ALL_DAY),
        ("9:00-12:00, 13:30-18:00", WITH_BREAK),
        ("9:00-12:00，13:30-18:00", WITH_BREAK),
        ("9:00-12:00、13:30-18:00", WITH_BREAK),
        ("9:00-12:00 13:30-18:00", WITH_BREAK),
        ("13:30-18:00; 9:00-12:00", WITH_BREAK),
        ("9-12,12-18", ((time(9), time(12)), (time(12), time(18)))),
    ],
)
def test_what_is_written_is_understood(text, periods):
    assert read(text) == periods


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("closed", "“closed” does not read as opening hours. Write them like 09:00-12:00, 13:30-18:00."),
        ("9", "“9” does not read as opening hours. Write them like 09:00-12:00, 13:30-18:00."),
        ("18-9", "“18:00-09:00”: the closing time is not after the opening time."),
        ("9-9", "“09:00-09:00”: the closing time is not after the opening time."),
        ("9-24:00", "24:00 is no time of the day: it runs from 00:00 to 23:59."),
        ("9:75-12", "9:75 is no time of the day: it runs from 00:00 to 23:59."),
        ("9-13, 12-18", "09:00-13:00 and 12:00-18:00 overlap."),
        ("9-18, 10-11", "09:00-18:00 and 10:00-11:00 overlap."),
    ],
)
def test_what_is_wrong_is_said_plainly(text, sentence):
    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        read(text)
    with translation.override("en"):
        assert refusal.value.messages == [sentence]


def test_what_is_shown_reads_back():
    assert read(shown(WITH_BREAK)) == WITH_BREAK


def test_equal_days_stand_together():
    periods = [OpeningPeriod(weekday=day, opens=time(9), closes=time(18)) for day in range(5)]
    periods.append(OpeningPeriod(weekday=5, opens=time(10), closes=time(16)))
    assert week(periods)[:5] == [ALL_DAY] * 5
    with translation.override("en"):
        assert in_words(periods) == [
            ("Monday - Friday", "09:00-18:00"),
            ("Saturday", "10:00-16:00"),
            ("Sunday", ""),
        ]
