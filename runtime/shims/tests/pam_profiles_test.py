"""The PAM lines that the packages bring for authselect and pam-config: complete, and such that configure-pam has nothing to add."""

import itertools
import os
import re
import shutil
import subprocess
import tempfile
import unittest

TOOL = os.environ["CONFIGURE_PAM"]
PAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../distro/pam")
FEATURES = (
    "with-faillock", "with-mkhomedir", "with-sssd", "with-pamaccess", "with-pwhistory", "with-silent-lastlog", "without-nullok",
)  # fmt: skip
STACKS = ("auth", "account", "password", "session")


def read(name):
    with open(os.path.join(PAM, name), encoding="ascii") as file:
        return file.read()


def render(text, features):
    """What authselect-profiles(5) says of {include if "X"} at a line's end and {if "X":this|that} in a line."""
    lines = []
    for line in text.splitlines():
        condition = re.search(r'\s*\{(include|exclude) if "([^"]+)"\}$', line)
        if condition:
            if (condition[2] in features) != (condition[1] == "include"):
                continue
            line = line[: condition.start()]

        def choose(match):
            holds = (match[2] in features) != bool(match[1])
            return match[3] if holds else match[4] or ""

        line = re.sub(r'\{if (not )?"([^"]+)":([^|}]*)(?:\|([^}]*))?\}', choose, line)
        assert "{" not in line, line
        lines.append(line)
    return "\n".join(lines) + "\n"


def selections():
    yield ()
    for count in (1, 2, len(FEATURES)):
        yield from itertools.combinations(FEATURES, count)


class Profiles(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="pam-profiles-")
        self.addCleanup(shutil.rmtree, self.root)
        self.folder = os.path.join(self.root, "etc/pam.d")
        os.makedirs(self.folder)

    def configured(self, text):
        """What configure-pam would make of this text in all four stacks."""
        path = os.path.join(self.folder, "system-auth")
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        done = subprocess.run([TOOL, self.root], capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        return done.stdout.removeprefix(f"[{path}] (dry run):\n")

    def test_authselect_has_all_lines_in_their_places(self):
        for name, features in itertools.product(("system-auth", "password-auth"), selections()):
            text = render(read("authselect/" + name), features)
            self.assertEqual(text, self.configured(text))
            rows = [line.split() for line in text.splitlines() if line]
            for stack in STACKS:
                ours = [at for at, row in enumerate(r for r in rows if r[0].lstrip("-") == stack) if "pam_himmelblau.so" in row]
                count = sum(row[0].lstrip("-") == stack for row in rows)
                self.assertEqual([count - 1] if stack == "session" else [0], ours, (stack, features))

    def test_each_feature_changes_something_and_none_is_hidden(self):
        files = {name: read("authselect/" + name) for name in os.listdir(os.path.join(PAM, "authselect"))}
        used = set(re.findall(r'"(with[a-z0-9-]+)"', "".join(text for name, text in files.items() if name != "README")))
        told = set(re.findall(r"^(with[a-z0-9-]+)::$", files["README"], re.MULTILINE))
        script = read("../scripts/pam-entries")
        kept = set(re.findall(r"with[a-z-]+", re.search(r"^ *(with-faillock\|.*)\)$", script, re.MULTILINE)[1]))
        self.assertEqual(set(FEATURES), used)
        self.assertEqual(used, told)
        self.assertEqual(used, kept)

    def test_nsswitch_asks_us_last(self):
        for features in selections():
            for line in render(read("authselect/nsswitch.conf"), features).splitlines():
                if line.startswith(("passwd:", "group:", "shadow:")):
                    self.assertEqual("himmelblau", line.split()[-1])
                    self.assertEqual("files", line.split()[1])
                    self.assertEqual("with-sssd" in features, "sss" in line.split())

    def test_pam_config_has_all_lines(self):
        values = {}
        for line in read("pam-config/himmelblau.conf").splitlines():
            self.assertLess(len(line), 200, "inih, which pam-config reads with, takes no longer line")
            if line and not line.startswith("#"):
                key, value = line.split(": ", 1)
                values[key] = value
        self.assertEqual("pam_himmelblau.so", values.pop("Name"))
        self.assertEqual({"Auth": "800", "Account": "300", "Password": "100", "Session": "2300"}, {key: values.pop(key + "-Priority") for key in ("Auth", "Account", "Password", "Session")})
        text = "\n".join(values[stack.capitalize()] for stack in STACKS) + "\n"
        self.assertEqual(text, self.configured(text))
        for stack, key in (("auth", "Auth"), ("password", "Password")):
            self.assertRegex(values[key], rf"^{stack} \[success=done .*default=die\] ")
            self.assertIn("module_unknown=ignore", values[key])


if __name__ == "__main__":
    unittest.main()
