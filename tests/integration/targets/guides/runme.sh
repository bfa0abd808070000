#!/usr/bin/env bash
# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The guide names study01 and study02; here these are names on a network of its own, with a /run of its own.
set -eux

exec unshare --mount --net sh -ec 'mount -t tmpfs tmpfs /run; exec python guides.py'
