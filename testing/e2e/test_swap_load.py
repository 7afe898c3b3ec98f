"""Twenty users sign in and 10,000 names a second are looked up while parts are replaced: nobody notices, and nothing of the old ones stays."""

import pytest

from conftest import here
from load import Lookups, Questions, SignIns
from replacing import REPLACED, TIMES, VERSION, from_jars, other_version, settles
from running_lab import DOMAIN, PIN, RunningLab
from test_swap import shell

SIGN_INS = 20
LOOKUPS = 10_000  # a second
# By the command that loads another file: scope and name of each plug-in, and its bundle.
BY_FILE = {
    f"domain:update {DOMAIN}": "himmelblau.domain.entra", "mfa:update push": "himmelblau.mfa.push", "hsm:update soft": "himmelblau.hsm.soft",
    "breakglass:update manual": "himmelblau.breakglass.manual",
}


@pytest.fixture
def host(conf):
    lab = RunningLab(here("e2e-swap-load"), conf())
    lab.lab("down", check=False)
    yield lab.up()
    lab.down()


def nothing_failed(host, *running):
    broken = [line for line in host.log().splitlines() if "login.broken" in line or "lookup.failed" in line]
    assert [each.failed for each in running] == [[]] * len(running), broken


def test_nobody_notices_another_version(host, tmp_path):
    pid = host.daemon_pid()
    files = {command: other_version(host, tmp_path, bundle, f"{bundle}.jar", VERSION) for command, bundle in BY_FILE.items()}
    users = [host.new_user().enrol().name for _ in range(4)]
    uids = [int(host.out("id", "-u", name)) for name in users]
    with Lookups(host, users, LOOKUPS) as lookups, Questions(host, uids) as questions, SignIns(host, users, PIN, SIGN_INS) as sign_ins:
        sign_ins.more(SIGN_INS)
        for command, file in files.items():
            assert "was replaced by 9.8.7" in shell(host, f"{command} {file}")
            sign_ins.more(4)
    nothing_failed(host, sign_ins, lookups, questions)
    rows = [line for line in host.out("aad-tool", "plugins").splitlines() if "9.8.7" in line]
    assert [bundle for bundle in BY_FILE.values() if not any(bundle in row for row in rows)] == [], rows
    assert host.daemon_pid() == pid


def test_nobody_notices(host):
    jvm = from_jars(host)
    pid = host.daemon_pid()
    users = [host.new_user().enrol().name for _ in range(4)]
    threads = jvm.threads()
    uids = [int(host.out("id", "-u", name)) for name in users]
    with Lookups(host, users, LOOKUPS) as lookups, Questions(host, uids) as questions, SignIns(host, users, PIN, SIGN_INS) as sign_ins:
        sign_ins.more(SIGN_INS)
        for name in REPLACED:
            for _ in range(2):
                # Without a pause: sign-ins are in one before they have used all of it.
                shell(host, *[f"update {name}"] * (TIMES // 2))
                sign_ins.more(2)
    nothing_failed(host, sign_ins, lookups, questions)
    assert len(sign_ins.seconds) >= SIGN_INS + len(REPLACED) * TIMES
    assert lookups.count >= LOOKUPS * 10, f"{lookups.count / lookups.seconds:.0f} a second"
    assert questions.count >= TIMES
    settles(jvm, threads)
    assert host.daemon_pid() == pid
