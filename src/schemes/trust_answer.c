// SPDX-License-Identifier: Apache-2.0
//
// Does an image have the signatures that are asked for, and is there nothing else in the file?
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "secure_boot.h"
#include "signature.h"
#include "text.h"
#include "trust_inside.h"

_Static_assert((int)TRUST_SIGNATURES_MOST == (int)OTAPACK_SB_MAX_BLOCKS, "room for each");

static const char *by_whom(const struct trusted *x, const struct trust_signature *s)
{
    const char *but = s->counts ? "" : ", but does not count";
    return s->by == NULL ? "by none of the keys given"
           : s->has_key  ? arena_printf(x->arena, "by %s%s", s->by, but)
                         : arena_printf(x->arena, "as given%s", but);
}

// Which block is whose.
static void tell(const struct trusted *x, const struct trust_answer *answer, const char *where)
{
    for (size_t i = 0; i < answer->count && !x->t->quiet && x->count > 0; i++) {
        const struct node *block = answer->signatures[i].node;
        const char *digest = node_text(block, "key_digest");
        printf("%s: signatures[%zu]: ", text_printable(x->arena, where), i);
        if (block->error != NULL) {
            printf("cannot be read\n");
        } else {
            printf("%s, %s%.16s%s%s\n", node_text(block, "algorithm"),
                   *digest == '\0' ? "" : "key digest ", digest, *digest == '\0' ? "" : "..., ",
                   text_printable(x->arena, by_whom(x, &answer->signatures[i])));
        }
    }
    (void)fflush(stdout); // what is missing is said behind it
}

// Why a signature by this key, or one that names it, does not count. False where there is none.
static bool say_why_not(const struct trusted *x, const struct node *image, const char *where,
                        const struct entry *entry)
{
    unsigned count = signature_count(image);
    for (unsigned i = 0; i < count; i++) {
        enum check_id check = trust_blemish(x, image, i);
        bool v1 = signature_is_v1(signature_at(image, i));
        if (check != CHECK_COUNT && trust_names_key(image, i, entry)) {
            say("%s: signatures[%u] %s %s, but does not count, for %s does not hold; %s", where, i,
                v1 ? "is by" : "names the key of", entry->name, checks[check].id,
                checks[check].remedy);
            return true;
        }
    }
    return false;
}

static bool first_block_holds(const struct trusted *x, const struct node *image, const char *where)
{
    const struct entry *named = trust_named_by(x, image, 0);
    if (named != NULL && trust_blemish(x, image, 0) == CHECK_COUNT) {
        return true;
    }
    if (named != NULL && say_why_not(x, image, where, named)) {
        return false;
    }
    for (size_t k = 0; k < x->count; k++) {
        if (trust_has_signed(x, image, &x->entries[k])) {
            say("%s: the first signature, at which alone such a device looks, is not by %s, "
                "whose is behind it; put it first with otapack sign --order",
                where, x->entries[k].name);
            return false;
        }
    }
    say("%s: the first signature, at which alone such a device looks, is by none of the keys "
        "given; sign with the key that the device trusts",
        where);
    return false;
}

// Was this key given before, by another name or by its digest?
static bool is_repeated(const struct trusted *x, size_t k)
{
    for (size_t i = 0; i < k; i++) {
        const char *one = x->entries[i].digest, *other = x->entries[k].digest;
        size_t n = strlen(one) < strlen(other) ? strlen(one) : strlen(other);
        if (n > 0 && strncasecmp(one, other, n) == 0) {
            return true;
        }
    }
    return false;
}

static bool enough_hold(const struct trusted *x, const struct node *image, const char *where)
{
    unsigned count = 0;
    for (size_t k = 0; k < x->count; k++) {
        count += !is_repeated(x, k) && trust_has_signed(x, image, &x->entries[k]);
    }
    for (size_t k = 0; k < x->count && count < x->t->needed; k++) {
        if (!is_repeated(x, k) && !trust_has_signed(x, image, &x->entries[k])) {
            (void)say_why_not(x, image, where, &x->entries[k]);
        }
    }
    if (count < x->t->needed) {
        say("%s: signed by %u of the keys given, and %u are asked for; sign with the others too, "
            "by otapack sign --append",
            where, count, x->t->needed);
    }
    return count >= x->t->needed;
}

static void say_missing(const struct trusted *x, const struct node *image, const char *where,
                        const struct entry *entry)
{
    if (!say_why_not(x, image, where, entry)) {
        say("%s: there is no good signature by %s; sign with its private key, or name the right "
            "public key",
            where, entry->name);
    }
}

// One of the digests, if there are any.
static bool any_digest_holds(const struct trusted *x, const struct node *image, const char *where)
{
    unsigned digests = 0;
    bool told = false;
    for (size_t k = 0; k < x->count; k++) {
        if (!x->entries[k].has_key && trust_has_signed(x, image, &x->entries[k])) {
            return true;
        }
        digests += !x->entries[k].has_key;
    }
    for (size_t k = 0; k < x->count; k++) {
        told = (!x->entries[k].has_key && say_why_not(x, image, where, &x->entries[k])) || told;
    }
    if (digests > 0 && !told) {
        say("%s: no good signature is by a key with %s; sign with a key that the device trusts%s",
            where, digests == 1 ? "this digest" : "one of these digests",
            signature_is_v1(signature_at(image, 0))
                ? ", and verify v1, which has no key in it, with --key"
                : "");
    }
    return digests == 0;
}

// Every key, and one of the digests, as a device wants it.
static bool all_hold(const struct trusted *x, const struct node *image, const char *where)
{
    bool good = true;
    for (size_t k = 0; k < x->count; k++) {
        const struct entry *entry = &x->entries[k];
        if (entry->has_key && !trust_has_signed(x, image, entry)) {
            say_missing(x, image, where, entry);
            good = false;
        }
    }
    return any_digest_holds(x, image, where) && good;
}

// Whosever it is: none counts.
static bool none_counts(const struct trusted *x, const struct node *image, const char *where)
{
    unsigned count = signature_count(image);
    enum check_id check = CHECK_COUNT;
    for (unsigned i = 0; i < count && check == CHECK_COUNT; i++) {
        check = trust_blemish(x, image, i);
    }
    if (check == CHECK_COUNT) {
        say("%s: a signature of Secure Boot v1 has no key in it, so that nothing tells it from "
            "other bytes; name its public key with --key",
            where);
    } else {
        say("%s: no signature counts, for %s does not hold; %s", where, checks[check].id,
            checks[check].remedy);
    }
    return false;
}

// Whoever has signed has not signed these, and a device writes them all the same.
static bool nothing_loose(const struct trusted *x, const struct coverage_span *spans,
                          const char *where)
{
    const struct coverage_span *s = coverage_loose(spans, x->t->allow);
    if (s != NULL) {
        say("%s: nobody has signed the %s at 0x%" PRIx64
            ", %s; leave them out, or say that they do not matter with --allow %s",
            where, text_size(x->arena, s->size), s->at, s->what, checks[s->check].id);
    }
    return s == NULL;
}

static struct trust_answer answer_of(const struct trusted *x, const struct node *root,
                                     const struct node *image, struct arena *a)
{
    struct trust_answer answer = {.part = image, .count = signature_count(image)};
    trust_try_v1(x, image);
    unsigned counting = trust_counting(x, image);
    for (unsigned i = 0; i < answer.count; i++) {
        const struct entry *entry = trust_named_by(x, image, i);
        answer.signatures[i] = (struct trust_signature){.node = signature_at(image, i),
                                                        .counts = (counting >> i & 1) != 0};
        if (entry != NULL) {
            answer.signatures[i].by = entry->name;
            answer.signatures[i].has_key = entry->has_key;
        }
    }
    answer.spans = coverage_of(a, root, image, counting);
    return answer;
}

// What is asked for, of an image with signatures.
static bool holds(const struct trusted *x, const struct trust_answer *answer, const char *where)
{
    bool any = false;
    for (size_t i = 0; i < answer->count; i++) {
        any = any || answer->signatures[i].counts;
    }
    bool whole = nothing_loose(x, answer->spans, where);
    if (x->t->signed_ && !any && !none_counts(x, answer->part, where)) {
        return false;
    }
    return (x->t->first_block  ? first_block_holds(x, answer->part, where)
            : x->t->needed > 0 ? enough_hold(x, answer->part, where)
                               : all_hold(x, answer->part, where)) &&
           whole;
}

bool trust_fits_secure_boot(const struct trusted *t, const struct node *part, const char *where,
                            struct err *e)
{
    (void)part;
    (void)where;
    return trust_keys_fit(t, key_fits_secure_boot, false, e);
}

struct trust_answer trust_ask_secure_boot(const struct trusted *t, const struct node *root,
                                          const struct node *image, const char *where,
                                          struct arena *a)
{
    struct trust_answer answer = answer_of(t, root, image, a);
    if (answer.count == 0) {
        say("%s: is not signed, or not where devices look; sign it with otapack sign", where);
        return answer;
    }
    tell(t, &answer, where);
    answer.holds = holds(t, &answer, where);
    return answer;
}
