/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/bundle_seal.h: the seal (otapack/rcp_seal.h) of a Matter bundle
 * (otapack/matter_bundle.h): the application vouches for all images that come before it.
 *
 *     Matter header | head | entry 0 | ... | entry of the application       | image 0 | ... | app
 *                   |                      | ID ... length | its SHA-256    |                |
 *                   '-------------- SHA-256 ---------------'                                 v
 *                                                                                          seal
 *
 * The digest is of the table, but for the application's own SHA-256, with which it ends: that is
 * not known before the seal is. The table has the SHA-256 of every other image, and no byte lies
 * between images, so there is nothing before the application that this does not speak for. A device
 * need not have taken all images to judge it.
 *
 *     struct otapack_rcp_seal seal;
 *     if (otapack_rcp_seal_find(&application, &seal).code == OTAPACK_OK &&
 *         otapack_bundle_seal_check(&seal, &table, &sha256, buffer,
 *                                   sizeof(buffer)).code == OTAPACK_OK)
 *         each image that has the SHA-256 of its entry is the one that was sealed
 *
 * Source of the facts: this project.
 */
#ifndef OTAPACK_BUNDLE_SEAL_H
#define OTAPACK_BUNDLE_SEAL_H

#include "matter_bundle.h"
#include "rcp_seal.h"

/* What the seal of a bundle of so many images, at least one, is of: all but the last SHA-256. */
static inline uint32_t otapack_bundle_seal_size(uint32_t count)
{
    return (uint32_t)otapack_bundle_entry_at(count) - OTAPACK_BUNDLE_SHA256_SIZE;
}

/*
 * Is this the table that a seal is of, or a bundle that begins with it? Its images are not looked
 * at: each is the sealed one where it has the SHA-256 that the table has of it. Whoever keeps the
 * table, which is 8 bytes and 48 for each image, can judge what was stored at any time. Returns
 * what otapack_rcp_seal_check does; OTAPACK_FORBIDDEN (size) where the seal is of another number of
 * images, and OTAPACK_NOT_THIS where there is no bundle.
 */
static inline struct otapack_status otapack_bundle_seal_check(const struct otapack_rcp_seal *seal,
                                                              const struct otapack_source *bundle,
                                                              const struct otapack_hash *sha256,
                                                              uint8_t *buffer, size_t n)
{
    struct otapack_bundle head = {0, {0, 0, 0}};
    struct otapack_status s = otapack_rcp_seal_is_(seal, OTAPACK_SEAL_BUNDLE);
    if (s.code == OTAPACK_OK) {
        s = otapack_bundle_open(bundle, &head);
    }
    if (s.code == OTAPACK_OK &&
        (head.count == 0 || seal->size != otapack_bundle_seal_size(head.count))) {
        s = otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("size"), (uint64_t)seal->at + 12,
                                seal->size,
                                head.count == 0 ? 0 : otapack_bundle_seal_size(head.count));
    }
    return s.code == OTAPACK_OK ? otapack_rcp_seal_compare_(seal, bundle, sha256, buffer, n) : s;
}

#endif
