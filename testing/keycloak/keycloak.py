"""The real Keycloak for tests: its distribution from Maven Central, in the network of a lab, with realms made of realm.json."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "testing"))
from labkit import cache  # noqa: E402

VERSION = "26.7.3"
PORT = 8443
REALM = "corp"
PASSWORD = "Passw0rd!"
OTHERS = "keycloak-others"
HERE = Path(__file__).resolve().parent
TRUSTED = """
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -addext "subjectAltName=$(printf ',DNS:%s' "$@" | cut -c2-)" -keyout /root/kc.key -out /root/kc.pem 2>/dev/null
cp /root/kc.pem /usr/local/share/ca-certificates/keycloak.crt
update-ca-certificates >/dev/null 2>&1
for name; do echo "127.0.0.1 $name" >>/etc/hosts; done
"""


def host(realm=REALM):
    return f"id.{realm}.example"


def place(realm=REALM):
    """Other realms have a name and a port of their own, so that one can be away without the others."""
    return f"https://{host(realm)}:{PORT if realm == REALM else PORT + 1}"


def issuer(realm=REALM):
    return f"{place(realm)}/realms/{realm}"


ISSUER = issuer()


def contents(realm, users):
    """What Keycloak imports: realm.json under another name, with more users."""
    text = (HERE / "realm.json").read_text(encoding="utf-8").replace("-corp", f"-{realm}").replace("@corp.", f"@{realm}.")
    made = json.loads(text) | {"realm": realm, "attributes": {"frontendUrl": place(realm)}}
    made["users"] += [
        {
            "username": name, "enabled": True, "email": f"{name}@{realm}.example", "emailVerified": True, "firstName": name, "lastName": realm,
            "groups": ["crew"], "realmRoles": [f"default-roles-{realm}"], "credentials": [{"type": "password", "value": PASSWORD}],
        }
        for name in users
    ]
    return json.dumps(made)


def _java():
    return subprocess.run([ROOT / "runtime/image/find-jdk"], capture_output=True, text=True, check=True).stdout.strip()


def _environment():
    return {**os.environ, "JAVA_HOME": _java(), "KC_BOOTSTRAP_ADMIN_USERNAME": "admin", "KC_BOOTSTRAP_ADMIN_PASSWORD": "admin", "JAVA_OPTS_APPEND": "-Xmx700m"}


def _fetch(folder):
    """The distribution, made ready for a start with a data base in memory. 170 MB, once for each machine."""
    folder.mkdir()
    artifact = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:tar.gz"
    command = ["mvn", "-B", "-ntp", "-q", "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={folder}"]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    archive = next(folder.glob("*.tar.gz"))
    subprocess.run(["tar", "xzf", archive, "-C", folder, "--no-same-owner"], check=True)
    archive.unlink()
    home = next(folder.glob("keycloak-*"))
    home.rename(folder / "keycloak")
    subprocess.run([folder / "keycloak/bin/kc.sh", "build", "--db=dev-mem", "--cache=local"], check=True, env=_environment(), stdin=subprocess.DEVNULL, stdout=sys.stderr)


class Keycloak:
    """Runs in the network of a lab until it is closed; everything it knows is in memory."""

    def __init__(self, lab, folder, realms=None):
        """realms: names of users beside those of realm.json, by realm; corp is one of them."""
        self._lab = lab
        self._home = folder / "keycloak"
        self._realms = realms or {REALM: ()}
        self._process = None

    def start(self):
        lab = self._lab
        with cache.made("keycloak", VERSION, _fetch) as made:
            shutil.copytree(made / "keycloak", self._home, symlinks=True)
        (self._home / "data/import").mkdir(parents=True, exist_ok=True)
        for realm, users in self._realms.items():
            (self._home / f"data/import/{realm}-realm.json").write_text(contents(realm, users), encoding="utf-8")
        trusted = lab.run("sh", "-ec", TRUSTED, "trusted", *map(host, self._realms), timeout=240)
        assert trusted.returncode == 0, trusted.stderr
        for file in ("kc.pem", "kc.key"):
            (self._home / file).write_text(lab.out("cat", f"/root/{file}"), encoding="utf-8")
        for script in ("pages.py", "admin.py"):
            lab.put(HERE / script)
        init = json.loads(Path(f"/run/himmelblau-lab/{lab.name}/facts.json").read_text(encoding="utf-8"))["init"]
        options = [
            "start", "--optimized", "--import-realm", f"--hostname={place()}", f"--https-port={PORT}", "--http-enabled=false",
            f"--https-certificate-file={self._home}/kc.pem", f"--https-certificate-key-file={self._home}/kc.key",
        ]
        with (self._home / "log").open("wb") as log:
            self._process = subprocess.Popen(
                ["nsenter", f"--net=/proc/{init}/ns/net", self._home / "bin/kc.sh", *options],
                env=_environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )
        self._await()
        if self._others():
            self._lead()
        return self

    def _others(self):
        return [realm for realm in self._realms if realm != REALM]

    def _lead(self):
        """What comes to the port of the other realms goes to Keycloak's."""
        self._lab.out(
            "systemd-run", "--quiet", f"--unit={OTHERS}", "--collect", "systemd-socket-activate", "-l", f"127.0.0.1:{PORT + 1}",
            "/usr/lib/systemd/systemd-socket-proxyd", f"127.0.0.1:{PORT}",
        )

    @contextlib.contextmanager
    def others_away(self):
        """Nothing answers at the address of the other realms; connections to it have ended."""
        self._lab.out("systemctl", "stop", OTHERS)
        try:
            yield
        finally:
            self._lead()

    def _await(self):
        end = time.monotonic() + 300
        asked = f"import urllib.request; urllib.request.urlopen('{ISSUER}/.well-known/openid-configuration')"
        while self._lab.run("python3", "-c", asked).returncode:
            assert self._process.poll() is None and time.monotonic() < end, self.log()[-3000:]
            time.sleep(1)

    def log(self):
        return (self._home / "log").read_text(errors="replace")

    def complete(self, address, user, consent="yes"):
        """The user opens the address and signs in there; returns what the pages said."""
        return self._lab.out("python3", "/root/pages.py", address, user, PASSWORD, consent)

    def admin(self, *words, realm=REALM):
        if words[0] == "logout":
            time.sleep(1.1)  # what was issued in the same second would stay good
        return self._lab.out("python3", "/root/admin.py", place(), realm, *words)

    def close(self):
        if self._process:
            os.killpg(self._process.pid, 9)
            self._process.wait()
            self._process = None
