"""What the register tells people."""

from django.utils.translation import gettext_lazy as _

from journal.kinds import Group, Kind, register

PROPOSED = "customers.proposed"
PROPOSAL_ACCEPTED = "customers.proposal_accepted"
PROPOSAL_DECLINED = "customers.proposal_declined"
PROPOSAL_OVERTAKEN = "customers.proposal_overtaken"
ASSIGNED = "customers.assigned"
TAKEN_OVER = "customers.taken_over"
GIVEN_UP = "customers.given_up"
TIP = "customers.tip"
TIP_ANSWERED = "customers.tip_answered"
FORMS_WAITING = "customers.forms_waiting"
SCRAPING = "customers.scraping"
IMPORT_CHECKED = "customers.import_checked"
IMPORT_DONE = "customers.import_done"
IMPORT_UNDONE = "customers.import_undone"
IMPORT_FAILED = "customers.import_failed"
CORRECTION_ASKED = "customers.correction_asked"
CORRECTION_APPROVED = "customers.correction_approved"
CORRECTION_DECLINED = "customers.correction_declined"

register(
    Kind(PROPOSED, _("%(customer)s: %(name)s proposes a change"), clause="REC-19"),
    Kind(PROPOSAL_ACCEPTED, _("%(customer)s: %(name)s accepted your proposed change"), clause="REC-19"),
    Kind(PROPOSAL_DECLINED, _("%(customer)s: %(name)s declined your proposed change: %(word)s"), clause="REC-19"),
    Kind(PROPOSAL_OVERTAKEN, _("%(customer)s: the record said already what you proposed"), clause="REC-19"),
    Kind(ASSIGNED, _("%(name)s put customers in your charge, in number: %(count)s"), clause="SEC-04"),
    Kind(TAKEN_OVER, _("%(name)s gave customers of yours to %(owner)s, in number: %(count)s"), clause="SEC-04"),
    Kind(GIVEN_UP, _("%(name)s took customers out of your charge, in number: %(count)s"), clause="SEC-04"),
    Kind(TIP, _("%(name)s has a tip for you"), clause="REC-20"),
    Kind(TIP_ANSWERED, _("%(name)s has answered your tip"), clause="REC-20"),
    Kind(CORRECTION_ASKED, _("%(customer)s: %(name)s asks for a correction in a locked sales month"), clause="REC-16"),
    Kind(CORRECTION_APPROVED, _("%(customer)s: %(name)s approved your correction"), clause="REC-16"),
    Kind(CORRECTION_DECLINED, _("%(customer)s: %(name)s declined your correction: %(word)s"), clause="REC-16"),
    Kind(
        FORMS_WAITING,
        _("Forms received and not entered at %(branch)s: %(number)s (%(serials)s)"),
        clause="REC-05",
        important=True,
    ),
    Kind(IMPORT_CHECKED, _("The dry run of %(file)s is ready, rows: %(rows)s"), clause="REC-15", group=Group.SYSTEM),
    Kind(IMPORT_DONE, _("%(file)s is taken over, rows: %(rows)s"), clause="REC-15", group=Group.SYSTEM),
    Kind(IMPORT_UNDONE, _("The import of %(file)s is undone"), clause="REC-15", group=Group.SYSTEM),
    Kind(IMPORT_FAILED, _("The import of %(file)s has stopped: %(problem)s"), clause="REC-15", group=Group.SYSTEM),
    Kind(
        SCRAPING,
        _("%(name)s had more than %(number)s customer records shown within a minute and was stopped, %(stopped_at)s."),
        clause="SEC-06",
        important=True,
        group=Group.SYSTEM,
    ),
)
