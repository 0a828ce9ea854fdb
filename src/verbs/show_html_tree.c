// SPDX-License-Identifier: Apache-2.0
//
// Everything that is in the file: parts in parts, which fold, with all their fields. What leads to
// something wrong is open.
#include <inttypes.h>

#include "judge.h"
#include "show_html.h"
#include "text.h"

struct tree {
    const struct html_file *f;
    size_t nodes; // so many were shown, or would have been
};

static void put_fields(const struct html_file *f, const struct node *n)
{
    if (n->fields == NULL) {
        return;
    }
    html_open(f->to, "dl", "facts fields");
    for (const struct field *field = n->fields; field != NULL; field = field->next) {
        html_open(f->to, "div", field->shown ? NULL : "quiet");
        html_attribute(f->to, "data-field", "%s", field->name);
        html_leaf(f->to, "dt", NULL, field->name);
        html_leaf(f->to, "dd", NULL, field->text);
        html_close(f->to);
    }
    html_close(f->to);
}

static void put_summary(const struct html_file *f, const struct node *n, enum verdict worst)
{
    html_open(f->to, "summary", NULL);
    html_leaf(f->to, "b", NULL, n->parent == NULL ? "the file" : node_name(f->arena, n));
    html_text(f->to, " ");
    html_open(f->to, "span", "place");
    html_print(f->to, "0x%06" PRIx64 ", %s%s", n->src.base, text_size(f->arena, n->src.size),
               n->unpacked ? " when unpacked" : "");
    html_close(f->to);
    html_text(f->to, " ");
    if (worst > VERDICT_NOTE) {
        html_badge(f->to, worst);
        html_text(f->to, " ");
    }
    html_leaf(f->to, "span", "what", n->summary == NULL ? "" : n->summary);
    html_close(f->to);
}

static void put_node(struct tree *t, const struct node *n);

static void put_parts(struct tree *t, const struct node *n)
{
    if (n->parts == NULL || t->nodes >= HTML_NODES_MOST) {
        for (const struct node *part = n->parts; part != NULL; part = part->next) {
            put_node(t, part); // which only counts
        }
        return;
    }
    html_open(t->f->to, "ul", NULL);
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        put_node(t, part);
    }
    html_close(t->f->to);
}

static void put_node(struct tree *t, const struct node *n)
{
    const struct html_file *f = t->f;
    if (t->nodes++ >= HTML_NODES_MOST) {
        put_parts(t, n);
        return;
    }
    size_t counts[VERDICT_COUNT] = {0};
    enum verdict worst = tree_verdict(n, counts);
    const char *path = node_path(f->arena, n);
    html_open(f->to, "li", NULL);
    html_open(f->to, "details", NULL);
    html_attribute(f->to, "id", "%s", html_id(f->arena, f->number, "part", path));
    html_attribute(f->to, "data-path", "%s", path);
    if (n->parent == NULL || worst > VERDICT_NOTE) {
        html_attribute(f->to, "open", "open");
    }
    put_summary(f, n, worst);
    if (n->error != NULL) {
        html_open(f->to, "p", "unreadable");
        html_print(f->to, "Cannot be read: %s", n->error);
        html_close(f->to);
    }
    put_fields(f, n);
    put_parts(t, n);
    html_close(f->to);
    html_close(f->to);
}

void show_html_tree(const struct html_file *f)
{
    struct tree t = {f, 0};
    show_html_section(f, "contents", "Contents");
    html_open(f->to, "ul", "tree");
    put_node(&t, f->root);
    html_close(f->to);
    show_html_more(f, t.nodes, HTML_NODES_MOST);
    html_close(f->to);
}
