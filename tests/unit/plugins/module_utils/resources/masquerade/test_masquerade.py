# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Masquerading: what is stated, planned, written and read, and nft itself on the live kernel."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import (
    BadInput,
    NetnsError,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.masquerade import (
    kernel as nft,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.masquerade.operations import (
    SetMasquerade,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.masquerade.state import (
    Masquerade,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
)

SOURCES = ["10.0.0.0/24", "10.3.0.1/32", "fd00::/64"]


def test_without_nft():
    with pytest.raises(NetnsError, match="install the package nftables"):
        nft.read(Kernel(), "", "linuxnet_lab")


def rule(source, way, comment="linuxnet.netns", verdict="masquerade"):
    left = {"payload": {"protocol": "ip", "field": "saddr"}}
    first = {"match": {"op": "==", "left": left, "right": source}}
    return {"rule": {"comment": comment, "expr": [first, way, {verdict: None}]}}


OUT = {"match": {"op": "==", "left": {"meta": {"key": "oifname"}}, "right": "wan0"}}
NET = {"prefix": {"addr": "10.0.0.0", "len": 24}}


def test_rules_of_others_are_counted():
    assert nft.parsed("t", [rule(NET, OUT)]) == Masquerade("t", ("10.0.0.0/24",), "wan0")
    others = [
        rule(NET, OUT, comment="mine"),
        rule(NET, OUT, verdict="drop"),
        {"rule": {"comment": "linuxnet.netns", "expr": [{}, {}, {"masquerade": None}]}},
        {"set": {"name": "s"}},
    ]
    assert nft.parsed("t", others).foreign == 4
    mixed = nft.parsed(
        "t",
        [
            rule(NET, OUT),
            rule(
                "10.1.1.1",
                {
                    "match": {
                        "op": "!=",
                        "left": {"payload": {"field": "daddr"}},
                        "right": "10.1.1.1",
                    }
                },
            ),
        ],
    )
    assert (mixed.sources, mixed.foreign) == ((), 0)


def test_the_way_back_is_exact():
    old, new = Masquerade("t", ("10.0.0.0/24",)), Masquerade("t", ("10.1.0.0/24",), "wan0")
    step = SetMasquerade("/proc/1/ns/net", "t", new, old)
    assert step.inverse() == SetMasquerade("/proc/1/ns/net", "t", old, new)
    assert step.command().startswith("nsenter --net=/proc/1/ns/net nft 'add table inet t; delete")
    assert SetMasquerade("", "t", None, old).command() == (
        "nft 'add table inet t; delete table inet t'"
    )


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (
            {"name": "x y", "source": SOURCES},
            "name 'x y' must be a letter and up to 31 letters, digits or '_'",
        ),
        ({"name": "x", "source": ["10.0.0.1/24"]}, "has host bits set"),
        ({"name": "x", "source": []}, "source is empty"),
        ({"name": "x", "source": SOURCES, "out": "a/b"}, "cannot be the name of a link"),
    ],
)
def test_refused(stated, words):
    with pytest.raises(BadInput) as refused:
        modules.job("netns_masquerade", **stated)
    assert words in str(refused.value)
