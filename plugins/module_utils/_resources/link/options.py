# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The options of the netns_link module, which are those of an entry of netns_topology too."""

from __future__ import annotations

import typing as t

from ..._core.link_table import arguments
from .kinds.option import Option
from .kinds.table import KINDS, PORT

WIREGUARD: dict[str, t.Any] = {
    "private_key": {"type": "str", "no_log": True},
    "listen_port": {"type": "int"},
    "fwmark": {"type": "int"},
    "peers": {
        "type": "list",
        "elements": "dict",
        "options": {
            "public_key": {"type": "str", "required": True, "no_log": False},
            "preshared_key": {"type": "str", "no_log": True},
            "endpoint": {"type": "str"},
            "allowed_ips": {"type": "list", "elements": "str"},
            "persistent_keepalive": {"type": "int", "no_log": False},
        },
    },
    "purge_peers": {"type": "bool", "default": False},
}
TYPES = {
    "number": "int",
    "switch": "bool",
    "onoff": "bool",
    "seconds": "float",
    "ip": "str",
    "ip6": "str",
    "link": "str",
    "user": "str",
    "hex": "str",
}


def of_table(options: t.Mapping[str, Option]) -> dict[str, t.Any]:
    """Return the argument specification of the options of a kind, or of a port."""
    return {name: _argument(name, option) for name, option in options.items()}


def _argument(name: str, option: Option) -> dict[str, t.Any]:
    if isinstance(option.form, dict):
        return {"type": "str", "choices": list(option.form)}
    found: dict[str, t.Any] = {"type": TYPES[option.form]}
    if name.endswith("key"):  # of GRE and VTI: a number in each packet, no secret
        found["no_log"] = False
    return found


SPEC: dict[str, t.Any] = {
    "name": {"type": "str", "required": True},
    "netns": {"type": "str"},
    "move_from": {"type": "str"},
    "new_name": {"type": "str"},
    **arguments(),
    "type": {"type": "str", "choices": list(KINDS)},
    "parent": {"type": "str"},
    "parent_netns": {"type": "str"},
    "socket_netns": {"type": "str"},
    "force": {"type": "bool", "default": False},
    **{
        name: {"type": "dict", "options": of_table(kind.options)}
        for name, kind in KINDS.items()
        if kind.options
    },
    "wireguard": {"type": "dict", "options": WIREGUARD},
    "bridge_port": {
        "type": "dict",
        "options": {
            "tagged": {"type": "list", "elements": "int"},
            "untagged": {"type": "list", "elements": "int"},
            "pvid": {"type": "int"},
            **of_table(PORT),
        },
    },
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}
