/* SPDX-License-Identifier: Apache-2.0
 *
 * The seal of the RCP's firmware: a host's app has the SHA-256 of the RCP image that it came with,
 * so that whoever signed the host has signed that, too (otapack/rcp_seal.h). It is compared while a
 * file arrives, again with what was stored of it, and once more before the RCP is flashed.
 *
 * A seal that does not hold is refused, whatever menuconfig says. With EXAMPLE_SEAL_REQUIRED, so
 * is a host that has none.
 */
#ifndef UPDATE_SEAL_H
#define UPDATE_SEAL_H

#include "esp_err.h"
#include <otapack/stream_seal.h>
#include <otapack_esp/hashes.h>

/* Of this example. ESP-IDF knows no name for them; the log says what they are. */
#define UPDATE_ERR_NO_SEAL 0x20001    /* a host without a seal, where one is required */
#define UPDATE_ERR_OTHER_SEAL 0x20002 /* the RCP's image is not the one that the seal is of */

/* Nothing in it is public. */
struct update_seal {
    struct otapack_stream_link next;
    struct otapack_seal seal;
    struct otapack_esp_sha sha256;
    struct otapack_hash hash;
};

/*
 * Puts itself into the hooks, in front of their `on`. It refuses a host without a seal, where one
 * is required, with UPDATE_ERR_NO_SEAL, and ends the stream (seal) where a seal does not hold: both
 * when the first 544 bytes of the host have come, before its slot is switched.
 */
void update_seal_watch(struct update_seal *w, struct otapack_stream *s,
                       struct otapack_stream_hooks *hooks);

/* PSA_SUCCESS, or why the seal could not be compared: ask for this before you believe a fault. */
psa_status_t update_seal_status(const struct update_seal *w);

void update_seal_release(struct update_seal *w);

/* ESP_OK: what was stored as this RCP image is what the seal is of, if the host has one. */
esp_err_t update_seal_stored(const struct update_seal *w, int8_t seq);

/*
 * May a file for the RCP alone be taken? Nobody vouches for one: ESP_ERR_NOT_SUPPORTED where
 * menuconfig says no, and where the running host has a seal, which is of another image.
 */
esp_err_t update_seal_rcp_alone(void);

#endif
