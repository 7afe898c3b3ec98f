"""MSAL for Python with its broker part, unmodified, in the session of a user who signed in by PIN."""

import json
import shutil
import subprocess

import pytest

from conftest import here
from msal_packages import packages
from real_host import sign_in
from running_lab import DOMAIN, LAB, ROOT, RunningLab
from test_sso import PINENTRY, claims

OS = "debian-13-msal"
HOME = "/opt/msal"
DISPLAY = ":99"
READ = "https://graph.microsoft.com/User.Read"
# One that no token was asked for before: MSAL answers from its own cache where it can.
OTHER = "https://graph.microsoft.com/Group.Read.All"
SILENT, INTERACTIVE, ACCOUNTS = ["acquire_token_silent", READ], ["acquire_token_interactive", READ], ["get_accounts"]


@pytest.fixture(scope="module")
def lab(conf):
    # The root takes minutes when it has to be made first.
    subprocess.run([LAB, "prepare", "--os", OS], stdout=subprocess.DEVNULL, check=True)
    running_lab = RunningLab(here("e2e-sso-msal"), conf(), os=OS)
    running_lab.lab("down", check=False)
    yield running_lab.up()
    running_lab.down()


class Programs:
    """Of a user with an open session: a keyring that is open, and MSAL."""

    def __init__(self, lab, user):
        self.lab, self.user = lab, user
        run = f"/run/user/{lab.out('id', '-u', user.name)}"
        self._environment = ["env", f"XDG_RUNTIME_DIR={run}", f"DBUS_SESSION_BUS_ADDRESS=unix:path={run}/bus", f"DISPLAY={DISPLAY}", f"PYTHONPATH={HOME}", f"HOME={lab.out('getent', 'passwd', user.name).split(':')[5]}"]
        self._environment += ["REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt"]

    def run(self, *words, text=None):
        done = self.lab.run(*self._environment, *words, user=self.user.name, text=text, timeout=90)
        assert done.returncode == 0, (words, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def msal(self, *calls):
        return json.loads(self.run("python3", "-B", f"{HOME}/msal_client.py", DOMAIN, text=json.dumps(calls)))

    def prompts(self):
        return self.lab.run("cat", f"/tmp/pinentry-{self.user.name}").stdout.count("GETPIN")


@pytest.fixture(scope="module")
def programs(lab):
    with packages() as folder:
        shutil.copytree(folder, lab.root() / HOME.removeprefix("/"))
    lab.put(ROOT / "testing/e2e/msal/msal_client.py", HOME)
    lab.write("/usr/local/bin/pinentry", PINENTRY)
    lab.out("chmod", "0755", "/usr/local/bin/pinentry")
    user = lab.new_user(local="alice").enrol()
    with sign_in(user):
        programs = Programs(lab, user)
        programs.run("gnome-keyring-daemon", "--unlock", "--components=secrets", text="of-this-test")
        programs.run("systemctl", "--user", "set-environment", f"DISPLAY={DISPLAY}")
        programs.run("systemctl", "--user", "restart", "himmelblau-broker.service")
        yield programs


def test_a_token_without_a_question(programs):
    """With a sign-in of this host nobody is asked, whatever MSAL calls it."""
    given, accounts, silent = programs.msal(INTERACTIVE, ACCOUNTS, SILENT)
    account, = accounts
    assert account["username"] == programs.user.upn
    for result in (given, silent):
        assert claims(result["access_token"])["upn"] == programs.user.upn, result
    assert given["id_token_claims"]["preferred_username"] == programs.user.upn
    assert programs.prompts() == 0


def test_silently_in_the_next_program(programs):
    accounts, silent = programs.msal(ACCOUNTS, SILENT)
    assert [account["username"] for account in accounts] == [programs.user.upn]
    assert claims(silent["access_token"])["upn"] == programs.user.upn


def test_asked_for_the_pin_after_single_sign_on_ended(lab, programs):
    """Silently an error, interactively the PIN, then silently again."""
    assert lab.out("aad-tool", "sso", "forget", user=programs.user.name) == "success"
    refused, = programs.msal(["acquire_token_silent", OTHER])
    assert refused["error"], refused
    assert programs.prompts() == 0
    given, silent = programs.msal(["acquire_token_interactive", OTHER], ["acquire_token_silent", OTHER])
    assert programs.prompts() == 1
    for result in (given, silent):
        assert claims(result["access_token"])["upn"] == programs.user.upn, result
