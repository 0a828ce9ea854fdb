// SPDX-License-Identifier: Apache-2.0
//
// Which signature counts, and for whom.
#include <string.h>
#include <strings.h>

#include "rule.h"
#include "signature.h"
#include "trust_inside.h"

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

enum check_id trust_blemish(const struct trusted *x, const struct node *image, unsigned i)
{
    bool seen = signature_look(x->t->device, image, i).how == SIGNATURE_LOOKED_AT;
    enum check_id check = blemish(x, signature_at(image, i));
    check = check == CHECK_COUNT ? blemish_around(x, image) : check;
    return check == CHECK_COUNT && !seen && !is_allowed(x, CHECK_SIG_CHIP) ? CHECK_SIG_CHIP : check;
}

void trust_try_v1(const struct trusted *x, const struct node *image)
{
    uint8_t digest[OTAPACK_SB_MAX_DIGEST];
    bool v1 = signature_at(image, 0) != NULL && signature_v1_digest(image, digest);
    for (size_t k = 0; k < x->count; k++) {
        struct entry *entry = &x->entries[k];
        entry->signed_v1 =
            v1 && entry->has_key && signature_v1_fits_digest(image, &entry->key, digest);
    }
}

bool trust_names_key(const struct node *image, unsigned i, const struct entry *entry)
{
    const struct node *block = signature_at(image, i);
    const char *digest = node_text(block, "key_digest");
    if (signature_is_v1(block)) {
        return entry->signed_v1;
    }
    return *digest != '\0' && *entry->digest != '\0' &&
           strncasecmp(digest, entry->digest, strlen(entry->digest)) == 0;
}

const struct entry *trust_named_by(const struct trusted *x, const struct node *image, unsigned i)
{
    for (size_t k = 0; k < x->count; k++) {
        if (trust_names_key(image, i, &x->entries[k])) {
            return &x->entries[k];
        }
    }
    return NULL;
}

bool trust_has_signed(const struct trusted *x, const struct node *image, const struct entry *entry)
{
    unsigned count = signature_count(image);
    for (unsigned i = 0; i < count; i++) {
        if (trust_names_key(image, i, entry) && trust_blemish(x, image, i) == CHECK_COUNT) {
            return true;
        }
    }
    return false;
}

// By a key that is given, or whosever it is, where that is asked for: but of v1, which has no key
// in it, only a key can tell that the bytes are a signature.
static bool counts(const struct trusted *x, const struct node *image, unsigned i)
{
    bool anyone = x->t->signed_ && !signature_is_v1(signature_at(image, i));
    return trust_blemish(x, image, i) == CHECK_COUNT &&
           (anyone || trust_named_by(x, image, i) != NULL) && (!x->t->first_block || i == 0);
}

unsigned trust_counting(const struct trusted *x, const struct node *image)
{
    unsigned all = 0, count = signature_count(image);
    for (unsigned i = 0; i < count; i++) {
        all |= (unsigned)counts(x, image, i) << i;
    }
    return all;
}
