#!/usr/bin/env bash
# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Run by runme.sh in namespaces of its own.
set -eux

mount -t tmpfs tmpfs /run
exec ansible-playbook -i "$INVENTORY_PATH" study.yml "$@"
