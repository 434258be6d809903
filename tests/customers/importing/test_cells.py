"""Cells are cleaned on a quick way where nothing is to be done."""

from hypothesis import given
from hypothesis import strategies as st

from customers.importing.cells import phones_of, tidy, tidy_lines
from customers.values import phones
from customers.values.text import clean, clean_lines


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_the_quick_way_to_clean_is_the_same_as_the_other(text):
    assert tidy(text) == clean(text)
    assert tidy_lines(text) == clean_lines(text)


@given(
    st.from_regex(r"(\+86|0086|86)?[ -]?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}", fullmatch=True).filter(str.isascii)
    | st.from_regex(r"0[0-9]{2,3}[- ]?[0-9]{3,4}[ -]?[0-9]{3,4}((转|-)[0-9]{1,6})?", fullmatch=True)
    | st.text("0123456789 -+转", max_size=20)
)
def test_the_quick_way_to_read_a_phone_is_the_same_as_the_other(text):
    text = clean(text)
    quick, lost = phones_of(text)
    read, unreadable = phones.read_many(text)
    assert quick == [phone for phone in read if len(phone.extension) <= 10]
    assert list(lost)[: len(unreadable)] == unreadable
