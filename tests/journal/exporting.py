"""Exports asked for and written without a page, and what stands in their files."""

import csv

from django.utils import timezone

from journal import exports
from journal.exports import actions, write


def ask(person, code="customers", *, format="csv", columns=(), purpose="月度分析", **choices):
    exporter = exports.get(code)
    return actions.ask(
        exporter, choices=choices, columns=columns, format=format, purpose=purpose, by=person, at=timezone.now()
    )


def written(person, code="customers", **options):
    """The job when it is done, or given up."""
    job = ask(person, code, **options)
    write.write_waiting()
    job.refresh_from_db()
    return job


def lines(job):
    with open(actions.path_of(job), encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def names(job):
    """First cell of each row, without header and mark."""
    return {line[0] for line in lines(job)[1:-1]}
