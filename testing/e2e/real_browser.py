"""Chromium or Firefox without a screen, as the browser of a user of the tenant: with the methods of browser.Browser."""

import base64
import contextlib
import io
import json
import os
import signal
import subprocess
import tempfile
from pathlib import Path
from types import SimpleNamespace

DRIVER = Path(__file__).with_name("browser_driver.py")


@contextlib.contextmanager
def real_browser(lab, kind):
    """A new one, without cookies, in the lab's network; all of its processes end with it."""
    init = json.loads(Path(f"/run/himmelblau-lab/{lab.name}/facts.json").read_text(encoding="utf-8"))["init"]
    with tempfile.TemporaryDirectory(prefix="browser", ignore_cleanup_errors=True) as folder:
        command = ["nsenter", f"--net=/proc/{init}/ns/net", "unshare", "--pid", "--fork", "--mount-proc", "--kill-child", str(DRIVER), kind, folder]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
        try:
            yield RealBrowser(process)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


class RealBrowser:
    def __init__(self, process):
        self._process = process
        self.page = None

    def open(self, address):
        return self._load("open", address)

    def submit(self, button, **typed):
        """Types into the fields of the form that has this button, as a user does, and presses it."""
        return self._load("submit", button, typed)

    def read(self):
        """The page as it is now."""
        return self._load("read")

    def qr_code(self):
        """What a phone's camera would read off the window."""
        import zxingcpp
        from PIL import Image

        picture = Image.open(io.BytesIO(base64.b64decode(self._ask("picture")["picture"])))
        found = zxingcpp.read_barcodes(picture.convert("L"))
        assert len(found) == 1, f"{len(found)} codes on {self.page.title!r}"
        return found[0].text

    def _load(self, *command):
        answer = self._ask(*command)
        self.page = SimpleNamespace(title=answer["title"], texts=answer["texts"], buttons=answer["buttons"])
        return self.page

    def _ask(self, *command):
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the browser ended"
        answer = json.loads(line)
        assert "error" not in answer, (command, self.page and vars(self.page), answer["error"])
        return answer
