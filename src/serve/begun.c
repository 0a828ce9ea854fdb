// SPDX-License-Identifier: Apache-2.0
#include "begun.h"

#include <string.h>

#include "os.h"

enum {
    NOTES_MOST = 256,
    PATHS_MOST = 64,
    KEPT_MILLISECONDS = 10 * 60 * 1000, // since a device last asked for more
    KEY_ROOM = 1152,                    // an address and a path
    SHA256_ROOM = 65,
};
#define KEPT_NANOSECONDS (INT64_C(1000000) * KEPT_MILLISECONDS)

// Of one connection and one version of a file.
struct note {
    char key[KEY_ROOM]; // "ADDRESS PATH"; "": none
    char sha256[SHA256_ROOM];
    uint64_t by;
    struct offer *offer; // NULL: not kept any more
    unsigned begun;      // so many times, and those that have the end do not count
    uint64_t used;
};

// Which version was last there, and since when it is another one.
struct version {
    char path[KEY_ROOM];
    char sha256[SHA256_ROOM];
    uint64_t changed, used; // 0: it is not known to have
};

struct begun {
    struct arena arena;
    struct note notes[NOTES_MOST];
    struct version versions[PATHS_MOST];
    uint64_t opened;
    uint64_t forgot_note, forgot_path; // when one was that could still be asked for; 0: never
};

struct begun *begun_open(void)
{
    struct arena a = ARENA_EMPTY;
    struct begun *b = ARENA_NEW(&a, struct begun);
    b->arena = a;
    b->opened = os_milliseconds();
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

static bool is_recent(uint64_t when)
{
    return when != 0 && os_milliseconds() - when <= KEPT_MILLISECONDS;
}

// ---- Versions -----------------------------------------------------------------------------------

static struct version *version_of(struct begun *b, const char *path)
{
    struct version *oldest = &b->versions[0];
    for (size_t i = 0; i < PATHS_MOST; i++) {
        struct version *v = &b->versions[i];
        if (strncmp(v->path, path, KEY_ROOM - 1) == 0) {
            return v;
        }
        oldest = v->used < oldest->used ? v : oldest;
    }
    if (is_recent(oldest->used)) {
        b->forgot_path = os_milliseconds();
    }
    *oldest = (struct version){.path = ""};
    strncpy(oldest->path, path, KEY_ROOM - 1);
    return oldest;
}

// Could somebody be in the middle of another version of it? What is there now is taken down. A file
// that was written to shortly before the server started may have been served before that.
static bool is_changed(struct begun *b, const char *path, const struct offer *now)
{
    struct version *v = version_of(b, path);
    bool is_new = v->sha256[0] == '\0';
    if (is_new && is_recent(b->opened) && os_now() - now->modified <= KEPT_NANOSECONDS) {
        v->changed = b->opened;
    } else if (is_new && is_recent(b->forgot_path)) {
        v->changed = b->forgot_path;
    } else if (!is_new && strcmp(v->sha256, now->sha256) != 0) {
        v->changed = os_milliseconds();
    }
    memcpy(v->sha256, now->sha256, sizeof(v->sha256));
    v->used = os_milliseconds();
    return is_recent(v->changed);
}

// ---- Notes --------------------------------------------------------------------------------------

static void key_of(char key[KEY_ROOM], const struct asker *who)
{
    size_t n = strlen(who->from), most = KEY_ROOM - 1 - n - 1;
    memcpy(key, who->from, n);
    key[n] = ' ';
    strncpy(key + n + 1, who->path, most);
    key[KEY_ROOM - 1] = '\0';
}

// The one of this key, connection and version; NULL: there is none.
static struct note *note_of(struct begun *b, const char *key, uint64_t by, const char *sha256)
{
    for (size_t i = 0; i < NOTES_MOST; i++) {
        struct note *n = &b->notes[i];
        if (n->by == by && strcmp(n->key, key) == 0 && strcmp(n->sha256, sha256) == 0) {
            return n;
        }
    }
    return NULL;
}

// Is somebody in the middle of it?
static bool is_in_use(const struct note *n)
{
    return n->offer != NULL && n->begun > 0;
}

// One that is not in use, else the one that was not for the longest time: where many come back for
// the whole file, they take no room from those that are in the middle.
static struct note *oldest_note(struct begun *b)
{
    struct note *oldest = &b->notes[0];
    for (size_t i = 1; i < NOTES_MOST; i++) {
        struct note *n = &b->notes[i];
        bool alike = is_in_use(n) == is_in_use(oldest);
        oldest = (alike && n->used < oldest->used) || (!alike && !is_in_use(n)) ? n : oldest;
    }
    if (is_in_use(oldest)) {
        b->forgot_note = os_milliseconds();
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
        b->forgot_note = is_in_use(oldest) ? os_milliseconds() : b->forgot_note;
        offer_let_go(oldest->offer);
        oldest->offer = NULL;
    }
}

void begun_note(struct begun *b, const struct asker *who, struct offer *offer, bool only_looks)
{
    char key[KEY_ROOM];
    let_go_of_old(b);
    (void)is_changed(b, who->path, offer);
    key_of(key, who);
    struct note *n = note_of(b, key, who->by, offer->sha256);
    unsigned begun = n == NULL ? 0 : n->begun;
    begun += only_looks ? 0 : 1;
    n = n == NULL ? oldest_note(b) : n;
    struct offer *kept = offer_keep(offer);
    offer_let_go(n->offer);
    *n = (struct note){.by = who->by, .offer = kept, .begun = begun, .used = os_milliseconds()};
    memcpy(n->key, key, sizeof(key));
    memcpy(n->sha256, offer->sha256, sizeof(n->sha256));
    let_go_of_too_much(b, n);
}

// Of those at this address: the one of this connection, else the last that began.
void begun_end(struct begun *b, const struct asker *who, const struct offer *offer)
{
    char key[KEY_ROOM];
    key_of(key, who);
    struct note *ends = note_of(b, key, who->by, offer->sha256);
    for (size_t i = 0; ends == NULL && i < NOTES_MOST; i++) {
        struct note *n = &b->notes[i];
        bool is = n->begun > 0 && strcmp(n->key, key) == 0 && strcmp(n->sha256, offer->sha256) == 0;
        ends = is ? n : NULL;
    }
    if (ends != NULL && ends->begun > 0) {
        ends->begun--;
    }
}

// What is known of who asks: the notes of one version, or of several.
struct found {
    struct note *note; // the last used of them; NULL: there is none
    bool several;
};

static struct found find(struct begun *b, const char *key, uint64_t by)
{
    struct found f = {NULL, false};
    for (size_t i = 0; i < NOTES_MOST; i++) {
        struct note *n = &b->notes[i];
        if (strcmp(n->key, key) != 0 || (by != 0 && n->by != by)) {
            continue;
        }
        // Who has the end, or did not ask for long, is asked about only where nobody else is there.
        bool counts = is_in_use(n), others = f.note != NULL && is_in_use(f.note);
        f.several = f.several || (counts && others && strcmp(f.note->sha256, n->sha256) != 0);
        if (f.note == NULL || counts > others || (counts == others && n->used >= f.note->used)) {
            f.note = n;
        }
    }
    return f;
}

struct offer *begun_find(struct begun *b, const struct asker *who, struct offer *now)
{
    char key[KEY_ROOM];
    let_go_of_old(b);
    key_of(key, who);
    bool changed = is_changed(b, who->path, now);
    struct found f = who->by == 0 ? (struct found){NULL, false} : find(b, key, who->by);
    if (f.note == NULL) {
        f = find(b, key, 0);
        // A note of this device that was forgotten could have been of another version.
        f.note = changed && is_recent(b->forgot_note) ? NULL : f.note;
    }
    if (f.several || (f.note == NULL && changed)) {
        return NULL;
    }
    if (f.note == NULL) {
        return offer_keep(now);
    }
    f.note->used = os_milliseconds();
    if (strcmp(f.note->sha256, now->sha256) == 0) {
        return offer_keep(now);
    }
    return f.note->offer == NULL ? NULL : offer_keep(f.note->offer);
}
