#!/usr/bin/env bash
# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# A role of the name of this target would hide the one that is tested; hence a playbook. It runs on a network of its
# own with a /run of its own: stage host puts an address on the host.
set -eux

if [ "${1:-}" != alone ]; then
  exec unshare --mount --net "$0" alone "$@"
fi
shift
mount -t tmpfs tmpfs /run
exec ansible-playbook -i "$INVENTORY_PATH" study.yml "$@"
