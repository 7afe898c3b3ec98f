"""One PIN sign-in over the sign-in socket, as the PAM module speaks."""

import struct
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))

import frames  # noqa: E402
from running_lab import PIN  # noqa: E402

ASK_HIDDEN, END = 0x23, 0x2F


def sign_in(running_lab, user, pin=PIN):
    """Wall time in seconds; anything but a success ends the program."""
    begin = time.perf_counter()
    with frames.Peer(running_lab, "socket") as peer:
        peer.send(frames.start(user.name, service=b"sshd"))
        while True:
            reply = peer.receive()
            if reply is None:
                sys.exit("bench: the daemon closed the connection; testing/lab logs daemon says why")
            kind, fields = reply
            if kind == ASK_HIDDEN:
                if fields[0] != b"PIN: ":
                    sys.exit(f"bench: asked for {fields[0]!r} instead of the PIN")
                peer.send(frames.frame(frames.ANSWER, pin))
            elif kind == END:
                code = struct.unpack("<I", fields[0])[0]
                if code != 0:
                    sys.exit(f"bench: the PIN sign-in ended with PAM code {code}")
                return time.perf_counter() - begin
