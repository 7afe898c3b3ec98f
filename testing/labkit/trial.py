"""The sign-in that runtime/try shows: by the user at the terminal, or played."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
import tty
from pathlib import Path

LAB = str(Path(__file__).resolve().parents[1] / "lab")
NAME = os.environ.get("HIMMELBLAU_TRY_LAB", "try")  # another one for tests
USER = "user02"
UPN = f"{USER}@example.onmicrosoft.com"
PASSWORD = "Passw0rd!"
PIN = "471125"
SSH = [
    LAB, "exec", "--name", NAME, "--", "ssh", "-o", "PreferredAuthentications=keyboard-interactive",
    f"{USER}@localhost",
]
NUMBER = re.compile(r"enter the number '(\d+)' to sign in[\s\S]*Press enter to continue")
LIMIT = 60


def main():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # ^C, or the window was closed
        signal.signal(number, interrupted)
    at_terminal = os.isatty(0) and os.isatty(1)
    worked = False
    try:
        try:
            lab("down", check=False)
            start()
            worked = live() if at_terminal else played()
        finally:
            undisturbed()
    finally:  # also when the signal came in the line above; another one does not come
        if not at_terminal or not worked:
            lab("down", check=False)
    return 0 if worked else 1


def interrupted(*_):
    undisturbed()  # a window that is closed says so more than once
    sys.exit(1)


def undisturbed():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def start():
    begin = time.monotonic()
    lab("up")
    # sshd asks for the user once and waits 250 ms; a daemon that just started may need longer for its first answer.
    lab("exec", "--", "sh", "-c", f"for i in $(seq 100); do getent passwd {USER} && exit; sleep 0.2; done; exit 1")
    print(f"  done in {time.monotonic() - begin:.1f} s\n")


def lab(verb, *words, check=True):
    done = subprocess.run(
        [LAB, verb, "--name", NAME, *words], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    if check and done.returncode != 0:
        sys.exit(f"try: {done.stderr.strip()}")
    return done


class Session:
    """ssh on a terminal of its own. kind: that terminal's name for the other side."""

    def __init__(self, kind):
        sys.stdout.flush()
        self.plain = kind == "dumb"
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execve(LAB, SSH, {**os.environ, "TERM": kind})
        self.text = ""

    def read(self):
        """What came, also written out; empty at the end."""
        try:
            data = os.read(self.terminal, 65536)
        except OSError:
            data = b""
        os.write(1, data.replace(b"\r", b"") if self.plain else data)
        self.text += data.decode(errors="replace").replace("\r", "")
        return data

    def send(self, line):
        os.write(self.terminal, line.encode() + b"\r")

    def close(self):
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


# --- played ---------------------------------------------------------------------------------------


def played():
    print(f"--- ssh {USER}@localhost, for the first time ---\n")
    session = Session("dumb")
    worked = (
        answer(session, r"Entra Id Password: $", PASSWORD)
        and approve(session)
        and answer(session, r"New PIN: $", PIN)
        and answer(session, r"Confirm PIN: $", PIN)
        and at_the_shell(session)
    )
    session.close()
    if worked:
        print(f"\n--- ssh {USER}@localhost, for the second time ---\n")
        session = Session("dumb")
        worked = answer(session, r"\nPIN: $", PIN) and at_the_shell(session)
        session.close()
    print("\n" + ("It worked." if worked else "It failed; see testing/lab logs while the lab is running."))
    if worked:
        farewell(up=False)
    return worked


def wait_for(session, pattern):
    end = time.monotonic() + LIMIT
    while not re.search(pattern, session.text):
        if not select.select([session.terminal], [], [], max(0, end - time.monotonic()))[0]:
            print(f"\ntry: waited {LIMIT} s for {pattern!r}")
            print(lab("logs", "daemon", check=False).stdout[-3000:])
            return False
        if not session.read():
            print(f"\ntry: the connection ended while waiting for {pattern!r}")
            print(lab("logs", "daemon", check=False).stdout[-3000:])
            return False
    return True


def answer(session, pattern, line):
    if not wait_for(session, pattern):
        return False
    session.text = ""
    session.send(line)
    return True


def approve(session):
    if not wait_for(session, NUMBER.pattern):
        return False
    number = NUMBER.search(session.text)[1]
    session.text = ""
    done = phone(number)
    print(f"\n[on the phone of {UPN}: {number}: {done}]", flush=True)
    session.send("")
    return done == "approved"


def phone(number):
    done = lab("tenant", "phone", "approve", UPN, "--number", number, "--wait", "10", check=False)
    return (done.stdout or done.stderr).strip()


def at_the_shell(session):
    if not answer(session, r"[$] $", "id"):
        return False
    if not answer(session, rf"uid=\d+\({USER}\)[\s\S]*[$] $", "exit"):
        return False
    while session.read():
        pass
    return True


# --- live -----------------------------------------------------------------------------------------


def live():
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ^C is for the session
    print(f"You are about to sign in as {USER}. The password is {PASSWORD}; choose any PIN (six characters or more).")
    print("When the screen shows a number, your phone appears here, too: type the number into it.")
    print("In the shell look around (id, pwd), then leave with exit.\n")
    for time_of_day in ("", "\nSign in again: now the PIN is sufficient.\n"):
        print(time_of_day + f"$ ssh {USER}@localhost")
        session = Session(os.environ.get("TERM", "dumb"))
        before = termios.tcgetattr(0)
        tty.setraw(0)
        try:
            relay(session)
        finally:
            termios.tcsetattr(0, termios.TCSADRAIN, before)
        in_a_shell = re.search(r"[$] ", session.text)
        session.close()
        if not in_a_shell:
            print("\nThe sign-in was not completed. Try again with runtime/try.")
            return False
    farewell(up=True)
    return True


def relay(session):
    shown = 0
    while True:
        ready = select.select([0, session.terminal], [], [])[0]
        if session.terminal in ready:
            if not session.read():
                return
            match = NUMBER.search(session.text, shown)
            if match:
                shown = match.end()
                in_the_hand(session)
        if 0 in ready:
            typed = os.read(0, 65536)
            if not typed:
                sys.exit(1)  # the terminal is gone
            os.write(session.terminal, typed)


def in_the_hand(session):
    """The phone: takes one line from the keyboard."""
    show = lambda text: os.write(1, text.encode())  # noqa: E731
    show(f"\r\n\r\n  +-- your phone: approve the sign-in of {UPN}?\r\n  |   number on the other screen (empty to deny): ")
    line = b""
    while not line.endswith((b"\r", b"\n")):
        key = os.read(0, 1)
        if not key:
            sys.exit(1)  # the terminal is gone
        if key in (b"\x7f", b"\b"):
            if line:
                line = line[:-1]
                show("\b \b")
        elif key == b"\x03":
            line = b"\r"
        else:
            line += key
            if key.isalnum():
                os.write(1, key)
    number = line.strip().decode(errors="replace")
    if number:
        done = phone(number)
    else:
        done = lab("tenant", "phone", "deny", UPN, check=False).stdout.strip()
    show(f"\r\n  +-- {done}\r\n\r\n")
    session.send("")


def farewell(up):
    where = f" --name {NAME}" if up else ""
    start = "" if up else "   (start a host first: testing/lab up)"
    print(
        f"""
Three things to try next:{start}
  1. testing/lab exec{where} -- aad-tool shell          lb, plugins, stop himmelblau.mfa.push, start it again: no restart
  2. testing/lab tenant{where} stop                     no network now; ssh again: the PIN still works, a wrong one does not
  3. testing/lab exec{where} -- ssh {USER}@localhost    and give three wrong PINs: full MFA, and a new PIN"""
    )
    if up:
        print(f"\nThe private host runs until you stop it with: testing/lab down{where}")


if __name__ == "__main__":
    sys.exit(main())
