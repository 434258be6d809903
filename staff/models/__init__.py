from .absences import Absence
from .company import Branch, Channel, Company, Department, OpeningPeriod
from .device_checks import DeviceCheck, quarter_name, quarter_of
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
    "DeviceCheck",
    "District",
    "EndReason",
    "OpeningPeriod",
    "Person",
    "Position",
    "RecoveryCode",
    "SecondFactor",
    "SignedInSession",
    "quarter_name",
    "quarter_of",
]
