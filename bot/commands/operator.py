"""Who sits at the command line."""

from __future__ import annotations

import os
import pwd

LONGEST = 40  # AuditEntry.agent


def operator_name() -> str:
    """The name under which the operator logged in, also when they act as another user since; never
    from the environment, which they can set."""
    try:
        name = os.getlogin()
    except OSError:  # no terminal, or a container
        name = _user_name()
    return name[:LONGEST]


def _user_name() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
