"""A lab with a real KDC for the directory's realm, and what users do with their tickets."""

import re
import time

from running_lab import PIN, RunningLab

OS = "debian-13-kerberos"
REALM = "KERBEROS.MICROSOFTONLINE.COM"
AD_REALM = "CORP.EXAMPLE"
HOST = "files.windows.net"
SECOND_SSHD = 2222
_KDC = f"""[kdcdefaults]
  kdc_listen = 127.0.0.1:88
  kdc_tcp_listen = 127.0.0.1:88
[realms]
  {REALM} = {{
    database_name = /var/lib/krb5kdc/principal
    max_life = 12h
  }}
"""


class KerberosLab(RunningLab):
    def __init__(self, name, conf):
        super().__init__(name, conf, os=OS)

    def begin(self):
        """The realm, its KDC, a host in it, and a directory that issues tickets of it."""
        self.out("rm", "/etc/krb5.conf.d/kcm_default_ccache")  # Debian's own default is wanted first
        self.out("sed", "-i", f"s/default_realm = .*/default_realm = {REALM}/", "/etc/krb5.conf")
        self.write("/etc/default/krb5-kdc", f"DAEMON_ARGS='-r {REALM}'\n")
        self.write("/etc/krb5kdc/kdc.conf", _KDC)
        self.write("/etc/krb5.conf.d/lab.conf", "[libdefaults]\n  dns_lookup_kdc = false\n  dns_lookup_realm = false\n  rdns = false\n")
        self.out("sh", "-c", f"kdb5_util create -s -r {REALM} -P master >&2")
        self.kadmin(f"addprinc -randkey host/{HOST}")
        self.kadmin(f"ktadd -k /etc/krb5.keytab host/{HOST}")
        self.kadmin(f"ktadd -norandkey -k /root/realm.keytab krbtgt/{REALM}")
        version, key = re.search(r"^\s*(\d+) .*krbtgt.*aes256-cts-hmac-sha1-96.*\(0x([0-9a-f]{64})\)", self.out("klist", "-keKt", "/root/realm.keytab"), re.M).groups()
        self.out("systemctl", "start", "krb5-kdc")
        self.out("sh", "-c", f"echo '127.0.0.1 {HOST}' >>/etc/hosts")
        for name, value in {
            "kerberos-kdc": "127.0.0.1:88", "kerberos-key": key, "kerberos-key-version": version,
            "kerberos-ad-realm": "", "kerberos-ad-key": key,
        }.items():
            self.setting(name, value)
        return self

    def kadmin(self, query):
        self.out("sh", "-c", f"kadmin.local -r {REALM} -q '{query}' >&2")

    def setting(self, name, value):
        self.tenant("setting", name, value)

    def default_cache(self, name):
        """What krb5.conf says; empty: what Debian has."""
        self.write("/etc/krb5.conf.d/type.conf", f"[libdefaults]\n  default_ccache_name = {name}\n" if name else "")

    def second_sshd(self):
        """An ssh server that takes Kerberos tickets and nothing else."""
        self.write("/etc/ssh/kerberos_sshd", f"""Port {SECOND_SSHD}
ListenAddress 127.0.0.1
PidFile none
HostKey /etc/ssh/ssh_host_ed25519_key
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PubkeyAuthentication no
GSSAPIAuthentication yes
GSSAPIStrictAcceptorCheck no
""")
        self.out("systemd-run", "--unit=kerberos-sshd", "/usr/sbin/sshd", "-D", "-f", "/etc/ssh/kerberos_sshd")

    # --- as a user ----------------------------------------------------------------------------

    def klist(self, user):
        """[(cache, principal, [service])] of all caches."""
        text = self.run("env", "-u", "KRB5CCNAME", "klist", "-A", user=user).stdout
        caches = []
        for part in re.split(r"(?m)^Ticket cache: ", text)[1:]:
            cache, _, rest = part.partition("\n")
            principal = re.search(r"Default principal: (.*)", rest)[1]
            caches.append((cache, principal, re.findall(r"(?m)^\d\S+ \S+  \S+ \S+  (\S+)$", rest)))
        return caches

    def await_tickets(self, user, count=1, seconds=20):
        end = time.monotonic() + seconds
        while len(found := self.klist(user)) != count:
            assert time.monotonic() < end, f"{user}: {found}\n{self.log()[-3000:]}"
            time.sleep(0.3)
        return found

    def await_log(self, pattern, since=0, seconds=20):
        end = time.monotonic() + seconds
        while not (match := re.search(pattern, self.log()[since:])):
            assert time.monotonic() < end, f"{pattern}\n{self.log()[-3000:]}"
            time.sleep(0.3)
        return match


def principal(user):
    return user.upn.replace("@", "\\@") + f"@{REALM}"


def session(user, local="/bin/true"):
    """By PIN, over SSH; open until the caller leaves."""
    opened = user.ssh()
    opened.pin(PIN)
    opened.shell()
    return opened
