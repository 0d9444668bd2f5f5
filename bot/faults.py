"""Named points at which a test may kill the process, to prove that nothing is lost there."""

import os
import signal

_wanted, _, _count = os.environ.get("CHIBO_KILL_AT", "").partition(":")
_left = [int(_count or 1)]


def point(name: str) -> None:
    """Kill this process when CHIBO_KILL_AT names this point ("sent" or "sent:3" for the third time); else nothing."""
    if name != _wanted:
        return
    _left[0] -= 1
    if _left[0] <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
