"""The pages every look-and-feel rule is checked on, each opened by somebody who may."""

from dataclasses import dataclass

from playwright.sync_api import expect

from tests.customers.imports import jobs as imports
from tests.world import World


@dataclass(frozen=True)
class Visit:
    """One page as one person sees it; `status` when it is not 200."""

    path: str
    person: object = None
    status: int = 200

    def open(self, page):
        if self.status >= 400:
            page.watch.expect(self.path)
        response = page.goto(self.path)
        assert response.status == self.status, f"{self.path}: {response.status}"
        expect(page.locator(".htmx-request")).to_have_count(0)  # parts that load after the page


def visits(world: World):
    """Pages grouped by who opens them: each group needs one profile."""
    clerk, accountant, manager, administrator = world.clerk, world.accountant, world.manager, world.administrator
    record = f"/customers/{world.ours.pk}/"
    steps = ("mapping", "checked", "done")
    mapping, checked, done = (imports.at(step, by=administrator, record=world.ours).pk for step in steps)
    headless = imports.make("mapping", by=administrator, tables=[imports.UNKNOWN]).pk
    return {
        None: [Visit("/sign-in/"), Visit("/nowhere/", status=404)],
        clerk: [
            Visit("/", clerk),
            Visit("/customers/new/", clerk),
            Visit("/customers/desk/", clerk),
            Visit(f"/customers/desk/stand/{world.east.pk}/", clerk),
            Visit(f"/customers/desk/blank/{world.east.pk}/", clerk),
            Visit(f"{record}identity/propose/", clerk),
            Visit("/staff/people/", clerk, status=403),
        ],
        accountant: [
            Visit("/customers/", accountant),
            Visit("/customers/?entered=today&source=exhibition", accountant),
            Visit("/customers/forms/", accountant),
            Visit("/customers/forms/received/", accountant),
            Visit("/customers/checkout/", accountant),
            Visit(f"/customers/checkout/{world.ours.pk}/", accountant),
            Visit("/customers/checkout/checks/", accountant),
            Visit(record, accountant),
            Visit(f"{record}identity/edit/", accountant),
            Visit("/customers/desk/books/", accountant),
            Visit("/customers/desk/books/new/", accountant),
            Visit("/customers/proposals/", accountant),
            Visit("/customers/tips/", accountant),
            Visit("/customers/tips/new/", accountant),
            Visit(f"{record}cards/", accountant),
            Visit(f"{record}parent/", accountant),
            Visit(f"{record}notes/", accountant),
            Visit(f"{record}consents/new/", accountant),
            Visit("/journal/exports/", accountant),
            Visit("/journal/exports/new/customers/", accountant),
            Visit("/policy/clauses/REC-07/", accountant),
            Visit("/nowhere/", accountant, status=404),
        ],
        manager: [
            Visit("/", manager),
            Visit("/customers/", manager),
            Visit(f"{record}owner/", manager),
            Visit(f"{record}archive/", manager),
        ],
        administrator: [
            Visit("/staff/people/", administrator),
            Visit("/staff/people/new/", administrator),
            Visit(f"/staff/people/{world.owner.pk}/", administrator),
            Visit("/staff/units/", administrator),
            Visit(f"/staff/units/{world.east.pk}/", administrator),
            Visit(f"/staff/units/{world.east.pk}/edit/", administrator),
            Visit("/staff/units/departments/", administrator),
            Visit("/customers/codes/", administrator),
            Visit("/customers/standard/", administrator),
            Visit("/customers/standard/line/", administrator),
            Visit("/customers/codes/industries/", administrator),
            Visit("/customers/codes/own-fields/", administrator),
            Visit("/customers/codes/own-fields/new/", administrator),
            Visit("/customers/imports/", administrator),
            Visit("/customers/imports/new/", administrator),
            *(Visit(f"/customers/imports/{pk}/", administrator) for pk in (mapping, headless, checked, done)),
            *(Visit(f"/customers/imports/{checked}/{page}/", administrator) for page in ("words", "rows", "commit")),
        ],
    }
