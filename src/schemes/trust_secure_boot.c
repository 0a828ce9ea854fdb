// SPDX-License-Identifier: Apache-2.0
//
// Secure Boot: does an image have the signatures that are asked for, and is there nothing else in
// the file?
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "scheme_secure_boot.h"
#include "secure_boot.h"
#include "text.h"
#include "trust_inside.h"

_Static_assert((int)TRUST_SIGNATURES_MOST == (int)OTAPACK_SB_MAX_BLOCKS, "room for each");

// ---- What is found ------------------------------------------------------------------------------

static bool is_allowed(const struct trusted *x, enum check_id check)
{
    return x->t->allow != NULL && x->t->allow[check];
}

static bool is_made(const struct node *n, enum check_id check)
{
    const struct finding *f = n->findings;
    while (f != NULL && f->check != check) {
        f = f->next;
    }
    return f != NULL;
}

// The check for which a block is not vouched for, or CHECK_COUNT. What a signature rests on cannot
// be allowed to fail, nor to be left out, as it is where an app is longer than its partition; bytes
// that devices do not look at may be.
static enum check_id blemish(const struct trusted *x, const struct node *n)
{
    static const enum check_id rests_on[] = {CHECK_SIG_BLOCK, CHECK_SIG_KEY, CHECK_SIG_SIGNATURE,
                                             CHECK_SIG_DIGEST};
    for (const struct finding *f = n->findings; f != NULL; f = f->next) {
        bool ignored =
            f->check == CHECK_SIG_ZEROS || f->check == CHECK_SIG_P192 || f->check == CHECK_SIG_FILL;
        if (f->verdict != VERDICT_PASS && !(ignored && is_allowed(x, f->check))) {
            return f->check;
        }
    }
    for (size_t i = 0; i < sizeof(rests_on) / sizeof(rests_on[0]) && !signature_is_v1(n); i++) {
        if (!is_made(n, rests_on[i])) {
            return rests_on[i];
        }
    }
    return CHECK_COUNT;
}

static bool is_warned(const struct trusted *x, const struct node *n, enum check_id check)
{
    return finding_against(n, check) != NULL && !is_allowed(x, check);
}

// The same of what is around the block, also in other blocks, where checks only warn: nothing about
// signatures that are vouched for may have been changed.
static enum check_id blemish_around(const struct trusted *x, const struct node *image)
{
    unsigned count = signature_count(image);
    for (unsigned i = 0; i < count; i++) {
        if (is_warned(x, signature_at(image, i), CHECK_SIG_ZEROS)) {
            return CHECK_SIG_ZEROS;
        }
    }
    return is_warned(x, image, CHECK_SIG_FILL) ? CHECK_SIG_FILL : CHECK_COUNT;
}

static enum check_id blemish_of(const struct trusted *x, const struct node *image, unsigned i)
{
    bool seen = signature_look(x->t->device, image, i).how == SIGNATURE_LOOKED_AT;
    enum check_id check = blemish(x, signature_at(image, i));
    check = check == CHECK_COUNT ? blemish_around(x, image) : check;
    return check == CHECK_COUNT && !seen && !is_allowed(x, CHECK_SIG_CHIP) ? CHECK_SIG_CHIP : check;
}

// Which keys have made the image's signature of v1, if it is one: asked once for each image, for it
// has all of the image read.
static void try_v1(const struct trusted *x, const struct node *image)
{
    uint8_t digest[OTAPACK_SB_MAX_DIGEST];
    bool v1 = signature_v1_digest(image, digest);
    for (size_t k = 0; k < x->count; k++) {
        struct entry *entry = &x->entries[k];
        entry->signed_v1 =
            v1 && entry->has_key && signature_v1_fits_digest(image, &entry->key, digest);
    }
}

// Does the block say that it is by this key? Of v1, which says nothing, the key itself does.
static bool names_key(const struct node *block, const struct entry *entry)
{
    const char *digest = node_text(block, "key_digest");
    if (signature_is_v1(block)) {
        return entry->signed_v1;
    }
    return *digest != '\0' && *entry->digest != '\0' &&
           strncasecmp(digest, entry->digest, strlen(entry->digest)) == 0;
}

// Whether it counts or not; NULL: it is none of those given.
static const struct entry *signer_of(const struct trusted *x, const struct node *block)
{
    for (size_t k = 0; k < x->count; k++) {
        if (names_key(block, &x->entries[k])) {
            return &x->entries[k];
        }
    }
    return NULL;
}

static const char *text_of(struct arena *a, const struct trust_signature *s)
{
    const char *digest = node_text(s->node, "key_digest"),
               *but = s->counts ? "" : ", but does not count";
    const char *by = s->signer == NULL                  ? "by none of the keys given"
                     : s->signer->group != ENTRY_DIGEST ? arena_printf(a, "by %s%s", s->by, but)
                                                        : arena_printf(a, "as given%s", but);
    return s->node->error != NULL ? "cannot be read"
           : *digest == '\0'      ? arena_printf(a, "%s, %s", node_text(s->node, "algorithm"), by)
                                  : arena_printf(a, "%s, key digest %.16s..., %s",
                                                 node_text(s->node, "algorithm"), digest, by);
}

// One counts by a key that is given, or whosever it is, where that is asked for: but of v1, which
// has no key in it, only a key can tell that the bytes are a signature.
void secure_boot_find(const struct trusted *x, struct trust_answer *answer)
{
    const struct node *image = answer->part, *block = signature_at(image, 0);
    if (block != NULL) {
        try_v1(x, image);
    }
    for (unsigned i = 0; block != NULL && i < TRUST_SIGNATURES_MOST;
         block = signature_at(image, ++i)) {
        const struct entry *signer = signer_of(x, block);
        bool anyone = x->t->signed_ && !signature_is_v1(block);
        enum check_id check = blemish_of(x, image, i);
        struct trust_signature *s = &answer->signatures[answer->count++];
        *s = (struct trust_signature){.node = block, .signer = signer, .blemish = check};
        s->by = signer == NULL ? NULL : signer->name;
        s->counts =
            check == CHECK_COUNT && (anyone || signer != NULL) && (!x->t->first_block || i == 0);
        s->text = text_of(answer->arena, s);
    }
}

// ---- What is asked for --------------------------------------------------------------------------

// Has this key signed, with a signature that nothing is wrong with?
static bool has_signed(const struct trust_answer *answer, const struct entry *entry)
{
    size_t i = 0;
    while (i < answer->count && !(answer->signatures[i].blemish == CHECK_COUNT &&
                                  names_key(answer->signatures[i].node, entry))) {
        i++;
    }
    return i < answer->count;
}

// Why a signature by this key, or one that names it, does not count. False where there is none.
static bool say_why_not(struct trust_answer *answer, const struct entry *entry)
{
    for (size_t i = 0; i < answer->count; i++) {
        const struct trust_signature *s = &answer->signatures[i];
        if (s->blemish != CHECK_COUNT && names_key(s->node, entry)) {
            (void)trust_miss(answer,
                             "signatures[%zu] %s %s, but does not count, for %s does not hold; %s",
                             i, signature_is_v1(s->node) ? "is by" : "names the key of",
                             entry->name, checks[s->blemish].id, checks[s->blemish].remedy);
            return true;
        }
    }
    return false;
}

// Whom the first signature names of those of whom it is asked for. NULL: nobody.
static const struct entry *first_of_asked(const struct trusted *x, const struct node *block)
{
    for (size_t k = 0; k < x->count; k++) {
        if (trust_ring_asks(x, &x->entries[k]) && names_key(block, &x->entries[k])) {
            return &x->entries[k];
        }
    }
    return NULL;
}

static bool first_block_holds(const struct trusted *x, struct trust_answer *answer)
{
    const struct trust_signature *first = &answer->signatures[0];
    const struct entry *signer = first_of_asked(x, first->node);
    if (signer != NULL && first->blemish == CHECK_COUNT) {
        return true;
    }
    if (signer != NULL && say_why_not(answer, signer)) {
        return false;
    }
    for (size_t k = 0; k < x->count; k++) {
        if (trust_ring_asks(x, &x->entries[k]) && has_signed(answer, &x->entries[k])) {
            return trust_miss(answer,
                              "the first signature, at which alone such a device looks, is not by "
                              "%s, whose is behind it; put it first with otapack sign --order",
                              x->entries[k].name);
        }
    }
    return trust_miss(
        answer,
        "the first signature, at which alone such a device looks, is by %s; sign with "
        "the key that the device trusts",
        first->by == NULL ? "none of the keys given" : first->by);
}

// Was this key given before, by another name or by its digest? In a ring, no key is there twice.
static bool is_repeated(const struct trusted *x, size_t k)
{
    for (size_t i = 0; i < k && x->entries[k].group != ENTRY_RING; i++) {
        const char *one = x->entries[i].digest, *other = x->entries[k].digest;
        size_t n = strlen(one) < strlen(other) ? strlen(one) : strlen(other);
        if (n > 0 && strncasecmp(one, other, n) == 0) {
            return true;
        }
    }
    return false;
}

static bool enough_hold(const struct trusted *x, struct trust_answer *answer)
{
    unsigned count = 0;
    for (size_t k = 0; k < x->count; k++) {
        count += !is_repeated(x, k) && has_signed(answer, &x->entries[k]);
    }
    for (size_t k = 0; k < x->count && count < x->t->needed; k++) {
        if (!is_repeated(x, k) && !has_signed(answer, &x->entries[k])) {
            (void)say_why_not(answer, &x->entries[k]);
        }
    }
    return count >= x->t->needed ||
           trust_miss(answer,
                      "signed by %u of the keys given, and %u are asked for; sign with the others "
                      "too, by otapack sign --append",
                      count, x->t->needed);
}

static bool miss_digest(struct trust_answer *answer, unsigned digests)
{
    return trust_miss(answer,
                      "no good signature is by a key with %s; sign with a key that the device "
                      "trusts%s",
                      digests == 1 ? "this digest" : "one of these digests",
                      signature_is_v1(answer->signatures[0].node)
                          ? ", and verify v1, which has no key in it, with --key"
                          : "");
}

// One of the digests, or of the ring, if there are any.
static bool any_of_group_holds(const struct trusted *x, struct trust_answer *answer,
                               enum entry_group group)
{
    unsigned count = 0;
    bool told = false;
    for (size_t k = 0; k < x->count; k++) {
        if (x->entries[k].group == group && has_signed(answer, &x->entries[k])) {
            return true;
        }
        count += x->entries[k].group == group;
    }
    for (size_t k = 0; k < x->count; k++) {
        told = (x->entries[k].group == group && say_why_not(answer, &x->entries[k])) || told;
    }
    return count == 0 || (!told && (group == ENTRY_RING ? trust_ring_miss(x, answer)
                                                        : miss_digest(answer, count)));
}

// Each that is required, and where nothing is said of how many, each key.
static bool each_holds(const struct trusted *x, struct trust_answer *answer)
{
    bool good = true;
    for (size_t k = 0; k < x->count; k++) {
        const struct entry *entry = &x->entries[k];
        bool must = entry->required || (entry->group == ENTRY_KEY && x->t->needed == 0);
        if (must && !has_signed(answer, entry)) {
            good = false;
            (void)(say_why_not(answer, entry) ||
                   (entry->required
                        ? trust_ring_miss_key(x, answer, entry)
                        : trust_miss(answer,
                                     "there is no good signature by %s; sign with its private key, "
                                     "or name the right public key",
                                     entry->name)));
        }
    }
    return good;
}

// Every key, and one of the digests, as a device wants it; and one of the ring.
static bool all_hold(const struct trusted *x, struct trust_answer *answer)
{
    bool each = each_holds(x, answer), digest = any_of_group_holds(x, answer, ENTRY_DIGEST);
    bool ring = !trust_ring_asks_one(x) || any_of_group_holds(x, answer, ENTRY_RING);
    return each && digest && ring;
}

// Whosever it is.
static bool any_counts(struct trust_answer *answer)
{
    enum check_id check = CHECK_COUNT;
    for (size_t i = 0; i < answer->count; i++) {
        if (answer->signatures[i].counts) {
            return true;
        }
        check = check == CHECK_COUNT ? answer->signatures[i].blemish : check;
    }
    return check == CHECK_COUNT
               ? trust_miss(answer,
                            "a signature of Secure Boot v1 has no key in it, so that nothing tells "
                            "it from other bytes; name its public key with --key")
               : trust_miss(answer, "no signature counts, for %s does not hold; %s",
                            checks[check].id, checks[check].remedy);
}

// Whoever has signed has not signed these, and a device writes them all the same.
static bool nothing_loose(const struct trusted *x, struct trust_answer *answer)
{
    const struct coverage_span *s = coverage_loose(answer->spans, x->t->allow);
    return s == NULL ||
           trust_miss(answer,
                      "nobody has signed the %s at 0x%" PRIx64
                      ", %s; leave them out, or say that they do not matter with --allow %s",
                      text_size(answer->arena, s->size), s->at, s->what, checks[s->check].id);
}

bool secure_boot_holds(const struct trusted *x, struct trust_answer *answer)
{
    bool whole = nothing_loose(x, answer);
    if (x->t->signed_ && !any_counts(answer)) {
        return false;
    }
    return (x->t->first_block  ? first_block_holds(x, answer)
            : x->t->needed > 0 ? enough_hold(x, answer) && each_holds(x, answer)
                               : all_hold(x, answer)) &&
           whole;
}

bool secure_boot_asks(const struct trusted *x, const struct node *part, const char *where,
                      struct err *e)
{
    (void)part;
    (void)where;
    return trust_keys_fit(x, key_fits_secure_boot, false, e);
}
