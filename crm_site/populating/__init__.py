"""A book of any size for trials and measurements: `manage.py populate --customers N`.

The demo company serves customers without end: names, people and numbers are made up from the demo's words, one in a
hundred is a look-alike of another, units and persons in charge are as unevenly busy as real ones. Everything is
written by COPY, chunk by chunk, with indexes and history in place. The same numbers give the same book.
"""

from .company import NoCompany
from .fill import NoRoom, populate, settle

__all__ = ["NoCompany", "NoRoom", "populate", "settle"]
