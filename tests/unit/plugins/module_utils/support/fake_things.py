# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the kernel in memory has besides namespaces, links, addresses and routes.

What is on a link is kept with the link, and never changed in place: a snapshot is a plain copy.
"""

from __future__ import annotations

import errno

from ansible_collections.linuxnet.netns.plugins.module_utils._core.record import replace
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.dns.state import Etc
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.fdb import RESOURCE as FDB
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds.table import (
    KINDS,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.neighbour import (
    RESOURCE as NEIGHBOUR,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.nexthop import (
    RESOURCE as NEXTHOP,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc import (
    RESOURCE as QDISC,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule import RESOURCE as RULE
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule.state import (
    RULES_OF_NEW_NAMESPACE,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl.state import Sysctl
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.wireguard.state import (
    WgDevice,
)

TOP = "/etc/netns"
ON_LINK = {"neighbours": (), "fdb": (), "qdiscs": (), "altnames": ()}
OF_KIND = {"options": {}, "port": {}, "vlans": {}, "wireguard": None, "parent": None}
IN_NET = {"rules": list(RULES_OF_NEW_NAMESPACE), "sysctls": {}, "tables": {}, "nexthops": {}}
DEFAULT = "0"  # of a parameter that nobody has written


class Refused(Exception):
    """What the real one says with an error number."""


def _without(things, same):
    """Return the things but for one, which must be there."""
    left = tuple(each for each in things if not same(each))
    if len(left) == len(things):
        raise Refused(errno.ENOENT, "")
    return left


class Things:
    """The part of the kernel in memory for these resources."""

    # --- read ------------------------------------------------------------------------------

    def _read_things(self, namespace, net, scope):
        if RULE in scope.resources:
            namespace.rules = list(net.rules)
        if NEXTHOP in scope.resources:
            namespace.others["nexthop"] = tuple(net.nexthops[each] for each in sorted(net.nexthops))
            namespace.followers += (NEXTHOP,)
        for resource, name in ((NEIGHBOUR, "neighbours"), (FDB, "fdb"), (QDISC, "qdiscs")):
            if resource in scope.resources:
                found = [
                    replace(each, link=nic.name) for nic in net.nics for each in getattr(nic, name)
                ]
                setattr(namespace, name, found)
        namespace.sysctls = {key: Sysctl(net.sysctls.get(key, DEFAULT)) for key in scope.sysctls}
        if scope.masquerade in net.tables:
            namespace.masquerades = {scope.masquerade: net.tables[scope.masquerade]}
        namespace.wireguards = {nic.name: nic.wireguard for nic in net.nics if nic.wireguard}

    def _read_files(self, host, scope):
        for name in scope.dns:
            files = {file: each for (owner, file), each in self.files.items() if owner == name}
            folder = self.folders.get(f"{TOP}/{name}")
            host.etc[name] = Etc(name, TOP in self.folders, folder, files)

    @staticmethod
    def _kind_of(nic):
        """Return what a link is made with that is particular to its kind."""
        if not nic.options:
            return {"altnames": nic.altnames}
        options = tuple((name, nic.options.get(name)) for name in KINDS[nic.kind].options)
        return {"altnames": nic.altnames, "options": options, "parent": nic.parent}

    # --- rules, neighbours, forwarding entries ---------------------------------------------

    def _AddRule(self, step):
        rules = self._net(step.netns).rules
        if step.rule in rules:
            raise Refused(errno.EEXIST, "")
        at = len(rules)
        if step.followers:
            at = rules.index(step.followers[0])
        else:  # behind its equals: the kernel sorts by priority alone, each family for itself
            place = step.rule.version, step.rule.priority
            later = [n for n, each in enumerate(rules) if (each.version, each.priority) > place]
            at = later[0] if later else at
        rules.insert(at, step.rule)

    def _DeleteRule(self, step):
        rules = self._net(step.netns).rules
        if step.rule not in rules:
            raise Refused(errno.ENOENT, "")
        rules.remove(step.rule)

    def _AddNexthop(self, step):
        nexthops = self._net(step.netns).nexthops
        if step.nexthop.id in nexthops:
            raise Refused(errno.EEXIST, "")
        self._put_nexthop(step.netns, step.nexthop)

    def _ReplaceNexthop(self, step):
        there = self._net(step.netns).nexthops[step.new.id]
        if bool(there.group) != bool(step.new.group):
            raise Refused(errno.EINVAL, "Can not replace a nexthop with a nexthop group.")
        self._put_nexthop(step.netns, step.new)

    def _put_nexthop(self, netns, nexthop):
        nexthops = self._net(netns).nexthops
        if nexthop.dev is not None and not self._nic(netns, nexthop.dev).up:
            raise Refused(errno.ENETDOWN, "Nexthop device is not up")
        if not nexthops.keys() >= {member for member, _weight in nexthop.group}:
            raise Refused(errno.EINVAL, "Invalid nexthop id")
        nexthops[nexthop.id] = nexthop

    def _DeleteNexthop(self, step):
        nexthops = self._net(step.netns).nexthops
        if nexthops.pop(step.nexthop.id, None) is None:
            raise Refused(errno.ENOENT, "")
        if any(step.nexthop.id in each.members for each in nexthops.values()):
            raise AssertionError("a group would lose a member without a word")

    def _SetNeighbour(self, step):
        nic = self._nic(step.netns, step.new.link)
        others = tuple(each for each in nic.neighbours if each.key != step.new.key)
        nic.neighbours = (*others, step.new)

    def _DeleteNeighbour(self, step):
        nic, gone = self._nic(step.netns, step.neighbour.link), step.neighbour
        nic.neighbours = _without(nic.neighbours, lambda each: each.key == gone.key)

    def _SetForward(self, step):
        nic = self._nic(step.netns, step.new.link)
        keys = {step.new.key, step.old.key if step.old is not None else step.new.key}
        nic.fdb = (*(each for each in nic.fdb if each.key not in keys), step.new)

    def _DeleteForward(self, step):
        nic = self._nic(step.netns, step.forward.link)
        nic.fdb = _without(nic.fdb, lambda each: each.key == step.forward.key)

    # --- queueing disciplines --------------------------------------------------------------

    def _PutQdisc(self, step):
        nic = self._nic(step.netns, step.new.link)
        gone = {each.parent for each in (*step.old, step.new)}
        nic.qdiscs = (*(each for each in nic.qdiscs if each.parent not in gone), step.new)

    def _ChangeQdisc(self, step):
        nic = self._nic(step.netns, step.new.link)
        left = _without(nic.qdiscs, lambda each: each.parent == step.new.parent)
        nic.qdiscs = (*left, step.new)

    def _DeleteQdisc(self, step):
        nic = self._nic(step.netns, step.old[0].link)
        for old in step.old:
            nic.qdiscs = _without(nic.qdiscs, lambda each, old=old: each.parent == old.parent)

    def _RestoreQdiscs(self, step):
        link = (step.old[0] if step.old else step.over).link
        nic = self._nic(step.netns, link)
        if step.over is not None:
            nic.qdiscs = _without(nic.qdiscs, lambda each: each.parent == step.over.parent)
        nic.qdiscs += step.old

    def _PutClass(self, step):
        self._put_classes(step, (step.new,))

    def _DeleteClass(self, step):
        self._put_classes(step, ())

    def _put_classes(self, step, new):
        nic = self._nic(step.netns, step.qdisc.link)
        (qdisc,) = (each for each in nic.qdiscs if each.parent == step.qdisc.parent)
        gone = {each.classid for each in (step.old, *new) if each is not None}
        classes = [*(each for each in qdisc.classes if each.classid not in gone), *new]
        classes = tuple(sorted(classes, key=lambda each: each.classid))
        others = tuple(each for each in nic.qdiscs if each is not qdisc)
        nic.qdiscs = (*others, replace(qdisc, classes=classes))

    # --- parameters, masquerading, files ---------------------------------------------------

    def _WriteSysctl(self, step):
        self._net(step.netns).sysctls.update({step.key: step.new, **dict(step.also)})

    def _SetMasquerade(self, step):
        tables = self._net(step.netns).tables
        if step.new is None:
            del tables[step.table]
        else:
            tables[step.table] = step.new

    def _MakeFolder(self, step):
        if step.path in self.folders:
            raise Refused(errno.EEXIST, "")
        self.folders[step.path] = step.new

    def _RemoveFolder(self, step):
        if any(f"{TOP}/{name}" == step.path for name, _file in self.files):
            raise Refused(errno.ENOTEMPTY, "")
        del self.folders[step.path]

    def _WriteFile(self, step):
        if f"{TOP}/{step.name}" not in self.folders:
            raise Refused(errno.ENOENT, "")
        self.files[step.name, step.file] = step.new

    def _RemoveFile(self, step):
        del self.files[step.name, step.file]

    # --- links of other kinds --------------------------------------------------------------

    def _AddMark(self, step):
        nic = self._nic(step.netns, step.link)
        if any(step.mark in (each.name, *each.altnames) for each in nic.net.nics):
            raise Refused(errno.EEXIST, "")
        nic.altnames += (step.mark,)

    def _DeleteMark(self, step):
        nic = self._nic(step.netns, step.link)
        nic.altnames = _without(nic.altnames, lambda name: name == step.mark)

    def _CreateLink(self, step):
        net = self._net(step.netns)
        if net.find(step.name):
            raise Refused(errno.EEXIST, "")
        if step.parent:
            self._nic(step.netns if step.source is None else step.source, step.parent)
        stated = {"mtu": step.mtu, "txqueuelen": step.txqueuelen}
        stated = {name: value for name, value in stated.items() if value is not None}
        made = self.link(step.netns, step.name, step.kind, options=dict(step.options), **stated)
        made.mac, made.index = step.mac or made.mac, step.index or made.index

    def _ChangeKind(self, step):
        nic = self._nic(step.netns, step.name)
        nic.options = {**nic.options, **dict(step.new)}

    def _ChangePort(self, step):
        nic = self._nic(step.netns, step.name)
        if nic.master is None:
            raise Refused(errno.EINVAL, "")
        nic.port = {**nic.port, **dict(step.new)}

    def _AddVlan(self, step):
        nic = self._nic(step.netns, step.name)
        others = {
            vid: (untagged, pvid and not step.pvid)
            for vid, (untagged, pvid) in nic.vlans.items()
            if vid != step.vid
        }
        nic.vlans = {**others, step.vid: (step.untagged, step.pvid)}

    def _DeleteVlan(self, step):
        nic = self._nic(step.netns, step.name)
        if step.vid not in nic.vlans:
            raise Refused(errno.ENOENT, "")
        nic.vlans = {vid: each for vid, each in nic.vlans.items() if vid != step.vid}

    def _ChangeWireguard(self, step):
        nic = self._nic(step.netns, step.name)
        device = nic.wireguard or WgDevice()
        peers = {each.public_key: each for each in device.peers}
        for gone in step.gone:
            del peers[gone.public_key]
        for new in step.peers:
            # A network leads to one peer: it leaves the one that had it.
            for key, each in peers.items():
                left = tuple(one for one in each.allowed_ips if one not in new.allowed_ips)
                peers[key] = replace(each, allowed_ips=left)
            peers[new.public_key] = new
        names = ("private_key", "listen_port", "fwmark")
        stated = {name: getattr(step, name) for name in names if getattr(step, name) is not None}
        ordered = tuple(peers[key] for key in sorted(peers))
        nic.wireguard = replace(device, **stated, peers=ordered)

    # --- what a link that is made again gets back ------------------------------------------

    def _CarrySettings(self, step):
        self._nic(step.netns, step.name)

    def _CarryFilters(self, step):
        self._nic(step.netns, step.link)

    def _CarryThings(self, step):
        nic = self._nic(step.netns, step.name)
        for name in ("neighbours", "fdb", "qdiscs"):
            there = getattr(nic, name)
            more = tuple(each for each in getattr(step, name) if each not in there)
            setattr(nic, name, there + more)
