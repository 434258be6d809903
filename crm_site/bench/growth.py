"""What grows with the book: nothing should. Source: issue figures."""

from statistics import median

from . import Measured, figure
from .book import book
from .measuring import NOTHING, Request, compare, pages, reader
from .pages import FEW, LIST, WHOLE_COMPANY, queries_of_pages

SMALL = 10_000
TURNS = 3  # times that the two books take turns


@figure("list-growth", unit="s", limit=1.3, of_customers=True)
def list_growth(*, say, customers):
    """The customer list of the large book, against the same list of one with 10,000."""
    values, floors = [], []
    for _turn in range(TURNS):
        for size, found in ((SMALL, floors), (customers, values)):
            with book(size, say=say), pages():
                found.append(compare(reader(WHOLE_COMPANY), LIST, floor=Request(NOTHING)).value)
            say(f"{size:,}: {found[-1] * 1000:.1f} ms")
    return Measured(median(values), median(floors), f"medians of {TURNS} turns")


@figure("queries-growth", unit="queries", limit=1, of_customers=True)
def query_growth(*, say, customers):
    """Queries of all pages together, against the same pages of a book with three customers."""
    taken = {}
    for size in (FEW, customers):
        with book(size, say=say), pages():
            taken[size] = queries_of_pages()
    for name, number in taken[FEW].items():
        say(f"{name}: {number} at {FEW}, {taken[customers][name]} at {customers:,}")
    if any(taken[customers][name] > number for name, number in taken[FEW].items()):
        return Measured(sum(taken[customers].values()), 1, "some page takes more queries")
    return Measured(sum(taken[customers].values()), sum(taken[FEW].values()))
