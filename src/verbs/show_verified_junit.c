// SPDX-License-Identifier: Apache-2.0
#include "show_verified.h"

#include <stdio.h>
#include <string.h>

#include "json.h"
#include "text.h"

// Text in XML 1.0, which has no control characters, not even escaped.
static void put_xml(const char *text)
{
    for (; *text != '\0'; text++) {
        const char *entity = text_entity(*text);
        if (entity != NULL) {
            (void)fputs(entity, stdout);
        } else {
            (void)putchar((unsigned char)*text < ' ' || *text == 0x7F ? ' ' : *text);
        }
    }
}

static void put_attribute(const char *name, const char *value)
{
    (void)printf(" %s=\"", name);
    put_xml(value);
    (void)putchar('"');
}

struct suite {
    struct arena *arena;
    const char *file;
    json_t *names; // of the cases so far, and how often each was given
    size_t counts[OUTCOME_COUNT];
    size_t cases;
};

static void count_item(void *ctx, const struct verified_item *item)
{
    struct suite *suite = ctx;
    suite->counts[item->outcome]++;
    suite->cases++;
}

// What is in a case that did not just pass.
static void put_outcome(const struct verified_item *item, const char *text)
{
    static const struct {
        const char *element;
        const char *prefix;
    } kinds[OUTCOME_COUNT] = {[OUTCOME_NOTE] = {"system-out", "note: "},
                              [OUTCOME_WARN] = {"system-out", "warning: "},
                              [OUTCOME_FAIL] = {"failure", NULL},
                              [OUTCOME_ERROR] = {"error", NULL},
                              [OUTCOME_SKIPPED] = {"skipped", NULL}};
    const char *element = kinds[item->outcome].element;
    (void)printf("      <%s", element);
    if (kinds[item->outcome].prefix != NULL) {
        (void)printf(">%s", kinds[item->outcome].prefix);
        put_xml(text);
        (void)printf("</%s>\n", element);
        return;
    }
    put_attribute("message", text);
    if (item->outcome != OUTCOME_SKIPPED) {
        put_attribute("type", item->id);
    }
    (void)fputs("/>\n", stdout);
}

// "host: expectation: chip = esp32": by it a server knows the case from run to run, so it says what
// is asked, and nothing of the answer.
static const char *name_of(const struct suite *suite, const struct verified_item *item)
{
    struct arena *a = suite->arena;
    const char *path = item->node == NULL ? "" : node_path(a, item->node);
    const char *subject = item->subject == NULL ? "" : item->subject;
    const char *name =
        arena_printf(a, "%s%s%s%s%s", path, *path == '\0' ? "" : ": ", item->id,
                     *subject == '\0' ? "" : ": ", text_utf8(a, subject, strlen(subject)));
    json_int_t before = json_integer_value(json_object_get(suite->names, name));
    json_put(suite->names, name, json_integer(before + 1));
    return before == 0 ? name : arena_printf(a, "%s (%d)", name, (int)before + 1);
}

static void put_case(void *ctx, const struct verified_item *item)
{
    const struct suite *suite = ctx;
    const char *text = text_utf8(suite->arena, item->text, strlen(item->text));
    (void)fputs("    <testcase", stdout);
    put_attribute("classname", suite->file);
    put_attribute("name", name_of(suite, item));
    if (item->outcome == OUTCOME_PASS) {
        (void)fputs("/>\n", stdout);
        return;
    }
    (void)fputs(">\n", stdout);
    put_outcome(item, text);
    (void)fputs("    </testcase>\n", stdout);
}

static void begin(struct arena *a, void **state)
{
    (void)a, (void)state;
    (void)puts("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    (void)puts("<testsuites name=\"otapack verify\">");
}

static void add_file(struct arena *a, void *state, const struct verified *v)
{
    struct suite suite = {.arena = a,
                          .file = text_utf8(a, v->file, strlen(v->file)),
                          .names = json_must(json_object())};
    (void)state;
    verified_each(v, a, count_item, &suite);
    (void)fputs("  <testsuite", stdout);
    put_attribute("name", suite.file);
    (void)printf(" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n", suite.cases,
                 suite.counts[OUTCOME_FAIL], suite.counts[OUTCOME_ERROR],
                 suite.counts[OUTCOME_SKIPPED]);
    verified_each(v, a, put_case, &suite);
    (void)puts("  </testsuite>");
    json_decref(suite.names);
}

static void end(struct arena *a, void *state)
{
    (void)a, (void)state;
    (void)puts("</testsuites>");
}

const struct show_verified show_verified_junit = {"junit", begin, add_file, end};
