# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of the harness of machines needs no machine."""

from __future__ import annotations

import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(TESTS / "machines"), str(TESTS / "tools")]


import guest
import jobs
import kernels
import network
import packages
import qemu
import suites
import systems
import uml

OLD = kernels.Kernel("6.1", "", lambda: pytest.fail("not to be fetched"))
NEW = kernels.Kernel("newest", "", lambda: pytest.fail("not to be fetched"))
SLOW = kernels.Kernel("slow", "", lambda: pytest.fail("not to be fetched"), ("wireguard",))
NAMES = ["netns", "veth"]


def selected(words):
    return [str(job) for job in jobs.select(words.split(), [OLD, NEW, SLOW], NAMES)]


@pytest.mark.parametrize(
    "words, wanted",
    [
        ("veth", ["6.1 veth", "newest veth"]),
        ("veth 6.1", ["6.1 veth"]),
        ("vlan", ["6.1 kind vlan", "newest kind vlan"]),
        ("vlan veth 6.1", ["6.1 veth", "6.1 kind vlan"]),
        ("wireguard", ["6.1 kind wireguard", "newest kind wireguard", "slow kind wireguard"]),
        ("slow vlan", ["slow kind vlan"]),
    ],
)
def test_words_select(words, wanted):
    assert selected(words) == wanted


def test_without_words_all_is_selected():
    kinds = [f"kind {kind}" for kind in jobs.NAMES]
    on_each = [f"{kernel} {work}" for work in (*NAMES, *kinds) for kernel in ("6.1", "newest")]
    assert sorted(selected("")) == sorted([*on_each, "slow kind wireguard"])
    assert selected("6.1 kinds") == [f"6.1 {kind}" for kind in kinds]


def test_an_unknown_word_is_an_error():
    with pytest.raises(jobs.MachineError, match=r"vteh: no kernel, target or kind"):
        selected("6.1 vteh")


def test_a_kind_passes_when_the_matrix_says_something_and_no_failure():
    cell = '{"kind": "vlan", "cell": "create", "what": "", "outcome": "ok", "why": ""}'
    failed = cell.replace("ok", "FAIL").replace('""}', '"File exists"}')
    assert jobs.kind_outcome(guest.Done(0, f"{cell}\n")).passed
    assert not jobs.kind_outcome(guest.Done(0, "")).passed
    assert not jobs.kind_outcome(guest.Done(1, f"Traceback\n{cell}\n")).passed
    outcome = jobs.kind_outcome(guest.Done(1, f"{cell}\n{failed}\n"))
    assert not outcome.passed
    assert outcome.output == "create : File exists\nexit status 1"


@pytest.mark.parametrize(
    "listed, found",
    [
        (["http://mirror.example/debian-security/", "http://mirror.example/debian/"], 1),
        (["http://mirror.example/ubuntu/"], None),
        ([], None),
    ],
)
def test_the_mirror_that_has_all_suites(listed, found):
    expected = None if found is None else listed[found].rstrip("/")
    assert packages.find_mirror("\n".join(listed)) == expected


def test_a_loader_beside_the_program():
    program = b"ELF" + uml.INTERPRETER + b"rest"
    moved = uml.relocated(program)
    assert moved == b"ELF" + b"ld.so" + bytes(len(uml.INTERPRETER) - 5) + b"rest"


class Line:
    """A serial line that says what it is given to say, piece by piece, and then ends."""

    def __init__(self, *pieces):
        self.pieces = list(pieces)

    def settimeout(self, seconds):
        pass

    def recv(self, size):
        if not self.pieces:
            return b""
        piece = self.pieces.pop(0)
        if isinstance(piece, Exception):
            raise piece
        return piece


def hear(*pieces):
    heard = guest.Machine(uml.UserMode(pathlib.Path("linux"), pathlib.Path()))
    heard.line = Line(*pieces)
    return heard.hear("7", 1)


def test_an_answer_in_pieces():
    assert hear(b"6 1\r\nnoise\r", b"\n7 ", b"0\r\n") == "0"


def test_no_answer_in_time():
    with pytest.raises(guest.MachineError, match="no answer in 1 s"):
        hear(guest.socket.timeout())


def test_the_end_of_the_machine():
    with pytest.raises(guest.MachineError, match="has ended"):
        hear(b"7")


def test_modules_behind_those_that_they_need():
    depends = (
        "kernel/fs/9p/9p.ko.xz: kernel/fs/netfs/netfs.ko.xz kernel/net/9p/9pnet.ko.xz\n"
        "kernel/net/9p/9pnet_virtio.ko.xz: kernel/net/9p/9pnet.ko.xz\n"
        "kernel/net/9p/9pnet.ko.xz:\nkernel/fs/netfs/netfs.ko.xz:\n"
    )
    names = [
        pathlib.Path(path).name
        for path in qemu.in_order(depends, ("9pnet_virtio", "9p", "overlay"))
    ]
    assert names == ["9pnet.ko.xz", "9pnet_virtio.ko.xz", "netfs.ko.xz", "9p.ko.xz"]


def test_an_archive_that_the_kernel_unpacks():
    made = qemu.archive(["bin"], {"init": b"#!x"})
    assert len(made) % 4 == 0
    assert made.startswith(b"070701" + b"00000001" + b"000041ED")
    assert b"init\0" in made
    assert made.rstrip(b"\0").endswith(b"TRAILER!!!")


def test_what_a_package_depends_on():
    told = "linux-image-amd64\n  Depends: linux-image-6.1.0-56-amd64\n  Depends: linux-base\n"
    assert packages.begun(told, "linux-image-") == ["linux-image-6.1.0-56-amd64"]


def test_files_of_tests_on_installed_systems_have_names():
    assert suites.names() == ["hosts", "systemd"]


def test_a_system_without_a_mirror_is_named(monkeypatch):
    listed = "http://mirror.example/debian/\n"
    monkeypatch.setattr(packages.shutil, "which", lambda name: name)
    monkeypatch.setattr(packages.machine, "output", lambda command: listed)
    assert packages.mirror("debian") == "http://mirror.example/debian"
    with pytest.raises(packages.MachineError, match="mirror of Ubuntu"):
        packages.mirror("ubuntu")


def test_a_disk_is_started_in_the_network_that_it_is_plugged_in(tmp_path):
    kernel = uml.UserMode(tmp_path / "linux.uml", tmp_path / "modules")
    disk = systems.Disk(kernel, tmp_path / "image", "alpha")
    alone = disk.command(tmp_path, 5, 512)
    assert alone[0] == str(tmp_path / "linux.uml")
    assert f"ubd0={tmp_path}/disk,{tmp_path}/image" in alone
    assert not [word for word in alone if word.startswith("vec0")]

    wire = systems.Wire("tap0", "10.97.0.2", ("nsenter", "--"), "a key")
    plugged = disk._replace(wire=wire).command(tmp_path, 5, 512)
    assert plugged[:2] == ["nsenter", "--"]
    vector = "vec0:transport=tap,ifname=tap0,depth=128,gro=1,mac=02:00:00:00:00:02"
    assert {vector, "machine.name=alpha"} <= {*plugged}
    assert "machine.address=10.97.0.2/24" in plugged
    assert (tmp_path / "authorized_keys").read_text() == "a key"


def test_the_library_of_a_kernel_is_not_that_of_what_starts_it(tmp_path):
    kernel = uml.UserMode(tmp_path / "linux.uml", tmp_path / "modules", tmp_path / "lib")
    wire = systems.Wire("tap0", "10.97.0.2", ("nsenter", "--"), "a key")
    disk = systems.Disk(kernel, tmp_path / "image", "alpha", wire)
    library = f"LD_LIBRARY_PATH={tmp_path}/lib"
    assert disk.command(tmp_path, 5, 512)[:4] == ["nsenter", "--", "env", library]
    assert disk.environment().get("LD_LIBRARY_PATH") != str(tmp_path / "lib")


def test_what_came_of_a_playbook():
    recap = "PLAY RECAP ***\nalpha : ok=2  changed=1  failed=0\nbeta  : ok=0  changed=0  failed=1\n"
    played = network.Played(guest.Done(2, f"TASK [x] ***\nchanged: [alpha]\n\n{recap}"))
    assert played.counts == {
        "alpha": {"ok": 2, "changed": 1, "failed": 0},
        "beta": {"ok": 0, "changed": 0, "failed": 1},
    }
