from .absences import Absence
from .company import Branch, Channel, Company, Department, OpeningPeriod
from .people import Person
from .places import Area, District
from .positions import Position
from .second_factor import RecoveryCode, SecondFactor
from .sessions import EndReason, SignedInSession

__all__ = [
    "Absence",
    "Area",
    "Branch",
    "Channel",
    "Company",
    "Department",
    "District",
    "EndReason",
    "OpeningPeriod",
    "Person",
    "Position",
    "RecoveryCode",
    "SecondFactor",
    "SignedInSession",
]
