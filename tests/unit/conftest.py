# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Units need no kernel of their own: what does is in tests/integration/live."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items):
    """Refuse what would change the network of this machine."""
    for item in items:
        if item.get_closest_marker("live") and "/unit/" in item.nodeid:
            raise pytest.UsageError(f"{item.nodeid}: move it to tests/integration/live")
