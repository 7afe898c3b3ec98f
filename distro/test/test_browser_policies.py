"""distro/scripts/browser-policies, on files that administrators might have."""

import json
import subprocess

import pytest
from debs import ROOT, field
from host import Host as Machine

ID = "linux-entra-sso@example.com"
SHARED = {"chrome.json": "policy-chrome.json", "firefox.json": "policy-firefox.json"}
CHROMES = ("etc/opt/chrome/policies/managed/himmelblau.json", "etc/chromium/policies/managed/himmelblau.json")
FIREFOX = "etc/firefox/policies/policies.json"
# In a form that no program would write.
ADMINS = '{"policies":{ "DisableTelemetry":true ,\n\t"ExtensionSettings":{"*":{"installation_mode":"blocked"}}},\n"other":[1.50]}'


class Host:
    def __init__(self, root):
        self.root, self.script = root, ROOT / "distro/scripts/browser-policies"
        share = root / "usr/share/himmelblau-sso-policies"
        share.mkdir(parents=True)
        for name, source in SHARED.items():
            (share / name).write_bytes((ROOT / "distro/sso" / source).read_bytes())
        (root / "etc/opt").mkdir(parents=True)
        self.before = self.files()

    def files(self):
        return {str(path.relative_to(self.root)): path.read_bytes() if path.is_file() else None for path in sorted(self.root.rglob("*"))
                if "var" not in path.parts}

    def run(self, action):
        """What was said."""
        done = subprocess.run([self.script, action, self.root], capture_output=True, text=True, check=True)
        assert done.stdout == ""
        return done.stderr

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o640)
        self.before = self.files()
        return path

    def policy(self, name=FIREFOX):
        return json.loads((self.root / name).read_text())


@pytest.fixture
def host(tmp_path):
    return Host(tmp_path)


def entry():
    return json.loads((ROOT / "distro/sso/policy-firefox.json").read_text())["policies"]["ExtensionSettings"][ID]


def test_bare_host(host):
    assert host.run("add") == ""
    for name in CHROMES:
        assert host.policy(name)["ExtensionInstallForcelist"] == ["jlnfnnolkbjieggibinobhkjdfbpcohn;https://clients2.google.com/service/update2/crx"]
        assert (host.root / name).stat().st_mode & 0o777 == 0o644
    assert host.policy() == {"policies": {"ExtensionSettings": {ID: entry()}}}
    assert host.run("remove") == ""
    assert host.files() == host.before
    assert not (host.root / "var/lib/himmelblau-sso-policies").exists()


def test_file_of_the_administrator_is_merged_and_comes_back_byte_for_byte(host):
    file = host.write(FIREFOX, ADMINS)
    host.run("add")
    expected = json.loads(ADMINS)
    expected["policies"]["ExtensionSettings"][ID] = entry()
    assert host.policy() == expected
    assert file.stat().st_mode & 0o777 == 0o640
    host.run("remove")
    assert host.files() == host.before
    assert file.stat().st_mode & 0o777 == 0o640


def test_changes_of_the_administrator_since_then_stay(host):
    file = host.write(FIREFOX, '{"policies": {"DisableTelemetry": true}}')
    host.run("add")
    now = host.policy()
    now["policies"]["BlockAboutConfig"] = True
    file.write_text(json.dumps(now))
    host.run("remove")
    assert host.policy() == {"policies": {"DisableTelemetry": True, "BlockAboutConfig": True}}


def test_empty_objects_of_the_administrator_stay(host):
    file = host.write(FIREFOX, '{"policies": {"ExtensionSettings": {}}}')
    host.run("add")
    now = host.policy()
    now["x"] = 1
    file.write_text(json.dumps(now))
    host.run("remove")
    assert host.policy() == {"policies": {"ExtensionSettings": {}}, "x": 1}


@pytest.mark.parametrize("own", ({"installation_mode": "blocked"}, None))
def test_own_entry_of_the_administrator_stays(host, own):
    host.write(FIREFOX, json.dumps({"policies": {"ExtensionSettings": {ID: own}}}))
    assert "has an entry for the extension already" in host.run("add")
    assert host.policy()["policies"]["ExtensionSettings"] == {ID: own}
    host.run("remove")
    assert host.files() == host.before


@pytest.mark.parametrize("text", ("", "{", "[]", '{"policies": []}', '{"policies": {"ExtensionSettings": 1}}', "// comment\n{}"))
def test_what_is_no_policy_file_stays(host, text):
    host.write(FIREFOX, text)
    assert "stays as it is" in host.run("add")
    assert (host.root / FIREFOX).read_text() == text
    host.run("remove")
    assert host.files() == host.before


def test_entry_that_the_administrator_changed_or_took_away_stays_so(host):
    for changed in ({ID: {"installation_mode": "blocked"}}, {}):
        file = host.write(FIREFOX, ADMINS)
        host.run("add")
        now = host.policy()
        now["policies"]["ExtensionSettings"] = changed
        file.write_text(json.dumps(now))
        host.run("add")
        assert host.policy()["policies"]["ExtensionSettings"] == changed
        host.run("remove")
        assert host.policy()["policies"]["ExtensionSettings"] == changed


def test_upgrade_brings_the_new_entry_and_still_gives_back_the_old_file(host):
    host.write(FIREFOX, ADMINS)
    host.run("add")
    share = host.root / "usr/share/himmelblau-sso-policies/firefox.json"
    share.write_text(share.read_text().replace("1.10.0", "1.11.0"))
    host.run("add")
    assert "v1.11.0" in host.policy()["policies"]["ExtensionSettings"][ID]["install_url"]
    host.run("remove")
    assert (host.root / FIREFOX).read_text() == ADMINS


def test_files_of_chrome_beside_ours_and_in_our_place(host):
    host.write("etc/opt/chrome/policies/managed/admin.json", '{"x": 1}')
    host.write(CHROMES[1], '{"ExtensionInstallForcelist": []}')
    assert "other content" in host.run("add")
    assert host.policy(CHROMES[0])
    assert "was changed and stays" in host.run("remove")
    assert host.files() == host.before


def test_link_of_the_administrator_stays_a_link(host):
    real = host.write("etc/managed/firefox.json", ADMINS)
    (host.root / FIREFOX).parent.mkdir(parents=True)
    (host.root / FIREFOX).symlink_to(real)
    host.run("add")
    assert (host.root / FIREFOX).is_symlink() and ID in real.read_text()
    host.run("remove")
    assert (host.root / FIREFOX).is_symlink() and real.read_text() == ADMINS


def test_never_twice_and_never_without_having_been_added(host):
    host.write(FIREFOX, json.dumps({"policies": {"ExtensionSettings": {ID: entry()}}}))
    host.run("remove")
    assert host.files() == host.before
    (host.root / FIREFOX).unlink()
    host.run("add")
    once = host.files()
    host.run("add")
    assert host.files() == once


def test_package_on_a_host(release, debs):
    """apt, remove without purge: the administrator's file is what it was, and nothing of ours remains."""
    deb = next(deb for deb in debs if field(deb, "Package") == "himmelblau-sso-policies")
    listing = "cd /etc && find firefox opt chromium -printf '%p %m %l\\n' 2>/dev/null | sort; cat firefox/policies/policies.json 2>/dev/null"
    with Machine(release, boot=False) as machine:
        for text in (None, ADMINS):
            if text:
                (machine.root / "etc/firefox/policies").mkdir(parents=True)
                (machine.root / FIREFOX).write_text(text)
            before = machine.run(listing, check=False).stdout
            machine.put(deb)
            machine.run("DEBIAN_FRONTEND=noninteractive apt-get -y --no-install-recommends install /root/packages/*.deb 2>&1")
            for name in (*CHROMES, FIREFOX):
                assert json.loads((machine.root / name).read_text()), name
            assert ID in (machine.root / FIREFOX).read_text()
            machine.run("apt-get -y reinstall /root/packages/*.deb 2>&1; apt-get -y remove himmelblau-sso-policies 2>&1")
            assert machine.run(listing, check=False).stdout == before
            assert not (machine.root / "var/lib/himmelblau-sso-policies").exists()
