"""The audit file of an installed host: rotated by the host's logrotate, deleted by a purge."""

import json
import time

from host import Host
from test_life import INSTALL, PRESEED, UNITS, await_active

FOLDER = "/var/log/himmelblaud"
FILE = f"{FOLDER}/audit.jsonl"
DROP_INS = "/etc/himmelblau/himmelblau.conf.d"


def records(host, file):
    return [json.loads(line) for line in host.run(f"cat {file}").stdout.splitlines()]


def await_command(host, name):
    """Runs a command of an administrator until the audit file has it."""
    end = time.monotonic() + 30
    host.run(f"aad-tool {name}")
    while not host.run(f"test -e {FILE}", check=False).returncode == 0 or not any(r["details"].get("command") == name for r in records(host, FILE)):
        assert time.monotonic() < end, host.run(f"cat {FOLDER}/*; journalctl -u himmelblaud -n 30 --no-pager", check=False).stdout
        time.sleep(0.2)


def test_the_audit_file_is_rotated_and_purged(release, debs):
    with Host(release) as host:
        host.put(*debs)
        host.run(PRESEED)
        host.run(INSTALL)
        await_active(host, *UNITS)
        host.run(f"mkdir -p {DROP_INS} && printf '[global]\\naudit_file = {FILE}\\n' >{DROP_INS}/50-audit.conf")
        host.run("systemctl reload himmelblaud")
        await_active(host, "himmelblaud.service")
        await_command(host, "cache-clear")
        mode = host.run(f"stat -c '%U %G %a' {FILE}").stdout
        before = records(host, FILE)

        said = host.run("logrotate --force /etc/logrotate.d/himmelblau 2>&1").stdout
        assert said == ""
        rotated = host.run(f"ls {FOLDER}").stdout.split()
        assert len(rotated) == 1 and rotated[0].startswith("audit.jsonl-")
        assert records(host, f"{FOLDER}/{rotated[0]}")[: len(before)] == before, "no event is lost"

        await_command(host, "cache-clear")
        assert host.run(f"stat -c '%U %G %a' {FILE}").stdout == mode
        assert mode.split()[0] == "himmelblaud" and mode.split()[2] in ("600", "640")
        assert not {r["time"] for r in records(host, FILE)} & {r["time"] for r in before if r["details"].get("command")}, "a new file"

        host.run("apt-get -y remove himmelblau 2>&1")
        assert len(host.run(f"ls {FOLDER}").stdout.split()) == 2, "who removes the package may still want to read it"
        host.run("apt-get -y purge himmelblau 2>&1")
        assert host.run(f"ls -d {FOLDER} /etc/logrotate.d/himmelblau", check=False).stdout == ""
