"""What is done with a machine, step by step, and what has to be seen."""

import contextlib
import re
import shlex
import sys
import time
import traceback
from pathlib import Path

from labkit import LabError

from .disk import LOCAL, LOCAL_PASSWORD
from .guest import unprintable
from .security_key import SecurityKey

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from running_lab import PASSWORD, PIN, TerminalSession  # noqa: E402  (the path above comes first)
from terminal import Terminal  # noqa: E402

DOMAIN = "example.onmicrosoft.com"
NEW_PIN = "564738"
KEY_PIN = "8642"
# Each answer of a user waits for a machine that runs a tenth as fast.
PATIENCE = 300


class Stopped(Exception):
    """A step failed; those after it build on it."""


class Report:
    def __init__(self, scenario):
        self.scenario, self.passed, self.failed = scenario, 0, 0
        self._begin = time.monotonic()

    def say(self, text):
        seconds = int(time.monotonic() - self._begin)
        print(f"[{seconds // 60:2d}:{seconds % 60:02d}] {self.scenario}: {text}", flush=True)

    def show(self, text):
        for line in unprintable(text).strip("\n").splitlines():
            print(f"        | {line}", flush=True)

    @contextlib.contextmanager
    def step(self, text):
        try:
            yield
        except (AssertionError, LabError, OSError) as error:
            self.failed += 1
            self.say(f"FAILED {text}")
            self.show(str(error) or traceback.format_exc())
            raise Stopped from error
        self.passed += 1
        self.say(f"ok {text}")


class _AtMachine(TerminalSession):
    """Where the line stays when a session ends."""

    def leave(self):
        self.terminal.type("exit")
        self.terminal.until("login: ")


class User:
    """A user of the tenant, at an SSH client."""

    def __init__(self, machine, report, name, mfa="PhoneAppNotification", password=PASSWORD):
        self.machine, self.report, self.name, self.upn = machine, report, name, f"{name}@{DOMAIN}"
        machine.tenant("user", "add", self.upn, "--password", password, "--name", name, "--mfa", mfa)
        machine.until(f"getent passwd {name}", 120, f"{name} is not found")

    def session(self):
        return self._at(Terminal(self.machine.sign_in(self.name), PATIENCE), f"({self.name}@127.0.0.1) ")

    @contextlib.contextmanager
    def console(self):
        """At the machine itself."""
        with self._at(Terminal(list(map(str, self.machine.at_machine())), PATIENCE), "", _AtMachine) as session:
            session.enter()
            session.terminal.until("login: ")
            session.say(self.name)
            session.terminal.until(f"{self.name}\n")  # the line shows what is typed
            yield session

    @contextlib.contextmanager
    def _at(self, terminal, prefix, kind=TerminalSession):
        with kind(terminal, prefix) as session:
            try:
                yield session
            finally:
                self.report.show(terminal.transcript())

    def home(self):
        return self.machine.out(f"getent passwd {self.name}").split(":")[5]

    def approve(self, number):
        end = time.monotonic() + PATIENCE
        while not self.machine.tenant("phone", "pending", self.upn).strip():
            assert time.monotonic() < end, f"the phone of {self.upn} shows no prompt"
            time.sleep(0.3)
        self.machine.tenant("phone", "approve", self.upn, "--number", number)

    def full(self, pin):
        """By password and second factor, up to a PIN."""
        with self.session() as session:
            session.password(PASSWORD)
            self.approve(session.number())
            session.enter()
            session.new_pin(pin)
            self.uses(session)

    def by_pin(self, pin):
        with self.session() as session:
            session.pin(pin)
            self.uses(session)

    def uses(self, session):
        session.shell()
        assert session.ask("id -un") == self.name
        assert session.ask("pwd; touch here && ls here").split() == [self.home(), "here"]
        session.leave()


def local_user(machine, report):
    """A local user of the host: denials of this sign-in are not caused by our packages."""
    terminal = Terminal(machine.sign_in(LOCAL), PATIENCE)
    with TerminalSession(terminal, f"({LOCAL}@127.0.0.1) ") as session:
        terminal.until("Password: ")
        session.say(LOCAL_PASSWORD)
        session.shell()
        assert session.ask("id -un") == LOCAL
        session.ask("pwd; touch here && ls here")
        session.leave()
    report.say("a local user has signed in")


def _boots(machine, report, text, boot):
    with report.step(text):
        report.say(f"in {boot():.0f} s")


# --- a security key at the machine ------------------------------------------------------------------

_INSERT, _ASK_KEY_PIN, _TOUCH = "Please insert your security key.\n", "Fido PIN: ", "Please touch your security key.\n"


@contextlib.contextmanager
def _memory_that_java_needs(machine):
    """For the key's program, which runs as a user's: SELinux lets those make no code. The daemon's domain has a rule of its own."""
    selinux_is_on = machine.run("getenforce").stdout.strip() == "Enforcing"
    if selinux_is_on:
        machine.out("setsebool allow_execmem on")
    try:
        yield
    finally:
        if selinux_is_on:
            machine.out("setsebool allow_execmem off")


def _security_key(machine, report):
    machine.out("mkdir -p /etc/himmelblau/himmelblau.conf.d")
    machine.put("/etc/himmelblau/himmelblau.conf.d/50-security-key.conf", "[global]\nenable_passwordless_security_key = true\nfido_timeout = 300\n")
    machine.out("aad-tool config reload")
    user = User(machine, report, "p02", mfa="FidoKey", password="")
    with _memory_that_java_needs(machine), SecurityKey(machine, KEY_PIN) as key:
        key.register(user.upn)
        with report.step("udev gives a security key to the daemon, and no other device"):
            other, mine = key.insert_other(), key.insert()
            report.show(machine.out(f"ls -l {other} {mine}"))
            assert machine.out(f"stat -c %U {other} {mine}").split() == ["root", "himmelblaud"]
            key.remove()
        with report.step("an account that has nothing but a passkey waits for the key at the console, signs in with it and sets a PIN"):
            key.hold()
            with user.console() as session:
                session.see(_INSERT)
                key.insert()
                session.see(_ASK_KEY_PIN)
                session.say(KEY_PIN)
                session.see(_TOUCH)
                key.touch()
                session.new_pin(PIN)
                user.uses(session)
        user = User(machine, report, "p03", mfa="FidoKey", password="")
        key.register(user.upn)
        with report.step("a wrong PIN is counted by the key, and a key that is pulled out is asked for again"):
            with user.console() as session:
                session.see(_ASK_KEY_PIN)
                session.say("1111")
                session.see("Wrong PIN! You have 7 attempts left.\n" + _ASK_KEY_PIN)
                assert key.tries() == 7
                session.say(KEY_PIN)
                session.see(_TOUCH)
                key.remove()
                session.see("The security key was removed. Please insert it again.\n")
                key.insert()
                session.see(_ASK_KEY_PIN)
                session.say(KEY_PIN)
                session.see(_TOUCH)
                key.touch()
                session.new_pin(PIN)
                user.uses(session)


# --- AppArmor, and the TPM -------------------------------------------------------------------------

_PROBE = """abi <abi/4.0>,
include <tunables/global>
profile vm-{name} /usr/local/bin/vm-{name} {{
  include <abstractions/base>
  {more}
  /usr/local/bin/vm-{name} mr,
}}
"""


def apparmor(machine, report):
    _boots(machine, report, "boots, and the daemon runs", machine.boot)
    with report.step("AppArmor is on, profiles are enforced, and the package's addition is loaded"):
        assert machine.out("cat /sys/module/apparmor/parameters/enabled") == "Y"
        # Debian lets this one, which every PAM stack calls, only complain.
        machine.out("sed -i 's/ flags=(complain)//' /etc/apparmor.d/unix-chkpwd && apparmor_parser -r /etc/apparmor.d/unix-chkpwd")
        said = machine.out("aa-status")
        assert int(re.search(r"(\d+) profiles are in enforce mode", said)[1]) > 0, said
        assert "unix-chkpwd" in said.partition("enforce mode")[2].partition("complain mode")[0], said
    with report.step("the default hsm_type uses /dev/tpmrm0, as a user who may because of the group tss"):
        assert machine.run("grep -rs hsm_type /etc/himmelblau").stdout == ""
        machine.until("aad-tool tpm | grep 'key: open'", 120, "the machine key does not open")
        report.show(machine.out("ls -l /dev/tpm0 /dev/tpmrm0; aad-tool tpm"))
        assert machine.out("stat -c '%U:%G %a' /dev/tpmrm0") == "tss:tss 660"
        pid = machine.out("systemctl show -p MainPID --value himmelblaud")
        status = machine.out(f"cat /proc/{pid}/status")
        uid, group = machine.out("id -u himmelblaud"), machine.out("getent group tss | cut -d: -f3")
        assert re.search(rf"^Uid:\s+{uid}\s+{uid}\s", status, re.MULTILINE), status
        assert group in re.search(r"^Groups:(.*)$", status, re.MULTILINE)[1].split(), status
        assert re.search(r"^CapEff:\s+0+$", status, re.MULTILINE), status
        assert "TPM" in machine.out("aad-tool tpm")
        assert "/dev/tpmrm0" in machine.out("aad-tool tpm") + machine.out("journalctl -b -u himmelblaud")
    with report.step("the archive of loaded classes fits this machine"):
        _class_archive(machine)
    with report.step("signs in by password and second factor, and sets a PIN"):
        user = User(machine, report, "p01")
        user.full(PIN)
    with report.step("signs in by PIN"):
        user.by_pin(PIN)
    with report.step("a confined program finds the user because its profile includes the name service, and only then"):
        _confined(machine, user.name)
    _security_key(machine, report)
    with report.step("unix_chkpwd, which its profile confines, knows the user"):
        done = machine.run(f"runuser -u {user.name} -- /usr/sbin/unix_chkpwd {user.name} chkexpiry </dev/null")
        assert done.returncode == 0, done  # 10 of somebody whom it does not find
    with report.step("nothing was denied"):
        _nothing_denied(machine)
    with report.step("sleeps for two minutes, and signs in by PIN after that, and by password and second factor"):
        machine.suspend(120)
        user.by_pin(PIN)
        User(machine, report, "p04").full(PIN)
    _boots(machine, report, "boots again", machine.reboot)
    with report.step("signs in by PIN after that"):
        user.by_pin(PIN)
    with report.step("nothing was denied in the second boot"):
        _nothing_denied(machine)
    machine.power_off()
    machine.clear_tpm()
    _boots(machine, report, "boots with a TPM that was cleared", machine.boot)
    with report.step("the PIN is refused, and the reason is shown"):
        said = machine.run(f"echo {PIN} | pamtester sshd {user.name} authenticate")
        report.show(said.stdout + said.stderr)
        assert said.returncode != 0
        assert "the keys of this computer cannot be opened" in said.stdout + said.stderr
        said = machine.run("aad-tool status; aad-tool tpm")
        report.show(said.stdout + said.stderr)
        assert "this TPM was cleared" in said.stdout + said.stderr
    with report.step("after what the message says to do, a full sign-in sets a new PIN"):
        machine.out("systemctl stop himmelblaud && mkdir /root/before && mv /var/cache/himmelblaud/himmelblau.cache.db* /root/before && systemctl start himmelblaud", 300)
        machine.until("aad-tool tpm | grep 'key: open'", 300, "the machine key does not open")
        machine.until(f"getent passwd {user.name}", 120, f"{user.name} is not found")
        user.full(NEW_PIN)
    with report.step("signs in by the new PIN"):
        user.by_pin(NEW_PIN)
    with report.step("nothing was denied in the third boot"):
        _nothing_denied(machine)


def _class_archive(machine):
    home = "/usr/lib/himmelblau"
    script = (
        f"cd {home}; jars=$(ls bundles/daemon/*.jar | sed 's|^|{home}/|' | paste -sd:); test ! -e lib/daemon.aot || "
        f"java/bin/java @lib/jvm.options -XX:AOTCache={home}/lib/daemon.aot -XX:AOTMode=on -cp {home}/lib/launcher.jar:{home}/lib/framework.jar:$jars -version"
    )
    machine.out(script)


def _confined(machine, name):
    for probe, more in (("with", "include <abstractions/nameservice>"), ("without", "/etc/{nsswitch.conf,passwd} r,")):
        machine.put(f"/etc/apparmor.d/vm-{probe}", _PROBE.format(name=probe, more=more))
        machine.out(f"cp /usr/bin/getent /usr/local/bin/vm-{probe} && apparmor_parser -r /etc/apparmor.d/vm-{probe}")
    found = machine.run(f"/usr/local/bin/vm-with passwd {name} && /usr/local/bin/vm-with group {name}")
    assert found.returncode == 0 and found.stdout.startswith(f"{name}:"), found
    # Not whether it finds the user: kernels before 6.17 let a confined program connect to any socket, and so ask the daemon.
    machine.run(f"/usr/local/bin/vm-without passwd {name}")
    assert "/var/cache/himmelblaud/nss/map" in _denied(machine, 'profile="vm-without"'), "the profile confines nothing"


def _nothing_denied(machine):
    said = _denied(machine, "-v", 'profile="vm-without"')
    assert said == "", said


def _denied(machine, *filter_words):
    """What AppArmor denied in this boot: the lines that grep finds with these words."""
    words = shlex.join(filter_words)
    return machine.out(f"{{ journalctl -b -k -o cat; cat /var/log/audit/audit.log; }} | grep -a 'apparmor=\"DENIED\"' | grep {words} || true")


# --- SELinux ---------------------------------------------------------------------------------------

_DOMAINS = {"himmelblaud": "himmelblaud_t", "himmelblaud-tasks": "himmelblaud_tasks_t", "himmelblau-userdb": "himmelblau_userdb_t"}


def selinux(machine, report):
    _boots(machine, report, "boots, and the daemon runs", machine.boot)
    with report.step("SELinux is enforcing, and the package's module is loaded"):
        assert machine.out("getenforce") == "Enforcing"
        assert "himmelblaud" in machine.out("semodule -l").split()
    with report.step("each of our processes is in its domain"):
        for unit, domain in _DOMAINS.items():
            machine.until(f"systemctl is-active {unit}", 240, f"{unit} does not start")
            label = machine.out(f"cat /proc/$(systemctl show -p MainPID --value {unit})/attr/current | tr -d '\\0'")
            assert label.split(":")[2] == domain, (unit, label)
    with report.step("every file of ours has the label that the module gives"):
        wrong = machine.out(
            "restorecon -Rnv /usr/lib/himmelblau /etc/himmelblau /run/himmelblau /run/himmelblaud /run/himmelblaud-tasks /run/himmelblau-userdb "
            "/run/systemd/userdb/himmelblau /var/lib/himmelblaud /var/lib/himmelblaud-tasks /var/cache/himmelblaud"
        )
        assert wrong == "", wrong
    with report.step("a local user signs in: what is denied then is the policy's own affair"):
        machine.out("logger -t vm begin-local")
        local_user(machine, report)
        of_local = _denials(machine)
    with report.step("signs in by password and second factor, and sets a PIN"):
        user = User(machine, report, "p01")
        user.full(PIN)
    with report.step("signs in by PIN"):
        user.by_pin(PIN)
    _security_key(machine, report)
    with report.step("the home is labelled as homes are"):
        home = user.home()
        label = machine.out(f"ls -dLZ {home} {home}/here | cut -d: -f3 | paste -sd' '")
        assert label == "user_home_dir_t user_home_t", label
    with report.step("nothing of ours was denied, and nothing that a local user's sign-in is not denied, too"):
        after = _denials(machine)
        ours = sorted(line for line in after if "himmelblau" in line)
        more = sorted(after - of_local - set(ours))
        report.say(f"{len(of_local)} kinds of denial before our users came, {len(more)} others")
        assert not ours and not more, "\n".join([*ours, *more])


def _denials(machine):
    """What was denied in this boot, each kind once: who, whom, what, and how."""
    said = machine.out("{ journalctl -b -o cat; cat /var/log/audit/audit.log; } | grep -aE 'avc: +denied|SELINUX_ERR' || true")
    kinds = set()
    for line in said.splitlines():
        found = re.search(r"denied +\{ ([^}]*)\}.*?scontext=\S+?:\S+?:(\S+?):.*?tcontext=\S+?:\S+?:(\S+?):\S* tclass=(\S+)", line)
        path = re.search(r'(?:path|name|comm)="?[^ ]*himmelblau[^ ]*', line)
        kinds.add(f"{found[2]} {found[3]} {found[4]} {{ {found[1]}}}{' ' + path[0] if path else ''}" if found else line)
    return kinds


ALL = {"apparmor": apparmor, "selinux": selinux}
