/* SPDX-License-Identifier: Apache-2.0
 *
 * The hashes that an update's stream asks for: SHA by PSA, which ESP-IDF 5 and 6 both have, CRC-32
 * and MD5 by the chip's ROM.
 */
#ifndef UPDATE_HASH_H
#define UPDATE_HASH_H

#include "update.h"

/* Gives them to the stream's hooks. */
void update_hash_hook(struct update *u);

/* Says which digest a Matter payload has, by its image_digest_type, before it begins. */
void update_hash_choose(struct update *u, uint32_t type);

/* A hash that could not be computed is not taken for a good one. */
esp_err_t update_hash_result(const struct update *u);

#endif
