// SPDX-License-Identifier: Apache-2.0
#include "matter_digest.h"

#include "digest_span.h"
#include "text.h"

static const char *const names[MATTER_DIGEST_COUNT] = {
    "sha256", "sha256_128", "sha256_120", "sha256_96", "sha256_64", "sha256_32",
    "sha384", "sha512",     "sha3_224",   "sha3_256",  "sha3_384",  "sha3_512",
};

// Truncated ones are the beginning of the whole.
static const enum digest_algorithm algorithms[MATTER_DIGEST_COUNT] = {
    DIGEST_SHA256,   DIGEST_SHA256,   DIGEST_SHA256,   DIGEST_SHA256,
    DIGEST_SHA256,   DIGEST_SHA256,   DIGEST_SHA384,   DIGEST_SHA512,
    DIGEST_SHA3_224, DIGEST_SHA3_256, DIGEST_SHA3_384, DIGEST_SHA3_512,
};

const char *matter_digest_name(uint8_t type)
{
    return type >= 1 && type <= MATTER_DIGEST_COUNT ? names[type - 1] : NULL;
}

uint8_t matter_digest_type(const char *name)
{
    size_t place = text_place(name, names, MATTER_DIGEST_COUNT);
    return place < MATTER_DIGEST_COUNT ? (uint8_t)(place + 1) : 0;
}

const char *const *matter_digest_names(void)
{
    return names;
}

bool matter_digest_can(uint8_t type)
{
    return digest_can(algorithms[type - 1]);
}

struct digest *matter_digest_new(uint8_t type)
{
    return digest_new(algorithms[type - 1], DIGEST_BEST);
}

bool matter_digest(uint8_t type, const struct otapack_source *src,
                   uint8_t out[OTAPACK_MATTER_MAX_DIGEST], struct err *e)
{
    if (!digest_can(algorithms[type - 1])) {
        return err_set(e, STATUS_CANNOT, DIGEST_LACKING, names[type - 1]);
    }
    return digest_of(algorithms[type - 1], src, out) ||
           err_set(e, STATUS_CANNOT, "the payload could not be read");
}
