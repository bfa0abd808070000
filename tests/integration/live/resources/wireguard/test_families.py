# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Families of generic netlink have numbers of which each kernel makes its own."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import (
    KernelError,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import genetlink


def test_families_have_numbers():
    sock = genetlink.open_socket()
    try:
        assert genetlink.family(sock, "nlctrl", "ask") == genetlink.GENL_ID_CTRL
        with pytest.raises(KernelError, match=r"^ask: .*this kernel has no nobodys$"):
            genetlink.family(sock, "nobodys", "ask")
    finally:
        sock.close()
