// SPDX-License-Identifier: Apache-2.0
//
// Matter images, made without otapack's own code, as tests/matter.py makes them.
#ifndef OTA_IMAGE_H
#define OTA_IMAGE_H

#include "image.h"

enum { OTA_TYPES = 12, OTA_DIGEST_MOST = 64 };

// The header's elements; a negative number or NULL leaves one out.
struct ota {
    int64_t vendor, product, version, min, max, type;
    const char *text, *url;
    unsigned digest; // the type that the digest is made by
};

// A good header: FFF1 and 8000, version 2 (2.0), SHA-256.
struct ota ota_usual(void);
struct image ota_around(const struct image *payload, const struct ota *m);

// demo_br.bin, of this version; and the image with this header around one of version 2.0, saved.
struct image ota_app(const char *version);
void ota_save(const char *name, const struct ota *m);

// The digest that a header of this type (1 to 12) has; its size.
size_t ota_digest(unsigned type, const void *bytes, size_t n, uint8_t out[OTA_DIGEST_MOST]);

#endif
