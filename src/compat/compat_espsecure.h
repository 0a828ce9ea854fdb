// SPDX-License-Identifier: Apache-2.0
//
// compat espsecure: its commands, and what several of them need.
#ifndef COMPAT_ESPSECURE_H
#define COMPAT_ESPSECURE_H

#include "args.h"
#include "open_tree.h"
#include "pkcs11.h"
#include "secret.h"

// What each command does, its command line read.
enum status espsecure_sign_data(const struct args *args, struct err *e);
enum status espsecure_verify_signature(const struct args *args, struct err *e);
enum status espsecure_signature_info(const struct args *args, struct err *e);
enum status espsecure_generate_key(const struct args *args, struct err *e);
enum status espsecure_extract_public_key(const struct args *args, struct err *e);
enum status espsecure_digest_public_key(const struct args *args, struct err *e);
enum status espsecure_encrypt_flash(const struct args *args, struct err *e);
enum status espsecure_decrypt_flash(const struct args *args, struct err *e);
enum status espsecure_generate_flash_key(const struct args *args, struct err *e);
enum status espsecure_digest_private_key(const struct args *args, struct err *e);

// The options of those whose files have them.
extern const struct opt *const espsecure_crypt_opts[];
extern const struct opt *const espsecure_flash_key_opts[];
extern const struct opt *const espsecure_digest_private_opts[];

const char *espsecure_key_kind(unsigned i); // that --scheme names; NULL: there are no more

// --version, which must be there when there is no usual one (NULL). False with `e` set (status 2).
bool espsecure_version(const struct args *args, const char *usual, bool *v1, struct err *e);

// Is an option there that the command cannot do without? False with `e` set (status 2).
bool espsecure_needs(const struct args *args, const char *option, struct err *e);

// How the original came by the place of a signature of v2 in data that are no ESP image.
enum espsecure_end {
    END_PADDED,   // it padded them to a multiple of 4096
    END_UNPADDED, // --skip-padding: it did not
    END_V1,       // that needs none
};

// The image in a file, its signatures being parts of it. What is no ESP image, and so has no length
// of its own, is signed at its end.
const struct node *espsecure_signed(const struct opened *image, enum espsecure_end end,
                                    struct arena *a);

// Is this signature there, and whole as far as its own checksum goes?
bool espsecure_block_is_whole(const struct node *block);

// "RSA" or "ECDSA".
const char *espsecure_kind(const struct node *block);

// The keys that the configuration file of an HSM names, as pkcs11: URIs, and what goes with them.
// False with `e` set (status 2).
struct espsecure_hsm {
    const char *private_key, *public_key;
    bool names_public; // the public key has a label of its own
    struct secret pin;
    struct pkcs11_options token; // good until it is closed
};
bool espsecure_hsm_open(struct espsecure_hsm *hsm, const char *file, struct arena *a,
                        struct err *e);
void espsecure_hsm_close(struct espsecure_hsm *hsm);

#endif
