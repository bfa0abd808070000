#!/bin/sh
# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Set up what a command expects of a machine; then run the commands that the host asks for on a serial line, one at a
# time, until it is told to halt. Command N is /machine/N.sh; its output is left in N.out, its exit status is answered.
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
echo o >/proc/sysrq-trigger
sleep 10
