// SPDX-License-Identifier: Apache-2.0
//
// What can be wrong with a delta patch: by itself, on its base, and with what comes of both.
#include <inttypes.h>
#include <string.h>

#include "delta_base.h"
#include "delta_tree.h"
#include "format_list.h"
#include "rule.h"
#include "running.h"
#include "source.h"
#include "text.h"

static void check_header(struct judge *j, struct node *n)
{
    found(j, n, CHECK_DELTA_HEADER, n->parsed != NULL, "%s", n->error);
}

static void check_kind(struct judge *j, struct node *n)
{
    const struct delta_tree *t = delta_tree(n);
    bool sequential = otapack_delta_kind(t->delta.type) == OTAPACK_DELTA_SEQUENTIAL;
    bool compressed = otapack_delta_check(&t->delta).code == OTAPACK_OK;
    found(j, n, CHECK_DELTA_KIND, sequential, "%s", n->error);
    if (sequential) {
        found(j, n, CHECK_DELTA_COMPRESSION, compressed, "%s", n->error);
    }
    if (sequential && compressed) {
        found(j, n, CHECK_DELTA_LARGE, t->kind.code == OTAPACK_OK, "%s", n->error);
    }
}

static bool is_of_a_kind(const struct node *n)
{
    return delta_tree(n)->kind.code == OTAPACK_OK;
}

static void check_data(struct judge *j, struct node *n)
{
    enum otapack_code code = delta_tree(n)->run.status.code;
    found(j, n, CHECK_DELTA_WHOLE, code != OTAPACK_TRUNCATED, "%s", n->error);
    if (code != OTAPACK_TRUNCATED) {
        found(j, n, CHECK_DELTA_DATA, code == OTAPACK_OK, "%s", n->error);
    }
}

static void check_trailing(struct judge *j, struct node *n)
{
    uint64_t end = delta_tree(n)->run.end;
    found(j, n, CHECK_DELTA_TRAILING, end == n->src.size, "it ends at 0x%" PRIx64 ", and %s follow",
          n->src.base + end, text_size(j->arena, n->src.size - end));
}

static void check_unread(struct judge *j, struct node *n)
{
    const struct otapack_delta *d = &delta_tree(n)->delta;
    struct otapack_source reserved = otapack_memory(d->reserved, sizeof(d->reserved));
    const char *what = !source_is_filled(&reserved, 0, reserved.size, 0)
                           ? "reserved has other bytes"
                       : (d->type & 0x80U) != 0 ? "bit 7 of the type is set"
                       : d->negative            ? "the size has a sign"
                                                : NULL;
    found(j, n, CHECK_DELTA_UNREAD, what == NULL, "%s", what);
}

// ---- On its base --------------------------------------------------------------------------------

static void check_made(struct judge *j, struct node *n, const struct node *content)
{
    const struct otapack_source *made = j->options->made;
    if (made == NULL) {
        return;
    }
    uint64_t at = source_difference(made, &content->src);
    (void)target_use(target_for(j, n), TARGET_MADE);
    found(j, n, CHECK_DELTA_NEW, at == UINT64_MAX,
          "it makes %s, and --new has %s; from 0x%" PRIx64 " on they differ",
          text_size(j->arena, content->src.size), text_size(j->arena, made->size), at);
}

// Where in what was to be an app the app is; "" where none is.
static const char *app_in(struct judge *j, const struct node *content)
{
    const struct node *app = running_app(content);
    size_t n = strlen(node_path(j->arena, content)) + 1;
    return app == NULL
               ? ""
               : arena_printf(j->arena, ", whose app is its part %s", node_path(j->arena, app) + n);
}

static void check_content(struct judge *j, struct node *n, const struct node *content)
{
    bool app = is_image(content, "app");
    found(j, n, CHECK_DELTA_CONTENT, app || content->error != NULL, "what it makes: %s%s",
          content->summary, app ? "" : app_in(j, content));
    if (app) {
        found(j, n, CHECK_DELTA_CHIP, node_number(content, "chip_id") == j->options->base->chip_id,
              "it makes an app for %s, with chip ID %" PRIu64 ", and its base has %u",
              node_text(content, "chip"), node_number(content, "chip_id"),
              j->options->base->chip_id);
    }
    check_made(j, n, content);
}

// What a device patches is the app that it runs. Where only the base is said, it is that one.
static bool runs_another(const struct judge *j)
{
    const struct otapack_app_desc *runs = j->options->target.running;
    const struct otapack_app_desc *base = j->options->base->desc;
    return runs != NULL && base != NULL && memcmp(runs, base, sizeof(*runs)) != 0;
}

static void check_base(struct judge *j, struct node *n)
{
    unsigned failed = delta_tree(n)->failed;
    const struct node *content = node_find(n, "content", -1);
    if (failed == CHECK_DELTA_LARGE) { // with all else that is unpacked of this file
        found(j, n, CHECK_DELTA_LARGE, false, "%s", n->error);
        return;
    }
    bool another = failed != CHECK_DELTA_BASE && runs_another(j);
    found(j, n, CHECK_DELTA_BASE, failed != CHECK_DELTA_BASE && !another, "%s",
          another ? "the app that runs on the device is another one than the base" : n->error);
    if (failed != CHECK_DELTA_BASE) {
        found(j, n, CHECK_DELTA_REACH, failed != CHECK_DELTA_REACH, "%s", n->error);
    }
    if (content != NULL) {
        check_content(j, n, content);
    }
}

const struct rule rules_delta[] = {
    {.run = check_header, .unread = true},
    {.run = check_kind},
    {.run = check_data, .concerns = is_of_a_kind},
    {.run = check_trailing, .concerns = delta_is_sound},
    {.run = check_unread},
    {.run = check_base,
     .concerns = delta_is_sound,
     .needs = NEED_BASE,
     .says = RULE_SAYS(CHECK_DELTA_BASE, CHECK_DELTA_REACH, CHECK_DELTA_CONTENT, CHECK_DELTA_CHIP)},
    {.run = NULL},
};
