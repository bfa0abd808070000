#!/bin/sh
# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# On the machine of setup_machine: make namespaces, and run all that is to run there.
set -eu
cd "$(dirname "$0")"

for name in s1 s2 s3 other; do
  ip netns add $name
done
ip -n s1 link add cable1 type veth peer cable2 netns s2
touch /run/netns/stale

unset _ANSIBLE_COVERAGE_CONFIG _ANSIBLE_ANSIBALLZ_COVERAGE_CONFIG
export ANSIBLE_FORKS=20 ANSIBLE_HOST_KEY_CHECKING=true ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=true
ansible-playbook -i here.netns.yml -i hosts.yml -i there.netns.yml inside.yml

# refused FILE PATTERN...: it is no inventory, and all of these are said.
refused() {
  file=$1
  shift
  if said=$(ansible-inventory -i hosts.yml -i "$file" --list 2>&1); then
    echo "$file is not refused: $said"
    exit 1
  fi
  for each in "$@"; do
    echo "$said" | tr '\n' ' ' | grep -q "$each" || {
      echo "$file: not said: $each, but: $said"
      exit 1
    }
  done
}

refused failing.netns.yml 'nobody: .*refused' 'mere: This needs root'
refused clash.netns.yml 'would be the host same'

# What the command line says of how to connect is for the parents too.
ansible-inventory -i plain.netns.yml -e '{"ansible_user": "free", "ansible_become": true}' --graph netns |
  grep -q s1.plain
ansible all -i plain.netns.yml --user free --become -m command -a 'readlink /proc/self/ns/net' |
  grep "net:.$(stat -Lc %i /run/netns/s1)]"

# With skip_failed, the others are there.
sed 's/^plugin:.*/&\nskip_failed: true/' failing.netns.yml >/run/skipping.netns.yml
said=$(ansible-inventory -i hosts.yml -i /run/skipping.netns.yml --graph netns 2>&1)
for each in 'left out. nobody: ' 'left out. mere: This needs root' s1.localhost; do
  echo "$said" | tr '\n' ' ' | grep -q "$each" || {
    echo "not said: $each, but: $said"
    exit 1
  }
done
echo 'Each refusal was heard.'
