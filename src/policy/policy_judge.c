// SPDX-License-Identifier: Apache-2.0
#include <stdarg.h>
#include <string.h>

#include "kinds.h"
#include "need.h"
#include "policy_look.h"
#include "running.h"

// ---- What a rule says ---------------------------------------------------------------------------

static void add(struct policy_look *look, enum policy_outcome outcome, const char *text)
{
    struct policy_answer *answer = ARENA_NEW(look->arena, struct policy_answer);
    *answer = (struct policy_answer){NULL, look->rule, outcome, text};
    *look->end = answer;
    look->end = &answer->next;
}

void policy_say_yes(struct policy_look *look, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(look, POLICY_HOLDS, arena_vprintf(look->arena, format, args));
    va_end(args);
}

static void say_no(struct policy_look *look, const char *remedy, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
static void say_no(struct policy_look *look, const char *remedy, const char *format, va_list args)
{
    const char *text = arena_vprintf(look->arena, format, args);
    add(look, POLICY_SAYS_NO, arena_printf(look->arena, "%s; %s", text, remedy));
}

void policy_say_no(struct policy_look *look, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say_no(look, look->rule->remedy, format, args);
    va_end(args);
}

void policy_say_no_but(struct policy_look *look, const char *remedy, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say_no(look, remedy, format, args);
    va_end(args);
}

void policy_say_unmade(struct policy_look *look, const char *needs)
{
    add(look, POLICY_NOT_CHECKED, needs);
}

// ---- What is looked at --------------------------------------------------------------------------

// The table in a file: of a merged flash image, or the file itself.
static const struct node *table_in(const struct node *root)
{
    const struct node *table = is_flash(root)           ? node_find(root, "partition_table", -1)
                               : is_partition_csv(root) ? node_find(root, "table", -1)
                                                        : root;
    return table != NULL && is_partition_table(table) && table->error == NULL ? table : NULL;
}

static struct policy_file file_of(const struct policy_side *side)
{
    struct policy_file file = {.root = side->root, .read = side->read};
    if (side->root == NULL) {
        return file;
    }
    file.app = running_app(side->root);
    file.desc = node_find(file.app == NULL ? side->root : file.app, "desc", -1);
    file.table = table_in(side->root);
    file.table_source = file.table == NULL ? NULL : &file.table->src;
    if (side->read->host_table != NULL) {
        file.table = side->read->host_table_tree;
        file.table_source = side->read->host_table;
    }
    return file;
}

// What opens a file of which nothing could be looked at; 0: nothing is missing.
static unsigned closed(const struct policy_file *file)
{
    return file->root == NULL || file->app != NULL ? 0 : node_needs(file->root);
}

struct policy_answer *policy_judge(const struct policy_question *q, struct arena *a)
{
    struct policy_answer *answers = NULL;
    struct policy_look look = {.question = q,
                               .asked = &q->policy->rules,
                               .release = file_of(&q->release),
                               .baseline = file_of(&q->baseline),
                               .arena = a,
                               .end = &answers};
    unsigned needs = closed(&look.release) | closed(&look.baseline);
    for (size_t i = 0; policy_rules[i].key.name != NULL; i++) {
        look.rule = &policy_rules[i];
        if (look.rule->id == NULL || !q->policy->asks[i]) {
            continue;
        }
        if (look.rule->needs == POLICY_NEEDS_BASELINE && look.baseline.root == NULL) {
            policy_say_unmade(&look, "--baseline");
        } else if (needs != 0) {
            policy_say_unmade(&look, need_text(a, needs));
        } else {
            look.rule->run(&look);
        }
    }
    return answers;
}
