// SPDX-License-Identifier: Apache-2.0
#include "show_verified.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

// A value of a workflow command: what the runner would take for its end is %XX. `in_property`: the
// signs between properties, too.
static void put_escaped(const char *text, bool in_property)
{
    for (; *text != '\0'; text++) {
        bool special = strchr(in_property ? "%\r\n:," : "%\r\n", *text) != NULL;
        (void)printf(special ? "%%%02X" : "%c", (unsigned char)*text);
    }
}

struct github {
    struct arena *arena;
    const char *file;
};

static void put_item(void *ctx, const struct verified_item *item)
{
    static const char *const commands[OUTCOME_COUNT] = {[OUTCOME_NOTE] = "notice",
                                                        [OUTCOME_WARN] = "warning",
                                                        [OUTCOME_FAIL] = "error",
                                                        [OUTCOME_ERROR] = "error"};
    const struct github *g = ctx;
    const char *path = item->node == NULL ? "" : node_path(g->arena, item->node);
    if (commands[item->outcome] == NULL) {
        return;
    }
    (void)printf("::%s file=", commands[item->outcome]);
    put_escaped(g->file, true);
    (void)fputs(",title=otapack ", stdout);
    put_escaped(item->id, true);
    (void)fputs("::", stdout);
    put_escaped(path, false);
    (void)fputs(*path == '\0' ? "" : ": ", stdout);
    put_escaped(text_utf8(g->arena, item->text, strlen(item->text)), false);
    (void)putchar('\n');
}

static void begin(struct arena *a, void **state)
{
    (void)a, (void)state;
}

static void add_file(struct arena *a, void *state, const struct verified *v)
{
    struct github g = {a, text_utf8(a, v->file, strlen(v->file))};
    (void)state;
    verified_each(v, a, put_item, &g);
}

static void end(struct arena *a, void *state)
{
    (void)a, (void)state;
}

const struct show_verified show_verified_github = {"github", begin, add_file, end};
