// SPDX-License-Identifier: Apache-2.0
#include <stdarg.h>
#include <string.h>

#include "kinds.h"
#include "need.h"
#include "policy_look.h"
#include "policy_pairs.h"
#include "running.h"

// ---- What a rule says ---------------------------------------------------------------------------

static void add(struct policy_look *look, enum policy_outcome outcome, const char *text)
{
    struct policy_answer *answer = ARENA_NEW(look->arena, struct policy_answer);
    *answer = (struct policy_answer){.rule = look->rule,
                                     .outcome = outcome,
                                     .about = look->path != NULL ? look->path : look->name,
                                     .text = text};
    *look->end = answer;
    look->end = &answer->next;
}

static const char *found_text(struct policy_look *look, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
static const char *found_text(struct policy_look *look, const char *format, va_list args)
{
    const char *text = arena_vprintf(look->arena, format, args);
    return look->name == NULL ? text : arena_printf(look->arena, "%s: %s", look->name, text);
}

void policy_say_yes(struct policy_look *look, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(look, POLICY_HOLDS, found_text(look, format, args));
    va_end(args);
}

static void say_no(struct policy_look *look, const char *remedy, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
static void say_no(struct policy_look *look, const char *remedy, const char *format, va_list args)
{
    const char *text = found_text(look, format, args);
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

// A baseline is read without a base, which is the release's.
void policy_say_unread(struct policy_look *look, unsigned release, unsigned baseline)
{
    static const char other[] = "a baseline that is no patch";
    struct policy_answer **answer = look->end;
    unsigned needs = release | (baseline & ~(unsigned)NEED_BASE);
    const char *text = needs == 0 ? other : need_text(look->arena, needs);
    bool both = needs != 0 && (baseline & NEED_BASE) != 0;
    add(look, POLICY_NOT_READ, both ? arena_printf(look->arena, "%s and %s", text, other) : text);
    (*answer)->needs = needs;
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

static struct policy_file file_of(struct node *root, const struct read_options *read)
{
    struct policy_file file = {.root = root, .read = read};
    if (root == NULL) {
        return file;
    }
    file.app = running_app(root);
    file.desc = node_find(file.app == NULL ? root : file.app, "desc", -1);
    file.table = table_in(root);
    file.table_source = file.table == NULL ? NULL : &file.table->src;
    if (read->host_table != NULL) {
        file.table = read->host_table_tree;
        file.table_source = read->host_table;
    }
    return file;
}

unsigned policy_closed(const struct policy_file *file)
{
    return file->root == NULL || file->app != NULL ? 0 : node_needs(file->root);
}

// Does it look at the file as a whole, whatever is in it?
static bool is_of_all(const struct policy_rule *rule, const struct policy_question *q)
{
    return rule->scope == POLICY_OF_THE_FILE ||
           (rule->scope == POLICY_OF_THE_PART && q->part != NULL) ||
           (rule->needs == POLICY_NEEDS_BASELINE && q->baseline.root == NULL);
}

static void ask(struct policy_look *look, const struct policy_pair *pair)
{
    const struct policy_question *q = look->question;
    look->name = pair->name;
    look->release = file_of(pair->is, q->release.read);
    look->baseline = file_of(pair->was, q->baseline.read);
    unsigned is = policy_closed(&look->release), was = policy_closed(&look->baseline);
    bool compares = look->rule->needs == POLICY_NEEDS_BASELINE;
    if (compares && q->baseline.root == NULL) {
        policy_say_unmade(look, "--baseline");
    } else if (compares && pair->unmade != NULL) {
        policy_say_unmade(look, pair->unmade);
    } else if ((is | was) != 0 && !look->rule->looks) {
        policy_say_unread(look, is, was);
    } else {
        look->rule->run(look);
    }
}

// What is wrong whatever is asked is said once.
static void ask_each(struct policy_look *look, struct policy_pair *pairs)
{
    for (struct policy_pair *pair = pairs; pair != NULL; pair = pair->next) {
        look->name = pair->name;
        if (pair->wrong == NULL) {
            ask(look, pair);
        } else if (!pair->said) {
            policy_say_no_but(look, "compare the apps one by one, each with its own baseline", "%s",
                              pair->wrong);
            pair->said = true;
        }
    }
}

struct policy_answer *policy_judge(const struct policy_question *q, struct arena *a)
{
    struct policy_answer *answers = NULL;
    struct policy_look look = {
        .question = q, .asked = &q->policy->rules, .arena = a, .end = &answers};
    const struct policy_pair whole = {.is = q->release.root, .was = q->baseline.root};
    struct policy_pair *pairs = policy_pairs(q, a);
    for (size_t i = 0; policy_rules[i].key.name != NULL; i++) {
        look.rule = &policy_rules[i];
        if (look.rule->id == NULL || !q->policy->asks[i]) {
            continue;
        }
        if (is_of_all(look.rule, q)) {
            ask(&look, &whole);
        } else {
            ask_each(&look, pairs);
        }
    }
    return answers;
}
