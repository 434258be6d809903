"""Who hears of it when customers change hands, one or many. Source: SEC-04."""

import uuid

from journal.actions import notify

from .notifications import ASSIGNED, IN_NO_CHARGE, TAKEN_OVER


def tell(owner, sources, *, by, at, **place):
    """Tell the new person in charge how many came and each former one how many went; nobody hears of their own act.

    `sources` are (former person or None, how many). `owner` is None where nobody is in charge from now on. `place` is
    what the notice of the new one leads to.
    """
    once = uuid.uuid4()
    if owner is not None and owner != by:
        params = {"name": by.name, "count": sum(count for _former, count in sources)}
        notify(kind=ASSIGNED, recipients=[owner], at=at, dedupe=f"{ASSIGNED}:{once}", params=params, **place)
    kind = TAKEN_OVER if owner else IN_NO_CHARGE
    for former, count in sources:
        if former is not None and former != by:
            params = {"name": by.name, "owner": owner.name if owner else "", "count": count}
            notify(kind=kind, recipients=[former], at=at, dedupe=f"{kind}:{once}", params=params)
