"""The four plug-ins as somebody outside of this project has them: built from nothing, tested by the contract kits, used in a private host."""

import datetime
import re
import subprocess
import time
import xml.etree.ElementTree as ElementTree

import pytest
from outsider import EXAMPLES, PLUGINS, ROOT, run, worked
from running_lab import DOMAIN, LAB, PASSWORD, PIN, RunningLab

NAME = "examples"
ON_HOST = "/etc/himmelblau/plugins"
POM = "{http://maven.apache.org/POM/4.0.0}"


# --- what is published -----------------------------------------------------------------------------


def artifacts(repository):
    return {path.parent.parent.name: path for path in (repository / "himmelblau").rglob("*.pom")}


def test_the_api_the_bom_and_the_kits_are_published_and_nothing_else(home):
    kits = {f"himmelblau.contract.{folder.name}" for folder in (ROOT / "testing/contract").iterdir() if (folder / "pom.xml").exists()}
    published = artifacts(home / ".m2/repository")
    assert set(published) == {"himmelblau.api", "himmelblau.bom", *kits}
    for pom in published.values():
        assert ElementTree.parse(pom).find(f"{POM}parent") is None, pom


def test_a_folder_can_be_the_repository(home, tmp_path):
    worked(run("runtime/publish-api", "--to", tmp_path / "shared", home=home))
    assert set(artifacts(tmp_path / "shared")) == set(artifacts(home / ".m2/repository"))
    assert list((tmp_path / "shared").rglob("himmelblau.api-*-sources.jar"))
    assert run("runtime/publish-api", "--too", home=home).returncode == 2


@pytest.mark.parametrize("name", PLUGINS)
def test_versions_are_those_of_the_bom_and_of_our_build(name):
    """A pom can import the versions of dependencies; those of Maven plug-ins it has to write."""
    pom, ours = ElementTree.parse(EXAMPLES / name / "pom.xml"), ElementTree.parse(ROOT / "pom.xml")
    assert pom.find(f"{POM}parent") is None
    assert all(each.find(f"{POM}version") is None for each in pom.findall(f"{POM}dependencies/{POM}dependency"))
    bom = pom.find(f"{POM}dependencyManagement/{POM}dependencies/{POM}dependency/{POM}version").text
    assert bom == ElementTree.parse(ROOT / "cnf/bom/pom.xml").find(f"{POM}version").text
    managed = ours.findall(f"{POM}build/{POM}pluginManagement/{POM}plugins/{POM}plugin")
    known = {each.find(f"{POM}artifactId").text: each.find(f"{POM}version").text for each in managed}
    assert known["bnd-maven-plugin"] == "${bnd.version}"
    known["bnd-maven-plugin"] = ours.find(f"{POM}properties/{POM}bnd.version").text
    plugins = {each.find(f"{POM}artifactId").text: each.find(f"{POM}version").text for each in pom.iter(f"{POM}plugin")}
    assert plugins == {each: known[each] for each in plugins}


# --- the plug-ins ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PLUGINS)
def test_a_plug_in_passes_the_kit_of_its_kind(jars, name):
    reports = list((jars[name].parent / "surefire-reports").glob("TEST-*.xml"))
    cases = [case for report in reports for case in ElementTree.parse(report).iter("testcase")]
    assert len(cases) >= 9
    assert not [case.get("name") for case in cases for how in ("failure", "error", "skipped") if case.find(how) is not None]


@pytest.mark.parametrize("kind", ["mfa", "keystore", "domain"])  # the guide makes the fourth
def test_a_new_project_builds(home, tmp_path, kind):
    folder = tmp_path / "project"
    worked(run("runtime/new-bundle", kind, "org.example.nightshift", folder))
    left = [path for path in folder.rglob("*") if re.search(r"(?i)papercode|filekeys|roster", path.name)]
    assert not left
    worked(run("mvn", "-B", "-ntp", "-q", "-DskipTests", "package", home=home, cwd=folder))
    assert (folder / "target/org.example.nightshift-1.0.jar").exists()


def test_a_new_project_replaces_nothing(tmp_path):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    done = run("runtime/new-bundle", "mfa", "org.example.nightshift", tmp_path)
    assert done.returncode == 2 and "not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    "words, said",
    [
        (["pam", "org.example.x", "F"], "no kind 'pam'; there are: mfa, keystore, domain, breakglass"),
        (["mfa", "nightshift", "F"], "is no name of a bundle"), (["mfa", "org.Example.x", "F"], "is no name of a bundle"),
        (["mfa", "org.example.class", "F"], "class is a word of the language"), (["mfa", "himmelblau.mfa.x", "F"], "for the bundles of this project"),
        (["mfa"], "KIND NAME FOLDER"),
    ],
)
def test_wrong_words_are_explained(tmp_path, words, said):
    done = run("runtime/new-bundle", *[tmp_path / "new" if word == "F" else word for word in words])
    assert done.returncode == 2 and said in done.stderr
    assert not (tmp_path / "new").exists()
    assert "Usage: runtime/new-bundle KIND NAME FOLDER" in worked(run("runtime/new-bundle", "--help"))


# --- in a host -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    conf = tmp_path_factory.mktemp("conf") / "himmelblau.conf"
    conf.write_text(f"[global]\ndomain = {DOMAIN}\n", encoding="utf-8")
    subprocess.run([LAB, "down", "--name", NAME], capture_output=True, check=False)
    running_lab = RunningLab(NAME, conf)
    try:
        yield running_lab.up()
    finally:
        running_lab.down()


def shell(lab, line):
    done = lab.run("aad-tool", "shell", text=line + "\n")
    assert done.returncode == 0 and "gogo:" not in done.stderr, done.stderr
    return done.stdout


def install(lab, jar):
    """As the guide says."""
    lab.out("install", "-d", "-o", "root", "-g", "root", "-m", "0755", ON_HOST)
    place = lab.put(jar)
    lab.out("install", "-o", "root", "-g", "root", "-m", "0644", place, f"{ON_HOST}/{jar.name}")
    shell(lab, f"start file:{ON_HOST}/{jar.name}")


def configure(lab, text):
    lab.write("/etc/himmelblau/himmelblau.conf", f"[global]\ndomain = {DOMAIN}\n{text}")


def until(lab, text, *command, seconds=30):
    """Runs the command until its output has the text."""
    end = time.monotonic() + seconds
    while True:
        done = lab.run(*command)
        if text in done.stdout:
            return done.stdout
        assert time.monotonic() < end, f"{command}: {done.stdout}{done.stderr}"
        time.sleep(0.3)


def test_the_key_store_keeps_the_keys_of_a_sign_in(lab, jars):
    install(lab, jars["filekeys"])
    configure(lab, "hsm_type = plugin:filekeys\n")
    lab.restart()
    until(lab, "filekeys, in use", "aad-tool", "tpm")
    user = lab.new_user().enrol()
    assert 'PINs: 1 in the store "filekeys"' in lab.out("aad-tool", "tpm")
    lab.restart()
    lab.await_name(user.name)
    with user.ssh() as session:
        session.pin(PIN)
        session.shell()


ROSTER = """
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=roster.example -addext subjectAltName=DNS:roster.example -keyout /root/roster.key -out /root/roster.pem 2>/dev/null
cp /root/roster.pem /usr/local/share/ca-certificates/roster.crt
update-ca-certificates >/dev/null 2>&1
echo 127.0.0.1 roster.example >>/etc/hosts
systemd-run --quiet --unit=roster python3 /root/server.py /root/users.json 8443 /root/roster.pem /root/roster.key
"""
USERS = '{"ada": {"id": "11111111-2222-4333-8444-555555555555", "name": "Ada", "password": "Passw0rd!", "codes": {"1": "314159", "2": "271828"}}}'


def test_a_user_of_another_domain_signs_in_with_the_method_of_another_plug_in(lab, jars):
    lab.put(EXAMPLES / "roster/server.py")
    lab.write("/root/users.json", USERS)
    lab.out("sh", "-ec", ROSTER)
    for name in ("papercode", "roster"):
        install(lab, jars[name])
    configure(
        lab, "[roster.example]\ndomain_kind = roster\nroster_url = https://roster.example:8443\nidmap_range = 2000300000-2000399999\n"
    )
    lab.restart()  # for the authority of its server
    until(lab, "roster.example", "aad-tool", "plugins")
    until(lab, "domain.ready", "journalctl", "-u", "himmelblaud", "-g", "example.roster", "--no-pager")
    lab.await_name("ada@roster.example")
    with lab.ssh("ada@roster.example") as session:
        session.terminal.until("Password: ")
        session.say(PASSWORD)
        number = session.terminal.until(r"Enter code number (\d) of your list", want_match=True)[1]
        session.terminal.until("Code: ")
        session.say({"1": "314159", "2": "271828"}[number])
        session.terminal.until("New PIN: ")
        session.say(PIN)
        session.terminal.until("Confirm PIN: ")
        session.say(PIN)
        session.shell()
        assert session.ask("id -un") in ("ada@roster.example", "ada")


def test_the_policy_admits_on_its_day_and_not_without_it(lab, jars):
    install(lab, jars["weekday"])
    today = datetime.datetime.now(datetime.timezone.utc).strftime("%A")
    configure(lab, f"enable_hello = false\nweekday_name = {today}\nweekday_from_hour = 0\n")
    lab.out("systemctl", "reload", "himmelblaud")  # returns when the daemon has read it
    user = lab.new_user()
    with user.ssh(timeout=60) as session:
        session.password(PASSWORD)
        user.approve(session.number())
        session.enter()
        session.shell()
    with lab.offline():
        with user.ssh(timeout=60) as session:
            session.password(PASSWORD, before="Emergency access: until the network is back, your password alone is enough.\n")
            session.shell()
        number = re.search(r"(\d+)\|[^\n]*example\.weekday", shell(lab, "lb -s"))[1]
        shell(lab, f"uninstall {number}")
        with user.ssh(timeout=60) as session:
            assert session.terminal.end() == 255  # nobody is asked, nobody is let in
