"""Runs every part of the test suite, lets none hide another, and counts.

A part is a command; its results are the JUnit files it writes, or else its last line "N passed, N failed". A part that fails without a failed test in them (a build
error, a crash, a time-out), or in which no test ran, counts as one failure. Each part's output goes to a file of its own; its end is printed when it fails.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from labkit import linux

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "testing/target/verify"
BEGIN = time.monotonic()
LABS = Path("/run/himmelblau-lab")
# In the environment of all that this run starts, its labs too: others may be at work on the same machine.
MARK = f"HIMMELBLAU_TEST_RUN={os.getpid()}-{time.time_ns()}"
# What depends on the release: PAM stacks, sshd, systemd's units and user database, the C library.
ON_DEBIAN_12 = ("test_first_sign_in", "test_pin", "test_names", "test_userdb", "test_local_users", "test_nss_conformance", "test_keys_types",
                "test_real_host_boot")
# Need GNOME Shell in the lab, and programs on this machine that nothing else needs.
ON_A_SCREEN = ("test_greeter", "test_keyring")
# Need Chromium and Firefox on this machine.
WITH_BROWSERS = ("test_browsers", "test_oidc_browser")
# Need a KDC in the lab.
WITH_A_KDC = ("test_kerberos",)
# Need a Debian with browsers in the lab.
SSO_BROWSERS = ("test_sso_browsers",)
# Need a Debian with WebKitGTK and a keyring in the lab, and packages of Microsoft's from PyPI.
WITH_MSAL = ("test_sso_msal",)
# Files that take minutes each, because a daemon or a host starts anew for each test, or because of the many cases of one thing: with them the whole
# would take longer than an hour on two cores.
LONG_E2E = (
    "test_bad_tenant", "test_bad_tenant_later", "test_breakglass", "test_cold", "test_confidential_client", "test_configuration",
    "test_crash", "test_directory_configuration", "test_directory_ids", "test_directory_names", "test_dualcontrol", "test_fleet",
    "test_identity_change", "test_keys_elsewhere", "test_keys_migrate", "test_keys_pin_file", "test_keys_secrecy", "test_keys_tpm_trouble",
    "test_keys_types", "test_languages", "test_login_service_outcomes", "test_networks", "test_oidc", "test_one_answer", "test_otlp", "test_real_host_boot", "test_real_host_clock",
    "test_reconnect", "test_security_key", "test_several_directories", "test_stop_during_start", "test_swap_keystore", "test_swap_load", "test_waiting",
)


# Of a daemon that is installed on this machine: unit tests have directories of their own.
OF_THE_HOST = (
    "/var/lib/himmelblaud", "/var/lib/himmelblaud-tasks", "/run/himmelblau", "/var/cache/himmelblaud", "/var/cache/nss-himmelblau", "/etc/himmelblau",
)


class Part:
    def __init__(self, name, text, commands, minutes, reports=(), needs=(), tests=True, usual=True, untouched=(), shown=None):
        self.name = name
        self.text = text
        self.commands = commands
        self.minutes = minutes
        self.reports = reports
        self.needs = needs
        self.tests = tests
        self.usual = usual  # whether it runs when no part is named
        self.untouched = untouched  # directories that must be afterwards as they were before
        self.shown = shown  # lines of its output that are printed also when all is well


def parts():
    pytest = ["/usr/bin/python3", "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    sanitized = "testing/target/shims-asan"
    shims = ["runtime/shims", "-Db_sanitize=address,undefined", "-Db_lundef=false", "--buildtype=debug"]

    def tested(name, *paths):
        return pytest + [f"--junitxml={RESULTS / name}/junit.xml", *paths]

    # Two cores start three hosts in the time that tests give them.
    side_by_side = ["-n", "3", "--dist", "loadfile"]
    files = sorted(path.stem for path in ROOT.glob("testing/e2e/test_*.py") if path.stem not in (*ON_A_SCREEN, *WITH_BROWSERS, *SSO_BROWSERS, *WITH_MSAL, *WITH_A_KDC))

    return [
        Part(
            "docs", "links, citations, glossary, decisions and log events agree with the code", [tested("docs", "testing/docs")], 2,
            reports=(f"{RESULTS.relative_to(ROOT)}/docs/junit.xml",),
        ),
        # Before all that compiles, and from nothing: what a quick build has compiled would not be compiled again, and so not be checked.
        Part(
            "java", "bundles: format, static analysis, unit and in-framework tests",
            [[*_maven(), "--threads", "2", "--fail-at-end", "clean", "verify"]], 25,
            reports=("**/target/surefire-reports/TEST-*.xml", "**/target/failsafe-reports/TEST-*.xml"), untouched=OF_THE_HOST,
        ),
        Part(
            "build", "the image, the tenant, the packages, and the hosts they are installed on",
            [
                ["runtime/build"], [*_maven(), "-q", "-Dquick", "-DskipTests", "-pl", "testing/tenant,testing/authenticator-plugin", "-am", "package"],
                ["testing/lab", "prepare"], ["testing/lab", "prepare", "--os", "debian-12"],
            ], 18, tests=False,
        ),
        Part(
            "shims", "the C shims under ASan and UBSan",
            [
                ["rm", "-rf", sanitized],
                ["meson", "setup", sanitized, *shims],
                ["meson", "test", "-C", sanitized, "--print-errorlogs"],
            ], 8,
            reports=(f"{sanitized}/meson-logs/testlog.junit.xml",),
        ),
        Part(
            "interop", "the tenant against independent clients of the real service", [["testing/tenant/interop/run"]], 6,
            needs=("build",),
        ),
        Part(
            "examples", "plug-ins of outsiders: built from nothing against what is published, tested by their kits, used in a lab; the guide followed",
            [[*tested("examples", "testing/examples"), "-s"]], 8,
            reports=(f"{RESULTS.relative_to(ROOT)}/examples/junit.xml",), needs=("build",),
        ),
        Part(
            "lab", "the lab itself", [tested("lab", "testing/labkit")], 12,
            reports=(f"{RESULTS.relative_to(ROOT)}/lab/junit.xml",), needs=("build",),
        ),
        Part(
            "packages", "the packages on booted Debian 12 and 13: install, upgrade, removal, units",
            [
                ["distro/build", "deb", "--fast"],
                [*tested("packages", "distro/test"), "-n", "2", "--dist", "loadfile", "--durations=15"],
            ], 20,
            reports=(f"{RESULTS.relative_to(ROOT)}/packages/junit.xml",), needs=("build",),
        ),
        Part(
            "e2e", "users signing in through the real sshd, su, login",
            [[*tested("e2e", *(f"testing/e2e/{name}.py" for name in files if name not in LONG_E2E)), *side_by_side, "--durations=20"]], 45,
            reports=(f"{RESULTS.relative_to(ROOT)}/e2e/junit.xml",), needs=("build",),
        ),
        Part(
            "e2e-long", "those that take longest: " + ", ".join(LONG_E2E),
            [[*tested("e2e-long", *(f"testing/e2e/{name}.py" for name in LONG_E2E)), *side_by_side, "--durations=20"]], 90,
            reports=(f"{RESULTS.relative_to(ROOT)}/e2e-long/junit.xml",), needs=("build",), usual=False,
        ),
        Part(
            "e2e-12", "the most important of them on Debian 12",
            [["env", "HIMMELBLAU_LAB_OS=debian-12", *tested("e2e-12", *(f"testing/e2e/{name}.py" for name in ON_DEBIAN_12)), *side_by_side]], 30,
            reports=(f"{RESULTS.relative_to(ROOT)}/e2e-12/junit.xml",), needs=("build",), usual=False,
        ),
        # Not usual: a Debian with GNOME Shell has to be fetched once, a gigabyte.
        Part(
            "greeter", "GDM's greeter and the lock screen, without a screen: a new user signs in, codes are read off their pictures; the keyring",
            [
                ["testing/install-deps", "greeter"], ["testing/lab", "prepare", "--os", "debian-13-gnome"],
                tested("greeter", *(f"testing/e2e/{name}.py" for name in ON_A_SCREEN)),
            ], 30,
            reports=(f"{RESULTS.relative_to(ROOT)}/greeter/junit.xml",), needs=("build",), usual=False,
        ),
        # Not usual: two browsers have to be fetched once, 200 MB.
        Part(
            "browsers", "Chromium and Firefox in the tenant's pages, Chromium in Keycloak's: new users set up a second factor, codes are read off the window",
            [["testing/install-deps", "browsers"], tested("browsers", *(f"testing/e2e/{name}.py" for name in WITH_BROWSERS))], 20,
            reports=(f"{RESULTS.relative_to(ROOT)}/browsers/junit.xml",), needs=("build",), usual=False,
        ),
        # Not usual: a Debian with a KDC has to be made once.
        Part(
            "kerberos", "tickets from sign-in to sign-out with MIT's KDC: every kind of cache, renewal, SSH without a password",
            [["testing/lab", "prepare", "--os", "debian-13-kerberos"], tested("kerberos", *(f"testing/e2e/{name}.py" for name in WITH_A_KDC))], 30,
            reports=(f"{RESULTS.relative_to(ROOT)}/kerberos/junit.xml",), needs=("build",), usual=False,
        ),
        # Not usual: a Debian with two browsers has to be fetched once, half a gigabyte.
        Part(
            "sso-browsers", "Chromium and Firefox in a user's session, with our packages' policies and native host: in without a question, until that ends",
            [["testing/lab", "prepare", "--os", "debian-13-browsers"], tested("sso-browsers", *(f"testing/e2e/{name}.py" for name in SSO_BROWSERS))], 25,
            reports=(f"{RESULTS.relative_to(ROOT)}/sso-browsers/junit.xml",), needs=("build",), usual=False,
        ),
        # Not usual: a Debian with WebKitGTK has to be fetched once, and 20 MB from PyPI.
        Part(
            "msal", "MSAL for Python with its broker part, unmodified, in a user's session: tokens without a question, and after the PIN",
            [["testing/lab", "prepare", "--os", "debian-13-msal"], tested("msal", *(f"testing/e2e/{name}.py" for name in WITH_MSAL))], 20,
            reports=(f"{RESULTS.relative_to(ROOT)}/msal/junit.xml",), needs=("build",), usual=False,
        ),
        # Not usual: they build one more commit, or the same twice.
        Part(
            "upgrade", "the packages of the commit before, upgraded to these while users sign in", [["distro/test/upgrade-from"]], 45,
            needs=("build",), tests=False, usual=False, shown=r"\d+ passed.*",
        ),
        Part("reproducible", "two builds of the last commit give the same bytes", [["distro/test/reproducible"]], 45, tests=False, usual=False, shown="The same bytes: .*"),
        # Not usual: it fetches all that a machine with nothing lacks.
        Part(
            "outsider", "from git clone to a plug-in in a lab, on a bare Debian, by the commands of the guide",
            [["testing/outsider"]], 20, usual=False,
        ),
        # Not usual: it runs the unit tests of some bundles once for each change, for most of an hour.
        Part(
            "mutation", "whether the unit tests notice changes in the classes that decide: PIT, with the score of each bundle",
            [["testing/mutation"]], 75, usual=False, shown=r"\S+: killed \d+ of \d+ mutants, .*",
        ),
        # Not usual: a processor that is emulated takes a minute for a boot when it has two cores to itself, and four boots and
        # eight sign-ins would delay all else.
        Part(
            "vm", "a virtual machine with a TPM, AppArmor and SELinux: whole sign-ins",
            [["testing/vm", "prepare"], ["testing/vm", "run"]], 60, needs=("build",), usual=False,
        ),
    ]


def _maven():
    return ["mvn", "-B", "-ntp"]


def say(text):
    seconds = int(time.monotonic() - BEGIN)
    print(f"[{seconds // 60:2d}:{seconds % 60:02d}] {text}", flush=True)


def run(part):
    """Returns (passed, failed)."""
    folder = RESULTS / part.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    log = folder / "output.log"
    started = time.time()
    begin = time.monotonic()
    deadline = begin + part.minutes * 60
    say(f"{part.name}: {part.text}")
    problem = None
    # A daemon that runs on this machine writes there itself.
    untouched = () if Path("/run/himmelblau/socket").exists() else part.untouched
    before = _stamps(untouched)
    with log.open("wb") as output:
        for command in part.commands:
            problem = _run_one(command, output, deadline, part.name)
            if problem:
                break
    passed, failures, skipped = _count(part, started) if part.reports else (*_said(log), [])
    if problem and not failures:
        failures = [f"{' '.join(map(str, command))}: {problem}"]
    if part.tests and not passed and not failures:
        failures = ["no test has run"]
    after = _stamps(untouched)
    failures += [f"a test has changed {path}" for path in sorted(before.keys() | after.keys()) if before.get(path) != after.get(path)]
    if failures:
        print("\n".join("    " + line for line in _diagnoses(log) + _tail(log, 40)), flush=True)
        for failure in dict.fromkeys(failures):
            say(f"{part.name}: FAILED {failure}")
        say(f"{part.name}: the whole output: {log.relative_to(ROOT)}")
    for skip in skipped:
        say(f"{part.name}: skipped {skip}")
    for line in _shown(part, log):
        say(f"{part.name}: {line}")
    say(f"{part.name}: {passed} passed, {len(failures)} failed, {len(skipped)} skipped in {time.monotonic() - begin:.0f} s")
    return passed, len(failures)


def _run_one(command, output, deadline, name):
    try:
        process = _start(command, output)
    except OSError as error:
        return str(error)
    while True:
        try:
            code = process.wait(timeout=30)
            return None if code == 0 else f"exit code {code}"
        except subprocess.TimeoutExpired:
            if time.monotonic() > deadline:
                _end(process)
                return "took too long and was stopped"
            say(f"{name}: still running")
        except BaseException:
            _end(process)
            raise


def _start(command, output):
    environment = dict([*os.environ.items(), MARK.split("=")])
    return subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, start_new_session=True,
    )


def _stamps(directories):
    """Each of them that exists, and each file below: its inode, mode, size and time of change."""
    found = {}
    for directory in map(Path, directories):
        for path in (directory, *directory.rglob("*")):
            if os.path.lexists(path):
                status = path.lstat()
                found[str(path)] = (status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns)
    return found


def _end(process):
    """Asks first: pytest then writes down what it has."""
    for number, seconds in ((signal.SIGINT, 60), (signal.SIGKILL, 10)):
        os.killpg(process.pid, number)
        try:
            process.wait(seconds)
            break
        except subprocess.TimeoutExpired:
            continue
    for name in subprocess.run(["testing/lab", "list"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split():
        if _is_of_this_run(name):
            subprocess.run(["testing/lab", "down", "--name", name], cwd=ROOT, check=False)


def _is_of_this_run(lab):
    """Its guardian has a session of its own, and keeps the environment it was started with."""
    try:
        guardian = json.loads((LABS / lab / "facts.json").read_text(encoding="utf-8"))["guardian"]
        return MARK.encode() in Path(f"/proc/{guardian}/environ").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False  # not yet, or no longer there


def _count(part, started):
    passed, failures, skipped = 0, [], []
    for pattern in part.reports:
        for file in sorted(ROOT.glob(pattern)):
            if file.stat().st_mtime < started - 1:
                continue  # of an earlier run
            try:
                cases = list(ElementTree.parse(file).iter("testcase"))
            except ElementTree.ParseError:
                failures.append(f"{file.relative_to(ROOT)} cannot be read")
                continue
            for case in cases:
                name = f"{case.get('classname')}.{case.get('name')}"
                skip = case.find("skipped")
                if case.find("failure") is not None or case.find("error") is not None:
                    failures.append(name)
                elif skip is not None:
                    skipped.append(f"{name}: {skip.get('message') or 'no reason given'}")
                else:
                    passed += 1
    return passed, failures, skipped


def _said(log):
    lines = _tail(log, 1)
    match = re.fullmatch(r"(\d+) passed, (\d+) failed", lines[0]) if lines else None
    return (int(match[1]), [f"{match[2]} of its cases"] * int(match[2])) if match else (0, [])


def _shown(part, log):
    lines = log.read_text(errors="replace").splitlines() if part.shown else []
    return [line for line in lines if re.fullmatch(part.shown, line)]


def _diagnoses(log):
    """What a compiler or a test said at a place in a source file; a long build buries it far above its end."""
    said = re.findall(r"^.*\.(?:java:\[\d+,\d+\]|[ch]:\d+:\d+:).*$", log.read_text(errors="replace"), re.MULTILINE)
    return list(dict.fromkeys(said))[:40]


def _tail(log, lines):
    return log.read_text(errors="replace").splitlines()[-lines:]


def leave_plain_chroot():
    """unshare(1) and others expect "/" to be a mount point, which that of a plain chroot is not: it is bound, and entered again."""
    if any(line.split()[4] == "/" for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()):
        return
    place = Path("/var/tmp/himmelblau-verify-root")
    place.mkdir(mode=0o700, exist_ok=True)
    linux.private_mounts()
    linux.root_as_mount_point(place)
    os.chdir(ROOT)


def main(names):
    known = parts()
    unknown = set(names) - {part.name for part in known}
    if unknown:
        print(f"verify: no part {', '.join(unknown)}; parts: {', '.join(part.name for part in known)}", file=sys.stderr)
        return 2
    chosen = [part for part in known if part.name in names or (not names and part.usual)]
    for part in known:
        if not names and not part.usual:
            print(f"Not run unless named: {part.name} ({part.text})", flush=True)
    leave_plain_chroot()
    passed, failed, broken = 0, 0, set()
    for part in chosen:
        if broken & set(part.needs):
            say(f"{part.name}: cannot run, for {', '.join(broken & set(part.needs))} failed")
            failed += 1
            continue
        good, bad = run(part)
        passed, failed = passed + good, failed + bad
        if bad:
            broken.add(part.name)
    say("done")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
