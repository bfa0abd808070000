#!/bin/sh
# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# On the machine of machine.sh: make the namespace, and run all that is to run there.
set -eu
cd "$(dirname "$0")"

ip netns add study
ip -n study link add in1 type veth peer in2
ip -n study address add 192.0.2.1/24 dev in1
ip -n study link set in1 up
ip link add out1 type veth peer out2
touch /run/netns/stale
# What `ip netns exec` shows in the place of the file of the host.
mkdir -p /etc/netns/study
echo outside >/etc/said
echo inside >/etc/netns/study/said

# The Python of this machine has nothing with which to measure what a module covers.
unset _ANSIBLE_COVERAGE_CONFIG _ANSIBLE_ANSIBALLZ_COVERAGE_CONFIG
export ANSIBLE_FORKS=20 ANSIBLE_HOST_KEY_CHECKING=true ANSIBLE_RETRY_FILES_ENABLED=false
ansible-playbook -i hosts.yml inside.yml

# As --ask-become-pass does.
cat >/run/password <<'END'
op en"#esame
END
ansible prompted -i hosts.yml --become-password-file /run/password -m ansible.builtin.command -a 'ip link show dev in1'

# And --ask-become-pass, typed at a terminal once it asks.
mkfifo /run/typed
script -qefc 'ansible prompted -i hosts.yml -K -m ansible.builtin.command -a "ip link show dev in2"' /run/seen \
  </run/typed >/dev/null &
exec 3>/run/typed
for _unused in $(seq 300); do
  grep -qs 'password' /run/seen && break
  sleep 0.1
done
cat /run/password >&3
wait
sed 's/^/typed: /' /run/seen
