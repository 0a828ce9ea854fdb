// SPDX-License-Identifier: Apache-2.0
//
// The objects of a token: searched, read, and listed in messages where not exactly one fits.
#ifndef PKCS11_OBJECT_H
#define PKCS11_OBJECT_H

#include <stdint.h>

#include "pk.h"
#include "pkcs11_token.h"

enum {
    VALUE_MOST = 2176, // bytes of an attribute or a signature: RSA with 16384 bits, and more
    OBJECTS_MOST = 64, // that a search looks at
};

struct objects {
    CK_OBJECT_CLASS class;
    CK_OBJECT_HANDLE all[OBJECTS_MOST];
    CK_ULONG count;
};

struct value {
    uint8_t bytes[VALUE_MOST];
    CK_ULONG size; // 0: the object has none, or does not tell
};

#define ATTRIBUTE(type, value) ((CK_ATTRIBUTE){(type), &(value), sizeof(value)})

// The objects of `out->class` with n attributes, behind which there is room for one more; and those
// that the URI names, whatever its type=. False with `e` set; finding none is no failure.
bool object_search(struct token *t, CK_ATTRIBUTE *attributes, CK_ULONG n, struct objects *out,
                   struct err *e);
bool object_search_uri(struct token *t, CK_OBJECT_CLASS class, struct objects *out, struct err *e);

bool object_get(struct token *t, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, struct value *out,
                struct err *e);

// False with `e` set, which lists them, where several fit.
bool object_is_only_one(struct token *t, const struct objects *found, struct err *e);

// The private key that the URI names.
bool object_find_private(struct token *t, CK_OBJECT_HANDLE *key, struct err *e);

// Its public key, from itself or the object beside it.
bool object_public_of(struct token *t, CK_OBJECT_HANDLE key, struct pk_public *out, struct err *e);

// Is type= in the URI, if it is there, that of a private key, or of a public one?
bool object_type_fits(struct token *t, bool public_is_fine, struct err *e);

#endif
