# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What `ip netns exec` lays over /etc for a namespace: /etc/netns/NAME/resolv.conf and hosts."""

from __future__ import annotations

import re
import socket
import typing as t

from ..._core.record import dataclass, field

TOP = "/etc/netns"  # NETNS_ETC_DIR of iproute2's include/namespace.h
RESOLV, HOSTS = "resolv.conf", "hosts"
FILES = (RESOLV, HOSTS)

Xattrs = tuple[tuple[str, bytes], ...]
Entry = tuple[str, tuple[str, ...]]  # an address and its names


@dataclass(frozen=True)
class File:
    """A text file. ``xattrs`` are those that say who may use it: its SELinux context, its ACL."""

    text: str
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    xattrs: Xattrs = ()


@dataclass(frozen=True)
class Folder:
    """A directory."""

    mode: int = 0o755
    uid: int = 0
    gid: int = 0
    xattrs: Xattrs = ()


@dataclass(frozen=True)
class Etc:
    """The directory of one namespace below /etc/netns. ``others`` are the files that are not ours."""

    name: str
    top: bool = False  # whether /etc/netns is there
    folder: Folder | None = None
    files: t.Mapping[str, File] = field(default_factory=dict)
    others: tuple[str, ...] = field(default=(), compare=False)

    @property
    def path(self) -> str:
        """Return where it is."""
        return f"{TOP}/{self.name}"

    def text(self, file: str) -> str:
        """Return what a file holds, nothing where it is not there."""
        return self.files[file].text if file in self.files else ""


def address(text: str) -> str | None:
    """Return an address as it is written shortest, with its zone, None if it is none."""
    host, percent, zone = text.partition("%")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        plain = socket.inet_ntop(family, socket.inet_pton(family, host))
    except (OSError, ValueError):
        return None
    if percent and (family == socket.AF_INET or not re.fullmatch(r"[^\s/%#;]+", zone)):
        return None
    return f"{plain}{percent}{zone}"


def lines(text: str) -> list[str]:
    """Return the lines of a file."""
    return text.removesuffix("\n").split("\n") if text else []


def _words(text: str, *keywords: str) -> list[list[str]]:
    """Return what follows a keyword, for each line that begins with it: res_init.c of glibc."""
    pattern = re.compile(rf"({'|'.join(keywords)})[ \t]+(.*)")
    return [found[2].split() for line in lines(text) if (found := pattern.match(line))]


def nameservers(text: str) -> list[str]:
    """Return the name servers that a resolv.conf lists."""
    return [address(words[0]) or words[0] for words in _words(text, "nameserver") if words]


def search(text: str) -> list[str]:
    """Return the domains that names are looked for in; the last line is the one that counts."""
    found = _words(text, "search", "domain")
    return found[-1] if found else []


def options(text: str) -> list[str]:
    """Return the options of the resolver."""
    return [word for words in _words(text, "options") for word in words]


def _entry(line: str) -> Entry | None:
    host, *names = line.partition("#")[0].split() or [""]
    return (address(host) or host, tuple(names)) if names else None


def entries(text: str) -> list[Entry]:
    """Return the addresses that a hosts file gives names to."""
    return [entry for line in lines(text) if (entry := _entry(line))]


def _instead(text: str, ours: t.Callable[[str], bool], new: list[str]) -> str:
    """Return a text with new lines where the first of ours was, else at the end; all else stays."""
    kept: list[str] = []
    at = None
    for line in lines(text):
        if not ours(line):
            kept.append(line)
        elif at is None:
            at = len(kept)
    at = len(kept) if at is None else at
    return "".join(f"{line}\n" for line in (*kept[:at], *new, *kept[at:]))


def resolv_conf(
    text: str,
    wanted_nameservers: t.Sequence[str] | None,
    wanted_search: t.Sequence[str] | None,
    wanted_options: t.Sequence[str] | None,
) -> str:
    """Return a resolv.conf with what is wanted, and the rest of it as it was."""
    new: list[tuple[str, list[str]]] = []
    if wanted_search is not None and list(wanted_search) != search(text):
        stated = [f"search {' '.join(wanted_search)}"] if wanted_search else []
        new.append(("search|domain", stated))
    if wanted_nameservers is not None and list(wanted_nameservers) != nameservers(text):
        new.append(("nameserver", [f"nameserver {each}" for each in wanted_nameservers]))
    if wanted_options is not None and list(wanted_options) != options(text):
        stated = [f"options {' '.join(wanted_options)}"] if wanted_options else []
        new.append(("options", stated))
    for keywords, stated in new:
        pattern = re.compile(rf"({keywords})([ \t]|$)")
        text = _instead(text, lambda line, ours=pattern: bool(ours.match(line)), stated)  # type: ignore[misc]
    return text


def hosts(text: str, wanted: t.Sequence[Entry]) -> str:
    """Return a hosts file with these entries, those that are there already as they are written."""
    if list(wanted) == entries(text):
        return text
    written = {entry: line for line in reversed(lines(text)) if (entry := _entry(line))}
    new = [written.get(entry, f"{entry[0]} {' '.join(entry[1])}") for entry in wanted]
    return _instead(text, lambda line: _entry(line) is not None, new)
