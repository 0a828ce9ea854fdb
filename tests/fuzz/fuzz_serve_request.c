// SPDX-License-Identifier: Apache-2.0
//
// What a request says: a line with a target, and lines with headers. No path leads up or is hidden,
// a range lies in its file, and what an updater says of its device is taken or refused with a
// reason, whatever is written there.
#include "fuzz.h"

#include <string.h>
#include <strings.h>

#include "asked_path.h"
#include "range.h"
#include "updater.h"

static void law_path(struct arena *a, const char *target)
{
    const char *path = asked_path(a, target);
    for (const char *name = path; name != NULL; name = strchr(name, '/')) {
        name += *name == '/';
        LAW(*name != '\0' && *name != '/' && *name != '.');
        LAW(strcspn(name, "\\:") == strlen(name));
    }
    LAW(path == NULL || strlen(path) <= ASKED_PATH_MOST);
}

static void law_range(const char *text, uint64_t size)
{
    struct range part;
    switch (range_read(text, size, &part)) {
    case RANGE_WHOLE:
        LAW(part.at == 0 && part.size == size);
        break;
    case RANGE_PART:
        LAW(part.size > 0 && part.at < size && part.size <= size - part.at);
        break;
    case RANGE_BEHIND:
        break;
    }
}

static void law_updater(const struct http_request *r)
{
    struct updater u;
    struct err e = ERR_NONE;
    struct read_options options = {.is_flash = false};
    bool good = updater_read(r, &u, &e);
    LAW(good == (e.text[0] == '\0'));
    if (good && u.asks) {
        LAW(u.mac != NULL && u.md5 != NULL && u.free_space != NULL && u.chip_size != NULL);
        good = updater_take_device(&u, &options, &e);
        LAW(good == (e.status == STATUS_OK));
    }
}

// "NAME: VALUE" in the lines behind the first.
static const char *header(const struct http_request *r, const char *name)
{
    for (const char *line = r->connection; line != NULL; line = strchr(line, '\n')) {
        size_t n = strlen(name);
        line += *line == '\n';
        if (strncasecmp(line, name, n) == 0 && line[n] == ':') {
            return arena_copy(r->arena, line + n + 1, strcspn(line + n + 1, "\n"));
        }
    }
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = ARENA_EMPTY;
    char *text = arena_copy(&a, (const char *)data, size);
    char *headers = strchr(text, '\n');
    if (headers != NULL) {
        *headers++ = '\0';
    }
    const struct http_request r = {
        .arena = &a, .target = text, .header = header, .connection = headers};
    law_path(&a, r.target);
    law_range(r.header(&r, "Range"), size);
    law_range(r.header(&r, "Range"), UINT64_MAX);
    law_range(text, size);
    law_updater(&r);
    arena_free(&a);
    return 0;
}
