"""PostgreSQL for the tests: install it from Debian, run a throw-away server, stop it.

Use: python tools/postgres.py install
     python tools/postgres.py run -- COMMAND …

The server runs as a user of its own (`postgres` where we are root), in a new folder,
on a free port of the loopback address, and is gone with the command. Its address is in
WENZE_TEST_POSTGRES. Standard library only.
"""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = "postgresql"


def main() -> int:
    """Do what the command line says."""
    if sys.argv[1:2] == ["install"]:
        return install()
    if sys.argv[1:3] == ["run", "--"] and sys.argv[3:]:
        return run(sys.argv[3:])
    print(__doc__)
    return 2


def binaries() -> Path | None:
    """Return the folder with `initdb`, the newest release first."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=str, reverse=True)
    if places:
        return places[0].parent
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def install() -> int:
    """Install Debian's PostgreSQL where there is none."""
    if binaries():
        return 0
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", PACKAGE]):
        done = subprocess.run([*prefix, "apt-get", *arguments], env=environment, check=False)
        if done.returncode != 0:
            print("PostgreSQL cannot be installed; its tests will be skipped, with this reason.")
            return 0
    return 0


def run(command: list[str]) -> int:
    """Run `command` beside a server of its own."""
    folder = binaries()
    if folder is None:
        print("There is no PostgreSQL on this machine; its tests are skipped.")
        return subprocess.run(command, check=False).returncode
    place = Path(tempfile.mkdtemp(prefix="wenze-pg-"))
    data = place / "data"
    user = "postgres" if os.geteuid() == 0 else getpass.getuser()
    if os.geteuid() == 0:
        shutil.chown(place, user)
    port = free_port()
    as_user = ["runuser", "-u", user, "--"] if os.geteuid() == 0 else []
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={place}"
    control = [*as_user, str(folder / "pg_ctl"), "-D", str(data), "-w", "-l", str(place / "log")]
    initialise = [
        *as_user,
        str(folder / "initdb"),
        "-D",
        str(data),
        "-U",
        "wenze",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    ]
    subprocess.run(initialise, check=True, stdout=subprocess.DEVNULL, cwd=place)
    subprocess.run(
        [*control, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, cwd=place
    )
    address = f"postgresql+psycopg://wenze@127.0.0.1:{port}/postgres"
    try:
        environment = {**os.environ, "WENZE_TEST_POSTGRES": address}
        return subprocess.run(command, env=environment, check=False).returncode
    finally:
        subprocess.run(
            [*control, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL, cwd=place
        )
        shutil.rmtree(place, ignore_errors=True)


def free_port() -> int:
    """Return a port of the loopback address that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
