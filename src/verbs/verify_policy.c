// SPDX-License-Identifier: Apache-2.0
#include "verify_policy.h"

#include <stdio.h>
#include <string.h>

#include "judge.h"
#include "need.h"
#include "templates.h"
#include "text.h"

enum { POLICY_MOST = 64 * 1024 };

// ---- The policy and the command line ------------------------------------------------------------

static bool read_policy(struct policy *policy, const char *file, struct arena *a, struct err *e)
{
    if (file == NULL) {
        return policy_read("otapack init policy", template_find("policy")->text, verify_opts, a,
                           policy, e);
    }
    const char *text = input_text(file, POLICY_MOST, a, e);
    return text != NULL && policy_read(arena_string(a, file), text, verify_opts, a, policy, e);
}

static size_t count_of(const char **values)
{
    size_t n = 0;
    while (values != NULL && values[n] != NULL) {
        n++;
    }
    return n;
}

// The command line stands last: of what counts once, the last one does.
static const char **joined(const struct policy_option *o, const char **given, struct arena *a)
{
    size_t count = count_of(given);
    const char **all = arena_alloc(a, (o->count + count + 1) * sizeof(*all));
    for (size_t i = 0; i < o->count; i++) {
        all[i] = o->values[i];
    }
    for (size_t i = 0; i < count; i++) {
        all[o->count + i] = given[i];
    }
    return all;
}

// Of a verb that has fewer options than verify, those that the policy gives are options all the
// same: nothing of a policy goes unasked.
static void join_options(struct verify_policy *p, struct arena *a)
{
    size_t given = 0, count, options = 0;
    while (p->args.rows[given] != NULL) {
        given++;
    }
    for (const struct policy_option *o = p->policy.options; o != NULL; o = o->next) {
        options++;
    }
    const struct opt **rows = arena_alloc(a, (given + options + 1) * sizeof(const struct opt *));
    const char ***values = arena_alloc(a, (given + options + 1) * sizeof(*values));
    for (count = 0; count < given; count++) {
        rows[count] = p->args.rows[count];
        values[count] = p->args.values[count];
    }
    for (const struct policy_option *o = p->policy.options; o != NULL; o = o->next) {
        size_t i = 0;
        while (i < count && strcmp(o->row->name, rows[i]->name) != 0) {
            i++;
        }
        rows[i] = i < count ? rows[i] : o->row;
        values[i] = joined(o, values[i], a);
        count += i == count;
    }
    p->args.rows = rows;
    p->args.values = values;
    p->args.cmd = &cmd_verify; // whose options these are
}

static bool compares(const struct policy *p)
{
    bool any = false;
    for (size_t i = 0; policy_rules[i].key.name != NULL; i++) {
        any = any || (p->asks[i] && policy_rules[i].needs == POLICY_NEEDS_BASELINE);
    }
    return any;
}

// Is there a baseline where one is asked for, and something to ask of one that is there? `given`:
// on the command line.
static bool baseline_fits(const struct policy *p, bool given, bool alone, struct err *e)
{
    if (p->needs_baseline && p->baseline == NULL && !alone) {
        return err_set(e, STATUS_CANNOT,
                       "%s: a baseline is required; give the release before this one with "
                       "--baseline; for the first release, take baseline: required out",
                       p->file);
    }
    return (p->baseline == NULL && !p->needs_baseline) || compares(p) ||
           err_set(e, STATUS_CANNOT,
                   "%s: no rule in it looks at a baseline; write rules, as otapack init policy has "
                   "them, or leave %s out",
                   p->file, given ? "--baseline" : "baseline:");
}

bool verify_policy_take(struct verify_policy *p, const struct args *args, struct arena *a,
                        struct err *e)
{
    const char *file = args_value(args, "policy"), *baseline = args_value(args, "baseline");
    bool alone = p->alone;
    *p = (struct verify_policy){.alone = alone,
                                .given = file != NULL || baseline != NULL,
                                .verb = args->cmd,
                                .args = *args};
    if (!p->given) {
        return true;
    }
    if (!read_policy(&p->policy, file, a, e)) {
        return false;
    }
    join_options(p, a);
    p->policy.baseline = baseline != NULL ? baseline : p->policy.baseline;
    return baseline_fits(&p->policy, baseline != NULL, alone, e);
}

// ---- The baseline -------------------------------------------------------------------------------

// What is damaged says nothing of what devices have.
static bool is_sound(const struct opened *baseline, struct arena *a, struct err *e)
{
    const struct finding *f = first_failure(baseline->root);
    return f == NULL ||
           err_set(e, STATUS_CANNOT,
                   "%s: the baseline fails a check: %s; give the file that was released, or allow "
                   "the check by its name [%s]",
                   input_name(baseline->input), text_printable(a, f->message), checks[f->check].id);
}

bool verify_policy_open(struct verify_policy *p, const struct verb_options *o, struct arena *a,
                        struct err *e)
{
    struct read_options *read = &p->options.read;
    const char *table = p->policy.baseline_table;
    if (p->policy.baseline == NULL) {
        return true;
    }
    *read = (struct read_options){.decrypt = o->read.decrypt, .table_csv = o->read.table_csv};
    memcpy(read->allow, o->read.allow, sizeof(read->allow));
    p->options.csv = o->csv;
    return (table == NULL || verb_options_host_table(&p->options, table, e)) &&
           open_tree_judged(&p->baseline, p->policy.baseline, read, a, e) &&
           is_sound(&p->baseline, a, e);
}

bool verify_policy_good(const struct verify_policy *p, struct err *e)
{
    return p->baseline.input == NULL || input_good(p->baseline.input, e);
}

void verify_policy_close(struct verify_policy *p)
{
    p->options.read.decrypt = NULL; // which is another's
    verb_options_close(&p->options);
    if (p->baseline.input != NULL) {
        open_tree_close(&p->baseline);
    }
}

// ---- What is asked ------------------------------------------------------------------------------

enum status verify_policy_ask(const struct verify_policy *p, const struct read_options *read,
                              struct node *root, const char *part, struct arena *a,
                              struct verified *v)
{
    static const enum status statuses[] = {[POLICY_HOLDS] = STATUS_OK,
                                           [POLICY_SAYS_NO] = STATUS_NO,
                                           [POLICY_NOT_CHECKED] = STATUS_OK,
                                           [POLICY_NOT_READ] = STATUS_CANNOT};
    const struct policy_question question = {.policy = &p->policy,
                                             .release = {root, read},
                                             .baseline = {p->baseline.root, &p->options.read},
                                             .part = part};
    enum status worst = STATUS_OK;
    v->policy = p->given ? policy_judge(&question, a) : NULL;
    for (const struct policy_answer *answer = v->policy; answer != NULL; answer = answer->next) {
        enum status status = statuses[answer->outcome];
        worst = status > worst ? status : worst;
    }
    return worst;
}

bool verify_policy_lacks_baseline(const struct verify_policy *p)
{
    return p->given && p->policy.baseline == NULL && compares(&p->policy);
}

// ---- What is said of the answers ----------------------------------------------------------------

// "policy-version, policy-growth": all from this one on that miss the same.
static const char *lacking(struct arena *a, const struct policy_answer *first, size_t *count)
{
    const char *names[POLICY_RULES_MOST];
    *count = 0;
    for (const struct policy_answer *p = first; p != NULL; p = p->next) {
        bool again = *count > 0 && names[*count - 1] == p->rule->id; // of another app in a list
        if (!again && p->outcome == first->outcome && strcmp(p->text, first->text) == 0) {
            names[(*count)++] = p->rule->id;
        }
    }
    return text_list(a, names, *count);
}

static const char *unmade_text(struct arena *a, const struct policy_answer *first)
{
    size_t count;
    const char *names = lacking(a, first, &count);
    return arena_printf(a, "%s %s %s", names, count == 1 ? "needs" : "need", first->text);
}

static bool is_said(const struct policy_answer *answers, const struct policy_answer *this_one)
{
    while (answers != this_one &&
           (answers->outcome != this_one->outcome || strcmp(answers->text, this_one->text) != 0)) {
        answers = answers->next;
    }
    return answers != this_one;
}

static bool verb_takes(const struct verify_policy *p, const char *option, struct arena *a)
{
    const struct opt *const *row = opt_rows(p->verb->opts, a);
    while (*row != NULL && strcmp((*row)->name, option) != 0) {
        row++;
    }
    return *row != NULL;
}

// What is to be given, and the verb has no option for: a policy has it. "": nothing.
static const char *in_policy(const struct verify_policy *p, unsigned needs, struct arena *a)
{
    const char *keys[NEED_BITS];
    size_t count = 0;
    for (unsigned i = 0; i < NEED_BITS; i++) {
        const char *option = need_option(1U << i);
        if ((needs >> i & 1) != 0 && !verb_takes(p, option, a)) {
            keys[count++] = arena_printf(a, "%s:", opt_key(a, option));
        }
    }
    return count == 0 ? ""
                      : arena_printf(a, "; otapack %s takes %s from a policy, as %s", p->verb->name,
                                     count == 1 ? "it" : "them", text_list(a, keys, count));
}

static struct policy_refusal **refuse(struct policy_refusal **end, struct arena *a,
                                      enum status status, const char *by, const char *text)
{
    struct policy_refusal *r = ARENA_NEW(a, struct policy_refusal);
    *r = (struct policy_refusal){NULL, status, by, text};
    *end = r;
    return &r->next;
}

// A line for each rule that says no, and one for all that could not be asked for the same reason.
static void refuse_by_rules(const struct verify_policy *p, const struct policy_answer *answers,
                            struct arena *a, struct policy_refusal **end)
{
    for (const struct policy_answer *answer = answers; answer != NULL; answer = answer->next) {
        if (answer->outcome == POLICY_SAYS_NO) {
            end = refuse(end, a, STATUS_NO, answer->rule->id,
                         arena_printf(a, "%s [%s]", answer->text, answer->rule->id));
        } else if (answer->outcome == POLICY_NOT_READ && !is_said(answers, answer)) {
            size_t count;
            const char *names = lacking(a, answer, &count);
            end = refuse(end, a, STATUS_CANNOT, names,
                         arena_printf(a, "%s: %s cannot be asked of what was not read; give %s%s",
                                      p->policy.file, names, answer->text,
                                      in_policy(p, answer->needs, a)));
        }
    }
}

struct policy_refusal *verify_policy_refuse(const struct verify_policy *p,
                                            const struct read_options *read, struct node *root,
                                            struct arena *a)
{
    const char *warnings = args_value(&p->args, "warnings");
    struct policy_refusal *first = NULL, **end = &first;
    struct verified v = {.root = root,
                         .pardoned = read->allow,
                         .warnings_fail = warnings != NULL && strcmp(warnings, "fail") == 0};
    (void)verified_expect(&v, root, args_values(&p->args, "expect"), a);
    (void)verify_policy_ask(p, read, root, args_value(&p->args, "part"), a, &v);
    for (const struct verified_expectation *x = v.expectations; x != NULL; x = x->next) {
        end = x->wrong == NULL ? end : refuse(end, a, x->status, "expect", x->wrong);
    }
    if (verified_failing_warnings(&v) > 0) {
        end = refuse(end, a, STATUS_NO, "warnings",
                     arena_printf(a,
                                  "has warnings, and %s lets none pass; otapack verify shows them, "
                                  "and allow: lets one pass by its name",
                                  p->policy.file));
    }
    refuse_by_rules(p, v.policy, a, end);
    return first;
}

static void print_rest(const struct verify_policy *p, const struct policy_answer *answers,
                       const char *name)
{
    struct arena a = ARENA_EMPTY;
    const char *unmade = "";
    size_t held = 0;
    for (const struct policy_answer *answer = answers; answer != NULL; answer = answer->next) {
        held += answer->outcome == POLICY_HOLDS;
        if (answer->outcome == POLICY_NOT_CHECKED && !is_said(answers, answer)) {
            unmade = arena_printf(&a, "%s%s%s", unmade, *unmade == '\0' ? "; not checked: " : "; ",
                                  unmade_text(&a, answer));
        }
    }
    if (answers != NULL) {
        printf("%s: %s: %zu comparison%s hold%s%s\n", text_printable(&a, name),
               text_printable(&a, p->policy.file), held, held == 1 ? "" : "s", held == 1 ? "s" : "",
               unmade);
    }
    arena_free(&a);
}

void verify_policy_say(const struct verify_policy *p, const struct policy_answer *answers,
                       const char *name, bool told)
{
    struct arena a = ARENA_EMPTY;
    struct policy_refusal *first = NULL;
    refuse_by_rules(p, answers, &a, &first);
    for (const struct policy_refusal *r = first; r != NULL; r = r->next) {
        say("%s: %s", name, r->text);
    }
    arena_free(&a);
    if (told) {
        print_rest(p, answers, name);
    }
}

const struct opt opt_policy[] = {
    {0, "policy", OPT_FILE, "what a release must be: otapack init policy", false},
    {0, "baseline", OPT_FILE, "the release before this one, to compare with", false},
    OPT_END};
