"""Right after a start: whoever comes at once is known, and asked."""

from stand import DOMAIN, PASSWORD, Door


def test_somebody_never_seen_before_reaches_the_prompt(lab):
    """
    sshd asks for the person once; a daemon that is not yet quick enough would make them unknown. Four labs share the
    machine, so one of three may miss the 250 ms that the library gives: before there was a preparation, most did.
    """
    names = [f"early{attempt}" for attempt in range(3)]
    for name in names:
        lab.tenant("user", "add", f"{name}@{DOMAIN}", "--password", PASSWORD, "--name", name, "--mfa", "PhoneAppNotification")
        lab.restart()
        with lab.ssh(name) as door:
            door.see(Door.PASSWORD)
    unknown = [name for name in names if f"Invalid user {name}" in lab.log("sshd")]
    assert len(unknown) <= 1, unknown


def test_readiness_does_not_wait_for_a_network(lab):
    """Without one there is nothing to prepare, and the host's start goes on."""
    with lab.offline():
        lab.restart()
        assert lab.out("aad-tool", "status") == "working!"
