"""GDM's own greeter without a screen: GDM starts it for a remote display, as it does for GNOME Remote Desktop; its monitor exists in memory."""

import json
import re
import time
from pathlib import Path

import zxingcpp
from PIL import Image

OS = "debian-13-gnome"
UUID = "qr-greeter@himmelblau-idm.org"
_DISPLAYS = ("org.gnome.DisplayManager", "/org/gnome/DisplayManager/RemoteDisplayFactory", "org.gnome.DisplayManager.RemoteDisplayFactory.CreateRemoteDisplay")
ACTIVE = 1  # the shell's ExtensionState
# What the prompt shows. A label that has faded out is still there.
_SHOWN = """
    (() => {
        const prompt = Main.screenShield._dialog?._authPrompt;
        if (!prompt)
            return {};
        const texts = [];
        const walk = actor => {
            if (actor.visible && actor.constructor.name.includes('Picture'))
                texts.push(actor.constructor.name);
            if (actor.visible && actor instanceof imports.gi.St.Label)
                texts.push(actor.text);
            actor.get_children().forEach(walk);
        };
        prompt.get_children().filter(child => child.style_class === 'himmelblau-panel' && child.visible).forEach(walk);
        return {
            question: prompt._entry.hint_text ?? '', ready: prompt._entry.reactive && prompt._queryingService !== null, visible: prompt.mapped,
            message: prompt._message.opacity ? prompt._message.text : '', panel: texts,
        };
    })()
"""


class Greeter:
    """One greeter; its lab has to be made with os=OS."""

    def __init__(self, lab):
        self.lab = lab
        self._bus = self._account = None
        self._since = ()

    def start(self):
        """Until the prompt for a user name is there."""
        self.lab.out("gdbus", "call", "--system", "--dest", _DISPLAYS[0], "--object-path", _DISPLAYS[1], "--method", _DISPLAYS[2], "/test/greeter")
        return self.attach("Debian-gdm", lambda: self.evaluate("Main.screenShield?._dialog?._authPrompt?.mapped ?? false"))

    def speak(self, locale):
        """The administrator sets the language of the host; the greeter has it from its next start on, and this is one."""
        self.lab.write("/etc/default/locale", f"LANG={locale}\n")
        self.lab.out("systemctl", "stop", "gdm")
        self.wait(lambda: self.lab.run("pgrep", "-x", "-u", "Debian-gdm", "gnome-shell").returncode == 1, 60, "the shell stays")
        # A shell that is stopped complains of Xwayland.
        self._since = (f"--after-cursor={self.lab.out('journalctl', '-n', '0', '--show-cursor').rpartition('-- cursor: ')[2]}",)
        self.lab.out("systemctl", "start", "gdm")
        return self.start()

    def attach(self, account, ready):
        """To the shell that runs as this account."""
        self._account = account

        def found():
            done = self.lab.run("sh", "-c", f"tr '\\0' '\\n' </proc/$(pgrep -x -u {account} gnome-shell | head -n 1)/environ")
            match = re.search(r"^DBUS_SESSION_BUS_ADDRESS=(.*)$", done.stdout, re.MULTILINE)
            self._bus = match and match[1]
            try:
                return bool(match) and ready()
            except AssertionError:
                return False

        self.wait(found, 120, "the shell is not ready")
        return self

    def evaluate(self, script):
        """The value of an expression in the shell."""
        done = self.lab.run(
            "setpriv", f"--reuid={self._account}", f"--regid={self._group()}", "--init-groups", "env", f"DBUS_SESSION_BUS_ADDRESS={self._bus}",
            "gdbus", "call", "--session", "--dest", "org.gnome.Shell", "--object-path", "/org/gnome/Shell",
            # gdbus reads a string as C does.
            "--method", "org.gnome.Shell.Eval", f"JSON.stringify({script.strip()})".replace("\\", "\\\\"),
        )
        assert done.returncode == 0, done.stderr
        match = re.fullmatch(r"\((true|false), (['\"])(.*)\2\)\n?", done.stdout, re.DOTALL)
        assert match and match[1] == "true", f"{script}: {done.stdout}"
        # gdbus writes what cannot be printed, such as an isolate, as an escape of its own.
        text = re.sub(r"\\(?:u([0-9a-f]{4})|(.))", lambda escape: chr(int(escape[1], 16)) if escape[1] else escape[2], match[3])
        return json.loads(json.loads(text)) if text else None

    def _group(self):
        return self.lab.out("id", "-g", self._account)

    def shown(self):
        return self.evaluate(_SHOWN)

    def until(self, condition, what, seconds=90):
        """What is shown, once it is what is waited for."""
        last = {}

        def met():
            last.update(self.shown())
            return last.get("visible") and condition(last)

        self.wait(met, seconds, f"{what}; shown", last)
        return last

    def asks(self, question, seconds=90):
        return self.until(lambda shown: shown["question"] == question and shown["ready"], f"no question {question!r}", seconds)

    def says(self, text, seconds=90):
        return self.until(lambda shown: text in shown["message"], f"no message {text!r}", seconds)

    def answer(self, text):
        """Typed on a keyboard, and Enter."""
        self.keys(*(f"Clutter.unicode_to_keysym({ord(character)})" for character in text), "Clutter.KEY_Return")

    def keys(self, *names):
        """Each pressed and released, on a keyboard that exists in memory."""
        self.evaluate(
            "(() => { const {Clutter} = imports.gi; const seat = global.stage.get_context().get_backend().get_default_seat();"
            " globalThis._keyboard ??= seat.create_virtual_device(Clutter.InputDeviceType.KEYBOARD_DEVICE);"
            f" for (const key of [{', '.join(names)}]) for (const state of [Clutter.KeyState.PRESSED, Clutter.KeyState.RELEASED])"
            " globalThis._keyboard.notify_keyval(Clutter.get_current_event_time() * 1000, key, state); return true; })()"
        )

    def user(self, name):
        """At the prompt for a name, which stands there when the host has no user of its own to choose from."""
        asked = self.evaluate("imports.gettext.dgettext('gnome-shell', 'Username')")
        self.until(lambda shown: shown["question"] == asked, "no prompt for a name")
        self.answer(name)

    def lock(self):
        """The session of a user; until PAM asks for something."""
        self.evaluate("(() => { Main.screenShield.lock(false); return true; })()")
        self.wait(lambda: self.evaluate("Main.sessionMode.currentMode") == "unlock-dialog", 20, "not locked")
        self.keys("Clutter.KEY_space")

    def until_mode(self, mode):
        def met():
            try:
                return self.evaluate("Main.sessionMode.currentMode") == mode
            except AssertionError:
                return False

        self.wait(met, 120, f"the shell is not in mode {mode}")

    def picture(self, file):
        """A screenshot in this file of the build machine."""
        place = f"/tmp/{Path(file).name}"
        self.lab.run("rm", "-f", place, place + ".done")
        self.evaluate(
            f"(() => {{ const {{Shell, Gio}} = imports.gi; const file = Gio.File.new_for_path('{place}'); const stream = file.replace(null, false, 0, null);"
            f" new Shell.Screenshot().screenshot(false, stream, (shot, result) => {{ shot.screenshot_finish(result); stream.close(null);"
            f" Gio.File.new_for_path('{place}.done').create(0, null).close(null); }}); return true; }})()"
        )
        self.wait(lambda: self.lab.run("test", "-e", place + ".done").returncode == 0, 20, "no screenshot")
        Path(file).write_bytes((self.lab.root() / place.lstrip("/")).read_bytes())
        return Image.open(file)

    def codes(self, file):
        """What the QR codes on the screen say."""
        return [code.text for code in zxingcpp.read_barcodes(self.picture(file))]

    def extension(self):
        """(state, errors) of ours, as the shell sees it."""
        return self.evaluate(f"(e => [e?.state ?? null, e?.errors ?? []])(Main.extensionManager.lookup('{UUID}'))")

    def complaints(self):
        """Lines of the shell's journal that speak of our extension or of an error in a script."""
        journal = self.lab.out("journalctl", "-b", "--no-pager", "-o", "cat", *self._since, "_COMM=gnome-shell")
        # The greeter's XDG_DATA_DIRS names /usr/share twice.
        harmless = f"Extension {UUID} already installed in "
        return [line for line in journal.splitlines() if re.search(r"JS ERROR|qr-greeter|Himmelblau", line) and not line.startswith(harmless)]

    @staticmethod
    def wait(condition, seconds, what, *more):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, " ".join(map(str, (f"after {seconds} s:", what, *more)))
            time.sleep(0.3)
