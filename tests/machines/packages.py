# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Debian packages of any suite, unpacked in the cache: nothing of them is installed."""

from __future__ import annotations

import fcntl
import os
import pathlib
import shutil
import subprocess
import tempfile
import typing as t

import machine
from machine import MachineError

FOLDER = machine.CACHE / "machines"


KEYRING = pathlib.Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def find_mirror(listed: str, distribution: str = "debian") -> str | None:
    """The address of a distribution's mirror among those that `apt-get indextargets` lists."""
    addresses = (line.rstrip("/") for line in listed.splitlines())
    # Security updates have a mirror of their own, without the other suites.
    return next((each for each in addresses if each.endswith(f"/{distribution}")), None)


def mirror(distribution: str) -> str:
    """This machine's own mirror of a distribution."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise MachineError("Debian's package tools")
    listing = ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]
    found = find_mirror(machine.output(["apt-get", *listing]), distribution)
    if not found:
        raise MachineError(f"a mirror of {distribution.title()} among apt's sources")
    return found


def sources(suite: str) -> str:
    """What apt's file of sources says for a suite of Debian, on this machine's own mirror."""
    found = mirror("debian")
    signed = f"Signed-By: {KEYRING}\n" if KEYRING.exists() else ""
    return f"Types: deb\nURIs: {found}\nSuites: {suite}\nComponents: main\n{signed}"


def unpack(suite: str, *names: str, depended: str = "") -> pathlib.Path:
    """Return the folder in which these packages of a suite are unpacked, fetched if need be.

    With DEPENDED, those that they depend on and whose names begin so, in their place.
    """
    folder = FOLDER / f"{suite}-{'-'.join(names)}"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "packages.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.is_dir():
            return folder
        print(f"Unpacking {' '.join(names)} of Debian {suite}", flush=True)
        with tempfile.TemporaryDirectory(dir=FOLDER) as temporary:
            fetched = pathlib.Path(temporary, "fetched")
            tree = pathlib.Path(temporary, "tree")
            fetched.mkdir()
            try:
                _download(suite, names, fetched, depended)
            except MachineError as error:
                reason = str(error).strip().splitlines()[0]
                raise MachineError(f"{' '.join(names)} of Debian {suite} ({reason})") from error
            for archive in sorted(fetched.glob("*.deb")):
                machine.output(["dpkg-deb", "--extract", str(archive), str(tree)])
            tree.rename(folder)  # Last: what was interrupted is begun again.
    return folder


def _download(suite: str, names: t.Sequence[str], fetched: pathlib.Path, depended: str) -> None:
    """Download packages, by an apt that knows this suite alone and whose state is its own."""
    state = FOLDER / "apt" / suite
    for name in ("state/lists/partial", "cache/archives/partial"):
        (state / name).mkdir(parents=True, exist_ok=True)
    (state / "status").touch()
    (state / "list.sources").write_text(sources(suite))
    settings = {
        "Dir::State": state / "state",
        "Dir::State::status": state / "status",
        "Dir::Cache": state / "cache",
        "Dir::Etc::sourcelist": state / "list.sources",
        "Dir::Etc::sourceparts": "-",
        "APT::Sandbox::User": "root",  # Another one would not be let into a cache at home.
    }
    options = [f"-o{name}={value}" for name, value in settings.items()]
    machine.output(["apt-get", "-qq", *options, "update"])
    if depended:
        names = begun(machine.output(["apt-cache", *options, "depends", *names]), depended)
    done = subprocess.run(
        ["apt-get", "-qq", *options, "download", *names],
        cwd=fetched,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise MachineError(done.stdout)


def begun(depends: str, beginning: str) -> list[str]:
    """The names that begin so, among those that `apt-cache depends` tells."""
    lines = (line.strip() for line in depends.splitlines())
    names = [line[len("Depends: ") :] for line in lines if line.startswith("Depends: ")]
    return [name for name in names if name.startswith(beginning)]
