"""Our extension for tests, as browsers install it by a managed policy: packed, and offered at the addresses where the policies say it is."""

import hashlib
import http.server
import io
import json
import ssl
import struct
import subprocess
import threading
import zipfile
from pathlib import Path

FOLDER = Path(__file__).with_name("sso_extension")
FIREFOX_ID = "linux-entra-sso@example.com"
SHARED = ("host.js", "state.js")


def packed(kind):
    """The files of the extension, as a ZIP archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.write(FOLDER / f"{kind}.json", "manifest.json")
        for name in (*SHARED, f"{kind}.js"):
            file.write(FOLDER / name, name)
    return archive.getvalue()


class ChromiumPackage:
    """Signed by a new key, which is what its id is made from (format CRX3)."""

    def __init__(self, folder):
        self._key = folder / "extension.pem"
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", self._key)
        public = openssl("pkey", "-in", self._key, "-pubout", "-outform", "DER")
        digest = hashlib.sha256(public).digest()[:16]
        self.id = "".join(chr(ord("a") + int(digit, 16)) for digit in digest.hex())
        self.crx = self._sign(public, digest, packed("chromium"))

    def _sign(self, public, digest, archive):
        signed = member(1, digest)
        text = b"CRX3 SignedData\0" + struct.pack("<I", len(signed)) + signed + archive
        signature = openssl("dgst", "-sha256", "-sign", self._key, text=text)
        header = member(2, member(1, public) + member(2, signature)) + member(10000, signed)
        return b"Cr24" + struct.pack("<II", 3, len(header)) + header + archive


def member(number, content):
    """A member of a Protocol Buffers message that holds bytes."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(value):
    text = b""
    while value > 127:
        text += bytes([value & 127 | 128])
        value >>= 7
    return text + bytes([value])


def openssl(*words, text=None):
    return subprocess.run(["openssl", *map(str, words)], input=text, capture_output=True, check=True).stdout


def main(folder):
    """Inside the lab: serves what is in the folder, {"HOST/PATH": FILE} by its file "offers", to who trusts the tenant's authority. Each request is a line of its file "log"."""
    folder = Path(folder)
    offers = json.loads((folder / "offers").read_text(encoding="utf-8"))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            host, path = self.headers["Host"], self.path
            with (folder / "log").open("a", encoding="utf-8") as log:
                log.write(f"{host}{path}\n")
            name = offers.get(host + path.split("?")[0])
            content = (folder / name).read_bytes() if name else b""
            self.send_response(200 if name else 404)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self):
            with (folder / "log").open("a", encoding="utf-8") as log:
                log.write(f"{self.headers['Host']}{self.path} {self.rfile.read(int(self.headers['Content-Length'])).decode(errors='replace')}\n")
            self.send_error(404)

        def log_message(self, *_):
            """Not on standard error."""

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    server = http.server.ThreadingHTTPServer(("127.0.0.2", 443), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.excepthook = lambda _: None
    server.serve_forever()


if __name__ == "__main__":
    import sys

    main(sys.argv[1])
