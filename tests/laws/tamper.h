// SPDX-License-Identifier: Apache-2.0
//
// What an attacker does to a signed file, who has no key: he adds bytes, takes some away, moves and
// doubles parts, and puts in those of other good files; tables and checksums he makes right again.
// The law: `verify` that asks for a signature says yes to such a file only if what was signed is
// there, whole, where devices look for it, with nothing else around it that somebody would have to
// vouch for.
#ifndef TAMPER_H
#define TAMPER_H

#include "image.h"

#include <stdbool.h>

enum { EDGES_MOST = 64, GOODS_MOST = 4, BLOCKS_MOST = 3 };

// A signed image as it left the signer: it may be found again, and nothing in its place.
struct sealed {
    struct image im;
    size_t signed_end; // here the signature sector of v2 begins; 0: all of it is to be as it was
    unsigned blocks;   // of v2
    int own;           // the block of the key that is asked for
    bool erased;       // 0xFF may follow, as it is in erased flash
};

// Where it is in a file.
enum { IN_MATTER = 1, IN_COMBINED = 2 };

struct subject;
typedef struct image wrap_fn(const struct subject *s, const struct image *t);

struct subject {
    const char *name;
    const char *const *modes; // options of verify, NULL-ended; the first one is always asked
    struct image im;
    size_t edges[EDGES_MOST], count; // between its structures, from 0 to the end of the file
    struct image donor;              // another good file of the same kind
    unsigned inside;                 // IN_MATTER, IN_COMBINED
    wrap_fn *wrap; // puts a part into its containers, and all is right there; NULL: it is a file
    struct sealed goods[GOODS_MOST]; // any of these will do
    size_t good_count;
    unsigned step; // of what is tried at each edge, one in so many
};

// A file, not inside anything. `key` is what the key of block `own` is called.
void subject_begin(struct subject *s, const char *file, const char *donor,
                   const char *const *modes);
struct sealed *subject_seal(struct subject *s, const struct image *im, int own); // of v2
struct sealed *subject_seal_whole(struct subject *s, const struct image *im);    // of the others
void subject_end(struct subject *s);

// Sorted, each once, and none behind the file.
void edge_add(struct subject *s, size_t at);
void edges_of_app(struct subject *s, const struct image *im, size_t base); // with its signature
void edges_of_combined(struct subject *s, const struct image *im, size_t base);

// Is the untouched file a yes in each mode, from a file and through a pipe?
void tamper_control(const struct subject *s);

// Is it the turn of this one? One in `step` is tried, and each with OTAPACK_LONG=1.
bool tamper_turn(unsigned step);

// Complains where verify says yes of these bytes, and must not; or through a pipe says otherwise.
void tamper_try(const struct subject *s, const struct image *t, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// All that can be done to bytes without knowing what they are, at each edge.
void tamper_all(const struct subject *s);

// How many files were tried since the last time; there must have been so many.
void tamper_count(unsigned least);

#endif
