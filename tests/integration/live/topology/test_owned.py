# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is a topology's own, on the live kernel: it alone is changed and removed."""

from __future__ import annotations

import copy
import itertools
import os
import signal

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.mark.state import Mark
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import Faults

from . import lab

sh = witness.sh


def macs_of():
    """Return the MAC of each link, by which it would be seen that one was made anew."""
    places = ["here", *witness.names()]
    told = {name: witness.namespace("" if name == "here" else name)["links"] for name in places}
    return {
        (name, link["ifname"]): link["address"]
        for name, links in told.items()
        for link in links.values()
        if link["ifname"] != "br0"  # a bridge has the MAC of a port
    }


def same_number():
    """Return two names of topologies that have one number."""
    seen = {}
    for name in (f"t{number}" for number in itertools.count()):
        if (other := seen.setdefault(Mark(name).number, name)) is not name:
            return other, name


def test_all_sorts_in_places_of_others_come_and_go():
    sh(*lab.OTHERS)
    before = lab.state()
    result = lab.converges(**lab.GUEST)
    assert result["summary"] == lab.summary(
        {"namespaces": 1, "veths": 2, "links": 2, "addresses": 5}
        | {"routes": 4, "rules": 2, "neighbours": 2}
    )
    assert f"{lab.MADE}::guest" in sh("ip link show lo")
    assert f"{lab.MADE}::guest" in sh("ip -n other link show lo")
    lab.converges(**lab.ABSENT)
    assert lab.becomes(before) == []
    assert "altname" not in sh("ip link", "ip -n other link")


def test_absent_with_its_lists_does_the_same():
    sh(*lab.OTHERS)
    before = lab.state()
    lab.run(**lab.GUEST)
    lab.converges(**{**lab.GUEST, "state": "absent"})
    assert lab.becomes(before) == []


def test_purge_leaves_what_is_listed_and_what_others_have():
    sh(*lab.OTHERS)
    lab.run(name=lab.OWNER, namespaces=[{"name": ["kept"]}])
    wanted = lab.state()
    lab.run(**lab.GUEST)
    lab.converges(name=lab.OWNER, namespaces=[{"name": ["kept"]}], purge=True)
    assert lab.becomes(wanted) == []


@pytest.mark.parametrize("sort", ["veths", "links", "addresses", "routes", "rules", "neighbours"])
def test_purge_removes_one_sort(sort):
    sh(*lab.OTHERS)
    fewer = copy.deepcopy(lab.GUEST)
    number = len(fewer[sort])
    if sort == "veths":
        number = 1
        fewer["veths"].pop()
    elif sort == "links":
        number = 1
        fewer["links"] = [each for each in fewer["links"] if each["name"] != "br1"]
    else:
        fewer[sort] = []
    routes = fewer["routes"] if sort == "addresses" else []
    if routes:  # that lead to gateways fall with the addresses
        fewer["routes"] = [routes[1], routes[2]]
    result = lab.converges(**lab.GUEST)
    macs = macs_of()
    result = lab.converges(**fewer, purge=True)
    more = {"routes": 2, "addresses": 5} if routes else {sort: number}
    assert result["summary"] == lab.summary(removed=more)
    assert macs.items() >= macs_of().items()


def test_without_purge_what_is_listed_no_more_stays_and_is_known():
    sh(*lab.OTHERS)
    before = lab.state()
    lab.run(**lab.GUEST)
    assert not lab.run(name=lab.OWNER)["changed"]
    gone = [{"netns": "other", "link": "there0", "address": ["10.8.0.3/24"], "state": "absent"}]
    assert lab.converges(name=lab.OWNER, addresses=gone)["summary"]["removed"]["addresses"] == 1
    lab.converges(**lab.ABSENT)
    assert lab.becomes(before) == []


FOREIGN = {
    "a namespace": (
        ["ip netns add s1"],
        r"^namespaces\[0\] s1, …: Namespace s1 is there, and does not bear the mark",
    ),
    "a link here": (
        ["ip link add up0 type bridge"],
        r"^veths\[0\] up0: Link up0 in the current namespace is there, and does not bear the mark",
    ),
    "a veth there": (
        ["ip -n other link add up1 type veth peer name up2"],
        r"^veths\[1\] up1: Link up1 in namespace other is there, and does not bear the mark",
    ),
    "a bridge here": (
        ["ip link add br0 type bridge"],
        r"^links\[0\] br0: Link br0 in the current namespace is there",
    ),
    "an address": (
        ["ip -n other addr add 10.8.0.3/24 brd 10.8.0.77 dev there0"],
        r"^addresses\[2\] 10.8.0.3/24, … there0: .*(10.8.0.3).* does not bear its mark",
    ),
    "a route": (
        ["ip -n other route add 10.4.0.0/16 via 10.8.0.99"],
        r"^routes\[1\] 10.4.0.0/16: .*10.4.0.0/16.* does not bear its mark",
    ),
    "a rule": (
        ["ip -n other rule add priority 500 table 501"],
        r"^rules\[0\] other: .* delete the rule priority 500 .* does not bear its mark",
    ),
    "a neighbour": (
        ["ip -n other neigh add 10.8.0.7 lladdr 02:00:00:00:00:77 dev there0"],
        r"^neighbours\[0\] there0: .*10.8.0.7.* does not bear its mark",
    ),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_what_others_made_is_in_the_way(what):
    given, words = FOREIGN[what]
    params = copy.deepcopy(lab.GUEST)
    if what == "a namespace":
        params["namespaces"] = [{"name": ["s1", "s2"]}]
    if what == "an address":
        params["addresses"][2] = {
            **params["addresses"][2],
            "address": ["10.8.0.3/24", "10.8.0.4/24"],
        }
        params["addresses"][2]["broadcast"] = "10.8.0.255"
    sh(*lab.OTHERS, *given)
    lab.refused(words, **params)
    lab.unchanged(**lab.ABSENT)


def test_what_others_made_as_wanted_stays_theirs():
    theirs = (
        "ip -n other addr add 10.8.0.3/24 dev there0",
        "ip -n other addr add 2001:db8:8::3/64 dev there0 nodad",
        "ip -n other route add 10.4.0.0/16 via 10.8.0.9",
        "ip -n other rule add priority 500 table 500",
        "ip -n other neigh add 10.8.0.7 lladdr 02:00:00:00:00:07 dev there0",
    )
    sh(*lab.OTHERS, *theirs)
    before = lab.state()
    result = lab.converges(**lab.GUEST)
    assert result["summary"]["created"]["addresses"] == 3
    assert result["summary"]["created"]["routes"] == 3
    assert result["summary"]["created"]["rules"] == 1
    assert result["summary"]["created"]["neighbours"] == 1
    lab.converges(**lab.ABSENT)
    assert lab.becomes(before) == []


def test_what_is_absent_is_removed_where_it_is_ones_own_alone():
    sh(*lab.OTHERS)
    absent = [{"netns": "other", "link": "there0", "address": ["10.8.0.1/24"], "state": "absent"}]
    lab.refused(r"^addresses\[0\] .*does not bear its mark", name=lab.OWNER, addresses=absent)
    absent = [{"netns": "other", "dst": ["10.81.0.0/16"], "state": "absent"}]
    lab.refused(r"^routes\[0\] .*does not bear its mark", name=lab.OWNER, routes=absent)
    absent = [{"netns": "other", "priority": 80, "from": "10.8.0.0/24"}]
    absent = [{**absent[0], "table": "80", "state": "absent"}]
    lab.refused(r"^rules\[0\] .*does not bear its mark", name=lab.OWNER, rules=absent)
    absent = [{"netns": "other", "link": "there0", "address": "10.8.0.8", "state": "absent"}]
    lab.refused(r"^neighbours\[0\] .*does not bear its mark", name=lab.OWNER, neighbours=absent)
    absent = [{"netns": "other", "name": "there0", "state": "absent"}]
    lab.refused(r"^links\[0\] .*does not bear its mark", name=lab.OWNER, links=absent)
    absent = [{"name": ["other"], "state": "absent"}]
    lab.refused(r"^namespaces\[0\] .*does not bear its mark", name=lab.OWNER, namespaces=absent)
    sh("ip link add x1 type veth peer name x2")
    absent = [{"name": "x1", "state": "absent"}]
    lab.refused(r"^veths\[0\] .*does not bear its mark", name=lab.OWNER, veths=absent)


def test_a_pair_of_others_with_the_same_names_stays_where_it_is():
    sh("ip link add v1 type veth peer name v2")
    before = witness.namespace("")
    here = {"link": "lo", "address": ["10.9.9.9/32"]}
    lab.converges(**{**lab.STUDY, "addresses": [*lab.STUDY["addresses"], here]})
    lab.converges(**lab.ABSENT)
    assert witness.differences(before, witness.namespace("")) == []


def test_a_link_of_others_with_the_new_name_is_left_alone():
    sh("ip link add new0 type bridge")
    links = [{"name": "old0", "new_name": "new0", "type": "bridge"}]
    lab.refused(
        r"^links\[0\] old0: Link new0 .* does not bear the mark", name=lab.OWNER, links=links
    )


def net(owner, number):
    """Return a network with something here."""
    near, far = f"w{number}", f"ns{number}"
    return {
        "name": owner,
        "namespaces": [{"name": [far]}],
        "veths": [lab.pair(near, None, "e", far)],
        "addresses": [{"link": near, "address": [f"10.{number}.0.1/24"]}],
        "routes": [{"dst": [f"10.{number}.9.0/24"], "via": f"10.{number}.0.2"}],
    }


def test_topologies_leave_each_other_alone():
    before = lab.state()
    lab.run(**net("lab", 1))
    alone = lab.state()
    lab.converges(**net("lab2", 2))
    lab.unchanged(**net("lab", 1))
    lab.unchanged(**net("lab", 1), purge=True)
    lab.converges(name="lab2", state="absent")
    assert lab.becomes(alone) == []
    lab.converges(**net("lab2", 2))
    lab.converges(name="lab", state="absent")
    lab.unchanged(**net("lab2", 2), purge=True)
    lab.converges(name="lab2", state="absent")
    assert lab.becomes(before) == []


def test_two_with_one_number_do_not_share_a_namespace():
    one, other = same_number()
    lab.run(**net(one, 1))
    words = f"The topologies {other} and {one} both mark .* and both live in the current namespace"
    lab.refused(words, **net(other, 2))
    lab.run(name=one, state="absent")
    lab.converges(**net(other, 2))


def test_two_with_one_number_are_not_guests_of_one():
    one, other = same_number()
    sh(*lab.OTHERS)
    params = {"netns": "other", "link": "there0"}
    lab.run(name=one, addresses=[{**params, "address": ["10.8.0.3/24"]}])
    lab.refused(
        f"{other} and {one} both mark their routes and addresses with the number"
        rf" {Mark(one).number}, and both live in namespace other: choose another name",
        name=other,
        addresses=[{**params, "address": ["10.8.0.4/24"]}],
    )
    # Elsewhere they do not meet.
    lab.converges(name=other, namespaces=[{"name": ["elsewhere"]}])
    lab.converges(name=other, state="absent")


def test_things_of_others_in_ones_own_namespaces_block():
    lab.run(**lab.STUDY)
    sh("ip -n s1 link add theirs type bridge")
    words = "Namespace s1 holds links that the topology study did not make .theirs.: remove them"
    lab.refused(words, **lab.ABSENT)
    lab.refused(words, name=lab.OWNER, purge=True)
    lab.refused("theirs", **{**lab.STUDY, "state": "absent"})
    lab.unchanged(**lab.STUDY)
    lab.unchanged(**lab.STUDY, purge=True)
    lab.converges(**lab.ABSENT, force=True)
    assert witness.names() == {}


def test_processes_in_ones_own_namespaces_block():
    lab.run(**lab.STUDY)
    sh("ip netns exec s1 sleep 30 >/dev/null 2>&1 & echo $! >/run/pid")
    sh("for n in 1 2 3 4 5; do [ $(ip netns pids s1 | wc -l) = 1 ] && break; sleep 0.1; done")
    lab.refused("namespace s1 is in use by 1 process", **lab.ABSENT)
    lab.converges(**lab.ABSENT, force=True)
    assert witness.names() == {}
    sh("kill $(cat /run/pid)")


def test_things_of_others_on_links_and_in_namespaces_of_ones_own_stay_until_these_go():
    lab.run(**lab.STUDY)
    sh(
        "ip -n s1 addr add 10.77.0.1/24 dev v1",
        "ip -n s1 route add 10.78.0.0/16 via 10.77.0.2",
        "ip -n s1 rule add priority 77 table 77",
        "ip -n s1 neigh add 10.77.0.7 lladdr 02:00:00:00:00:07 dev v1",
    )
    before = lab.state()
    lab.unchanged(**lab.STUDY)
    lab.unchanged(**lab.STUDY, purge=True)
    assert lab.becomes(before) == []
    lab.converges(**lab.ABSENT)
    assert witness.names() == {}


def test_a_namespace_that_somebody_holds_on_to():
    absent = {**lab.ABSENT, "timeout": 1}
    for wait in (True, False):
        lab.run(**lab.STUDY)
        with open("/run/netns/s1", encoding="ascii"):
            if wait:
                with pytest.raises(NetnsError, match=r"after 1 s these namespaces still exist: s1"):
                    lab.run(**absent)
            else:
                lab.run(**absent, wait=False)
            assert witness.names() == {}


@pytest.mark.parametrize("how", ["absent", "purge"])
def test_the_file_of_a_run_that_was_killed_before_it_was_a_namespace(how):
    def killed():
        with Faults(lambda number: True, counted=lambda what: what == "link", kill=True).at_work():
            lab.run(name=lab.OWNER, namespaces=[{"name": ["dead"]}])

    lab.run(name=lab.OWNER, namespaces=[{"name": ["kept"]}])
    sh("touch /run/netns/others")
    assert os.waitpid(machine.fork(killed), 0)[1] == signal.SIGKILL
    if how == "purge":
        result = lab.converges(name=lab.OWNER, namespaces=[{"name": ["kept"]}], purge=True)
        assert witness.names() == {"kept": "namespace", "others": "file"}
    else:
        result = lab.converges(**lab.ABSENT)
        assert witness.names() == {"others": "file"}
    assert "ip netns del dead" in result["commands"]


def test_a_rule_of_others_is_left_alone_though_its_protocol_is_stated():
    witness.sh("ip netns add other", "ip -n other rule add priority 80 table 80 protocol static")
    entry = {"netns": "other", "priority": 80, "table": "80", "proto": "static", "state": "absent"}
    lab.refused(r"^rules\[0\] .*does not bear its mark", name=lab.OWNER, rules=[entry])
