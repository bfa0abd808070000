#!/bin/sh
# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Set up what a command expects of a machine; then run the commands that the host asks for, until it is told to halt.
cd /
mountpoint -q /mnt && umount -l /mnt
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mkdir -p /dev/pts /dev/shm /dev/net
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/netns /run/lock
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
[ -e /dev/net/tun ] || mknod /dev/net/tun c 10 200
modprobe -q ipv6 # or it is built in
hostname machine
ip link set lo up

# shellcheck source=tests/machines/commands.sh
. /machine/commands.sh
echo o >/proc/sysrq-trigger
sleep 10
