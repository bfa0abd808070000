# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's kernels in QEMU, for what user-mode Linux lacks. They are slow without acceleration."""

from __future__ import annotations

import gzip
import lzma
import os
import pathlib
import shlex
import typing as t
from collections.abc import Iterable, Iterator, Mapping

import machine
import packages
import payload

NEEDED = ("virtio_pci", "9pnet_virtio", "9p", "overlay")  # modules, before there is a file system

# For the kernel: no work that only makes it safer or measures what is known.
WORDS = (
    "console=ttyS0 quiet loglevel=4 panic=-1 mitigations=off nokaslr tsc=reliable no_timer_check"
    " cryptomgr.notests apparmor=0 audit=0 nowatchdog rcupdate.rcu_expedited=1"
)

# The first process, in the memory disk: what init.sh is to user-mode Linux.
INIT = """\
#!/bin/busybox sh
b=/bin/busybox
for module in /modules/*; do $b insmod $module; done
$b mount -t proc proc /proc
for word in $($b cat /proc/cmdline); do
  case $word in machine.modules=*) modules=${word#*=} ;; esac
done
$b umount /proc
how=trans=virtio,version=9p2000.L,msize=512000
$b mount -t 9p -o $how,cache=loose,ro root /lower
$b mount -t tmpfs -o size=70% tmpfs /memory
$b mkdir /memory/upper /memory/work
$b mount -t overlay -o lowerdir=/lower,upperdir=/memory/upper,workdir=/memory/work overlay /root
$b mkdir -p /root/machine /root/lib/modules
$b mount -t 9p -o $how,cache=mmap job /root/machine
$b mount --bind /root/$modules /root/lib/modules
$b mount -t devtmpfs dev /root/dev
exec $b switch_root /root /bin/sh -c 'CONTROL=/dev/ttyS1 exec sh /machine/agent.sh' \\
  </root/dev/console >/root/dev/console 2>&1
"""


class Emulated(t.NamedTuple):
    """How QEMU starts a kernel on this machine's file system."""

    kernel: pathlib.Path
    disk: pathlib.Path  # in memory
    modules: pathlib.Path
    limit: float = 900  # seconds, to boot in; twenty are usual
    scripts: tuple[str, ...] = ("agent.sh", "commands.sh")

    @property
    def folder(self) -> pathlib.Path:
        """Where to start it."""
        return self.kernel.parent

    def environment(self) -> Mapping[str, str]:
        """What it finds in its environment."""
        return os.environ

    def command(self, shared: pathlib.Path, line: int, memory: int) -> list[str]:
        """The command that is the machine."""
        return [
            "qemu-system-x86_64",
            *shlex.split(f"{accelerated()} -accel tcg,thread=multi -cpu max,la57=off"),
            *shlex.split("-nodefaults -no-user-config -display none -no-reboot"),
            *("-m", str(memory), "-kernel", str(self.kernel), "-initrd", str(self.disk)),
            *("-append", f"{WORDS} machine.modules={self.modules}", "-serial", "stdio"),
            *("-chardev", f"socket,id=line,fd={line}", "-serial", "chardev:line"),
            *_folder("root", "/", "readonly=on,multidevs=remap"),
            *_folder("job", str(shared), "multidevs=remap"),
        ]


def accelerated() -> str:
    """What the processor helps with; a /dev/kvm on one that does not is of no use."""
    helps = {"vmx", "svm"} & set(pathlib.Path("/proc/cpuinfo").read_text().split())
    return "-accel kvm" if helps and os.access("/dev/kvm", os.W_OK) else ""


def _folder(tag: str, path: str, how: str) -> tuple[str, ...]:
    device = f"virtio-9p-pci,fsdev={tag},mount_tag={tag}"
    local = f"local,id={tag},path={path},security_model=none,{how}"
    return ("-fsdev", local, "-device", device)


def emulated(suite: str) -> Emulated:
    """The newest generic kernel of a suite."""
    machine.commands(**{"qemu-system-x86_64": "qemu-system-x86", "depmod": "kmod"})
    tree = packages.unpack(suite, "linux-image-amd64", depended="linux-image-")
    busybox = packages.unpack(suite, "busybox-static")
    kernel = next(tree.glob("boot/vmlinuz-*"))
    release = kernel.name.partition("-")[2]
    base = tree if (tree / "lib/modules").is_dir() else tree / "usr"
    modules, disk = base / "lib/modules", tree / "disk.gz"
    if not disk.exists():
        # Debian's package has this done when it is installed.
        machine.output(["depmod", "-b", str(base), release])
        part = tree / f"{os.getpid()}.part"
        part.write_bytes(gzip.compress(memory_disk(modules / release, busybox), 1))
        part.rename(disk)
    return Emulated(payload.unpacked(kernel, tree / "vmlinux"), disk, modules)


def memory_disk(modules: pathlib.Path, busybox: pathlib.Path) -> bytes:
    """What the kernel unpacks and begins with."""
    program = next(busybox.glob("**/bin/busybox")).read_bytes()
    files = {"init": INIT.encode(), "bin/busybox": program}
    depends = (modules / "modules.dep").read_text()
    for number, path in enumerate(in_order(depends, NEEDED)):
        stuff = (modules / path).read_bytes()
        name = pathlib.Path(path).name
        if name.endswith(".xz"):
            stuff, name = lzma.decompress(stuff), name[: -len(".xz")]
        files[f"modules/{number:02}-{name}"] = stuff
    folders = ("bin", "modules", "proc", "dev", "root", "lower", "memory")
    return archive(folders, files)


def in_order(depends: str, names: Iterable[str]) -> list[str]:
    """Paths of modules, each behind those that it needs, by the lines of modules.dep."""
    lines = (line.partition(":") for line in depends.splitlines())
    needs = {path: needed.split() for path, _colon, needed in lines}
    by_name = {pathlib.Path(path).name.partition(".")[0].replace("-", "_"): path for path in needs}
    found: dict[str, None] = {}
    for name in names:
        if path := by_name.get(name):  # or it is built in
            found.update(dict.fromkeys([*reversed(needs[path]), path]))
    return list(found)


def archive(folders: Iterable[str], files: Mapping[str, bytes]) -> bytes:
    """Folders and programs as a cpio archive of the form `newc` (linux/usr/gen_init_cpio.c)."""
    entries = [(name, 0o040755, b"") for name in folders]
    entries += [(name, 0o100755, stuff) for name, stuff in files.items()]
    entries.append(("TRAILER!!!", 0, b""))
    return b"".join(
        part for number, entry in enumerate(entries, 1) for part in _entry(number, *entry)
    )


def _entry(number: int, name: str, mode: int, stuff: bytes) -> Iterator[bytes]:
    fields = (number, mode, 0, 0, 1, 0, len(stuff), 0, 0, 0, 0, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
    for part in (head, stuff):
        yield part + bytes(-len(part) % 4)
