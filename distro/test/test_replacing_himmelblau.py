"""Our packages in the place of Himmelblau's: stand-ins with their names, versions and traces."""

import subprocess

from host import Host
from test_life import INSTALL

CONF = "[global]\ndomain = example.com\npam_allow_groups = somebody@example.com\n"
PROFILE = """Name: Azure Entra Id authentication
Default: yes
Priority: 2048
Auth-Type: Primary
Auth:
\t[success=end default=ignore]\tpam_himmelblau.so ignore_unknown_user set_authtok
"""
ENABLE = "#!/bin/sh\nset -e\nmkdir -p /etc/systemd/system/multi-user.target.wants\nfor u in himmelblaud himmelblaud-tasks himmelblau-hsm-pin-init; do\n" \
    "ln -sf /usr/lib/systemd/system/$u.service /etc/systemd/system/multi-user.target.wants/$u.service; done\n"
NSS = "#!/bin/sh\nset -e\nsed -i '/himmelblau/!s/^\\(passwd\\|group\\|shadow\\):.*/& himmelblau/' /etc/nsswitch.conf\n"
PAM = "#!/bin/sh\nset -e\npam-auth-update --package\n"


def stand_in(folder, package, files, postinst=None, depends=""):
    tree = folder / package
    for name, text in files.items():
        file = tree / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    control = tree / "DEBIAN/control"
    control.parent.mkdir(parents=True)
    control.write_text(
        f"Package: {package}\nVersion: 3.1.0\nArchitecture: amd64\nMaintainer: nobody <nobody@example.com>\n{depends}Description: stand-in\n"
    )
    if postinst:
        script = tree / "DEBIAN/postinst"
        script.write_text(postinst)
        script.chmod(0o755)
    target = folder / f"{package}_3.1.0_amd64.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "-b", tree, target], check=True, stdout=subprocess.DEVNULL)
    return target


def test_same_names_give_way_and_the_configuration_stays(debs, tmp_path):
    unit = "[Service]\nExecStart=/usr/sbin/himmelblaud\n[Install]\nWantedBy=multi-user.target\n"
    theirs = [
        stand_in(tmp_path, "himmelblau", {"usr/sbin/himmelblaud": "theirs\n", "usr/lib/systemd/system/himmelblaud.service": unit,
                                          "usr/lib/systemd/system/himmelblau-hsm-pin-init.service": unit}, ENABLE),
        stand_in(tmp_path, "nss-himmelblau", {"usr/lib/x86_64-linux-gnu/libnss_himmelblau.so.2": "theirs\n"}, NSS),
        stand_in(tmp_path, "pam-himmelblau", {"usr/share/pam-configs/himmelblau": PROFILE}, PAM),
        stand_in(tmp_path, "himmelblau-broker", {"usr/sbin/himmelblau_broker": "theirs\n"}, depends="Depends: himmelblau\n"),
    ]
    with Host("debian-13", boot=False) as host:
        host.put(*theirs)
        host.run(INSTALL)
        host.run(f"mkdir -p /etc/himmelblau; printf '{CONF}' >/etc/himmelblau/himmelblau.conf".replace("\n", "\\n"))
        host.put(*debs)
        host.run(INSTALL)
        shown = host.run("dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}\\n' '*himmelblau*' o365").stdout
        assert shown.count(" 1:0.1.0") == len(debs), shown
        assert "himmelblau-broker 3.1.0 installed" not in shown
        assert host.run("cat /etc/himmelblau/himmelblau.conf").stdout == CONF
        wants = host.run("ls /etc/systemd/system/*.wants").stdout
        assert "himmelblau-hsm-pin-init.service" not in wants
        assert host.run("ls /etc/systemd/system/multi-user.target.wants").stdout.split().count("himmelblaud.service") == 0
        host.run("test -L /etc/systemd/system/systemd-user-sessions.service.wants/himmelblaud.service")
        assert host.run("grep -c 'himmelblau himmelblau' /etc/nsswitch.conf", check=False).stdout.strip() == "0"
        assert host.run("grep -c pam_himmelblau.so /etc/pam.d/common-auth").stdout.strip() == "1"
        assert "authinfo_unavail=ignore" in host.run("cat /etc/pam.d/common-auth").stdout  # our profile, not theirs
