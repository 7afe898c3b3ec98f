"""A lab with two tenants, whose directory part is set up anew for each test without a restart."""

import time

from running_lab import DOMAIN, PASSWORD, User, RunningLab

OTHER = "example.onmicrosoft.com"
CONF = "/etc/himmelblau/himmelblau.conf"

# Every id that a user of the first domain can have is as the reference has it; the other one's are above.
BASE = f"""[global]
domain = {DOMAIN},{OTHER}
home_attr = cn
home_alias = cn
{{options}}
[{DOMAIN}]
{{own}}
[{OTHER}]
idmap_range = 2000300000-2000399999
{{other}}
"""


class DirectoryLab(RunningLab):
    """Sign-ins are by password at the console, which takes half a second: both tenants are joined before."""

    _other_ids = False

    def joined(self):
        for name, domain in (("user02", DOMAIN), (f"user02@{OTHER}", OTHER)):
            self.await_name(name)
            User(self, name, f"user02@{domain}", PASSWORD).enrol()
        return self

    def configure(self, options="", own="", other=""):
        """Options of [global] and of the two domains; takes effect within moments, without a restart."""
        self.write(CONF, BASE.format(options=options, own=own, other=other))

    def ids(self, options="", other=""):
        """Options that give users other ids, which an administrator has to apply (decision 0580)."""
        self.configure(options, other=other)
        self.eventually(lambda: "aad-tool idmap reassign" in self.troubles(), what="a change of ids that waits")
        self.reassign()

    def reassign(self):
        self._other_ids = True
        return self.out("aad-tool", "idmap", "reassign")

    def add(self, local, *options, domain=DOMAIN):
        """A user with a password only."""
        upn = f"{local}@{domain}"
        self.tenant("user", "add", upn, "--password", PASSWORD, *options)
        return upn

    def sign_in(self, name, seconds=15, once=False):
        """
        Authenticates, checks the account, opens a session; the text and whether it worked. Does what users are told who
        are to sign in once more (decision 0632), unless once.
        """
        words = ("pamtester", "login", name, "authenticate", "acct_mgmt", "open_session")
        done = self.run(*words, text=PASSWORD + "\n", timeout=seconds + 60)
        text = done.stdout + done.stderr
        if "sign in once more" in text and not once:
            return self.sign_in(name, seconds, once=True)
        return done.returncode == 0, text

    def sign_ins(self, *names):
        """Several sign-ins at once; the users who succeeded, with the text of each."""
        # Whoever is told to sign in once more does.
        script = f"for n in \"$@\"; do (for i in 1 2; do echo '{PASSWORD}' | pamtester login $n authenticate acct_mgmt open_session >/tmp/in.$n 2>&1; c=$?; grep -q 'sign in once more' /tmp/in.$n || break; done; echo $n $c) & done; wait"
        codes = dict(line.split() for line in self.out("bash", "-c", script, "in", *names).splitlines())
        return {name: codes[name] == "0" for name in names}

    def await_names(self, *names):
        script = 'for n in "$@"; do for i in $(seq 100); do getent passwd $n >/dev/null && break; sleep 0.1; done || exit 1; done'
        self.out("sh", "-c", script, "await", *names)

    def signed_in(self, name):
        self.await_name(name)
        good, text = self.sign_in(name)
        assert good, text
        return self.passwd(name)

    def passwd(self, name):
        done = self.run("getent", "passwd", name)
        fields = done.stdout.rstrip("\n").split(":")
        return fields if done.returncode == 0 and len(fields) == 7 else None

    def eventually(self, check, seconds=15, what="it"):
        """Waits for something that follows in the background."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if result := check():
                return result
            time.sleep(0.2)
        raise AssertionError(f"{what} did not happen within {seconds} s")

    def admin(self, *words, text=None):
        return self.run("aad-tool", *words, text=text)

    def troubles(self):
        return self.admin("status").stderr

    def fresh(self):
        """The options of the beginning; forgets what is cached and fixed, but not the join."""
        script = f'cat > {CONF}; rm -f "$@"; aad-tool cache-clear && aad-tool idmap clear'
        text = BASE.format(options="", own="", other="")
        done = self.run("sh", "-c", script, "fresh", "/etc/himmelblau/user-map", text=text)
        assert done.returncode == 0, done.stderr
        if self._other_ids:  # unless nobody is left who has one
            self.run("sh", "-c", "for i in $(seq 30); do aad-tool status 2>&1 | grep -q 'idmap reassign' && break; sleep 0.1; done")
            self.reassign()
            self._other_ids = False
