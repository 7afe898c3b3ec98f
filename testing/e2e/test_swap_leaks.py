"""Parts from jars are replaced: who is at a prompt goes on with the old one, and afterwards no class loader and no thread of it stays."""

import pytest

from conftest import here
from replacing import REPLACED, TIMES, from_jars, settles
from running_lab import PIN, RunningLab, TerminalSession
from test_swap import shell


@pytest.fixture(scope="module")
def host(conf):
    lab = RunningLab(here("e2e-swap-leaks"), conf())
    lab.lab("down", check=False)
    lab.up()
    yield lab, from_jars(lab), lab.new_user().enrol()
    lab.down()


def used(lab, user):
    """Each part has worked: a part that nobody uses keeps nothing."""
    done = lab.run("aad-tool", "auth-test", "--name", user.name, text=f"{PIN}\n", timeout=90)
    assert done.returncode == 0, done.stdout + done.stderr
    assert lab.run("getent", "passwd", "nobody.here").returncode == 2
    lab.out("aad-tool", "offline-breakglass")
    lab.out("aad-tool", "offline-breakglass", "--ttl", "0")


@pytest.mark.parametrize("name", REPLACED)
def test_a_sign_in_at_its_prompt_goes_on(host, name):
    """What follows the prompt was never used in the version that the sign-in has, and the jar of that is closed."""
    lab, _, user = host
    pid = lab.daemon_pid()
    shell(lab, f"update {name}")
    with user.ssh(timeout=60) as session:
        session.see(TerminalSession.ASK_PIN)
        shell(lab, f"update {name}")
        session.say(PIN)
        session.shell()
    assert lab.daemon_pid() == pid


def test_nothing_of_a_replaced_part_stays(host):
    lab, jvm, user = host
    pid = lab.daemon_pid()
    used(lab, user)
    threads = jvm.threads()
    settles(jvm, threads)
    for name in REPLACED:
        shell(lab, *[f"update {name}"] * TIMES)
        used(lab, user)
    lab.new_user().enrol()  # by push
    settles(jvm, threads)
    assert lab.daemon_pid() == pid
