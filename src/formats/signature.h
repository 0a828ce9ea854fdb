// SPDX-License-Identifier: Apache-2.0
//
// What stands behind an image in a file: signatures where devices look for them, and the rest.
#ifndef SIGNATURE_H
#define SIGNATURE_H

#include <otapack/secure_boot.h>

#include "node.h"
#include "pk.h"
#include "read.h"

// Where an image of this length ends together with its signatures, if it has any. `chip` is the one
// that it is for; NULL: none that is known.
struct chip;
uint64_t signature_extent(const struct otapack_source *src, uint64_t image_length,
                          const struct chip *chip);

// Adds what follows an image of this length in its node: `signature_padding`, `signatures`,
// `signature_rest`, `trailing`. Devices know nothing else there.
void signature_open(struct reader *r, struct node *n, uint64_t image_length);

// Adds `signatures` and `signature_rest` of data whose sector is their last 4096 bytes, wherever
// that begins.
void signature_open_last(struct reader *r, struct node *n);

// A signature where no device looks, behind an image of this length: where it is, in words. NULL:
// there is none.
const char *signature_elsewhere(struct arena *a, const struct node *image, uint64_t length);

// The signatures of an image: how many, and each; NULL: not so many.
unsigned signature_count(const struct node *image);
const struct node *signature_at(const struct node *image, unsigned i);

bool signature_is_v1(const struct node *signature); // of Secure Boot v1, else of v2

// Which of v2's it is; false: none that there is.
bool signature_type(const struct node *signature, enum pk_type *out);

// Does the chip that is to take the image look at this one, and know its kind? Whoever asks this,
// asks here: the checks, and those who ask whose signatures an image has. The chip is the image's,
// of data the device's; one that is not known knows all of v2. Its revision is the device's, where
// that is said or follows from the Secure Boot that it has, otherwise the lowest that the image
// allows.
enum signature_how {
    SIGNATURE_LOOKED_AT,
    SIGNATURE_OF_UNKNOWN_KIND,  // no revision of the chip can verify it
    SIGNATURE_EARLY_CHIP,       // only later revisions can
    SIGNATURE_PAST_THE_LAST,    // the chip looks at fewer blocks
    SIGNATURE_OF_OTHER_VERSION, // data with v2's, and a device with v1
    SIGNATURE_OF_BOOTLOADER,    // of v1, with which the ROM compares a digest of its own instead
};
struct signature_look {
    enum signature_how how;
    const struct chip *chip; // NULL: not known
    const char *what;        // kind of the signature: "Secure Boot v1", "RSA-3072"
    uint16_t from;           // the revision that knows it, major * 100 + minor; 0: any
    bool said;               // that it is too early follows from the device's own revision
};
struct signature_look signature_look(const struct target *device, const struct node *image,
                                     unsigned i);

// How many bytes of an image or data are its own, without what its signatures bring along.
uint64_t signature_unpadded(const struct node *part);

// The bytes that the signatures of a signed image are made over.
struct otapack_source signature_signed(const struct node *image);

// Does a signature of v1, which holds no key, fit its image and this one? False for v2. Of many
// keys, with the digest of the image, which is to be read once.
struct pk_public;
bool signature_v1_fits(const struct node *image, const struct pk_public *key);
bool signature_v1_digest(const struct node *image, uint8_t digest[OTAPACK_SB_MAX_DIGEST]);
bool signature_v1_fits_digest(const struct node *image, const struct pk_public *key,
                              const uint8_t digest[OTAPACK_SB_MAX_DIGEST]);

#endif
