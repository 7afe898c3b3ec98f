"""Restarts of the daemon, as a package upgrade does them: sign-ins that wait for no user do not fail (decisions 0702 and 0736)."""

import time

import pytest

from running_lab import PIN

# Side by side: at each moment one of them is in the middle of a sign-in.
LOOP = """
n=0
while [ ! -e /root/stop ]; do
    said=$(echo "$2" | pamtester sshd "$1" authenticate acct_mgmt open_session close_session 2>&1) || echo "FAILED $said"
    n=$((n + 1))
done
echo $n rounds
"""
LOOPS, RESTARTS = 3, 4


@pytest.fixture
def loops(lab, enrolled):
    """Users who sign in by PIN, again and again; what they say at the end."""
    lab.write("/root/loop", LOOP)
    lab.run("rm", "-f", "/root/stop")
    command = " ".join(f"sh /root/loop {enrolled.name} {PIN} >/root/loop-{n}.log 2>&1 &" for n in range(LOOPS))

    def end():
        lab.out("touch", "/root/stop")
        lab.out("sh", "-c", "for i in $(seq 300); do grep -q rounds /root/loop-%d.log && exit; sleep 0.2; done; exit 1" % (LOOPS - 1))
        time.sleep(2)
        return lab.out("sh", "-c", "cat /root/loop-*.log")

    lab.out("sh", "-c", f"{command} sleep 3")
    yield end
    lab.run("touch", "/root/stop")


def test_no_sign_in_fails(lab, loops):
    before = lab.daemon_pid()
    for _ in range(RESTARTS):
        lab.out("systemctl", "restart", "himmelblaud")
        time.sleep(1)
    assert lab.daemon_pid() != before
    said = loops()
    assert "FAILED" not in said, said
    assert said.count("rounds") == LOOPS, said


def test_a_user_at_a_prompt_does_not_hold_up_the_restart_and_is_asked_again(lab, enrolled):
    """Nobody knows when an answer will come. sshd begins a new call, which the next daemon serves."""
    with lab.ssh(enrolled.name, timeout=30) as session:
        session.terminal.until("PIN: ")
        time.sleep(1.5)
        lab.out("systemctl", "stop", "himmelblaud")
        log = lab.log()
        assert "conversation.cut_off" not in log[log.rindex("login.start"):], "the stop has waited for this user"
        lab.out("systemctl", "start", "himmelblaud")
        session.say(PIN)
        session.pin(PIN)
        session.shell()
