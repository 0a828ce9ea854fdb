/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/esp8266_signature.h: what the ESP8266 Arduino core looks for behind a signed update.
 *
 *     0                                   at              size - 4    size
 *     +-----------------------------------+---------------+-----------+
 *     | an image, or one that gzip packed | signature     | length of |
 *     |                                   | length bytes  | it, 4     |
 *     +-----------------------------------+---------------+-----------+
 *
 * The signature is RSA of PKCS#1 v1.5, as many bytes as the modulus has, over the SHA-256 of all
 * that stands before it. Cores after 2.5.2 have the digest in a DigestInfo inside of it; in the
 * older format ("legacy", which cores up to 2.5.2 take) the 32 bytes stand there by themselves.
 * Which of them it is, only the key shows.
 *
 *     struct otapack_esp8266_signature sig;
 *     if (otapack_esp8266_signature_read(&src, &sig).code == OTAPACK_OK)
 *         covered = otapack_part(&src, 0, sig.at);
 *
 * Source of the facts: the ESP8266 Arduino core (Updater.cpp, BearSSLHelpers.cpp, signing.py).
 */
#ifndef OTAPACK_ESP8266_SIGNATURE_H
#define OTAPACK_ESP8266_SIGNATURE_H

#include "base.h"

#define OTAPACK_ESP8266_SIGNATURE_END_SIZE 4u
#define OTAPACK_ESP8266_MIN_SIGNATURE 64u  /* RSA of 512 bits */
#define OTAPACK_ESP8266_MAX_SIGNATURE 512u /* and of 4096, as the core's library has room for */

struct otapack_esp8266_signature {
    uint64_t at;   /* of the signature, in the source: where the signed bytes end */
    uint32_t size; /* of the signature */
};

/*
 * Reads the length at the end of `src`, and judges it as far as one can without the key.
 * Returns OTAPACK_OK, OTAPACK_FORBIDDEN (length: no RSA signature has so many bytes, or there are
 * not so many), OTAPACK_TRUNCATED or OTAPACK_READ_FAILED. `sig` is zero after a failure.
 */
static inline struct otapack_status
otapack_esp8266_signature_read(const struct otapack_source *src,
                               struct otapack_esp8266_signature *sig)
{
    uint8_t raw[OTAPACK_ESP8266_SIGNATURE_END_SIZE];
    uint64_t at = src->size < sizeof(raw) ? 0 : src->size - sizeof(raw);
    struct otapack_status s = otapack_read(src, at, raw, sizeof(raw), OTAPACK_NAME("length"));
    uint32_t size;
    sig->at = 0;
    sig->size = 0;
    if (s.code != OTAPACK_OK) {
        return s;
    }
    size = otapack_le32(raw);
    if (size < OTAPACK_ESP8266_MIN_SIGNATURE || size > OTAPACK_ESP8266_MAX_SIGNATURE || size > at) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("length"), at, size,
                                   OTAPACK_ESP8266_MAX_SIGNATURE);
    }
    sig->at = at - size;
    sig->size = size;
    return s;
}

#endif
