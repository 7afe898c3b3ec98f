"""Twenty users sign in and 10,000 names a second are looked up while parts are replaced: nobody notices, and nothing of the old ones stays."""

import pytest

from conftest import here
from load import Lookups, Questions, SignIns
from replacing import REPLACED, TIMES, from_jars, settles
from running_lab import PIN, RunningLab
from test_swap import shell

SIGN_INS = 20
LOOKUPS = 10_000  # a second


@pytest.fixture
def host(conf):
    lab = RunningLab(here("e2e-swap-load"), conf())
    lab.lab("down", check=False)
    yield lab.up()
    lab.down()


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
    broken = [line for line in host.log().splitlines() if "login.broken" in line or "lookup.failed" in line]
    assert sign_ins.failed == [], broken
    assert lookups.failed == [] and questions.failed == [], broken
    assert len(sign_ins.seconds) >= SIGN_INS + len(REPLACED) * TIMES
    assert lookups.count >= LOOKUPS * 10, f"{lookups.count / lookups.seconds:.0f} a second"
    assert questions.count >= TIMES
    settles(jvm, threads)
    assert host.daemon_pid() == pid
