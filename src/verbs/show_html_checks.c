// SPDX-License-Identifier: Apache-2.0
//
// What every check said: what did not pass comes first, with what to do about it. Boxes choose
// which are seen; they work without a script.
#include <stddef.h>

#include "answer.h"
#include "judge.h"
#include "need.h"
#include "show_html.h"
#include "text.h"

static const struct {
    enum verdict verdict;
    const char *name;
    bool seen; // at first
} kinds[] = {{VERDICT_FAIL, "failed", true},
             {VERDICT_WARN, "warnings", true},
             {VERDICT_NOTE, "notes", true},
             {VERDICT_PASS, "passed", false}};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

// page.css looks at the boxes.
static void put_boxes(const struct html_file *f, const size_t counts[VERDICT_COUNT])
{
    html_open(f->to, "fieldset", NULL);
    html_leaf(f->to, "legend", NULL, "Show:");
    for (size_t i = 0; i < KINDS; i++) {
        html_open(f->to, "label", NULL);
        html_open(f->to, "input", html_verdict_class(kinds[i].verdict));
        html_attribute(f->to, "type", "checkbox");
        if (kinds[i].seen) {
            html_attribute(f->to, "checked", "checked");
        }
        html_close(f->to);
        html_print(f->to, "%s (%zu)", kinds[i].name, counts[kinds[i].verdict]);
        html_close(f->to);
    }
    html_close(f->to);
}

static void put_finding(const struct html_file *f, const struct node *n,
                        const struct finding *finding)
{
    const struct check *check = &checks[finding->check];
    html_open(f->to, "li", html_verdict_class(finding->verdict));
    html_attribute(f->to, "data-id", "%s", check->id);
    html_attribute(f->to, "data-path", "%s", node_path(f->arena, n));
    html_attribute(f->to, "data-verdict", "%s", verdict_name(finding->verdict));
    html_badge(f->to, finding->verdict);
    html_text(f->to, " ");
    html_leaf(f->to, "code", "id", check->id);
    html_text(f->to, " in ");
    show_html_link(f, n);
    html_leaf(f->to, "p", "message", finding->message);
    html_open(f->to, "dl", NULL);
    if (finding->verdict != VERDICT_PASS) {
        html_fact(f->to, "What to do", check->remedy);
    }
    html_fact(f->to, "Who looks", check_who_text(f->arena, check));
    html_close(f->to);
    html_close(f->to);
}

static size_t put_passed(const struct html_file *f, const struct node *n, size_t count)
{
    for (const struct finding *finding = n->findings; finding != NULL; finding = finding->next) {
        if (finding->verdict == VERDICT_PASS && count++ < HTML_CHECKS_MOST) {
            put_finding(f, n, finding);
        }
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        count = put_passed(f, part, count);
    }
    return count;
}

static void put_unmade(const struct html_file *f)
{
    unsigned needs[CHECK_COUNT] = {0};
    bool any = false;
    unmade_needs(f->root, needs);
    for (int i = 0; i < CHECK_COUNT; i++) {
        any = any || needs[i] != 0;
    }
    if (!any) {
        return;
    }
    html_open(f->to, "details", "unmade");
    html_attribute(f->to, "id", "%s", html_id(f->arena, f->number, "unmade", ""));
    html_leaf(f->to, "summary", NULL, "Checks that could not be made, and what they need");
    html_open(f->to, "ul", NULL);
    for (int i = 0; i < CHECK_COUNT; i++) {
        if (needs[i] != 0) {
            html_open(f->to, "li", NULL);
            html_attribute(f->to, "data-unmade", "%s", checks[i].id);
            html_leaf(f->to, "code", "id", checks[i].id);
            html_print(f->to, ", whether %s: needs ", checks[i].condition);
            html_leaf(f->to, "code", NULL, need_text(f->arena, needs[i]));
            html_close(f->to);
        }
    }
    html_close(f->to);
    html_close(f->to);
}

void show_html_checks(const struct html_file *f)
{
    size_t counts[VERDICT_COUNT] = {0};
    size_t count = 0;
    (void)tree_verdict(f->root, counts);
    show_html_section(f, "checks", "Checks");
    put_boxes(f, counts);
    const struct complaint *complaints = complaints_of(f->arena, f->root);
    if (complaints == NULL) {
        html_leaf(f->to, "p", NULL, "There is nothing to put right.");
    }
    html_open(f->to, "ol", "findings");
    for (const struct complaint *c = complaints; c != NULL; c = c->next) {
        if (count++ < HTML_CHECKS_MOST) {
            put_finding(f, c->node, c->finding);
        }
    }
    count = put_passed(f, f->root, count);
    html_close(f->to);
    show_html_more(f, count, HTML_CHECKS_MOST);
    put_unmade(f);
    html_close(f->to);
}
