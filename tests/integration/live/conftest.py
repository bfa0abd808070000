# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each test here runs on a machine of its own, which ends with it."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import machine


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "makes_machines: makes the machines that it needs, and itself runs on none"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Run a test in a child with namespaces (network, mounts) and a /run of its own."""
    if pyfuncitem.get_closest_marker("makes_machines"):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    machine.run(lambda: pyfuncitem.obj(**arguments))
    return True
