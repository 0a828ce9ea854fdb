// SPDX-License-Identifier: Apache-2.0
#include "judge.h"

#include <stdarg.h>

#include "format.h"
#include "need.h"

static void add_finding(struct judge *j, struct node *n, enum check_id check, enum verdict verdict,
                        const char *message)
{
    struct finding *f = ARENA_NEW(j->arena, struct finding);
    *f = (struct finding){NULL, check, verdict, message};
    *n->findings_end = f;
    n->findings_end = &f->next;
}

void passed(struct judge *j, struct node *n, enum check_id check)
{
    (void)formats.applies(checks[check].when, n, target_for(j, n)); // what it asks for is of use
    add_finding(j, n, check, VERDICT_PASS, checks[check].condition);
}

const struct target *target_for(const struct judge *j, const struct node *n)
{
    static const struct target unknown = {0};
    return node_is_elsewhere(n) ? &unknown : j->implied != NULL ? j->implied : &j->options->target;
}

// What the check is worth for this node.
static enum verdict verdict_of(const struct judge *j, const struct node *n, enum check_id check)
{
    const struct check *c = &checks[check];
    bool applies = formats.applies(c->when, n, target_for(j, n));
    switch (applies ? c->severity : check_conditions[c->when].otherwise) {
    case SEVERITY_NOTE:
        return VERDICT_NOTE;
    case SEVERITY_WARN:
        return VERDICT_WARN;
    case SEVERITY_BRICK:
    case SEVERITY_REJECT:
        break;
    }
    return j->options->allow[check] ? VERDICT_WARN : VERDICT_FAIL;
}

// What is wrong, and why it matters although nobody looks, or why it matters less than elsewhere.
static const char *with_reason(struct judge *j, const struct node *n, enum check_id id,
                               const char *message)
{
    const struct check *check = &checks[id];
    if (check->follows[0] != '\0') {
        return arena_printf(j->arena, "%s: %s", message, check->follows);
    }
    if (formats.applies(check->when, n, target_for(j, n))) {
        return message;
    }
    return arena_printf(j->arena, "%s, which is looked at only %s", message,
                        check_conditions[check->when].text);
}

void found(struct judge *j, struct node *n, enum check_id check, bool good, const char *message,
           ...)
{
    va_list args;
    if (good) {
        passed(j, n, check);
        return;
    }
    va_start(args, message);
    const char *text = arena_vprintf(j->arena, message, args);
    va_end(args);
    add_finding(j, n, check, verdict_of(j, n, check), with_reason(j, n, check, text));
}

const struct finding *finding_against(const struct node *n, enum check_id check)
{
    const struct finding *f = n->findings;
    while (f != NULL && (f->check != check || f->verdict == VERDICT_PASS)) {
        f = f->next;
    }
    return f;
}

bool passes_all(const struct node *n)
{
    const struct finding *f = n->findings;
    while (f != NULL && f->verdict == VERDICT_PASS) {
        f = f->next;
    }
    return f == NULL;
}

struct finding *first_failure(const struct node *n)
{
    struct finding *f = n->findings;
    while (f != NULL && f->verdict != VERDICT_FAIL) {
        f = f->next;
    }
    for (const struct node *part = n->parts; part != NULL && f == NULL; part = part->next) {
        f = first_failure(part);
    }
    return f;
}

const char *verdict_name(enum verdict v)
{
    static const char *const names[VERDICT_COUNT] = {[VERDICT_PASS] = "pass",
                                                     [VERDICT_NOTE] = "note",
                                                     [VERDICT_WARN] = "warn",
                                                     [VERDICT_FAIL] = "fail"};
    return names[v];
}

const char *verdict_word(enum verdict v)
{
    static const char *const words[VERDICT_COUNT] = {[VERDICT_PASS] = "ok",
                                                     [VERDICT_NOTE] = "note",
                                                     [VERDICT_WARN] = "warn",
                                                     [VERDICT_FAIL] = "FAIL"};
    return words[v];
}

enum verdict tree_verdict(const struct node *n, size_t counts[VERDICT_COUNT])
{
    enum verdict worst = VERDICT_PASS;
    for (const struct finding *f = n->findings; f != NULL; f = f->next) {
        counts[f->verdict]++;
        worst = f->verdict > worst ? f->verdict : worst;
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        enum verdict v = tree_verdict(part, counts);
        worst = v > worst ? v : worst;
    }
    return worst;
}

bool is_partial(const struct node *n)
{
    while (n != NULL && !n->partial) {
        n = n->parent;
    }
    return n != NULL;
}

// What is known of the device that a node goes to, and of all else that a rule can need.
static unsigned known_of(const struct judge *j, const struct node *n)
{
    return target_for(j, n)->known | need_said(j->options) | (n->compared ? NEED_KEY : 0);
}

// Is it all known? Then a rule makes use of it.
static bool is_known(const struct judge *j, const struct node *n, unsigned needs)
{
    bool all = (needs & ~known_of(j, n)) == 0;
    if (all) {
        (void)target_use(target_for(j, n), needs);
    }
    return all;
}

// A check that something is missing for. Of a border router's RCP, options say nothing.
static void leave_unmade(struct judge *j, struct node *n, const struct rule *rule)
{
    for (const enum check_id *check = rule->says; *check != CHECK_COUNT && !node_is_elsewhere(n);
         check++) {
        struct unmade *u = ARENA_NEW(j->arena, struct unmade);
        *u = (struct unmade){NULL, *check, rule->needs & ~known_of(j, n), rule->needs};
        *n->unmade_end = u;
        n->unmade_end = &u->next;
    }
}

void judge_by(struct judge *j, struct node *n, const struct rule *rule)
{
    for (; rule->run != NULL; rule++) {
        bool read = rule->unread || n->parsed != NULL;
        if (!read || (rule->concerns != NULL && !rule->concerns(n))) {
            continue;
        }
        if (is_known(j, n, rule->needs)) {
            rule->run(j, n);
        } else {
            leave_unmade(j, n, rule);
        }
    }
}

// The parts first: what is said of the whole rests on what was said of them.
void judge_node(struct judge *j, struct node *n)
{
    const struct target *outer = j->implied;
    for (struct node *part = n->parts; part != NULL; part = part->next) {
        if (n->opened != NULL && n->opened->device_of != NULL) {
            j->implied = n->opened->device_of(j, n, part);
        }
        judge_node(j, part);
    }
    j->implied = outer;
    for (int i = 0; n->opened != NULL && i < FORMAT_RULES && n->opened->rules[i] != NULL; i++) {
        judge_by(j, n, n->opened->rules[i]);
    }
}

void judge_tree(struct arena *a, const struct read_options *options, struct node *root)
{
    struct judge j = JUDGE_OF(a, options);
    judge_node(&j, root);
    judge_by(&j, root, formats.file_rules);
}

struct node *read_and_judge(struct arena *a, const struct read_options *options,
                            struct otapack_source src)
{
    struct node *root = read_tree(a, options, src);
    judge_tree(a, options, root);
    return root;
}
