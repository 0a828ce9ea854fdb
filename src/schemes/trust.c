// SPDX-License-Identifier: Apache-2.0
//
// Whom an image is to be signed by: keys and digests, as they are read; and what is asked of them.
#include <stdarg.h>
#include <string.h>

#include "format_list.h"
#include "kinds.h"
#include "rcp_seal.h"
#include "scheme.h"
#include "secure_boot.h"
#include "signed_part.h"
#include "text.h"
#include "trust_inside.h"

bool trust_is_asked(const struct trust *t)
{
    bool named = t->required != NULL && *t->required != NULL;
    return *t->keys != NULL || *t->key_digests != NULL || t->ring != NULL || named ||
           t->needed > 0 || t->first_block || t->signed_;
}

static size_t count_of(const char **list)
{
    size_t n = 0;
    while (list[n] != NULL) {
        n++;
    }
    return n;
}

static bool take_key(struct trusted *x, const char *name, struct err *e)
{
    struct entry *entry = &x->entries[x->count++];
    *entry = (struct entry){.group = ENTRY_KEY, .name = name};
    entry->has_key = key_public(name, &x->t->options, &entry->key, e);
    entry->digest = entry->has_key ? secure_boot_key_digits(&entry->key, x->arena) : "";
    return entry->has_key;
}

static bool take_digest(struct trusted *x, const char *digits, struct err *e)
{
    x->entries[x->count++] =
        (struct entry){.group = ENTRY_DIGEST, .name = digits, .digest = digits};
    return secure_boot_is_key_digest(digits) ||
           err_set(e, STATUS_CANNOT,
                   "--key-digest %s: write the %d hexadecimal digits that otapack key digest "
                   "prints, or the %d that an ESP32-C2 keeps",
                   digits, KEY_DIGEST_DIGITS, KEY_DIGEST_SHORT);
}

static bool take_all(struct trusted *x, struct err *e)
{
    const struct trust *t = x->t;
    size_t given = count_of(t->keys) + count_of(t->key_digests);
    if (t->ring != NULL) {
        x->ring = key_ring_open(t->ring, &t->options, x->arena, e);
        if (x->ring == NULL) {
            return false;
        }
    }
    size_t count = given + (x->ring == NULL ? 0 : x->ring->count);
    x->entries = arena_alloc(x->arena, (count + 1) * sizeof(struct entry));
    bool good = trust_ring_take(x, e);
    for (const char **key = t->keys; good && *key != NULL; key++) {
        good = take_key(x, *key, e);
    }
    for (const char **digest = t->key_digests; good && *digest != NULL; digest++) {
        good = take_digest(x, *digest, e);
    }
    return good;
}

// Does what is asked go together?
static bool is_sensible(const struct trusted *x, struct err *e)
{
    const struct trust *t = x->t;
    if (t->needed > 0 && t->first_block) {
        return err_set(e, STATUS_CANNOT, "--require and --trust exclude each other; give one");
    }
    if (t->needed > x->count) {
        static const char *const given[] = {"no key is", "only one key or digest is",
                                            "only two keys or digests are"};
        return err_set(e, STATUS_CANNOT,
                       "--require %u: %s given; give %s--key, --key-digest or --keys", t->needed,
                       given[x->count], x->count == 0 ? "" : "more of ");
    }
    if (t->first_block && x->count == 0) {
        return err_set(e, STATUS_CANNOT,
                       "--trust needs to know the key that the device trusts; give --key or "
                       "--key-digest");
    }
    return !t->first_block || x->required < 2 ||
           err_set(
               e, STATUS_CANNOT,
               "--trust first-block: one signature counts, and --require-key is given more than "
               "once; give it once");
}

struct trusted *trust_open(const struct trust *t, struct arena *a, struct err *e)
{
    struct trusted *x = ARENA_NEW(a, struct trusted);
    *x = (struct trusted){.t = t, .arena = a};
    return take_all(x, e) && is_sensible(x, e) ? x : NULL;
}

struct trusted *trust_for_file(const struct trusted *t, struct arena *a)
{
    if (t == NULL) {
        return NULL;
    }
    struct trusted *x = ARENA_NEW(a, struct trusted);
    *x = *t;
    x->arena = a;
    x->entries = arena_alloc(a, (t->count + 1) * sizeof(struct entry));
    memcpy(x->entries, t->entries, t->count * sizeof(struct entry));
    return x;
}

bool trust_keys_fit(const struct trusted *t, key_fits_fn *fits, bool one_will_do, struct err *e)
{
    bool any = false;
    struct err unfit = ERR_NONE, ignored = ERR_NONE;
    for (size_t k = 0; k < t->count; k++) {
        const struct entry *entry = &t->entries[k];
        bool asked = entry->group != ENTRY_RING || entry->required;
        any = (entry->has_key && fits(&entry->key, entry->name, asked ? &unfit : &ignored)) || any;
    }
    return unfit.text[0] == '\0' || (any && one_will_do) ||
           err_set(e, unfit.status, "%s", unfit.text);
}

// ---- What is asked of a tree --------------------------------------------------------------------

bool trust_fits(const struct trusted *t, const struct node *part, const char *where, struct err *e)
{
    return scheme_of(part)->asks(t, part, where, e);
}

bool trust_miss(struct trust_answer *answer, const char *message, ...)
{
    struct trust_missing *m = ARENA_NEW(answer->arena, struct trust_missing);
    va_list args;
    va_start(args, message);
    *m = (struct trust_missing){NULL, arena_vprintf(answer->arena, message, args)};
    va_end(args);
    *(answer->last == NULL ? &answer->missing : &answer->last->next) = m;
    answer->last = m;
    return false;
}

// The file, or what was decrypted of it, whose bytes are counted anew.
static const struct node *space_of(const struct node *part)
{
    while (part->parent != NULL && !part->unpacked) {
        part = part->parent;
    }
    return part;
}

// What could be sealed, and not by the part: nobody whose signature is asked for vouches for the
// firmware of another processor in it. NULL: there is none.
static const struct node *unvouched(const struct node *n, const struct node *part)
{
    const struct node *found = NULL;
    if (rcp_seal_is_about(n)) {
        return rcp_seal_holds(n) && rcp_seal_app(n) == part ? NULL : n;
    }
    if (rcp_seal_hosted(n) != NULL) {
        return n == part ? NULL : n;
    }
    for (const struct node *p = n->parts; p != NULL && found == NULL; p = p->next) {
        found = unvouched(p, part);
    }
    return found;
}

static bool all_sealed(const struct node *part, struct trust_answer *answer)
{
    const struct node *root = part;
    while (root->parent != NULL) {
        root = root->parent;
    }
    const struct node *image = unvouched(root, part);
    const char *path = image == NULL ? "" : node_path(answer->arena, image);
    return image == NULL || trust_miss(answer,
                                       "no signature that is asked for vouches for other "
                                       "processors' firmware%s%s; seal it in "
                                       "the app that is signed, or leave --require-seal out",
                                       *path == '\0' ? "" : " in ", path);
}

struct trust_answer trust_ask(const struct trusted *t, const struct node *part, struct arena *a)
{
    const struct scheme *scheme = scheme_of(part);
    struct trust_answer answer = {.arena = a, .part = part};
    unsigned counting = 0;
    scheme->find(t, &answer);
    for (size_t i = 0; i < answer.count; i++) {
        counting |= (unsigned)answer.signatures[i].counts << i;
    }
    answer.spans = coverage_of(a, space_of(part), part, counting);
    answer.holds =
        answer.count > 0
            ? scheme->holds(t, &answer)
            : trust_miss(&answer, "is not signed%s; sign it with otapack sign%s", scheme->nowhere,
                         signed_is_packed(part) ? ", before it is packed" : "");
    answer.holds = (!t->t->sealed || all_sealed(part, &answer)) && answer.holds;
    return answer;
}

static void compare(void *trusted, struct arena *a, struct node *n)
{
    const struct scheme *scheme = scheme_of(n);
    if (scheme->compare != NULL && scheme->signature(n, 0) != NULL) {
        scheme->compare(trusted, a, n);
    }
    for (struct node *part = n->parts; part != NULL; part = part->next) {
        compare(trusted, a, part);
    }
}

bool trust_open_tree(struct trusted *t, struct opened *image, const char *name,
                     const struct read_options *options, struct arena *a, struct err *e)
{
    const struct tree_look keys = {compare, t};
    return open_tree_looked_at(image, name, options, t == NULL ? NULL : &keys, a, e);
}

static void name_signer(const struct trust_signature *s, struct arena *a, struct node *block)
{
    const char *by = s->by;
    if (block->error != NULL) {
        return;
    }
    if (s->counts && by != NULL) {
        node_string(a, block, "key", by, SIZE_MAX, DERIVED);
    }
    block->summary = by == NULL ? arena_printf(a, "%s, by none of the keys", block->summary)
                     : s->counts
                         ? arena_printf(a, "%s, by %s", block->summary, by)
                         : arena_printf(a, "%s, names %s, but does not count", block->summary, by);
}

void trust_name_signers(const struct trusted *t, struct arena *a, struct node *n)
{
    const struct scheme *scheme = scheme_of(n);
    struct trust_answer answer = {.arena = a, .part = n};
    if (scheme->compare == NULL) {
        scheme->find(t, &answer);
    }
    size_t i = 0;
    for (struct node *part = n->parts; part != NULL; part = part->next) {
        if (i < answer.count && part == answer.signatures[i].node) {
            name_signer(&answer.signatures[i++], a, part);
        }
        trust_name_signers(t, a, part);
    }
}
