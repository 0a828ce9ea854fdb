// SPDX-License-Identifier: Apache-2.0
//
// Whose signatures an image has: what verify is asked beyond the checks.
#ifndef TRUST_H
#define TRUST_H

#include "coverage.h"
#include "key.h"
#include "node.h"

struct trust {
    const char **keys; // public keys by name, NULL-ended: each must have signed
    const char *
        *key_digests;  // eFuse digests in hexadecimal, NULL-ended: one of them must have signed
    unsigned needed;   // not 0: so many of keys and digests must have signed, whichever
    bool first_block;  // only the first block counts, and one of keys and digests will do
    bool signed_;      // there must be a signature, whosever it is
    bool quiet;        // nothing on standard output
    const bool *allow; // by enum check_id: a block that fails only these counts all the same
    const struct target *device; // what is known of it; NULL: nothing
    struct key_options options;
};

bool trust_is_asked(const struct trust *t);

// Reads keys and digests. False with `e` set (status 2). Freed with the arena.
struct trusted;
struct trusted *trust_open(const struct trust *t, struct arena *a, struct err *e);

// Of the keys as they were read those that can be an ESP8266's, for a tree to compare with
// (read.h); NULL: none.
struct esp8266_key;
const struct esp8266_key *trust_keys(const struct trusted *t);

// What there is to say of an image and the file around it.
enum { TRUST_SIGNATURES_MOST = 3 };
struct trust_signature {
    const struct node *node;
    const char *by; // the key or digest given that it names; NULL: none of them
    bool has_key;   // it is a key, not a digest
    bool counts;
};
struct trust_answer {
    const struct node *part; // that the signatures are about; NULL: nothing was asked
    bool holds;              // yes to all that is asked for
    size_t count;
    struct trust_signature signatures[TRUST_SIGNATURES_MOST];
    const struct coverage_span *spans; // of the whole file
};

// Is what is asked for something that the part's devices know, and are the keys such as they can
// have? False with `e` set (status 2). `where` is as below.
bool trust_fits(const struct trusted *t, const struct node *part, const char *where, struct err *e);

// Does this part of the file of this root have the signatures that are asked for, and do they
// speak for all that a device would write with it? Says on standard output which block is
// whose, and on standard error what is missing. `where` is what to call the image: "FILE" or "FILE:
// PATH". The answer lives as long as the tree and `a`.
struct trust_answer trust_ask(const struct trusted *t, const struct node *root,
                              const struct node *part, const char *where, struct arena *a);

// Says of every signature of Secure Boot in a judged tree, or what is under a node of it, by which
// of the keys it is: in its summary and, where it counts, in a field `key`. An ESP8266's are
// compared while they are read.
void trust_name_signers(const struct trusted *t, struct arena *a, struct node *n);

#endif
