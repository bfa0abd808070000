# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two tests of every module's job, and what the loop does when things go wrong, in memory."""

from __future__ import annotations

import copy
import errno
import random
import re

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import (
    KernelError,
    NetnsError,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import Address, Route
from ansible_collections.linuxnet.netns.plugins.module_utils._core.record import replace
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.reconcile import (
    TRIES,
    reconcile,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.fake_kernel import (
    STALE,
    FakeKernel,
    Refused,
    Written,
    snapshot,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import (
    ROLLED_BACK,
    rolled_back,
)

MAC = "02:00:00:00:01:0a"
ALL = {"mtu": 1300, "mac": MAC, "alias": "x", "txqueuelen": 9, "up": True}


def lab():
    """Return two namespaces with a cable between them, addresses and routes on it, and a bridge."""
    kernel = FakeKernel()
    near, far = kernel.pair(("a", "v1"), ("b", "v2"), up=True)
    near.mtu, near.alias = 1400, "near"
    kernel.link("a", "br")
    kernel.pair(("", "h1"), ("", "h2"))
    kernel.names["dead"] = STALE
    near.addresses = [
        Address("v1", "10.0.0.1/24", label="v1", broadcast="10.0.0.255"),
        Address("v1", "10.0.0.2/24", label="v1:2", secondary=True),
        Address("v1", "2001:db8::2/64", nodad=True),
        Address("v1", "2001:db8::1/64", nodad=True),
    ]
    far.addresses = [Address("v2", "10.0.0.11/24", label="v2")]
    kernel.names["a"].routes = [
        (near, Route("default", 4, None, "10.0.0.9", metric=7)),
        (near, Route("198.51.100.0/24", 4, None, "10.0.0.8", src="10.0.0.2")),
        (near, Route("default", 6, None, "2001:db8::9", metric=1024)),
    ]
    return kernel


TASKS = {
    "namespaces": ("netns", {"name": ["a", "n", "dead"], "lo_up": True}),
    "a number": ("netns", {"name": ["n"], "nsid": 4}),
    "no namespaces": ("netns", {"name": ["a", "b", "dead", "none"], "state": "absent"}),
    "a pair": (
        "veth",
        {"name": "p", "netns": "a", **ALL, "peer": {"name": "p", "netns": "b", "mac": MAC}},
    ),
    "a pair that moves": ("veth", {"name": "v1", "up": True, "peer": {"name": "v2", "netns": "b"}}),
    "a pair that swaps": (
        "veth",
        {"name": "v1", "netns": "b", **ALL, "peer": {"name": "v2", "netns": "a", "up": True}},
    ),
    "a pair that is renamed": (
        "veth",
        {"name": "v1", "netns": "a", "peer": {"name": "w", "netns": "b", "mtu": 9000}},
    ),
    "a pair in place of two": (
        "veth",
        {
            "name": "v1",
            "netns": "a",
            "mac": MAC,
            "force": True,
            "peer": {"name": "h1", "mac": MAC, "up": True},
        },
    ),
    "no pair": ("veth", {"name": "v1", "netns": "a", "state": "absent"}),
    "a link that moves": (
        "netns_link",
        {"name": "v2", "netns": "a", "move_from": "b", "new_name": "port", "master": "br", **ALL},
    ),
    "a link that is renamed": ("netns_link", {"name": "v1", "netns": "a", "new_name": "w"}),
    "a link that changes": (
        "netns_link",
        {
            "name": "v1",
            "netns": "a",
            "up": False,
            "mtu": 1000,
            "arp": False,
            "multicast": False,
            "promisc": True,
            "group": 4,
            "alias": "",
            "force": True,  # it loses its IPv6 addresses by that MTU
        },
    ),
    "no link": ("netns_link", {"name": "br", "netns": "a", "state": "absent"}),
    "addresses": (
        "netns_addr",
        {"netns": "a", "link": "v1", "address": ["10.0.0.3/24", "10.1.0.1/24", "2001:db8::7/64"]},
    ),
    "another broadcast": (
        "netns_addr",
        {"netns": "a", "link": "v1", "address": ["10.0.0.1/24"], "broadcast": ""},
    ),
    "these addresses": (
        "netns_addr",
        {"netns": "a", "link": "v1", "address": ["10.0.0.2/24", "2001:db8::1/64"], "purge": True},
    ),
    "other lifetimes": (
        "netns_addr",
        {"netns": "a", "link": "v1", "address": ["10.0.0.1/24", "2001:db8::1/64"]}
        | {"valid_lft": "900", "preferred_lft": "600", "metric": 5},
    ),
    "another prefix": ("netns_addr", {"netns": "a", "link": "v1", "address": ["2001:db8::1/80"]}),
    "no addresses": (
        "netns_addr",
        {
            "netns": "a",
            "link": "v1",
            "address": ["10.0.0.1/24", "2001:db8::2/64", "10.7.0.1/24"],
            "state": "absent",
        },
    ),
}


@pytest.mark.parametrize("name", TASKS)
def test_check_mode_predicts_the_real_run(name):
    module, params = TASKS[name]
    untouched, changed = lab(), lab()
    untouched.read_only = True
    predicted = modules.run(module, check=True, kernel=untouched, **params)
    assert snapshot(untouched) == snapshot(lab())
    assert predicted == modules.run(module, kernel=changed, **params)
    assert predicted["changed"]
    assert len(predicted["commands"]) == len(changed.log)
    assert snapshot(changed) != snapshot(untouched)


@pytest.mark.parametrize("name", TASKS)
def test_idempotent_run_writes_nothing(name):
    module, params = TASKS[name]
    kernel = lab()
    first = modules.run(module, kernel=kernel, **params)
    kernel.read_only = True
    second = modules.run(module, kernel=kernel, **params)
    assert (second["changed"], second["commands"], second["warnings"]) == (False, [], [])
    assert second["diff"]["before"] == second["diff"]["after"] == first["diff"]["after"]


@pytest.mark.parametrize("name", TASKS)
def test_the_fake_refuses_to_be_written_to(name):
    module, params = TASKS[name]
    kernel = lab()
    kernel.read_only = True
    with pytest.raises(Written):
        modules.run(module, kernel=kernel, **params)
    assert snapshot(kernel) == snapshot(lab())


class Broken(FakeKernel):
    """Refuses its n-th write, or is said to have refused it after it was done."""

    def __init__(self, of, number, after=False):
        vars(self).update(vars(of))
        self.number, self.after = number, after

    def apply(self, step, coming=()):
        if len(self.log) + 1 == self.number:
            if self.after:
                super().apply(step)
            else:
                self.log.append(step)
            raise KernelError(errno.EPERM, step.phrase(), "no")
        super().apply(step)


@pytest.mark.parametrize("name", TASKS)
def test_what_was_done_before_a_failure_is_undone(name):
    module, params = TASKS[name]
    for number in range(1, 99):
        kernel = Broken(lab(), number)
        try:
            modules.run(module, kernel=kernel, **params)
        except NetnsError as error:
            assert ": Operation not permitted: no" in str(error)
            assert ("is undone" in str(error)) == (number > 1)
            assert snapshot(kernel) == snapshot(lab()), (number, kernel.log)
        else:
            assert number == len(kernel.log) + 1
            assert number > 1
            return


def test_a_new_namespace_goes_with_what_could_not_be_taken_back_in_it():
    kernel = Broken(lab(), 3)
    with pytest.raises(NetnsError) as failed:
        modules.run("netns", kernel=kernel, name=["n"], nsid=4, lo_up=True)
    assert rolled_back(str(failed.value))
    assert snapshot(kernel) == snapshot(lab())


class Dying(Broken):
    """Refuses its n-th write, and all that come after it."""

    def apply(self, step, coming=()):
        if len(self.log) + 1 >= self.number:
            raise KernelError(errno.EPERM, step.phrase(), "no")
        super().apply(step, coming)

    def restore(self, steps, failed, raced):
        return ["link v1 in namespace a is another"]


def test_what_cannot_be_undone_is_told():
    module, params = TASKS["a pair"]
    kernel = Dying(lab(), 2)
    with pytest.raises(NetnsError) as failed:
        modules.run(module, kernel=kernel, **params)
    left = str(failed.value).partition("This could not be undone: ")[2]
    assert left.split("; ") == [
        "link v1 in namespace a is another",
        "delete link p in namespace a: Operation not permitted: no",
    ]
    assert snapshot(kernel) != snapshot(lab())


# --- other hands, between our look and our write ------------------------------------------------


def test_others_made_the_same_pair_meanwhile():
    kernel, params = lab(), TASKS["a pair"][1]
    kernel.meanwhile[1] = lambda other: other.pair(("a", "p"), ("b", "p"))
    result = modules.run("veth", kernel=kernel, **params)
    assert result["veth"]["mtu"] == 1300
    assert result["changed"]
    assert kernel.names["a"].find("p").peer is kernel.names["b"].find("p")


def test_others_made_the_same_namespace_meanwhile():
    kernel = lab()
    kernel.meanwhile[2] = lambda other: other.net("m")
    result = modules.run("netns", kernel=kernel, name=["n", "m"])
    assert [each["state"] for each in result["namespaces"]] == ["present", "present"]
    assert set(kernel.names) == {"a", "b", "dead", "n", "m"}


def test_others_took_the_name_for_something_else_meanwhile():
    kernel = lab()
    kernel.meanwhile[1] = lambda other: other.link("a", "p")
    with pytest.raises(
        NetnsError,
        match="link p in namespace a exists and is a bridge, not a veth",
    ):
        modules.run("veth", kernel=kernel, **TASKS["a pair"][1])
    assert kernel.names["b"].find("p") is None


def test_others_took_the_link_away_meanwhile():
    kernel = lab()
    kernel.meanwhile[1] = lambda other: other._remove(other.names["a"].find("v1"))
    with pytest.raises(NetnsError, match="link v1 not found in namespace a"):
        modules.run("netns_link", kernel=kernel, name="v1", netns="a", mtu=1300)


class Torn(FakeKernel):
    """Shows a link nowhere at the first look: it was on its way, by another run."""

    looks = 0

    def survey(self, scope):
        self.looks += 1
        host = super().survey(scope)
        if self.looks == 1:
            del host.namespaces["a"].links["v1"]
        return host


def test_what_another_run_is_about_is_looked_at_again():
    kernel = Torn()
    vars(kernel).update(vars(lab()))
    result = modules.run("netns_link", kernel=kernel, name="v1", netns="a", mtu=1300)
    assert result["commands"] == ["ip -n a link set dev v1 mtu 1300"]
    kernel = Torn(read_only=True)
    vars(kernel).update({**vars(lab()), "read_only": True})
    looked = modules.run("netns_link", check=True, kernel=kernel, name="v1", netns="a", mtu=1300)
    assert looked["warnings"]


class Restless(FakeKernel):
    """Gives a link another address whenever somebody looks, and has what is to be added already."""

    looks = 0

    def survey(self, scope):
        self.looks += 1
        nic = self.names["a"].find("v1")
        nic.addresses = [Address("v1", f"10.9.0.{self.looks}/24", label="v1")]
        return super().survey(scope)

    def _AddAddress(self, step):
        raise Refused(errno.EEXIST, "ipv4: Address already assigned")


def test_others_that_never_rest_are_given_up():
    kernel = Restless()
    vars(kernel).update(vars(lab()))
    with pytest.raises(NetnsError) as told:
        modules.run("netns_addr", kernel=kernel, netns="a", link="v1", address=["10.3.0.1/24"])
    assert str(told.value) == (
        "Other programs have changed the same things while this task was at work;"
        " add 10.3.0.1/24 to link v1 in namespace a: File exists: ipv4: Address already assigned."
        " What it had done is undone; run the task again"
    )
    assert len(kernel.log) == TRIES


class Liar(FakeKernel):
    """Gives a link another MTU than it was asked to."""

    def _set(self, nic, key, value):
        super()._set(nic, key, 1310 if key == "mtu" and value == 1300 else value)


def test_what_is_not_what_was_promised_is_rolled_back():
    kernel = Liar()
    vars(kernel).update(vars(lab()))
    with pytest.raises(NetnsError) as told:
        modules.run("netns_link", kernel=kernel, name="v1", netns="a", mtu=1300, alias="other")
    assert str(told.value) == (
        "All was done for link v1, but what is there now is not what was promised:"
        " link.mtu is 1310, not 1300. What had been done before it is undone"
    )
    assert snapshot(kernel) == snapshot(lab())


def test_what_is_not_what_was_promised_stays_where_nothing_is_to_be_undone():
    kernel = Liar()
    vars(kernel).update(vars(lab()))
    task = replace(modules.job("netns_link", name="v1", netns="a", mtu=1300), undo=False)
    with pytest.raises(NetnsError, match=r"is 1310, not 1300[.] It stays as it is$"):
        reconcile(kernel, task, check_mode=False)
    assert kernel.names["a"].find("v1").mtu == 1310


class Blind(FakeKernel):
    """Cannot be read once something was written, the first time."""

    fails = 1

    def survey(self, scope):
        if self.log and self.fails:
            self.fails -= 1
            raise KernelError(errno.ENOBUFS, "read the links in namespace a")
        return super().survey(scope)


@pytest.mark.parametrize(
    ("module", "params"),
    [
        ("netns_link", {"name": "v1", "netns": "a", "mtu": 1300}),
        ("netns", {"name": ["a", "dead"], "state": "absent"}),
    ],
)
def test_what_cannot_be_verified_is_rolled_back(module, params):
    kernel = Blind()
    vars(kernel).update(vars(lab()))
    with pytest.raises(NetnsError) as told:
        modules.run(module, kernel=kernel, **params)
    assert re.fullmatch(
        "All was done for .*, but it could not be verified: read the links in namespace a:"
        " No buffer space available. What had been done before it is undone",
        str(told.value),
    )
    assert snapshot(kernel) == snapshot(lab())


class Slow(FakeKernel):
    """A kernel that takes its time to take a namespace down, as the real one does."""

    def survey(self, scope):
        self.order.append("survey")
        return super().survey(scope)

    def release_held(self):
        self.order.append("let go")

    def wait_for_deletions(self, seconds):
        self.order.append("wait")
        super().release_held()


@pytest.mark.parametrize("places", [("a",), ("a", "b")])
def test_all_is_verified_before_a_namespace_is_let_go(places):
    kernel = Slow()
    vars(kernel).update(vars(lab()), order=[])
    task = modules.job("netns", name=["a"], state="absent")
    wide = replace(task, scope=replace(task.scope, places=places, peers=None))
    assert reconcile(kernel, wide, check_mode=False).steps
    assert kernel.order == ["survey", "survey", "let go", "wait"]
    assert "a" not in kernel.names
    assert kernel.names["b"].find("v2") is None


class Endless(FakeKernel):
    """Deletes a namespace, and never is done with it."""

    def wait_for_deletions(self, seconds):
        raise NetnsError(f"After {seconds:g} s the kernel still keeps a")


def test_a_wait_that_fails_says_that_all_was_done():
    kernel = Endless()
    vars(kernel).update(vars(lab()))
    with pytest.raises(NetnsError) as told:
        modules.run("netns", kernel=kernel, name=["a"], state="absent", timeout=7)
    assert str(told.value) == (
        "All was done for netns a, and verified. After 7 s the kernel still keeps a"
    )
    assert "a" not in kernel.names


class Churned(FakeKernel):
    """Another program deletes namespace a and makes it again, in the middle of a plan."""

    identity = 7

    def _space(self, key, scope):
        namespace = super()._space(key, scope)
        namespace.identity = self.identity if key == "a" else 1
        return namespace

    def is_same_namespace(self, key, identity):
        return key != "a" or identity == self.identity


def test_a_namespace_that_others_make_again_meanwhile_is_planned_for_again():
    kernel = Churned()
    vars(kernel).update(vars(lab()))

    def churn(other):
        other.identity += 1
        for nic in other.names["a"].nics:
            nic.alias = ""

    kernel.meanwhile[2] = churn
    result = modules.run(
        "veth",
        kernel=kernel,
        name="v1",
        netns="a",
        alias="far",
        mtu=1300,
        peer={"name": "v2", "netns": "b", "mtu": 1300},
    )
    assert result["veth"]["alias"] == "far"


# --- whatever comes -----------------------------------------------------------------------------


def anything(dice):
    """Return a kernel with anything in it."""
    kernel = FakeKernel()
    kernel.live_rename = dice.random() < 0.7
    for name in dice.sample("abc", dice.randint(1, 3)):
        kernel.net(name)
    places = ["", *kernel.names]
    for _number in range(dice.randint(0, 4)):
        ends = [(dice.choice(places), f"v{dice.randint(0, 3)}") for _unused in range(2)]
        taken = [kernel.net(netns).find(name) for netns, name in ends]
        if ends[0] != ends[1] and taken == [None, None]:
            kernel.pair(*ends)
    if dice.random() < 0.5:
        kernel.link(dice.choice(places), "br")
    for place in places:
        net = kernel.net(place)
        bridge = net.find("br")
        for nic in net.nics[1:]:
            nic.up = dice.random() < 0.5
            nic.mtu = dice.choice((1500, 1400, 9000))
            nic.alias = dice.choice(("", "x"))
            if bridge and nic is not bridge and dice.random() < 0.3:
                nic.master = bridge
            some_addresses(dice, kernel, place, nic)
    if dice.random() < 0.3:
        kernel.names["d"] = STALE
    kernel.log.clear()
    return kernel


def some_addresses(dice, kernel, place, nic):
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address import (
        operations as op,
    )

    for cidr in dice.sample(CIDRS, dice.randint(0, 4)):
        label = None if ":" in cidr else nic.name
        address = Address(nic.name, cidr, label=label, nodad=":" in cidr)
        if nic.up or label:
            kernel.apply(op.AddAddress(place, address))
    if nic.up and any(each.cidr == "10.0.0.1/24" for each in nic.addresses) and dice.random() < 0.5:
        nic.net.routes.append((nic, Route("default", 4, None, "10.0.0.9", metric=nic.index)))


CIDRS = ["10.0.0.1/24", "10.0.0.2/24", "10.0.0.3/25", "10.1.0.1/16", "2001:db8::1/64"]
CIDRS += ["2001:db8::2/64", "2001:db8:1::1/48"]


def nics(kernel, place):
    net = kernel.names.get(place) if place else kernel.here
    return net.nics if net else []


def any_task(dice, kernel):
    """Return any task."""
    places = ["a", "b", "c", None]
    link = {
        key: value
        for key, value in {
            "up": dice.random() < 0.6,
            "mtu": dice.choice((1500, 1300, 1000, 9000)),
            "mac": MAC,
            "alias": dice.choice(("", "y")),
            "txqueuelen": dice.choice((1000, 5)),
        }.items()
        if dice.random() < 0.5
    }
    name, other = (f"v{dice.randint(0, 3)}" for _unused in range(2))
    netns, far = dice.choice(places), dice.choice(places)
    there = [(place or None, nic.name) for place in ["", *"abc"] for nic in nics(kernel, place)[1:]]
    if there and dice.random() < 0.8:
        netns, name = dice.choice(there)
    kind = dice.randrange(4)
    if kind == 0:
        present = dice.choice(("present", "absent"))
        names = dice.sample("abcd", dice.randint(1, 3))
        return "netns", {"name": names, "state": present, "lo_up": True}
    if kind == 1:
        mac = {"mac": "02:00:00:00:01:0b"}
        peer = {"name": other, "netns": far, **{**link, **mac}}
        force = dice.random() < 0.5
        return "veth", {"name": name, "netns": netns, **link, "peer": peer, "force": force}
    if kind == 2:
        more = dice.choice(({}, {"move_from": far or ""}, {"new_name": other}, {"master": "br"}))
        return "netns_link", {"name": name, "netns": netns, **link, **more}
    purge = dice.random() < 0.3
    return "netns_addr", {
        "netns": netns,
        "link": name,
        "address": dice.sample(CIDRS, dice.randint(1, 3)),
        "purge": purge,
        **dice.choice(({}, {"broadcast": "10.0.0.77"}, {"metric": 3}, {"valid_lft": "900"})),
        **({} if purge else {"state": dice.choice(("present", "absent"))}),
    }


def told(module, check, kernel, params):
    try:
        return modules.run(module, check=check, kernel=kernel, **params)
    except NetnsError as error:
        return str(error)


@pytest.mark.parametrize("block", range(8))
def test_whatever_is_there_and_whatever_is_wanted(block):
    changes = 0
    for seed in range(block * 50, block * 50 + 50):
        dice = random.Random(seed)
        start = anything(dice)
        module, params = any_task(dice, start)
        what = (seed, module, params)
        before = snapshot(start)
        real, looked = copy.deepcopy(start), copy.deepcopy(start)
        looked.read_only = True
        predicted, result = (
            told(module, check, kernel, params) for check, kernel in ((True, looked), (False, real))
        )
        assert snapshot(looked) == before, what
        if isinstance(result, str):
            assert snapshot(real) == before, (what, result)
            assert not real.log or result.endswith(ROLLED_BACK), (what, result)
            continue
        without_macs(predicted), without_macs(result)
        assert predicted == result, what
        real.read_only = True
        again = told(module, False, real, params)
        assert again["changed"] is False, (what, again)
        changes += result["changed"]
        for number in range(1, len(real.log) + 1):
            broken = Broken(copy.deepcopy(start), number)
            said = told(module, False, broken, params)
            assert rolled_back(said, ": no"), (what, said)
            assert snapshot(broken) == before, (what, number, said)
    assert changes > 10


def without_macs(result):
    """Forget the MACs: of a veth that is not told any, each run draws others."""
    if isinstance(result, dict):
        result.pop("mac", None)
        for value in result.values():
            without_macs(value)
    elif isinstance(result, list):
        for value in result:
            without_macs(value)
