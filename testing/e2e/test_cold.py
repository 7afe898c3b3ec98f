"""Right after a start: whoever comes at once is known, and asked."""

import pytest

from running_lab import DOMAIN, PASSWORD, TerminalSession


@pytest.mark.parametrize("attempt", range(3))
def test_an_unknown_user_reaches_the_prompt(lab, attempt):
    """sshd asks for the user once; a daemon that is not yet quick enough would make them unknown."""
    name = f"early{attempt}"
    lab.tenant("user", "add", f"{name}@{DOMAIN}", "--password", PASSWORD, "--name", name, "--mfa", "PhoneAppNotification")
    lab.restart()
    with lab.ssh(name) as session:
        session.see(TerminalSession.PASSWORD)
    assert f"Invalid user {name}" not in lab.log("sshd")


def test_readiness_does_not_wait_for_a_network(lab):
    """Without one there is nothing to prepare, and the host's start goes on."""
    with lab.offline():
        lab.restart()
        assert lab.out("aad-tool", "status") == "working!"
