# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The peers of a benchmark, in the cache: got by pip and apt, and nothing of them is installed."""

from __future__ import annotations

import json
import os
import pathlib
import sys
import typing as t
import zipfile

sys.path.append(str(pathlib.Path(__file__).parents[1] / "tools"))

from machine import CACHE, MachineError, Venv, output

if t.TYPE_CHECKING:
    from collections.abc import Callable

ANSIBLE = "14.5.0"  # the package with all collections of the community
IFSTATE = "2.5.1"
TELLS = "LINUXNET_NETNS_PEERS"
SYSTEM_PYTHON = "/usr/bin/python3"  # Debian's packages of Python are for this one
NAMES = {
    "community.general": f"community.general.ip_netns, and command: ip; of ansible {ANSIBLE}",
    "ifstate": f"ifstate {IFSTATE}",
    "mininet": "mininet of this Debian, building and ending",
}


def make() -> None:
    """Get what is missing, and tell those who come after us where it is, or why it is not."""
    told = {}
    for name, get in GET.items():
        try:
            told[name] = {"at": str(get())}
        except (MachineError, OSError) as error:
            told[name] = {"why": _why(str(error))}
    os.environ[TELLS] = json.dumps(told)


def _why(text: str) -> str:
    """Return the line of what a program said that tells what is wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in lines if line.lower().startswith(("e:", "error"))), lines[-1])


def found() -> dict[str, pathlib.Path | str]:
    """Return where each peer is, or why it is not."""
    told = json.loads(os.environ.get(TELLS, "{}"))
    return {
        name: pathlib.Path(told[name]["at"])
        if "at" in told.get(name, {})
        else told.get(name, {}).get("why", "not asked for")
        for name in GET
    }


def _community() -> pathlib.Path:
    """Return a folder of collections, with one that comes in a package of a hundred."""
    folder = CACHE / f"peers-ansible-{ANSIBLE}"
    done = folder / "done"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download"]
        output([*pip, "--no-deps", "-d", str(folder), f"ansible=={ANSIBLE}"])
        (wheel,) = folder.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            wanted = "ansible_collections/community/general/"
            archive.extractall(folder, [each for each in archive.namelist() if wanted in each])
        wheel.unlink()
        done.touch()
    return folder


def _ifstate() -> pathlib.Path:
    version = f"python3.{sys.version_info[1]}"
    python = os.path.join(sys.base_prefix, "bin", version)
    venv = Venv("peer-ifstate", python, ((f"ifstate=={IFSTATE}",),))
    venv.make()
    return venv.bin / "ifstatecli"


def _mininet() -> pathlib.Path:
    """Return a folder of what Debian's packages hold."""
    folder = CACHE / "peers-mininet"
    done = folder / "done"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for package in ("mininet", "net-tools"):
            output(["sh", "-c", 'cd "$1" && apt-get -q download "$2"', "-", str(folder), package])
            (file,) = folder.glob(f"{package}_*.deb")
            output(["dpkg-deb", "-x", str(file), str(folder)])
        done.touch()
    return folder


GET: dict[str, Callable[[], pathlib.Path]] = {
    "community.general": _community,
    "ifstate": _ifstate,
    "mininet": _mininet,
}
