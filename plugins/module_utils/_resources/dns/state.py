# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The files /etc/netns/NAME/resolv.conf and hosts, which `ip netns exec` mounts over /etc."""

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
    """A text file; ``xattrs`` are the access-related ones: SELinux context, ACL."""

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
    """The directory of a namespace under /etc/netns; ``others`` are the files that are not managed."""

    name: str
    top: bool = False  # whether /etc/netns exists
    folder: Folder | None = None
    files: t.Mapping[str, File] = field(default_factory=dict)
    others: tuple[str, ...] = field(default=(), compare=False)

    @property
    def path(self) -> str:
        """Return the path of the directory."""
        return f"{TOP}/{self.name}"

    def text(self, file: str) -> str:
        """Return the contents of a file, '' if it does not exist."""
        return self.files[file].text if file in self.files else ""


def address(text: str) -> str | None:
    """Return an address in its shortest form with its zone, None if the text is not an address."""
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
    """Return the words behind a keyword for each line that begins with it: glibc's res_init.c."""
    pattern = re.compile(rf"({'|'.join(keywords)})[ \t]+(.*)")
    return [found[2].split() for line in lines(text) if (found := pattern.match(line))]


def nameservers(text: str) -> list[str]:
    """Return the name servers that a resolv.conf lists."""
    return [address(words[0]) or words[0] for words in _words(text, "nameserver") if words]


def search(text: str) -> list[str]:
    """Return the search domains; the last search or domain line counts."""
    found = _words(text, "search", "domain")
    return found[-1] if found else []


def options(text: str) -> list[str]:
    """Return the options of the resolver."""
    return [word for words in _words(text, "options") for word in words]


def _entry(line: str) -> Entry | None:
    host, *names = line.partition("#")[0].split() or [""]
    return (address(host) or host, tuple(names)) if names else None


def entries(text: str) -> list[Entry]:
    """Return the addresses and names that a hosts file lists."""
    return [entry for line in lines(text) if (entry := _entry(line))]


def _instead(text: str, ours: t.Callable[[str], bool], new: list[str]) -> str:
    """Return a text with managed lines replaced in place of the first one, or appended at the end."""
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
    """Return a resolv.conf with the desired settings and all other lines unchanged."""
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
    """Return a hosts file with these entries; existing ones keep their formatting."""
    if list(wanted) == entries(text):
        return text
    written = {entry: line for line in reversed(lines(text)) if (entry := _entry(line))}
    new = [written.get(entry, f"{entry[0]} {' '.join(entry[1])}") for entry in wanted]
    return _instead(text, lambda line: _entry(line) is not None, new)
