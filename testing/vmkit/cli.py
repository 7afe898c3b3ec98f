"""The command line of testing/vm."""

import argparse
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from labkit import LabError, linux, roots

from . import guest, scenarios

REPOSITORY = Path(__file__).resolve().parents[2]
# Disks are too big for memory.
BASE = Path("/var/tmp/himmelblau-vm")
_SELF = REPOSITORY / "testing/vm"


def main(arguments):
    options = _parser().parse_args(arguments)
    if os.geteuid() != 0:
        print("vm: only root can make the namespaces of a machine; run it as root (sudo testing/vm …)", file=sys.stderr)
        return 1
    try:
        return options.run(options) or 0
    except LabError as error:
        print(f"vm: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser():
    parser = argparse.ArgumentParser(
        prog="testing/vm", allow_abbrev=False,
        description="A virtual machine with our packages, a kernel with a TPM, and an emulated tenant; by plain emulation, so minutes, not seconds.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name, run, text, named=True):
        made = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        if named:
            made.add_argument("--name", default="default", help="name of the machine (several can run at the same time)")
        made.set_defaults(run=run)
        return made

    run = command("run", _run, "boot machines, run all scenarios, print the results, and remove the machines", named=False)
    run.add_argument("scenario", nargs="*", metavar="SCENARIO", help=f"{' or '.join(scenarios.ALL)} (default: each)")
    up = command("up", _up, "boot a machine; returns when users can sign in")
    up.add_argument("--lsm", choices=guest.LSMS, default="apparmor", help="security module; permissive: SELinux that only logs denials")
    inside = command("exec", _exec, "run a command as root in the machine, over SSH")
    inside.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND …")
    command("ssh", _ssh, "sign in as a user on a terminal").add_argument("user")
    command("tenant", _tenant, "run a command of the tenant").add_argument("words", nargs=argparse.REMAINDER, metavar="…")
    command("console", _console, "show the output of the serial console")
    command("down", _down, "stop a machine and remove all of it")
    command("prepare", _prepare, "create what `up` and `run` need, and print its path", named=False)
    for name, call in (("inside-up", _inside_up), ("inside-run", _inside_run)):
        hidden = commands.add_parser(name)
        hidden.set_defaults(run=call)
        for word in ("place", "disk", "what"):
            hidden.add_argument(word, type=Path if word != "what" else str)
    for each in commands.choices.values():
        each.add_argument("--os", choices=("debian-13",), default=roots.DEFAULT, help="what to boot")
    return parser


# --- outside: the machine's place, which goes with it ----------------------------------------------


class _Place:
    """A directory below BASE; the machine is running exactly as long as a process holds the lock."""

    def __init__(self, name):
        if not name.replace("-", "").isalnum():
            raise LabError(f"'{name}' is not a valid name of a machine: letters, digits, '-'")
        self.directory, self.lock_file = BASE / name, BASE / f".{name}.lock"

    def claim(self):
        BASE.mkdir(mode=0o700, exist_ok=True)
        lock = open(self.lock_file, "a", encoding="ascii")  # pylint: disable=consider-using-with
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LabError(f"machine '{self.directory.name}' is up already; stop it with: testing/vm down") from None
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir(mode=0o700)
        return lock

    def clear(self):
        shutil.rmtree(self.directory, ignore_errors=True)
        self.lock_file.unlink(missing_ok=True)
        try:
            BASE.rmdir()
        except OSError:
            pass  # other machines

    def holder(self):
        try:
            return int((self.directory / "pid").read_text(encoding="ascii"))
        except (OSError, ValueError):
            raise LabError(f"no machine '{self.directory.name}' is up") from None


def _tenant_is_built():
    if not (REPOSITORY / "testing/tenant/target/tenant.jar").exists():
        subprocess.run([REPOSITORY / "testing/tenant/run", "--help"], stdout=subprocess.DEVNULL, check=False)


def _prepare(options):
    from . import disk

    with disk.disk(options.os, REPOSITORY) as made:
        print(made)


def _run(options):
    from . import disk

    names = options.scenario or list(scenarios.ALL)
    if unknown := set(names) - set(scenarios.ALL):
        raise LabError(f"no scenario {', '.join(unknown)}; there are: {', '.join(scenarios.ALL)}")
    _tenant_is_built()
    passed = failed = 0
    with disk.disk(options.os, REPOSITORY) as made:
        for name in names:
            place = _Place(f"run-{name}-{os.getpid()}")
            with place.claim():
                try:
                    code = _held(place, made, "inside-run", name)
                    counts = place.directory / "counts"
                    good, bad = map(int, counts.read_text(encoding="ascii").split()) if counts.exists() else (0, 1)
                    passed, failed = passed + good, failed + (bad or (1 if code else 0))
                finally:
                    place.clear()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def _held(place, made, verb, what):
    words = guest.namespaces([sys.executable, "-IB", _SELF, verb, place.directory, made, what])
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, preexec_fn=lambda: linux.die_with_parent(signal.SIGKILL)) as process:
        try:
            return process.wait()
        finally:
            process.kill()


def _up(options):
    from . import disk

    _tenant_is_built()
    place = _Place(options.name)
    with place.claim() as lock, disk.disk(options.os, REPOSITORY) as made:
        # The child keeps the lock, and the disk's, as long as the machine lives.
        log = place.directory / "up.log"
        child = os.fork()
        if child == 0:
            _keep(place, made, options.lsm, log)
        begin = time.monotonic()
        while not (place.directory / "ready").exists():
            ended, _ = os.waitpid(child, os.WNOHANG)
            if ended:
                said = log.read_text(errors="replace") if log.exists() else "it ended"
                raise LabError(f"the machine is not up:\n{said}")
            time.sleep(0.5)
        print(f"up after {time.monotonic() - begin:.0f} s; testing/vm exec -- COMMAND, testing/vm down", file=sys.stderr)
        del lock


def _keep(place, made, lsm, log):
    """Never returns: the process that outlives `up` and clears up after the machine."""
    os.setsid()
    with open(log, "ab") as output, open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    (place.directory / "pid").write_text(str(os.getpid()), encoding="ascii")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    code = 1
    try:
        code = _held(place, made, "inside-up", lsm)
    except SystemExit:
        code = 0
    finally:
        if code == 0:
            place.clear()
        os._exit(code)


def _down(options):
    place = _Place(options.name)
    try:
        with place.claim():  # nobody holds it: what is left is a killed one's
            place.clear()
            return
    except LabError:
        os.kill(place.holder(), signal.SIGTERM)
    end = time.monotonic() + 30
    while place.directory.exists():
        if time.monotonic() > end:
            raise LabError(f"machine '{options.name}' does not end")
        time.sleep(0.1)


def _enter(options):
    """The words that lead into the network of the machine, and the machine's directory."""
    place = _Place(options.name)
    process = place.holder()
    for _ in ("unshare", "the first process in the namespaces"):
        process = int(Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()[0])
    return ["nsenter", f"--net=/proc/{process}/ns/net"], place.directory


def _ssh_of(directory):
    """A guest that is up, for its commands."""
    made = guest.Guest.__new__(guest.Guest)
    made.place, made.admin, made.repository, made.console = directory, directory / "tenant.sock", REPOSITORY, directory / "console.log"
    return made


def _exec(options):
    words = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not words:
        raise LabError("nothing to run; usage: testing/vm exec [--name NAME] -- COMMAND …")
    enter, directory = _enter(options)
    return subprocess.run([*enter, *_ssh_of(directory).command(" ".join(words))], check=False).returncode


def _ssh(options):
    enter, directory = _enter(options)
    return subprocess.run([*enter, *_ssh_of(directory).sign_in(options.user)], check=False).returncode


def _tenant(options):
    _, directory = _enter(options)
    print(_ssh_of(directory).tenant(*options.words), end="")


def _console(options):
    print(_Place(options.name).directory.joinpath("console.log").read_text(errors="replace"), end="")


# --- inside the namespaces -------------------------------------------------------------------------


def _inside_up(options):
    machine = guest.Guest(options.place, options.disk, REPOSITORY, options.what)
    machine.boot()
    (options.place / "ready").touch()
    machine.wait()


def _inside_run(options):
    report = scenarios.Report(options.what)
    try:
        scenarios.ALL[options.what](guest.Guest(options.place, options.disk, REPOSITORY, options.what), report)
    except scenarios.Stopped:
        pass
    (options.place / "counts").write_text(f"{report.passed} {report.failed}", encoding="ascii")
    return 1 if report.failed else 0
