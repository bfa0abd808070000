# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests that are marked `live` run on a machine of their own, which ends with them."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import machine


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "live: runs in new namespaces (network, mounts) with a /run of its own"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    if pyfuncitem.get_closest_marker("live") is None:
        return None
    names = pyfuncitem._fixtureinfo.argnames
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    machine.run(lambda: pyfuncitem.obj(**arguments))
    return True
