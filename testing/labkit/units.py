"""Reads the packaged systemd units, so that the lab starts what a host would start, as whom and where."""

import shlex
from pathlib import Path

_DIRECTORIES = {
    "RuntimeDirectory": "/run",
    "CacheDirectory": "/var/cache",
    "StateDirectory": "/var/lib",
}


class Unit:
    def __init__(self, file):
        self.settings = {}
        for line in Path(file).read_text(encoding="utf-8").splitlines():
            key, equals, value = line.partition("=")
            if equals and not line.startswith(("#", ";")):
                self.settings.setdefault(key.strip(), []).append(value.strip())

    def one(self, key, default=None):
        return self.settings.get(key, [default])[-1]

    def command(self):
        return shlex.split(self.one("ExecStart"))

    def user(self):
        return self.one("User", "root")

    def umask(self):
        return int(self.one("UMask", "0022"), 8)

    def supplementary_groups(self):
        return [word.lstrip("-") for word in self.one("SupplementaryGroups", "").split()]

    def environment(self):
        made = {}
        for key, base in _DIRECTORIES.items():
            if self.one(key):
                variable = key.replace("Directory", "_DIRECTORY").upper()
                made[variable] = ":".join(f"{base}/{name}" for name in self.one(key).split())
        for line in self.settings.get("Environment", []):
            made.update(pair.split("=", 1) for pair in shlex.split(line))
        return made

    def directories(self):
        """(path, mode) of the directories that the service manager makes for the unit's user."""
        for key, base in _DIRECTORIES.items():
            for name in self.one(key, "").split():
                yield Path(base, name), int(self.one(key + "Mode", "0755"), 8)
