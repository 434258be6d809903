"""A process that ends as soon as the one that started it is gone, not only when it next writes to it. Source: REC-15.

Part of the reading process (child.py), too: standard library only. Linux alone can do this; elsewhere nothing happens.
It is the thread that started the process whose end counts: it has to stay until the process is done.
"""

import ctypes
import os
import signal
import sys

_SIGNAL_AT_DEATH_OF_PARENT = 1  # PR_SET_PDEATHSIG
_prctl = getattr(ctypes.CDLL(None), "prctl", None) if sys.platform == "linux" else None


def end_with(parent):
    """To be called first thing, with the number of the process that started this one."""
    if _prctl is None:
        return
    _prctl(_SIGNAL_AT_DEATH_OF_PARENT, signal.SIGKILL)
    if os.getppid() != parent:  # gone before it was asked for
        os._exit(1)
