/* SPDX-License-Identifier: Apache-2.0
 *
 * Whose host it is, for devices without Secure Boot: with EXAMPLE_VERIFY_SIGNATURES, a host is
 * taken only when a key that menuconfig names has signed it. Any of its blocks will do, as on the
 * chips that take three, so that a key can be replaced: sign with the old and the new one, and
 * devices that know either take it.
 *
 * The RCP's firmware has no signature of its own. It is the host's that vouches for it, by its
 * seal: update_seal.h.
 */
#ifndef UPDATE_TRUST_H
#define UPDATE_TRUST_H

#include "esp_err.h"
#include "sdkconfig.h"
#include <otapack_esp/hashes.h>

#ifdef CONFIG_EXAMPLE_VERIFY_SIGNATURES

#include <otapack_esp/signatures.h>

/* Some 3 KB. Nothing in it is public. */
struct update_trust {
    struct otapack_stream_link next;
    struct otapack_signatures signatures;
    struct otapack_esp_sha sha384;
    struct otapack_hash sha384_hash;
    struct otapack_esp_verifier verifier;
    bool host, trusted;
};

/*
 * Puts itself into the hooks, in front of their `on`, when the hashes are there. It refuses what it
 * does not trust, with ESP_ERR_OTA_VALIDATE_FAILED, and a file without a host, which nobody has
 * signed, with ESP_ERR_NOT_SUPPORTED.
 */
void update_trust_watch(struct update_trust *t, struct otapack_stream *s,
                        struct otapack_stream_hooks *hooks);
void update_trust_release(struct update_trust *t);

#else

struct update_trust {
    char nothing;
};

static inline void update_trust_watch(struct update_trust *t, struct otapack_stream *s,
                                      struct otapack_stream_hooks *hooks)
{
    (void)t;
    (void)s;
    (void)hooks;
}

static inline void update_trust_release(struct update_trust *t)
{
    (void)t;
}

#endif

#endif
