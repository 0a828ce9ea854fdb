// SPDX-License-Identifier: Apache-2.0
#include "begun.h"

#include <string.h>

#include "os.h"

enum {
    NOTES_MOST = 256,
    KEPT_MILLISECONDS = 10 * 60 * 1000, // since a device last asked for more
    KEY_ROOM = 1152,                    // an address and a path
    SHA256_ROOM = 65,
};

struct note {
    char key[KEY_ROOM]; // "ADDRESS PATH"; "": none
    char sha256[SHA256_ROOM];
    struct offer *offer; // NULL: not kept any more
    uint64_t used;
};

struct begun {
    struct arena arena;
    struct note notes[NOTES_MOST];
};

struct begun *begun_open(void)
{
    struct arena a = ARENA_EMPTY;
    struct begun *b = ARENA_NEW(&a, struct begun);
    b->arena = a;
    return b;
}

void begun_close(struct begun *b)
{
    for (size_t i = 0; b != NULL && i < NOTES_MOST; i++) {
        offer_let_go(b->notes[i].offer);
    }
    if (b != NULL) {
        struct arena a = b->arena; // which has this, too
        arena_free(&a);
    }
}

static void key_of(char key[KEY_ROOM], const char *from, const char *path)
{
    size_t n = strlen(from), most = KEY_ROOM - 1 - n - 1;
    memcpy(key, from, n);
    key[n] = ' ';
    strncpy(key + n + 1, path, most);
    key[KEY_ROOM - 1] = '\0';
}

// The one of this key, else the one that was not used for the longest time.
static struct note *note_of(struct begun *b, const char *key)
{
    struct note *oldest = &b->notes[0];
    for (size_t i = 0; i < NOTES_MOST; i++) {
        struct note *n = &b->notes[i];
        if (strcmp(n->key, key) == 0) {
            return n;
        }
        oldest = n->used < oldest->used ? n : oldest;
    }
    return oldest;
}

static void let_go_of_old(struct begun *b)
{
    uint64_t now = os_milliseconds();
    for (size_t i = 0; i < NOTES_MOST; i++) {
        struct note *n = &b->notes[i];
        if (n->offer != NULL && now - n->used > KEPT_MILLISECONDS) {
            offer_let_go(n->offer);
            n->offer = NULL;
        }
    }
}

// Of the copies, each once however many began with it.
static uint64_t kept_bytes(const struct begun *b)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < NOTES_MOST; i++) {
        const struct offer *offer = b->notes[i].offer;
        bool counted = offer == NULL;
        for (size_t k = 0; k < i && !counted; k++) {
            counted = b->notes[k].offer == offer;
        }
        bytes += counted ? 0 : offer->size;
    }
    return bytes;
}

// Those that were not asked for lately go first; the newest stays, whatever its size.
static void let_go_of_too_much(struct begun *b, const struct note *newest)
{
    while (kept_bytes(b) > BEGUN_BYTES_MOST) {
        struct note *oldest = NULL;
        for (size_t i = 0; i < NOTES_MOST; i++) {
            struct note *n = &b->notes[i];
            bool older = oldest == NULL || n->used < oldest->used;
            oldest = n->offer != NULL && n != newest && older ? n : oldest;
        }
        if (oldest == NULL) {
            return;
        }
        offer_let_go(oldest->offer);
        oldest->offer = NULL;
    }
}

void begun_note(struct begun *b, const char *from, const char *path, struct offer *offer)
{
    char key[KEY_ROOM];
    let_go_of_old(b);
    key_of(key, from, path);
    struct note *n = note_of(b, key);
    struct offer *kept = offer_keep(offer);
    offer_let_go(n->offer);
    *n = (struct note){.offer = kept, .used = os_milliseconds()};
    memcpy(n->key, key, sizeof(key));
    memcpy(n->sha256, offer->sha256, sizeof(n->sha256));
    let_go_of_too_much(b, n);
}

struct offer *begun_find(struct begun *b, const char *from, const char *path, struct offer *now)
{
    char key[KEY_ROOM];
    let_go_of_old(b);
    key_of(key, from, path);
    struct note *n = note_of(b, key);
    if (strcmp(n->key, key) != 0 || memcmp(n->sha256, now->sha256, sizeof(n->sha256)) == 0) {
        return offer_keep(now);
    }
    n->used = os_milliseconds();
    return n->offer == NULL ? NULL : offer_keep(n->offer);
}
