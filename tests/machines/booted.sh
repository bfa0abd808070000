#!/bin/sh
# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# A service of an installed system: it takes commands when systemd has started all that it is to start.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
cd /
timeout 240 systemctl is-system-running --wait
# shellcheck source=tests/machines/commands.sh
. /machine/commands.sh
systemctl --no-block poweroff
