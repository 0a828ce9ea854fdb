// SPDX-License-Identifier: Apache-2.0
#include "access_log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "json.h"
#include "os.h"
#include "text.h"

enum { TIME_ROOM = 64, NANOSECONDS = 1000000000 };

// Now, in UTC.
static void time_text(char text[TIME_ROOM], enum access_log_form form)
{
    time_t now = (time_t)(os_now() / NANOSECONDS);
    const struct tm *t = gmtime(&now); // NOLINT(concurrency-mt-unsafe): there is one thread
    text[0] = '\0';
    if (t != NULL) {
        (void)strftime(text, TIME_ROOM,
                       form == LOG_JSON ? "%Y-%m-%dT%H:%M:%SZ" : "%d/%b/%Y:%H:%M:%S +0000", t);
    }
}

// What stands in quotation marks in a line of the common form: without what would end them.
static const char *quotable(struct arena *a, const char *text)
{
    static const char escaped[] = "\\x22";
    const char *safe = text_printable(a, text);
    char *out = arena_alloc(a, strlen(safe) * strlen(escaped) + 1), *to = out;
    for (; *safe != '\0'; safe++) {
        for (const char *c = escaped; *safe == '"' && *c != '\0'; c++) {
            *to++ = *c;
        }
        if (*safe != '"') {
            *to++ = *safe;
        }
    }
    return out;
}

static void log_common(struct arena *a, const struct access_line *line)
{
    char when[TIME_ROOM];
    const struct http_request *r = line->request;
    time_text(when, LOG_COMMON);
    printf("%s - - [%s] \"%s %s %s\" %u %" PRIu64 "\n", r->from, when, quotable(a, r->method),
           quotable(a, r->target), quotable(a, r->version), line->status, line->bytes);
}

static void log_json(const struct access_line *line)
{
    char when[TIME_ROOM];
    const struct http_request *r = line->request;
    json_t *o = json_must(json_object());
    time_text(when, LOG_JSON);
    json_put_text(o, "event", "request");
    json_put_text(o, "time", when);
    json_put_text(o, "from", r->from);
    json_put_text(o, "method", r->method);
    json_put_text(o, "target", r->target);
    json_put(o, "status", json_number(line->status));
    json_put(o, "bytes", json_number(line->bytes));
    json_put(o, "whole", json_must(json_boolean(line->whole)));
    json_put_text(o, "file", line->file);
    json_put_text(o, "sha256", line->sha256);
    json_put_text(o, "why", line->why);
    json_print_line(o);
}

void access_log(enum access_log_form form, const struct access_line *line)
{
    struct arena a = ARENA_EMPTY;
    if (form == LOG_COMMON) {
        log_common(&a, line);
    } else if (form == LOG_JSON) {
        log_json(line);
    }
    (void)fflush(stdout);
    arena_free(&a);
}

void access_log_ready(enum access_log_form form, const char *url)
{
    if (form == LOG_JSON) {
        json_t *o = json_must(json_object());
        json_put_text(o, "event", "ready");
        json_put_text(o, "url", url);
        json_print_line(o);
    } else {
        printf("%s\n", url);
    }
    (void)fflush(stdout);
}
