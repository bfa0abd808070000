# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Read and set nftables tables with nft(8) and its JSON (libnftables-json(5)) in the namespace."""

from __future__ import annotations

import errno
import json
import os
import shutil
import typing as t

from ..._core.errors import KernelError, NetnsError
from ..._core.host_state import phrase
from ..._core.resource import Handlers
from ..._netlink import syscalls as system
from ..._netlink.handles import Handles
from . import operations as op
from .state import MARK, Masquerade


def _nft(kernel: Handles, netns: str, what: str, *args: str) -> tuple[int, str, str]:
    """Run nft inside a namespace and return its exit status, output and error output."""
    path = shutil.which("nft", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if path is None or kernel.run_command is None:
        raise NetnsError(f"{what}: nft not found on this host; install the package nftables")
    command, run_command = [path, *args], kernel.run_command
    fd = kernel.socket(netns).namespace()
    try:
        # A child process starts in the namespace of the thread that forks it.
        return system.inside(
            fd, lambda: run_command(command, environ_update={"LC_ALL": "C", "LANG": "C"})
        )
    finally:
        os.close(fd)


def read(kernel: Handles, netns: str, table: str) -> Masquerade | None:
    """Return the contents of a table, None if it does not exist."""
    what = f"read the nftables table {table} {phrase(netns)}"
    status, output, error = _nft(kernel, netns, what, "-j", "list", "table", "inet", table)
    if status != 0:
        if "No such file or directory" in error:
            return None
        raise KernelError(errno.EIO, what, _first(error))
    return parsed(table, json.loads(output)["nftables"])


def parsed(table: str, objects: t.Iterable[dict[str, t.Any]]) -> Masquerade:
    """Return a table from the JSON objects in which nft lists it."""
    sources: list[str] = []
    outs: set[str | None] = set()
    foreign = 0
    for each in objects:
        rule = each.get("rule")
        if rule is not None:
            known = _rule(rule)
            if known is None:
                foreign += 1
            else:
                sources.append(known[0])
                outs.add(known[1])
        elif not ({"metainfo", "table"} & each.keys() or _is_chain(each.get("chain"))):
            foreign += 1
    if len(outs) > 1:
        return Masquerade(table, foreign=foreign)  # inconsistent: it is rewritten
    return Masquerade(table, tuple(sources), next(iter(outs), None), foreign)


def _is_chain(chain: dict[str, t.Any] | None) -> bool:
    wanted = {"name": "postrouting", "type": "nat", "hook": "postrouting", "policy": "accept"}
    return chain is not None and all(chain.get(key) == value for key, value in wanted.items())


def _rule(rule: dict[str, t.Any]) -> tuple[str, str | None] | None:
    """Return source and outgoing link of a rule of this collection, None for another rule."""
    if rule.get("comment") != MARK or len(rule["expr"]) != 3:
        return None
    try:
        first, second = (each["match"] for each in rule["expr"][:2])
        source = _prefix(first["right"])
        if first["left"]["payload"]["field"] != "saddr" or "masquerade" not in rule["expr"][2]:
            return None
        if second["left"].get("meta", {}).get("key") == "oifname":
            return source, str(second["right"])
        same = second["op"] == "!=" and _prefix(second["right"]) == source
        return (source, None) if same else None
    except (KeyError, TypeError):
        return None


def _prefix(value: t.Any) -> str:
    if isinstance(value, str):
        return f"{value}/{128 if ':' in value else 32}"
    return f"{value['prefix']['addr']}/{value['prefix']['len']}"


def _first(text: str) -> str:
    return (text.strip().splitlines() or ["nft failed without an error message"])[0]


def _set(kernel: Handles, step: op.SetMasquerade) -> None:
    status, _output, error = _nft(kernel, step.netns, step.phrase(), step.script())
    if status != 0:
        raise KernelError(errno.EIO, step.phrase(), _first(error))


APPLY: Handlers = {op.SetMasquerade: _set}
