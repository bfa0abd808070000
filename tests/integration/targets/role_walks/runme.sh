#!/usr/bin/env bash
# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The roles that build on the host itself, on a machine of their own that nothing else is on. Each is walked through:
# check mode on the bare machine, for real, again, absent in check mode, absent, and again. What ansible-playbook counts
# as changed has to be the same in check mode as for real, and nothing the second time; ip and nft tell what is there.

set -eu -o pipefail

if [ "${1:-}" != alone ]; then
  exec unshare --mount --net "$0" alone "$@"
fi
shift
mount -t tmpfs tmpfs /run
ip link set lo up

word=w$(od -An -N3 -tx1 /dev/urandom | tr -d ' \n')
one=$word-1 two=$word-2 out=$word-out
trap 'rm -rf "/etc/netns/$one" "/etc/netns/$two"' EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

look() { # all that is there, without what the kernel adds by itself
  for netns in '' $(ip netns list | cut -d ' ' -f 1 | sort); do
    echo "== $netns"
    ip ${netns:+-n "$netns"} -o link | sed -E 's/^[0-9]+: ([^:@]*).*/\1/' | sort
    ip ${netns:+-n "$netns"} -o link | sed -nE 's/^[0-9]+: ([^:@]*).* master ([^ ]*).*/\1 in \2/p' | sort
    ip ${netns:+-n "$netns"} -br address | grep -o '^[^ @]*\|[0-9a-f.:]*/[0-9]*' | grep -v '^fe80' | sort
    ip ${netns:+-n "$netns"} route
    ip ${netns:+-n "$netns"} -6 route | grep -v '^fe80' || :
  done
  if command -v nft >/dev/null; then nft list ruleset; fi
  (cd /etc && find netns -path "*$word*" -type f -exec grep -H . {} + 2>/dev/null) || :
}

run() { # run the role; $changed is how many tasks had something to do
  ANSIBLE_NOCOLOR=1 ansible-playbook -i "$INVENTORY_PATH" role.yml -e "$vars" "$@" | tee /run/said
  changed=$(sed -nE 's/.* changed=([0-9]+) .*/\1/p' /run/said)
}

walk() { # walk STATE: check mode, for real, again
  before=$(look)
  run -e "{\"${role}_state\": \"$1\"}" --check
  [ "$(look)" = "$before" ] || fail "check mode of $role $1 touched something"
  predicted=$changed
  prepare "$1"
  run -e "{\"${role}_state\": \"$1\"}"
  [ "$changed" -eq "$predicted" ] || fail "$role $1: $predicted changes were predicted, $changed were made"
  [ "$changed" -gt 0 ] || fail "$role $1 did nothing"
  after=$(look)
  run -e "{\"${role}_state\": \"$1\"}"
  [ "$changed" -eq 0 ] || fail "$role $1 changed something once more"
  [ "$(look)" = "$after" ] || fail "$role $1 touched something once more"
}

prepare() {
  :
}

echo "--- study_bridge ---"
role=study_bridge
vars=$(cat <<END
{"role": "$role", "study_bridge_name": "$word", "study_bridge_hosts": [
  {"netns": "$one", "link": "v1", "port": "$word-p1", "address": "198.51.100.1/24"},
  {"netns": "$two", "link": "v2", "port": "$word-p2", "address": "198.51.100.2/24"}]}
END
)
bare=$(look)
walk present
ip -j link show master "$word" | grep -q "\"$word-p1\".*\"$word-p2\"" || fail "the bridge lacks a port"
ip netns exec "$two" ping -c 1 -W 2 198.51.100.1
walk absent
[ "$(look)" = "$bare" ] || fail "$role left something behind: $(look)"

if ! command -v nft >/dev/null; then
  echo "SKIPPED: the role uplink on the host, since there is no nft: install the package nftables"
  exit 0
fi

# The namespaces are not the role's: they are made between check mode and the real run. The outside has no way back.
prepare() {
  if [ "$1" = present ]; then
    ip netns add "$one"
    ip netns add "$two"
  fi
}

ip netns add "$out"
ip link add wan0 type veth peer name out0 netns "$out"
ip address add 192.0.2.1/24 dev wan0
ip link set wan0 up
ip -n "$out" address add 192.0.2.2/24 dev out0
ip -n "$out" -6 address add 2001:db8:2::2/64 dev out0 nodad
ip -6 address add 2001:db8:2::1/64 dev wan0 nodad
ip -n "$out" link set out0 up
role=uplink

for prefix in 198.51.100.0/24 2001:db8:1::/64; do
  echo "--- uplink, $prefix ---"
  case $prefix in
    *:*) gateway=2001:db8:1::1 far=2001:db8:2::2 server=2001:db8::53 ;;
    *) gateway=198.51.100.1 far=192.0.2.2 server=192.0.2.53 ;;
  esac
  vars=$(cat <<END
{"role": "$role", "uplink_namespaces": ["$one", "$two"], "uplink_prefix": "$prefix", "uplink_bridge": "$word",
 "uplink_name": "$word", "uplink_nameservers": ["$server"], "uplink_out": "wan0"}
END
)
  walk present
  ip netns exec "$one" ping -c 1 -W 2 "$gateway"
  ip netns exec "$two" ping -c 1 -W 2 "$far" || fail "no way out, or none back"
  grep -q "^nameserver $server$" "/etc/netns/$two/resolv.conf" || fail "no name server"
  nft add table inet others
  walk absent
  nft delete table inet others
  for netns in '' "$one" "$two"; do
    if ip ${netns:+-n "$netns"} -br link | cut -d " " -f 1 | grep "$word\|uplink"; then fail "$role left a link behind"; fi
  done
  [ -z "$(nft list ruleset)" ] || fail "$role left a table behind"
  [ ! -e "/etc/netns/$one" ] || fail "$role left name servers behind"
  ip netns delete "$one"
  ip netns delete "$two"
done
