# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files below /etc/netns, on a machine with an /etc of its own; sh is the witness."""

from __future__ import annotations

import os
from unittest import mock

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.dns import (
    kernel as dns_apply,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import (
    rolled_back,
)

# An /etc that is the test's own, with two files that are nobody's business.
ETC = (
    "mount -t tmpfs etc /etc",
    "echo 'nameserver 192.0.2.250' >/etc/resolv.conf",
    "echo '192.0.2.251 machine' >/etc/hosts",
)
GIVEN = (
    *ETC,
    "umask 022; mkdir -p /etc/netns/a",
    "printf '# mine\\nnameserver 192.0.2.9\\n' >/etc/netns/a/resolv.conf",
    "chmod 640 /etc/netns/a/resolv.conf; chmod 750 /etc/netns/a",
)
PARAMS = {
    "netns": "a",
    "nameservers": ["192.0.2.53", "2001:db8::53"],
    "search": ["lab.example"],
    "options": ["ndots:2"],
    "entries": [{"address": "127.0.0.1", "names": ["localhost", "it's"]}],
}


def files():
    """Return all files below /etc, with mode, owner and contents."""
    return witness.sh(
        "cd /etc; find . -printf '%p %y %m %U %G %l\\n' | sort",
        'find . -type f | sort | while read -r file; do echo "$file"; cat "$file"; done',
    )


@pytest.mark.parametrize("given", [ETC, GIVEN])
@pytest.mark.parametrize("params", [PARAMS, {"netns": "a", "state": "absent"}])
def test_check_mode_predicts_the_real_run_and_a_second_one_writes_nothing(given, params):
    witness.sh(*given)
    was = files()
    check = modules.run("netns_dns", check=True, **params)
    assert files() == was
    real = modules.run("netns_dns", **params)
    assert real == check
    inodes = witness.sh("ls -liR --time-style=full-iso /etc/netns 2>&1 || :")
    again = modules.run("netns_dns", **params)
    assert (again["changed"], again["commands"], again["dns"]) == (False, [], real["dns"])
    assert witness.sh("ls -liR --time-style=full-iso /etc/netns 2>&1 || :") == inodes
    assert witness.sh("cat /etc/resolv.conf /etc/hosts") == (
        "nameserver 192.0.2.250\n192.0.2.251 machine\n"
    )


@pytest.mark.parametrize("params", [PARAMS, {"netns": "a", "state": "absent"}])
def test_commands_replayed_with_sh_come_to_the_same(params):
    witness.sh(*GIVEN)
    commands = modules.run("netns_dns", check=True, **params)["commands"]
    modules.run("netns_dns", **params)
    made = files()
    witness.sh("umount /etc", *GIVEN, "umask 022", *commands)
    assert files() == made


def test_a_new_file_is_for_all_to_read_and_an_old_one_stays_as_it_was():
    witness.sh(*GIVEN)
    os.umask(0o077)
    modules.run("netns_dns", **PARAMS)
    assert witness.sh("cd /etc/netns; stat -c '%a %n' a a/*") == (
        "750 a\n644 a/hosts\n640 a/resolv.conf\n"
    )
    modules.run("netns_dns", netns="b", search=["x"])
    assert witness.sh("stat -c '%a' /etc/netns/b") == "755\n"


def test_owner_and_mode_are_kept():
    witness.sh(*GIVEN, "echo >/etc/netns/a/hosts")
    try:
        os.chown("/etc/netns/a/hosts", 1, 2)
    except OSError:
        pytest.skip("This machine lets nobody give a file away")
    witness.sh("chmod 604 /etc/netns/a/hosts")
    modules.run("netns_dns", **PARAMS)
    assert witness.sh("stat -c '%a %u %g' /etc/netns/a/hosts") == "604 1 2\n"


def test_who_enters_the_namespace_sees_the_files():
    witness.sh(*ETC, "ip netns add a")
    modules.run("netns_dns", **PARAMS)
    assert witness.sh("ip netns exec a cat /etc/hosts") == "127.0.0.1 localhost it's\n"
    assert "nameserver 2001:db8::53" in witness.sh("ip netns exec a cat /etc/resolv.conf")


def test_inside_of_ip_netns_exec_it_works_too():
    witness.sh(*GIVEN, "ip netns add a")
    witness.sh("mount --bind /etc/netns/a/resolv.conf /etc/resolv.conf")
    modules.run("netns_dns", **PARAMS)
    assert "192.0.2.53" in witness.sh("cat /etc/netns/a/resolv.conf")
    # The mount still shows the file that was there when it was made.
    assert "192.0.2.9" in witness.sh("cat /etc/resolv.conf")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("ln -s /etc/hosts /etc/netns/a/hosts", "/etc/netns/a/hosts is not a regular file"),
        ("mkfifo /etc/netns/a/hosts", "/etc/netns/a/hosts is not a regular file"),
        ("mkdir /etc/netns/a/hosts", "/etc/netns/a/hosts is not a regular file"),
        ("printf '\\377' >/etc/netns/a/hosts", "/etc/netns/a/hosts is not a text file"),
        ("printf 'a\\0b' >/etc/netns/a/hosts", "/etc/netns/a/hosts is not a text file"),
        ("head -c 1048577 /dev/zero | tr '\\0' x >/etc/netns/a/hosts", "is not a text file"),
        ("rm -r /etc/netns/a; ln -s /etc /etc/netns/a", "/etc/netns/a is not a directory"),
        ("rm -r /etc/netns/a; touch /etc/netns/a", "/etc/netns/a is not a directory"),
        ("mount --bind /etc /etc/netns/a", "/etc/netns/a is the host's own /etc"),
    ],
)
def test_what_is_no_file_of_ours_is_left_alone(given, told):
    witness.sh(*GIVEN, given)
    was = witness.sh("ls -lR --time-style=full-iso /etc 2>&1 || :")
    for params in (PARAMS, {"netns": "a", "state": "absent"}):
        with pytest.raises(NetnsError) as refused:
            modules.run("netns_dns", **params)
        assert told in str(refused.value)
    assert witness.sh("ls -lR --time-style=full-iso /etc 2>&1 || :") == was


def test_a_file_that_others_write_meanwhile_is_not_written_over():
    witness.sh(*GIVEN)
    real, edits = dns_apply._open, []

    def late(step):
        if not edits:
            edits.append(witness.sh("echo sortlist 192.0.2.0/24 >>/etc/netns/a/resolv.conf"))
        return real(step)

    with mock.patch.object(dns_apply, "_open", late):
        modules.run("netns_dns", **PARAMS)
    said = witness.sh("cat /etc/netns/a/resolv.conf")
    assert edits and "sortlist 192.0.2.0/24\n" in said and "nameserver 192.0.2.53\n" in said


class Os:
    """The os module, as the kernel floor sees it, with one of its writes failing."""

    WRITES = ("mkdir", "rmdir", "rename", "unlink", "fchmod", "fsync", "open")

    def __init__(self, number):
        self.number, self.count, self.failed = number, 0, None

    def __getattr__(self, name):
        real = getattr(os, name)
        return (
            (lambda *args, **named: self.call(real, *args, **named))
            if name in self.WRITES
            else real
        )

    def call(self, real, *args, **named):
        if real is os.open and not args[1] & os.O_CREAT:
            return real(*args, **named)
        self.count += 1
        if self.count == self.number:
            self.failed = real.__name__
            raise OSError(28, "injected")
        return real(*args, **named)


def attempt(given, params, number):
    """Return what is there before and after a run whose write of a number fails, and its words."""
    witness.sh(*given)
    before, said, faulty = files(), None, Os(number)
    with mock.patch.object(dns_apply, "os", faulty):
        try:
            modules.run("netns_dns", **params)
        except NetnsError as error:
            said = str(error)
    return before, files(), said, faulty.failed


@pytest.mark.makes_machines
@pytest.mark.parametrize("given", [ETC, GIVEN])
@pytest.mark.parametrize("params", [PARAMS, {"netns": "a", "state": "absent"}])
def test_a_write_that_fails_leaves_no_trace(given, params):
    for number in range(1, 99):
        before, after, said, failed = machine.run(lambda n=number: attempt(given, params, n))
        if failed is None:
            assert said is None
            nothing_to_remove = given == ETC and "state" in params
            assert (number == 1) == nothing_to_remove
            return
        if said is None:
            # The directory was not flushed: the file is there all the same.
            assert failed == "fsync"
            continue
        assert "No space left on device" in said
        assert rolled_back(said, "No space left on device"), said
        assert after == before, (number, failed)
    pytest.fail("there was no end of writes")
