"""What became of a grid, kept for whoever entered it, as long as a working day lasts."""

from dataclasses import asdict
from uuid import UUID

from django.core.cache import cache

KEPT_FOR = 12 * 3600  # seconds


def _place(person, submission):
    return f"cards:{person.pk}:{submission}"


def keep(person, submission, campaign, lines):
    """Rows that an earlier answer to the same sheet has told of stay told so: pressed twice, the answer is the same."""
    before = of(person, submission, campaign) or []
    told = {line["key"] for line in before}
    now = [asdict(line) | {"key": str(line.key), "outcome": line.outcome.value} for line in lines]
    rows = before + [line for line in now if line["key"] not in told]
    cache.set(_place(person, submission), {"campaign": campaign.pk, "rows": rows}, KEPT_FOR)


def of(person, submission, campaign):
    """The rows of a sheet; None where there is nothing (any more) to tell this person."""
    kept = cache.get(_place(person, submission))
    return kept["rows"] if kept and kept["campaign"] == campaign.pk else None


def as_key(text):
    """The id of a sheet as an address or a form says it; None for anything that is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None
