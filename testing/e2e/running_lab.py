"""A lab as the tests see it: users of the tenant, their phones, terminals inside."""

import contextlib
import json
import re
import shutil
import subprocess
import time
from pathlib import Path

from terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
LAB = str(ROOT / "testing/lab")
DOMAIN = "0pndv.onmicrosoft.com"
PASSWORD = "Passw0rd!"
PIN = "471125"
SSH = (
    "ssh", "-o", "PreferredAuthentications=keyboard-interactive", "-o", "NumberOfPasswordPrompts=3",
    "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=10",
)


class RunningLab:
    """One running lab."""

    def __init__(self, name, conf=None, tenant=None, tpm="none", os=None):
        self.name = name
        self._up = [LAB, "up", "--name", name, "--tpm", tpm, *(["--os", os] if os else [])]
        self._up += ["--conf", str(conf)] if conf else []
        self._up += ["--tenant", str(tenant)] if tenant else []
        self._users = 0

    def up(self):
        done = subprocess.run(self._up, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return self

    def down(self):
        self.lab("down")

    # --- commands -----------------------------------------------------------------------------

    def lab(self, verb, *words, check=True, timeout=120):
        done = subprocess.run(
            [LAB, verb, "--name", self.name, *map(str, words)],
            capture_output=True, text=True, timeout=timeout, check=False, stdin=subprocess.DEVNULL,
        )
        if check:
            assert done.returncode == 0, f"lab {verb} {words}: {done.stderr}{done.stdout}"
        return done

    def run(self, *command, user=None, text=None, timeout=60):
        """A command inside; never raises for its exit code. text: its standard input."""
        words = [LAB, "exec", "--name", self.name, *(["--user", user] if user else []), "--", *map(str, command)]
        return subprocess.run(words, capture_output=True, text=True, input=text or "", timeout=timeout, check=False)

    def open(self, *command):
        """A command that goes on running; its pipes carry text."""
        words = [LAB, "exec", "--name", self.name, "--", *map(str, command)]
        return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def out(self, *command, user=None):
        """A command that has to work; what it printed, without the last newline."""
        done = self.run(*command, user=user)
        assert done.returncode == 0, f"{command}: {done.returncode} {done.stdout}{done.stderr}"
        return done.stdout.rstrip("\n")

    def timed(self, *command):
        """(result, seconds inside); the time excludes entering the lab."""
        script = 'b=$(date +%s%N); "$@"; c=$?; echo "#$(( $(date +%s%N) - b ))" >&2; exit $c'
        done = self.run("bash", "-c", script, "timed", *command)
        return done, int(done.stderr.rsplit("#", 1)[1]) / 1e9

    def restart(self, service="daemon"):
        self.lab("restart", service)

    def kill_daemon(self):
        self.lab("kill", "daemon")

    def start(self, service="daemon"):
        self.lab("start", service)

    def daemon_pid(self):
        """As processes inside see it."""
        for line in self.lab("status").stdout.splitlines():
            if match := re.fullmatch(r"daemon: ready after .* s, pid (\d+)", line):
                return int(match[1])
        return None

    @contextlib.contextmanager
    def stopped(self):
        self.lab("stop", "daemon")
        try:
            yield
        finally:
            self.start()
            self.await_daemon()

    @contextlib.contextmanager
    def stuck(self):
        """While it holds, the daemon runs and answers nobody; afterwards it answers again."""
        pid = self.daemon_pid()
        self.out("systemctl", "service-watchdogs", "no")  # systemd would start it anew after a minute
        self.out("kill", "-STOP", pid)
        try:
            yield
        finally:
            self.run("kill", "-CONT", pid)
            self.run("systemctl", "service-watchdogs", "yes")
            self.await_daemon()

    def await_daemon(self, seconds=30):
        """Names are also answered from the map: only a command shows that the daemon does."""
        end = time.monotonic() + seconds
        while (done := self.run("aad-tool", "status")).returncode != 0:
            assert time.monotonic() < end, f"the daemon does not answer: {done.stderr}"
            time.sleep(0.3)

    def log(self, part="daemon"):
        return self.lab("logs", part).stdout

    def write(self, path, text):
        done = self.run("sh", "-c", 'mkdir -p "${1%/*}" && cat > "$1"', "write", path, text=text)
        assert done.returncode == 0, done.stderr

    def root(self):
        """The host's file system, as a path on the build machine; until the host boots again."""
        facts = json.loads(Path(f"/run/himmelblau-lab/{self.name}/facts.json").read_text(encoding="utf-8"))
        return Path(f"/proc/{facts['init']}/root")

    def put(self, file, place="/root"):
        """Copies a file of the build machine, with its mode; its path inside."""
        target = Path(place, Path(file).name)
        shutil.copy(file, self.root() / target.relative_to("/"))
        return str(target)

    # --- the tenant ---------------------------------------------------------------------------

    def tenant(self, *words, check=True):
        return self.lab("tenant", *words, check=check)

    def offline(self):
        return _Offline(self)

    def requests(self):
        return json.loads(self.tenant("requests", "--json").stdout)

    def local(self, name, password=None):
        """A local account; made once."""
        if self.run("id", name).returncode != 0:
            self.out("useradd", "-m", "-s", "/bin/bash", name)
        if password:
            assert self.run("chpasswd", text=f"{name}:{password}").returncode == 0
        return name

    @staticmethod
    def as_user(name, *command):
        """A command that a user runs, su for instance: with that real uid."""
        return ("setpriv", f"--reuid={name}", f"--regid={name}", "--init-groups", *command)

    def new_user(self, *, mfa="PhoneAppNotification", domain=DOMAIN, password=PASSWORD, local=None):
        """A new user, so that no test uses the state of another. mfa: one method or several with commas, the default first."""
        self._users += 1
        name = local or f"p{self._users:02d}"
        upn = f"{name}@{domain}"
        self.tenant("user", "add", upn, "--password", password, "--name", name, "--mfa", mfa)
        self.await_name(name)
        return User(self, name, upn, password)

    def await_name(self, name, seconds=40):
        """sshd gives a lookup the 250 ms that the library gives it; a machine that runs all tests at once needs more."""
        script = f"for i in $(seq {seconds * 5}); do getent passwd {name} && exit; sleep 0.2; done; exit 1"
        assert self.run("sh", "-c", script).returncode == 0, f"{name} is not found"

    # --- terminals ----------------------------------------------------------------------------

    def terminal(self, *command, timeout=40):
        return Terminal([LAB, "exec", "--name", self.name, "--", *map(str, command)], timeout)

    def ssh(self, name, timeout=40, level="ERROR"):
        """level: with INFO, its default, the client also shows the last words of a refusal, which come without a prompt."""
        command = [word.replace("LogLevel=ERROR", f"LogLevel={level}") for word in SSH]
        return TerminalSession(self.terminal(*command, f"{name}@127.0.0.1", timeout=timeout), f"({name}@127.0.0.1) ")


class _Offline:
    def __init__(self, running_lab):
        self.running_lab = running_lab

    def __enter__(self):
        self.running_lab.tenant("stop")

    def __exit__(self, *_):
        self.running_lab.tenant("start")


class User:
    def __init__(self, running_lab, name, upn, password):
        self.running_lab, self.name, self.upn, self.password = running_lab, name, upn, password

    def pending(self):
        return self.running_lab.tenant("phone", "pending", self.upn).stdout

    def await_prompt(self, seconds=30):
        """Until the phone shows a prompt."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if text := self.pending().strip():
                return text
            time.sleep(0.1)
        raise AssertionError(f"the phone of {self.upn} shows no prompt")

    def approve(self, number):
        self.await_prompt()
        self.running_lab.tenant("phone", "approve", self.upn, "--number", number)

    def deny(self):
        self.await_prompt()
        self.running_lab.tenant("phone", "deny", self.upn)

    def ssh(self, **options):
        return self.running_lab.ssh(self.name, **options)

    def console(self, **options):
        """login(1), as at the machine itself."""
        return TerminalSession(self.running_lab.terminal("login", self.name, **options))

    def enrol(self, pin=PIN):
        """The whole first sign-in over SSH, up to a PIN that works. It makes keys, which takes long on a machine that runs much else."""
        with self.ssh(timeout=60) as session:
            session.password(self.password)
            number = session.number()
            self.approve(number)
            session.enter()
            session.new_pin(pin)
            session.shell()
            session.leave()
        return self


class TerminalSession:
    """The dialogue of a sign-in on a terminal, step by step, with its exact texts, and the shell after it. prefix: what the client puts before each prompt."""

    PASSWORD = "Use the password for your Office 365 or Microsoft online login.\nEntra Id Password: "
    NUMBER = (
        r"Open your Authenticator app, and enter the number '(\d+)' to sign in.",
        "No push? Check your mobile device's internet connection.",
    )
    SET_UP = (
        "Set up a PIN\n"
        "A Hello PIN is a fast, secure way to sign in to your device, apps, and services.\n"
        "The minimum PIN length is {length} characters.\n"
    )
    ENROLLING = "Enrolling the Hello PIN. Please wait..."
    ASK_PIN = "Use the Linux Hello PIN for this device.\nPIN: "

    def __init__(self, terminal, prefix=""):
        self.terminal, self.prefix = terminal, prefix

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.terminal.close()

    def see(self, text, **options):
        self.terminal.see(self.prefix + text, **options)

    def say(self, text):
        self.terminal.type(text)

    def password(self, password, before=""):
        """before: a message that stands above the prompt, such as the reason of a refusal."""
        self.see(before + self.PASSWORD)
        self.say(password)

    def number(self, press_enter=True):
        first, second = self.NUMBER
        pattern = re.escape(self.prefix) + first + "\n" + re.escape(second) + "\n"
        pattern += "Press enter to continue" if press_enter else ""
        return self.terminal.match(pattern)[1]

    def enter(self):
        self.say("")

    def new_pin(self, pin, confirm=None, length=6, before=""):
        text = self.SET_UP.format(length=length)
        self.see(before + text + "New PIN: ")
        self.say(pin)
        self.see(text + "Confirm PIN: ")
        self.say(pin if confirm is None else confirm)

    def pin(self, pin, before=""):
        self.see(before + self.ASK_PIN)
        self.say(pin)

    def shell(self):
        """Until the shell's prompt; returns what stood before it."""
        return self.terminal.until(r"[$#] $")

    def ask(self, command):
        """Runs a command in the shell; its output."""
        return self.terminal.ask(command)

    def leave(self):
        self.terminal.type("exit")
        return self.terminal.end()
