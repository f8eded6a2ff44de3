"""H10: certificates that are not good, against a real server, with the way out as it is."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

# In a process of its own, since the client reads the authorities it trusts once: here, our own besides no other.
ASK = """
import asyncio, json, sys
import certifi
certifi.where = lambda: sys.argv[1]
from watch.errors import FetchError
from watch.net import Gate, exchange, make_client, prepare

async def resolve(host, port):
    return ["127.0.0.1"]

async def ask(port):
    async with make_client(Gate([f"127.0.0.1:{port}"]), user_agent="t", resolve=resolve) as client:
        try:
            return (await exchange(client, prepare(client, f"https://presse.example:{port}/"))).body.decode(), ""
        except FetchError as error:
            return error.kind, str(error)

print(json.dumps([asyncio.run(ask(int(port))) for port in sys.argv[2:]]))
"""
OPENSSL_CA = """
[ca]
default_ca = ours
[ours]
database = index.txt
serial = serial
unique_subject = no
new_certs_dir = .
default_md = sha256
policy = any
email_in_dn = no
copy_extensions = copy
[any]
commonName = supplied
"""


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def _certificate(folder: Path, name: str, host: str, start: str, end: str) -> None:
    given = ["-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"]
    _openssl(folder, "req", "-new", *given, "-keyout", f"{name}.key", "-out", f"{name}.csr")
    signed = ["-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-in", f"{name}.csr", "-out", f"{name}.pem"]
    _openssl(folder, "ca", "-batch", "-notext", "-startdate", start, "-enddate", end, *signed)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed (Debian: apt-get install openssl): certificates are NOT tested")
    folder = tmp_path_factory.mktemp("tls")
    (folder / "ca.cnf").write_text(OPENSSL_CA)
    (folder / "index.txt").touch()
    (folder / "serial").write_text("1000\n")
    ours = ["-newkey", "rsa:2048", "-nodes", "-days", "3650"]
    _openssl(folder, "req", "-x509", *ours, "-subj", "/CN=Authority", "-keyout", "ca.key", "-out", "ca.pem")
    _certificate(folder, "good", "presse.example", "20200101000000Z", "20490101000000Z")
    _certificate(folder, "expired", "presse.example", "20200101000000Z", "20210101000000Z")
    _certificate(folder, "other", "autre.example", "20200101000000Z", "20490101000000Z")
    name = ["-subj", "/CN=presse.example", "-addext", "subjectAltName=DNS:presse.example"]
    _openssl(folder, "req", "-x509", *ours, *name, "-keyout", "self.key", "-out", "self.pem")
    return folder


@contextlib.contextmanager
def _server(folder: Path, name: str) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _ = listening.accept()
            except OSError:
                return
            with plain, contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 X\r\nConnection: close\r\nContent-Length: 4\r\n\r\nseen")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listening.getsockname()[1]
    with contextlib.suppress(OSError):
        listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(5)


@pytest.fixture(scope="module")
def said(certificates: Path) -> dict[str, list[str]]:
    names = ["good", "expired", "self", "other"]
    with contextlib.ExitStack() as stack:
        ports = [str(stack.enter_context(_server(certificates, name))) for name in names]
        command = [sys.executable, "-c", ASK, str(certificates / "ca.pem"), *ports]
        done = subprocess.run(command, capture_output=True, check=True, text=True)
    return dict(zip(names, json.loads(done.stdout), strict=True))


def test_a_good_certificate_is_taken(said: dict[str, list[str]]) -> None:
    assert said["good"] == ["seen", ""]


@pytest.mark.parametrize(
    ("name", "reason"), [("expired", "expired"), ("self", "self-signed"), ("other", "presse.example")]
)
def test_a_certificate_that_is_not_good_is_an_error_with_its_reason(
    said: dict[str, list[str]], name: str, reason: str
) -> None:
    """H10: and there is no switch to take it all the same"""
    kind, sentence = said[name]
    assert kind == "tls"
    assert "presse.example" in sentence
    assert reason in sentence.replace("self signed", "self-signed")
