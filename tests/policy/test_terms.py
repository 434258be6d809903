"""Terms as people write them. Source: clocks.md, "Kinds of time"."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from policy.terms import Kind, Term


@pytest.mark.parametrize(
    ("text", "kind", "amount", "canonical"),
    [
        ("30min", Kind.ELAPSED, 30, "30min"),
        ("24h", Kind.ELAPSED, 1440, "24h"),
        ("90min", Kind.ELAPSED, 90, "90min"),
        ("120min", Kind.ELAPSED, 120, "2h"),
        ("3workdays", Kind.WORKDAYS, 3, "3workdays"),
        ("1workday", Kind.WORKDAYS, 1, "1workdays"),
        (" 3 Workdays ", Kind.WORKDAYS, 3, "3workdays"),
        ("2openinghours", Kind.OPENING_HOURS, 120, "2openinghours"),
        ("45openingmin", Kind.OPENING_HOURS, 45, "45openingmin"),
        ("sameday", Kind.SAME_DAY, 0, "sameday"),
    ],
)
def test_a_term_reads_as_written(text, kind, amount, canonical):
    term = Term.parse(text)
    assert (term.kind, term.amount, str(term)) == (kind, amount, canonical)


@pytest.mark.parametrize(
    "text", ["", "3", "h", "0min", "-1h", "3days", "1.5h", "1001workdays", "99999999h", "3workdays 2h", "٣h", "None"]
)
def test_what_is_no_term_is_refused_in_words(text):
    with pytest.raises(ValidationError) as refused:
        Term.parse(text)
    assert f"“{text}”" in refused.value.messages[0]


@given(
    st.one_of(
        st.builds(Term, st.just(Kind.ELAPSED), st.integers(1, 100_000)),
        st.builds(Term, st.just(Kind.OPENING_HOURS), st.integers(1, 120_000)),
        st.builds(Term, st.just(Kind.WORKDAYS), st.integers(1, 1000)),
        st.just(Term(Kind.SAME_DAY)),
    )
)
def test_what_is_written_reads_the_same(term):
    assert Term.parse(str(term)) == term
