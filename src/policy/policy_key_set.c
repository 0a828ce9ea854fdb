// SPDX-License-Identifier: Apache-2.0
//
// By which keys a file is signed, and whether devices that trust the baseline's keys take it. What
// counts is the digest of the key beside each signature that holds.
#include <string.h>

#include "path.h"
#include "policy_look.h"
#include "scheme.h"
#include "signed_part.h"
#include "text.h"
#include "trust.h"

struct key_set {
    const char *digests[TRUST_SIGNATURES_MOST];
    size_t count;
    bool is_signed; // whoever has signed
};

// The signatures of a part that hold, whosever they are; none where nobody can tell without a key.
static struct trust_answer ask(struct policy_look *look, const struct policy_file *file,
                               const struct node *part)
{
    static const char *none[] = {NULL};
    struct err e = ERR_NONE;
    const struct trust trust = {.keys = none,
                                .key_digests = none,
                                .required = none,
                                .signed_ = true,
                                .allow = file->read->allow,
                                .device = &file->read->target};
    const struct trusted *trusted = trust_open(&trust, look->arena, &e);
    bool can = trusted != NULL && trust_fits(trusted, part, "", &e);
    return can ? trust_ask(trusted, part, look->arena) : (struct trust_answer){.count = 0};
}

static bool has(const struct key_set *set, const char *digest)
{
    for (size_t i = 0; i < set->count; i++) {
        if (strcmp(set->digests[i], digest) == 0) {
            return true;
        }
    }
    return false;
}

// What opens the part of a file that has the signatures; 0: nothing is missing.
static unsigned closed_in(struct policy_look *look, const struct policy_file *file)
{
    struct place_in_tree place;
    struct err none = ERR_NONE;
    const char *path = look->question->part;
    if (path == NULL) {
        return policy_closed(file);
    }
    (void)path_find(look->arena, file->root, path, &place, &none);
    return place.node->needs;
}

// False, and said, where a part is named that is none.
static bool find_part(struct policy_look *look, const struct policy_file *file, const char *side,
                      const struct node **part)
{
    struct err e = ERR_NONE;
    const char *path = look->question->part;
    *part = signed_part(file->root, path, side, &e);
    if (*part == NULL && path != NULL) {
        policy_say_no_but(look, "name a part that both have, or leave part out", "%s", e.text);
        return false;
    }
    *part = *part == NULL ? file->app : *part;
    return true;
}

static struct key_set keys_of(struct policy_look *look, const struct policy_file *file,
                              const struct node *part)
{
    struct key_set set = {.is_signed = part != NULL && scheme_is_signed(part)};
    struct trust_answer answer = {.count = 0};
    if (set.is_signed) {
        answer = ask(look, file, part);
    }
    for (size_t i = 0; i < answer.count; i++) {
        const struct trust_signature *s = &answer.signatures[i];
        const char *digest = node_text(s->node, "key_digest");
        if (s->counts && *digest != '\0' && !has(&set, digest)) {
            set.digests[set.count++] = digest;
        }
    }
    return set;
}

static size_t shared(const struct key_set *of, const struct key_set *with)
{
    size_t count = 0;
    for (size_t i = 0; i < of->count; i++) {
        count += has(with, of->digests[i]);
    }
    return count;
}

// "0ecdc0cd..., 1f2e3d4c...": enough of each to know it by.
static const char *set_text(struct arena *a, const struct key_set *set)
{
    enum { SHOWN = 16 };
    const char *names[TRUST_SIGNATURES_MOST];
    for (size_t i = 0; i < set->count; i++) {
        names[i] = arena_printf(a, "%.*s...", SHOWN, set->digests[i]);
    }
    return set->count == 0 ? "none" : text_list(a, names, set->count);
}

void policy_key_set(struct policy_look *look)
{
    const struct node *part, *was_part;
    unsigned is_closed = closed_in(look, &look->release);
    unsigned was_closed = closed_in(look, &look->baseline);
    if ((is_closed | was_closed) != 0) {
        policy_say_unread(look, is_closed, was_closed);
        return;
    }
    if (!find_part(look, &look->release, "the file", &part) ||
        !find_part(look, &look->baseline, "the baseline", &was_part)) {
        return;
    }
    struct key_set is = keys_of(look, &look->release, part);
    struct key_set was = keys_of(look, &look->baseline, was_part);
    size_t common = shared(&was, &is);
    unsigned asked = look->asked->key_set.number;
    if (was.is_signed && was.count == 0) {
        policy_say_no_but(
            look,
            "give a baseline whose signatures hold, and have a key in them; else name "
            "the key with key:, and leave key_set out",
            "the baseline is signed, and no signature of it tells its key");
        return;
    }
    bool holds = asked == KEY_SET_COMMON ? common > 0 || was.count == 0 : common == was.count;
    bool as_many = is.count == was.count && is.is_signed == was.is_signed;
    holds = holds && (asked != KEY_SET_SAME || as_many);
    (holds ? policy_say_yes : policy_say_no)(look, "keys that have signed: %s; the baseline: %s",
                                             set_text(look->arena, &is),
                                             set_text(look->arena, &was));
}
