"""fail2ban's own filter for sshd, on what this host's journal has of guesses."""

import json
import re

import pytest

from real_host import LOCAL, UNKNOWN, users, wait_for  # noqa: F401
from running_lab import PIN

FILE = "/root/sshd.log"
GUESSES = ("guess-1", "guess-2", "guess-3")


def end_of_log(lab):
    """The place in the journal from which a test reads, once sshd has written its last line about earlier connections."""
    wait_for(lambda: lab.run("pgrep", "-f", "^sshd(-session|-auth)?: [^/]").returncode == 1, 30, "an earlier connection is still open")
    lab.out("journalctl", "--sync")
    return lab.out("journalctl", "--no-pager", "--quiet", "--lines=1", "--output=json", "--output-fields=__CURSOR")


def failures(lab, since):
    """(address, user) of each failure that the filter counts; and what it read."""
    cursor = json.loads(since)["__CURSOR"]
    lab.out("journalctl", "--sync")
    lab.out("sh", "-c", f"journalctl --no-pager --quiet --output=short --after-cursor='{cursor}' -t sshd -t sshd-session -t sshd-auth >{FILE}")
    rows = lab.run("fail2ban-regex", "--out", "row", FILE, "sshd").stdout
    return re.findall(r"\['([0-9.]+)',.*?'user': '([^']*)'", rows), lab.out("cat", FILE)


def guess(session, answers):
    """Wrong answers, until sshd ends the dialogue."""
    for answer in answers:
        session.terminal.until("(PIN|[Pp]assword): $")
        session.say(answer)
    session.terminal.until("Permission denied|Too many authentication failures|Connection closed|Disconnected|(PIN|[Pp]assword): $", timeout=30)


def name_of(lab, who):
    if who == "host":
        return LOCAL
    if who == "nobody":
        return UNKNOWN
    new_user = lab.new_user()
    return (new_user.enrol() if "PIN" in who else new_user).name


@pytest.mark.parametrize("who", ["directory, by PIN", "directory", "host", "nobody"])
def test_three_wrong_answers_are_seen(lab, users, who):
    name = name_of(lab, who)
    since = end_of_log(lab)
    with lab.ssh(name, timeout=30, level="INFO") as session:
        guess(session, GUESSES)
    found, log = failures(lab, since)
    # sshd writes "illegal user NAME" for somebody it does not know
    assert ("127.0.0.1", name) in found and {(address, user.split()[-1]) for address, user in found} == {("127.0.0.1", name)}, (found, log)


@pytest.mark.parametrize("who", ["directory, by PIN", "directory"])
def test_one_answer_again_and_again_is_seen(lab, users, who):
    """It ends the call without a third question."""
    name = name_of(lab, who)
    since = end_of_log(lab)
    with lab.ssh(name, timeout=30, level="INFO") as session:
        guess(session, GUESSES[:1] * 2)
    found, log = failures(lab, since)
    assert found == [("127.0.0.1", name)], log


def test_a_sign_in_is_no_failure(lab, enrolled):
    since = end_of_log(lab)
    with lab.ssh(enrolled.name) as session:
        session.pin(PIN)
        session.shell()
    found, log = failures(lab, since)
    assert not found, log
