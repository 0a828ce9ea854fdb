// SPDX-License-Identifier: Apache-2.0
#include "policy_pairs.h"

#include <string.h>

#include "kinds.h"
#include "running.h"
#include "text.h"

enum { UNITS_MOST = 256 }; // of a list

// An app that a list brings, in what holds it: the flash of a build, or a file. A build without one
// is one, too, for nothing is to be left out.
struct unit {
    struct unit *next;
    struct node *root;
    const char *family; // of chips, where the list says it
    const char *role;   // by which it is known among those of its family; NULL: it is all there is
    const struct unit *other;
};

struct units {
    struct arena *arena;
    struct unit *first, **end;
    size_t count;
};

static void add_unit(struct units *units, struct node *root, const char *family, const char *role)
{
    if (units->count++ < UNITS_MOST) {
        struct unit *unit = ARENA_NEW(units->arena, struct unit);
        *unit = (struct unit){NULL, root, family, role, NULL};
        *units->end = unit;
        units->end = &unit->next;
    }
}

// What is closed may have one.
static bool has_app(const struct node *n)
{
    return n != NULL && (running_app(n) != NULL || node_needs(n) != 0);
}

static void add_build(struct units *units, struct node *build)
{
    const char *family = node_text(build, "chip_family");
    size_t before = units->count;
    for (struct node *n = build->parts; n != NULL; n = n->next) {
        bool flash = strcmp(n->name, "flash") == 0;
        struct node *root = flash ? n : node_find(n, "content", -1);
        const char *address = node_text(n, "address");
        if (has_app(root)) {
            add_unit(units, root, family,
                     flash              ? "flash"
                     : *address != '\0' ? address
                                        : node_text(n, "path"));
        }
    }
    if (units->count == before) {
        add_unit(units, build, family, NULL);
    }
}

static void add_units(struct units *units, struct node *root)
{
    bool builds = false;
    if (!is_manifest(root)) {
        add_unit(units, root, "", NULL);
        return;
    }
    for (struct node *n = root->parts; n != NULL; n = n->next) {
        if (strcmp(n->name, "builds") == 0) {
            builds = true;
            add_build(units, n);
        }
    }
    if (!builds) {
        add_build(units, root);
    }
}

// ---- Which belongs to which ---------------------------------------------------------------------

static void join(struct unit *is, struct unit *was)
{
    is->other = was;
    was->other = is;
}

static bool is_same(const struct unit *a, const struct unit *b)
{
    return strcmp(a->family, b->family) == 0 &&
           (a->role == NULL || b->role == NULL ? a->role == b->role
                                               : strcmp(a->role, b->role) == 0);
}

static void join_same(struct unit *is, struct units *was)
{
    for (struct unit *u = was->first; u != NULL; u = u->next) {
        if (u->other == NULL && is_same(is, u)) {
            join(is, u);
            return;
        }
    }
}

// The only one of its family that has no other; NULL: there is none, or several. NULL for a family
// is any.
static struct unit *only_one(const struct units *units, const char *family)
{
    struct unit *only = NULL;
    size_t count = 0;
    for (struct unit *u = units->first; u != NULL; u = u->next) {
        if (u->other == NULL && (family == NULL || strcmp(u->family, family) == 0)) {
            only = u;
            count++;
        }
    }
    return count == 1 ? only : NULL;
}

// Names of files change from release to release. So where one of its family is left on each side,
// these are meant; and where one is all that a side has, whatever the other calls it.
static void join_left(struct units *is, struct units *was)
{
    for (struct unit *u = is->first; u != NULL; u = u->next) {
        struct unit *other = only_one(was, u->family);
        if (u->other == NULL && other != NULL && only_one(is, u->family) == u) {
            join(u, other);
        }
    }
    struct unit *a = only_one(is, NULL), *b = only_one(was, NULL);
    bool plain = a != NULL && b != NULL && (*a->family == '\0' || *b->family == '\0');
    if (plain && is->count == 1 && was->count == 1) {
        join(a, b);
    }
}

// What a list offers anew to devices that are in the field follows on what they run.
static void take_family(struct unit *is, const struct units *was)
{
    for (const struct unit *u = was->first; u != NULL && is->other == NULL; u = u->next) {
        is->other = *u->family != '\0' && strcmp(is->family, u->family) == 0 ? u : NULL;
    }
}

// ---- What comes of it ---------------------------------------------------------------------------

static const char *name_of(struct arena *a, const struct unit *u)
{
    const char *path = u->root->parent == NULL ? "" : node_path(a, u->root);
    const char *family = text_printable(a, u->family);
    return *path == '\0'     ? *family == '\0' ? "the list" : family
           : *family == '\0' ? path
                             : arena_printf(a, "%s (%s)", path, family);
}

static const char *nothing_in(struct arena *a, const char *side, const struct node *n)
{
    return n == NULL || has_app(n)
               ? NULL
               : arena_printf(a, "the %s has no app here that could be looked into", side);
}

static void add_pair(struct policy_pair ***end, struct arena *a, const struct policy_pair *pair)
{
    struct policy_pair *p = ARENA_NEW(a, struct policy_pair);
    *p = *pair;
    **end = p;
    *end = &p->next;
}

static struct policy_pair *pairs_of(const struct policy_question *q, struct arena *a,
                                    const struct units *is, const struct units *was)
{
    struct policy_pair *first = NULL, **end = &first;
    for (const struct unit *u = is->first; u != NULL; u = u->next) {
        struct policy_pair pair = {.name = name_of(a, u), .is = u->root};
        pair.was = u->other == NULL ? NULL : u->other->root;
        pair.wrong = nothing_in(a, "file", pair.is);
        pair.wrong = pair.wrong == NULL ? nothing_in(a, "baseline", pair.was) : pair.wrong;
        if (q->baseline.root != NULL && pair.was == NULL) {
            pair.unmade = arena_printf(a, "%s in the baseline", pair.name);
        }
        add_pair(&end, a, &pair);
    }
    for (const struct unit *u = was->first; u != NULL; u = u->next) {
        if (u->other == NULL) {
            add_pair(&end, a,
                     &(struct policy_pair){.name = name_of(a, u),
                                           .was = u->root,
                                           .wrong = "the baseline has it, and the file has not"});
        }
    }
    return first;
}

struct policy_pair *policy_pairs(const struct policy_question *q, struct arena *a)
{
    struct units is = {.arena = a}, was = {.arena = a};
    struct node *old = q->baseline.root;
    struct policy_pair *whole = ARENA_NEW(a, struct policy_pair);
    *whole = (struct policy_pair){.is = q->release.root, .was = old};
    if (!is_manifest(q->release.root) && (old == NULL || !is_manifest(old))) {
        return whole;
    }
    is.end = &is.first;
    was.end = &was.first;
    add_units(&is, q->release.root);
    if (old != NULL) {
        add_units(&was, old);
    }
    if (is.count > UNITS_MOST || was.count > UNITS_MOST) {
        whole->name = "the list";
        whole->wrong = arena_printf(a, "it has more than %d builds", UNITS_MOST);
        return whole;
    }
    for (struct unit *u = is.first; u != NULL; u = u->next) {
        join_same(u, &was);
    }
    join_left(&is, &was);
    for (struct unit *u = is.first; u != NULL; u = u->next) {
        take_family(u, &was);
    }
    return pairs_of(q, a, &is, &was);
}
