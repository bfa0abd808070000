# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task loads of pyroute2, and that the oldest one writes what the newest writes."""

from __future__ import annotations

import json
import subprocess
import sys
import types

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    attributes as nla,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    codec,
    messages,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address import (
    kernel as address_apply,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link import (
    kernel_codec as link_codec,
)

HERE = "ansible_collections.linuxnet.netns.plugins.module_utils"
SCRIPT = f"""
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
def loaded():
    return sorted(name for name in sys.modules if name.startswith(("pyroute2", "multiproc")))
import {HERE}._engine.kernel
print(json.dumps(loaded()))
from {HERE}._netlink.messages import pyroute2_class
ifaddrmsg = pyroute2_class("pyroute2.netlink.rtnl.ifaddrmsg", "ifaddrmsg")
print(json.dumps([loaded(), ifaddrmsg.__module__]))
from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg
import pyroute2
print(json.dumps([bool(pyroute2.IPRoute), pyroute2.netlink.rtnl.ifinfmsg.ifinfmsg is ifinfmsg]))
rtmsg = pyroute2_class("pyroute2.netlink.rtnl.rtmsg", "rtmsg")
print(json.dumps(rtmsg.__module__))
"""
IFA_RT_PRIORITY = 9
IFINFMSG = messages.pyroute2_class("pyroute2.netlink.rtnl.ifinfmsg", "ifinfmsg")
NSIDMSG = messages.pyroute2_class("pyroute2.netlink.rtnl.nsidmsg", "nsidmsg")


def test_reading_loads_nothing_of_pyroute2_and_nobody_is_in_its_way():
    command = [sys.executable, "-c", SCRIPT, json.dumps(sys.path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    at_first, ours, whole, later = map(json.loads, done.stdout.splitlines())
    assert at_first == []
    assert ours == [[], "pyroute2.netlink.rtnl.ifaddrmsg"]
    assert whole == [True, True]
    assert later == "pyroute2.netlink.rtnl.rtmsg"


def test_a_pyroute2_without_a_class_is_no_reason_for_a_traceback():
    with pytest.raises(NetnsError, match="pyroute2 cannot be imported: "):
        messages.pyroute2_class("pyroute2.netlink.none", "none")


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ("pyroute2-0.7.11.dist-info", "0.7.11"),  # as in Ubuntu 24.04
        ("pyroute2-0.7.2-py3.11.egg-info", "0.7.2"),
        ("pyroute2-0.7.2.egg-info", "0.7.2"),
        ("pyroute2.core-0.6.13.dist-info", None),
        ("other-1.dist-info", None),
    ],
)
def test_a_version_is_told_by_a_file_or_by_what_lies_beside(tmp_path, beside, said):
    package = tmp_path / "pyroute2"
    (package / "config").mkdir(parents=True)
    (tmp_path / beside).mkdir()
    assert messages._version(str(package)) == said
    (package / "config" / "version.py").write_text("__version__ = '0.9.7'\n")
    assert messages._version(str(package)) == "0.9.7"


def test_a_version_that_is_too_old_is_named(tmp_path):
    package = types.ModuleType("pyroute2")
    package.__path__ = [str(tmp_path / "pyroute2")]
    with pytest.raises(messages.TooOld, match="version cannot be found"):
        messages._check(package)
    (tmp_path / "pyroute2-0.5.14.egg-info").mkdir()
    with pytest.raises(
        messages.TooOld, match=r"pyroute2 0\.5\.14 is too old\. Install 0\.7\.2 or newer"
    ):
        messages._check(package)


@pytest.mark.parametrize("nsid", [0, 7, 2147483647])
def test_the_number_of_a_namespace_is_written_as_pyroute2_writes_it(nsid):
    attrs = [("NETNSA_NSID", nsid), ("NETNSA_FD", 5)]
    ours, theirs = (codec.encode(cls, 88, 5, 1, {}, attrs) for cls in (codec.NsidMessage, NSIDMSG))
    assert ours == theirs


def test_the_metric_of_an_address_is_written():
    fields = {"family": 2, "prefixlen": 24, "flags": 0, "scope": 0, "index": 1}
    attrs = [("IFA_LOCAL", "192.0.2.1"), ("IFA_RT_PRIORITY", 50)]
    data = codec.encode(address_apply.AddressRequest, 20, 0, 1, fields, attrs)
    written = dict(nla.attributes(data, codec.HEADER.size + 8, len(data)))
    assert nla.u32(written[IFA_RT_PRIORITY]) == 50


END = [("IFLA_IFNAME", "one"), ("IFLA_NET_NS_FD", 5), ("IFLA_ADDRESS", "02:00:00:00:00:01")]
OTHER = [("IFLA_IFNAME", "other"), ("IFLA_MTU", 1400), ("IFLA_TXQLEN", 9), ("IFLA_GROUP", 3)]


def test_a_veth_is_written_as_pyroute2_writes_it():
    peer = {"index": 7, "attrs": OTHER}
    info = {
        "attrs": [
            ("IFLA_INFO_KIND", "veth"),
            ("IFLA_INFO_DATA", {"attrs": [("VETH_INFO_PEER", peer)]}),
        ]
    }
    theirs = [*END, ("IFLA_LINKINFO", info)]
    ours = [*END, link_codec.veth(OTHER, 7)]
    fields = {"index": 4, "flags": 1, "change": 1}
    assert codec.encode(link_codec.LinkRequest, 16, 0x605, 8, fields, ours) == codec.encode(
        IFINFMSG, 16, 0x605, 8, fields, theirs
    )


@pytest.mark.parametrize(
    "attribute",
    [
        ("IFLA_IFALIAS", ""),
        ("IFLA_IFALIAS", "two words"),
        ("IFLA_MASTER", 0),
        ("IFLA_NEW_IFINDEX", 12),
    ],
    ids=str,
)
def test_a_change_of_a_link_is_written_as_pyroute2_writes_it(attribute):
    ours, theirs = (
        codec.encode(cls, 19, 5, 1, {"index": 4}, [attribute])
        for cls in (link_codec.LinkRequest, IFINFMSG)
    )
    assert ours == theirs


def test_a_request_that_was_made_before_gets_its_own_number():
    one, other = (
        codec.encode(codec.LinkMessage, 18, 0x301, number, {}, [("IFLA_EXT_MASK", 8)])
        for number in (1, 2)
    )
    assert (one[8:12], other[8:12]) == (b"\1\0\0\0", b"\2\0\0\0")
    assert one[:8] + one[12:] == other[:8] + other[12:]
