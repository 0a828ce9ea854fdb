/* SPDX-License-Identifier: Apache-2.0
 *
 * Which of two versions is the older one, as the numbers in front of them say.
 */
#ifndef UPDATE_VERSION_H
#define UPDATE_VERSION_H

enum update_order { ORDER_OLDER, ORDER_SAME, ORDER_NEWER, ORDER_NONE };

/*
 * Of two versions as app descriptions have them, of up to 32 characters: how `version` stands to
 * `other`. v1.10.2 is newer than 1.9, and 1.9 the same as 1.9.0; what is behind the numbers does
 * not count, so that 1.9-rc1 and 1.9-12-gabcdef are both 1.9. One that begins with no number has no
 * order.
 */
enum update_order update_version_order(const char version[32], const char other[32]);

#endif
