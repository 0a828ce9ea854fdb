// SPDX-License-Identifier: Apache-2.0
//
// A policy as its file has it: its own keys, the rules, and all others, which are options.
#include <stddef.h>
#include <string.h>

#include "path.h"
#include "policy_look.h"
#include "policy_option.h"
#include "text.h"

// The word, or a file.
static bool take_baseline(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    struct policy *p = to;
    p->needs_baseline = v->kind == VALUE_TEXT && strcmp(v->text, "required") == 0;
    return p->needs_baseline || key_input.take(s, v, key, &p->baseline);
}

static bool take_paths(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    struct err inner = ERR_NONE;
    bool good = key_texts.take(s, v, key, to);
    for (const struct recipe_text *t = *(struct recipe_text **)to; good && t != NULL; t = t->next) {
        good = path_parse(t->text, &inner) || err_at(s->e, t->where, &inner);
    }
    return good;
}

// What is no range that something can lie in.
static bool check_growth(struct schema *s, const struct value *v, const struct policy_range *r)
{
    bool none = r->min.text == NULL && r->max.text == NULL;
    bool crossed = r->min.text != NULL && r->max.text != NULL && r->min.percent == r->max.percent &&
                   r->min.number > r->max.number;
    return (!none && !crossed) ||
           err_set(s->e, STATUS_CANNOT,
                   "%s: growth %s; write min: -10%% and max: 10%%, or one of them", v->where,
                   none ? "says nothing" : "has a min above its max");
}

// A key that says more of a rule stands behind it in the table, and says nothing without it.
static bool has_its_rule(struct schema *s, const struct policy *p, const struct value *given,
                         size_t at)
{
    size_t rule = at;
    while (policy_rules[rule].id == NULL) {
        rule--;
    }
    return p->asks[rule] ||
           err_set(s->e, STATUS_CANNOT,
                   "%s: %s says more of the rule %s, which is not there; write that, too, or leave "
                   "it out",
                   given->key_where, given->key, policy_rules[rule].key.name);
}

// Each rule by itself, so that it is known which there are.
static bool take_rules(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    struct policy *p = to;
    const char *names[POLICY_RULES_MOST];
    size_t count = 0;
    (void)key;
    if (!take_kind(s, v, VALUE_MAP)) {
        return false;
    }
    for (; policy_rules[count].key.name != NULL; count++) {
        const struct recipe_key *rule = &policy_rules[count].key;
        const struct value *given = value_find(v, rule->name);
        names[count] = rule->name;
        p->asks[count] = given != NULL;
        if (!take_map_key(s, v, rule, &p->rules) ||
            (given != NULL && rule->at == offsetof(struct policy_rules, growth) &&
             !check_growth(s, given, &p->rules.growth)) ||
            (given != NULL && !has_its_rule(s, p, given, count))) {
            return false;
        }
    }
    return taken_all(s, v, names, count);
}

static const struct key_kind key_baseline = {"file", take_baseline},
                             key_rules = {"rules", take_rules};
const struct key_kind key_policy_paths = {"list", take_paths};

const struct recipe_key policy_keys[] = {
    {"otapack", &key_version, 0, "the version of the policy language: 1", "policy"},
    {"baseline", &key_baseline, 0, "the release before this one, or: required", NULL},
    {"baseline_partition_table", &key_input, offsetof(struct policy, baseline_table),
     "of the devices that run it", NULL},
    {"rules", &key_rules, 0, "what must be so of the release beside its baseline", NULL},
    {0},
};

// One rule alone looks at the table of the baseline's devices.
static bool table_is_asked(struct schema *s, const struct value *top, const struct policy *p)
{
    size_t rule = 0;
    while (policy_rules[rule].run != policy_partitions) {
        rule++;
    }
    return p->baseline_table == NULL || p->asks[rule] ||
           err_set(s->e, STATUS_CANNOT,
                   "%s: only the rule partitions looks at it, which is not there; write "
                   "partitions: kept below rules:, or leave it out",
                   value_find(top, "baseline_partition_table")->key_where);
}

static bool take_all(struct schema *s, struct value *top, const struct opt *const *groups,
                     struct policy *p)
{
    if (!yaml_is_otapack_1(top) && (top->kind != VALUE_MAP || value_find(top, "otapack") == NULL)) {
        return err_set(s->e, STATUS_CANNOT, "%s: is no policy; begin it with: otapack: 1", p->file);
    }
    for (const struct recipe_key *key = policy_keys; key->name != NULL; key++) {
        if (!take_map_key(s, top, key, p)) {
            return false;
        }
    }
    return policy_options_take(s, top, groups, p) && taken_files(s) && table_is_asked(s, top, p);
}

bool policy_read(const char *file, const char *text, const struct opt *const *groups,
                 struct arena *a, struct policy *out, struct err *e)
{
    struct recipe named = {.file = file}; // paths are relative to it
    struct schema s = {.recipe = &named, .page = "otapack-policy(5)", .arena = a, .e = e};
    struct value *top = yaml_read(file, text, a, e);
    *out = (struct policy){.file = file};
    s.needed_end = &s.needed;
    s.layers_end = &s.layers;
    return top != NULL && take_all(&s, top, groups, out);
}
