#!/bin/sh
# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The first process of a machine: lay an overlay in memory over the file system that it was given, which stays as it is,
# and go on there with agent.sh. The kernel's command line says where things are:
#   machine.job      the only folder of the host that is written to, seen as /machine
#   machine.modules  the kernel's modules, for UML
set -eu
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH

mount -t proc proc /proc
line=$(cat /proc/cmdline)
for word in $line; do
  case $word in
    machine.job=*) job=${word#*=} ;;
    machine.modules=*) modules=${word#*=} ;;
  esac
done

# /mnt is there on every system. It is gone from the machine's own view once that has its root.
mount -t tmpfs -o size=70% tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
insmod "$modules/$(uname -r)/kernel/fs/overlayfs/overlay.ko"
mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root
cd /mnt/root
mkdir -p machine lib/modules
LIBMOUNT_FORCE_MOUNT2=always mount -t hostfs -o "$job" job machine
LIBMOUNT_FORCE_MOUNT2=always mount -t hostfs -o "$modules,ro" modules lib/modules
mount -t devtmpfs dev dev
pivot_root . mnt
exec chroot . /bin/sh /machine/agent.sh <>dev/console >&0 2>&0
