# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What is there: links, addresses and routes in their namespaces, as the kernel shows it.

The things are frozen; the host state that holds them can be copied and changed, so that a plan can
be played through before a single message is sent.
"""

from __future__ import annotations

import functools
import typing as t

from .parse import FOREVER
from .record import dataclass, field, fields, replace

if t.TYPE_CHECKING:
    import ipaddress

    from .._resources.dns.state import Etc
    from .._resources.fdb.state import Forward, Tunnel
    from .._resources.masquerade.state import Masquerade
    from .._resources.neighbour.state import Neighbour
    from .._resources.qdisc.state import Qdisc
    from .._resources.route.extras import Extras
    from .._resources.rule.state import Rule
    from .._resources.sysctl.state import Sysctl
    from .._resources.wireguard.state import WgDevice

HERE = ""  # the key of the namespace that the module runs in
NAMELESS = "\0"  # the key of a namespace that has no name
HERE_NAME = "."  # how it is called where a name is needed: no other can have this one


@dataclass(frozen=True)
class Peer:
    """The other end of a veth. ``netns`` is None where its namespace has no name that we know."""

    name: str
    netns: str | None
    nsid: int | None = None


@dataclass(frozen=True)
class Link:
    """A network device. A ``mac`` of None is one that the kernel will draw at random."""

    name: str
    kind: str | None = None
    index: int = 0
    mac: str | None = None
    mtu: int = 1500
    up: bool = False
    operstate: str = "down"
    master: str | None = None
    alias: str = ""
    txqueuelen: int = 1000
    group: int = 0
    arp: bool = True
    multicast: bool = True
    promisc: bool = False
    tso_max_size: int | None = None  # from here on, None is what is not known
    gso_max_size: int | None = None
    gso_ipv4_max_size: int | None = None
    gro_max_size: int | None = None
    gro_ipv4_max_size: int | None = None
    numtxqueues: int | None = None
    numrxqueues: int | None = None
    addrgenmode: str | None = None
    peer: Peer | None = None
    hardware: bool = False
    min_mtu: int = 0
    max_mtu: int = 0  # 0: no bound
    parent: Peer | None = None  # what it lies on, for kinds that lie on another link
    options: tuple[tuple[str, t.Any], ...] = ()  # of its kind, where they were asked for
    port: tuple[tuple[str, t.Any], ...] = ()  # as a port of a bridge, likewise
    vlans: tuple[tuple[int, bool, bool], ...] = ()  # VLAN, untagged, pvid
    unknown: frozenset[str] = frozenset()  # what the kernel will choose for a link that is made
    keeps_v6: bool = False  # net.ipv6.conf.LINK.keep_addr_on_down
    altnames: tuple[str, ...] = ()  # other names, by which topologies mark what is theirs
    immutable: bool = field(default=False, compare=False)  # tied to its namespace, Linux 6.15
    # What it lies on, as far as that is known: it is removed with that.
    lower: Peer | None = field(default=None, compare=False)
    socket: str | None = field(default=None, compare=False)  # where it is, if in another namespace
    # The kernel's own bytes, for what there are no options of: IFLA_INFO_DATA, IFLA_INFO_SLAVE_DATA.
    kind_wire: bytes = field(default=b"", compare=False, repr=False)
    port_wire: bytes = field(default=b"", compare=False, repr=False)


@dataclass(frozen=True)
class Address:
    """An address of a link. ``cidr`` is the local address with the prefix.

    ``peer`` is the other end where it differs (IFA_ADDRESS), lifetimes are in seconds from when
    they were set, FOREVER for no end. ``flags`` (IFA_F_…) and ``extras`` (attributes by number) are
    what no task can state.
    """

    link: str
    cidr: str
    peer: str | None = None
    scope: str = "global"
    label: str | None = None
    broadcast: str | None = None
    valid_lft: int = FOREVER
    preferred_lft: int = FOREVER
    nodad: bool = False
    noprefixroute: bool = False
    metric: int = 0
    secondary: bool = False
    dadfailed: bool = False
    kernel_made: bool = False
    proto: int = 0  # who made it (IFA_PROTO, Linux 5.18); 0: unknown
    flags: int = 0
    extras: tuple[tuple[int, bytes], ...] = ()

    @property
    def version(self) -> int:
        """Return 4 or 6."""
        return 6 if ":" in self.cidr else 4

    @property
    def local(self) -> str:
        """Return the address alone, without its prefix."""
        return self.cidr.partition("/")[0]

    @property
    def subnet(self) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
        """Return the network that the kernel files this address under (ifa_address/ifa_mask)."""
        local, _unused, prefix = self.cidr.partition("/")
        return _network(f"{self.peer or local}/{prefix}")


# Each new address is compared with all others: without the cache, a task for 400 addresses of one
# link takes 1.6 s instead of 0.3.
@functools.lru_cache(maxsize=4096)
def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    import ipaddress  # most tasks have no addresses, and this takes milliseconds to load

    return ipaddress.ip_network(text, strict=False)


@dataclass(frozen=True)
class Nexthop:
    """One of several ways that a route takes."""

    dev: str | None = None
    via: str | None = None
    weight: int = 1
    onlink: bool = False
    extras: tuple[tuple[int, bytes], ...] = ()  # attributes that no task can state, by number


@dataclass(frozen=True)
class Route:
    """A route out of one link, or out of several (``nexthops``, and ``dev`` is None then).

    ``nhid`` is a nexthop object that it uses instead, and ``ways`` where that leads, as the kernel
    showed it. ``wire`` is the kernel's own message, replayed when the route has to be put back;
    ``extras`` what it has that no task can state.
    """

    dst: str
    version: int
    dev: str | None = None
    via: str | None = None
    src: str | None = None
    metric: int = 0
    table: int = 254
    proto: str = "boot"
    scope: str = "global"
    type: str = "unicast"
    mtu: int = 0
    onlink: bool = False
    nexthops: tuple[Nexthop, ...] = ()
    nhid: int = 0
    extras: Extras | None = None
    ways: tuple[Nexthop, ...] = field(default=(), compare=False)
    wire: bytes = field(default=b"", compare=False, repr=False)

    @property
    def foreign(self) -> tuple[tuple[str, str], ...]:
        """Return what makes it another route than any that a task can state: it is left alone."""
        return () if self.extras is None else self.extras.identity

    @property
    def devs(self) -> set[str | None]:
        """Return the links that it leaves by."""
        return {nexthop.dev for nexthop in self.nexthops or self.ways} or {self.dev}


@dataclass
class NamespaceState:
    """A namespace and what lives in it.

    ``state`` is present, absent, stale (a file under /run/netns that is not a namespace) or foreign
    (something else there, which ``foreign`` describes, as it does a symbolic link that leads to one).
    """

    key: str
    state: str = "present"
    nsid: int | None = None
    links: dict[str, Link] = field(default_factory=dict)
    addresses: list[Address] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    qdiscs: list[Qdisc] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    neighbours: list[Neighbour] = field(default_factory=list)
    fdb: list[Forward] = field(default_factory=list)
    tunnels: dict[str, Tunnel] = field(default_factory=dict)  # what ``fdb`` leads through, by link
    wireguards: dict[str, WgDevice] = field(default_factory=dict)
    sysctls: dict[str, Sysctl] = field(default_factory=dict)
    masquerades: dict[str, Masquerade] = field(default_factory=dict)
    # Things of resources that have no field of their own, by the name of the resource.
    others: dict[str, tuple[t.Any, ...]] = field(default_factory=dict)
    # Of these resources (Resource), the ones whose things fall or change with links.
    followers: tuple[t.Any, ...] = ()
    pids: tuple[int, ...] = ()
    foreign: str = ""
    identity: int = 0  # which namespace it is, as long as it has the name; 0: not read

    def copy(self) -> NamespaceState:
        """Return a copy that can be changed on its own."""
        held = ((each.name, getattr(self, each.name)) for each in fields(self))
        copies: dict[str, t.Any] = {
            name: what.copy() for name, what in held if isinstance(what, (dict, list))
        }
        return replace(self, **copies)

    def of_link(self, name: str) -> list[Address]:
        """Return the addresses of a link, in the kernel's order."""
        return [address for address in self.addresses if address.link == name]


@dataclass
class HostState:
    """The namespaces that a task looks at, by key: '' for here, a name, or an absolute path.

    ``places`` maps what the user wrote to the key: two ways to write one namespace have one key.
    """

    namespaces: dict[str, NamespaceState] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    live_rename: bool = True  # Linux 6.2 renames links that are up
    taken_nsids: frozenset[int] = frozenset()  # the numbers in use here
    private_mounts: bool = False  # what is named here, nobody else would see
    etc: dict[str, Etc] = field(default_factory=dict)  # below /etc/netns, by name
    # Links, by namespace and name, that go with a namespace that a plan deletes.
    going: set[tuple[str, str]] = field(default_factory=set)
    # Namespaces in which links lie on others, or did, once that was asked: most networks have none.
    layers: dict[str, None] | None = None

    def layered(self) -> t.Sequence[str]:
        """Return the namespaces in which links may lie on others."""
        if self.layers is None:
            self.layers = {
                key: None
                for key, namespace in self.namespaces.items()
                if any(lowers(link) is not None for link in namespace.links.values())
            }
        return [key for key in self.layers if key in self.namespaces]

    def add_layer(self, key: str) -> None:
        """Note that a namespace gets a link that may lie on another."""
        if self.layers is not None:
            self.layers[key] = None

    def copy(self) -> HostState:
        """Return a copy that can be changed on its own."""
        return HostState(
            {key: namespace.copy() for key, namespace in self.namespaces.items()},
            dict(self.places),
            self.live_rename,
            self.taken_nsids,
            self.private_mounts,
            dict(self.etc),
            set(self.going),
        )

    def unreleased(self) -> set[tuple[str, str]]:
        """Return the links that are removed, and there until a deleted namespace is released."""
        return {at for at in self.going if at[1] not in self.namespaces[at[0]].links}

    def at(self, place: str) -> NamespaceState:
        """Return the space that a user's words refer to."""
        return self.namespaces[self.places.get(place, place)]


def lowers(link: Link) -> Peer | None:
    """Return the link that another one lies on, None if there is none or it is not known."""
    return link.parent or link.lower


def shown(key: str) -> str | None:
    """Return the key of a namespace as results show it: None for the current one."""
    return key or None


def phrase(key: str) -> str:
    """Return the namespace as a part of a sentence."""
    return f"in namespace {key}" if key else "in the current namespace"


def fresh(key: str, state: str = "present", mark: str = "") -> NamespaceState:
    """Return what a namespace is born with: lo, down, with the mark of who made it."""
    born = Link(
        "lo",
        index=1,
        mac="00:00:00:00:00:00",
        mtu=65536,
        multicast=False,
        operstate="down",
        altnames=(mark,) if mark else (),
    )
    return NamespaceState(key, state, links={"lo": born})
