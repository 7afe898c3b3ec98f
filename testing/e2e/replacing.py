"""A host whose plug-ins are replaced again and again, and that nothing of the old ones stays."""

import time

from jvm import Jvm, allow_attach
from test_swap import shell

BUNDLES = "/usr/lib/himmelblau/bundles/daemon"
REPLACED = ("himmelblau.domain.entra", "himmelblau.mfa.push", "himmelblau.hsm.soft", "himmelblau.breakglass.manual", "himmelblau.directory", "himmelblau.sso")
TIMES = 10


def from_jars(lab):
    """The JVM of the lab's daemon; its parts come from jars from now on, as those of an administrator do."""
    allow_attach(lab)
    for name in REPLACED:
        jar = lab.out("sh", "-c", f"ls {BUNDLES}/{name}-[0-9]*.jar")
        shell(lab, f"uninstall {name}", f"start file:{jar}")
    return Jvm(lab)


def settles(jvm, threads):
    """What a sign-in leaves for some seconds ends by itself; what a replaced part leaves does not."""
    end = time.monotonic() + 60
    while (loaders := jvm.loaders()) != len(REPLACED) or jvm.threads() - threads:
        if time.monotonic() > end:
            assert loaders == len(REPLACED), "class loaders of replaced parts are still there"
            assert jvm.threads() - threads == {}, "threads of replaced parts are still there"
        time.sleep(1)
