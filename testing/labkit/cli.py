"""The command line of testing/lab."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from . import LabError, roots
from .state import Lab, all_labs

REPOSITORY = Path(__file__).resolve().parents[2]
_SERVICES = ("daemon", "tasks", "userdb", "sshd")
_DEVICES = ("tpm",)
_FILES = ("tenant", "tpm", "boot", "lab")
_LOGS = (*_SERVICES, "syslog", *_FILES)


def main(arguments):
    parser = _parser()
    options = parser.parse_args(arguments)
    if os.geteuid() != 0:
        print(
            "lab: only root can make the namespaces of a lab; run it as root (sudo testing/lab …)",
            file=sys.stderr,
        )
        return 1
    try:
        return options.run(options) or 0
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser():
    parser = argparse.ArgumentParser(
        prog="testing/lab", allow_abbrev=False,
        description="A private, booted Debian with our packages installed, and an emulated tenant.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name, run, text):
        made = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        made.add_argument("--name", default="default", help="name of the lab (several can run at the same time)")
        made.set_defaults(run=run)
        return made

    up = command("up", _up, "boot a lab; returns when it is ready")
    _release(up)
    up.add_argument("--conf", metavar="FILE", help="himmelblau.conf instead of shipped defaults")
    up.add_argument("--tenant", metavar="FILE.yaml", help="seed file of the tenant instead of the default")
    up.add_argument("--tpm", choices=("none", "swtpm"), default="none", help="a software TPM")
    command("down", _down, "stop a lab and remove all of it")
    prepare = commands.add_parser(
        "prepare", help="create what `up` needs (the root, the packages in it), and print its path", allow_abbrev=False
    )
    prepare.set_defaults(run=_prepare)
    _release(prepare)
    command("reboot", _reboot, "boot the host again; returns when it is ready")
    commands.add_parser("list", help="list running labs").set_defaults(run=_list)
    inside = command("exec", _exec, "run a command in the lab; returns its exit code")
    inside.add_argument("--user", help="as this user (default: root)")
    inside.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND …")
    tenant = command("tenant", _tenant, "run a command of the tenant; also: stop, start")
    tenant.add_argument("words", nargs=argparse.REMAINDER, metavar="…")
    logs = command("logs", _logs, "print the logs (all, or of one part)")
    logs.add_argument("part", nargs="?", choices=_LOGS)
    for name in ("restart", "start", "stop", "kill"):
        word = command(name, _service, "kill it with SIGKILL; it is not restarted" if name == "kill" else f"{name} a service")
        word.add_argument("service", choices=_SERVICES + (_DEVICES if name != "restart" else ()))
        if name == "kill":
            word.add_argument("--signal", default="KILL", metavar="NAME", help="another signal, such as STOP, instead of SIGKILL")
        word.set_defaults(action=name)
    command("status", _status, "show what runs in a lab")
    return parser


def _release(parser):
    parser.add_argument("--os", choices=roots.RELEASES, default=os.environ.get("HIMMELBLAU_LAB_OS", roots.DEFAULT), help="what to boot")


def _up(options):
    from . import control, machine, packages

    lab = Lab(options.name)
    plan = machine.Plan(
        options.name, REPOSITORY, options.os, configuration=options.conf, seed=options.tenant, tpm=options.tpm
    )
    if not (REPOSITORY / "testing/tenant/target/tenant.jar").exists():
        # Builds itself at its first start, for which there must be a network.
        subprocess.run([REPOSITORY / "testing/tenant/run", "--help"], stdout=subprocess.DEVNULL, check=False)
    with packages.host(options.os, REPOSITORY) as lower:
        control.bring_up(lab, plan, lower)


def _prepare(options):
    from . import packages

    with packages.host(options.os, REPOSITORY) as lower:
        print(lower)


def _down(options):
    from . import control

    control.bring_down(Lab(options.name))


def _reboot(options):
    from . import control

    control.reboot(Lab(options.name))


def _list(_):
    for lab in all_labs():
        print(lab.name)


def _exec(options):
    from . import enter

    command = options.command
    if command and command[0] == "--":
        command = command[1:]
    if not command:
        raise LabError("nothing to run; usage: testing/lab exec [--name NAME] [--user USER] -- COMMAND …")
    return enter.run(Lab(options.name), options.user, command)


def _tenant(options):
    lab = Lab(options.name)
    facts = lab.facts()
    if not options.words:
        raise LabError("name a command; for example: testing/lab tenant phone pending user02@example.onmicrosoft.com")
    control = Path(facts["repository"], "testing/tenant/ctl")
    return subprocess.run([sys.executable, "-IB", control, "--admin", lab.tenant_admin, *options.words], check=False).returncode


def _logs(options):
    lab = Lab(options.name)
    lab.facts()
    parts = [options.part] if options.part else [part for part in _LOGS if part not in _FILES or _log(lab, part).exists()]
    for part in parts:
        if len(parts) > 1:
            print(f"==> {part} <==", flush=True)
        sys.stdout.buffer.write(_text(lab, part))
        sys.stdout.buffer.flush()


def _text(lab, part):
    from . import services

    if part not in _FILES:
        return services.journal(lab, part)
    return _log(lab, part).read_bytes() if _log(lab, part).exists() else b""


def _log(lab, part):
    return lab.logs / f"{part}.log"


def _service(options):
    from . import control, services

    lab = Lab(options.name)
    name = getattr(options, "signal", "KILL")
    if options.action == "kill" and name != "KILL":
        if options.service in _DEVICES:
            control.ask(lab, "signal", options.service, signal=name)
        else:
            services.systemctl(lab, "kill", f"--signal={name}", services.UNITS[options.service])
    elif options.service in _DEVICES:
        control.ask(lab, options.action, options.service)
    else:
        services.perform(lab, options.action, options.service)


def _status(options):
    from . import control, services

    lab = Lab(options.name)
    for name, state in {**services.status(lab), **control.ask(lab, "status")["devices"]}.items():
        print(f"{name}: {state}")
