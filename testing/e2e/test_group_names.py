"""Names give nobody a right that was not meant: sshd, sudo, packages and programs that compare names."""

import uuid

from running_lab import DOMAIN, PASSWORD, PIN

WHEEL = str(uuid.uuid4())
OPS = str(uuid.uuid4())
RULE = "/etc/ssh/sshd_config.d/05-groups.conf"
SUDO = "/etc/sudoers.d/groups"


def member(lab, *groups):
    """Somebody who is in the groups, as this host knows since the sign-in."""
    user = lab.new_user()
    for name, group in groups:
        lab.tenant("group", "add", name, "--id", group, "--member", user.upn)
    return user.enrol()


def names(lab, user):
    return lab.out("id", "-Gn", user.name).split()


def rule(lab, path, text):
    lab.out("mkdir", "-p", path.rsplit("/", 1)[0])
    lab.write(path, text)
    if path == RULE:
        lab.restart("sshd")


def eventually(lab, check):
    for _ in range(40):
        if check():
            return
        lab.run("sleep", "0.25")
    raise AssertionError(lab.log("tasks")[-2000:] + lab.log()[-2000:])


KEY = """set -e
rm -f /tmp/key /tmp/key.pub
ssh-keygen -q -t ed25519 -N '' -f /tmp/key
home=$(getent passwd "$1" | cut -d: -f6)
install -d -o "$1" -m 0700 "$home/.ssh"
install -o "$1" -m 0600 /tmp/key.pub "$home/.ssh/authorized_keys"
"""


def enters(lab, user):
    """By a key, so that nothing but sshd's rules and the account phase decides."""
    words = ("ssh", "-i", "/tmp/key", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", f"{user.name}@127.0.0.1", "id", "-un")
    return lab.run(*words).stdout.strip() == user.name


def test_names_with_rights_are_shown_by_object_id(lab):
    user = member(lab, ("wheel", WHEEL), ("ops people", OPS))
    assert WHEEL in names(lab, user) and "wheel" not in names(lab, user)
    assert "ops people" in lab.out("id", "-Gn", user.name)
    assert lab.out("getent", "group", WHEEL).split(":")[0] == WHEEL

    # A name that a rule mentions, and back when the rule is gone.
    rule(lab, SUDO, "%ops\\ people ALL=(ALL) NOPASSWD: ALL\n")
    try:
        eventually(lab, lambda: OPS in names(lab, user))
        assert OPS in lab.run("aad-tool", "status").stderr
        rule(lab, SUDO, f"%{OPS} ALL=(ALL) NOPASSWD: ALL\n")
        eventually(lab, lambda: OPS in names(lab, user))
    finally:
        lab.run("rm", SUDO)
    eventually(lab, lambda: OPS not in names(lab, user))


def test_sshd_admits_no_user_by_a_display_name(lab):
    opened = str(uuid.uuid4())
    user = member(lab, ("remote workers", opened), ("wheel", str(uuid.uuid4())))
    lab.out("bash", "-c", KEY, "key", user.name)
    assert enters(lab, user)
    try:
        rule(lab, RULE, "AllowGroups root wheel remote*\n")
        eventually(lab, lambda: opened in names(lab, user))
        assert not enters(lab, user)
        rule(lab, RULE, f"AllowGroups root {opened}\n")
        eventually(lab, lambda: opened in names(lab, user))
        assert enters(lab, user)
    finally:
        lab.run("rm", RULE)
        lab.restart("sshd")


def test_a_package_can_make_its_system_user_although_the_tenant_has_the_name(lab):
    lab.tenant("user", "add", f"grafana@{DOMAIN}", "--password", PASSWORD)
    lab.await_name(f"grafana@{DOMAIN}")
    assert lab.out("getent", "passwd", f"grafana@{DOMAIN}").startswith(f"grafana@{DOMAIN}:")
    assert lab.run("getent", "passwd", "grafana").returncode == 2
    try:
        lab.out("useradd", "--system", "--user-group", "grafana")
        assert int(lab.out("id", "-u", "grafana")) < 1000
    finally:
        lab.run("userdel", "grafana")
