// SPDX-License-Identifier: Apache-2.0
#include "policy_option.h"

#include <string.h>

#include "esp8266.h"
#include "expect.h"
#include "pkcs11.h"
#include "target.h"
#include "text.h"

// What a policy says of a release is the same whoever asks, and however the answer is printed; the
// file that is its baseline it has a key of its own for.
bool policy_has_option(const struct opt *row)
{
    static const char *const others[] = {"policy", "baseline", "format", "json", "jobs", "quiet"};
    enum { COUNT = sizeof(others) / sizeof(others[0]) };
    return text_place(row->name, others, COUNT) == COUNT;
}

static const struct opt *row_of(struct schema *s, const struct opt *const *rows, const char *key)
{
    for (; *rows != NULL; rows++) {
        if (policy_has_option(*rows) && strcmp(opt_key(s->arena, (*rows)->name), key) == 0) {
            return *rows;
        }
    }
    return NULL;
}

static bool no_key(struct schema *s, const struct value *v, const struct opt *const *rows)
{
    const char *names[MAP_KEYS_MOST];
    size_t count = 0;
    for (const struct recipe_key *key = policy_keys; key->name != NULL; key++) {
        names[count++] = key->name;
    }
    for (; *rows != NULL && count < MAP_KEYS_MOST; rows++) {
        if (policy_has_option(*rows)) {
            names[count++] = opt_key(s->arena, (*rows)->name);
        }
    }
    for (const struct policy_rule *rule = policy_rules; rule->key.name != NULL; rule++) {
        if (strcmp(rule->key.name, v->key) == 0) {
            return err_set(s->e, STATUS_CANNOT,
                           "%s: %s is a rule; write it below rules:, behind two "
                           "blanks more",
                           v->key_where, v->key);
        }
    }
    return err_unknown(s->e, text_nearest(v->key, names, count), "otapack-policy(5) lists them",
                       "%s: there is no key '%s' in a policy", v->key_where,
                       text_printable(s->arena, v->key));
}

// ---- Values, by what the option says that they are ----------------------------------------------

struct taking {
    struct schema *s;
    const struct opt *const *groups;
    const struct opt *row;
    const struct value *v;
};

// A policy is data, as a recipe is; a module that it names would run in this process.
static const char *take_key(const struct taking *t, const char *text)
{
    if (!pkcs11_is_uri(text)) {
        return take_relative(t->s, text);
    }
    if (strstr(text, "module-path") != NULL) {
        err_set(t->s->e, STATUS_CANNOT,
                "%s: %s: a policy names no PKCS#11 module; register it (see p11-kit), or give the "
                "key on the command line",
                t->v->where, t->v->key);
        return NULL;
    }
    return text;
}

static const char *take_file(const struct taking *t, const char *text)
{
    const char *file = take_relative(t->s, text);
    take_needed(t->s, t->v->where, t->v->key, file);
    return file;
}

static const char *take_ring(const struct taking *t, const char *text)
{
    return take_relative(t->s, text);
}

static const char *take_expectation(const struct taking *t, const char *text)
{
    struct err inner = ERR_NONE;
    bool good = expect_parse(text, &inner) || err_at(t->s->e, t->v->where, &inner);
    return good ? text : NULL;
}

// The words of some options are too many for a line.
static const char *take_word(const struct taking *t, const char *text)
{
    enum { MOST = 512, LISTED = 12 };
    const char *words[MOST];
    size_t count = 0;
    for (const char *word;
         count < MOST && (word = opt_choice(t->row->type, (unsigned)count)) != NULL; count++) {
        words[count] = word;
    }
    if (text_place(text, words, count) < count) {
        return text;
    }
    const char *advice =
        count > LISTED
            ? arena_printf(t->s->arena, "see --%s in otapack-verify(1)", t->row->name)
            : arena_printf(t->s->arena, "write %s", text_list(t->s->arena, words, count));
    err_unknown(t->s->e, text_nearest(text, words, count), advice, "%s: %s '%s' is not known",
                t->v->where, t->v->key, text_printable(t->s->arena, text));
    return NULL;
}

static const char *take_number(const struct taking *t, const char *text)
{
    uint64_t n;
    bool good = text_number(text, &n) ||
                err_set(t->s->e, STATUS_CANNOT, "%s: %s '%s' is no number; write one", t->v->where,
                        t->v->key, text_printable(t->s->arena, text));
    return good ? text : NULL;
}

// What is said of a device is tried on one that nobody looks at.
static const char *take_fact(const struct taking *t, const char *text)
{
    struct target target = {.known = 0};
    struct esp8266_device esp8266 = {.known = 0};
    struct device_said said = {&target, &esp8266};
    bool good = target_say(t->groups, &said, t->row->name, text,
                           arena_printf(t->s->arena, "%s: %s", t->v->where, t->v->key), t->s->e);
    return good ? text : NULL;
}

static const char *take_value(const struct taking *t, const char *text)
{
    static const struct {
        const char *kind;
        const char *(*take)(const struct taking *t, const char *text);
    } kinds[] = {{"key", take_key},     {"keys", take_ring},
                 {"file", take_file},   {"expectation", take_expectation},
                 {"choice", take_word}, {"number", take_number}};
    if (t->row->type->take != NULL) {
        return take_fact(t, text);
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kinds[i].kind, t->row->type->kind) == 0) {
            return kinds[i].take(t, text);
        }
    }
    return text;
}

// ---- Options ------------------------------------------------------------------------------------

static bool add_value(struct taking *t, const struct value *v, struct policy_option *o)
{
    const struct value named = {
        .kind = v->kind, .where = v->where, .text = v->text, .key = t->v->key};
    const struct value *outer = t->v;
    const char *text = take_text(t->s, &named);
    t->v = &named;
    text = text == NULL ? NULL : take_value(t, text);
    t->v = outer;
    if (text != NULL) {
        o->values[o->count++] = text;
    }
    return text != NULL;
}

// true is the option without a value, false no option at all.
static bool add_flag(struct taking *t, struct value *v, struct policy_option *o)
{
    bool given = false;
    if (!key_bool.take(t->s, v, NULL, &given)) {
        return false;
    }
    o->values[o->count] = "";
    o->count += given;
    return true;
}

static bool take_option(struct taking *t, struct value *v, struct policy_option *o)
{
    bool list = v->kind == VALUE_LIST && t->row->repeats;
    o->values = arena_alloc(t->s->arena, (v->count + 2) * sizeof(*o->values));
    if (t->row->type == NULL) {
        return add_flag(t, v, o);
    }
    if (!list) {
        return add_value(t, v, o);
    }
    for (const struct value *item = v->items; item != NULL; item = item->next) {
        if (!add_value(t, item, o)) {
            return false;
        }
    }
    return true;
}

bool policy_options_take(struct schema *s, struct value *top, const struct opt *const *groups,
                         struct policy *p)
{
    const struct opt *const *rows = opt_rows(groups, s->arena);
    struct policy_option **end = &p->options;
    for (struct value *v = top->items; v != NULL; v = v->next) {
        if (v->taken) {
            continue;
        }
        struct taking t = {s, groups, row_of(s, rows, v->key), v};
        struct policy_option *o = ARENA_NEW(s->arena, struct policy_option);
        o->row = t.row;
        if (t.row == NULL ? !no_key(s, v, rows) : !take_option(&t, v, o)) {
            return false;
        }
        *end = o;
        end = &o->next;
    }
    return true;
}
