# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change in any release.

"""Validate the answer of a host about its namespaces: the host may be untrusted."""

from __future__ import annotations

import typing as t

MAX_DEPTH = 8  # lists and dictionaries nested in each other; netns_info has five

TEXT, NUMBER, TRUTH, NOTHING = "a text", "a number", "true or false", "null"
TYPES = {str: TEXT, int: NUMBER, float: NUMBER, bool: TRUTH, type(None): NOTHING}
PEER: dict[str, t.Any] = {  # of a veth; null for others
    "name": (TEXT,),
    "netns": (TEXT, NOTHING),
    "nsid": (NUMBER, NOTHING),
}
LINK: dict[str, t.Any] = {
    "name": (TEXT,),
    "index": (NUMBER,),
    "kind": (TEXT, NOTHING),
    "mac": (TEXT, NOTHING),
    "mtu": (NUMBER,),
    "up": (TRUTH,),
    "operstate": (TEXT,),
    "master": (TEXT, NOTHING),
    "addresses": [(TEXT,)],
    "peer": PEER,
}
NAMESPACE: dict[str, t.Any] = {
    "name": (TEXT, NOTHING),
    "nsid": (NUMBER, NOTHING),
    "links": [LINK],
    "routes": [{"dst": (TEXT,), "dev": (TEXT, NOTHING), "via": (TEXT, NOTHING)}],
    "pids": [(NUMBER,)],
}


def namespaces(answer: t.Any) -> list[dict[str, t.Any]]:
    """Return the answer if it has the structure of netns_info's result, or raise ValueError."""
    _check([NAMESPACE], answer, "namespaces")
    checked: list[dict[str, t.Any]] = answer
    return checked


def _check(structure: t.Any, value: t.Any, at: str) -> None:
    """Raise ValueError if a value has another structure; unknown keys may hold any plain data."""
    if isinstance(structure, list):
        if not isinstance(value, list):
            raise ValueError(f"{at} is {_kind(value)}, not a list")
        for number, each in enumerate(value):
            _check(structure[0], each, f"{at}[{number}]")
    elif structure is PEER and value is None:
        pass
    elif isinstance(structure, dict):
        if not isinstance(value, dict):
            raise ValueError(f"{at} is {_kind(value)}, not a dictionary")
        if "name" in structure and "name" not in value:
            raise ValueError(f"{at} has no name")
        for key, each in value.items():
            if key in structure:
                _check(structure[key], each, f"{at}.{key}")
            else:
                _check_plain(each, f"{at}.{key}"[:200], MAX_DEPTH)
    elif _kind(value) not in structure:
        raise ValueError(f"{at} is {_kind(value)}, not {' or '.join(structure)}")


def _check_plain(value: t.Any, at: str, levels: int) -> None:
    if isinstance(value, (list, dict)):
        if not levels:
            raise ValueError(f"{at} is nested too deep")
        for each in value.values() if isinstance(value, dict) else value:
            _check_plain(each, at, levels - 1)


def _kind(value: t.Any) -> str:
    """Return the type of a value, as a phrase."""
    for kind in type(value).__mro__:  # Ansible has subclasses of str and int
        if kind in TYPES:
            return TYPES[kind]
    return "a list" if isinstance(value, list) else "a dictionary"
