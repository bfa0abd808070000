# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""WireGuard: what is stated, planned, sent and read; no secret shows anywhere."""

from __future__ import annotations

import base64
import errno

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core import render
from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import (
    BadInput,
    KernelError,
    NetnsError,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    HostState,
    NamespaceState,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.plan_builder import PlanBuilder
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import codec, genetlink
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.wireguard import (
    kernel as wireguard,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.wireguard.operations import (
    ChangeWireguard,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.wireguard.plan import ensure
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.wireguard.state import (
    NO_KEY,
    WgDevice,
    WgPeer,
    WgSpec,
)


def key(number):
    return base64.b64encode(bytes([number]) * 32).decode()


SECRET, SHARED = key(72), key(88)
FIRST = WgPeer(key(1), SHARED, "[2001:db8::1]:51820", ("10.0.0.0/8", "2001:db8::/32"), 25)
SECOND = WgPeer(key(2), allowed_ips=("192.0.2.0/24",))
DEVICE = WgDevice(SECRET, key(9), 51820, 0, (FIRST, SECOND))


def desired(**stated):
    peer = dict.fromkeys(("preshared_key", "endpoint", "allowed_ips", "persistent_keepalive"))
    options = dict.fromkeys(("private_key", "listen_port", "fwmark", "peers"))
    options.update({"purge_peers": False, **stated})
    options["peers"] = [{**peer, **each} for each in options["peers"] or ()]
    return WgSpec.of(options)


def builder(device, **stated):
    namespace = NamespaceState("a", wireguards={"wg0": device} if device else {})
    drawn = PlanBuilder(HostState({"a": namespace}, {"a": "a"}))
    ensure(drawn, "a", "wg0", desired(**stated))
    again = PlanBuilder(drawn.host)
    ensure(again, "a", "wg0", desired(**stated))
    assert not again.steps
    return drawn


def test_a_device_is_configured():
    drawn = builder(
        None,
        private_key=SECRET,
        listen_port=51820,
        peers=[{"public_key": key(1), "preshared_key": SHARED, "allowed_ips": ["10.0.0.0/8"]}],
    )
    (step,) = drawn.steps
    assert step.command() == (
        "ip netns exec a wg set wg0 private-key PRIVATE-KEY-FILE listen-port 51820"
        f" peer {key(1)} preshared-key PRESHARED-KEY-FILE allowed-ips 10.0.0.0/8"
    )


def test_only_what_differs_is_sent():
    drawn = builder(DEVICE, listen_port=51821, peers=[{"public_key": key(1), "endpoint": None}])
    (step,) = drawn.steps
    assert (step.listen_port, step.private_key, step.peers) == (51821, None, ())
    assert not builder(DEVICE, private_key=SECRET, listen_port=51820).steps


def test_peers_are_purged_and_come_back():
    drawn = builder(DEVICE, peers=[{"public_key": key(1)}], purge_peers=True)
    assert drawn.host.namespaces["a"].wireguards["wg0"].peers == (FIRST,)
    drawn.add(drawn.steps[0].inverse())
    assert drawn.host.namespaces["a"].wireguards["wg0"].peers == (FIRST, SECOND)


def test_an_allowed_address_goes_to_the_last_peer():
    drawn = builder(DEVICE, peers=[{"public_key": key(3), "allowed_ips": ["10.0.0.0/8"]}])
    peers = {peer.public_key: peer for peer in drawn.host.namespaces["a"].wireguards["wg0"].peers}
    assert peers[key(1)].allowed_ips == ("2001:db8::/32",)
    assert peers[key(3)].allowed_ips == ("10.0.0.0/8",)


def test_networks_that_went_to_another_peer_come_back():
    drawn = builder(DEVICE, peers=[{"public_key": key(3), "allowed_ips": ["10.0.0.0/8"]}])
    drawn.add(drawn.steps[0].inverse())
    assert drawn.host.namespaces["a"].wireguards["wg0"].peers == (FIRST, SECOND)


def test_networks_change_places_and_back():
    networks = [FIRST.allowed_ips, SECOND.allowed_ips]
    peers = [
        {"public_key": each.public_key, "allowed_ips": list(allowed)}
        for each, allowed in zip((FIRST, SECOND), reversed(networks))
    ]
    drawn = builder(DEVICE, peers=peers)
    has = drawn.host.namespaces["a"].wireguards["wg0"].peers
    assert [peer.allowed_ips for peer in has] == networks[::-1]
    drawn.add(drawn.steps[0].inverse())
    assert drawn.host.namespaces["a"].wireguards["wg0"].peers == (FIRST, SECOND)


def test_a_peer_that_had_no_endpoint_is_made_anew_on_the_way_back():
    drawn = builder(DEVICE, peers=[{"public_key": key(2), "endpoint": "192.0.2.9:1"}])
    back = drawn.steps[0].inverse()
    assert [peer.public_key for peer in back.gone] == [key(2)]
    assert back.peers == (SECOND,)


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"allowed_ips": []}, "allowed-ips ''"),
        ({"preshared_key": NO_KEY}, "preshared-key /dev/null"),
        ({"preshared_key": SECRET}, "preshared-key PRESHARED-KEY-FILE"),
        ({"endpoint": "[2001:db8::2]:51820"}, "endpoint '[2001:db8::2]:51820'"),
        ({"persistent_keepalive": 0}, "persistent-keepalive 0"),
    ],
)
def test_a_command_says_only_what_differs(stated, words):
    (step,) = builder(DEVICE, peers=[{"public_key": key(1), **stated}]).steps
    assert step.command() == f"ip netns exec a wg set wg0 peer {key(1)} {words}"


def test_a_command_of_a_peer_without_networks():
    (step,) = builder(DEVICE, peers=[{"public_key": key(3)}]).steps
    assert step.command() == f"ip netns exec a wg set wg0 peer {key(3)}"


class Line:
    """A socket to the kernel, which refuses the requests that it is told to refuse."""

    def __init__(self, *refused):
        self.refused = list(refused)
        self.requests = []

    def request(self, what, kind, number, fields, attrs):
        self.requests.append(attrs)
        if self.refused and self.refused.pop(0):
            raise KernelError(errno.EADDRINUSE, what)

    def close(self):
        pass


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        ([True], "in namespace a: Address"),
        ([True, True], "configure the WireGuard link wg0 in namespace a: Address already in"),
    ],
)
def test_what_was_refused_half_way_is_taken_back(monkeypatch, refused, said):
    line = Line(*refused)
    monkeypatch.setattr(wireguard, "_socket", lambda *unused: line)
    monkeypatch.setattr(genetlink, "family", lambda *unused: 30)
    (step,) = builder(DEVICE, fwmark=7, listen_port=1).steps
    with pytest.raises(NetnsError, match=said):
        wireguard.APPLY[ChangeWireguard](None, step)
    assert line.requests == [wireguard.attributes(step), wireguard.attributes(step.old)]
    assert dict(line.requests[1])["WGDEVICE_A_FWMARK"] == 0


def received(step):
    """Return what is sent for a step as it is read from a datagram that has more in it."""
    fields = {"cmd": 1, "version": 1, "reserved": 0}
    data = codec.encode(wireguard.Message, 30, 5, 1, fields, wireguard.attributes(step))
    return wireguard.Message.read(b"rest" + data + b"rest", 4)


def test_what_is_sent_is_read_again():
    step = ChangeWireguard(
        "a", "wg0", SECRET, 51820, 7, peers=(FIRST, SECOND), gone=(WgPeer(key(4)),)
    )
    message = received(step)
    device = wireguard.device([message])
    assert (device.private_key, device.listen_port, device.fwmark) == (SECRET, 51820, 7)
    peers = {peer.public_key: peer for peer in device.peers}
    assert peers[key(1)] == FIRST
    assert peers[key(2)] == SECOND
    flags = [each.get_attr("WGPEER_A_FLAGS") for each in message.get_attr("WGDEVICE_A_PEERS")]
    assert flags == [wireguard.REMOVE_ME, 2, 2]


def test_a_peer_in_two_messages_is_one():
    def half(allowed):
        step = ChangeWireguard("a", "wg0", peers=(WgPeer(key(1), allowed_ips=allowed),))
        return received(step)

    device = wireguard.device([half(("10.0.0.0/8",)), half(("192.0.2.0/24",))])
    assert device.peers == (WgPeer(key(1), allowed_ips=("10.0.0.0/8", "192.0.2.0/24")),)


def test_no_secret_shows():
    step = ChangeWireguard(
        "a", "wg0", SECRET, peers=(FIRST,), old=ChangeWireguard("a", "w", SECRET)
    )
    told = (step, DEVICE, FIRST, step.command(), step.phrase(), desired(private_key=SECRET))
    shown = f"{told!r} {render.wireguard(DEVICE)}"
    assert SECRET not in shown
    assert SHARED not in shown
    assert render.wireguard(DEVICE)["peers"][0]["preshared_key"] == "(set)"
    assert render.wireguard(DEVICE)["peers"][1]["preshared_key"] is None


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (
            {"private_key": "short"},
            "wireguard.private_key must be 32 bytes in base64, as `wg genkey` writes",
        ),
        (
            {"peers": [{"public_key": "x"}]},
            "wireguard.peers.public_key must be 32 bytes in base64, as `wg genkey`",
        ),
        ({"peers": [{"public_key": key(1)}] * 2}, "twice"),
        (
            {"peers": [{"public_key": key(n), "allowed_ips": ["10.0.0.0/8"]} for n in (1, 2)]},
            "10.0.0.0/8 is in allowed_ips of two peers",
        ),
        ({"listen_port": 70000}, "wireguard.listen_port must be between"),
        (
            {"peers": [{"public_key": key(1), "endpoint": "host:1"}]},
            "wireguard.peers.endpoint must be ADDRESS:PORT, [ADDRESS]:PORT for IPv6:",
        ),
        (
            {"peers": [{"public_key": key(1), "endpoint": "192.0.2.1"}]},
            "wireguard.peers.endpoint must be ADDRESS:PORT, [ADDRESS]:PORT for IPv6:",
        ),
        (
            {"peers": [{"public_key": key(1), "allowed_ips": ["x"]}]},
            "wireguard.peers.allowed_ips 'x' must be a network",
        ),
    ],
)
def test_refused(stated, words):
    with pytest.raises(BadInput) as refused:
        desired(**stated)
    assert words in str(refused.value)
    assert "short" not in str(refused.value)


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        (bytes(32), bytes(32)),  # none
        (b"\1" * 32, b"\0" + b"\1" * 30 + b"\x41"),
        (b"\xff" * 32, b"\xf8" + b"\xff" * 30 + b"\x7f"),
        (b"\x48" * 32, b"\x48" * 32),
    ],
)
def test_a_private_key_is_as_the_kernel_keeps_it(stated, kept):
    text, wanted = (base64.b64encode(each).decode() for each in (stated, kept))
    assert desired(private_key=text).private_key == wanted


def test_endpoints_are_told_as_wg_does():
    peer = {"public_key": key(1), "endpoint": "2001:DB8::1:51820"}
    assert desired(peers=[{**peer, "endpoint": "[2001:DB8::1]:51820"}]).peers[0].endpoint == (
        "[2001:db8::1]:51820"
    )
