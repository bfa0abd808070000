# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What this machine has: interpreters, Debian packages, and virtual environments made of them."""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import pathlib
import shutil
import subprocess
import tempfile
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What the checks need lies outside of the clone: ansible-test cannot live in a folder with a space
# in its path, and a second clone finds it ready.
CACHE = pathlib.Path(
    os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache", "linuxnet.netns"
)
UNPACKED = CACHE / "unpacked"  # of Debian packages, as if it were /


class MachineError(Exception):
    """This machine lacks something, and says what."""


def folders() -> list[str]:
    """PATH, with pyenv's real interpreters in the place of its shims.

    A shim answers for the selected Python only, and fails with 127 for every other.
    """
    path = os.environ["PATH"].split(os.pathsep)
    found = [folder for folder in path if not folder.endswith("/shims")]
    pyenv = pathlib.Path(os.environ.get("PYENV_ROOT") or pathlib.Path.home() / ".pyenv")
    return [*found, *map(str, sorted(pyenv.glob("versions/3.*/bin")))]


@functools.cache
def python(minor: int) -> str | None:
    """The path of a Python 3.MINOR that can make virtual environments, if there is one."""
    for folder in folders():
        path = os.path.join(folder, f"python3.{minor}")
        # Debian's own Python has no ensurepip without python3-venv.
        if os.access(path, os.X_OK) and succeeds(path, "-c", "import ensurepip, venv"):
            return path
    return None


def newest(oldest: int, latest: int) -> str | None:
    """The path of the newest Python from 3.OLDEST to 3.LATEST."""
    return next(filter(None, map(python, range(latest, oldest - 1, -1))), None)


def controller() -> str:
    """The newest Python that runs ansible-core, installed if there is none."""
    for package in ("python3-venv", "python3.11-venv"):
        if found := newest(10, 14):
            return found
        debian(package)
        python.cache_clear()
    if found := newest(10, 14):
        return found
    raise MachineError("needs a Python from 3.10 that has venv")


def environment(*first: str) -> dict[str, str]:
    """An environment for commands: FIRST, then the interpreters lead PATH, no setting leaks in."""
    pythons = [os.path.dirname(path) for path in map(python, range(14, 8, -1)) if path]
    keep = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ANSIBLE_", "PYTHON")) and name != "VIRTUAL_ENV"
    }
    path = os.pathsep.join(dict.fromkeys([*first, *pythons, *folders(), *folders_unpacked()]))
    # Ansible refuses to start without UTF-8.
    return {**keep, "PATH": path, "LC_ALL": "C.UTF-8"}


def debian(*packages: str) -> None:
    """Install these Debian packages."""
    wanted = " ".join(packages)
    if not shutil.which("apt-get"):
        raise MachineError(f"needs {wanted}, and there is no apt-get to install it with")
    if os.geteuid() != 0:
        raise MachineError(f"needs {wanted}: install it, or run this as root")
    print(f"Installing {wanted}", flush=True)
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--no-install-recommends", *packages]):
        output([*apt, "-y", *command], env=env)


def commands(**packages: str) -> None:
    """Install the package of each command that is missing here."""
    path = os.pathsep.join([os.environ["PATH"], "/usr/sbin", "/sbin"])
    missing = [package for name, package in packages.items() if not shutil.which(name, path=path)]
    if missing:
        debian(*missing)


def unpacked(**packages: str) -> None:
    """Unpack the package of each command that is missing here, and what it needs, in the cache.

    For servers: installed, they would be started, now and with the machine. What cannot be had, is
    left; the test says so. PATH of `environment` leads there.
    """
    path = os.pathsep.join([os.environ["PATH"], "/usr/sbin", "/sbin", *folders_unpacked()])
    missing = [package for name, package in packages.items() if not shutil.which(name, path=path)]
    if not missing or not shutil.which("apt-get") or os.geteuid() != 0:
        return
    print(f"Unpacking {' '.join(missing)}", flush=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as temporary:
        archives, tree = pathlib.Path(temporary, "archives"), pathlib.Path(temporary, "tree")
        (archives / "partial").mkdir(parents=True)
        apt = ["apt-get", "-qq", "-y", "-o", f"Dir::Cache::archives={archives}"]
        install = ["install", "--download-only", "--no-install-recommends", *missing]
        try:
            output([*apt, "update"])
            output([*apt, *install])
            for archive in archives.glob("*.deb"):
                output(["dpkg-deb", "--extract", str(archive), str(tree)])
        except MachineError as error:
            print(f"Cannot be had: {error}", flush=True)
            return
        # As on a machine where these are links into /usr.
        for name in ("bin", "lib", "sbin"):
            if (tree / name).is_dir():
                shutil.copytree(tree / name, tree / "usr" / name, dirs_exist_ok=True, symlinks=True)
                shutil.rmtree(tree / name)
        shutil.copytree(tree, UNPACKED, dirs_exist_ok=True, symlinks=True)


def folders_unpacked() -> list[str]:
    """Folders of the commands that `unpacked` has unpacked."""
    return [str(UNPACKED / "usr" / name) for name in ("sbin", "bin")] if UNPACKED.is_dir() else []


@dataclass(frozen=True)
class Venv:
    """A virtual environment, made of a Python and the arguments of one or more `pip install`."""

    name: str
    python: str
    installs: tuple[tuple[str, ...], ...]
    at: pathlib.Path | None = None

    @property
    def stuff(self) -> str:
        """All that makes it what it is."""
        return repr((self.name, os.path.realpath(self.python), self.installs, str(self.at or "")))

    @property
    def path(self) -> pathlib.Path:
        """Where it is; in the cache, one of other stuff is another folder."""
        stuff = hashlib.sha256(self.stuff.encode()).hexdigest()[:8]
        return self.at or CACHE / f"{self.name}-{stuff}"

    @property
    def version(self) -> str:
        """Its Python's, as in 3.9."""
        return os.path.basename(self.python)[len("python") :]

    @property
    def bin(self) -> pathlib.Path:
        return self.path / "bin"

    def make(self) -> None:
        """Make it, unless it is there already, whole and of the same stuff."""
        stamp = self.path / "made-of"
        CACHE.mkdir(parents=True, exist_ok=True)
        with open(CACHE / f"{self.name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            made = stamp.is_file() and stamp.read_text() == self.stuff
            if made and (self.bin / "python").exists():
                return
            if self.at:
                print(f"Setting up {self.at}", flush=True)
            shutil.rmtree(self.path, ignore_errors=True)
            output([self.python, "-m", "venv", str(self.path)])
            pip = [str(self.bin / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
            for arguments in self.installs:
                output([*pip, *arguments])
            # Last: a run that was killed before here is begun again.
            stamp.write_text(self.stuff)


def succeeds(*command: str) -> bool:
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def output(command: list[str], env: dict[str, str] | None = None) -> str:
    """Run a command to its end and return what it said, or raise with it."""
    done = subprocess.run(
        command,
        env=env or environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise MachineError(f"{done.stdout}\n{' '.join(command)}: exit status {done.returncode}")
    return done.stdout
