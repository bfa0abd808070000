# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes on the wire, told by pyroute2's own class for their message."""

from __future__ import annotations

import pytest
from pyroute2.netlink.rtnl.rtmsg import rtmsg

from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import Nexthop, Route
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import codec
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route import (
    kernel,
    kernel_read,
)


class Indexes:
    """Stands for the kernel where only the numbers of links are asked of it."""

    def __init__(self):
        self.sent = None

    def index(self, netns, name):
        return {"v1": 5, "w1": 6}[name]

    def socket(self, netns):
        return self

    def request(self, what, cls, kind, fields, attrs, flags):
        self.sent = codec.encode(cls, kind, flags, 1, fields, attrs)


@pytest.mark.parametrize(
    "route",
    [
        Route("10.1.0.0/16", 4, "v1", "10.0.0.9", "10.0.0.1", 5, 70000, "static", mtu=1300),
        Route("default", 4, "v1", "2001:db8::9", proto="unspec", onlink=True),
        Route("10.1.0.0/16", 4, "v1", proto="77", scope="link"),
        Route("10.1.0.0/16", 4, proto="redirect", type="blackhole"),
        Route("2001:db8::/48", 6, "v1", "fe80::1", metric=1024, proto="ra"),
        Route(
            "10.1.0.0/16",
            4,
            nexthops=(
                Nexthop("v1", "10.0.0.9", 256),
                Nexthop("w1", "2001:db8::9", 1, onlink=True),
                Nexthop("w1"),
            ),
        ),
    ],
    ids=repr,
)
def test_what_is_written_reads_the_same(route):
    indexes = Indexes()
    kernel._encode(indexes, "a", "", 24, route, 0)
    message = rtmsg(indexes.sent)
    message.decode()
    assert message["family"] == (2 if route.version == 4 else 10)
    assert message.get_attr("RTA_TABLE") == route.table
    assert message.get_attr("RTA_OIF") == (5 if route.dev else None)
    assert len(message.get_attr("RTA_MULTIPATH") or ()) == len(route.nexthops)
    lean = codec.RouteMessage.read(indexes.sent, 0)
    assert kernel_read._route(lean, {5: "v1", 6: "w1"}) == route
