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
import kernels
import packages
import targets

OLD = kernels.Kernel("6.1", "", lambda: pytest.fail("not to be fetched"))
NEW = kernels.Kernel("newest", "", lambda: pytest.fail("not to be fetched"))
NAMES = ["netns", "veth"]


@pytest.mark.parametrize(
    "words, jobs",
    [
        ("", ["6.1 netns", "newest netns", "6.1 veth", "newest veth"]),
        ("veth", ["6.1 veth", "newest veth"]),
        ("newest", ["newest netns", "newest veth"]),
        ("veth 6.1", ["6.1 veth"]),
    ],
)
def test_words_select(words, jobs):
    assert [str(job) for job in targets.select(words.split(), [OLD, NEW], NAMES)] == jobs


def test_an_unknown_word_is_an_error():
    with pytest.raises(targets.MachineError, match=r"vteh: no kernel or target"):
        targets.select(["6.1", "vteh"], [OLD, NEW], NAMES)


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
    program = b"ELF" + kernels.INTERPRETER + b"rest"
    moved = kernels.relocated(program)
    assert moved == b"ELF" + b"ld.so" + bytes(len(kernels.INTERPRETER) - 5) + b"rest"


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
    heard = guest.Machine(kernels.Boot(("linux",), pathlib.Path()))
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
