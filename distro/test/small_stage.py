"""What distro/stage would lay out for rpm, quickly and without a build: a few files stand for the image, a word for what is made."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def listed():
    """(package, target, mode, source) of distro/files."""
    for line in (ROOT / "distro/files").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            package, family, mode, target, source = line.split()
            if family in ("all", "rpm"):
                yield package, target.replace("%lib", "/usr/lib64"), mode, source


def lay(place):
    for package, target, mode, source in listed():
        path = place / package / target.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        if mode == "link":
            path.symlink_to(source)
        elif mode == "dir":
            path.mkdir()
        elif mode == "tree" and source.startswith("="):
            path.mkdir()
            (path / "made").write_text("stand-in\n")
        elif mode == "tree":
            for name in ("bin/himmelblaud", "bin/himmelblaud_tasks", "lib/daemon.aot"):
                (path / name).parent.mkdir(parents=True, exist_ok=True)
                (path / name).write_text("#!/bin/sh\n" if "bin/" in name else "archive\n")
                (path / name).chmod(0o755 if "bin/" in name else 0o644)
        else:
            made = source.startswith("=") or not (ROOT / source).exists()
            path.write_bytes(b"stand-in\n" if made else (ROOT / source).read_bytes())
            path.chmod(int(mode, 8))
    return place
