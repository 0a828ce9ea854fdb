// SPDX-License-Identifier: Apache-2.0
//
// Whom an image is to be signed by: keys and digests, as they are read; and what is asked of them.
#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "scheme.h"
#include "secure_boot.h"
#include "text.h"
#include "trust_inside.h"

enum { DIGEST_DIGITS = 2 * KEY_DIGEST_SIZE, SHORT_DIGITS = DIGEST_DIGITS / 2 };

bool trust_is_asked(const struct trust *t)
{
    return *t->keys != NULL || *t->key_digests != NULL || t->needed > 0 || t->first_block ||
           t->signed_;
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
    uint8_t digest[KEY_DIGEST_SIZE];
    if (!key_public(name, &x->t->options, &entry->key, e)) {
        return false;
    }
    entry->name = name;
    entry->has_key = true;
    entry->digest = "";
    if (pk_is_secure_boot(&entry->key)) {
        secure_boot_key_digest(&entry->key, digest);
        entry->digest = text_hex(x->arena, digest, sizeof(digest));
    }
    return true;
}

static bool take_digest(struct trusted *x, const char *digits, struct err *e)
{
    size_t n = strlen(digits);
    for (size_t i = 0; i < n; i++) {
        n = isxdigit((unsigned char)digits[i]) ? n : 0;
    }
    x->entries[x->count++] = (struct entry){.name = digits, .digest = digits};
    return n == DIGEST_DIGITS || n == SHORT_DIGITS ||
           err_set(e, STATUS_CANNOT,
                   "--key-digest %s: write the %d hexadecimal digits that otapack key digest "
                   "prints, or the %d that an ESP32-C2 keeps",
                   digits, DIGEST_DIGITS, SHORT_DIGITS);
}

struct trusted *trust_open(const struct trust *t, struct arena *a, struct err *e)
{
    struct trusted *x = ARENA_NEW(a, struct trusted);
    size_t count = count_of(t->keys) + count_of(t->key_digests);
    bool good = true;
    *x = (struct trusted){t, a, arena_alloc(a, (count + 1) * sizeof(struct entry)), 0};
    for (const char **key = t->keys; good && *key != NULL; key++) {
        good = take_key(x, *key, e);
    }
    for (const char **digest = t->key_digests; good && *digest != NULL; digest++) {
        good = take_digest(x, *digest, e);
    }
    if (good && t->needed > 0 && t->first_block) {
        good = err_set(e, STATUS_CANNOT, "--require and --trust exclude each other; give one");
    } else if (good && t->needed > count) {
        good = err_set(e, STATUS_CANNOT,
                       "--require %u: only %zu keys and digests are given; give more of --key and "
                       "--key-digest",
                       t->needed, count);
    } else if (good && t->first_block && count == 0) {
        good = err_set(e, STATUS_CANNOT,
                       "--trust needs to know the key that the device trusts; give --key or "
                       "--key-digest");
    }
    return good ? x : NULL;
}

bool trust_keys_fit(const struct trusted *t, key_fits_fn *fits, bool one_will_do, struct err *e)
{
    bool any = false;
    struct err unfit = ERR_NONE;
    for (size_t k = 0; k < t->count; k++) {
        const struct entry *entry = &t->entries[k];
        any = (entry->has_key && fits(&entry->key, entry->name, &unfit)) || any;
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
            : trust_miss(&answer, "is not signed%s; sign it with otapack sign", scheme->nowhere);
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
    if (s->counts) {
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
