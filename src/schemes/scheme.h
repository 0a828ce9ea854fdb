// SPDX-License-Identifier: Apache-2.0
//
// Signature schemes: each is one const struct in scheme_NAME.c, and one word in this list. Who
// signs, and who asks whose signatures there are, asks the struct, and none for its name.
#ifndef SCHEME_H
#define SCHEME_H

#include "key.h"
#include "node.h"
#include "pieces.h"

// In this order they are asked whether they fit.
#define SCHEME_LIST(X)                                                                             \
    X(secure_boot_v2)                                                                              \
    X(secure_boot_v1)                                                                              \
    X(secure_boot_v2_data)                                                                         \
    X(esp8266)                                                                                     \
    X(esp8266_legacy)

// What a recipe builds that is signed.
enum scheme_subject { SIGNS_IMAGE, SIGNS_DATA, SIGNS_UPDATE };

struct signing;
struct sign_fault;
struct sign_request;
struct trusted;
struct trust_answer;

struct scheme {
    const char *name; // as the user writes it
    enum scheme_subject subject;
    bool (*fits)(const struct node *part);  // does a part say itself that it is signed so?
    bool (*takes)(const struct node *part); // is it signed so where that is asked for? NULL: no
    key_fits_fn *fits_key;
    enum pk_padding padding;         // of RSA
    const struct sign_fault *faults; // of signatures that were made elsewhere: see sign_fault.h
    bool sector;                     // signatures have one of their own, in which several find room
    bool padded;                     // what is signed may need filling up in front of it

    // See sign.h: attaches signatures, and leaves what they are made over.
    bool (*sign)(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
                 struct err *e);
    bool (*data)(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
                 struct err *e);
    void (*stand_in)(struct pieces *l); // adds as many bytes as signatures will have there

    // For who signs elsewhere: how a signature by this key is made, and the commands that do it.
    const struct sign_algorithm *(*algorithm)(const struct pk_public *key);
    const char *(*commands)(struct arena *a, const struct sign_request *r, const char *data);

    // What a part has: its signatures from 0 on, up to NULL, what one is called, and which check
    // asks that nothing follows them.
    const struct node *(*signature)(const struct node *part, unsigned i);
    const char *what, *nowhere;
    enum check_id trailing;

    // Whose they are: see trust.h and trust_inside.h.
    bool (*asks)(const struct trusted *x, const struct node *part, const char *where,
                 struct err *e);
    void (*compare)(const struct trusted *x, struct arena *a, struct node *part);
    void (*find)(const struct trusted *x, struct trust_answer *answer);
    bool (*holds)(const struct trusted *x, struct trust_answer *answer);
};

#define X(name) extern const struct scheme scheme_##name;
SCHEME_LIST(X)
#undef X

#define X(name) +1
enum { SCHEME_COUNT = SCHEME_LIST(X) };
#undef X

extern const struct scheme *const schemes[];           // SCHEME_COUNT and a NULL
const char *scheme_choice(unsigned i);                 // their names one by one, up to NULL
const struct scheme *scheme_by_name(const char *name); // NULL: there is none

// The usual one where none is said; of a part, the one that it says itself, else the first.
const struct scheme *scheme_for(enum scheme_subject subject);
const struct scheme *scheme_of(const struct node *part);
const struct scheme *scheme_fitting(const struct node *part); // NULL: it says none

// Is a part signed with this one, where it is asked for?
bool scheme_takes(const struct scheme *scheme, const struct node *part);

// Has a part a signature, of whichever scheme?
bool scheme_is_signed(const struct node *part);

#endif
