// SPDX-License-Identifier: Apache-2.0
#include "path.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "need.h"
#include "node_fact.h"
#include "text.h"

enum { WORD_MOST = 64, CANDIDATES_MOST = 256 };

struct step {
    char name[WORD_MOST];
    int index; // -1: none given
};

// Takes the next `name` or `name[3]` off the path, and the dot behind it.
static bool next_step(const char **path, struct step *out)
{
    size_t n = 0;
    const char *p = *path;
    while (isalnum((unsigned char)p[n]) || p[n] == '_' || p[n] == '-') {
        n++;
    }
    if (n == 0 || n >= sizeof(out->name)) {
        return false;
    }
    memcpy(out->name, p, n);
    out->name[n] = '\0';
    out->index = -1;
    p += n;
    if (*p == '[') {
        char *end;
        unsigned long index = strtoul(p + 1, &end, 10);
        if (!isdigit((unsigned char)p[1]) || *end != ']' || index > 99999) {
            return false;
        }
        out->index = (int)index;
        p = end + 1;
    }
    if (*p != '\0' && (*p != '.' || p[1] == '\0')) {
        return false;
    }
    *path = *p == '.' ? p + 1 : p;
    return true;
}

// What is in a node, for "did you mean".
static size_t names_in(const struct node *n, const char **names)
{
    size_t count = 0;
    for (const struct node *p = n->parts; p != NULL && count < CANDIDATES_MOST; p = p->next) {
        if (p->index <= 0) {
            names[count++] = p->name;
        }
    }
    for (const struct field *f = n->fields; f != NULL && count < CANDIDATES_MOST; f = f->next) {
        names[count++] = f->name;
    }
    for (size_t i = 0; node_fact_name(i) != NULL && count < CANDIDATES_MOST; i++) {
        names[count++] = node_fact_name(i);
    }
    return count;
}

static bool is_signature(const char *name)
{
    return strncmp(name, "signature", strlen("signature")) == 0;
}

// Is it, or what it is a part of, something that could have signatures and has none?
static bool could_be_signed(const struct node *n)
{
    bool has = false;
    while (n->parent != NULL && (n->opened == NULL || !n->opened->signable)) {
        n = n->parent;
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        has = has || is_signature(part->name);
    }
    return !has && n->opened != NULL && n->opened->signable;
}

static bool not_found(const struct node *n, const struct step *step, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    const char *names[CANDIDATES_MOST];
    size_t count = names_in(n, names);
    const char *near = text_nearest(step->name, names, count);
    const char *where = node_path(&a, n);
    const char *in = *where == '\0' ? "the file" : where;
    if (n->needs != 0) {
        err_set(e, STATUS_CANNOT, "%s was not read; verify, inspect and extract read it with %s",
                in, need_text(&a, n->needs));
    } else if (is_signature(step->name) && could_be_signed(n)) {
        err_set(e, STATUS_CANNOT,
                "there is no '%s' in %s: it is not signed; otapack sign does that", step->name, in);
    } else if (near != NULL && strcmp(near, step->name) != 0) {
        err_set(e, STATUS_CANNOT, "there is no '%s' in %s; did you mean '%s'?", step->name, in,
                near);
    } else if (step->index >= 0) {
        err_set(e, STATUS_CANNOT, "there is no '%s[%d]' in %s; inspect shows what is there",
                step->name, step->index, in);
    } else {
        err_set(e, STATUS_CANNOT, "there is no '%s' in %s; inspect --json shows what is there",
                step->name, in);
    }
    arena_free(&a);
    return false;
}

static bool no_path(const char *path, struct err *e)
{
    return err_set(e, STATUS_CANNOT,
                   "'%s' is no path; write names with dots between, as in "
                   "host.segments[0].load_addr",
                   path);
}

bool path_parse(const char *path, struct err *e)
{
    const char *rest = path;
    struct step step;
    while (*rest != '\0') {
        if (!next_step(&rest, &step)) {
            return no_path(path, e);
        }
    }
    return true;
}

// What the last step of a path names: a field, or what is known of every part.
static struct field *last_field(struct arena *a, struct node *n, const struct step *step)
{
    struct field *field = step->index < 0 ? node_field(n, step->name) : NULL;
    return field == NULL && a != NULL && step->index < 0 ? node_fact(a, n, step->name) : field;
}

// `e` NULL: why it leads nowhere is not asked.
static bool find(struct arena *a, struct node *root, const char *path, struct place_in_tree *out,
                 struct err *e)
{
    const char *rest = path;
    *out = (struct place_in_tree){root, NULL};
    while (*rest != '\0') {
        struct step step;
        if (!next_step(&rest, &step)) {
            return e != NULL && no_path(path, e);
        }
        struct node *part = node_find(out->node, step.name, step.index);
        struct field *field = *rest == '\0' ? last_field(a, out->node, &step) : NULL;
        if (part != NULL) {
            out->node = part;
        } else if (field != NULL) {
            out->field = field;
        } else {
            return e != NULL && not_found(out->node, &step, e);
        }
    }
    return true;
}

// The first node below this one in which the path leads to something; NULL: there is none.
static struct node *find_below(struct arena *a, struct node *n, const char *path)
{
    struct place_in_tree inside;
    struct node *found = NULL;
    for (struct node *p = n->parts; p != NULL && found == NULL; p = p->next) {
        found = find(a, p, path, &inside, NULL) ? p : find_below(a, p, path);
    }
    return found;
}

bool path_find(struct arena *a, struct node *root, const char *path, struct place_in_tree *out,
               struct err *e)
{
    if (find(a, root, path, out, e)) {
        return true;
    }
    struct arena words = ARENA_EMPTY;
    const struct node *below = path_parse(path, &(struct err){STATUS_OK, ""})
                                   ? find_below(a == NULL ? NULL : &words, root, path)
                                   : NULL;
    if (below != NULL) {
        err_set(e, STATUS_CANNOT, "there is no '%s' in the file; did you mean '%s.%s'?", path,
                node_path(&words, below), path);
    }
    arena_free(&words);
    return false;
}
