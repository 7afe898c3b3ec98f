"""A security key in software as a device of the machine's kernel: testing/authenticator behind /dev/uhid."""

import subprocess

from labkit import LabError

_RELYING_PARTY = "login.microsoft.com"
_JAR = "/root/authenticator.jar"
_JAVA = "/usr/lib/himmelblau/java/bin/java"


class SecurityKey:
    """Not plugged in at first. Ends with the context."""

    def __init__(self, machine, pin):
        self._machine = machine
        jars = sorted((machine.repository / "testing/authenticator/target").glob("himmelblau.testing.authenticator-*T.jar"))
        if not jars:
            raise LabError("testing/authenticator is not built: mvn -q -Dquick -DskipTests -pl testing/authenticator -am package")
        subprocess.run(machine.command(f"cat >{_JAR}"), input=jars[-1].read_bytes(), check=True, timeout=120)
        machine.out("modprobe uhid")
        words = f"exec {_JAVA} -cp {_JAR} himmelblau.testing.authenticator.UhidKey {pin}"
        self._process = subprocess.Popen(machine.command(words), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.kill()
        self._process.wait()

    def insert(self, what="insert"):
        """Until udev has seen it; the path of its device."""
        before = self._devices()
        self._say(what)
        self._machine.until(f"test \"$(ls /dev/hidraw* 2>/dev/null)\" != '{before}'", 60, "no hidraw device appears")
        self._machine.out("udevadm settle")
        return (set(self._devices().split()) - set(before.split())).pop()

    def insert_other(self):
        """A device that is no security key; as insert."""
        return self.insert("other")

    def remove(self):
        self._say("remove")

    def hold(self):
        """From now on it waits for a touch."""
        self._say("hold")

    def touch(self):
        self._say("touch")

    def tries(self):
        return int(self._say("tries"))

    def register(self, upn):
        """Makes a passkey and tells the tenant, as the security info page does."""
        said = self._say(f"passkey {_RELYING_PARTY} {upn}").split()
        if len(said) != 3:
            self._process.stdin.close()
            raise LabError(f"the security key says: {' '.join(said)}\n{self._process.stdout.read()}")
        credential, public, handle = said
        self._machine.tenant("passkey", "add", upn, "--credential-id", credential, "--public-key", public, "--user-handle", handle)

    def _devices(self):
        return self._machine.run("ls /dev/hidraw* 2>/dev/null").stdout.strip()

    def _say(self, word):
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()
        return self._line()

    def _line(self):
        line = self._process.stdout.readline()
        if not line:
            raise LabError(f"the security key has ended with exit code {self._process.wait(20)}")
        return line.strip()
