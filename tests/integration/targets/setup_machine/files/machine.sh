#!/bin/sh
# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Run a command on a machine of its own, which ends with it: network, mounts, processes, /run and /etc are its own, so
# that users, sudo and sshd can be set up as they are to be tried. Call it as `machine.sh COMMAND...`, as root.
set -eu

if [ "${MACHINE:-}" != inside ]; then
  MACHINE=inside exec unshare --net --mount --pid --fork --kill-child --mount-proc "$0" "$@"
fi

mount -t tmpfs -o mode=755 none /run
mkdir /run/home /run/sshd /run/out
chmod 1777 /run/out
mount -t sysfs none /sys
ip link set lo up

# Its own /etc; and /usr with what is there of sshd and sudo unpacked elsewhere, not installed.
cp -a /etc /run/etc
for each in sshd sudo; do
  found=$(PATH=$PATH:/usr/sbin:/sbin command -v $each)
  root=${found%/usr/*bin/"$each"}
  if [ "$root" ] && [ "$root" != "$found" ] && [ "$root" != "${done:-}" ]; then
    mount -t overlay -o "lowerdir=$root/usr:/usr" none /usr
    cp -a "$root/etc/." /run/etc
    done=$root
  fi
done
mount --bind /run/etc /etc
# Or sudo says that it cannot resolve it.
echo "127.0.0.1 localhost $(uname -n)" >>/etc/hosts
PATH=$PATH:/usr/sbin:/sbin

# `free` may use sudo, `asked` when it says its password; `guest` may not.
id -u sshd >/dev/null 2>&1 || useradd --system --home-dir /run/sshd --shell /usr/sbin/nologin sshd
for user in free asked guest; do
  useradd --create-home --base-dir /run/home --shell /bin/sh --password '*' $user
done
groupadd shared
usermod --append --groups shared free
usermod --append --groups shared guest
chpasswd <<'END'
asked:op en"#esame
END
cat >/etc/sudoers <<'END'
Defaults !lecture, timestamp_timeout=0
Defaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
root ALL=(ALL:ALL) ALL
free ALL=(ALL:ALL) NOPASSWD: ALL
asked ALL=(ALL:ALL) ALL
END
chmod 440 /etc/sudoers

ssh-keygen -q -t ed25519 -N '' -f /run/host_key
ssh-keygen -q -t ed25519 -N '' -f /run/user_key
echo "[127.0.0.1]:2222 $(cat /run/host_key.pub)" >/run/known_hosts
cat >/run/sshd_config <<'END'
ListenAddress 127.0.0.1:2222
HostKey /run/host_key
PidFile /run/sshd.pid
AuthorizedKeysFile /run/user_key.pub
PasswordAuthentication no
PermitRootLogin prohibit-password
UsePAM no
MaxSessions 100
MaxStartups 100
Subsystem sftp internal-sftp
END
"$(command -v sshd)" -f /run/sshd_config -E /run/sshd.log || {
  cat /run/sshd.log >&2
  exit 1
}

# A connection that Ansible keeps open is found by a file: one to another such machine is not for this one.
export ANSIBLE_SSH_CONTROL_PATH_DIR=/run/cp

exec "$@"
