#!/bin/sh
# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What is done on an installed system before systemd begins: the folder of both, the kernel's modules, and what makes this
# machine another than that of the same file system beside it. The kernel's command line says it:
#   machine.modules  the kernel's modules
#   machine.name     the name of the host
#   machine.address  its address on the network of the test, as 10.0.0.2/24; none without a network
set -eu
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH

name=machine address=
line=$(cat /proc/cmdline)
for word in $line; do
  case $word in
    machine.modules=*) modules=${word#*=} ;;
    machine.name=*) name=${word#*=} ;;
    machine.address=*) address=${word#*=} ;;
  esac
done

mkdir -p /lib/modules
LIBMOUNT_FORCE_MOUNT2=always mount -t hostfs -o "$modules,ro" modules /lib/modules

echo "$name" >/etc/hostname
hostname "$name"
# Machines of one disk are not one: systemd makes MACs and more of this number.
echo "$name" | md5sum | cut -c 1-32 >/etc/machine-id
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$name" >/etc/hosts
if [ -n "$address" ]; then
  printf '[Match]\nName=vec0\n[Network]\nAddress=%s\nLinkLocalAddressing=no\n' "$address" \
    >/etc/systemd/network/machine.network
  mkdir -p /root/.ssh
  cp /machine/authorized_keys /root/.ssh/
  chmod -R go= /root/.ssh
fi

# The commands of the test are answered once the boot has ended, whatever came of it.
cat >/etc/systemd/system/machine.service <<'END'
[Unit]
Description=Commands of the test

[Service]
ExecStart=/bin/sh /machine/booted.sh
KillMode=process
END
mkdir -p /etc/systemd/system/multi-user.target.wants
ln -sf ../machine.service /etc/systemd/system/multi-user.target.wants/

umount /proc
exec /sbin/init
