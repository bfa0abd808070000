# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task of netns_topology costs with all of Ansible around it, against ip alone."""

from __future__ import annotations

import pathlib
import tempfile
import typing as t

import ends
import networks
import plays
from contenders import Site, best
from measure import Cost, in_parts
from topology import against

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from measure import Row

PROMISED = 1.0
NAME = "linuxnet.netns.netns_topology"


def network_of(graphml: str | None) -> networks.Network:
    """Return the network that a file draws, or one of Cogentco's size."""
    if graphml is None:
        return networks.backbone(197, 245)
    from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing import graphml as reader

    file = pathlib.Path(graphml)
    drawing = reader.read(file.read_text(), "label", None)
    return networks.drawn(file.stem, len(drawing.nodes), [edge.ends for edge in drawing.edges])


def rows(rounds: int, network: networks.Network) -> Iterator[Row]:
    """Yield rows about a network."""
    with tempfile.TemporaryDirectory(prefix="linuxnet.netns-bench-") as folder:
        site = Site(network, pathlib.Path(folder))
        present, absent = written(site, "present"), written(site, "absent")
        # With an environment, Ansible sends the module as it does to other hosts.
        sending = written(site, "sent", environment={"LINUXNET": "netns"})

        def ours() -> dict[str, Cost]:
            built, again = plays.clocked(present), plays.clocked(present)
            removed = plays.clocked(absent)
            ends.normalise()
            sent = plays.clocked(sending)
            plays.clocked(absent)
            ends.normalise()
            parts = {"build": built, "again": again, "remove": removed, "sent": sent}
            return {f"{name} {of}": each[of] for name, each in parts.items() for of in each}

        ips = site.ips()
        costs = in_parts(rounds, {"ours": ours, **ips}, warm=False)
    built = {name: costs[name]["build"] for name in ips}
    who = best(built)
    taken, theirs = costs["ours"], built[who]
    figure = f"{network.name}: {network.size}, whole task"
    yield against(figure, taken["build task"], theirs, who, PROMISED)
    yield against("  whole run of ansible-playbook", taken["build run"], theirs, who, None)
    yield against("  sent as to other hosts", taken["sent task"], theirs, who, None)
    yield against(
        "  again, whole task", taken["again task"], taken["build task"], "first task", None
    )
    gone = costs[who]["remove"]
    yield against("  removal, whole task", taken["remove task"], gone, "ip -batch netns del", None)


def written(site: Site, name: str, **more: t.Any) -> pathlib.Path:
    """Write the playbook of one task that is about a network, which is to be there or `absent`."""
    options = {"state": "absent"} if name == "absent" else site.lists
    return plays.written(
        site.folder / f"{name}.yml", [{NAME: {"name": "bench", **options}}], **more
    )
