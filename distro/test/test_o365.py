"""The programs of the package o365, with stand-ins for browsers, the application shell, curl and ps."""

import hashlib
import os
import re
import shutil
import struct
import subprocess
import zlib

import pytest
from debs import ROOT

SOURCES = ROOT / "distro/o365"
SHELLS = {"dash": "#!/usr/bin/dash", "bash": "#!/bin/bash --posix"}
TOOLS = ("cat", "chmod", "cp", "id", "ln", "mkdir", "mktemp", "mv", "readlink", "rm", "sed", "sha512sum", "stat", "tail", "tr")
APPLICATION_SHELL = b"#!/bin/sh\nprintf '%s\\0' shell \"$@\" >>@CALLS@\nprintf '\\n' >>@CALLS@\n"
VERSION = "2.6.19"
NAME = f"teams-for-linux-{VERSION}.AppImage"
WORD = "https://word.cloud.microsoft/"
ICONS = "/usr/share/icons/hicolor/256x256/apps"


class Desktop:
    """A user's home and a PATH with our programs, the tools that they use, and stand-ins that write down how they were called."""

    def __init__(self, root, interpreter):
        self.root, self.bin, self.home, self.opt, self.conf = root, root / "bin", root / "home", root / "opt/teams-for-linux", root / "o365.conf"
        self.calls, self.broker = root / "calls", root / "broker.service"
        for path in (self.bin, self.home, root / "opt"):
            path.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))
        for name in ("o365", "o365-multi", "o365-url-handler"):
            text = (SOURCES / name).read_text().replace("#!/bin/sh", interpreter)
            for real, ours in (("/etc/o365.conf", self.conf), ("/opt/teams-for-linux", self.opt), ("/usr/share/dbus-1/services/com.microsoft.identity.broker1.service", self.broker)):
                text = text.replace(real, str(ours))
            self.program(name, text)
        self.program("uname", "#!/bin/sh\necho x86_64\n")
        self.conf.write_text((SOURCES / "o365.conf").read_text())
        self.shell = APPLICATION_SHELL.replace(b"@CALLS@", str(self.calls).encode())
        self.mine = self.home / ".local/share/teams-for-linux"
        self.environment = {"PATH": str(self.bin), "HOME": str(self.home), "LC_ALL": "C.UTF-8"}

    def program(self, name, text):
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def stand_in(self, *names, then=""):
        for name in names:
            self.program(name, f"#!/bin/sh\nprintf '%s\\0' {name} \"$@\" >>{self.calls}\nprintf '\\n' >>{self.calls}\n{then}\n")

    def running(self, *lines):
        self.program("ps", "#!/bin/sh\ncat <<'END'\n" + "".join(f"{line}\n" for line in lines) + "END\n")

    def curl_brings(self, content):
        (self.root / "served").write_bytes(content)
        self.stand_in("curl", then=f'while [ "$1" != --output ]; do shift; done; cp {self.root}/served "$2"')

    def pin(self, content=None, version=VERSION, sha512=None):
        digest = sha512 or hashlib.sha512(self.shell if content is None else content).hexdigest()
        self.conf.write_text(f"# comment\nversion = {version}\n sha512={digest} \n")

    def put(self, directory=None, content=None, name=NAME):
        path = (directory or self.opt) / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
        path.write_bytes(self.shell if content is None else content)
        path.chmod(0o755)
        return path

    def run(self, program, *words, status=0, **environment):
        """The calls of stand-ins, each a list of words. What was said is in "said"."""
        self.calls.write_bytes(b"")
        done = subprocess.run([self.bin / program, *words], capture_output=True, text=True, check=False, cwd=self.root, env={**self.environment, **environment}, umask=0o022)
        self.said = done.stdout + done.stderr
        assert done.returncode == status, self.said
        return [call.split("\0") for call in self.calls.read_text().split("\0\n")[:-1]]

    def files(self, place):
        return sorted(str(path.relative_to(place)) for path in place.rglob("*"))


@pytest.fixture(params=SHELLS)
def desktop(request, tmp_path):
    return Desktop(tmp_path, SHELLS[request.param])


FILE = "/x?file=a.docx"
# What goes to the application.
OPENED = (
    *(("https://" + host + FILE, "Word") for host in (
        "outlook.office.com", "outlook.office365.com", "outlook.live.com", "teams.microsoft.com", "www.office.com", "m365.cloud.microsoft",
        "word.cloud.microsoft", "excel.cloud.microsoft", "powerpoint.cloud.microsoft", "onedrive.live.com", "outlook.office365.us",
        "gov.teams.microsoft.us", "dod.teams.microsoft.us", "partner.outlook.cn", "teams.microsoft.cn", "contoso.sharepoint.com",
        "contoso-my.sharepoint.com", "euc-word-edit.officeapps.live.com", "a.sharepoint.us", "a.sharepoint-mil.us", "a.sharepoint.cn", "a.sharepoint.de")),
    *((f"{WORD}x?file=a.{extension}", application) for application, extensions in (
        ("Word", "doc docx docm dot dotx dotm"), ("Excel", "xls xlsx xlsm xlsb xlt xltx xltm csv"), ("PowerPoint", "ppt pptx pptm pps ppsx pot potx potm"))
      for extension in extensions.split()),
    ("https://word.cloud.microsoft:443" + FILE, "Word"),
    ("https://word.cloud.microsoft." + FILE, "Word"),
    ("https://word.cloud.microsoft.:443" + FILE, "Word"),
    ("https://WORD.Cloud.Microsoft" + FILE, "Word"),
    ("https://Contoso.SharePoint.com" + FILE, "Word"),
    ("https://word.cloud.microsoft?file=a.docx", "Word"),
    (WORD + "x?a=b&file=A%20plan%20%C3%BC.DocX&c=@d", "Word"),
    (WORD + "x?file=a%2Edo%63%78", "Word"),
    (WORD + "x?file=a%2ed%6Fc", "Word"),
    (WORD + "x?file=a.xlsx#?file=a.docx", "Excel"),
    (WORD + "x?file=a.xlsx&file=a.docx", "Excel"),
    (WORD + "x?file=.csv", "Excel"),
    (WORD + "x?file=a.docx&y='%60id%60;$(id)", "Word"),
    (WORD + "x/../y@z?file=a.docx", "Word"),
)
# What goes to xdg-open.
NOT_OPENED = (
    "http://word.cloud.microsoft" + FILE,
    # userinfo
    "https://user@word.cloud.microsoft" + FILE,
    "https://word.cloud.microsoft@evil.example" + FILE,
    "https://word.cloud.microsoft:443@evil.example" + FILE,
    "https://evil.example\\@word.cloud.microsoft" + FILE,
    "https://@word.cloud.microsoft" + FILE,
    *(f"https://{user}@contoso.sharepoint.com{FILE}" for user in ("user", "user:secret", "", "evil", "user%40")),
    # ports
    *(f"https://word.cloud.microsoft:{port}{FILE}" for port in ("", "80", "8443", "4430", "0443", "443:443", "+443", "443\\")),
    "https://contoso.sharepoint.com:8443" + FILE,
    "https://contoso:443.sharepoint.com" + FILE,
    # hosts
    *("https://" + host + FILE for host in (
        "evil.example", "word.cloud.microsoft.evil.example", "evil.word.cloud.microsoft", "evilword.cloud.microsoft", "xword.cloud.microsoft", "word-cloud.microsoft",
        "word.cloud.microsoft..", "word..cloud.microsoft", ".word.cloud.microsoft", "word.cloud.microsof", "cloud.microsoft", "office.com", "", "localhost", "127.0.0.1", "[::1]",
        "sharepoint.com", ".sharepoint.com", "sharepoint.com.evil.example", "contoso.sharepoint.com.evil.example", "evilsharepoint.com", "a.b.sharepoint.com", "a..sharepoint.com",
        "a.sharepoint.com..", "-a.sharepoint.com", "a-.sharepoint.com", "a_b.sharepoint.com", "a.b.officeapps.live.com", "officeapps.live.com", "a.b.sharepoint.de", "a.sharepoint.eu",
        "evil.example%2f.sharepoint.com", "evil%00.sharepoint.com", "evil*.sharepoint.com", "*.sharepoint.com", "[a].sharepoint.com",
        "word%2ecloud.microsoft", "word.cloud.microsoft%00", "word.cloud.microsoft%00.evil.example", "wоrd.cloud.microsoft", "word。cloud.microsoft", "ｗord.cloud.microsoft",
        "ü.sharepoint.com", "word.cloud.microsoft\n", "word.cloud.microsoft\n.evil.example", "\nword.cloud.microsoft", "word.cloud\t.microsoft", "evil.example\t.sharepoint.com",
        "word.cloud.microsoft ", " word.cloud.microsoft", "evil\\.sharepoint.com", "evil.example\\.sharepoint.com", "word.cloud.microsoft\\", "word.cloud.microsoft\\.evil.example",
        "word.cloud.microsoft;", "word.cloud.microsoft&", "$(id).sharepoint.com", "`id`.sharepoint.com", "a'b.sharepoint.com")),
    "https:///word.cloud.microsoft" + FILE,
    "https://\\word.cloud.microsoft" + FILE,
    "https://evil.example/https://word.cloud.microsoft" + FILE,
    "https://evil.example?https://word.cloud.microsoft" + FILE,
    "https://evil.example#https://word.cloud.microsoft" + FILE,
    # what is no part of a URL
    WORD + "\nx?file=a.docx", WORD + "x\t?file=a.docx", WORD + "x y?file=a.docx", WORD + "x\x7f?file=a.docx", WORD + "ü?file=a.docx", WORD + "x?file=a.docx\n",
    # the parameter "file"
    WORD, WORD + "x", WORD + "x?", WORD + "a.docx", WORD + "x?a.docx", WORD + "x?files=a.docx", WORD + "x?xfile=a.docx", WORD + "x?File=a.docx", WORD + "x?f%69le=a.docx",
    WORD + "file=a.docx", WORD + "&file=a.docx", WORD + "x#?file=a.docx", WORD + "x#&file=a.docx",
    *(f"{WORD}x?file={file}" for file in (
        "", "docx", "adocx", "a.exe", "a.docx.exe", "a.docxx", "a.xdocx", "a.docx%20", "a.docx%00", "a.exe%00.docx", "a.docx%0a", "a.docx%", "a.docx%2", "a%252Edocx", "a.do%2563x",
        "a.docx/", "a.docx%2f", "a.d%0aocx", "a.d%8fcx", "a.exe&x=a.docx", "a.exe&file=a.docx", "a.exe;b.docx;", "a.pdf")),
)  # fmt: skip


class TestUrlHandler:
    @pytest.fixture
    def opened(self, desktop):
        desktop.stand_in("o365-multi", "xdg-open")
        return lambda *words: desktop.run("o365-url-handler", *words)

    @pytest.mark.parametrize(("urls", "expected"), [(OPENED, True), (NOT_OPENED, False)], ids=["application", "xdg-open"])
    def test_where_a_link_goes(self, opened, urls, expected):
        wrong = []
        for url in urls:
            url, application = url if expected else (url, None)
            right = [
                "o365-multi", f"--url={url}", f"--profile={application}", f"--appIcon={ICONS}/o365-{application.lower()}.png", f"--appTitle={application}",
                "--closeAppOnCross=true", "--trayIconEnabled=false"] if application else ["xdg-open", url]  # fmt: skip
            if (calls := opened(url)) != [right]:
                wrong.append((url, calls))
        assert wrong == []

    def test_the_first_link_counts(self, opened):
        assert opened("--profile=x", "file:///etc/passwd", "https://a.example/", WORD + "x?file=a.docx") == [["xdg-open", "https://a.example/"]]

    @pytest.mark.parametrize("words", [(), ("",), ("-x",), ("--url=https://a.example/",), ("file:///x", "javascript:1", "HTTPS://a.example/", " https://a.example/", "word.cloud.microsoft")])
    def test_without_a_link_nothing_happens(self, opened, words):
        assert opened(*words) == []

    def test_without_xdg_open(self, desktop):
        desktop.run("o365-url-handler", "https://a.example/", status=1)
        assert desktop.said == "o365-url-handler: xdg-open is missing\n"


class TestBrowser:
    ORDER = ("microsoft-edge-stable", "microsoft-edge", "google-chrome-stable", "google-chrome", "chromium", "chromium-browser")
    KINDS = ("edge", "edge", "chrome", "chrome", "chromium", "chromium")

    def test_the_first_that_is_there(self, desktop):
        desktop.stand_in(*self.ORDER, "firefox", "firefox-esr", "xdg-open")
        for program, kind in zip(self.ORDER, self.KINDS, strict=True):
            data = desktop.home / f".config/o365-profiles/Word.{kind}"
            assert desktop.run("o365", "--profile=Word", f"--url={WORD}", "--appTitle=Word") == [
                [program, f"--user-data-dir={data}", "--class=o365-Word", "--no-first-run", "--no-default-browser-check", f"--app={WORD}"]]
            assert data.stat().st_mode & 0o777 == 0o700
            assert desktop.run("o365", f"--url={WORD}") == [[program, f"--app={WORD}"]]
            (desktop.bin / program).unlink()
        for program in ("firefox", "firefox-esr"):
            assert desktop.run("o365", "--profile=Word", f"--url={WORD}") == [[program, "--new-window", WORD]]
            (desktop.bin / program).unlink()
        assert desktop.run("o365", "--profile=Word", f"--url={WORD}") == [["xdg-open", WORD]]
        (desktop.bin / "xdg-open").unlink()
        desktop.run("o365", status=1)
        assert "there is no browser" in desktop.said

    def test_without_a_page_it_is_teams(self, desktop):
        desktop.stand_in("chromium")
        assert desktop.run("o365") == [["chromium", "--app=https://teams.microsoft.com/"]]
        assert desktop.said == "", "no application shell is nothing to complain about"

    @pytest.mark.parametrize("url", ["", "http://a.example/", "javascript:alert(1)", "file:///etc/passwd", "-x", "--no-sandbox", "HTTPS://a.example/"])
    def test_what_is_no_page(self, desktop, url):
        desktop.stand_in("chromium")
        assert desktop.run("o365", f"--url={url}", status=2) == []

    @pytest.mark.parametrize("profile", ["", "-x", "--x", ".", "..", "../x", "a/b", "a b", "a\n", "a\nb", "ä", "a.b", "a$x", "a*", "~", "x" * 65])
    def test_what_is_no_profile(self, desktop, profile):
        desktop.stand_in("chromium")
        desktop.running()
        assert desktop.run("o365", f"--profile={profile}", status=2) == []
        assert desktop.run("o365-multi", f"--profile={profile}", status=2) == []
        assert desktop.files(desktop.home) == []

    @pytest.mark.parametrize(("profile", "window"), [("Word", "Word"), ("Word-1", "Word"), ("Word-12", "Word"), ("My-2nd", "My-2nd"), ("7", "7"), ("a-b-3", "a-b"), ("Word-", "Word-"), ("a_B", "a_B")])
    def test_the_class_has_no_number(self, desktop, profile, window):
        desktop.stand_in("chromium")
        call = desktop.run("o365", f"--profile={profile}")[0]
        assert call[1:3] == [f"--user-data-dir={desktop.home}/.config/o365-profiles/{profile}.chromium", f"--class=o365-{window}"]

    def test_words_that_are_not_complete(self, desktop):
        desktop.stand_in("chromium")
        for words in (("--profile", "x"), ("--url", WORD), ("--profile=x", "--install"), ("--install", "a", "b")):
            assert desktop.run("o365", *words, status=2) == []
        desktop.run("o365", "--help")
        assert desktop.said.startswith("Usage: o365")


class TestInstall:
    URL = f"https://github.com/IsmaelMartinez/teams-for-linux/releases/download/v{VERSION}/{NAME}"

    def nothing_is_there(self, desktop):
        return desktop.files(desktop.root / "opt") in ([], ["teams-for-linux"]) and desktop.files(desktop.mine) == []

    def test_download(self, desktop):
        desktop.curl_brings(desktop.shell)
        desktop.pin()
        (call,) = desktop.run("o365", "--install")
        assert call[-1] == self.URL and call[call.index("--proto"):][:4] == ["--proto", "=https", "--proto-redir", "=https"]
        assert desktop.files(desktop.opt) == ["Teams-for-Linux.AppImage", NAME]
        assert os.readlink(desktop.opt / "Teams-for-Linux.AppImage") == NAME
        assert (desktop.opt / NAME).read_bytes() == desktop.shell and (desktop.opt / NAME).stat().st_mode & 0o777 == 0o755
        assert desktop.run("o365", "--install") == [] and "installed already" in desktop.said

    def test_where_opt_cannot_be_written(self, desktop):
        desktop.opt.write_text("a file stands for what a user may not do")
        desktop.pin()
        desktop.curl_brings(desktop.shell)
        desktop.run("o365", "--install")
        assert desktop.files(desktop.mine) == ["Teams-for-Linux.AppImage", NAME]
        elsewhere = desktop.root / "data"
        desktop.run("o365", "--install", XDG_DATA_HOME=str(elsewhere))
        assert desktop.files(elsewhere / "teams-for-linux") == ["Teams-for-Linux.AppImage", NAME]
        desktop.run("o365", "--install", TEAMSL_APP_DIR=str(desktop.root / "own"))
        assert desktop.files(desktop.root / "own") == ["Teams-for-Linux.AppImage", NAME]
        assert desktop.run("o365", TEAMSL_APP_DIR=str(desktop.root / "own")) == [["shell"]]
        desktop.run("o365", "--install", TEAMSL_APP_DIR="own", status=1)

    def test_as_the_package_comes_nothing_is_downloaded(self, desktop):
        desktop.curl_brings(desktop.shell)
        desktop.stand_in("chromium")
        assert desktop.run("o365", "--install", status=1) == []
        assert "has no checksum" in desktop.said and self.nothing_is_there(desktop)
        desktop.put()
        assert desktop.run("o365", f"--url={WORD}") == [["chromium", f"--app={WORD}"]]

    def test_no_start_downloads(self, desktop):
        desktop.curl_brings(desktop.shell)
        desktop.pin()
        desktop.stand_in("chromium")
        desktop.running()
        assert desktop.run("o365-multi", "--profile=Word", f"--url={WORD}")[0][0] == "chromium"
        assert self.nothing_is_there(desktop)

    @pytest.mark.parametrize("sha512", ["0" * 127, "0" * 129, "g" * 128, "A" * 128, "0" * 64, "z3JN==", "-", "*", "skip", "0" * 127 + "*"])
    def test_a_checksum_that_is_none(self, desktop, sha512):
        desktop.curl_brings(desktop.shell)
        desktop.stand_in("chromium")
        desktop.put()
        desktop.pin(sha512=sha512)
        assert desktop.run("o365", "--install", status=1) == []
        assert "sha512 is not 128 digits" in desktop.said
        assert desktop.run("o365")[0][0] == "chromium"

    @pytest.mark.parametrize("version", ["2.6", "2.6.19.1", "x", "../2.6.19", "2.6.19/..", "2..19", ".6.19", "2.6.", "2.6.1 9", "2.6/7.19", "latest"])
    def test_a_version_that_is_none(self, desktop, version):
        desktop.curl_brings(desktop.shell)
        desktop.pin(version=version)
        assert desktop.run("o365", "--install", status=1) == []
        assert "version is not three numbers" in desktop.said

    @pytest.mark.parametrize("content", [b"", b"damaged", APPLICATION_SHELL + b"\n"])
    def test_another_file_leaves_nothing_that_can_run(self, desktop, content):
        desktop.curl_brings(content)
        desktop.pin()
        desktop.run("o365", "--install", status=1)
        assert "another checksum" in desktop.said and self.nothing_is_there(desktop)
        given = desktop.put(desktop.root / "given", content)
        desktop.run("o365", "--install", given, status=1)
        assert "another checksum" in desktop.said and self.nothing_is_there(desktop)

    def test_a_file_cannot_run_before_it_was_compared(self, desktop):
        desktop.curl_brings(desktop.shell)
        desktop.pin()
        (desktop.bin / "sha512sum").unlink()
        desktop.program("sha512sum", f'#!/bin/sh\nstat -c "%a %n" {desktop.opt}/.install.* {desktop.opt}/.install.*/* >>{desktop.root}/modes\nexec {shutil.which("sha512sum")}\n')
        desktop.run("o365", "--install")
        modes = dict(reversed(line.split()) for line in (desktop.root / "modes").read_text().splitlines())
        assert sorted((path.rpartition("/")[2].partition(".")[0], mode) for path, mode in modes.items()) == [("", "700"), ("new", "644")]

    def test_a_bad_file_does_not_take_the_place_of_a_good_one(self, desktop):
        good = desktop.put(name="teams-for-linux-2.6.18.AppImage")
        desktop.pin(version="2.6.18")
        desktop.run("o365", "--install")
        desktop.put(name=NAME)
        (desktop.opt / "Teams-for-Linux.AppImage").symlink_to(good.name)
        desktop.pin(content=b"what was announced")
        desktop.curl_brings(b"what came")
        desktop.run("o365", "--install", status=1)
        assert good.read_bytes() == desktop.shell and (desktop.opt / NAME).read_bytes() == desktop.shell
        assert os.readlink(desktop.opt / "Teams-for-Linux.AppImage") == good.name
        assert desktop.files(desktop.opt) == ["Teams-for-Linux.AppImage", good.name, NAME]

    def test_a_new_version_takes_the_place_of_the_old_one(self, desktop):
        old, other = desktop.put(name="teams-for-linux-2.6.18.AppImage"), desktop.put(name="teams-for-linux-1.0.0.AppImage")
        (desktop.opt / "Teams-for-Linux.AppImage").symlink_to(old.name)
        desktop.pin()
        desktop.curl_brings(desktop.shell)
        desktop.run("o365", "--install")
        assert desktop.files(desktop.opt) == ["Teams-for-Linux.AppImage", other.name, NAME]

    def test_a_damaged_file_is_replaced(self, desktop):
        desktop.put(content=b"damaged")
        (desktop.opt / "Teams-for-Linux.AppImage").symlink_to(NAME)
        desktop.pin()
        desktop.curl_brings(desktop.shell)
        desktop.run("o365", "--install")
        assert (desktop.opt / NAME).read_bytes() == desktop.shell

    def test_a_link_to_somewhere_else_deletes_nothing_there(self, desktop):
        victim = desktop.put(desktop.root / "teams-for-linux-x", name="x.AppImage")
        (desktop.opt / "teams-for-linux-").mkdir(parents=True)
        (desktop.opt / "Teams-for-Linux.AppImage").symlink_to(f"teams-for-linux-/../../../{victim.parent.name}/{victim.name}")
        desktop.pin()
        desktop.curl_brings(desktop.shell)
        desktop.run("o365", "--install")
        assert victim.exists()

    def test_a_download_that_fails(self, desktop):
        desktop.stand_in("curl", then="exit 22")
        desktop.pin()
        desktop.run("o365", "--install", status=1)
        assert "the download failed" in desktop.said and self.nothing_is_there(desktop)
        (desktop.bin / "curl").unlink()
        desktop.run("o365", "--install", status=1)
        assert "curl is missing" in desktop.said and self.nothing_is_there(desktop)

    def test_other_processors(self, desktop):
        desktop.curl_brings(desktop.shell)
        desktop.pin()
        desktop.program("uname", "#!/bin/sh\necho aarch64\n")
        assert desktop.run("o365", "--install", status=1) == []
        assert "x86_64 only" in desktop.said


class TestShell:
    @pytest.fixture
    def installed(self, desktop):
        desktop.put()
        desktop.pin()
        desktop.stand_in("chromium")
        return desktop

    def test_start(self, installed):
        rest = [f"--url={WORD}", "--appIcon=/x y.png", "--appTitle=A 'title'", "--closeAppOnCross=true"]
        assert installed.run("o365", *rest[:2], "--profile=Word-2", *rest[2:]) == [
            ["shell", f"--user-data-dir={installed.home}/.config/o365-profiles/Word-2", "--class=o365-Word", *rest]]
        assert (installed.home / ".config/o365-profiles/Word-2").stat().st_mode & 0o777 == 0o700
        assert installed.run("o365") == [["shell"]]
        installed.broker.touch()
        assert installed.run("o365", "--x") == [["shell", "--ssoInTuneEnabled=true", "--x"]]

    def test_what_changed_since_then_is_not_started(self, installed):
        installed.put(content=installed.shell + b"# changed\n")
        assert installed.run("o365")[0][0] == "chromium"
        assert "another checksum" in installed.said

    def test_another_version_than_the_configured_one_is_not_started(self, installed):
        installed.pin(version="2.6.20")
        assert installed.run("o365")[0][0] == "chromium"

    @pytest.mark.skipif(os.geteuid() != 0, reason="changes owners")
    @pytest.mark.parametrize("part", ["file", "directory"])
    def test_what_others_can_change_is_not_started(self, installed, part):
        path = {"file": installed.opt / NAME, "directory": installed.opt}[part]
        for mode in (0o775, 0o757):
            path.chmod(mode)
            assert installed.run("o365")[0][0] == "chromium", oct(mode)
            assert "others can change" in installed.said
        path.chmod(0o755)
        assert installed.run("o365") == [["shell"]]
        os.chown(path, 12345, 0)
        assert installed.run("o365")[0][0] == "chromium"
        # Unless it is this user.
        (installed.bin / "id").unlink()
        installed.program("id", "#!/bin/sh\necho 12345\n")
        assert installed.run("o365") == [["shell"]]
        path.chmod(0o775)
        assert installed.run("o365")[0][0] == "chromium"
        path.chmod(0o757)
        assert installed.run("o365")[0][0] == "chromium"
        path.chmod(0o755)
        os.chown(path, 0, 0)
        assert installed.run("o365") == [["shell"]], "what root installed"

    def test_a_link_is_not_started(self, installed):
        (installed.opt / NAME).rename(installed.root / "elsewhere")
        (installed.opt / NAME).symlink_to(installed.root / "elsewhere")
        assert installed.run("o365")[0][0] == "chromium"

    @pytest.mark.skipif(os.geteuid() != 0, reason="changes owners")
    def test_nothing_is_installed_where_others_can_change_it(self, installed):
        shutil.rmtree(installed.opt)
        installed.opt.mkdir()
        installed.opt.chmod(0o777)
        installed.curl_brings(installed.shell)
        installed.run("o365", "--install")
        assert installed.files(installed.opt) == [] and (installed.mine / NAME).exists()

    def test_the_first_good_one_is_started(self, installed):
        installed.put(content=b"old")
        installed.put(installed.mine)
        assert installed.run("o365") == [["shell"]]


class TestMulti:
    @pytest.fixture
    def started(self, desktop):
        desktop.stand_in("chromium")

        def run(*lines, words=("--profile=Word",), **environment):
            desktop.running(*lines)
            (call,) = desktop.run("o365-multi", *words, **environment)
            return re.search(r"o365-profiles/(.*)\.chromium$", call[1])[1]

        return run

    def test_the_first_free_number(self, started, desktop):
        def window(number, home=desktop.home):
            return f"/usr/lib/chromium/chromium --user-data-dir={home}/.config/o365-profiles/Word-{number}.chromium --app=https://x/"

        assert started() == "Word-1"
        assert started(window(1)) == "Word-2"
        assert started(window(2), window(1)) == "Word-3"
        assert started(window(2), "vim x") == "Word-1"
        assert started(window(11), window("1x"), window("1-2"), window("1_")) == "Word-1"
        assert started(window(1).replace("Word", "Excel"), window(1).replace("Word", "MyWord")) == "Word-1"
        # As the shell and a window that only begins to start show themselves.
        assert started(f"/opt/x.AppImage --user-data-dir={desktop.home}/.config/o365-profiles/Word-1 --class=o365-Word", "/bin/sh /usr/bin/o365 --profile=Word-2") == "Word-3"
        assert started(*map(window, range(1, 8))) == "Word-8"

    def test_all_are_open(self, desktop):
        lines = [f"x --profile=Word-{number}" for number in range(1, 9)]
        desktop.stand_in("chromium")
        desktop.running(*lines)
        assert desktop.run("o365-multi", "--profile=Word", status=1) == []
        assert desktop.said == "o365-multi: all 8 windows of Word are open\n"
        assert len(desktop.run("o365-multi", "--profile=Word", O365_SUBPROFILES_MAX="9")) == 1
        desktop.running(*lines[:2])
        assert desktop.run("o365-multi", "--profile=Word", O365_SUBPROFILES_MAX="2", status=1) == []

    @pytest.mark.parametrize("most", ["0", "-1", "x", "100", "08", "1;id", "2 "])
    def test_what_is_no_number_of_windows(self, desktop, most):
        desktop.running()
        desktop.run("o365-multi", "--profile=Word", O365_SUBPROFILES_MAX=most, status=2)

    def test_a_profile_with_a_number_is_used_as_it_is(self, started):
        assert started("x --profile=Word-3", words=("--profile=Word-3",)) == "Word-3"
        assert started(words=("--profile=Word-x",)) == "Word-x-1"

    def test_without_a_profile(self, desktop):
        desktop.stand_in("chromium")
        for words in ((), ("--profile=",)):
            assert desktop.run("o365-multi", f"--url={WORD}", *words, status=2) == []
            assert desktop.said.startswith("Usage: o365-multi --profile=NAME")

    def test_other_words_stay(self, desktop):
        desktop.stand_in("o365")
        desktop.running()
        assert desktop.run("o365-multi", "--a=b c", "--profile=Word", "*", "") == [["o365", "--profile=Word-1", "--a=b c", "*", ""]]

    def test_only_processes_of_the_user_count(self, desktop):
        desktop.stand_in("o365", "ps")
        assert desktop.run("o365-multi", "--profile=Word")[0] == ["ps", "-ww", "-o", "args=", "-u", str(os.getuid())]


ENTRIES = {
    "Outlook": "https://outlook.office.com/mail/",
    "Teams": "https://teams.microsoft.com/",
    "Word": "https://word.cloud.microsoft/",
    "Excel": "https://excel.cloud.microsoft/",
    "PowerPoint": "https://powerpoint.cloud.microsoft/",
    "OneNote": "https://m365.cloud.microsoft/launch/OneNote/",
    "OneDrive": "https://www.office.com/onedrive",
    "SharePoint": "https://www.office.com/launch/sharepoint",
}


def test_menu_entries():
    """Eight, with these addresses; three hand links to our handler; none of them takes links or files of the desktop."""
    files = sorted(SOURCES.glob("*.desktop"))
    assert [path.name for path in files] == sorted(f"o365-{name.lower()}.desktop" for name in ENTRIES)
    listed = (ROOT / "distro/files").read_text()
    for name, url in ENTRIES.items():
        path = SOURCES / f"o365-{name.lower()}.desktop"
        entry = dict(line.split("=", 1) for line in path.read_text().splitlines()[1:])
        program, *words = entry["Exec"].split()
        assert program in ("o365", "o365-multi") and f"--url={url}" in words and f"--profile={name}" in words
        assert (entry["Name"], entry["Icon"], entry["StartupWMClass"]) == (name, f"o365-{name.lower()}", f"o365-{name}")
        assert ("--defaultURLHandler=/usr/bin/o365-url-handler" in words) == (name in ("Outlook", "Teams", "OneDrive"))
        icon = next(word for word in words if word.startswith("--appIcon=")).partition("=")[2]
        assert re.search(rf"{re.escape(icon)} +=distro/o365/icon,{name.lower()}\n", listed)
        assert "MimeType" not in entry
    if shutil.which("desktop-file-validate"):
        done = subprocess.run(["desktop-file-validate", *files], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "")


def test_icons():
    """Pictures of 256 x 256 with content, all different, and the same bytes each time."""
    seen = set()
    for name in ENTRIES:
        drawn = subprocess.run([SOURCES / "icon", name.lower()], capture_output=True, check=True).stdout
        assert drawn[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">IIBB", drawn[16:26]) == (256, 256, 8, 6)
        pixels = zlib.decompress(drawn[41:-16])
        assert len(pixels) == 256 * (256 * 4 + 1) and len(set(pixels)) > 20 and len(drawn) < 8000
        seen.add(drawn)
    assert len(seen) == len(ENTRIES)
    assert subprocess.run([SOURCES / "icon", "word"], capture_output=True, check=True).stdout in seen


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="needs shellcheck")
def test_shellcheck():
    done = subprocess.run(["shellcheck", *(SOURCES / name for name in ("o365", "o365-multi", "o365-url-handler"))], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
