"""aad-tool on a pseudo terminal and in pipes, against a daemon that follows a script."""

import contextlib
import os
import pty
import select
import shutil
import signal
import subprocess
import tempfile
import termios
import time
import unittest

from wire import (
    ANSWER, ASK, COMMAND, END, ERR, GIVE_UP, INPUT, INPUT_END, OUT, RAW, START,
    Daemon, end, frame, hidden, say, u32,
)  # fmt: skip

TOOL = os.environ["AAD_TOOL"]
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")


class Terminal:
    """aad-tool with a pseudo terminal for all three."""

    def __init__(self, environment, *words):
        self.master, self.slave = pty.openpty()
        self.before = self.flags()
        self.process = subprocess.Popen(
            [TOOL, *words],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            env=environment,
            preexec_fn=self.own_terminal,
        )
        self.output = b""

    def own_terminal(self):
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)  # as a shell does; the tests may run under nohup
        os.setsid()
        import fcntl

        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def flags(self):
        return termios.tcgetattr(self.slave)[:4]

    def until(self, text, timeout=10):
        deadline = time.monotonic() + timeout
        while text not in self.output:
            ready, _, _ = select.select([self.master], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise AssertionError(f"{text!r} did not come: {self.output!r}")
            self.output += os.read(self.master, 4096)
        return self.output

    def type(self, data):
        os.write(self.master, data)

    def wait(self):
        return self.process.wait(10)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)


class ToolCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="aad-tool-test-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.environment = {
            **{name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ},
            "LANG": "C.UTF-8",
            "HIMMELBLAU_SOCKET_PATH": os.path.join(self.folder, "socket"),
        }

    @contextlib.contextmanager
    def daemon(self, script, name="admin"):
        daemon = Daemon(os.path.join(self.folder, name), script)
        try:
            yield daemon
        finally:
            daemon.stop()
        self.assertEqual([], daemon.errors)

    def run_tool(self, *words, typed=b""):
        done = subprocess.run(
            [TOOL, *words], input=typed, env=self.environment, capture_output=True, timeout=20, check=False
        )
        return done.stdout.decode(), done.stderr.decode(), done.returncode

    @contextlib.contextmanager
    def terminal(self, *words):
        terminal = Terminal(self.environment, *words)
        try:
            yield terminal
        finally:
            terminal.close()


def says(*frames):
    def script(daemon, peer):
        daemon.seen.append(peer.receive())
        for data in frames:
            peer.send(data)

    return script


class Commands(ToolCase):
    def test_arguments_travel(self):
        with self.daemon(says(frame(OUT, "success\n"), end(0))) as daemon:
            self.assertEqual(("success\n", "", 0), self.run_tool("cache-clear", "--full", "-d"))
            self.run_tool("unheard-of", "-d", "--", "--help")
        self.assertEqual((COMMAND, [u32(0), u32(0), u32(0), b"C.UTF-8", b"cache-clear", b"--full"]), daemon.seen[0])
        self.assertEqual([b"unheard-of", b"-d", b"--", b"--help"], daemon.seen[1][1][4:])

    @unittest.skipUnless(os.getuid() == 0, "needs root")
    def test_with_rights_of_another_the_environment_does_not_choose_the_socket(self):
        program = os.path.join(self.folder, "aad-tool")
        shutil.copy(TOOL, program)
        if os.statvfs(program).f_flag & os.ST_NOSUID:
            self.skipTest("no program takes its owner's rights here")
        with self.daemon(says(frame(OUT, "here\n"), end(0))) as daemon:
            self.assertEqual(b"here\n", self.output_of(program))
            os.chown(program, 65534, 65534)
            os.chmod(program, 0o4755)
            os.chmod(self.folder, 0o755)
            os.chmod(os.path.join(self.folder, "admin"), 0o666)
            self.assertNotEqual(b"here\n", self.output_of(program))
        self.assertEqual(1, len(daemon.seen))

    def output_of(self, program):
        return subprocess.run(
            [program, "tpm"], env=self.environment, capture_output=True, timeout=20, check=False
        ).stdout

    def test_output_error_and_code(self):
        with self.daemon(says(frame(OUT, b"\xff\n"), frame(ERR, "went wrong\n"), frame(OUT, ""), end(1))):
            done = subprocess.run([TOOL, "tpm"], env=self.environment, capture_output=True, timeout=20, check=False)
        self.assertEqual((b"\xff\n", b"went wrong\n", 1), (done.stdout, done.stderr, done.returncode))
        for code, expected in ((2, 2), (255, 255), (256, 1), (2**32 - 1, 1)):
            with self.daemon(says(end(code))):
                self.assertEqual(("", "", expected), self.run_tool("tpm"))

    def test_a_daemon_that_says_nothing_is_not_waited_for(self):
        def silent(daemon, peer):
            daemon.seen.append(peer.receive())
            peer.receive()

        begin = time.monotonic()
        with self.daemon(silent) as daemon:
            out, err, code = self.run_tool("status")
            self.assertTrue(daemon.closed.wait(5))
        self.assertEqual(("", 1), (out, code))
        self.assertIn("does not answer", err)
        self.assertLess(time.monotonic() - begin, 15)

    def test_certificate_goes_to_its_file(self):
        with tempfile.TemporaryDirectory() as place:
            file = os.path.join(place, "client.pem")
            with self.daemon(says(frame(OUT, "PEM\n"), end(0))) as daemon:
                for words in (("--cert-out", file), (f"--cert-out={file}",)):
                    self.assertEqual(("", "", 0), self.run_tool("cred", "cert", "--domain", "d", *words))
                    with open(file, encoding="ascii") as made:
                        self.assertEqual("PEM\n", made.read())
                    self.assertEqual(0o644, os.stat(file).st_mode & 0o777)
                    self.assertEqual(["client.pem"], os.listdir(place))
                self.assertEqual(("PEM\n", "", 0), self.run_tool("cred", "cert", "--cert-out", "-"))
            self.assertEqual([b"--cert-out", b"-"], daemon.seen[0][1][-2:])
            self.assertEqual([b"--cert-out=-"], daemon.seen[1][1][-1:])
            with self.daemon(says(frame(OUT, "half"), frame(ERR, "no\n"), end(1))):
                self.assertEqual(("", "no\n", 1), self.run_tool("cred", "cert", "--cert-out", file))
            with open(file, encoding="ascii") as made:
                self.assertEqual("PEM\n", made.read())
            self.assertEqual(["client.pem"], os.listdir(place))
            self.assertEqual(1, self.run_tool("cred", "cert", "--cert-out", os.path.join(place, "no", "x"))[2])

    def test_a_file_to_check_is_sent_and_the_daemon_opens_nothing(self):
        def script(daemon, peer):
            words = peer.receive()[1][4:]
            peer.send(frame(RAW, u32(1)))
            text = b""
            while (received := peer.receive())[0] == INPUT:
                text += received[1][0]
            daemon.seen.append((words, text))
            peer.send(frame(OUT, "no errors\n") + end(0))

        file = os.path.join(self.folder, "new.conf")
        content = b"[global]\n" + b"# line\n" * 5000
        with open(file, "wb") as made:
            made.write(content)
        os.symlink(file, os.path.join(self.folder, "link.conf"))
        with self.daemon(script) as daemon:
            self.assertEqual(("no errors\n", "", 0), self.run_tool("config", "check", file, typed=b"not this"))
            self.assertEqual(("no errors\n", "", 0), self.run_tool("config", "check", os.path.join(self.folder, "link.conf")))
            self.assertEqual(("no errors\n", "", 0), self.run_tool("config", "check", "-", typed=b"[global]\n"))
        self.assertEqual(([b"config", b"check", os.fsencode(file)], content), daemon.seen[0])
        self.assertEqual(content, daemon.seen[1][1])
        self.assertEqual(([b"config", b"check", b"-"], b"[global]\n"), daemon.seen[2])

    def test_what_is_no_file_is_refused_at_once(self):
        pipe, large = os.path.join(self.folder, "pipe"), os.path.join(self.folder, "large")
        os.mkfifo(pipe)
        with open(large, "wb") as made:
            made.truncate((1 << 20) + 1)
        with self.daemon(says(end(0))) as daemon:
            for path, why in (
                (pipe, "is not a regular file"),
                (self.folder, "is not a regular file"),
                ("/dev/zero", "is not a regular file"),
                (large, "is larger than 1 MiB; is this a configuration file?"),
                (os.path.join(self.folder, "none"), "No such file or directory"),
            ):
                begin = time.monotonic()
                self.assertEqual(("", f"aad-tool: {path} {why}\n", 1), self.run_tool("config", "check", path))
                self.assertLess(time.monotonic() - begin, 5)
        self.assertEqual([], daemon.seen, "nothing was sent")

    def test_much_output(self):
        chunk = b"x" * 65000
        with self.daemon(says(*[frame(OUT, chunk)] * 40, end(0))):
            self.assertEqual(40 * 65000, len(self.run_tool("enumerate")[0]))

    def test_closed_standard_output(self):
        with self.daemon(says(frame(OUT, b"x" * 65000), frame(OUT, b"x" * 65000), frame(OUT, b"x" * 65000), end(0))):
            process = subprocess.Popen([TOOL, "tpm"], env=self.environment, stdout=subprocess.PIPE)
            process.stdout.close()
            self.assertEqual(1, process.wait(10))

    def test_answers_from_a_pipe(self):
        def script(daemon, peer):
            peer.receive()
            daemon.seen.append(peer.ask(frame(ASK, "Proceed? [Y/N]: ")))
            daemon.seen.append(peer.ask(hidden("PIN: ")))
            daemon.seen.append(peer.ask(frame(ASK, "more: ")))
            daemon.seen.append(peer.ask(frame(ASK, "and more: ")))
            peer.send(end(0))

        with self.daemon(script) as daemon:
            out, err, code = self.run_tool("cache-clear", "--full", typed=b"y\n187265\n" + b"x" * 4097 + b"\n")
        self.assertEqual(("Proceed? [Y/N]: PIN: more: and more: ", "", 0), (out, err, code))
        self.assertEqual([(ANSWER, [b"y"]), (ANSWER, [b"187265"]), (GIVE_UP, []), (GIVE_UP, [])], daemon.seen)

    def test_status(self):
        with self.daemon(says(end(0))):
            self.assertEqual(("working!\n", "", 0), self.run_tool("status"))
        with self.daemon(says(frame(OUT, "working!\n"), end(0))):
            self.assertEqual(("working!\n", "", 0), self.run_tool("status"))
        with self.daemon(says(frame(ERR, "example.org: unreachable\n"), end(1))):
            self.assertEqual(("", "example.org: unreachable\n", 1), self.run_tool("status"))

    def test_daemon_down(self):
        path = os.path.join(self.folder, "admin")
        expected = f"himmelblaud socket {path} does not exist - is the service running?\n"
        for words in (["status"], ["cache-clear"], ["shell"], ["unheard-of"]):
            self.assertEqual(("", expected, 1), self.run_tool(*words))
        path = os.path.join(self.folder, "socket")
        expected = f"himmelblaud socket {path} does not exist - is the service running?\n"
        self.assertEqual(("", expected, 1), self.run_tool("auth-test", "--name", "user02"))

    def test_broken_daemon(self):
        for data, why in (
            (b"", "closed the connection before the command ended"),
            (frame(OUT, "text")[:-1], "closed the connection before the command ended"),
            (u32(70000), "sent invalid data"),
            (frame(0x7F), "sent an answer that this aad-tool does not understand; do both have the same version?"),
            (say("text"), "sent an answer that this aad-tool does not understand; do both have the same version?"),
            (frame(RAW, u32(3)), "sent an answer that this aad-tool does not understand; do both have the same version?"),
            (frame(END), "sent an answer that this aad-tool does not understand; do both have the same version?"),
        ):
            with self.subTest(data=data), self.daemon(says(data)):
                self.assertEqual(("", f"aad-tool: himmelblaud {why}\n", 1), self.run_tool("tpm"))

    def test_words_that_cannot_travel(self):
        self.assertEqual(2, self.run_tool("cache-clear", os.fsdecode(b"\xff"))[2])
        with self.daemon(says(end(0))) as daemon:
            self.assertEqual(2, self.run_tool(*["x"] * 600)[2])
            self.assertEqual(2, self.run_tool("x", "y" * 66000)[2])
        self.assertEqual([], daemon.seen)

    def test_raw_from_a_pipe(self):
        def script(daemon, peer):
            peer.receive()
            peer.send(frame(RAW, u32(1)))
            text = b""
            while (received := peer.receive())[0] == INPUT:
                text += received[1][0]
            daemon.seen += [text, received]
            peer.send(frame(OUT, "bye\n") + end(0))

        with self.daemon(script) as daemon:
            self.assertEqual(("bye\n", "", 0), self.run_tool("shell", typed=b"lb\nscr:list\n"))
        self.assertEqual([b"lb\nscr:list\n", (INPUT_END, [])], daemon.seen)


class Help(ToolCase):
    def test_local_words(self):
        self.assertRegex(self.run_tool("version")[0], r"^himmelblau \d+\.\d+\.\d+\n$")
        for words in (["help"], ["--help"], ["-h"], ["help", "cache-clear"], ["idmap", "user-add", "-h"], ["idmap", "--help"]):
            out, err, code = self.run_tool(*words)
            self.assertIn("Usage: aad-tool", out)
            self.assertEqual(("", 0), (err, code))
        self.assertEqual(2, self.run_tool()[2])
        self.assertEqual(2, self.run_tool("auth-test")[2])
        self.assertEqual(2, self.run_tool("auth-test", "--name")[2])
        self.assertEqual(2, self.run_tool("auth-test", "--name", "x", "--pin", "1")[2])

    def listed(self):
        """The commands as their source has them: words, who, summary."""
        done = subprocess.run([os.path.join(ROOT, "runtime/commands"), "list"], capture_output=True, text=True, check=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def test_every_command_of_the_source_is_in_the_help(self):
        lines = [line for line in self.run_tool("help")[0].splitlines() if line.startswith("  ")]
        self.assertEqual([f"  {words:<35} {summary}" for words, _, summary in self.listed()], lines)
        for words, who, summary in self.listed():
            text = self.run_tool("help", *words.split())[0]
            self.assertTrue(text.startswith(f"Usage: aad-tool {words}"), text)
            self.assertIn(f"\n{summary}. For {'root only' if who == 'root' else 'everybody'}.\n", text)
            if words != "help":
                self.assertEqual(text, self.run_tool(*words.split(), "--help")[0])

    def test_what_plugins_add_is_in_the_help(self):
        with self.daemon(says(frame(OUT, "  greet   Say hello\n"), end(0))) as daemon:
            out, err, code = self.run_tool("help")
        self.assertEqual(("", 0), (err, code))
        self.assertIn("\n  greet   Say hello\n\n", out)
        self.assertEqual([b"help", b"--besides", *(words.encode() for words, _, _ in self.listed())], daemon.seen[0][1][4:])

    def test_manual_and_completions_are_made_of_the_source(self):
        done = subprocess.run([os.path.join(ROOT, "runtime/commands"), "check"], capture_output=True, text=True, check=False)
        self.assertEqual(("", 0), (done.stdout, done.returncode))
        with open(os.path.join(ROOT, "distro/man/aad-tool.1"), encoding="utf-8") as file:
            manual = file.read().replace("\\-", "-")
        for words, _, _ in self.listed():
            self.assertRegex(manual, rf"(?m)^\.B {words}( |$)")

    def test_bash_completes_commands_and_options(self):
        def completed(*words):
            script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _aad_tool; printf "%s\\n" "${COMPREPLY[@]}"'
            file = os.path.join(ROOT, "distro/completions/bash/aad-tool")
            done = subprocess.run(["bash", "-c", script, "complete", file, "aad-tool", *words], capture_output=True, text=True, check=True)
            self.assertEqual("", done.stderr)
            return done.stdout.split()

        self.assertEqual(sorted({words.split()[0] for words, _, _ in self.listed()}), completed(""))
        self.assertEqual([words.split()[1] for words, _, _ in self.listed() if words.startswith("idmap ")], completed("idmap", ""))
        self.assertEqual(["--dry-run"], completed("hsm", "migrate", "--dr"))
        self.assertEqual(["--force-reauth"], completed("auth-test", "--f"))
        self.assertEqual(["cred"], completed("help", "cr"))
        self.assertEqual(["show", "check", "reload"], completed("config", ""))
        self.assertEqual(["debug"], completed("loglevel", "d"))
        self.assertEqual(["--debug"], completed("config", "--d"))
        self.assertIn("/etc/passwd", completed("config", "check", "/etc/pass"))

    def test_bash_asks_the_daemon_for_commands_that_bundles_add(self):
        """Whatever the daemon answers, nothing of it is expanded or run."""
        trap = os.path.join(self.folder, "trap")
        answer = f"acme\troot\tx\nacme two\troot\tx\ncred acme\troot\tx\ncred list\troot\tx\n$(touch {trap})\troot\tx\n`touch {trap}`\troot\tx\n-x\troot\tx\nacme;touch {trap}\n"
        with open(os.path.join(self.folder, "aad-tool"), "w", encoding="ascii") as fake:
            fake.write(f"#!/bin/sh\n[ \"$*\" = 'help --list' ] || exit 9\ncat <<'END'\n{answer}END\n")
        os.chmod(fake.name, 0o755)

        def completed(*words):
            script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _aad_tool; printf "%s\\n" "${COMPREPLY[@]}"'
            file = os.path.join(ROOT, "distro/completions/bash/aad-tool")
            environment = {**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}"}
            done = subprocess.run(["bash", "-c", script, "complete", file, "aad-tool", *words], capture_output=True, text=True, check=True, env=environment)
            self.assertEqual("", done.stderr)
            return done.stdout.split()

        static = sorted({words.split()[0] for words, _, _ in self.listed()})
        self.assertEqual([*static, "acme"], completed(""))
        self.assertEqual(["acme"], completed("ac"))
        self.assertEqual(["acme"], completed("help", "acm"))
        self.assertEqual(["two"], completed("acme", ""))
        self.assertEqual(["list"], completed("cred", "l"))
        self.assertEqual(["acme"], completed("cred", "a"))
        self.assertFalse(os.path.exists(trap))
        with open(fake.name, "w", encoding="ascii") as slow:
            slow.write("#!/bin/sh\nexec sleep 60\n")
        begin = time.monotonic()
        self.assertEqual(static, completed(""))
        self.assertLess(time.monotonic() - begin, 10, "a daemon that does not answer is not waited for")

    @unittest.skipUnless(shutil.which("fish"), "no fish on this machine")
    def test_fish_completes_commands_and_options(self):
        def completed(line):
            script = f"source {ROOT}/distro/completions/fish/aad-tool.fish; complete -C '{line}'"
            done = subprocess.run(["fish", "-c", script], capture_output=True, text=True, check=True, env={"HOME": self.folder, "PATH": os.environ["PATH"]})
            self.assertEqual("", done.stderr)
            return sorted(found.split("\t")[0] for found in done.stdout.splitlines())

        self.assertEqual(sorted({words.split()[0] for words, _, _ in self.listed()}), completed("aad-tool "))
        self.assertEqual([words.split()[1] for words, _, _ in self.listed() if words.startswith("idmap ")], completed("aad-tool idmap "))
        self.assertEqual(["--dry-run"], completed("aad-tool hsm migrate --dr"))
        self.assertEqual([], completed("aad-tool tpm --dr"))
        self.assertEqual(["check", "reload", "show"], completed("aad-tool config "))
        self.assertIn("/etc/passwd", completed("aad-tool config check /etc/passw"))

    @unittest.skipUnless(shutil.which("zsh"), "no zsh on this machine")
    def test_zsh_reads_its_completion(self):
        subprocess.run(["zsh", "-n", os.path.join(ROOT, "distro/completions/zsh/_aad-tool")], check=True)

    def test_help_of_unknown_commands_is_asked_for(self):
        with self.daemon(says(frame(OUT, "it does this\n"), end(0))) as daemon:
            self.assertEqual("it does this\n", self.run_tool("unheard-of", "--help")[0])
            self.assertEqual("it does this\n", self.run_tool("help", "unheard-of")[0])
            self.assertEqual("it does this\n", self.run_tool("help", "--list")[0])
        self.assertEqual([[b"unheard-of", b"--help"], [b"help", b"unheard-of"], [b"help", b"--list"]], [s[1][4:] for s in daemon.seen])


class OnATerminal(ToolCase):
    def asks_hidden(self, daemon, peer):
        daemon.seen.append(peer.receive())
        daemon.seen.append(peer.ask(hidden("PIN: ")))
        peer.send(frame(OUT, "thanks\n") + end(0))

    def test_hidden_answer(self):
        with self.daemon(self.asks_hidden) as daemon, self.terminal("idmap", "clear") as terminal:
            terminal.until(b"PIN: ")
            self.assertFalse(terminal.flags()[3] & termios.ECHO)
            terminal.type(b"187265\n")
            output = terminal.until(b"thanks")
            self.assertEqual(0, terminal.wait())
            self.assertEqual(terminal.before, terminal.flags())
        self.assertNotIn(b"187265", output)
        self.assertEqual(b"\x03\0\0\0", daemon.seen[0][1][0])
        self.assertEqual((ANSWER, [b"187265"]), daemon.seen[1])

    def test_signals_leave_the_terminal_as_it_was(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            with self.subTest(signal=number), self.daemon(self.asks_hidden), self.terminal("tpm") as terminal:
                terminal.until(b"PIN: ")
                terminal.process.send_signal(number)
                self.assertEqual(-number, terminal.wait())
                self.assertEqual(terminal.before, terminal.flags())

    def test_interrupt_key(self):
        with self.daemon(self.asks_hidden) as daemon, self.terminal("tpm") as terminal:
            terminal.until(b"PIN: ")
            terminal.type(b"\x03")
            self.assertEqual(-signal.SIGINT, terminal.wait())
            self.assertEqual(terminal.before, terminal.flags())
            self.assertTrue(daemon.closed.wait(10))

    def test_stopped_and_continued(self):
        with self.daemon(self.asks_hidden) as daemon, self.terminal("tpm") as terminal:
            terminal.until(b"PIN: ")
            terminal.process.send_signal(signal.SIGTSTP)
            os.waitpid(terminal.process.pid, os.WUNTRACED)
            self.assertEqual(terminal.before, terminal.flags())
            terminal.process.send_signal(signal.SIGCONT)
            deadline = time.monotonic() + 10
            while terminal.flags()[3] & termios.ECHO and time.monotonic() < deadline:
                time.sleep(0.01)
            terminal.type(b"1\n")
            terminal.until(b"thanks")
            self.assertEqual(0, terminal.wait())
        self.assertEqual((ANSWER, [b"1"]), daemon.seen[1])

    def test_daemon_dies_while_asking(self):
        with self.daemon(says(hidden("PIN: "))), self.terminal("tpm") as terminal:
            terminal.until(b"closed the connection")
            self.assertEqual(1, terminal.wait())
            self.assertEqual(terminal.before, terminal.flags())

    def test_end_overtakes_a_question(self):
        with self.daemon(says(hidden("PIN: "), frame(ERR, "too late\n"), end(1))), self.terminal("tpm") as terminal:
            terminal.until(b"too late")
            self.assertEqual(1, terminal.wait())
            self.assertEqual(terminal.before, terminal.flags())

    def test_raw_session(self):
        def script(daemon, peer):
            peer.receive()
            peer.send(frame(RAW, u32(2)) + frame(OUT, "g! "))
            while b"\x03" not in b"".join(daemon.seen):
                kind, fields = peer.receive()
                self.assertEqual(INPUT, kind)
                daemon.seen += fields
                peer.send(frame(OUT, fields[0]))
            peer.send(frame(ERR, "bye\r\n") + end(0))

        with self.daemon(script) as daemon, self.terminal("shell") as terminal:
            terminal.until(b"g! ")
            self.assertFalse(terminal.flags()[3] & (termios.ECHO | termios.ICANON | termios.ISIG))
            terminal.type(b"\x1b[A\x7f")
            terminal.until(b"\x1b[A\x7f")
            terminal.type(b"\x03")
            terminal.until(b"bye")
            self.assertEqual(0, terminal.wait())
            self.assertEqual(terminal.before, terminal.flags())
        self.assertEqual(b"\x1b[A\x7f\x03", b"".join(daemon.seen))

    def test_raw_session_is_killed(self):
        with self.daemon(says(frame(RAW, u32(2)), frame(OUT, "g! "))), self.terminal("shell") as terminal:
            terminal.until(b"g! ")
            terminal.wait()
            self.assertEqual(terminal.before, terminal.flags())


class AuthTest(ToolCase):
    def script(self, codes, account="user02"):
        def script(daemon, peer):
            kind, fields = peer.receive()
            self.assertEqual(START, kind)
            daemon.seen.append(fields)
            if fields[0] == u32(1):
                peer.send(say("Use the Linux Hello PIN for this device."))
                daemon.seen.append(peer.ask(hidden("PIN: ", 1)))
            peer.send(end(codes[int.from_bytes(fields[0], "little")], account))

        return script

    def test_success(self):
        with self.daemon(self.script({1: 0, 2: 0}), "socket") as daemon:
            with self.terminal("auth-test", "-D", "user02", "--force-reauth") as terminal:
                terminal.until(b"Use the Linux Hello PIN for this device.\r\nPIN: ")
                self.assertFalse(terminal.flags()[3] & termios.ECHO)
                terminal.type(b"187265\n")
                terminal.until(b"Authentication succeeded for user02")
                self.assertEqual(0, terminal.wait())
                self.assertEqual(terminal.before, terminal.flags())
        start, answer, account = daemon.seen
        self.assertEqual([u32(1), b"user02", b"aad-tool"], start[:3])
        self.assertEqual([u32(2), u32(1), b"C.UTF-8", b"", u32(os.getuid())], start[5:])
        self.assertEqual((ANSWER, [b"187265"]), answer)
        self.assertEqual(u32(2), account[0])

    def test_codes(self):
        for codes, error, code in (
            ({1: 7}, "Authentication failed: PAM_AUTH_ERR\n", 1),
            ({1: 26}, "Authentication failed: PAM_ABORT\n", 1),
            ({1: 10}, "'user02' is not a valid directory user\n", 1),
            ({1: 25}, "'user02' is not a valid directory user\n", 1),
            ({1: 0, 2: 7}, "The account may not use this host: PAM_AUTH_ERR\n", 1),
            (
                {1: 0, 2: 6},
                "It was not checked whether the account may use this host: only root and the account itself can ask\n",
                0,
            ),
        ):
            with self.subTest(codes=codes), self.daemon(self.script(codes), "socket"):
                _, err, result = self.run_tool("auth-test", "--name=user02", typed=b"1\n")
                self.assertEqual((error, code), (err, result))

    def test_end_of_input_gives_up(self):
        with self.daemon(self.script({1: 26}), "socket") as daemon:
            self.run_tool("auth-test", "--name", "user02")
        self.assertEqual((GIVE_UP, []), daemon.seen[1])

    def test_daemon_dies_while_asking(self):
        def script(_, peer):
            peer.receive()
            peer.send(hidden("PIN: "))

        with self.daemon(script, "socket"), self.terminal("auth-test", "--name", "user02") as terminal:
            terminal.until(b"himmelblaud closed the connection")
            self.assertEqual(1, terminal.wait())
            self.assertEqual(terminal.before, terminal.flags())


if __name__ == "__main__":
    unittest.main()
