// SPDX-License-Identifier: Apache-2.0
#include "page.h"

#include <ctype.h>

#include "digests.h"
#include "page_contents.h"
#include "run.h"

enum { WORD = 64, VALUE = 4096, DEEPEST = 300 };

static const char *const elements[] = {
    "a",       "article", "b",      "body",   "caption",  "code",   "dd",      "defs",   "desc",
    "details", "div",     "dl",     "dt",     "fieldset", "footer", "h1",      "h2",     "h3",
    "h4",      "h5",      "head",   "header", "html",     "input",  "label",   "legend", "li",
    "main",    "meta",    "nav",    "ol",     "p",        "path",   "pattern", "rect",   "script",
    "section", "span",    "strong", "style",  "summary",  "svg",    "table",   "tbody",  "td",
    "text",    "th",      "thead",  "title",  "tr",       "ul"};

// None of these loads anything or runs anything; of href, look_at_attribute() sees to that.
static const char *const attributes[] = {"aria-hidden",
                                         "aria-label",
                                         "aria-labelledby",
                                         "charset",
                                         "checked",
                                         "class",
                                         "content",
                                         "d",
                                         "data-field",
                                         "data-id",
                                         "data-path",
                                         "data-unmade",
                                         "data-verdict",
                                         "data-what",
                                         "height",
                                         "href",
                                         "http-equiv",
                                         "id",
                                         "lang",
                                         "name",
                                         "open",
                                         "patternUnits",
                                         "role",
                                         "scope",
                                         "type",
                                         "width",
                                         "x",
                                         "y"};

struct page_reader {
    const char *name, *p; // of the page; where it is read
    bool broken;          // it cannot be read further
    char open[DEEPEST][WORD];
    int depth, heading;
    char path[VALUE], id[WORD]; // of the tag that is read
    struct words ids, links;
    struct words shown; // "part PATH", "VERDICT ID PATH", "unmade ID", "field NAME"
    char *allowed;      // the page's policy
    size_t mains, titles;
};

static void broken(struct page_reader *r, const char *what, const char *word)
{
    if (!r->broken) {
        complain("%s: the page: %s '%s' at: %.60s", r->name, what, word, r->p);
    }
    r->broken = true;
}

// The lists are in the order of the alphabet.
static bool is_listed(const char *word, const char *const *list, size_t n)
{
    return bsearch(&word, list, n, sizeof(*list), words_by_text) != NULL;
}

// Escaped text up to one of `ends`, as what it means. What is escaped is one of five characters.
static void read_text(struct page_reader *r, const char *ends, char *to, size_t room)
{
    static const struct {
        const char *entity;
        char means;
    } rows[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    size_t n = 0;
    while (*r->p != '\0' && strchr(ends, *r->p) == NULL) {
        char c = *r->p;
        size_t length = 1;
        for (size_t i = 0; c == '&' && i < COUNT(rows); i++) {
            if (strncmp(r->p, rows[i].entity, strlen(rows[i].entity)) == 0) {
                c = rows[i].means;
                length = strlen(rows[i].entity);
            }
        }
        if ((*r->p == '&' && length == 1) || strchr("<>\"'", *r->p) != NULL ||
            ((unsigned char)*r->p < ' ' && *r->p != '\n')) {
            broken(r, "not escaped", "");
            return;
        }
        if (n + 1 < room) {
            to[n++] = c;
        }
        r->p += length;
    }
    to[n] = '\0';
}

static void read_word(struct page_reader *r, char to[WORD])
{
    size_t n = 0;
    while ((isalnum((unsigned char)*r->p) || *r->p == '-') && n + 1 < WORD) {
        to[n++] = *r->p++;
    }
    to[n] = '\0';
}

// ---- One tag ------------------------------------------------------------------------------------

static void look_at_attribute(struct page_reader *r, const char *name, const char *value)
{
    if (!is_listed(name, attributes, COUNT(attributes))) {
        broken(r, "no attribute of our pages", name);
    } else if (strcmp(name, "id") == 0) {
        words_add(&r->ids, value);
    } else if (strcmp(name, "href") == 0 && *value != '#') {
        broken(r, "a link out of the page", value);
    } else if (strcmp(name, "href") == 0 || strcmp(name, "aria-labelledby") == 0) {
        words_add(&r->links, value + (*value == '#'));
    } else if (strcmp(name, "content") == 0 && strncmp(value, "default-src", 11) == 0) {
        r->allowed = strdup(value);
    }
}

// What is shown of the JSON is said in attributes: data-path stands behind data-id.
static void note_shown(struct page_reader *r, const char *name, const char *value)
{
    char line[2 * VALUE + WORD];
    *line = '\0';
    if (strcmp(name, "data-id") == 0) {
        (void)snprintf(r->id, sizeof(r->id), "%.*s", WORD - 1, value);
    } else if (strcmp(name, "data-path") == 0 && *r->id == '\0') {
        (void)snprintf(line, sizeof(line), "part %s", value);
    } else if (strcmp(name, "data-path") == 0) {
        (void)snprintf(r->path, sizeof(r->path), "%s", value);
    } else if (strcmp(name, "data-verdict") == 0) {
        (void)snprintf(line, sizeof(line), "%s %s %s", value, r->id, r->path);
    } else if (strcmp(name, "data-unmade") == 0) {
        (void)snprintf(line, sizeof(line), "unmade %s", value);
    } else if (strcmp(name, "data-field") == 0) {
        (void)snprintf(line, sizeof(line), "field %s", value);
    }
    if (*line != '\0') {
        words_add(&r->shown, line);
    }
}

static void read_attributes(struct page_reader *r)
{
    static char value[VALUE];
    char name[WORD];
    *r->id = '\0';
    while (*r->p == ' ' && !r->broken) {
        r->p++;
        read_word(r, name);
        if (strncmp(r->p, "=\"", 2) != 0) {
            broken(r, "no value for the attribute", name);
            return;
        }
        r->p += 2;
        read_text(r, "\"", value, sizeof(value));
        r->p += *r->p == '"';
        look_at_attribute(r, name, value);
        note_shown(r, name, value);
    }
}

// No level is left out on the way down.
static void look_at_heading(struct page_reader *r, const char *element)
{
    if (element[0] == 'h' && isdigit((unsigned char)element[1])) {
        int level = element[1] - '0';
        if (level > r->heading + 1) {
            broken(r, "a heading below nothing", element);
        }
        r->heading = level;
    }
}

// A script or style stands as it is, and is the one that the policy names.
static void read_embedded(struct page_reader *r, const char *element)
{
    char end[WORD + 4], allowed[200];
    uint8_t digest[32];
    (void)snprintf(end, sizeof(end), "</%s>", element);
    const char *to = strstr(r->p, end);
    if (to == NULL || r->allowed == NULL) {
        broken(r, "not ended, or before the policy", element);
        return;
    }
    sha256_of(r->p, (size_t)(to - r->p), digest);
    (void)snprintf(allowed, sizeof(allowed), "%s-src 'sha256-%s'", element, base64_of(digest, 32));
    if (strstr(r->allowed, allowed) == NULL) {
        broken(r, "is not what the page's policy allows", element);
    }
    r->p = to;
}

static void read_start(struct page_reader *r, const char *element)
{
    if (!is_listed(element, elements, COUNT(elements)) || r->depth == DEEPEST) {
        broken(r, "no element of our pages", element);
        return;
    }
    look_at_heading(r, element);
    r->mains += strcmp(element, "main") == 0;
    r->titles += strcmp(element, "h1") == 0;
    read_attributes(r);
    bool empty = strncmp(r->p, "/>", 2) == 0;
    if (empty != (strcmp(element, "meta") == 0 || strcmp(element, "input") == 0) ||
        r->p[empty] != '>') {
        broken(r, "a tag that does not end", element);
        return;
    }
    r->p += 1 + empty;
    if (!empty) {
        (void)snprintf(r->open[r->depth++], WORD, "%s", element);
    }
    if (strcmp(element, "script") == 0 || strcmp(element, "style") == 0) {
        read_embedded(r, element);
    }
}

static void read_tag(struct page_reader *r)
{
    char element[WORD];
    bool end = r->p[1] == '/';
    r->p += 1 + end;
    read_word(r, element);
    if (!end) {
        read_start(r, element);
    } else if (r->depth == 0 || strcmp(r->open[--r->depth], element) != 0 || *r->p != '>') {
        broken(r, "ends what is not open", element);
    } else {
        r->p++;
    }
}

static void read_page(struct page_reader *r, const char *name, const char *page)
{
    static const char doctype[] = "<!DOCTYPE html>\n";
    static char text[VALUE];
    *r = (struct page_reader){.name = name, .p = page};
    if (strncmp(page, doctype, strlen(doctype)) != 0) {
        broken(r, "does not begin with", doctype);
    }
    r->p += r->broken ? 0 : strlen(doctype);
    while (*r->p != '\0' && !r->broken) {
        if (*r->p == '<') {
            read_tag(r);
        } else {
            read_text(r, "<", text, sizeof(text));
        }
    }
}

// ---- All of it ----------------------------------------------------------------------------------

static void look_at_links(struct page_reader *r)
{
    words_sort(&r->ids);
    for (size_t i = 1; i < r->ids.count; i++) {
        if (strcmp(r->ids.of[i - 1], r->ids.of[i]) == 0) {
            complain("%s: the page: twice the ID %s", r->name, r->ids.of[i]);
        }
    }
    for (size_t i = 0; i < r->links.count; i++) {
        if (bsearch(&r->links.of[i], r->ids.of, r->ids.count, sizeof(*r->ids.of), words_by_text) ==
            NULL) {
            complain("%s: the page: a link leads nowhere: %s", r->name, r->links.of[i]);
        }
    }
}

void page_holds(const char *name, const char *page, const json_t *document)
{
    struct page_reader r;
    read_page(&r, name, page);
    if (!r.broken) {
        look_at_links(&r);
        if (r.depth != 0 || r.mains != 1 || r.titles != 1) {
            complain("%s: the page: not whole, or not one title and one <main>", name);
        }
    }
    if (!r.broken && document != NULL) {
        page_compare(name, &r.shown, document);
    }
    words_free(&r.ids);
    words_free(&r.links);
    words_free(&r.shown);
    free(r.allowed);
}
