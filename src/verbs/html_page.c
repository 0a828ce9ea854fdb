// SPDX-License-Identifier: Apache-2.0
#include "html_page.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base64.h"
#include "digest.h"
#include "report.h"

static const char style[] =
#define PAGE_STYLE(text) text
#define PAGE_SCRIPT(text)
#include "page.def"
#undef PAGE_STYLE
#undef PAGE_SCRIPT
    ;

static const char script[] =
#define PAGE_STYLE(text)
#define PAGE_SCRIPT(text) text
#include "page.def"
#undef PAGE_STYLE
#undef PAGE_SCRIPT
    ;

// What a browser is to take of an element, and nothing else: 'sha256-...'.
static const char *allowed(struct arena *a, const char *text)
{
    enum { SIZE = 32 };
    uint8_t digest[DIGEST_MAX_SIZE];
    struct digest *d = digest_new(DIGEST_SHA256, DIGEST_BEST);
    struct otapack_hash hash = digest_hash(d);
    hash.start(hash.ctx);
    hash.update(hash.ctx, (const uint8_t *)text, strlen(text));
    hash.finish(hash.ctx, digest);
    digest_free(d);
    return arena_printf(a, "'sha256-%s'", base64(a, digest, SIZE));
}

static void put_meta(struct html *h, const char *kind, const char *name, const char *content)
{
    html_open(h, "meta", NULL);
    html_attribute(h, kind, "%s", name);
    html_attribute(h, "content", "%s", content);
    html_close(h);
}

static void put_head(struct html *h, const char *title)
{
    struct arena a = ARENA_EMPTY;
    html_open(h, "head", NULL);
    html_open(h, "meta", NULL);
    html_attribute(h, "charset", "utf-8");
    html_close(h);
    put_meta(
        h, "http-equiv", "Content-Security-Policy",
        arena_printf(
            &a,
            "default-src 'none'; style-src %s; script-src %s; base-uri 'none'; form-action 'none'",
            allowed(&a, style), allowed(&a, script)));
    put_meta(h, "name", "viewport", "width=device-width, initial-scale=1");
    put_meta(h, "name", "color-scheme", "light dark");
    put_meta(h, "name", "generator", "otapack " OTAPACK_VERSION);
    html_leaf(h, "title", NULL, title);
    html_embed(h, "style", style);
    html_close(h);
    arena_free(&a);
}

void html_page_begin(struct html *h, const char *title)
{
    html_open(h, "html", NULL);
    html_attribute(h, "lang", "en");
    put_head(h, title);
    html_open(h, "body", NULL);
    html_open(h, "header", NULL);
    html_leaf(h, "h1", NULL, title);
}

void html_page_main(struct html *h)
{
    html_close(h);
    html_open(h, "main", NULL);
}

void html_page_end(struct html *h)
{
    html_close(h);
    html_open(h, "footer", NULL);
    html_leaf(h, "p", NULL,
              "Written by otapack " OTAPACK_VERSION ". This page asks the network for nothing.");
    html_open(h, "p", NULL);
    html_attribute(h, "role", "status"); // the script says here what was copied
    html_attribute(h, "id", "said");
    html_close(h);
    html_close(h);
    html_embed(h, "script", script);
    html_close(h);
    html_close(h);
}

void html_page_print(struct html *h)
{
    size_t size;
    const char *bytes = html_end(h, &size);
    (void)fputs("<!DOCTYPE html>\n", stdout);
    (void)fwrite(bytes, 1, size, stdout);
}

static const struct {
    const char *class_name, *word, *sign, *of_file;
} verdicts[VERDICT_COUNT] = {[VERDICT_PASS] = {"good", "passed", "\xe2\x9c\x93", "Good"},
                             [VERDICT_NOTE] = {"noted", "note", "i", "Good"},
                             [VERDICT_WARN] = {"warned", "warning", "!", "Good, with warnings"},
                             [VERDICT_FAIL] = {"failed", "failed", "\xe2\x9c\x97", "Not good"}};

const char *html_verdict_class(enum verdict verdict)
{
    return verdicts[verdict].class_name;
}

static void put_sign(struct html *h, enum verdict verdict)
{
    html_open(h, "span", "sign");
    html_attribute(h, "aria-hidden", "true");
    html_text(h, verdicts[verdict].sign);
    html_close(h);
    html_text(h, " ");
}

void html_badge(struct html *h, enum verdict verdict)
{
    struct arena a = ARENA_EMPTY;
    html_open(h, "span", arena_printf(&a, "badge %s", verdicts[verdict].class_name));
    put_sign(h, verdict);
    html_text(h, verdicts[verdict].word);
    html_close(h);
    arena_free(&a);
}

void html_verdict(struct html *h, enum verdict verdict, const char *text)
{
    struct arena a = ARENA_EMPTY;
    html_open(h, "p", arena_printf(&a, "verdict %s", verdicts[verdict].class_name));
    put_sign(h, verdict);
    html_leaf(h, "strong", NULL, verdicts[verdict].of_file);
    html_print(h, ": %s.", text);
    html_close(h);
    arena_free(&a);
}

void html_fact(struct html *h, const char *term, const char *text)
{
    html_open(h, "div", NULL);
    html_leaf(h, "dt", NULL, term);
    html_leaf(h, "dd", NULL, text);
    html_close(h);
}

static void put_titles(struct html *h, const char *const *titles)
{
    html_open(h, "thead", NULL);
    html_open(h, "tr", NULL);
    for (; *titles != NULL; titles++) {
        html_open(h, "th", NULL);
        html_attribute(h, "scope", "col");
        html_text(h, *titles);
        html_close(h);
    }
    html_close(h);
    html_close(h);
    html_open(h, "tbody", NULL);
}

void html_table(struct html *h, const char *caption, const char *const *titles)
{
    html_open(h, "table", "plain");
    html_leaf(h, "caption", NULL, caption);
    put_titles(h, titles);
}

void html_headed_table(struct html *h, const char *class_name, const char *caption,
                       const char *const *titles)
{
    html_open(h, "table", class_name);
    html_attribute(h, "aria-label", "%s", caption);
    put_titles(h, titles);
}

const char *html_id(struct arena *a, size_t file, const char *kind, const char *path)
{
    char *id = arena_printf(a, "f%zu-%s%s%s", file, kind, *path == '\0' ? "" : "-", path);
    for (char *p = id; *p != '\0'; p++) { // a fragment of an address takes no brackets
        *p = *p == '[' ? '.' : *p == ']' ? '-' : *p;
    }
    return id;
}
