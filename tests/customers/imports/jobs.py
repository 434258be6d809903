"""Imports at any step, as a worker would have left them, without a worker and without a file of their own."""

from datetime import timedelta

from django.utils import timezone

from customers.importing import counts, error_workbook, jobs
from customers.models import Import, ImportRow

HEADINGS = ["客户名称", "电话", "地址", "来源", "会员号"]
FIELDS = ["name", "phone", "address", "source", None]
TABLE = {
    "position": 0, "sheet": "老客户", "hidden": False, "header_row": 3, "headings": HEADINGS, "fields": FIELDS,
    "samples": [["海天图文", "长城印务"], ["13911112222"], ["中山路 1 号"], ["老客介绍"], ["A-17"]], "rows": 4,
    "remembered": False,
}  # fmt: skip
SKIPPED = {"position": 1, "sheet": "说明", "hidden": True, "header_row": None, "headings": [], "fields": [],
           "samples": [], "rows": 0, "remembered": False}  # fmt: skip
UNKNOWN = SKIPPED | {"sheet": "台账", "hidden": False, "top": [[1, ["老客户台账"]], [3, ["甲", "乙"]]]}
State, Outcome = Import.State, ImportRow.Outcome


def make(state, *, by, tables=(TABLE, SKIPPED), **columns):
    """An import without rows."""
    at = timezone.now()
    columns = {"sha256": "0" * 64, "step_at": at - timedelta(seconds=60)} | columns
    return Import.objects.create(
        name="老客户.xlsx", size=12_345, asked_at=at, asked_by=by, state=state, tables=list(tables), **columns
    )


def at(state, *, by, record, **columns):
    """An import of six rows at this step: new, new and marked, update of `record`, duplicate, rejected, ignored."""
    now = timezone.now()
    if state in (State.DONE, State.UNDONE, State.COMMITTING, State.UNDOING):
        columns = {"committed_at": now, "committed_by": by} | columns
    if state in (State.UNDONE, State.UNDOING):
        columns = {"undone_at": now, "undone_by": by} | columns
    job = make(state, by=by, **columns)
    if state not in (State.LOOKING, State.MAPPING, State.CANCELLED):
        _stage(job, record)
        job.counts = counts.of(job)
        job.unknown = {"source": {"老客介绍": 2}}
        if state == State.UNDONE:
            job.counts["undone"] = {"deleted": 2, "restored": 0, "kept": 1}
        job.save()
        jobs.path_of(job).parent.mkdir(parents=True)
        error_workbook.keep(job, lambda: None)
    return job


def _stage(job, record):
    taken = job.state in (State.DONE, State.UNDONE, State.COMMITTING, State.UNDOING)
    made = {"before": {}, "version": record.version} if taken else {}
    if job.state == State.UNDONE:
        made["kept"] = "The record was changed after the import."
    rows = [
        {"outcome": Outcome.NEW, "name": "海天图文", "name_key": "海天图文", "data": {"address": "中山路 1 号"}},
        {"outcome": Outcome.NEW, "name": "长城印务", "suspect": True, "virtual": True, "warned": True,
         "suspects": [[record.pk, "record", ["same_phone"]], [1, "like_row", ["similar_name"]]],
         "problems": [[3, "unknown_word", "“老客介绍” is not in the list."]],
         "cells": ["长城印务", "13911112222", "", "老客介绍", None]},
        {"outcome": Outcome.UPDATE, "name": record.name, "customer": record, "made": made,
         "data": {"address": "文件路 9 号", "preferences": "要快", "phones": [["+8613911113333", "", "13911113333"]],
                  "author_text": "老张"},
         "extras": {"会员号": "A-17"}, "conflicts": {"address": [record.address, "文件路 9 号"]}},
        {"outcome": Outcome.DUPLICATE, "name": "海天图文有限公司", "duplicate_of": 1},
        {"outcome": Outcome.REJECTED, "reason": "date", "problems": [[1, "date", "This is no date."]],
         "cells": ["坏客户", "2012-13-45", None, None, None]},
        {"outcome": Outcome.IGNORED, "reason": "total"},
    ]  # fmt: skip
    ImportRow.objects.bulk_create(
        ImportRow(job=job, place=place, number=place + 3, branch_id=record.branch_id, **row)
        for place, row in enumerate(rows, start=1)
    )
