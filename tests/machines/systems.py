# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installed systems, on a disk: Debian 12, 13 and Ubuntu 24.04, with systemd, sshd and Python."""

from __future__ import annotations

import fcntl
import os
import pathlib
import tempfile
import typing as t
from collections.abc import Mapping

import machine
import packages
from machine import MachineError
from uml import UserMode, user_mode, user_mode_with_library

SIZE = "2G"  # of the disk, of which only what is written takes place
INCLUDED = (
    "systemd,systemd-sysv,dbus,udev,kmod,iproute2,iputils-ping,openssh-server,sudo,python3,"
    "python3-pyroute2,nftables"
)
# The first process: all else comes from the host, so that the disk need not be made anew.
INIT = """\
#!/bin/sh
mount -t proc proc /proc
for word in $(cat /proc/cmdline); do
  case $word in machine.job=*) job=${word#*=} ;; esac
done
# As a word of its own, a newer mount's way, no hostfs takes a path.
LIBMOUNT_FORCE_MOUNT2=always mount -t hostfs -o "$job" job /machine
exec /bin/sh /machine/installed.sh
"""
# What waits for nobody here, or would begin work of its own in the middle of a test.
UNUSED = (
    "getty.target",
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "dpkg-db-backup.timer",
    "e2scrub_all.timer",
    "e2scrub_reap.service",
    "fstrim.timer",
    "motd-news.timer",
    "systemd-networkd-wait-online.service",
)


# Of the devices, only these are asked for at the boot: user-mode Linux has hundreds of terminals.
COLDPLUG = """\
[Service]
ExecStart=
ExecStart=-udevadm trigger --action=add --subsystem-match=block --subsystem-match=net
"""


class System(t.NamedTuple):
    """A system by the name that it is selected by, and where it comes from."""

    name: str
    about: str
    suite: str
    kernel: t.Callable[[], UserMode]
    distribution: str = "debian"

    def prepare(self) -> Disk:
        """Return the disk, installed if need be; what is missing for it is told."""
        return Disk(self.kernel(), _image(self))


SYSTEMS = {
    system.name: system
    for system in (
        System("debian12", "Debian 12", "bookworm", lambda: user_mode("bookworm")),
        System("debian13", "Debian 13", "trixie", lambda: user_mode_with_library("trixie")),
        System(
            "ubuntu2404",
            "Ubuntu 24.04",
            "noble",
            lambda: user_mode_with_library("trixie"),
            "ubuntu",
        ),
    )
}


class Disk(t.NamedTuple):
    """How user-mode Linux starts an installed system, on a disk that holds what differs."""

    kernel: UserMode
    image: pathlib.Path
    name: str = "machine"
    wire: Wire | None = None
    scripts: tuple[str, ...] = ("installed.sh", "booted.sh", "commands.sh")
    limit: float = 600  # seconds to boot in: ten are usual

    @property
    def folder(self) -> pathlib.Path:
        """Where to start it."""
        return self.kernel.folder

    def environment(self) -> Mapping[str, str]:
        """What it finds in its environment."""
        # The library is the kernel's alone: not of the program that leads to the network.
        return os.environ if self.wire else self.kernel.environment()

    def command(self, shared: pathlib.Path, line: int, memory: int) -> list[str]:
        """The command that is the machine."""
        words = [
            str(self.kernel.program),
            f"mem={memory}M",
            # The file of what differs is the machine's disk from one boot to the next.
            f"ubd0={shared}/disk,{self.image}",
            *("root=/dev/ubda", "rw", "init=/machine-init", "net.ifnames=0"),
            *("con=null", "con0=fd:0,fd:1", f"ssl0=fd:{line}"),
            f"uml_dir={shared}/",
            f"machine.job={shared}",
            f"machine.modules={self.kernel.modules}",
            f"machine.name={self.name}",
            *("loglevel=4", "systemd.show_status=false"),
        ]
        if not self.wire:
            return words
        (shared / "authorized_keys").write_text(self.wire.key)
        mac = f"02:00:00:00:00:{int(self.wire.address.rpartition('.')[2]):02x}"
        words += [
            f"vec0:transport=tap,ifname={self.wire.tap},depth=128,gro=1,mac={mac}",
            f"machine.address={self.wire.address}/24",
        ]
        library = self.kernel.library
        lent = ["env", f"LD_LIBRARY_PATH={library}"] if library else []
        return [*self.wire.within, *lent, *words]


class Wire(t.NamedTuple):
    """Where a machine is plugged in."""

    tap: str
    address: str
    within: tuple[str, ...]  # words that run a command in the network's namespace
    key: str  # that sshd lets in


def _image(system: System) -> pathlib.Path:
    """The disk of a system in the cache."""
    image = packages.FOLDER / f"{system.name}.ext4"
    packages.FOLDER.mkdir(parents=True, exist_ok=True)
    with open(packages.FOLDER / f"{system.name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not image.exists():
            try:
                _make(system, image)
            except MachineError as error:
                reason = str(error).strip().splitlines()[-1]
                raise MachineError(f"{system.about} ({reason})") from error
    return image


def _make(system: System, image: pathlib.Path) -> None:
    """Install a system and make a disk of it."""
    mirror, keyring = source(system.distribution)
    machine.commands(**{"debootstrap": "debootstrap", "mkfs.ext4": "e2fsprogs"})
    print(f"Installing {system.about} in {image}", flush=True)
    with tempfile.TemporaryDirectory(dir=packages.FOLDER) as temporary:
        tree = pathlib.Path(temporary, "tree")
        words = ["debootstrap", "--variant=minbase", f"--include={INCLUDED}"]
        words += [f"--keyring={keyring}", system.suite, str(tree), mirror]
        scripts = pathlib.Path("/usr/share/debootstrap/scripts")
        if not (scripts / system.suite).exists():  # An older debootstrap knows its siblings.
            words.append(str(scripts / ("gutsy" if system.distribution == "ubuntu" else "sid")))
        # What it mounts is gone with it, also when it is ended.
        machine.output(["unshare", "--mount", "--propagation", "private", *words])
        configure(tree)
        part = pathlib.Path(temporary, "disk")
        machine.output(["mkfs.ext4", "-q", "-d", str(tree), str(part), SIZE])
        part.rename(image)  # Last: what was interrupted is begun again.


def source(distribution: str) -> tuple[str, pathlib.Path]:
    """The mirror of a distribution that apt knows, and the keys that it is signed with."""
    keyring = pathlib.Path(f"/usr/share/keyrings/{distribution}-archive-keyring.gpg")
    mirror = packages.mirror(distribution)
    if not keyring.exists():
        raise MachineError(f"the keys {keyring}")
    return mirror, keyring


def configure(tree: pathlib.Path) -> None:
    """Make a tree of packages a machine of the tests."""
    init = tree / "machine-init"
    init.write_text(INIT)
    init.chmod(0o755)
    (tree / "etc/fstab").write_text("")
    for name in ("machine", "var/log/journal", "root/.ssh"):  # The journal outlives a reboot.
        (tree / name).mkdir(parents=True, exist_ok=True)
    units = tree / "etc/systemd/system"
    for unit in UNUSED:
        (units / unit).unlink(missing_ok=True)
        (units / unit).symlink_to("/dev/null")
    coldplug = units / "systemd-udev-trigger.service.d"
    coldplug.mkdir(exist_ok=True)
    (coldplug / "machine.conf").write_text(COLDPLUG)
    wanted = units / "multi-user.target.wants"
    wanted.mkdir(exist_ok=True)
    for unit in ("systemd-networkd.service", "ssh.service"):
        link = wanted / unit
        if not link.is_symlink():
            link.symlink_to(f"/usr/lib/systemd/system/{unit}")
