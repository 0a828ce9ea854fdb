// SPDX-License-Identifier: Apache-2.0
#include "signers.h"

#include <string.h>

#include "scheme.h"
#include "source.h"

enum { SIGNERS_MOST = 8, DIGITS_SHOWN = 16 };

struct signers {
    const struct node *nodes[SIGNERS_MOST];
    size_t count;
};

static struct signers signers_of(const struct node *part)
{
    struct signers s = {.count = 0};
    const struct scheme *scheme = scheme_of(part);
    const struct node *signature = scheme->signature(part, 0);
    while (signature != NULL && s.count < SIGNERS_MOST) {
        s.nodes[s.count++] = signature;
        signature = scheme->signature(part, (unsigned)s.count);
    }
    return s;
}

static bool same_text(const struct node *x, const struct node *y, const char *field)
{
    return strcmp(node_text(x, field), node_text(y, field)) == 0;
}

// A signature that holds no key is by the same one, as far as can be seen: by the name of the one
// that it fits, where keys were given.
static bool same_key(const struct node *x, const struct node *y)
{
    return same_text(x, y, "scheme") && same_text(x, y, "key_digest") &&
           (*node_text(x, "key_digest") != '\0' || same_text(x, y, "key"));
}

static bool has(const struct signers *s, const struct node *signature)
{
    size_t i = 0;
    while (i < s->count && !same_key(s->nodes[i], signature)) {
        i++;
    }
    return i < s->count;
}

// How many of these are by none of those.
static size_t missing(const struct signers *these, const struct signers *those)
{
    size_t count = 0;
    for (size_t i = 0; i < these->count; i++) {
        count += !has(those, these->nodes[i]);
    }
    return count;
}

static bool same(const struct signers *x, const struct signers *y)
{
    size_t i = 0;
    while (i < x->count && i < y->count && same_key(x->nodes[i], y->nodes[i])) {
        i++;
    }
    return i == x->count && i == y->count;
}

// "rsa3072 PROD, rsa3072 5f6a8e2b01c3d4e5"; of one that no key is known of, how it begins.
static const char *text_of(struct arena *a, const struct signers *s)
{
    const char *text = s->count == 0 ? "none" : "";
    for (size_t i = 0; i < s->count; i++) {
        const struct node *n = s->nodes[i];
        const char *name = node_text(n, "key"), *digest = node_text(n, "key_digest");
        const char *kind =
            *node_text(n, "algorithm") == '\0' ? node_text(n, "scheme") : node_text(n, "algorithm");
        const char *some = *kind == '\0' ? node_text(n, "signature") : digest;
        const char *key = *name != '\0' ? name : arena_printf(a, "%.*s", DIGITS_SHOWN, some);
        text = arena_printf(a, "%s%s%s%s%s", text, i == 0 ? "" : ", ", kind,
                            *key == '\0' || *kind == '\0' ? "" : " ", key);
    }
    return text;
}

// What a device does that trusts the keys of the old file: the first row whose condition holds.
struct seen_keys {
    const struct signers *old, *new;
    size_t gone, added;
};

static bool is_new(const struct seen_keys *k)
{
    return k->old->count == 0;
}

static bool is_unsigned(const struct seen_keys *k)
{
    return k->new->count == 0;
}

// Of which it is, where that is known: an ESP8266's says it only of one that fits a key.
static bool is_other_scheme(const struct seen_keys *k)
{
    const char *old = node_text(k->old->nodes[0], "scheme");
    const char *new = node_text(k->new->nodes[0], "scheme");
    return *old != '\0' && *new != '\0' && strcmp(old, new) != 0;
}

static bool is_all_other(const struct seen_keys *k)
{
    return k->gone == k->old->count;
}

static bool is_other_first_and_less(const struct seen_keys *k)
{
    return k->gone > 0 && !same_key(k->old->nodes[0], k->new->nodes[0]);
}

static bool is_less(const struct seen_keys *k)
{
    return k->gone > 0;
}

static bool is_other_first(const struct seen_keys *k)
{
    return !same_key(k->old->nodes[0], k->new->nodes[0]);
}

static bool is_any(const struct seen_keys *k)
{
    (void)k;
    return true;
}

static const struct {
    bool (*holds)(const struct seen_keys *k);
    const char *follows;
} consequences[] = {
    {is_new, "a device that verifies signatures takes it if it trusts the key"},
    {is_unsigned, "a device that verifies signatures refuses it"},
    {is_other_scheme, "a device that took the old signature does not know this kind"},
    {is_all_other, "a device that trusts only the old keys refuses it"},
    {is_other_first_and_less,
     "a device that trusts only keys that are gone refuses it, and so does one that looks at the "
     "first signature alone"},
    {is_less, "a device that trusts only keys that are gone refuses it"},
    {is_other_first, "a device that looks at the first one alone refuses it; others take it"},
    {is_any, "a device that trusts the old keys takes it"},
};

static const char *follows_from(const struct seen_keys *k)
{
    size_t i = 0;
    while (!consequences[i].holds(k)) {
        i++;
    }
    return consequences[i].follows;
}

// ---- By a key that they do not hold -------------------------------------------------------------

// What was signed: all that stands before.
static struct otapack_source signed_bytes(const struct node *part, const struct node *signature)
{
    return otapack_part(&part->src, 0, signature->src.base - part->src.base);
}

// As much of it as tells two of them apart.
static const char *beginning_of(struct arena *a, const struct node *signature)
{
    const char *kind = node_text(signature, "scheme");
    return arena_printf(a, "%s%s%.*s", kind, *kind == '\0' ? "" : " ", DIGITS_SHOWN,
                        node_text(signature, "signature"));
}

// RSA of PKCS#1 v1.5 has no random number in it: the same key makes the same signature of the same
// bytes. ECDSA may have one.
static void look_at_bytes(struct diff *d, const struct node *old, const struct node *new)
{
    const struct scheme *scheme = scheme_of(new);
    const struct node *x = scheme_of(old)->signature(old, 0), *y = scheme->signature(new, 0);
    bool known = x != NULL && *node_text(x, "key") != '\0'; // both fit the same key that was given
    if (x == NULL || y == NULL || known || !same_key(x, y) || *node_text(y, "key_digest") != '\0' ||
        strcmp(node_text(x, "signature"), node_text(y, "signature")) == 0) {
        return;
    }
    struct otapack_source was = signed_bytes(old, x), is = signed_bytes(new, y);
    if (source_difference(&was, &is) == UINT64_MAX) {
        bool one = scheme->padding == PK_PKCS1 || scheme->padding == PK_PKCS1_BARE;
        diff_add(d, (struct change){
                        .kind = CHANGE_CHANGED,
                        .old = old,
                        .new = new,
                        .name = "signatures",
                        .old_text = beginning_of(d->arena, x),
                        .new_text = beginning_of(d->arena, y),
                        .follows = one ? "the signed bytes are the same: it is by another key, or "
                                         "damaged, and a device that takes the old one refuses it"
                                       : "the signed bytes are the same: it is by another key, or "
                                         "damaged, unless the same key was used with another "
                                         "random number, as otapack and espsecure do not",
                    });
    }
}

static void look(struct diff *d, const struct node *old, const struct node *new)
{
    struct signers from = signers_of(old), to = signers_of(new);
    look_at_bytes(d, old, new);
    struct seen_keys k = {&from, &to, missing(&from, &to), missing(&to, &from)};
    if (!same(&from, &to)) {
        diff_add(d, (struct change){.kind = k.gone == 0 && k.added == 0 ? CHANGE_REORDERED
                                            : k.gone == 0               ? CHANGE_ADDED
                                            : k.added == 0              ? CHANGE_DROPPED
                                                                        : CHANGE_CHANGED,
                                    .old = old,
                                    .new = new,
                                    .name = "signatures",
                                    .old_text = text_of(d->arena, &from),
                                    .new_text = text_of(d->arena, &to),
                                    .follows = node_is_elsewhere(new) ? NULL : follows_from(&k)});
    }
}

const struct diff_look signers_look = {look};
