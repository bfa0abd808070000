# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Desired kernel parameters, normalised from a task's options."""

from __future__ import annotations

import typing as t

from ..._core import parse
from ..._core.errors import BadInput
from ..._core.record import dataclass
from . import state as sysctl

Options = t.Mapping[str, t.Any]

ELSEWHERE = {
    "user": "user.* belongs to user namespaces",
    "kernel": "kernel.* is the whole machine's, or of namespaces of another kind",
}


def key(text: str) -> str:
    """Return a parameter as a path under /proc/sys.

    As with sysctl(8), the first separator decides: net.ipv4.conf.eth0/1.forwarding
    and net/ipv4/conf/eth0.1/forwarding are the same parameter.
    """
    if text.startswith("/"):
        hint = text[len("/proc/sys/") :] if text.startswith("/proc/sys/") else "net.ipv4.ip_forward"
        raise BadInput(f"parameter {text!r} must be named as in sysctl(8), for example {hint}")
    dot, slash = text.find("."), text.find("/")
    path = sysctl.shown(text) if dot >= 0 and (slash < 0 or dot < slash) else text
    parts = path.split("/")
    if "\0" in text or any(part in ("", ".", "..") for part in parts) or text != text.strip():
        raise BadInput(f"parameter {text!r} is not a valid name; write it as net.ipv4.ip_forward")
    if parts[0] != "net":
        why = ELSEWHERE.get(parts[0], f"{parts[0]}.* is the whole machine's")
        raise BadInput(
            f"parameter {text} does not belong to network namespaces, only net.* does: {why}"
        )
    if len(parts) == 1:
        raise BadInput(
            f"parameter {text!r} is a directory; name a file in it, as net.ipv4.ip_forward"
        )
    found = sysctl.of(path)
    if found is not None and found.link is not None:
        parse.link_name(found.link)
    return path


def _is_final(path: str) -> bool:
    """Return whether a parameter cannot be unset again, so that it is set last."""
    return path.endswith("/" + sysctl.SECRET)


def _text(name: str, stated: t.Any) -> str:
    """Return a value as text, of whatever type YAML parsed it as."""
    if isinstance(stated, bool):
        return str(int(stated))
    if isinstance(stated, (list, tuple)):
        return " ".join(_text(name, each) for each in stated)
    if isinstance(stated, (str, int)):
        if "\0" in str(stated):
            raise BadInput(f"value of {name} must not contain a NUL")
        return str(stated)
    raise BadInput(f"value {stated!r} of {name} must be a number, a text, or a list of these")


@dataclass(frozen=True)
class SysctlsSpec:
    """Desired values of a namespace's parameters, by key."""

    place: str
    values: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, options: Options) -> SysctlsSpec:
        """Read the options of the netns_sysctl module."""
        listed = options["sysctls"]
        if listed is None:
            listed = {options["name"]: options["value"]}
        if not listed:
            raise BadInput("sysctls is empty; list at least one parameter")
        values: dict[str, str] = {}
        by_key: dict[str, str] = {}
        for name, stated in listed.items():
            path = key(str(name))
            text = sysctl.value(path, _text(str(name), stated))
            one = sysctl.ALIASES.get(path, path)
            if by_key.setdefault(one, text) != text:
                raise BadInput(
                    f"{name} is listed twice, with {by_key[one]!r} and with {text!r}; list it once"
                )
            values[path] = text
        ordered = sorted(
            values.items(), key=lambda each: (_is_final(each[0]), sysctl.order(each[0]))
        )
        return cls(parse.of_option("netns", parse.place, options["netns"]), tuple(ordered))

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the listed parameters."""
        return tuple(key for key, _value in self.values)
