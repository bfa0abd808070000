# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What nobody means, and is read all the same, on the live kernel: check mode says what comes of
it, what is refused changes nothing, and all that goes wrong is told in words."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import time
import traceback

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    names,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    netns_files as files,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    hostile as walk,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    witness,
)

# For one module: what does not fit is tried by hand, with more time and other seeds.
SECONDS = float(os.environ.get("HOSTILE_SECONDS", "4"))
SEED = int(os.environ.get("HOSTILE_SEED", "1"))
machine.SECONDS = max(machine.SECONDS, SECONDS + 45)
LACKING = ("Unknown device type", "(this kernel has no ")  # links and qdiscs that it cannot make
GIVEN = (
    "ip netns add a",
    "ip netns add b",
    "ip link add v1 netns a address 02:00:00:00:00:01"
    " type veth peer name v2 netns b address 02:00:00:00:00:02",
    """ip -n a -batch - <<'END'
link set v1 addrgenmode none up
addr add 10.0.0.1/24 dev v1
addr add 2001:db8::1/64 dev v1 nodad
END""",
    "ip -n b link set v2 addrgenmode none up",
)


def becomes(wanted):
    """Return what is not as it was once carriers are noticed and addresses tried."""
    end = time.monotonic() + 2
    while (differences := witness.differences(wanted, witness.state())) and time.monotonic() < end:
        time.sleep(0.1)
    return differences


def again():
    """Make the machine what it is to be."""
    for name in files.names():
        files.remove(name, "clean up")
    links = json.loads(subprocess.check_output(["ip", "-j", "link"]))
    for link in links:
        if link["ifname"] != "lo":
            subprocess.run(["ip", "link", "del", link["ifname"]], check=False)
    witness.sh(*GIVEN)


def attempt(module, params, check_mode):
    """Return 'changed', 'same' or 'failed', and what was said."""
    options = walk.validated(module, params)
    kernel = Kernel()
    kernel.run_command = lambda command, environ_update: (1, "", "there is no nft here")
    try:
        walk.check(walk.spec_of(module), options)
        changed, supposes = walk.run(module, kernel, options, check_mode)
        return ("supposes" if supposes else "changed" if changed else "same"), ""
    except NetnsError as error:
        return "failed", str(error)
    except Exception:
        told = traceback.format_exc().strip().splitlines()
        return "traceback", "\n".join(told[-4:])
    finally:
        kernel.close()


@pytest.fixture(autouse=True)
def no_process(monkeypatch):
    """Let no number be that of a process: it would be one of the host's, in its network."""
    real = names.resolve
    monkeypatch.setattr(
        names,
        "resolve",
        lambda place, *more: real(place, *more if not place.isdigit() else [False]),
    )


def accepted(module):
    """Yield the cases that are not refused without a look at the machine."""
    seen = set()
    for path, value, params in walk.cases(module):
        options = walk.validated(module, params)
        if options is None:
            continue
        try:
            walk.read(module, options)
        except NetnsError:
            continue
        if repr(params) not in seen:
            seen.add(repr(params))
            yield path, value, params


@pytest.mark.parametrize("module", sorted(walk.BASES))
def test_check_mode_says_what_comes_of_it(module):
    if module == "netns_dns":
        witness.sh("mount -t tmpfs etc /etc")
    again()
    wrong, tried = [], 0
    before = witness.state()
    todo = list(accepted(module))
    random.Random(SEED).shuffle(todo)
    end = time.monotonic() + SECONDS
    for path, value, params in todo:
        if time.monotonic() > end:
            break
        tried += 1
        label = f"{path} = {value!r:.60}"
        begun = time.monotonic()
        supposed, why = attempt(module, params, True)
        if supposed == "traceback":
            wrong.append(f"{label}: check mode: {why}")
        real, said = attempt(module, params, False)
        bounds = "set net." in said and "Invalid argument" in said and re.search(r"'\d+' in", said)
        if bounds or any(words in said for words in LACKING):
            continue  # the bounds of a parameter, only the kernel knows
        if real == "traceback":
            wrong.append(f"{label}: {said}")
        elif real != supposed != "supposes":
            wrong.append(f"{label}: {supposed} in check mode {why}, but {real} {said}")
        if real in ("failed", "same") and (differences := becomes(before)):
            wrong.append(f"{label}: {real} {said}, and {differences}")
        if time.monotonic() - begun > 20:
            wrong.append(f"{label}: takes {time.monotonic() - begun:.1f} s")
        if real == "changed":
            once_more, said = attempt(module, params, False)
            if once_more != "same" and module != "netns_exec":
                wrong.append(f"{label}: the second time it is {once_more} {said}")
        if real == "changed" or witness.state() != before:
            again()
            becomes(before)
            before = witness.state()
    print(module, tried, "of", len(todo))
    assert not wrong, "\n".join(wrong).encode("ascii", "backslashreplace").decode()
