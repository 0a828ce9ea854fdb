// SPDX-License-Identifier: Apache-2.0
//
// inspect --format html: the files in one page, each with its answer first.
#include "show_html.h"

#include <string.h>

#include "answer.h"
#include "html_bar.h"
#include "show.h"
#include "text.h"

struct indexed {
    struct indexed *next;
    const char *file;
    const char *kind;     // NULL: it could not be read
    enum verdict verdict; // of one that could
};

struct page {
    struct arena *arena;
    struct html *files;
    struct indexed *index, **index_end;
    size_t count, last; // files so far, and in the end
};

void show_html_section(const struct html_file *f, const char *id, const char *title)
{
    const char *heading = html_id(f->arena, f->number, "section", id);
    html_open(f->to, "section", id);
    html_attribute(f->to, "aria-labelledby", "%s", heading);
    html_open(f->to, "h3", NULL);
    html_attribute(f->to, "id", "%s", heading);
    html_text(f->to, title);
    html_close(f->to);
}

void show_html_named_link(const struct html_file *f, const struct node *n, const char *name)
{
    html_open(f->to, f->linked ? "a" : "span", "path");
    if (f->linked) {
        html_attribute(f->to, "href", "#%s",
                       html_id(f->arena, f->number, "part", node_path(f->arena, n)));
    }
    html_text(f->to, name);
    html_close(f->to);
}

void show_html_link(const struct html_file *f, const struct node *n)
{
    const char *path = node_path(f->arena, n);
    show_html_named_link(f, n, *path == '\0' ? "the whole file" : path);
}

void show_html_more(const struct html_file *f, size_t count, size_t shown)
{
    if (count > shown) {
        html_open(f->to, "p", "more");
        html_print(f->to, "And %s more, which otapack inspect --json lists.",
                   text_count(f->arena, count - shown));
        html_close(f->to);
    }
}

static void put_answer(const struct html_file *f, const struct answer *answer)
{
    show_html_section(f, "answer", "Answer");
    html_verdict(f->to, answer->worst, answer->verdict);
    if (answer->unmade > 0) {
        html_open(f->to, "p", NULL);
        html_print(f->to, "%zu check%s could not be made: ", answer->unmade,
                   answer->unmade == 1 ? "" : "s");
        html_open(f->to, "a", NULL);
        html_attribute(f->to, "href", "#%s", html_id(f->arena, f->number, "unmade", ""));
        html_text(f->to, answer->unmade == 1 ? "what it needs" : "what they need");
        html_close(f->to);
        html_text(f->to, ".");
        html_close(f->to);
    }
    html_open(f->to, "dl", "facts");
    for (const struct answer_row *row = answer->rows; row != NULL; row = row->next) {
        html_fact(f->to, *row->label == '\0' ? "more" : row->label, row->text);
    }
    html_close(f->to);
    html_close(f->to);
}

// The frame of a file, with its heading; html_close() ends it. The name of the only one is the
// page's title already.
static void open_file(const struct html_file *f, const struct page *page, const char *file,
                      const char *text)
{
    html_open(f->to, "article", NULL);
    html_attribute(f->to, "id", "%s", html_id(f->arena, f->number, "file", ""));
    html_open(f->to, "h2", NULL);
    if (page->last > 1) {
        html_leaf(f->to, "span", "file", file);
        html_text(f->to, ": ");
    }
    html_text(f->to, text);
    html_close(f->to);
}

static const char *name_of(const char *file)
{
    return strcmp(file, "-") == 0 ? "standard input" : file;
}

static void add_to_index(struct page *page, const char *file, const char *kind,
                         enum verdict verdict)
{
    struct indexed *row = ARENA_NEW(page->arena, struct indexed);
    *row = (struct indexed){.file = arena_string(page->arena, name_of(file)),
                            .kind = kind == NULL ? NULL : arena_string(page->arena, kind),
                            .verdict = verdict};
    *page->index_end = row;
    page->index_end = &row->next;
    page->count++;
}

static size_t count_nodes(const struct node *n)
{
    size_t count = 1;
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        count += count_nodes(part);
    }
    return count;
}

static void *begin(struct arena *a, size_t count)
{
    struct page *page = ARENA_NEW(a, struct page);
    page->arena = a;
    page->files = html_new(a);
    page->index_end = &page->index;
    page->last = count;
    return page;
}

static void add(void *document, const char *file, const struct node *root)
{
    struct page *page = document;
    struct arena a = ARENA_EMPTY;
    struct answer answer = answer_of(&a, root);
    const char *kind = arena_printf(&a, "%s, %s", answer.kind, text_size(&a, answer.size));
    add_to_index(page, file, kind, answer.worst);
    struct html_file f = {page->files, &a, page->count, root, count_nodes(root) <= HTML_NODES_MOST};
    open_file(&f, page, name_of(file), kind);
    put_answer(&f, &answer);
    show_html_checks(&f);
    show_html_picture(&f);
    show_html_memory(&f);
    show_html_tree(&f);
    show_html_digests(&f);
    html_close(f.to);
    arena_free(&a);
}

static void add_error(void *document, const char *file, const char *error)
{
    struct page *page = document;
    struct arena a = ARENA_EMPTY;
    add_to_index(page, file, NULL, VERDICT_FAIL);
    struct html_file f = {page->files, &a, page->count, NULL, false};
    open_file(&f, page, name_of(file), "not read");
    html_leaf(f.to, "p", "verdict failed", error);
    html_close(f.to);
    arena_free(&a);
}

static void put_index(struct html *h, const struct page *page)
{
    struct arena a = ARENA_EMPTY;
    size_t number = 0;
    html_open(h, "nav", NULL);
    html_attribute(h, "aria-label", "Files");
    html_open(h, "ol", "index");
    for (const struct indexed *row = page->index; row != NULL; row = row->next) {
        html_open(h, "li", NULL);
        html_badge(h, row->verdict);
        html_text(h, " ");
        html_open(h, "a", NULL);
        html_attribute(h, "href", "#%s", html_id(&a, ++number, "file", ""));
        html_text(h, row->file);
        html_close(h);
        html_print(h, ": %s", row->kind == NULL ? "not read" : row->kind);
        html_close(h);
    }
    html_close(h);
    html_close(h);
    arena_free(&a);
}

static void print(void *document)
{
    struct page *page = document;
    struct html *h = html_new(page->arena);
    html_page_begin(h, page->count == 1 ? page->index->file
                                        : arena_printf(page->arena, "%zu files", page->count));
    if (page->count > 1) {
        put_index(h, page);
    }
    html_page_main(h);
    html_bar_patterns(h);
    html_append(h, page->files);
    html_page_end(h);
    html_page_print(h);
}

// All of it is in the arena.
static void drop(void *document)
{
    (void)document;
}

const struct show_document show_document_html = {begin, add, add_error, print, drop};
