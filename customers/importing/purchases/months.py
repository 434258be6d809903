"""Which days of a unit are locked, asked once for each unit. Source: REC-16 ("Settled")."""

from customers.sales_months import locked_days


class Months:
    def __init__(self, at):
        self._at, self._locked = at, {}

    def are_locked(self, branch, *days):
        """Whether any of the days is in a locked month of the unit."""
        if branch not in self._locked:
            self._locked[branch] = locked_days(self._at, branch)
        locked = self._locked[branch]
        return locked is not None and any(locked[0] <= day < locked[1] for day in days)
