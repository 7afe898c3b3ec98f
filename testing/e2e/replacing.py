"""A host whose plug-ins are replaced again and again, and that nothing of the old ones stays."""

import re
import time
import zipfile

from jvm import Jvm, allow_attach
from running_lab import ROOT
from test_swap import shell

BUNDLES = "/usr/lib/himmelblau/bundles/daemon"
REPLACED = ("himmelblau.domain.entra", "himmelblau.mfa.push", "himmelblau.hsm.soft", "himmelblau.breakglass.manual", "himmelblau.directory", "himmelblau.sso")
TIMES = 10
# A change for other_version.
VERSION = (rb"^Bundle-Version: .*?(\r?)$", rb"Bundle-Version: 9.8.7\1")


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


def other_version(lab, tmp_path, bundle, name, *changes):
    """A shipped bundle with another manifest, where the daemon sees it."""
    shipped = next((ROOT / "runtime/target/image/bundles/daemon").glob(f"{bundle}-[0-9]*.jar"))
    with zipfile.ZipFile(shipped) as old, zipfile.ZipFile(tmp_path / name, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "META-INF/MANIFEST.MF":
                for pattern, text in changes:
                    content, count = re.subn(pattern, text, content, flags=re.MULTILINE)
                    assert count == 1, (pattern, content)
            new.writestr(entry, content)
    lab.put(tmp_path / name)
    lab.out("install", "-m", "644", f"/root/{name}", "/usr/local/share/")
    return f"/usr/local/share/{name}"
