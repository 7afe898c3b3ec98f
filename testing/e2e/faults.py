"""Ways in which the service fails, and what a user may be told then."""

import re

FAULTS = {
    "500": ("--status", "500"),
    "reset": ("--reset",),
    "stall": ("--stall",),
    "invalid JSON": ("--malformed",),
    "huge": ("--huge",),
    "bad signature": ("--bad-signature",),
}
REASON = re.compile(
    r"Authentication failed(: [A-Z].*|\. Please .*| \(AADSTS\d+\))|Network outage detected\."
    r"|Authentication service is temporarily unavailable|Failed to join domain|Device enrollment failed"
)


def inject(lab, path, fault, *more):
    """Requests to path fail so until the faults are cleared."""
    lab.tenant("fault", "add", "--path", path, *more, *FAULTS[fault])


def clear(lab):
    lab.tenant("fault", "clear")
