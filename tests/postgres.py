"""A PostgreSQL server of our own for a test run, started by whichever worker needs it first."""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import socket
import subprocess
from pathlib import Path

_DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def missing() -> bool:
    """No server is installed on this machine."""
    return _program("initdb") is None or _program("pg_ctl") is None


def start(run: Path) -> str:
    """Start a server in `run` unless another worker did; its address, whatever database."""
    with (run / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        address = run / "address"
        if not address.exists():
            address.write_text(_started(run / "postgres"))
        return address.read_text()


def stop(run: Path) -> None:
    """Stop the server of `run`, if one was started."""
    if (run / "address").exists():
        _run("pg_ctl", "stop", "-D", str(run / "postgres"), "-m", "immediate")


def _started(data: Path) -> str:
    port = _free_port()
    data.mkdir()
    data.parent.chmod(0o755)
    if user := _user():
        shutil.chown(data, user)
    _run("initdb", "-D", str(data), "-U", "hune", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    options = f"-p {port} -k '' -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
    _run("pg_ctl", "start", "-D", str(data), "-w", "-l", str(data / "log"), "-o", options)
    return f"postgresql://hune@127.0.0.1:{port}/postgres"


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run(
        [str(_program(program)), *arguments],
        user=_user(),
        stdout=subprocess.DEVNULL,  # a server keeps its parent's pipes open for ever
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
    if done.returncode:
        raise RuntimeError(f"{program} ended with {done.returncode}")


def _program(name: str) -> Path | None:
    found = next((folder / name for folder in _DEBIAN if (folder / name).exists()), None)
    elsewhere = shutil.which(name)
    return found or (Path(elsewhere) if elsewhere else None)


def _user() -> str | None:
    """PostgreSQL refuses to run as root: somebody else does it then."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
