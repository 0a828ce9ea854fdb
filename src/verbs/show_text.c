// SPDX-License-Identifier: Apache-2.0
#include "show.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "judge.h"
#include "need.h"
#include "report.h"
#include "show_parts.h"
#include "text.h"

// ---- What was not checked
// ------------------------------------------------------------------------

// "host-slot and host-update need --partition-table": all checks that miss the same. They are taken
// out of `needs`.
static const char *take_unmade(struct arena *a, unsigned needs[CHECK_COUNT], unsigned missing)
{
    const char *names[CHECK_COUNT];
    size_t count = 0;
    for (int i = 0; i < CHECK_COUNT; i++) {
        if (needs[i] == missing) {
            names[count++] = checks[i].id;
            needs[i] = 0;
        }
    }
    return arena_printf(a, "%s %s %s", text_list(a, names, count), count == 1 ? "needs" : "need",
                        need_text(a, missing));
}

// In short, what they need, each once; else each check with what it needs.
static const char *unmade_text(struct arena *a, const struct node *root, bool all)
{
    unsigned needs[CHECK_COUNT] = {0};
    unsigned together = 0;
    size_t count = 0;
    const char *list = "";
    unmade_needs(root, needs);
    for (int i = 0; i < CHECK_COUNT; i++) {
        count += needs[i] != 0;
        together |= needs[i];
    }
    if (!all && count > 0) {
        return arena_printf(a, " %zu check%s that need%s %s (all of them: -v)", count,
                            count == 1 ? "" : "s", count == 1 ? "s" : "", need_text(a, together));
    }
    for (int i = 0; i < CHECK_COUNT; i++) {
        if (needs[i] != 0) {
            list = arena_printf(a, "%s%s %s", list, *list == '\0' ? "" : ";",
                                take_unmade(a, needs, needs[i]));
        }
    }
    return list;
}

static void show_unmade(const struct page *p, const struct node *root, bool all)
{
    const char *text = unmade_text(p->arena, root, all);
    if (*text != '\0') {
        page_put(p, PAGE_DIM, "not checked:");
        page_flow(p, text, 12, 2);
        putchar('\n');
    }
}

enum { FAILED_SHOWN = 6 };

// "firmware: esp-hash, host.desc: app-text": where to look in a long tree. Returns how many there
// were so far.
static size_t list_failed(struct arena *a, const struct node *n, size_t count, const char **list)
{
    for (const struct finding *f = n->findings; f != NULL; f = f->next) {
        if (f->verdict == VERDICT_FAIL && count++ < FAILED_SHOWN) {
            const char *path = node_path(a, n);
            *list = arena_printf(a, "%s%s%s%s%s", *list, **list == '\0' ? ": " : ", ", path,
                                 *path == '\0' ? "" : ": ", checks[f->check].id);
        }
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        count = list_failed(a, part, count, list);
    }
    return count;
}

// Once more at the end, for who sees only that.
static void show_end(const struct page *p, const struct node *root, enum verdict worst,
                     const size_t counts[VERDICT_COUNT])
{
    const char *failed = "";
    bool more = list_failed(p->arena, root, 0, &failed) > FAILED_SHOWN;
    page_answer(p, worst);
    page_flow(p,
              arena_printf(p->arena, ": %s, %zu failed%s%s", report_counts(p->arena, counts),
                           counts[VERDICT_FAIL], failed, more ? ", ..." : ""),
              4, 2);
    putchar('\n');
}

void show_text(struct arena *a, const char *file, const struct node *root, bool colour,
               enum show_amount amount)
{
    const struct page p = page_of(a, colour);
    size_t counts[VERDICT_COUNT] = {0};
    show_answer(&p, file, root);
    if (amount == SHOW_BRIEF) {
        return;
    }
    enum verdict worst = tree_verdict(root, counts);
    show_picture(&p, root);
    putchar('\n');
    show_tree(&p, root,
              SHOW_HEADINGS | (worst == VERDICT_FAIL ? SHOW_RECORDS : 0U) |
                  (amount == SHOW_MUCH ? SHOW_ALL : 0U));
    putchar('\n');
    show_unmade(&p, root, amount == SHOW_MUCH);
    show_end(&p, root, worst, counts);
}

static int in_variable(char c)
{
    return isalnum((unsigned char)c) ? toupper((unsigned char)c) : '_';
}

// SEGMENTS_0_LOAD_ADDR of segments[0].load_addr.
static void put_variable(const char *path)
{
    for (const char *p = path; *p != '\0'; p++) {
        putchar(in_variable(*p));
        p += p[1] == ']'; // a dot follows, or nothing
    }
}

void show_quoted(const char *value)
{
    size_t plain = strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                 "_./:@%+,=-");
    if (value[plain] == '\0') {
        fputs(value, stdout);
        return;
    }
    putchar('\'');
    for (const char *p = value; *p != '\0'; p++) {
        fputs(*p == '\'' ? "'\\''" : (const char[]){*p, '\0'}, stdout);
    }
    putchar('\'');
}

void show_assignment(struct arena *a, const char *path, const char *value)
{
    put_variable(path);
    putchar('=');
    show_quoted(text_printable(a, value));
    putchar('\n');
}

void show_value(struct arena *a, const struct place_in_tree *place, bool colour,
                enum show_amount amount)
{
    const struct page p = page_of(a, colour);
    if (place->field != NULL) {
        printf("%s\n", text_printable(a, place->field->text));
    } else {
        show_tree(&p, place->node, SHOW_RECORDS | (amount == SHOW_MUCH ? SHOW_ALL : 0U));
    }
}
