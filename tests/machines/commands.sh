#!/bin/sh
# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Run the commands that the host asks for on a serial line, one at a time, until it is told to halt. Command N is
# /machine/N.sh; its output is left in N.out, its exit status is answered. A file to be read by other scripts.

# Opened once: UML's end is gone for good when it is closed.
exec 3<>"${CONTROL:-/dev/ttyS0}"
stty raw -echo <&3
echo "ready $(uname -r)" >&3
while read -r number <&3; do
  [ "$number" != halt ] || break
  sh "/machine/$number.sh" </dev/null >"/machine/$number.out" 2>&1 3>&-
  status=$?
  sync
  echo "$number $status" >&3
done
sync
