from .company import Branch, Channel, Company, Department, OpeningPeriod
from .people import Person
from .places import Area, District
from .positions import Position

__all__ = ["Area", "Branch", "Channel", "Company", "Department", "District", "OpeningPeriod", "Person", "Position"]
