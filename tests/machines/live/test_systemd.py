# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines with systemd: they boot, reboot and lose their power."""

from __future__ import annotations

from guest import Machine

UNIT = """\
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=ip netns add made-at-boot
[Install]
WantedBy=multi-user.target
"""


def test_a_service_runs_at_each_boot_and_what_is_on_disk_is_kept(disk, tmp_path):
    unit = tmp_path / "made.service"
    unit.write_text(UNIT)
    with Machine(disk, 512) as guest:
        guest.copy_in(unit, "/etc/systemd/system/made.service")
        unit.unlink()
        assert guest.check("systemctl is-system-running").strip() == "running"
        assert guest.check("cat /proc/1/comm").strip() == "systemd"
        assert guest.check("python3 -c 'import pyroute2' && ip -V && systemctl is-active ssh")
        guest.check("systemctl enable --now made.service")
        guest.check("echo kept >/root/disk; echo gone >/run/memory; ip netns add by-hand")

        guest.reboot()

        assert guest.check("cat /root/disk") == "kept\n"
        assert guest.run("cat /run/memory").status != 0
        assert guest.check("ip netns").split() == ["made-at-boot"]
        assert int(guest.check("journalctl --list-boots -q | grep -c ' [0-9a-f]\\{32\\} '")) == 2

        guest.check("echo synced >/root/disk && sync; echo gone >/run/memory")
        guest.power_cut()
        assert guest.process is None
        guest.start()

        assert guest.check("cat /root/disk") == "synced\n"
        assert guest.run("cat /run/memory").status != 0
        assert guest.check("ip netns").split() == ["made-at-boot"]
