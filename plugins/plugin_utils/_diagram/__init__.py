# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From a network, as it is or as it is stated, to a diagram for other programs, on the controller.

`reading` makes a graph of what it is given; `mermaid`, `dot` and `svg` write a graph down.
"""
