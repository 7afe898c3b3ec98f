"""A malicious directory: names and attributes that no host should accept."""

import json

from running_lab import DOMAIN, PASSWORD, ROOT

SEED = ROOT / "testing/tenant/src/main/resources/himmelblau/testing/tenant/default-seed.yaml"
UPN = f"hostile@{DOMAIN}"
EVIL_LINE = "Evil\nroot::0:0:owned:/root:/bin/sh\n"

GROUP_NAMES = [
    "a:b", "two\nlines", "bad:x:0:hostile\nroot:x:0:hostile", "a/b", "../../etc", "nul\0nul", "\x1b[2Jclear", "\x7f", "x" * 300, "with,comma",
    "root", "sudo", "wheel", "", " ", "-rf", "+", "12345", "0", "some@body", "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6", "\u202egnp", "\u2028line",
    "e\u0301" * 120, "same", "same",
]
GROUP_GIDS = ["0", "27", "999", "61200", "65534", "4294967295", "4294967296", "-1", "1e3", "0x10", "9" * 40, ""]


def group_id(number):
    return f"0e0e0e0e-0000-4000-8000-0000{77000000 + number}"


def seed(file):
    """Writes the default seed with more in it. JSON is YAML, and says NUL in a way that both read alike."""
    groups = [{"name": name, "id": group_id(i), "members": [UPN]} for i, name in enumerate(GROUP_NAMES)]
    groups += [
        {"name": f"gid {gid}", "id": group_id(100 + i), "members": [UPN], "unix": {"gidNumber": gid}} for i, gid in enumerate(GROUP_GIDS)
    ]
    users = [
        {"upn": UPN, "id": "0f0f0f0f-0000-4000-8000-000000000001", "name": EVIL_LINE + "\0\x1b[2J" + "y" * 300, "password": PASSWORD,
         "unix": {"uidNumber": "7900", "loginShell": "/bin/sh\nroot::0:0::/:/bin/sh", "gecos": EVIL_LINE, "unixHomeDirectory": "/home/../etc\n:/x"}},
        {"upn": f"-rf@{DOMAIN}", "name": "option"}, {"upn": f"root@{DOMAIN}", "name": "root", "unix": {"uidNumber": "0"}},
        {"upn": f"daemon@{DOMAIN}", "name": "daemon"}, {"upn": f"0@{DOMAIN}", "name": "zero"}, {"upn": f"a:b@{DOMAIN}", "name": "colon"},
        {"upn": f"a/b@{DOMAIN}", "name": "slash"}, {"upn": f"{'z' * 300}@{DOMAIN}", "name": "long"}, {"upn": f"nul\0nul@{DOMAIN}", "name": "nul"},
        {"upn": f"two\nlines@{DOMAIN}", "name": "lines"},
    ]
    text = SEED.read_text(encoding="utf-8")
    at = text.index(f"domains: [{DOMAIN}]")
    tail = text[at:].replace("    users:\n", "    users:\n" + _items(users), 1).replace("    groups:\n", "    groups:\n" + _items(groups), 1)
    file.write_text(text[:at] + tail, encoding="utf-8")


def _items(items):
    return "".join(f"      - {json.dumps(item)}\n" for item in items)
