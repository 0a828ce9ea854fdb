// SPDX-License-Identifier: Apache-2.0
#include "verified.h"

#include "expect.h"
#include "judge.h"
#include "need.h"

struct each {
    const struct verified *v;
    struct arena *arena;
    verified_item_fn *fn;
    void *ctx;
};

static bool fails_by_warning(const struct verified *v, const struct finding *f)
{
    return f->verdict == VERDICT_WARN && v->warnings_fail && !v->pardoned[f->check];
}

static enum outcome outcome_of(const struct verified *v, const struct finding *f)
{
    static const enum outcome outcomes[VERDICT_COUNT] = {[VERDICT_PASS] = OUTCOME_PASS,
                                                         [VERDICT_NOTE] = OUTCOME_NOTE,
                                                         [VERDICT_WARN] = OUTCOME_WARN,
                                                         [VERDICT_FAIL] = OUTCOME_FAIL};
    return fails_by_warning(v, f) ? OUTCOME_FAIL : outcomes[f->verdict];
}

static void give_check(const struct each *each, const struct check *check, const struct node *n,
                       enum outcome outcome, const char *text)
{
    each->fn(each->ctx, &(struct verified_item){check->id, check, n, NULL, outcome,
                                                check->condition, check->remedy, text});
}

static void give_findings(const struct each *each, const struct node *n)
{
    for (const struct finding *f = n->findings; f != NULL; f = f->next) {
        const struct check *check = &checks[f->check];
        const char *text = f->verdict == VERDICT_PASS
                               ? check->condition
                               : arena_printf(each->arena, "%s; %s", f->message, check->remedy);
        give_check(each, check, n, outcome_of(each->v, f), text);
    }
}

static void give_unmade(const struct each *each, const struct node *n)
{
    for (const struct unmade *u = n->unmade; u != NULL; u = u->next) {
        const struct check *check = &checks[u->check];
        const char *text =
            arena_printf(each->arena, "not checked; it needs %s", need_text(each->arena, u->needs));
        give_check(each, check, n, OUTCOME_SKIPPED, text);
    }
}

static void give_node(const struct each *each, const struct node *n)
{
    give_findings(each, n);
    give_unmade(each, n);
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        give_node(each, part);
    }
}

// What is no check, and has its remedy in the text.
struct kind {
    const char *id, *condition;
};
static const struct kind signature = {"signature", "it is signed as was asked for"},
                         expectation = {"expectation", "what was expected holds"},
                         whole_file = {"file", "the file could be judged"};

static void give_text(const struct each *each, const struct kind *kind, const struct node *n,
                      const char *subject, enum outcome outcome, const char *text)
{
    each->fn(each->ctx, &(struct verified_item){kind->id, NULL, n, subject, outcome,
                                                kind->condition, NULL, text});
}

// Whichever signatures do it, what was asked is one thing.
static void give_signatures(const struct each *each, const struct trust_answer *answer)
{
    const char *text = "";
    for (size_t i = 0; i < answer->count; i++) {
        const struct trust_signature *s = &answer->signatures[i];
        if (s->counts) {
            text = arena_printf(each->arena, "%s%s%s", text, *text == '\0' ? "" : "; ", s->text);
        }
    }
    if (answer->missing == NULL) {
        give_text(each, &signature, answer->part, NULL, OUTCOME_PASS, text);
    }
    for (const struct trust_missing *m = answer->missing; m != NULL; m = m->next) {
        give_text(each, &signature, answer->part, NULL, OUTCOME_FAIL, m->text);
    }
}

static void give_policy(const struct each *each, const struct policy_answer *p)
{
    static const enum outcome outcomes[] = {[POLICY_HOLDS] = OUTCOME_PASS,
                                            [POLICY_SAYS_NO] = OUTCOME_FAIL,
                                            [POLICY_NOT_CHECKED] = OUTCOME_SKIPPED,
                                            [POLICY_NOT_READ] = OUTCOME_ERROR};
    static const char *const prefixes[] = {[POLICY_HOLDS] = "",
                                           [POLICY_SAYS_NO] = "",
                                           [POLICY_NOT_CHECKED] = "not checked; it needs ",
                                           [POLICY_NOT_READ] =
                                               "what it asks of was not read; give "};
    for (; p != NULL; p = p->next) {
        const struct policy_rule *rule = p->rule;
        const char *text = arena_printf(each->arena, "%s%s", prefixes[p->outcome], p->text);
        each->fn(each->ctx,
                 &(struct verified_item){rule->id, NULL, each->v->root, p->about,
                                         outcomes[p->outcome], rule->key.help, rule->remedy, text});
    }
}

void verified_each(const struct verified *v, struct arena *a, verified_item_fn *fn, void *ctx)
{
    const struct each each = {v, a, fn, ctx};
    if (v->root != NULL) {
        give_node(&each, v->root);
    }
    for (const struct verified_expectation *x = v->expectations; x != NULL; x = x->next) {
        give_text(&each, &expectation, v->root, x->text,
                  x->wrong == NULL             ? OUTCOME_PASS
                  : x->status == STATUS_CANNOT ? OUTCOME_ERROR
                                               : OUTCOME_FAIL,
                  x->wrong == NULL ? x->text : x->wrong);
    }
    if (v->answer != NULL && v->answer->part != NULL) {
        give_signatures(&each, v->answer);
    }
    give_policy(&each, v->policy);
    if (*v->error != '\0') {
        give_text(&each, &whole_file, NULL, NULL, OUTCOME_ERROR, v->error);
    }
}

enum status verified_expect(struct verified *v, struct node *root, const char **texts,
                            struct arena *a)
{
    enum status worst = STATUS_OK;
    struct verified_expectation **end = &v->expectations;
    for (; *texts != NULL; texts++) {
        struct err e = ERR_NONE;
        struct verified_expectation *x = ARENA_NEW(a, struct verified_expectation);
        bool holds = expect_holds(root, *texts, &e);
        *x = (struct verified_expectation){NULL, *texts, holds ? NULL : arena_string(a, e.text),
                                           e.status};
        worst = e.status > worst ? e.status : worst;
        *end = x;
        end = &x->next;
    }
    return worst;
}

static size_t failing_warnings(const struct verified *v, const struct node *n)
{
    size_t count = 0;
    for (const struct finding *f = n->findings; f != NULL; f = f->next) {
        count += fails_by_warning(v, f);
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        count += failing_warnings(v, part);
    }
    return count;
}

size_t verified_failing_warnings(const struct verified *v)
{
    return v->root == NULL ? 0 : failing_warnings(v, v->root);
}

const char *verified_verdict(const struct verified *v)
{
    size_t counts[VERDICT_COUNT] = {0};
    if (v->status == STATUS_OK && tree_verdict(v->root, counts) == VERDICT_WARN) {
        return "warn";
    }
    return v->status == STATUS_OK ? "pass" : v->status == STATUS_NO ? "fail" : "error";
}
