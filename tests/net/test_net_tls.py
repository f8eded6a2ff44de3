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

async def ask(port, verify=True):
    async with make_client(Gate([f"127.0.0.1:{port}"]), user_agent="t", resolve=resolve) as client:
        try:
            request = prepare(client, f"https://presse.example:{port}/", verify=verify)
            return (await exchange(client, request)).body.decode(), ""
        except FetchError as error:
            return error.kind, str(error)

async def after_one_let_off(port):
    async with make_client(Gate([f"127.0.0.1:{port}"]), user_agent="t", resolve=resolve) as client:
        address = f"https://presse.example:{port}/"
        await exchange(client, prepare(client, address, verify=False))
        try:
            return (await exchange(client, prepare(client, address))).body.decode(), ""
        except FetchError as error:
            return error.kind, str(error)

ports = list(map(int, sys.argv[2:]))
said = [asyncio.run(ask(port)) for port in ports]
lax = [asyncio.run(ask(port, False)) for port in ports]
after = [asyncio.run(after_one_let_off(port)) for port in ports]
print(json.dumps([said, lax, after]))
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
def told(certificates: Path) -> dict[str, dict[str, list[str]]]:
    names = ["good", "expired", "self", "other"]
    with contextlib.ExitStack() as stack:
        ports = [str(stack.enter_context(_server(certificates, name))) for name in names]
        command = [sys.executable, "-c", ASK, str(certificates / "ca.pem"), *ports]
        done = subprocess.run(command, capture_output=True, check=True, text=True)
    ways = zip(("said", "lax", "after"), json.loads(done.stdout), strict=True)
    return {way: dict(zip(names, each, strict=True)) for way, each in ways}


@pytest.fixture(scope="module")
def said(told: dict[str, dict[str, list[str]]]) -> dict[str, list[str]]:
    return told["said"]


def test_a_good_certificate_is_taken(said: dict[str, list[str]]) -> None:
    assert said["good"] == ["seen", ""]


@pytest.mark.parametrize(
    ("name", "reason"), [("expired", "expired"), ("self", "self-signed"), ("other", "presse.example")]
)
def test_a_certificate_that_is_not_good_is_an_error_with_its_reason(
    said: dict[str, list[str]], name: str, reason: str
) -> None:
    """H10"""
    kind, sentence = said[name]
    assert kind == "tls"
    assert "presse.example" in sentence
    assert reason in sentence.replace("self signed", "self-signed")


def test_who_is_let_off_is_read_all_the_same(told: dict[str, dict[str, list[str]]]) -> None:
    """H10: `verify_tls = false`"""
    assert set(map(tuple, told["lax"].values())) == {("seen", "")}


def test_what_was_let_off_once_is_verified_when_asked_to(told: dict[str, dict[str, list[str]]]) -> None:
    """H10: no connection is shared between the two"""
    assert told["after"] == told["said"]
