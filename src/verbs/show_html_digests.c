// SPDX-License-Identifier: Apache-2.0
//
// Digests of the file and of what is in it, to compare and to copy.
#include "format.h"
#include "node_fact.h"
#include "show_html.h"

static void put_digest(const struct html_file *f, const struct node *n, const char *name,
                       const char *title)
{
    const struct field *digest = node_fact(f->arena, n, name);
    if (digest == NULL) { // its bytes cannot be read
        return;
    }
    const char *path = node_path(f->arena, n);
    html_open(f->to, "div", NULL);
    html_leaf(f->to, "dt", NULL, title);
    html_open(f->to, "dd", NULL);
    html_open(f->to, "code", "copied");
    html_attribute(f->to, "data-what", "%s of %s", title, *path == '\0' ? "the file" : path);
    html_text(f->to, digest->text);
    html_close(f->to);
    html_close(f->to);
    html_close(f->to);
}

static size_t put_digests(const struct html_file *f, const struct node *n, size_t count)
{
    if ((n->parent == NULL || (n->opened != NULL && node_is_known(n) && n->src.size > 0)) &&
        count++ < HTML_PROGRAMS_MOST) {
        html_open(f->to, "h4", NULL);
        show_html_link(f, n);
        html_close(f->to);
        html_open(f->to, "dl", "facts");
        put_digest(f, n, "sha256", "SHA-256");
        put_digest(f, n, "md5", "MD5");
        html_close(f->to);
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        count = put_digests(f, part, count);
    }
    return count;
}

void show_html_digests(const struct html_file *f)
{
    show_html_section(f, "digests", "Digests");
    show_html_more(f, put_digests(f, f->root, 0), HTML_PROGRAMS_MOST);
    html_close(f->to);
}
