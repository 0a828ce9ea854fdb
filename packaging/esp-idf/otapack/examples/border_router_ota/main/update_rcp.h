/* SPDX-License-Identifier: Apache-2.0
 *
 * The RCP's storage: two images, each in a folder of its own, and beside each a file `owner` with
 * the app_elf_sha256 of the host that it came with.
 */
#ifndef UPDATE_RCP_H
#define UPDATE_RCP_H

#include "esp_err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Of the image that is not in use. It belongs to nobody until update_rcp_own(). */
esp_err_t update_rcp_open(FILE **file, int8_t *seq);
esp_err_t update_rcp_write(FILE *file, const uint8_t *bytes, size_t n);
esp_err_t update_rcp_close(FILE *file);

/* To read any image: n bytes from `at` on. feof says that there are fewer; then fclose. */
esp_err_t update_rcp_reopen(FILE **file, int8_t seq);
bool update_rcp_read(void *file, uint64_t at, uint8_t *to, size_t n);

/* Unreadable is not unknown: whose it is may show at the next start. */
enum update_owner { OWNER_UNKNOWN, OWNER_UNREADABLE, OWNER_IS_IT, OWNER_IS_ANOTHER };

esp_err_t update_rcp_own(int8_t seq, const uint8_t elf_sha256[32]);
esp_err_t update_rcp_disown(int8_t seq);
enum update_owner update_rcp_owner(int8_t seq, const uint8_t elf_sha256[32]);

#endif
