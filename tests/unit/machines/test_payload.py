# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A compressed kernel is unpacked here, not in the emulated machine."""

from __future__ import annotations

import lzma
import pathlib
import struct
import sys

TESTS = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(TESTS / "machines"), str(TESTS / "tools")]

import payload


def image(packed: bytes) -> bytes:
    """A bzImage with one sector of set-up code, and what is packed 16 bytes behind that."""
    head = bytearray(1024)
    head[0x1F1] = 1
    head[0x202:0x206] = b"HdrS"
    struct.pack_into("<II", head, 0x248, 16, len(packed))
    return bytes(head) + bytes(16) + packed + b"rest"


def test_what_is_packed_with_xz(tmp_path):
    (tmp_path / "vmlinuz").write_bytes(image(lzma.compress(b"a kernel") + b"\x08\0\0\0"))
    found = payload.unpacked(tmp_path / "vmlinuz", tmp_path / "vmlinux")
    assert found == tmp_path / "vmlinux"
    assert found.read_bytes() == b"a kernel"


def test_what_is_packed_otherwise_is_left_to_the_kernel(tmp_path):
    for stuff in (image(b"unknown"), image(payload.XZ + b"broken"), b"MZ no kernel" * 100):
        (tmp_path / "vmlinuz").write_bytes(stuff)
        found = payload.unpacked(tmp_path / "vmlinuz", tmp_path / "vmlinux")
        assert found == tmp_path / "vmlinuz"
        assert not (tmp_path / "vmlinux").exists()
