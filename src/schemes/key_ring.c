// SPDX-License-Identifier: Apache-2.0
#include "key_ring.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "input.h"
#include "key_ring_read.h"
#include "os.h"
#include "secure_boot.h"
#include "text.h"

#define BLANK " \t\r\n"
enum { DIGEST_FILE_MOST = 256, NAMES_SAID = 8 };

// ---- One key ------------------------------------------------------------------------------------

static bool is_name(const char *name)
{
    size_t n = strlen(name);
    return n > 0 && n <= RING_NAME_MOST && name[0] != '-' && name[0] != '.' &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == n;
}

static bool is_digest_file(const char *source)
{
    static const char ending[] = ".digest";
    size_t n = strlen(source), m = sizeof(ending) - 1;
    return n > m && strcmp(source + n - m, ending) == 0 && !pkcs11_is_uri(source);
}

// The digits in a file, which holds nothing else but blanks and ends of lines behind them.
static const char *digits_of_file(struct ring_reading *r, const char *file, struct err *e)
{
    char *text = input_text(file, DIGEST_FILE_MOST, r->arena, e);
    if (text == NULL) {
        return NULL;
    }
    size_t n = strcspn(text, BLANK);
    if (text[n + strspn(text + n, BLANK)] == '\0') {
        text[n] = '\0';
    }
    if (!secure_boot_is_key_digest(text)) {
        err_set(e, STATUS_CANNOT,
                "%s: holds no digest of a key; write the %d hexadecimal digits that otapack key "
                "digest prints, or the %d that an ESP32-C2 keeps",
                file, KEY_DIGEST_DIGITS, KEY_DIGEST_SHORT);
        return NULL;
    }
    return text;
}

static bool take(struct ring_reading *r, struct ring_key *k, const char *source, struct err *e)
{
    if (secure_boot_is_key_digest(source)) {
        k->digest = source;
        return true;
    }
    if (is_digest_file(source)) {
        k->digest = digits_of_file(r, source, e);
        return k->digest != NULL;
    }
    k->has_key = key_public(source, r->options, &k->key, e);
    k->digest = k->has_key ? secure_boot_key_digits(&k->key, r->arena) : "";
    return k->has_key;
}

bool key_ring_add(struct ring_reading *r, const char *name, const char *said, const char *source)
{
    struct key_ring *ring = r->ring;
    if (!is_name(name)) {
        return err_set(r->e, STATUS_CANNOT,
                       "%s: '%s' is no name for a key; write letters, digits, '.', '_' and '-', at "
                       "most %d of them, the first no '.' or '-'",
                       said, text_printable(r->arena, name), RING_NAME_MOST);
    }
    if (ring->count == RING_KEYS_MOST) {
        return err_set(r->e, STATUS_CANNOT, "%s: has more than %d keys; leave some out", ring->name,
                       RING_KEYS_MOST);
    }
    struct ring_key *k = &ring->keys[ring->count++];
    struct err inner = ERR_NONE;
    *k = (struct ring_key){.name = name, .said = said};
    if (take(r, k, source, &inner)) {
        return true;
    }
    // What is wrong with a file is said with its name; and where that was said, if not by itself.
    return strcmp(said, source) == 0 ? err_set(r->e, inner.status, "%s", inner.text)
                                     : err_at(r->e, said, &inner);
}

// ---- All of them --------------------------------------------------------------------------------

static int by_name(const void *a, const void *b)
{
    const struct ring_key *one = a, *other = b;
    return strcmp(one->name, other->name);
}

// A short digest comes right before what begins with it.
static int by_digest(const void *a, const void *b)
{
    const struct ring_key *one = *(const struct ring_key *const *)a,
                          *other = *(const struct ring_key *const *)b;
    int order = strcasecmp(one->digest, other->digest);
    return order != 0          ? order
           : *one->digest != 0 ? 0
                               : memcmp(one->key.key, other->key.key, sizeof(one->key.key));
}

static bool is_same_key(const struct ring_key *one, const struct ring_key *other)
{
    return *one->digest != '\0' ? strncasecmp(one->digest, other->digest, strlen(one->digest)) == 0
                                : *other->digest == '\0' && pk_same(&one->key, &other->key);
}

// Two names of one key would tell nobody which of them signed.
static bool is_each_once(const struct ring_reading *r)
{
    struct key_ring *ring = r->ring;
    const struct ring_key **sorted =
        arena_alloc(r->arena, ring->count * sizeof(const struct ring_key *));
    qsort(ring->keys, ring->count, sizeof(*ring->keys), by_name);
    for (size_t i = 0; i < ring->count; i++) {
        const struct ring_key *k = &ring->keys[i];
        sorted[i] = k;
        if (i > 0 && strcmp(k[-1].name, k->name) == 0) {
            return err_set(r->e, STATUS_CANNOT, "%s: %s and %s both give the key %s; keep one",
                           ring->name, k[-1].said, k->said, k->name);
        }
    }
    qsort(sorted, ring->count, sizeof(const struct ring_key *), by_digest);
    for (size_t i = 1; i < ring->count; i++) {
        const struct ring_key *one = sorted[i - 1], *other = sorted[i];
        if (is_same_key(one, other)) {
            return err_set(r->e, STATUS_CANNOT,
                           "%s: is the same key as %s; give it one name, or correct the one that "
                           "is wrong",
                           other->said, one->name);
        }
    }
    return true;
}

const struct key_ring *key_ring_open(const char *name, const struct key_options *o, struct arena *a,
                                     struct err *e)
{
    struct key_ring *ring = ARENA_NEW(a, struct key_ring);
    struct ring_reading r = {ring, o, a, e};
    struct os_info info;
    *ring = (struct key_ring){name, arena_alloc(a, RING_KEYS_MOST * sizeof(struct ring_key)), 0};
    bool folder = os_info(name, &info) && info.kind == OS_FOLDER;
    return (folder ? key_ring_read_folder : key_ring_read_file)(&r, name) && is_each_once(&r)
               ? ring
               : NULL;
}

const struct ring_key *key_ring_find(const struct key_ring *ring, const char *name,
                                     const char *where, struct arena *a, struct err *e)
{
    const struct ring_key wanted = {.name = name};
    const struct ring_key *k =
        bsearch(&wanted, ring->keys, ring->count, sizeof(*ring->keys), by_name);
    const char *names[RING_KEYS_MOST];
    for (size_t i = 0; i < ring->count; i++) {
        names[i] = ring->keys[i].name;
    }
    if (k == NULL) {
        (void)err_unknown(e, text_nearest(name, names, ring->count),
                          arena_printf(a, "it has %s", key_ring_names(ring, a)),
                          "%s: there is no key '%s' in %s", where, text_printable(a, name),
                          ring->name);
    }
    return k;
}

const char *key_ring_names(const struct key_ring *ring, struct arena *a)
{
    const char *names[NAMES_SAID];
    size_t said = ring->count > NAMES_SAID ? NAMES_SAID - 1 : ring->count;
    for (size_t i = 0; i < said; i++) {
        names[i] = ring->keys[i].name;
    }
    const char *list = text_list(a, names, said);
    return said == ring->count ? list
                               : arena_printf(a, "%s and %zu more", list, ring->count - said);
}
