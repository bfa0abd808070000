# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task loads of pyroute2, and that the oldest one writes what the newest writes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._kernel import (
    address_apply,
    codec,
    messages,
)

HERE = "ansible_collections.linuxnet.netns.plugins.module_utils._kernel"
SCRIPT = f"""
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
import {HERE}.kernel
loaded = {{name for name in sys.modules if name.startswith(("pyroute2", "multiprocessing"))}}
from {HERE}.messages import ifinfmsg
print(json.dumps([sorted(loaded), ifinfmsg.__module__, "pyroute2" in sys.modules]))
import pyroute2
from pyroute2.netlink import nlmsg
print(json.dumps([bool(pyroute2.IPRoute), issubclass(ifinfmsg, nlmsg)]))
"""
IFA_RT_PRIORITY = 9


def test_reading_loads_the_base_class_alone():
    command = [sys.executable, "-c", SCRIPT, json.dumps(sys.path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    (loaded, module, taken), whole = map(json.loads, done.stdout.splitlines())
    assert "pyroute2.netlink" in loaded
    assert not [name for name in loaded if name.startswith(("pyroute2.netlink.rtnl", "multi"))]
    assert module == "pyroute2.netlink.rtnl.ifinfmsg"
    assert not taken  # whoever wants all of pyroute2 gets it
    assert whole == [True, True]


def test_only_message_classes_are_there():
    with pytest.raises(AttributeError):
        messages.IPRoute  # noqa: B018


def test_the_metric_of_an_address_is_written():
    fields = {"family": 2, "prefixlen": 24, "flags": 0, "scope": 0, "index": 1}
    attrs = [("IFA_LOCAL", "192.0.2.1"), ("IFA_RT_PRIORITY", 50)]
    data = codec.encode(address_apply.AddressRequest, 20, 0, 1, fields, attrs)
    written = dict(codec.attributes(data, codec.HEADER.size + 8, len(data)))
    assert codec.u32(written[IFA_RT_PRIORITY]) == 50
