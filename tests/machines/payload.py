# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel inside of a compressed one: a machine in QEMU takes half of its boot to unpack it."""

from __future__ import annotations

import lzma
import pathlib
import struct
import subprocess

import machine
from machine import MachineError

XZ, ZSTD = b"\xfd7zXZ\0", b"(\xb5/\xfd"


def unpacked(compressed: pathlib.Path, to: pathlib.Path) -> pathlib.Path:
    """Return a file with the kernel itself, or the compressed one if it can't be unpacked here."""
    if to.exists():
        return to
    packed = payload(compressed.read_bytes())
    part = to.with_suffix(".part")
    try:
        if packed.startswith(XZ):
            part.write_bytes(lzma.LZMADecompressor().decompress(packed))
        elif packed.startswith(ZSTD):
            machine.commands(zstd="zstd")
            with open(part, "wb") as file:
                # The length of the kernel stands behind the compressed data: not zstd's.
                subprocess.run(
                    ["zstd", "-dcq"], input=packed[:-4], stdout=file, check=True, timeout=60
                )
        else:
            return compressed
    except (MachineError, OSError, subprocess.SubprocessError, lzma.LZMAError):
        return compressed
    part.rename(to)
    return to


def payload(image: bytes) -> bytes:
    """Return the compressed kernel of a bzImage (Documentation/arch/x86/boot.rst)."""
    if image[0x202:0x206] != b"HdrS":
        return b""
    sectors = image[0x1F1] or 4
    offset, length = struct.unpack_from("<II", image, 0x248)
    begin = (sectors + 1) * 512 + offset
    return image[begin : begin + length]
