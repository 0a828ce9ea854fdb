// SPDX-License-Identifier: Apache-2.0
#include "leftover.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "file_path.h"
#include "os.h"

enum { TRIES = 100, LETTERS = 6 };

static struct leftover *volatile noted;
static int held;

static void remove_one(const struct leftover *l)
{
    (void)(l->is_folder ? os_remove_folder(l->path) : os_remove(l->path));
}

static void remove_all(void)
{
    for (const struct leftover *l = noted; l != NULL; l = l->next) {
        remove_one(l);
    }
}

void leftover_watch(void)
{
    static bool watching;
    if (!watching) {
        watching = true;
        os_at_end(remove_all);
    }
}

void leftover_hold(void)
{
    leftover_watch();
    if (held++ == 0) {
        os_hold();
    }
}

void leftover_release(void)
{
    if (--held == 0) {
        os_release();
    }
}

static bool draw_name(struct leftover *l, const char *path)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    uint8_t random[LETTERS];
    char drawn[LETTERS + 1] = {0};
    if (!os_random(random, sizeof(random))) {
        return false;
    }
    for (size_t i = 0; i < LETTERS; i++) {
        drawn[i] = letters[random[i] % (sizeof(letters) - 1)];
    }
    int folder = (int)(file_path_name(path) - path);
    int n = snprintf(l->path, sizeof(l->path), "%.*s.otapack-%s", folder, path, drawn);
    errno = ENAMETOOLONG;
    return n > 0 && (size_t)n < sizeof(l->path);
}

bool leftover_make(struct leftover *l, const char *path, leftover_make_fn *make, void *ctx)
{
    bool made = false;
    for (int i = 0; i < TRIES && !made && (i == 0 || errno == EEXIST); i++) {
        if (!draw_name(l, path)) {
            break;
        }
        made = make(ctx, l->path);
    }
    if (made) {
        leftover_add(l);
    } else {
        l->path[0] = '\0';
    }
    return made;
}

void leftover_add(struct leftover *l)
{
    l->next = noted;
    noted = l;
}

void leftover_drop(struct leftover *l)
{
    if (noted == l) {
        noted = l->next;
    }
    for (struct leftover *p = noted; p != NULL; p = p->next) {
        p->next = p->next == l ? l->next : p->next;
    }
    l->path[0] = '\0';
}

void leftover_remove(struct leftover *l)
{
    leftover_hold();
    if (l->path[0] != '\0') {
        remove_one(l);
    }
    leftover_drop(l);
    leftover_release();
}
