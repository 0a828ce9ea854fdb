// SPDX-License-Identifier: Apache-2.0
#include "publish_script.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "os.h"

void publish_step(struct publishing *p, const char *format, ...)
{
    struct arena a = ARENA_EMPTY;
    va_list args;
    va_start(args, format);
    json_add(p->list, json_string(arena_vprintf(&a, format, args)));
    va_end(args);
    arena_free(&a);
}

// The strings of an array, each with a newline behind it.
static const char *lines(struct arena *a, const json_t *list)
{
    size_t i, n = 0;
    json_t *line;
    json_array_foreach(list, i, line)
    {
        n += json_string_length(line) + 1;
    }
    char *text = arena_alloc(a, n + 1), *to = text;
    json_array_foreach(list, i, line)
    {
        memcpy(to, json_string_value(line), json_string_length(line));
        to += json_string_length(line);
        *to++ = '\n';
    }
    return text;
}

// The script runs where the files are; a path that was given is from where it was called.
static const char *from_here(struct arena *a, const char *secret)
{
    return secret == NULL ? ""
                          : arena_printf(a, "case $%s in /*) ;; *) %s=$PWD/$%s ;; esac\n", secret,
                                         secret, secret);
}

bool publish_script(struct publishing *p, const struct publish_script *s)
{
    struct arena *a = &p->arena;
    return publish_text(p, "publish.sh",
                        arena_printf(a,
                                     "#!/bin/sh\n"
                                     "# Made by otapack publish. Needs %s. Read it, then:\n"
                                     "#   %s\n"
                                     "set -eu\n"
                                     "%s%s"
                                     "cd \"$(dirname \"$0\")\"\n\n"
                                     "%s%s",
                                     s->tools, s->call, s->words, from_here(a, s->secret), s->body,
                                     lines(a, p->list)));
}

bool publish_run_script(struct publishing *p, const char *const *words)
{
    struct arena *a = &p->arena;
    const char *folder = p->asked->folder;
    // The shell would take a path that begins so for its options.
    const char *script = arena_printf(a, "%s%s/publish.sh", *folder == '-' ? "./" : "", folder);
    size_t count = 0;
    while (words[count] != NULL) {
        count++;
    }
    const char **line = arena_alloc(a, (count + 3) * sizeof(*line));
    line[0] = "sh";
    line[1] = script;
    memcpy(line + 2, words, count * sizeof(*line));
    (void)fflush(stdout);
    int status = os_run(line);
    if (status < 0) {
        return err_set(p->e, STATUS_CANNOT, "%s: cannot be run here: %s; run it by hand", script,
                       strerror(errno));
    }
    return status == 0 ||
           err_set(p->e, STATUS_CANNOT,
                   "%s: ended with status %d; what it did before is done. Read what it said, then "
                   "run it once more",
                   script, status);
}
