# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: nth_host
short_description: Return the nth host address of a subnet, with its prefix length
version_added: 0.1.0
author:
  - The linuxnet.netns authors (@linuxnet)
description:
  - Count through the host addresses of a subnet. The first one is 1, and the last one is -1.
positional: _input, number
options:
  _input:
    description:
      - The subnet, IPv4 or IPv6.
    type: str
    required: true
  number:
    description:
      - Number of the address, negative to count from the end.
    type: int
    required: true
"""

EXAMPLES = r"""
- name: The first address and the last one
  ansible.builtin.debug:
    msg: "{{ '172.16.1.0/24' | linuxnet.netns.nth_host(1) }} {{ '172.16.1.0/24' | linuxnet.netns.nth_host(-1) }}"

# 172.16.1.1/24 172.16.1.254/24
"""

RETURN = r"""
_value:
  description: The address, with the prefix length of the subnet.
  type: str
"""

import ipaddress
import re
import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.choices import PREFIX
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import shown


def _whole(number: t.Any) -> int:
    if isinstance(number, str) and re.fullmatch(r"[-+]?[0-9]{1,39}", number.strip()):
        return int(number)
    if isinstance(number, float) and number.is_integer():
        return int(number)
    if isinstance(number, bool) or not isinstance(number, int):
        raise ValueError(f"{shown(number)} must be a whole number")
    return int(number)


def nth_host(network: t.Any, number: t.Any) -> str:
    """Return the nth host address of a network, with its prefix length.

    In IPv4, the network and the broadcast address are not hosts, except in networks of one or two
    addresses (RFC 3021); in IPv6 only the first address is not (RFC 4291).
    """
    if not isinstance(network, str) or not PREFIX.fullmatch(network.strip()):
        raise AnsibleFilterError(
            f"nth_host needs a network such as 10.0.0.0/8, not {shown(network)}"
        )
    try:
        whole = ipaddress.ip_network(network.strip())
        number = _whole(number)
    except ValueError as error:
        raise AnsibleFilterError(f"nth_host: {error}") from error
    first, last = int(whole.network_address), int(whole.broadcast_address)
    if whole.max_prefixlen - whole.prefixlen > 1:
        first += 1
        last -= 1 if whole.version == 4 else 0
    at = first + number - 1 if number > 0 else last + number + 1
    if number == 0 or not first <= at <= last:
        raise AnsibleFilterError(
            f"nth_host: {whole} has {last - first + 1} hosts, not {shown(number)}; use a lower number"
        )
    return f"{ipaddress.ip_address(at)}/{whole.prefixlen}"


class FilterModule:
    """Provide the filter."""

    def filters(self) -> dict[str, t.Callable[..., str]]:
        """Return the filter by name."""
        return {"nth_host": nth_host}
