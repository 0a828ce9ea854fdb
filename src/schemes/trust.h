// SPDX-License-Identifier: Apache-2.0
//
// Whose signatures an image has: what verify is asked beyond the checks.
#ifndef TRUST_H
#define TRUST_H

#include "coverage.h"
#include "key.h"
#include "node.h"
#include "open_tree.h"

struct trust {
    const char **keys; // public keys by name, NULL-ended: each must have signed
    const char *
        *key_digests;      // eFuse digests in hexadecimal, NULL-ended: one of them must have signed
    const char *ring;      // keys with names (key_ring.h): one of them must have signed; NULL: none
    const char **required; // of the ring, by name, NULL-ended: each of these must; NULL: none
    unsigned needed;       // not 0: so many of keys and digests must have signed, whichever
    bool first_block;      // only the first block counts, and one of keys and digests will do
    bool signed_;          // there must be a signature, whosever it is
    bool sealed;           // every radio's firmware must be under these signatures, by a seal
    const bool *allow;     // by enum check_id: a block that fails only these counts all the same
    const struct target *device; // what is known of it; NULL: nothing
    struct key_options options;
};

bool trust_is_asked(const struct trust *t);

// Reads keys and digests. False with `e` set (status 2). Freed with the arena.
struct trusted;
struct trusted *trust_open(const struct trust *t, struct arena *a, struct err *e);

// The same for one file, of which notes are made in it: several can be looked at at a time, each by
// its own. In the arena of the file; NULL of NULL.
struct trusted *trust_for_file(const struct trusted *t, struct arena *a);

// What there is to say of an image and the file around it.
enum { TRUST_SIGNATURES_MOST = 3 };
struct trust_signature {
    const struct node *node;
    const struct entry *signer; // the key or digest given that it names; NULL: none of them
    const char *by;             // its name; of a key of the ring the one that it has there
    bool counts;
    enum check_id blemish; // for which nobody vouches for it; CHECK_COUNT: none
    const char *text;      // what it is, and by whom
};
struct trust_missing {
    struct trust_missing *next;
    const char *text;
};
struct trust_answer {
    struct arena *arena;
    const struct node *part; // that the signatures are about; NULL: nothing was asked
    const char *where;       // the file, or the part of it, where messages name it; or NULL
    bool holds;              // yes to all that is asked for
    size_t count;
    struct trust_signature signatures[TRUST_SIGNATURES_MOST];
    const struct coverage_span *spans;    // of the whole file, or of all that was decrypted
    struct trust_missing *missing, *last; // what is wrong and what to do; NULL: it holds
};

// Is what is asked for something that the part's devices know, and are the keys such as they can
// have? False with `e` set (status 2). `where` is as below.
bool trust_fits(const struct trusted *t, const struct node *part, const char *where, struct err *e);

// Does this part of a file have the signatures that are asked for, and do they speak for all that a
// device would write with it? The answer lives as long as the tree and `a`.
struct trust_answer trust_ask(const struct trusted *t, const struct node *part, struct arena *a);

// open_tree_judged() of a file whose checks know the keys, where only a key can tell that a
// signature is one. `t` NULL: there are none.
bool trust_open_tree(struct trusted *t, struct opened *image, const char *name,
                     const struct read_options *options, struct arena *a, struct err *e);

// Says of every other signature in such a tree, or what is under a node of it, by which of the
// keys it is: in its summary and, where it counts, in a field `key`.
void trust_name_signers(const struct trusted *t, struct arena *a, struct node *n);

#endif
