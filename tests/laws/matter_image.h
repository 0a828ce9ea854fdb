// SPDX-License-Identifier: Apache-2.0
//
// Matter OTA images written, and judged, without otapack's code: what the laws of them expect.
#ifndef MATTER_IMAGE_H
#define MATTER_IMAGE_H

#include "image.h"

#include <stdbool.h>

enum { MATTER_FIXED = 16 };

// ---- Writing ------------------------------------------------------------------------------------

// Elements: a number, a text or bytes (kind), each with a tag; `wide` is the least number of bytes
// of the number or length.
enum { MATTER_TEXT = 0x2C, MATTER_BYTES = 0x30 };
void matter_integer(struct image *to, unsigned tag, uint64_t number, unsigned wide);
void matter_string(struct image *to, unsigned kind, unsigned tag, const void *bytes, size_t n,
                   unsigned wide);

// An image around this payload. `settings` is KEY=VALUE, which | divides: vendor_id, product_id,
// software_version, software_version_string, payload_size, min, max, url, type, digest (hex): the
// elements; VALUE - leaves one out. total_size, header_size: other numbers than the right ones.
// wide=8: integers and lengths of 8 bytes. extra, behind, trailing (hex): bytes after the last
// element, after the structure, after the payload. N (0 to 9) = hex: element N anew. text=hex,
// url_text=hex: the two strings as bytes. tlv=hex: the structure.
struct image matter_image(const struct image *payload, const char *settings);
void matter_make(const char *to, const char *payload, const char *settings);
// Around other bytes than the structure that belongs there; of the settings, the two sizes count.
struct image matter_around(const struct image *tlv, const struct image *payload,
                           const char *settings);

// An app (ESP32-S3) with this version. An image around app.bin, which is made with version 2.0
// where it is not there.
void demo_app(const char *to, const char *version);
void demo_matter(const char *to, const char *settings);

// ---- Judging ------------------------------------------------------------------------------------

// Does a device read the header of this image?
bool matter_accepts(const struct image *im);

#endif
