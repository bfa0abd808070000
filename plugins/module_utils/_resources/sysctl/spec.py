# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a task states of kernel parameters, normalised."""

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
    """Return a parameter as a path below /proc/sys.

    As with sysctl(8), the first separator says which one is meant: net.ipv4.conf.eth0/1.forwarding
    and net/ipv4/conf/eth0.1/forwarding are the same parameter.
    """
    if text.startswith("/"):
        hint = text[len("/proc/sys/") :] if text.startswith("/proc/sys/") else "net.ipv4.ip_forward"
        raise BadInput(f"A parameter is named from net on, as {hint}: {text!r}")
    dot, slash = text.find("."), text.find("/")
    path = sysctl.shown(text) if dot >= 0 and (slash < 0 or dot < slash) else text
    parts = path.split("/")
    if "\0" in text or any(part in ("", ".", "..") for part in parts) or text != text.strip():
        raise BadInput(f"{text!r} is no name of a parameter; net.ipv4.ip_forward is")
    if parts[0] != "net":
        why = ELSEWHERE.get(parts[0], f"{parts[0]}.* is the whole machine's")
        raise BadInput(f"{text} is no parameter of a network namespace, only net.* is: {why}")
    if len(parts) == 1:
        raise BadInput(f"{text!r} is a directory of parameters; net.ipv4.ip_forward is one")
    found = sysctl.of(path)
    if found is not None and found.link is not None:
        parse.link_name(found.link)
    return path


def _is_final(path: str) -> bool:
    """Return whether a parameter cannot be unset once it is set: the last thing to do."""
    return path.endswith("/" + sysctl.SECRET)


def _text(name: str, stated: t.Any) -> str:
    """Return a value as text, whichever YAML made of it."""
    if isinstance(stated, bool):
        return str(int(stated))
    if isinstance(stated, (list, tuple)):
        return " ".join(_text(name, each) for each in stated)
    if isinstance(stated, (str, int)):
        if "\0" in str(stated):
            raise BadInput(f"The value of {name} holds a NUL")
        return str(stated)
    raise BadInput(f"The value of {name} is a number, a text, or a list of them: {stated!r}")


@dataclass(frozen=True)
class SysctlsSpec:
    """Parameters of a namespace, by key, with their values."""

    place: str
    values: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, options: Options) -> SysctlsSpec:
        """Read the options of the netns_sysctl module."""
        listed = options["sysctls"]
        if listed is None:
            listed = {options["name"]: options["value"]}
        if not listed:
            raise BadInput("sysctls is empty: no parameter is named")
        values: dict[str, str] = {}
        told: dict[str, str] = {}
        for name, stated in listed.items():
            path = key(str(name))
            text = sysctl.value(path, _text(str(name), stated))
            one = sysctl.ALIASES.get(path, path)
            if told.setdefault(one, text) != text:
                raise BadInput(f"{name} is stated twice: as {told[one]!r} and as {text!r}")
            values[path] = text
        ordered = sorted(
            values.items(), key=lambda each: (_is_final(each[0]), sysctl.order(each[0]))
        )
        return cls(parse.place(options["netns"]), tuple(ordered))

    @property
    def keys(self) -> tuple[str, ...]:
        """Return what is asked for."""
        return tuple(key for key, _value in self.values)
