"""himmelblau_userdb between a client and a daemon that works, is slow, stuck, failing or stopped."""

import os
import socket
import stat
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

RELAY = os.environ["USERDB_RELAY"]
CALL = b'{"method":"io.systemd.UserDatabase.GetUserRecord","parameters":{"uid":1}}\0'
NO_ANSWER = b'{"error":"io.systemd.UserDatabase.ServiceNotAvailable","parameters":{}}\0'
BOUND = 0.3  # a machine that runs all tests at once is slow; a client of systemd's would wait 45 s


class Daemon:
    """Plays himmelblaud: each connection is served by `serve`."""

    def __init__(self, path, serve):
        self.serve = serve
        self.calls = 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(256)
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.calls += 1
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection):
        with connection:
            try:
                self.serve(connection)
            except OSError:
                pass

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def echo(connection):
    while data := connection.recv(65536):
        connection.sendall(data)


def mute(connection):
    while connection.recv(65536):
        pass
    time.sleep(5)


class Relay(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.listen = f"{self.folder.name}/socket"
        self.path = f"{self.folder.name}/userdb"
        self.daemon = None
        self.log = tempfile.TemporaryFile()
        self.start()

    def start(self):
        self.relay = subprocess.Popen([RELAY, self.listen, self.path], stderr=self.log)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                self.client().close()
                return
            except OSError:
                time.sleep(0.01)
        self.fail("the relay does not listen")

    def tearDown(self):
        if self.daemon:
            self.daemon.close()
        alive = self.relay.poll() is None
        self.relay.terminate()
        code = self.relay.wait(5)
        self.log.seek(0)
        self.assertTrue(alive, f"the relay ended with {code}: {self.log.read().decode()}")
        self.log.close()
        self.folder.cleanup()

    def serving(self, serve):
        self.daemon = Daemon(self.path, serve)

    def client(self):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(10)
        try:
            client.connect(self.listen)
        except OSError:
            client.close()
            raise
        return client

    def ask(self, call=CALL):
        """(what came until a NUL or the end, seconds)"""
        begin = time.monotonic()
        with self.client() as client:
            client.sendall(call)
            return receive(client), time.monotonic() - begin

    def answered(self, call=CALL):
        """The answer of a daemon that works, which a busy machine may make late."""
        for _ in range(20):
            answer, _ = self.ask(call)
            if answer != NO_ANSWER:
                return answer
            time.sleep(0.3)
        return answer

    def said(self):
        return Path(f"/proc/{os.getpid()}/fd/{self.log.fileno()}").read_text()

    def cpu(self):
        fields = Path(f"/proc/{self.relay.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def await_free(self):
        """Until the relay holds no connection."""
        end = time.monotonic() + 10
        while len(os.listdir(f"/proc/{self.relay.pid}/fd")) > 5 and time.monotonic() < end:
            time.sleep(0.02)


def receive(client):
    data = b""
    while not data.endswith(b"\0"):
        try:
            piece = client.recv(65536)
        except ConnectionResetError:
            piece = b""
        if not piece:
            break
        data += piece
    return data


class Passing(Relay):
    def test_bytes_pass_both_ways(self):
        self.serving(echo)
        self.assertEqual(self.answered(), CALL)
        with self.client() as client:
            for size in (1, 8191, 8192, 8193, 300_000):
                call = b"x" * size + b"\0"
                threading.Thread(target=client.sendall, args=(call,), daemon=True).start()
                self.assertEqual(len(receive(client)), size + 1)

    def test_anyone_may_connect(self):
        self.assertEqual(stat.S_IMODE(os.stat(self.listen).st_mode), 0o666)

    def test_many_at_once(self):
        self.serving(echo)
        results = []
        threads = [threading.Thread(target=lambda: results.append(self.answered())) for _ in range(60)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(set(results), {CALL})

    def test_a_client_that_says_it_has_done_is_still_answered(self):
        self.serving(echo)
        with self.client() as client:
            client.sendall(CALL)
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(receive(client), CALL)
            self.assertEqual(client.recv(1), b"")

    def test_a_client_that_reads_late_gets_everything(self):
        self.serving(lambda c: (c.recv(100), c.sendall(b"y" * 2_000_000 + b"\0")))
        with self.client() as client:
            client.sendall(CALL)
            time.sleep(0.5)
            before = self.cpu()
            time.sleep(1.5)  # longer than the daemon may take for a piece, which is not its fault here
            self.assertLess(self.cpu() - before, 0.2, "it spins")
            self.assertEqual(len(receive(client)), 2_000_001)

    def test_a_restarted_relay_takes_the_place_of_a_dead_one(self):
        self.serving(echo)
        self.relay.kill()
        self.relay.wait()
        self.start()
        self.assertEqual(self.answered(), CALL)

    def test_a_socket_that_was_removed_is_made_again(self):
        self.serving(echo)
        os.unlink(self.listen)
        end = time.monotonic() + 30
        while not os.path.exists(self.listen) and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual(CALL, self.answered())
        self.assertEqual(0o666, stat.S_IMODE(os.lstat(self.listen).st_mode))
        self.assertEqual(1, self.said().count("was removed and was made again"))

    def test_what_is_no_socket_stays_and_is_told_once(self):
        os.unlink(self.listen)
        Path(self.listen).write_text("precious")
        end = time.monotonic() + 30
        while "cannot be made again" not in self.said() and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(6)
        self.assertEqual(1, self.said().count("cannot be made again"))
        self.assertEqual("precious", Path(self.listen).read_text())
        os.unlink(self.listen)
        end = time.monotonic() + 30
        while not os.path.exists(self.listen) and time.monotonic() < end:
            time.sleep(0.05)
        self.serving(echo)
        self.assertEqual(CALL, self.answered())

    def test_places_are_given_back(self):
        self.serving(echo)
        for _ in range(500):
            with self.client() as client:
                client.sendall(CALL[:20])
        self.assertEqual(self.answered(), CALL)
        self.await_free()
        self.assertLessEqual(len(os.listdir(f"/proc/{self.relay.pid}/fd")), 5)


class Trouble(Relay):
    def test_no_daemon(self):
        answer, seconds = self.ask()
        self.assertEqual(answer, NO_ANSWER)
        self.assertLess(seconds, BOUND)

    def test_a_stuck_daemon_and_its_return(self):
        gate = threading.Event()

        def serve(connection):
            gate.wait(20)
            echo(connection)

        self.serving(serve)
        answer, seconds = self.ask()
        self.assertEqual(answer, NO_ANSWER)
        self.assertLess(seconds, BOUND)
        self.assertGreater(seconds, 0.025)
        # For a moment it is not even asked.
        calls = self.daemon.calls
        self.assertEqual(self.ask()[0], NO_ANSWER)
        self.assertEqual(self.daemon.calls, calls)
        gate.set()
        time.sleep(1.1)
        self.assertEqual(self.answered(), CALL)

    def test_a_daemon_whose_queue_is_full(self):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.path)
        listener.listen(0)
        clients = [self.client() for _ in range(4)]
        for client in clients:
            begin = time.monotonic()
            client.sendall(CALL)
            self.assertEqual(receive(client), NO_ANSWER)
            self.assertLess(time.monotonic() - begin, BOUND)
            client.close()
        listener.close()

    def test_a_daemon_that_dies_over_the_call(self):
        self.serving(lambda c: c.recv(10))
        answer, seconds = self.ask()
        self.assertEqual(answer, NO_ANSWER)
        self.assertLess(seconds, BOUND)

    def test_half_an_answer_is_no_answer(self):
        self.serving(lambda c: (c.recv(100), c.sendall(b'{"half'), time.sleep(5)))
        answer, seconds = self.ask()
        self.assertEqual(answer, b'{"half')
        self.assertLess(seconds, 2)
        self.daemon.close()
        os.unlink(self.path)
        time.sleep(1.1)
        self.serving(lambda c: (c.recv(100), c.sendall(b'{"half')))
        self.assertEqual(self.ask()[0], b'{"half')

    def test_a_call_without_an_end_and_no_daemon(self):
        with self.client() as client:
            with self.assertRaises(OSError):
                for _ in range(1000):
                    client.sendall(b"x" * 4096)
                    time.sleep(0.001)

    def test_no_peer_takes_all_connections(self):
        self.serving(mute)
        if os.getuid() != 0:
            self.skipTest("only root can use more than one uid")
        os.chmod(self.folder.name, 0o755)
        holder = subprocess.Popen(
            ["/usr/bin/python3", "-c", "import socket,sys\nheld=[]\nfor i in range(200):\n"
             " s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); held.append(s)\n"
             "n=0\nfor s in held:\n s.settimeout(0.2)\n try: n+=s.recv(1)==b''\n except TimeoutError: pass\n except OSError: n+=1\n"
             "print(n, flush=True); sys.stdin.read()", self.listen],
            user=65534, group=65534, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.assertEqual(int(holder.stdout.readline()), 200 - 32)
        self.assertEqual(self.ask()[0], NO_ANSWER)
        holder.communicate("")

    def test_no_peer_disconnects_the_others(self):
        if os.getuid() != 0:
            self.skipTest("only root can use more than one uid")
        os.chmod(self.folder.name, 0o755)

        def serve(connection):
            while data := connection.recv(65536):
                if b"oneway" not in data:
                    connection.sendall(data)

        self.serving(serve)
        self.assertEqual(self.answered(), CALL)
        subprocess.run(
            ["/usr/bin/python3", "-c", "import socket,sys\ns=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])\n"
             "s.sendall(b'{\"method\":\"x\",\"oneway\":true}\\0'); s.recv(1000)", self.listen],
            user=65534, group=65534, check=True, timeout=10)
        self.assertEqual(self.ask()[0], CALL)

    def test_bad_arguments(self):
        for arguments in ([], ["a", "b"], ["/tmp/x"], ["/nowhere/at/all", "/x"], ["/" + "x" * 300, "/x"]):
            done = subprocess.run([RELAY, *arguments], capture_output=True, text=True, timeout=5, check=False)
            self.assertIn(done.returncode, (1, 2))
            self.assertTrue(done.stderr)


if __name__ == "__main__":
    unittest.main()
