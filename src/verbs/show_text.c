// SPDX-License-Identifier: Apache-2.0
#include "show.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "judge.h"
#include "need.h"
#include "report.h"
#include "text.h"

enum { COLUMNS = 80, NAME_COLUMNS = 18, SUMMARY_AT = 39 };

struct page {
    struct arena *arena;
    bool colour;
    bool records; // tables are of interest where something is wrong
};

static const struct style {
    const char *on;
} styles[] = {{"\033[1m"}, {"\033[2m"}, {"\033[32m"}, {"\033[33m"}, {"\033[1;31m"}};
enum { BOLD, DIM, GREEN, YELLOW, RED };

static const struct {
    int style;
    const char *word;
} verdicts[VERDICT_COUNT] = {[VERDICT_PASS] = {GREEN, "ok"},
                             [VERDICT_NOTE] = {DIM, "note"},
                             [VERDICT_WARN] = {YELLOW, "warn"},
                             [VERDICT_FAIL] = {RED, "FAIL"}};

static void put(const struct page *p, int style, const char *text)
{
    if (p->colour) {
        printf("%s%s\033[0m", styles[style].on, text);
    } else {
        fputs(text, stdout);
    }
}

void show_flow(const char *text, int column, int indent)
{
    while (*text != '\0') {
        int blanks = (int)strspn(text, " ");
        int n = (int)strcspn(text + blanks, " ");
        if (column > indent && column + blanks + n > COLUMNS) {
            printf("\n%*s", indent, "");
            column = indent;
            blanks = 0;
            text += strspn(text, " ");
        }
        printf("%.*s", blanks + n, text);
        column += blanks + n;
        text += blanks + n;
    }
}

static void show_fields(const struct page *p, const struct node *n, int indent)
{
    int column = 0;
    for (const struct field *f = n->fields; f != NULL; f = f->next) {
        if (!f->shown) {
            continue;
        }
        const char *value = text_printable(p->arena, f->text);
        const char *quote = *value == '\0' || strchr(value, ' ') != NULL ? "\"" : "";
        int width = (int)(strlen(f->name) + 1 + 2 * strlen(quote) + strlen(value));
        if (column == 0 || column + 2 + width > COLUMNS) {
            printf("%s%*s", column == 0 ? "" : "\n", indent, "");
            column = indent;
        } else {
            column += printf("  ");
        }
        put(p, DIM, f->name);
        printf("=%s%s%s", quote, value, quote);
        column += width;
    }
    if (column > 0) {
        putchar('\n');
    }
}

static void show_passed(const struct page *p, const struct node *n, int indent)
{
    const char *list = NULL;
    for (const struct finding *f = n->findings; f != NULL; f = f->next) {
        if (f->verdict == VERDICT_PASS) {
            list = arena_printf(p->arena, "%s %s", list == NULL ? "" : list, checks[f->check].id);
        }
    }
    if (list != NULL) {
        printf("%*s", indent, "");
        put(p, GREEN, "ok");
        show_flow(list, indent + 2, indent + 3);
        putchar('\n');
    }
}

static void show_findings(const struct page *p, const struct node *n, int indent)
{
    show_passed(p, n, indent);
    for (const struct finding *f = n->findings; f != NULL; f = f->next) {
        if (f->verdict != VERDICT_PASS) {
            printf("%*s", indent, "");
            put(p, verdicts[f->verdict].style, verdicts[f->verdict].word);
            show_flow(arena_printf(p->arena, " %s: %s; %s", checks[f->check].id,
                                   text_printable(p->arena, f->message), checks[f->check].remedy),
                      indent + 4, indent + 5);
            putchar('\n');
        }
    }
}

static void show_inside(const struct page *p, const struct node *n, int depth);

// "  name            0x010000     4,096  what it is"
static void show_part(const struct page *p, const struct node *n, int depth)
{
    const char *name = node_name(p->arena, n);
    int width = NAME_COLUMNS - 2 * depth;
    int column = printf("%*s", 2 * depth, "");
    put(p, n->index < 0 ? BOLD : DIM, name);
    column += (int)strlen(name);
    column += printf("%*s 0x%06" PRIx64 " %9s ",
                     width > (int)strlen(name) ? width - (int)strlen(name) : 0, "", n->src.base,
                     text_count(p->arena, n->src.size));
    if (n->summary != NULL) {
        if (column < SUMMARY_AT) {
            column += printf("%*s", SUMMARY_AT - column, "");
        }
        show_flow(text_printable(p->arena, n->summary), column, SUMMARY_AT);
    }
    putchar('\n');
    show_inside(p, n, depth + 1);
}

static void show_inside(const struct page *p, const struct node *n, int depth)
{
    show_fields(p, n, 2 * depth);
    if (n->error != NULL) {
        printf("%*s", 2 * depth, "");
        put(p, RED, "unreadable:");
        show_flow(arena_printf(p->arena, " %s", text_printable(p->arena, n->error)), 2 * depth + 11,
                  2 * depth + 2);
        putchar('\n');
    }
    show_findings(p, n, 2 * depth);
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        if (p->records || !part->record) {
            show_part(p, part, depth);
        }
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

// ---- What was not checked
// ------------------------------------------------------------------------

static void collect_unmade(const struct node *n, unsigned needs[CHECK_COUNT])
{
    for (const struct unmade *u = n->unmade; u != NULL; u = u->next) {
        needs[u->check] = u->needs;
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        collect_unmade(part, needs);
    }
}

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

static void show_unmade(const struct page *p, const struct node *root)
{
    unsigned needs[CHECK_COUNT] = {0};
    const char *list = "";
    collect_unmade(root, needs);
    for (int i = 0; i < CHECK_COUNT; i++) {
        if (needs[i] != 0) {
            list = arena_printf(p->arena, "%s%s %s", list, *list == '\0' ? "" : ";",
                                take_unmade(p->arena, needs, needs[i]));
        }
    }
    if (*list != '\0') {
        put(p, DIM, "not checked:");
        show_flow(list, 12, 2);
        putchar('\n');
    }
}

void show_text(struct arena *a, const char *file, const struct node *root, bool colour)
{
    size_t counts[VERDICT_COUNT] = {0};
    enum verdict worst = tree_verdict(root, counts);
    struct page p = {a, colour, worst == VERDICT_FAIL};
    const char *failed = "";
    bool more = list_failed(a, root, 0, &failed) > FAILED_SHOWN;
    put(&p, BOLD, text_printable(a, file));
    int column = (int)strlen(text_printable(a, file));
    putchar(':');
    show_flow(
        arena_printf(a, " %s, %s", text_size(a, root->src.size), text_printable(a, root->summary)),
        column + 1, 2);
    putchar('\n');
    show_inside(&p, root, 1);
    show_unmade(&p, root);
    put(&p, worst == VERDICT_NOTE ? GREEN : verdicts[worst].style,
        worst == VERDICT_FAIL ? "FAIL" : "ok");
    show_flow(arena_printf(a, ": %s, %zu failed%s%s", report_counts(a, counts),
                           counts[VERDICT_FAIL], failed, more ? ", ..." : ""),
              4, 2);
    putchar('\n');
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

void show_assignment(struct arena *a, const char *path, const char *value)
{
    const char *text = text_printable(a, value);
    size_t plain = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "_./:@%+,=-");
    put_variable(path);
    putchar('=');
    if (text[plain] == '\0') {
        puts(text);
        return;
    }
    putchar('\'');
    for (const char *p = text; *p != '\0'; p++) {
        fputs(*p == '\'' ? "'\\''" : (const char[]){*p, '\0'}, stdout);
    }
    puts("'");
}

void show_value(struct arena *a, const struct place_in_tree *place, bool colour)
{
    struct page p = {a, colour, true};
    if (place->field != NULL) {
        printf("%s\n", text_printable(a, place->field->text));
    } else if (place->node->parent == NULL) {
        show_inside(&p, place->node, 0);
    } else {
        show_part(&p, place->node, 0);
    }
}
