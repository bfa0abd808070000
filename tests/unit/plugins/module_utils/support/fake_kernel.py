# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A kernel in memory, to be put in the place of the real one, that refuses to be written to.

What operations do is told here once more, and otherwise: namespaces, links and their ends are
objects that point to each other, where the planner has names. So neither merely confirms itself.
"""

from __future__ import annotations

import errno
import ipaddress

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import KernelError
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    HostState,
    Link,
    NamespaceState,
    Peer,
    fresh,
    phrase,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.record import replace
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address import (
    RESOURCE as ADDRESS,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route import (
    RESOURCE as ROUTE,
)

from .fake_things import IN_NET, OF_KIND, ON_LINK, Refused, Things

STALE = "stale"
PLAIN = ("mac", "alias", "txqueuelen", "group", "arp", "multicast", "promisc")


class Written(AssertionError):
    """Somebody writes where only reading is allowed."""


class Nic:
    """A link. Its peer and its master are links, wherever they are and whatever they are called."""

    def __init__(self, net, name, kind=None, **attributes):
        self.net, self.name, self.kind = net, name, kind
        self.index, self.mac, self.mtu, self.up = 0, None, 1500, False
        self.master = self.peer = None
        self.alias, self.txqueuelen, self.group = "", 1000, 0
        self.arp, self.multicast, self.promisc = True, True, False
        self.addresses, self.hardware = [], False
        self.limits = (68, 65535) if kind == "veth" else (0, 0)
        vars(self).update({**ON_LINK, **OF_KIND, **attributes})


class Net:
    """A namespace."""

    def __init__(self):
        self.nics, self.routes, self.nsid, self.pids, self.last = [], [], None, (), 1
        vars(self).update({name: each.copy() for name, each in IN_NET.items()})
        lo = Nic(self, "lo", index=1, mac="00:00:00:00:00:00", mtu=65536, multicast=False)
        self.nics.append(lo)

    def find(self, name):
        return next((nic for nic in self.nics if nic.name == name), None)

    def put(self, nic):
        taken = {each.index for each in self.nics}
        while not nic.index or nic.index in taken:
            nic.index = self.last = self.last + 1
        nic.net = self
        self.nics.append(nic)


class FakeKernel(Things):
    """What the loop sees of a kernel. `names` holds namespaces, or STALE for a dead file."""

    lost = frozenset()

    def __init__(self, read_only=False):
        self.read_only = read_only
        self.here = Net()
        self.names = {}
        self.held = {}
        self.folders, self.files = {}, {}  # below /etc/netns
        self.live_rename = True
        self.macs = 0
        self.log = []
        self.meanwhile = {}  # what other hands do just before the write of this number

    # --- set up by tests -------------------------------------------------------------------

    def net(self, name):
        """Return a namespace, made if it is not there; '' is here."""
        if not name:
            return self.here
        return self.names.setdefault(name, Net())

    def pair(self, near, far, **attributes):
        """Make a veth; an end is a namespace and a name."""
        ends = [
            Nic(None, name, "veth", mac=self._mac(), **attributes) for _netns, name in (near, far)
        ]
        ends[0].peer, ends[1].peer = ends[1], ends[0]
        for nic, (netns, _name) in zip(ends, (near, far)):
            self.net(netns).put(nic)
        return ends

    def link(self, netns, name, kind="bridge", **attributes):
        """Make another link."""
        nic = Nic(None, name, kind, mac=self._mac(), **attributes)
        self.net(netns).put(nic)
        return nic

    def _mac(self):
        self.macs += 1
        return f"02:00:00:00:00:{self.macs:02x}"

    # --- what the loop calls ---------------------------------------------------------------

    def survey(self, scope):
        host = HostState(live_rename=self.live_rename)
        for place in scope.places:
            host.places[place] = place
            host.namespaces[place] = self._space(place, scope)
        self._read_files(host, scope)
        if scope.anywhere:
            self._look_for_peers(host, scope)
        if scope.nsids:
            live = [net for net in self.names.values() if isinstance(net, Net)]
            host.taken_nsids = frozenset(net.nsid for net in live if net.nsid is not None)
        return host

    def uppers(self, host, at):
        return ()

    def details(self, resource, key, link, *more):
        return []

    def _look_for_peers(self, host, scope):
        for namespace in list(host.namespaces.values()):
            for link in namespace.links.values():
                if (namespace.key, link.name) in scope.anywhere and link.peer is not None:
                    key = link.peer.netns
                    if key is not None and key not in host.namespaces:
                        host.namespaces[key] = self._space(key, scope)

    def _space(self, key, scope):
        net = self.here if not key else self.names.get(key)
        if not isinstance(net, Net):
            return replace(fresh(key), state=STALE if net else "absent")
        links = {nic.name: self._link(nic, scope) for nic in net.nics}
        namespace = NamespaceState(key, nsid=net.nsid, links=links)
        if ADDRESS in scope.resources:
            namespace.addresses = [
                replace(address, link=nic.name) for nic in net.nics for address in nic.addresses
            ]
        if ROUTE in scope.resources:
            namespace.routes = [replace(route, dev=nic.name) for nic, route in net.routes]
        self._read_things(namespace, net, scope)
        if scope.pids:
            namespace.pids = net.pids
        return namespace

    def _link(self, nic, scope):
        peer = None
        if nic.peer is not None:
            key = self._key(nic.peer.net)
            peer = Peer(nic.peer.name, key, None if key is not None else 9)
        return Link(
            nic.name,
            nic.kind,
            index=nic.index,
            mtu=nic.mtu,
            up=nic.up,
            master=None if nic.master is None else nic.master.name,
            peer=peer,
            hardware=nic.hardware,
            min_mtu=nic.limits[0],
            max_mtu=nic.limits[1],
            **{name: getattr(nic, name) for name in PLAIN},
            **self._kind_of(nic),
        )

    def _key(self, net):
        if net is self.here:
            return ""
        return next((name for name, each in self.names.items() if each is net), None)

    def take_snapshot(self, steps, before):
        there = {key: net for key in before.namespaces if isinstance(net := self._live(key), Net)}
        self.kept = {
            (key, nic.name): (
                nic,
                {**vars(nic), "addresses": [*nic.addresses]},
                [e for e in net.routes if e[0] is nic],
            )
            for key, net in there.items()
            for nic in net.nics
        }

    def _live(self, key):
        return self.names.get(key) if key else self.here

    def restore(self, steps, failed, raced):
        """Set the links as they were that steps dealt with; return which are not there."""
        left = []
        for step in (*steps, *([failed] if failed and not raced else [])):
            for key, _parts, names in step.touches():
                for name in names or ():
                    left += self._put_back(key, name)
        return list(dict.fromkeys(left))

    def _put_back(self, key, name):
        net = self._live(key)
        if (key, name) not in self.kept or not isinstance(net, Net):
            return []
        _nic, was, routes = self.kept[key, name]
        nic = net.find(name)
        if nic is None:
            return [f"link {name} {phrase(key)} is gone"]
        links = {"net", "peer", "master"}
        vars(nic).update({word: value for word, value in was.items() if word not in links})
        nic.addresses = [*was["addresses"]]
        nic.master = None if was["master"] is None else net.find(was["master"].name)
        net.routes = [each for each in net.routes if each[0] is not nic]
        net.routes += [(nic, route) for _old, route in routes]
        return []

    def acquire_writer_lock(self):
        self._write()
        return False

    def reserve(self, deleted):
        pass

    def is_same_namespace(self, key, identity):
        return True

    def watch_deletions(self):
        self._write()

    def wait_for_deletions(self, seconds):
        assert seconds >= 0

    def stop_watching(self):
        pass

    def release_held(self):
        for net in self.held.values():
            self._end(net)
        self.held.clear()

    def apply(self, step, coming=()):
        self._write()
        self.log.append(step)
        other = self.meanwhile.pop(len(self.log), None)
        if other is not None:
            other(self)
        try:
            getattr(self, f"_{type(step).__name__}")(step)
        except Refused as refused:
            number, words = refused.args
            raise KernelError(number, step.phrase(), words) from None

    def _write(self):
        if self.read_only:
            raise Written

    # --- namespaces ------------------------------------------------------------------------

    def _CreateNamespace(self, step):
        if step.netns in self.names:
            raise Refused(errno.EEXIST, "")
        self.names[step.netns] = self.held.pop(step.netns, None) if step.again else Net()

    def _DeleteNamespace(self, step):
        self.held[step.netns] = self.names.pop(step.netns)

    def _RemoveStale(self, step):
        if self.names.pop(step.netns) != STALE:
            raise AssertionError("that was no dead file")

    def _PutStale(self, step):
        self.names[step.netns] = STALE

    def _SetNsid(self, step):
        if self._net(step.netns).nsid is not None:
            raise Refused(errno.EEXIST, "Peer netns already has a nsid assigned")
        self._net(step.netns).nsid = step.nsid

    def _end(self, net):
        for nic in list(net.nics):
            if nic.peer is not None:
                self._remove(nic.peer)
        net.nics.clear()

    def _net(self, key):
        net = self.here if not key else self.names.get(key)
        if not isinstance(net, Net):
            raise Refused(errno.ENOENT, "")
        return net

    # --- links -----------------------------------------------------------------------------

    def _nic(self, key, name):
        nic = self._net(key).find(name)
        if nic is None:
            raise Refused(errno.ENODEV, "")
        return nic

    def _CreateVeth(self, step):
        nets = [self._net(end.netns) for end in (step.near, step.far)]
        ends = []
        for end, net in zip((step.near, step.far), nets):
            if net.find(end.name) or any(
                net is other.net and end.name == other.name for other in ends
            ):
                raise Refused(errno.EEXIST, "")
            stated = {"mtu": end.mtu, "txqueuelen": end.txqueuelen, "group": end.group}
            stated = {name: value for name, value in stated.items() if value is not None}
            mac = end.mac or self._mac()
            ends.append(Nic(net, end.name, "veth", index=end.index, mac=mac, **stated))
        ends[0].peer, ends[1].peer = ends[1], ends[0]
        for nic, net in zip(ends, nets):
            net.put(nic)

    def _DeleteLink(self, step):
        nic = self._nic(step.netns, step.link.name)
        if nic.index == 1:
            raise Refused(errno.EOPNOTSUPP, "")
        if nic.peer is not None:
            self._remove(nic.peer)
        self._remove(nic)

    def _RestoreLink(self, step):
        _nic, was, _routes = self.kept[step.netns, step.link.name]
        self._net(step.netns).put(Nic(None, was["name"], was["kind"], index=was["index"]))

    def _remove(self, nic):
        self._strip(nic)
        if nic in nic.net.nics:
            nic.net.nics.remove(nic)
        for other in nic.net.nics:
            if other.master is nic:
                other.master = None

    def _strip(self, nic):
        nic.addresses = []
        nic.neighbours = nic.fdb = nic.qdiscs = ()
        nic.net.routes = [each for each in nic.net.routes if each[0] is not nic]

    def _MoveLink(self, step):
        nic, net = self._nic(step.netns, step.name), self._net(step.to)
        if nic.name == "lo":
            raise Refused(errno.EINVAL, "The interface netns is immutable")
        if net.find(step.new_name):
            raise Refused(errno.EEXIST, "An interface with the same name exists")
        self._remove(nic)
        nic.up, nic.master, nic.name = False, None, step.new_name
        if step.index and step.index not in {each.index for each in net.nics}:
            nic.index = step.index
        net.put(nic)

    def _ChangeLink(self, step):
        """Take one attribute after the other, as do_setlink() does: what is set stays set."""
        nic, new = self._nic(step.netns, step.name), dict(step.new)
        for key in ("mac", "mtu", "group", "name", "alias"):
            if key in new:
                self._set(nic, key, new.pop(key))
        if "master" in new:
            name = new.pop("master")
            nic.master = self._nic(step.netns, name) if name else None
            if name and nic.master.kind != "bridge":
                nic.master = None
                raise Refused(errno.EOPNOTSUPP, "")
        for key, value in new.items():
            self._set(nic, key, value)

    def _set(self, nic, key, value):
        if key == "mtu":
            if value < nic.limits[0]:
                raise Refused(errno.EINVAL, "mtu less than device minimum")
            if nic.limits[1] and value > nic.limits[1]:
                raise Refused(errno.EINVAL, "mtu greater than device maximum")
            if value < 1280:
                self._lose_six(nic)
        if key == "name":
            if nic.net.find(value):
                raise Refused(errno.EEXIST, "")
            if nic.up and not self.live_rename:
                raise Refused(errno.EBUSY, "")
            old = nic.name
            nic.addresses = [self._relabelled(each, old, value) for each in nic.addresses]
        if key == "up" and nic.up and not value:
            self._lose_six(nic)
            nic.net.routes = [each for each in nic.net.routes if each[0] is not nic]
        setattr(nic, key, value)

    @staticmethod
    def _relabelled(address, old, new):
        label = address.label
        if label and label.startswith(old):
            return replace(address, label=new + label[len(old) :])
        return address

    def _lose_six(self, nic):
        nic.addresses = [each for each in nic.addresses if each.version == 4]
        nic.net.routes = [
            (other, route)
            for other, route in nic.net.routes
            if other is not nic or route.version == 4
        ]

    # --- addresses -------------------------------------------------------------------------

    @staticmethod
    def _local(address):
        return ipaddress.ip_interface(address.cidr)

    @classmethod
    def _same(cls, one, other):
        a, b = cls._local(one), cls._local(other)
        if a.version != b.version or a.ip != b.ip:
            return False
        return a.version == 6 or (
            a.network.prefixlen == b.network.prefixlen and cls._near(one, other)
        )

    @staticmethod
    def _near(one, other):
        return one.subnet == other.subnet

    def _AddAddress(self, step):
        nic, address = self._nic(step.netns, step.address.link), step.address
        if any(self._same(address, other) for other in nic.addresses):
            raise Refused(errno.EEXIST, "ipv4: Address already assigned")
        if address.version == 6 and nic.mtu < 1280:
            raise Refused(errno.EINVAL, "")
        primaries = [
            other
            for other in nic.addresses
            if other.version == 4 and not other.secondary and self._near(address, other)
        ]
        secondary = address.version == 4 and bool(primaries)
        nic.addresses.append(replace(address, secondary=secondary, dadfailed=False))
        four = [each for each in nic.addresses if each.version == 4]
        six = [each for each in nic.addresses if each.version == 6]
        if address.version == 6:
            six.insert(0, six.pop())  # the newest comes first
        nic.addresses = four + six

    def _find_address(self, step, address):
        nic = self._nic(step.netns, address.link)
        for each in nic.addresses:
            if self._same(each, address):
                return nic, each
        raise Refused(errno.EADDRNOTAVAIL, "")

    def _DeleteAddress(self, step):
        nic, gone = self._find_address(step, step.address)
        fall = [gone]
        if gone.version == 4 and not gone.secondary:
            fall += [each for each in nic.addresses if each.secondary and self._near(each, gone)]
        nic.addresses = [each for each in nic.addresses if each not in fall]
        there = {self._local(each).ip for other in nic.net.nics for each in other.addresses}
        bare = not any(each.version == 4 for each in nic.addresses)
        kept = []
        for other, route in nic.net.routes:
            lost = route.src is not None and ipaddress.ip_address(route.src) not in there
            if route.version == 6:
                kept.append((other, replace(route, src=None) if lost else route))
            elif not (lost or (bare and gone.version == 4 and other is nic)):
                kept.append((other, route))
        nic.net.routes = kept

    def _ChangeAddress(self, step):
        nic, old = self._find_address(step, step.old)
        names = ["valid_lft", "preferred_lft", "metric"]
        if old.version == 6:
            names += ["nodad", "noprefixroute"]
        new = replace(old, **{name: getattr(step.new, name) for name in names})
        nic.addresses[nic.addresses.index(old)] = new

    # --- routes ----------------------------------------------------------------------------

    def _AddRoute(self, step):
        nic, route = self._nic(step.netns, step.route.dev), step.route
        if (nic, route) in nic.net.routes:
            return
        if not nic.up:
            raise Refused(errno.ENETDOWN, "Device for nexthop is not up")
        if (
            route.version == 4
            and not any(each.version == 4 for each in nic.addresses)
            and route.via
        ):
            raise Refused(errno.ENETUNREACH, "Nexthop has invalid gateway")
        if route.via and route.version == 4:
            via = ipaddress.ip_address(route.via)
            if not any(each.version == 4 and via in each.subnet for each in nic.addresses):
                raise Refused(errno.ENETUNREACH, "Nexthop has invalid gateway")
        if route.src:
            src = ipaddress.ip_address(route.src)
            locals_ = {self._local(each).ip for each in nic.addresses}
            if src not in locals_:
                raise Refused(errno.EINVAL, "Invalid prefsrc address")
        nic.net.routes.append((nic, replace(route, dev=None)))

    def _DeleteRoute(self, step):
        nic = self._nic(step.netns, step.route.dev)
        bare = replace(step.route, dev=None)
        if (nic, bare) not in nic.net.routes:
            raise Refused(errno.ESRCH, "")
        nic.net.routes.remove((nic, bare))

    def _ReplaceRoute(self, step):
        nic = self._nic(step.netns, step.old.dev)
        at = nic.net.routes.index((nic, replace(step.old, dev=None)))
        nic.net.routes[at] = (nic, replace(step.new, dev=None))


def snapshot(kernel):
    """Return all that is there, as plain data: two kernels are alike if these are equal."""
    nets = {"here": kernel.here, **kernel.names}
    files = {"/etc": (dict(kernel.folders), dict(kernel.files))}
    return files | {
        name: net
        if net == STALE
        else {
            "links": {
                nic.name: (
                    *(getattr(nic, each) for each in PLAIN),
                    nic.kind,
                    nic.index,
                    nic.mtu,
                    nic.up,
                    nic.master and nic.master.name,
                    nic.peer and (kernel._key(nic.peer.net), nic.peer.name),
                    tuple(replace(each, link=nic.name) for each in nic.addresses),
                    *(getattr(nic, each) for each in (*ON_LINK, *OF_KIND)),
                )
                for nic in net.nics
            },
            "routes": sorted((nic.name, str(route)) for nic, route in net.routes),
            "nsid": net.nsid,
            **{each: getattr(net, each).copy() for each in IN_NET},
        }
        for name, net in nets.items()
    }
