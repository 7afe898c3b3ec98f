"""A user at a terminal, who reads exactly what stands there."""

import re
import time

import pexpect


class Terminal:
    def __init__(self, command, timeout):
        self._child = pexpect.spawn(
            command[0], command[1:], encoding="utf-8", codec_errors="replace", timeout=timeout,
            echo=False, dimensions=(40, 200), env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TERM": "dumb", "LANG": "C.UTF-8"},
        )
        self._child.delaybeforesend = None
        self._seen = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def see(self, text, timeout=None):
        """The next thing on the terminal is this text and nothing else before it but an empty line."""
        self.match(re.escape(text), timeout=timeout)

    def match(self, pattern, timeout=None):
        found = self.until(pattern, timeout=timeout, want_match=True)
        before = self._child.before.replace("\r", "").strip("\n")
        assert before == "", f"unexpected text on the terminal: {before!r}\n{self.transcript()}"
        return found

    def until(self, pattern, timeout=None, want_match=False):
        """Whatever comes before the pattern; returned unless want_match."""
        expression = re.compile(pattern.replace("\\\n", "\n").replace("\n", "\r*\n"))
        try:
            self._child.expect(expression, timeout=-1 if timeout is None else timeout)
        except (pexpect.TIMEOUT, pexpect.EOF) as error:
            kind = "nothing more came" if isinstance(error, pexpect.TIMEOUT) else "the connection ended"
            raise AssertionError(
                f"waited for {pattern!r}, but {kind}. The terminal:\n{self.transcript()}{self._child.before}"
            ) from None
        self._seen.append(self._child.before + self._child.after)
        return self._child.match if want_match else self._child.before.replace("\r", "")

    def peek(self, pattern, timeout=None):
        """What comes before the pattern, left where it is."""
        before = self.until(pattern, timeout)
        self._child.buffer = self._seen.pop() + self._child.buffer
        return before

    def type(self, text):
        self._child.sendline(text)

    def interrupt(self):
        self._child.sendintr()

    def ask(self, command):
        mark = f"mark{time.monotonic_ns()}"
        self._child.sendline(f"{command}; echo {mark[:4]}''{mark[4:]}")
        text = self.until(mark)
        self.until(r"[$#] $")
        return text.split(f"{mark[4:]}", 1)[-1].strip("\n") if mark[4:] in text else text.strip("\n")

    def end(self, timeout=None):
        """Until the other side ends; its exit code, and keeps what was said in transcript()."""
        self._child.expect(pexpect.EOF, timeout=-1 if timeout is None else timeout)
        self._seen.append(self._child.before)
        self._child.close()
        return self._child.exitstatus

    def close(self):
        """As if the window were closed."""
        self._child.close(force=True)

    def transcript(self):
        return "".join(self._seen).replace("\r", "")
