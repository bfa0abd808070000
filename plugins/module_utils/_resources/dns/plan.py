# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operations that turn a namespace's files under /etc/netns into the desired ones."""

from __future__ import annotations

import typing as t

from ..._core.plan_builder import PlanBuilder
from ..._core.record import replace
from . import operations as op
from . import state as dns
from .spec import DnsSpec

MAXNS = 3  # resolv.h: glibc and musl query that many name servers


def plan(builder: PlanBuilder, desired: DnsSpec) -> None:
    """Plan the files of one namespace."""
    if not desired.present:
        _absent(builder, desired)
        return
    etc = builder.host.etc[desired.name]
    if desired.has_resolv_conf:
        text = dns.resolv_conf(
            etc.text(dns.RESOLV), desired.nameservers, desired.search, desired.options
        )
        _write(builder, desired.name, dns.RESOLV, text)
    if desired.entries is not None:
        _write(builder, desired.name, dns.HOSTS, dns.hosts(etc.text(dns.HOSTS), desired.entries))
    if len(desired.nameservers or ()) > MAXNS:
        builder.warnings.append(
            f"nameservers lists {len(desired.nameservers or ())} servers; resolvers query the first"
            f" {MAXNS} only"
        )


def _write(builder: PlanBuilder, name: str, file: str, text: str) -> None:
    etc = builder.host.etc[name]
    old = etc.files.get(file)
    if old is not None and old.text == text:
        return
    if not etc.top:
        builder.add(op.MakeFolder(dns.TOP, dns.Folder()))
    if etc.folder is None:
        builder.add(op.MakeFolder(etc.path, dns.Folder()))
    new = dns.File(text) if old is None else replace(old, text=text)
    builder.add(op.WriteFile(name, file, new, old))


def _absent(builder: PlanBuilder, desired: DnsSpec) -> None:
    etc = builder.host.etc[desired.name]
    for file in dns.FILES:
        if file in etc.files:
            builder.add(op.RemoveFile(desired.name, file, etc.files[file]))
    if etc.folder is not None and not etc.others:
        builder.add(op.RemoveFolder(etc.path, etc.folder))


def shown(etc: dns.Etc) -> dict[str, t.Any]:
    """Return the files as results show them: parsed, and their lines."""
    resolv = hosts = None
    if dns.RESOLV in etc.files:
        text = etc.text(dns.RESOLV)
        resolv = {
            "nameservers": dns.nameservers(text),
            "search": dns.search(text),
            "options": dns.options(text),
            "lines": dns.lines(text),
        }
    if dns.HOSTS in etc.files:
        text = etc.text(dns.HOSTS)
        hosts = {
            "entries": [
                {"address": address, "names": list(names)} for address, names in dns.entries(text)
            ],
            "lines": dns.lines(text),
        }
    return {
        "netns": etc.name,
        "path": etc.path,
        "exists": etc.folder is not None,
        "resolv_conf": resolv,
        "hosts": hosts,
    }
