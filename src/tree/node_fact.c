// SPDX-License-Identifier: Apache-2.0
#include "node_fact.h"

#include <string.h>

#include "digest_span.h"
#include "judge.h"

typedef void put_fn(struct arena *a, struct node *to, const char *name, const struct node *n);

static void put_size(struct arena *a, struct node *to, const char *name, const struct node *n)
{
    node_uint(a, to, name, n->src.size, DERIVED);
}

static void put_offset(struct arena *a, struct node *to, const char *name, const struct node *n)
{
    node_hex(a, to, name, n->src.base, DERIVED);
}

static void put_format(struct arena *a, struct node *to, const char *name, const struct node *n)
{
    node_string(a, to, name, n->format, SIZE_MAX, DERIVED);
}

static void put_summary(struct arena *a, struct node *to, const char *name, const struct node *n)
{
    node_string(a, to, name, n->summary == NULL ? "" : n->summary, SIZE_MAX, DERIVED);
}

// A note is no blemish.
static void put_verdict(struct arena *a, struct node *to, const char *name, const struct node *n)
{
    size_t counts[VERDICT_COUNT] = {0};
    enum verdict worst = tree_verdict(n, counts);
    node_string(a, to, name, verdict_name(worst == VERDICT_NOTE ? VERDICT_PASS : worst), SIZE_MAX,
                DERIVED);
}

static void put_sha256(struct arena *a, struct node *to, const char *name, const struct node *n)
{
    uint8_t digest[32];
    if (digest_of(DIGEST_SHA256, &n->src, digest)) {
        node_bytes(a, to, name, digest, sizeof(digest), DERIVED);
    }
}

static void put_md5(struct arena *a, struct node *to, const char *name, const struct node *n)
{
    uint8_t digest[16];
    if (digest_of(DIGEST_MD5, &n->src, digest)) {
        node_bytes(a, to, name, digest, sizeof(digest), DERIVED);
    }
}

static const struct {
    const char *name;
    put_fn *put;
} facts[] = {{"size", put_size},       {"offset", put_offset},   {"format", put_format},
             {"summary", put_summary}, {"verdict", put_verdict}, {"sha256", put_sha256},
             {"md5", put_md5}};
enum { FACTS = sizeof(facts) / sizeof(facts[0]) };

const char *node_fact_name(size_t i)
{
    return i < FACTS ? facts[i].name : NULL;
}

struct field *node_fact(struct arena *a, const struct node *n, const char *name)
{
    struct node *to = node_root(a, n->src); // of which only the field is wanted
    for (size_t i = 0; i < FACTS; i++) {
        if (strcmp(name, facts[i].name) == 0) {
            facts[i].put(a, to, name, n);
        }
    }
    return to->fields;
}
