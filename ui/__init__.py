"""The window: everything the user sees, painted with Qt Widgets from what ``advisor`` answers."""

from __future__ import annotations

import ctypes
import sys

if sys.version_info < (3, 12):
    # PySide6 6.12.0 gives back one reference to None too many with every call that returns nothing. From Python 3.12
    # on None is immortal and this does no harm; before, a few thousand paint calls end the process ("deallocating
    # None"). A count that cannot run out makes None immortal here too. 6.10.2 and 6.11.2 do not have the fault.
    ctypes.c_ssize_t.from_address(id(None)).value += sys.maxsize // 4
