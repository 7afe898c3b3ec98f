"""Rules that an administrator writes: what cannot work is named with its place, and other programs see the name that the host shows."""

import pytest

from running_lab import DOMAIN, PIN

CONF = "/etc/himmelblau/himmelblau.conf"
FILE = "/root/with-a-mistake.conf"
SERVICE = "/etc/pam.d/shown-name"
RULE = "/etc/ssh/sshd_config.d/05-match.conf"
PLUGINS = "/etc/himmelblau/plugins"


def checked(lab, text):
    """What --configtest says of a file."""
    lab.write(FILE, text)
    done = lab.run("himmelblaud", "--configtest", "--config", FILE)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    "entry, reason",
    [
        ("a b", "separate entries with commas"), (f'"x@{DOMAIN}"', "write entries without them"), ("{user02}", "write entries without them"),
        ("datengruppe", "names of groups never match"),
    ],
)
def test_an_entry_that_never_matches_is_named(lab, entry, reason):
    _, said = checked(lab, f"[global]\ndomain = {DOMAIN}\npam_allow_groups = user02@{DOMAIN}, {entry}\n")
    lines = [line for line in said.splitlines() if line.startswith(f"# error: {FILE}:3: pam_allow_groups: ")]
    assert len(lines) == 1 and entry in lines[0] and reason in lines[0], said


@pytest.mark.parametrize(
    "text, place, reason",
    [
        (f"domain = {DOMAIN}\n[global]\n", 1, "move it below [global]"),
        (f'[global]\ndomain = "{DOMAIN}"\n', 2, "Write it without quotes"),
    ],
)
def test_a_domain_that_is_not_read_is_named(lab, text, place, reason):
    code, said = checked(lab, text)
    assert code != 0
    assert any(line.startswith(f"{FILE}:{place}: domain") and reason in line for line in said.splitlines()), said


def test_other_modules_get_the_shown_name(lab, enrolled):
    lab.write(
        SERVICE,
        "auth required pam_himmelblau.so\nauth required pam_exec.so /root/note-name\naccount required pam_permit.so\n",
    )
    lab.write("/root/note-name", '#!/bin/sh\necho "$PAM_USER" >>/root/noted-names\n')
    lab.out("chmod", "0755", "/root/note-name")
    for typed in (enrolled.name.upper(), enrolled.upn):
        lab.out("rm", "-f", "/root/noted-names")
        done = lab.run("pamtester", "shown-name", typed, "authenticate", text=f"{PIN}\n")
        assert done.returncode == 0, done.stdout + done.stderr
        assert lab.out("cat", "/root/noted-names") == enrolled.name


def test_a_rule_of_sshd_written_as_the_guide_says_is_not_passed_by(lab, enrolled):
    """docs/admin-quick-start.md: Match Group with the user's own group, not Match User."""
    lab.write(RULE, f"Match Group {enrolled.name}\n    ForceCommand echo this rule counts\n")
    lab.restart("sshd")
    try:
        for typed in (enrolled.name, enrolled.name.upper(), enrolled.upn):
            with lab.ssh(typed) as session:
                session.terminal.until("PIN: ")
                session.say(PIN)
                session.terminal.until("this rule counts")
    finally:
        lab.out("rm", RULE)
        lab.restart("sshd")


def test_a_plugin_in_a_directory_of_another_user_is_ignored(lab):
    """Whoever owns a folder above puts another one in its place."""
    above = PLUGINS.rsplit("/", 1)[0]
    owner = lab.out("stat", "-c", "%U", above)
    lab.out("sh", "-ec", f"install -d {PLUGINS}; touch {PLUGINS}/more.jar; chown {lab.local('plugin-owner')} {above}")
    try:
        begin = len(lab.log())
        lab.restart()
        assert f'plugin.ignored jar="{PLUGINS}/more.jar" reason="{above} must belong to root' in lab.log()[begin:]
    finally:
        lab.out("sh", "-c", f"chown {owner} {above}; rm -r {PLUGINS}")
        lab.restart()


def test_an_unknown_app_id_is_reported_at_its_first_use(another):
    """Only the tenant knows; sign-ins go on without reading groups (decision 0635)."""
    unknown = "11112222-3333-4444-5555-666677778888"
    lab = another(f"app_id = {unknown}\n", name="e2e-app")
    lab.await_name("user02")
    assert lab.run("aad-tool", "status").returncode == 0
    user = lab.new_user().enrol()
    done = lab.run("aad-tool", "status")
    line = lab.out("grep", "-n", "^app_id", CONF).split(":")[0]
    said = f"{CONF}:{line}: app_id = {unknown} of {DOMAIN} is not known to its tenant (AADSTS700016)"
    assert said in done.stdout + done.stderr
    assert f"# error: {said}" in lab.out("aad-tool", "config")
    with user.ssh() as session:
        session.pin(PIN)
        session.shell()
