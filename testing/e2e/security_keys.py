"""Security keys in software, plugged into the daemon of a lab: testing/authenticator-plugin, a bundle that only root can install and that the product does not have."""

from running_lab import ROOT

PLUGINS = "/etc/himmelblau/plugins"
INSERT = "Please insert your security key.\n"
TOUCH = "Please touch your security key.\n"
ASK_PIN = "Fido PIN: "


class SecurityKeys:
    def __init__(self, lab):
        self.lab, self.made = lab, 0
        jars = sorted((ROOT / "testing/authenticator-plugin/target").glob("himmelblau.testing.authenticator.plugin-*T.jar"))
        assert jars, "build testing/authenticator-plugin first: mvn -q -Dquick -DskipTests -pl testing/authenticator-plugin -am package"
        lab.out("install", "-d", "-o", "root", "-g", "root", "-m", "0755", PLUGINS)
        place = lab.put(jars[-1], PLUGINS)
        lab.out("chown", "root:root", place)
        lab.out("chmod", "0644", place)
        self.shell(f"start file:{place}")

    def shell(self, line):
        done = self.lab.run("aad-tool", "shell", line)
        assert done.returncode == 0 and "Exception" not in done.stdout + done.stderr, done.stdout + done.stderr
        return done.stdout.strip()

    def make(self, pin="none"):
        """A key that nobody has plugged in yet."""
        self.made += 1
        return SecurityKey(self, f"key{self.made}", pin)


class SecurityKey:
    def __init__(self, keys, name, pin):
        self.keys, self.name = keys, name
        keys.shell(f"softkey:make {name} {pin}")

    def register(self, user):
        """As the security info page of the tenant does."""
        credential, public, handle = self.keys.shell(f"softkey:passkey {self.name} {user.upn}").split()[-3:]
        self.keys.lab.tenant("passkey", "add", user.upn, "--credential-id", credential, "--public-key", public, "--user-handle", handle)
        return self

    def __enter__(self):
        self.insert()
        return self

    def __exit__(self, *_):
        self.remove()

    def insert(self):
        self.keys.shell(f"softkey:insert {self.name}")

    def remove(self):
        self.keys.shell(f"softkey:remove {self.name}")

    def hold(self):
        """Touched only by touch()."""
        self.keys.shell(f"softkey:hold {self.name}")

    def touch(self):
        self.keys.shell(f"softkey:touch {self.name}")

    def tries(self):
        return int(self.keys.shell(f"softkey:tries {self.name}").split()[-1])
