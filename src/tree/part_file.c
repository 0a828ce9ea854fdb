// SPDX-License-Identifier: Apache-2.0
#include "part_file.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "format.h"

// ---- Names that are taken -----------------------------------------------------------------------

struct names {
    const char **slots;
    size_t count; // of slots; more than half of them stay free
};

static uint32_t mix(uint32_t hash, char c)
{
    return (hash ^ (uint32_t)tolower((unsigned char)c)) * 16777619;
}

// FNV-1a, whatever the letters' case.
static uint32_t hash_of(const char *name)
{
    uint32_t hash = 2166136261;
    for (const char *c = name; *c != '\0'; c++) {
        hash = mix(hash, *c);
    }
    return hash;
}

static size_t slot_of(const struct names *t, const char *name)
{
    size_t at = hash_of(name) % t->count;
    while (t->slots[at] != NULL && strcasecmp(t->slots[at], name) != 0) {
        at = at + 1 == t->count ? 0 : at + 1;
    }
    return at;
}

static bool has(const struct names *t, const char *name)
{
    return t->slots[slot_of(t, name)] != NULL;
}

static void add(struct names *t, const char *name)
{
    t->slots[slot_of(t, name)] = name;
}

static struct names names_of(struct arena *a, size_t most)
{
    size_t count = 4 * most + 1;
    return (struct names){arena_alloc(a, count * sizeof(char *)), count};
}

// ---- Names of parts -----------------------------------------------------------------------------

// What a recipe makes beside the parts; and what are devices, and no files, to some systems.
static bool is_reserved(const char *file)
{
    static const char *const devices[] = {"con", "prn", "aux", "nul", "com", "lpt"};
    size_t n = strcspn(file, ".");
    for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
        bool numbered = i >= 4;
        if (n == (numbered ? 4 : 3) && strncasecmp(file, devices[i], 3) == 0 &&
            (!numbered || isdigit((unsigned char)file[3]))) {
            return true;
        }
    }
    return strcasecmp(file, PART_FILE_REBUILT) == 0;
}

static const char *ending(const struct node *n)
{
    return n->opened != NULL && n->opened->ending != NULL ? n->opened->ending : "bin";
}

// What a part is called where no other is.
static const char *plain_name(struct arena *a, const struct node *n)
{
    return n->index < 0 ? arena_printf(a, "%s.%s", n->name, ending(n))
                        : arena_printf(a, "%s-%d.%s", n->name, n->index, ending(n));
}

// The first number that makes a name of its own.
static const char *other_name(struct arena *a, const struct node *n, const char *plain,
                              const struct names *taken)
{
    const char *name = plain;
    int stem = (int)(strlen(plain) - strlen(ending(n)) - 1);
    for (unsigned i = 2; name == plain || has(taken, name); i++) {
        name = arena_printf(a, "%.*s-%u.%s", stem, plain, i, ending(n));
    }
    return name;
}

const char **part_files(struct arena *a, const struct node *parent)
{
    size_t count = 0, i = 0;
    for (const struct node *p = parent->parts; p != NULL; p = p->next) {
        count++;
    }
    const char **files = arena_alloc(a, (count + 1) * sizeof(*files));
    struct names taken = names_of(a, count);
    for (const struct node *p = parent->parts; p != NULL; p = p->next, i++) {
        files[i] = plain_name(a, p);
        if (is_reserved(files[i]) || has(&taken, files[i])) {
            files[i] = other_name(a, p, files[i], &taken);
        }
        add(&taken, files[i]);
    }
    return files;
}

const char *part_file(struct arena *a, const struct node *n)
{
    if (n->parent == NULL) {
        return "image.bin";
    }
    struct arena own = ARENA_EMPTY;
    const char **files = part_files(&own, n->parent);
    for (const struct node *p = n->parent->parts; p != n; p = p->next) {
        files++;
    }
    const char *file = arena_string(a, *files);
    arena_free(&own);
    return file;
}
