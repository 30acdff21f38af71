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


class Server:
    """A throw-away server in a new folder, on a free port of the loopback address.

    Attributes:
        address: As SQLAlchemy reads it.
    """

    def __init__(self, folder: Path) -> None:
        """Make a database cluster with the programs in `folder`; it does not run yet."""
        self._place = Path(tempfile.mkdtemp(prefix="wenze-pg-"))
        user = "postgres" if os.geteuid() == 0 else getpass.getuser()
        if os.geteuid() == 0:
            shutil.chown(self._place, user)
        as_user = ["runuser", "-u", user, "--"] if os.geteuid() == 0 else []
        data = str(self._place / "data")
        port = free_port()
        self._options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._place}"
        )
        self._control = [*as_user, str(folder / "pg_ctl"), "-D", data, "-w"]
        self.address = f"postgresql+psycopg://wenze@127.0.0.1:{port}/postgres"
        initialise = ["-U", "wenze", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        self._say([*as_user, str(folder / "initdb"), "-D", data, *initialise])

    def start(self) -> None:
        """Start, and wait until it answers."""
        log = str(self._place / "log")
        self._say([*self._control, "-l", log, "-o", self._options, "start"])

    def crash(self) -> None:
        """Stop at once, as a machine does that loses power; what was committed is recovered."""
        self._say([*self._control, "-m", "immediate", "stop"])

    def remove(self) -> None:
        """Stop and delete it."""
        stop = [*self._control, "-m", "immediate", "stop"]
        subprocess.run(stop, check=False, stdout=subprocess.DEVNULL, cwd=self._place)
        shutil.rmtree(self._place, ignore_errors=True)

    def _say(self, command: list[str]) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self._place)


def run(command: list[str]) -> int:
    """Run `command` beside a server of its own."""
    folder = binaries()
    if folder is None:
        print("There is no PostgreSQL on this machine; its tests are skipped.")
        return subprocess.run(command, check=False).returncode
    server = Server(folder)
    try:
        server.start()
        environment = {**os.environ, "WENZE_TEST_POSTGRES": server.address}
        return subprocess.run(command, env=environment, check=False).returncode
    finally:
        server.remove()


def free_port() -> int:
    """Return a port of the loopback address that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
