# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The keys of a containerlab file: like containerlab, we refuse all others."""

from __future__ import annotations

FILE = frozenset({"name", "prefix", "mgmt", "settings", "topology", "debug"})
TOPOLOGY = frozenset({"defaults", "kinds", "nodes", "groups", "links"})
LINK = frozenset({"type", "endpoints", "mtu", "labels", "vars", "ipv4", "ipv6"})
NODE = frozenset(
    [
        "aliases",
        "auto-remove",
        "binds",
        "cap-add",
        "certificate",
        "cgroup-parent",
        "cgroupns-mode",
        "cmd",
        "components",
        "config",
        "cpu",
        "cpu-set",
        "credentials",
        "devices",
        "dns",
        "enforce-startup-config",
        "entrypoint",
        "env",
        "env-files",
        "exec",
        "extras",
        "group",
        "healthcheck",
        "hostname",
        "image",
        "image-pull-policy",
        "kind",
        "labels",
        "license",
        "link-apply-mode",
        "memory",
        "mgmt-ipv4",
        "mgmt-ipv6",
        "network-mode",
        "password",
        "pid-mode",
        "ports",
        "position",
        "privileged",
        "restart-policy",
        "runtime",
        "security-opts",
        "shm-size",
        "stages",
        "startup-config",
        "startup-delay",
        "suppress-startup-config",
        "sysctls",
        "tmpfs",
        "type",
        "user",
        "username",
        "volumes",
    ]
)

# Keys that may be ignored without a warning: names, and properties of containers.
UNMISSED_OF_FILE = frozenset({"name", "prefix", "debug", "topology"})
UNMISSED_OF_NODE = frozenset(
    {"kind", "group", "image", "image-pull-policy", "labels", "memory", "cpu", "cpu-set"}
)
UNMISSED_OF_LINK = frozenset({"type", "endpoints", "mtu", "labels"})
