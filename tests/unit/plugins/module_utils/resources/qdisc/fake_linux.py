# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A kernel that has netem and fq_codel: it takes our messages and does what Linux does with them.

It is written from net/sched/sch_netem.c and sch_fq_codel.c alone: what a message lacks is kept,
times are cut off as there, and what is dumped is not what was sent.
"""

from __future__ import annotations

import struct

from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    HostState,
    Link,
    NamespaceState,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.reconcile import reconcile
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import attributes as nla
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc import (
    kernel_decode as qdisc_codec,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc import (
    kernel_encode as qdisc_encode,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc import (
    operations as qdisc_ops,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc.state import Qdisc
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

LINK = Link("v1", kind="veth", index=3, mac="02:00:00:00:00:01")


def attribute(kind, layout, *values):
    value = struct.pack(layout, *values)
    return struct.pack("=HH", len(value) + 4, kind) + value


class NetemInLinux:
    """struct netem_sched_data."""

    def __init__(self, data):
        self.correlations = (0, 0, 0)
        self.reorder = self.corrupt = (0, 0)
        self.rate, self.cell, self.ecn = 0, (0, 0, 0), 0
        self.change(data)

    def change(self, data):
        latency, self.limit, self.loss, self.gap, self.duplicate, jitter = struct.unpack_from(
            "=6I", data
        )
        self.latency, self.jitter = latency << 6, jitter << 6
        sent = dict(nla.attributes(data, 24, len(data)))
        self.loss_model = sent.get(5)
        if self.gap:
            self.reorder = (0xFFFFFFFF, self.reorder[1])
        if 1 in sent:
            self.correlations = struct.unpack("=3I", sent[1])
        if 3 in sent:
            self.reorder = struct.unpack("=2I", sent[3])
        if 4 in sent:
            self.corrupt = struct.unpack("=2I", sent[4])
        if 6 in sent:
            self.rate, *self.cell = struct.unpack("=IiIi", sent[6])
        if 8 in sent:
            self.rate = max(self.rate, *struct.unpack("=Q", sent[8]))
        if 10 in sent:
            (self.latency,) = struct.unpack("=q", sent[10])
        if 11 in sent:
            (self.jitter,) = struct.unpack("=q", sent[11])
        if 7 in sent:
            (self.ecn,) = struct.unpack("=I", sent[7])
        self.jitter = min(abs(self.jitter), 0x7FFFFFFF)

    def dump(self):
        top = 0xFFFFFFFF
        data = struct.pack(
            "=6I",
            min(self.latency >> 6, top),
            self.limit,
            self.loss,
            self.gap,
            self.duplicate,
            min(self.jitter >> 6, top),
        )
        data += attribute(10, "=q", self.latency) + attribute(11, "=q", self.jitter)
        data += attribute(1, "=3I", *self.correlations)
        data += attribute(3, "=2I", *self.reorder) + attribute(4, "=2I", *self.corrupt)
        if self.rate > top:
            data += attribute(8, "=Q", self.rate)
        data += attribute(6, "=IiIi", min(self.rate, top), *self.cell)
        if self.ecn:
            data += attribute(7, "=I", self.ecn)
        if self.loss_model is not None:
            data += attribute(5, f"={len(self.loss_model)}s", self.loss_model)
        return data + attribute(14, "=Q", 0x1234567812345678)


class FqCodelInLinux:
    """struct fq_codel_sched_data."""

    def __init__(self, data):
        self.flows = 0
        self.values = {2: 10240, 1: 4882, 3: 97656, 4: 1, 6: 1514, 8: 64, 9: 32 << 20}
        self.change(data)
        self.flows = self.flows or 1024

    def change(self, data):
        for kind, value in nla.attributes(data, 0, len(data)):
            (number,) = struct.unpack("=I", value)
            if kind == 5:
                if self.flows:
                    raise RuntimeError("EINVAL: flows are said once")
                self.flows = number
            elif kind in (1, 3):
                self.values[kind] = number * 1000 >> 10
            elif kind == 6:
                self.values[kind] = max(256, number)
            else:
                self.values[kind] = number

    def dump(self):
        shown = {
            kind: (number << 10) // 1000 if kind in (1, 3) else number
            for kind, number in self.values.items()
        }
        shown[5] = self.flows
        return b"".join(attribute(kind, "=I", number) for kind, number in shown.items())


KINDS = {"netem": NetemInLinux, "fq_codel": FqCodelInLinux}


class FakeKernel:
    """What the loop needs of a kernel, with one link, v1."""

    def __init__(self):
        self.there = {}
        self.number = 0x8000

    def uppers(self, host, at):
        return ()

    def details(self, resource, key, link, *parents):
        return []

    def neighbours(self, key, link):
        return []

    def survey(self, scope):
        namespace = NamespaceState("", links={"v1": LINK})
        namespace.qdiscs = [
            Qdisc(
                "v1",
                parent,
                kind,
                handle=0 if number >> 31 else number,
                options=qdisc_codec.decoded(kind, held.dump()),
                number=number,
                wire=held.dump(),
            )
            for parent, (kind, number, held) in self.there.items()
        ]
        return HostState({"": namespace}, {"": ""})

    def apply(self, step, coming=()):
        if isinstance(step, qdisc_ops.ChangeQdisc):
            held = self.there[step.new.parent][2]
            held.change(qdisc_encode.encoded(step.new.options, step.old.options))
        elif isinstance(step, qdisc_ops.PutQdisc):
            new = step.new
            if not step.old and new.parent in self.there:
                raise RuntimeError("EEXIST")
            self.number += 1
            handle = new.handle or new.number or self.number << 16
            held = KINDS[new.kind](qdisc_encode.encoded(new.options, None))
            self.there[new.parent] = (new.kind, handle, held)
        else:
            for each in step.old:
                del self.there[each.parent]

    def take_snapshot(self, steps, before):
        pass

    def restore(self, steps, failed, raced):
        return []

    def acquire_writer_lock(self):
        return False  # nobody else is there

    def release_held(self):
        pass

    def stop_watching(self):
        pass

    def run(self, check=False, **params):
        """Run the module against this kernel; return what is set up, and the commands."""
        job = modules.job("netns_qdisc", link="v1", **params)
        outcome = reconcile(self, job, check)
        return outcome.after["qdisc"], outcome.commands

    def prove(self, **params):
        """Run it in check mode, for real and again: the same result, and nothing more to do."""
        check, real, again = self.run(check=True, **params), self.run(**params), self.run(**params)
        assert check == real
        assert again == (real[0], [])
        return real
