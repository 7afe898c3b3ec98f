"""The command line of testing/lab."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from . import LabError
from .state import Lab, all_labs

REPOSITORY = Path(__file__).resolve().parents[2]
_SERVICES = ("daemon", "tasks", "userdb", "sshd")
_LOGS = (*_SERVICES, "tenant", "syslog", "tpm", "lab")


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
        description="A private host in which the real daemon, shims and sshd run against an emulated tenant.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name, run, text):
        made = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        made.add_argument("--name", default="default", help="which lab (several can be up side by side)")
        made.set_defaults(run=run)
        return made

    up = command("up", _up, "start a lab; returns when it is ready")
    up.add_argument("--conf", metavar="FILE", help="himmelblau.conf instead of shipped defaults")
    up.add_argument("--tenant", metavar="FILE.yaml", help="what the tenant holds instead of its defaults")
    up.add_argument("--tpm", choices=("none", "swtpm"), default="none", help="a software TPM")
    command("down", _down, "stop a lab; nothing of it is left")
    commands.add_parser("list", help="labs that are up").set_defaults(run=_list)
    inside = command("exec", _exec, "run a command inside; its exit code passes through")
    inside.add_argument("--user", help="as this user (default: root)")
    inside.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND …")
    tenant = command("tenant", _tenant, "the tenant's own commands; also: stop, start")
    tenant.add_argument("words", nargs=argparse.REMAINDER, metavar="…")
    logs = command("logs", _logs, "print the logs (all, or of one part)")
    logs.add_argument("part", nargs="?", choices=_LOGS)
    for name in ("restart", "start", "stop", "kill"):
        word = command(name, _service, "SIGKILL it" if name == "kill" else f"{name} a service")
        word.add_argument("service", choices=_SERVICES + (("tpm",) if name != "restart" else ()))
        word.set_defaults(action=name)
    command("status", _status, "what runs in a lab")
    return parser


def _up(options):
    from . import init, install

    lab = Lab(options.name)
    if not (REPOSITORY / "testing/tenant/target/tenant.jar").exists():
        # Builds itself at its first start, for which there must be a network.
        subprocess.run([REPOSITORY / "testing/tenant/run", "--help"], stdout=subprocess.DEVNULL, check=False)
    init.bring_up(
        lab, install.Plan(options.name, REPOSITORY, options.conf, options.tenant, options.tpm)
    )


def _down(options):
    from . import init

    init.bring_down(Lab(options.name))


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
        raise LabError("say what; for example: testing/lab tenant phone pending user02@example.onmicrosoft.com")
    control = Path(facts["repository"], "testing/tenant/ctl")
    return subprocess.run([control, "--admin", lab.tenant_admin, *options.words], check=False).returncode


def _logs(options):
    lab = Lab(options.name)
    lab.facts()
    parts = [options.part] if options.part else [part for part in _LOGS if _log(lab, part).exists()]
    for part in parts:
        if len(parts) > 1:
            print(f"==> {part} <==", flush=True)
        if _log(lab, part).exists():
            sys.stdout.flush()
            with _log(lab, part).open("rb") as log:
                while chunk := log.read(65536):
                    sys.stdout.buffer.write(chunk)
                sys.stdout.buffer.flush()


def _log(lab, part):
    return lab.logs / f"{part}.log"


def _service(options):
    from . import init

    init.ask(Lab(options.name), options.action, options.service)


def _status(options):
    from . import init

    for name, state in init.ask(Lab(options.name), "status")["services"].items():
        print(f"{name}: {state}")
