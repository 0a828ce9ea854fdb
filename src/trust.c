// SPDX-License-Identifier: Apache-2.0
#include "trust.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "esp8266_key.h"
#include "format.h"
#include "rule.h"
#include "secure_boot.h"
#include "signature.h"
#include "text.h"

enum { DIGEST_DIGITS = 2 * KEY_DIGEST_SIZE, SHORT_DIGITS = DIGEST_DIGITS / 2 };

// A key, or only its digest.
struct entry {
    const char *name;
    const char *digest; // in hexadecimal; of an ESP32-C2's eFuses only the first half
    struct pk_public key;
    bool has_key;
};

struct trusted {
    const struct trust *t;
    struct arena *arena;
    struct entry *entries;
    size_t count;
};

bool trust_is_asked(const struct trust *t)
{
    return *t->keys != NULL || *t->key_digests != NULL || t->needed > 0 || t->first_block ||
           t->signed_;
}

// ---- What is trusted ----------------------------------------------------------------------------

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

// ---- Judging ------------------------------------------------------------------------------------

static bool is_allowed(const struct trusted *x, enum check_id check)
{
    return x->t->allow != NULL && x->t->allow[check];
}

// The check for which a block is not vouched for, or CHECK_COUNT. What a signature rests on cannot
// be allowed to fail; bytes that devices do not look at may be.
static enum check_id blemish(const struct trusted *x, const struct node *n)
{
    for (const struct finding *f = n->findings; f != NULL; f = f->next) {
        bool ignored =
            f->check == CHECK_SIG_ZEROS || f->check == CHECK_SIG_P192 || f->check == CHECK_SIG_FILL;
        if (f->verdict != VERDICT_PASS && !(ignored && is_allowed(x, f->check))) {
            return f->check;
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

// Does the block say that it is by this key? Of v1, which says nothing, the key itself does.
static bool names_key(const struct node *image, unsigned i, const struct entry *entry)
{
    const struct node *block = signature_at(image, i);
    const char *digest = node_text(block, "key_digest");
    if (signature_is_v1(block)) {
        return entry->has_key && signature_v1_fits(image, &entry->key);
    }
    return *digest != '\0' && *entry->digest != '\0' &&
           strncasecmp(digest, entry->digest, strlen(entry->digest)) == 0;
}

// The check for which this signature is vouched for by nobody, or CHECK_COUNT.
static enum check_id block_blemish(const struct trusted *x, const struct node *image, unsigned i)
{
    bool fits = signature_fits_chip(image, i) || is_allowed(x, CHECK_SIG_CHIP);
    enum check_id check = blemish(x, signature_at(image, i));
    check = check == CHECK_COUNT ? blemish_around(x, image) : check;
    return check == CHECK_COUNT && !fits ? CHECK_SIG_CHIP : check;
}

static bool is_by(const struct trusted *x, const struct node *image, unsigned i,
                  const struct entry *entry)
{
    return names_key(image, i, entry) && block_blemish(x, image, i) == CHECK_COUNT;
}

// The key that a block names, whether it counts or not.
static const struct entry *named_by(const struct trusted *x, const struct node *image, unsigned i)
{
    for (size_t k = 0; k < x->count; k++) {
        if (names_key(image, i, &x->entries[k])) {
            return &x->entries[k];
        }
    }
    return NULL;
}

static const struct entry *signer_of(const struct trusted *x, const struct node *image, unsigned i)
{
    return block_blemish(x, image, i) == CHECK_COUNT ? named_by(x, image, i) : NULL;
}

static const char *by_whom(const struct trusted *x, const struct node *image, unsigned i)
{
    const struct entry *entry = named_by(x, image, i);
    const char *but = signer_of(x, image, i) == NULL ? ", but does not count" : "";
    return entry == NULL    ? "by none of the keys given"
           : entry->has_key ? arena_printf(x->arena, "by %s%s", entry->name, but)
                            : arena_printf(x->arena, "as given%s", but);
}

// Which block is whose.
static void tell(const struct trusted *x, const struct node *image, const char *where)
{
    unsigned count = signature_count(image);
    for (unsigned i = 0; i < count && !x->t->quiet && x->count > 0; i++) {
        const struct node *block = signature_at(image, i);
        const char *digest = node_text(block, "key_digest");
        printf("%s: signatures[%u]: ", text_printable(x->arena, where), i);
        if (block->error != NULL) {
            printf("cannot be read\n");
        } else {
            printf("%s, %s%.16s%s%s\n", node_text(block, "algorithm"),
                   *digest == '\0' ? "" : "key digest ", digest, *digest == '\0' ? "" : "..., ",
                   text_printable(x->arena, by_whom(x, image, i)));
        }
    }
    (void)fflush(stdout); // what is missing is said behind it
}

static bool has_signed(const struct trusted *x, const struct node *image, const struct entry *entry)
{
    unsigned count = signature_count(image);
    for (unsigned i = 0; i < count; i++) {
        if (is_by(x, image, i, entry)) {
            return true;
        }
    }
    return false;
}

static bool first_block_holds(const struct trusted *x, const struct node *image, const char *where)
{
    if (signer_of(x, image, 0) != NULL) {
        return true;
    }
    for (size_t k = 0; k < x->count; k++) {
        if (has_signed(x, image, &x->entries[k])) {
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
        count += !is_repeated(x, k) && has_signed(x, image, &x->entries[k]);
    }
    if (count < x->t->needed) {
        say("%s: signed by %u of the keys given, and %u are asked for; sign with the others too, "
            "by otapack sign --append",
            where, count, x->t->needed);
    }
    return count >= x->t->needed;
}

// Why there is no good signature by this key.
static void say_missing(const struct trusted *x, const struct node *image, const char *where,
                        const struct entry *entry)
{
    unsigned count = signature_count(image);
    for (unsigned i = 0; i < count; i++) {
        enum check_id check = block_blemish(x, image, i);
        bool v1 = signature_is_v1(signature_at(image, i));
        if (check != CHECK_COUNT && names_key(image, i, entry)) {
            say("%s: signatures[%u] %s %s, but does not count, for %s does not hold; %s", where, i,
                v1 ? "is by" : "names the key of", entry->name, checks[check].id,
                checks[check].remedy);
            return;
        }
    }
    say("%s: there is no good signature by %s; sign with its private key, or name the right public "
        "key",
        where, entry->name);
}

// Every key, and one of the digests, as a device wants it.
static bool all_hold(const struct trusted *x, const struct node *image, const char *where)
{
    unsigned digests = 0;
    bool good = true, digest = false;
    for (size_t k = 0; k < x->count; k++) {
        const struct entry *entry = &x->entries[k];
        bool has = has_signed(x, image, entry);
        digests += !entry->has_key;
        digest = digest || (has && !entry->has_key);
        if (!has && entry->has_key) {
            say_missing(x, image, where, entry);
            good = false;
        }
    }
    if (digests > 0 && !digest) {
        say("%s: no good signature is by a key with %s; sign with a key that the device trusts%s",
            where, digests == 1 ? "this digest" : "one of these digests",
            signature_is_v1(signature_at(image, 0))
                ? ", and verify v1, which has no key in it, with --key"
                : "");
    }
    return good && (digest || digests == 0);
}

// Whosever it is: a block of v2 that is whole. Of v1, which has no key in it, only a key can tell
// that the bytes are a signature.
static bool has_any(const struct trusted *x, const struct node *image, const char *where)
{
    unsigned count = signature_count(image);
    enum check_id check = CHECK_COUNT;
    for (unsigned i = 0; i < count; i++) {
        bool known = !signature_is_v1(signature_at(image, i)) || signer_of(x, image, i) != NULL;
        check = block_blemish(x, image, i);
        if (known && check == CHECK_COUNT) {
            return true;
        }
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

// Whoever has signed has not signed what follows. What only fills a file up is no matter.
static bool nothing_follows(const struct trusted *x, const struct node *image, const char *where)
{
    const struct node *n = node_find(image, "trailing", -1);
    bool place = finding_against(image, CHECK_SIG_PLACE) != NULL && is_allowed(x, CHECK_SIG_PLACE);
    enum check_id check =
        node_is(image, &format_signed_data) ? CHECK_DATA_TRAILING : CHECK_ESP_TRAILING;
    if (n == NULL || signature_is_filling(n) || place || is_allowed(x, check)) {
        return true;
    }
    say("%s: nobody has signed the %s at 0x%" PRIx64 ", behind the signatures; leave them out, or "
        "say that they do not matter with --allow %s",
        where, text_size(x->arena, n->src.size), n->src.base, checks[check].id);
    return false;
}

const struct esp8266_key *trust_keys(const struct trusted *t)
{
    struct esp8266_key *first = NULL, **end = &first;
    for (size_t k = 0; k < t->count; k++) {
        const struct entry *entry = &t->entries[k];
        if (entry->has_key && pk_is_rsa(entry->key.type)) {
            *end = ARENA_NEW(t->arena, struct esp8266_key);
            **end = (struct esp8266_key){NULL, entry->name, entry->key};
            end = &(*end)->next;
        }
    }
    return first;
}

bool trust_fits(const struct trusted *t, trust_fit_fn *fits, bool one_will_do, struct err *e)
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

bool trust_holds(const struct trusted *t, const struct node *image, const char *where)
{
    if (signature_count(image) == 0) {
        say("%s: is not signed, or not where devices look; sign it with otapack sign", where);
        return false;
    }
    tell(t, image, where);
    if (!nothing_follows(t, image, where) || (t->t->signed_ && !has_any(t, image, where))) {
        return false;
    }
    return t->t->first_block  ? first_block_holds(t, image, where)
           : t->t->needed > 0 ? enough_hold(t, image, where)
                              : all_hold(t, image, where);
}
