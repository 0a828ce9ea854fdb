// SPDX-License-Identifier: Apache-2.0
//
// SHA256SUMS and its like, as sha256sum writes and reads them: "DIGEST  NAME", "DIGEST *NAME" and,
// with --tag, "SHA256 (NAME) = DIGEST".
#include "manifest.h"

#include <string.h>

#include "text.h"

// "SHA256 (NAME) = DIGEST", cut up where it stands.
static bool take_tagged(char *line, const char **name, const char **digits)
{
    static const char *const tags[] = {"MD5 (", "SHA256 (", "SHA384 (", "SHA512 ("};
    char *end = NULL;
    for (char *p = strstr(line, ") = "); p != NULL; p = strstr(p + 1, ") = ")) {
        end = p;
    }
    for (size_t i = 0; end != NULL && i < sizeof(tags) / sizeof(tags[0]); i++) {
        size_t n = strlen(tags[i]);
        if (strncmp(line, tags[i], n) == 0 && end > line + n) {
            *end = '\0';
            *name = line + n;
            *digits = end + strlen(") = ");
            return true;
        }
    }
    return false;
}

static bool take_plain(char *line, const char **name, const char **digits)
{
    size_t n = strcspn(line, " \t");
    if (line[n] != ' ' || (line[n + 1] != ' ' && line[n + 1] != '*') || line[n + 2] == '\0') {
        return false;
    }
    line[n] = '\0';
    *digits = line;
    *name = line + n + 2;
    return true;
}

static bool take_line(struct manifest *m, struct manifest_build *b, char *line)
{
    struct manifest_digest digest = {.name = NULL};
    const char *name, *digits;
    if (!(take_tagged(line, &name, &digits) || take_plain(line, &name, &digits)) ||
        !manifest_take_hex(&digest, digits)) {
        return false;
    }
    if (manifest_has_room(m, MANIFEST_FILES_MOST)) {
        manifest_add(m, b, name)->digest = digest;
    }
    return true;
}

// The first line says whether it is one; what is wrong in those behind it is a fault of it.
bool manifest_sums(struct manifest *m, const char *text)
{
    char *next = arena_string(m->arena, text);
    struct manifest_build *b = NULL;
    for (unsigned number = 1; next != NULL && *next != '\0'; number++) {
        char *line = next;
        next = strchr(line, '\n');
        if (next != NULL) {
            *next++ = '\0';
        }
        line[strcspn(line, "\r")] = '\0';
        if (*line == '\0' || *line == '#') {
            continue;
        }
        struct manifest_build first = {.files_end = &first.files};
        if (b == NULL && !take_line(&(struct manifest){.arena = m->arena}, &first,
                                    arena_string(m->arena, line))) {
            return false;
        }
        b = b == NULL ? manifest_add_build(m, NULL) : b;
        if (!take_line(m, b, line)) {
            manifest_fault(m, "line %u is not a digest and a name", number);
        }
    }
    m->kind = MANIFEST_SUMS;
    m->title = "list of digests";
    return b != NULL;
}
