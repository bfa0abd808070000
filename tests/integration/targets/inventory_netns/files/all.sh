#!/bin/sh
# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# On the machine of setup_machine: make namespaces, and run all that is to run there.
set -eu
cd "$(dirname "$0")"

for name in s1 s2 s3 other '{{ 7 * 7 }}'; do
  ip netns add "$name"
done
ip -n s1 link add cable1 type veth peer cable2 netns s2
touch /run/netns/stale
cp -r . /run/walk
cd /run/walk

unset _ANSIBLE_COVERAGE_CONFIG _ANSIBLE_ANSIBALLZ_COVERAGE_CONFIG
export ANSIBLE_FORKS=20 ANSIBLE_HOST_KEY_CHECKING=true ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=true
echo '--- namespaces of other hosts are added by a play'
ansible-playbook -i here.netns.yml -i hosts.yml add_namespaces.yml inside.yml
echo '--- and listed in a static inventory'
ansible-playbook -i hosts.yml write_namespaces.yml
ansible-playbook -i hosts.yml write_namespaces.yml | tee /run/again
if grep 'changed=[1-9]' /run/again; then exit 1; fi
ansible-playbook -i here.netns.yml -i hosts.yml -i namespaces.yml inside.yml

# refused FILE PATTERN...: it is no inventory, and all of these are said.
refused() {
  file=$1
  shift
  program=ansible-inventory
  [ "$file" != mere.netns.yml ] || program='sh mere.sh'
  if said=$($program -i hosts.yml -i "$file" --list 2>&1); then
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

refused parents.netns.yml 'of the controller only' 'add_host'
refused clash.netns.yml 'would both be the host same'

# Who is not root is told so; with skip_failed, other sources are there.
cp here.netns.yml mere.netns.yml
cat >mere.sh <<'END'
exec setpriv --bounding-set -sys_admin --inh-caps -sys_admin ansible-inventory "$@"
END
refused mere.netns.yml 'This needs root: CAP_SYS_ADMIN missing. Run Ansible as root'
echo 'skip_failed: true' >>mere.netns.yml
said=$(sh mere.sh -i hosts.yml -i mere.netns.yml --graph 2>&1)
for each in 'left out. This needs root' '|  |--free'; do
  echo "$said" | tr '\n' ' ' | grep -q "$each" || {
    echo "not said: $each, but: $said"
    exit 1
  }
done
echo 'Each refusal was heard.'
