// SPDX-License-Identifier: Apache-2.0
//
// Policies: keys, rules, and the options of verify; versions, which rules compare. Paths are only
// looked for, never written to.
#include "fuzz.h"

#include "verify_policy.h"
#include "version_order.h"

enum { POLICY_MOST = 4096 };

static void law_policy(const struct policy *p)
{
    LAW(p->baseline == NULL || !p->needs_baseline);
    for (const struct policy_option *o = p->options; o != NULL; o = o->next) {
        LAW(o->row != NULL && policy_has_option(o->row));
        LAW(o->count <= 1 || o->row->repeats);
        for (size_t i = 0; i < o->count; i++) {
            LAW(o->values[i] != NULL);
        }
        LAW(o->values[o->count] == NULL);
    }
    for (size_t i = 0; policy_rules[i].key.name != NULL; i++) {
        LAW(i < POLICY_RULES_MOST);
    }
}

// The two lines of a text, if it has two.
static void law_versions(char *first)
{
    struct arena a = ARENA_EMPTY;
    char *second = strchr(first, '\n');
    if (second == NULL) {
        return;
    }
    *second++ = '\0';
    for (int rule = VERSION_SEMVER; rule <= VERSION_DOTTED; rule++) {
        int order = 0, back = 0;
        const char *none = version_order(&a, first, second, (enum version_rule)rule, &order);
        LAW((none == NULL) ==
            (version_order(&a, second, first, (enum version_rule)rule, &back) == NULL));
        LAW(none != NULL || order == -back);
    }
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[POLICY_MOST];
    if (size >= sizeof(text) || memchr(data, 0, size) != NULL) {
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    struct policy policy;
    bool good = policy_read("p.yaml", text, verify_opts, &a, &policy, &e);
    LAW(good == (e.status == STATUS_OK) && (good || (e.status == STATUS_CANNOT && e.text[0])));
    if (good) {
        law_policy(&policy);
    }
    arena_free(&a);
    law_versions(text);
    return 0;
}
