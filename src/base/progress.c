// SPDX-License-Identifier: Apache-2.0
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "os.h"
#include "text.h"

enum { COLUMNS = 79, BAR = 30, EVERY = 100 }; // milliseconds

struct progress progress_begin(bool quiet)
{
    struct os_info info;
    const char *term = os_variable("TERM");
    bool dumb = term != NULL && strcmp(term, "dumb") == 0;
    bool on = !quiet && !dumb && os_info_fd(OS_STDERR, &info) && info.kind == OS_TERMINAL;
    return (struct progress){.on = on};
}

// A name is cut at its front: its end tells more.
static const char *short_name(struct arena *a, const char *name, size_t most)
{
    const char *text = text_printable(a, name);
    size_t n = strlen(text);
    const char *end = n <= most ? text : text + n - most + 3;
    while (n > most && ((unsigned char)*end & 0xC0) == 0x80) { // in the middle of a letter
        end++;
    }
    return n <= most ? text : arena_printf(a, "...%s", end);
}

const char *progress_line(struct arena *a, const char *what, uint64_t done, uint64_t total,
                          int columns)
{
    static const char marks[] = "##############################";
    uint64_t part = total == 0 ? 0 : done >= total ? 100 : done * 100 / total;
    const char *bar = total == 0 ? ""
                                 : arena_printf(a, "  [%-*.*s] %3" PRIu64 "%%", BAR,
                                                (int)(part * BAR / 100), marks, part);
    const char *rest = arena_printf(a, "%s  %" PRIu64 " KiB", bar, done / 1024);
    size_t room = (size_t)columns > strlen(rest) ? (size_t)columns - strlen(rest) : 0;
    return arena_printf(a, "%s%s", short_name(a, what, room), rest);
}

// Not every console knows a sequence for it.
static void erase(void)
{
    (void)fprintf(stderr, "\r%*s\r", COLUMNS, "");
}

void progress_at(struct progress *p, const char *what, uint64_t done, uint64_t total)
{
    uint64_t now = os_milliseconds();
    if (!p->on || (p->shown && now - p->shown_at < EVERY)) {
        return;
    }
    struct arena a = ARENA_EMPTY;
    erase();
    (void)fputs(progress_line(&a, what, done, total, COLUMNS), stderr);
    (void)fflush(stderr);
    arena_free(&a);
    p->shown = true;
    p->shown_at = now;
}

void progress_clear(struct progress *p)
{
    if (p->shown) {
        erase();
        (void)fflush(stderr);
        p->shown = false;
    }
}
