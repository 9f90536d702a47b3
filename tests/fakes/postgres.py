"""A PostgreSQL of its own in a folder, where the machine has its programs."""

import os
import pwd
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

FOLDERS = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt")


def programs() -> Path | None:
    """The folder with `initdb` and `postgres`; None where there is none."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    return next((one.parent for folder in FOLDERS for one in sorted(Path(folder).glob("*/bin/initdb"), reverse=True)), None)


def _user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as the user that its package made."""
    if os.getuid() != 0:
        return {}
    found = next((one for one in ("postgres", "nobody") if one in {user.pw_name for user in pwd.getpwall()}), "nobody")
    return {"user": found, "group": pwd.getpwnam(found).pw_gid}


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Run a server on a free port; gives the address of its database."""
    bin_folder = programs()
    assert bin_folder is not None
    data, who = folder / "data", _user()
    data.mkdir()
    if who:
        for one in (*reversed(folder.parents), folder):
            if one.stat().st_uid == 0 and str(one).startswith("/tmp/"):
                one.chmod(one.stat().st_mode | 0o755)
        shutil.chown(data, str(who["user"]))
    subprocess.run(
        [bin_folder / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-N"], check=True, capture_output=True, cwd="/", **who
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [bin_folder / "postgres", "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-F"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        **who,
    )
    try:
        ready = [bin_folder / "pg_isready", "-h", "127.0.0.1", "-p", str(port)]
        while subprocess.run(ready, capture_output=True).returncode:
            time.sleep(0.05)
        yield f"postgresql://tester@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait()


def new_database(url: str) -> str:
    """Make an empty database on a server; gives its address."""
    name = f"test_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return url.rpartition("/")[0] + "/" + name
