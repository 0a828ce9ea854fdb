// SPDX-License-Identifier: Apache-2.0
//
// What holds of an image's text beside its JSON.
#include "specimen.h"

#include <inttypes.h>

enum { COLUMNS = 80 };

void specimen_breaks(const struct specimen *s, const char *law, const char *what)
{
    complain("%s: %s: %s", s->name, law, what);
}

int verdict_rank(const char *verdict)
{
    return strcmp(verdict, "fail") == 0 ? 2 : strcmp(verdict, "warn") == 0;
}

// What was not checked was not: it is not among the checks of its node, and the text says it too.
static void note_unmade(void *ctx, const char *path, const json_t *node)
{
    const struct specimen *s = ctx;
    size_t i, k;
    const json_t *unmade, *check;
    json_array_foreach(json_object_get(node, "not_checked"), i, unmade)
    {
        const char *id = text_at(unmade, "id");
        json_array_foreach(json_object_get(node, "checks"), k, check)
        {
            if (strcmp(text_at(check, "id"), id) == 0) {
                complain("%s: %s: checked, and not checked: %s", s->name, path, id);
            }
        }
        const char *list = strstr(s->text, "not checked:");
        if (list == NULL || strstr(list, id) == NULL) {
            complain("%s: %s: the text does not say that it was not checked: %s", s->name, path,
                     id);
        }
    }
}

void law_unmade(const struct specimen *s)
{
    each_node(s->root, note_unmade, (void *)(uintptr_t)s);
}

// What is wrong stands in the text too, and verify says it in a line of its own.
static void note_text(void *ctx, const char *path, const json_t *node)
{
    const struct specimen *s = ctx;
    const json_t *check;
    size_t i;
    char line[1200];
    json_array_foreach(json_object_get(node, "checks"), i, check)
    {
        const char *id = text_at(check, "id");
        int r = verdict_rank(text_at(check, "verdict"));
        (void)snprintf(line, sizeof(line), "%s %s: ", r == 2 ? "FAIL" : "warn", id);
        if (r > 0 && strstr(s->text, line) == NULL) {
            specimen_breaks(s, "the text does not say", line);
        } else if (strstr(s->text, id) == NULL) {
            specimen_breaks(s, "the text does not name", id);
        }
        (void)snprintf(line, sizeof(line), "otapack: %s: %s%s%s%s; %s [%s]\n", s->name,
                       r == 2 ? "" : "warning: ", path, *path == '\0' ? "" : ": ",
                       text_at(check, "message"), text_at(check, "remedy"), id);
        if (r > 0 && strstr(s->verify_err, line) == NULL) {
            specimen_breaks(s, "verify does not say", line);
        }
    }
}

void law_text(const struct specimen *s)
{
    each_node(s->root, note_text, (void *)(uintptr_t)s);
    if (strncmp(s->text, s->name, strlen(s->name)) != 0) {
        specimen_breaks(s, "the text", "does not begin with the file's name");
    }
    if (strchr(s->text, '\033') != NULL) {
        specimen_breaks(s, "the text", "has escape sequences, and no terminal asked for them");
    }
}

// Parts by their places, as the text shows them: "  name            0x010000     4,096  what it
// is".
static void with_commas(json_int_t number, char *to, size_t room)
{
    char digits[32];
    size_t n = (size_t)snprintf(digits, sizeof(digits), "%" JSON_INTEGER_FORMAT, number), said = 0;
    for (size_t i = 0; i < n && said + 2 < room; i++) {
        if (i > 0 && (n - i) % 3 == 0) {
            to[said++] = ',';
        }
        to[said++] = digits[i];
    }
    to[said] = '\0';
}

static void note_place(void *ctx, const char *path, const json_t *node)
{
    const struct specimen *s = ctx;
    char place[80], size[32];
    with_commas(number_at(node, "size"), size, sizeof(size));
    (void)snprintf(place, sizeof(place), " 0x%06" PRIx64 " %9s",
                   (uint64_t)number_at(node, "offset"), size);
    // Records of what is shown in its own place are only in JSON, and in the text of a bad file.
    bool record = strncmp(text_at(node, "format"), "rcp_table_entry", 15) == 0 ||
                  strcmp(text_at(node, "format"), "flash_arg") == 0 || strchr(path, '[') != NULL;
    if (*path != '\0' && !record && strstr(s->text, place) == NULL) {
        specimen_breaks(s, "the text has no such place", path);
    }
}

void law_places(const struct specimen *s)
{
    each_node(s->root, note_place, (void *)(uintptr_t)s);
}

// A digest is one word, to be copied whole; all else keeps to the columns. The name is not ours.
void law_columns(const struct specimen *s)
{
    const char *line = s->text;
    for (const char *end; s->good && (end = strchr(line, '\n')) != NULL; line = end + 1) {
        const char *word = line + strspn(line, " ");
        size_t n = 0; // of characters, which may have several bytes
        for (const char *c = line; c < end; c++) {
            n += ((unsigned char)*c & 0xC0U) != 0x80U;
        }
        if (n > COLUMNS && memchr(word, ' ', (size_t)(end - word)) != NULL &&
            strncmp(line, s->name, strlen(s->name)) != 0) {
            complain("%s: more than %d columns: %.*s", s->name, COLUMNS, (int)(end - line), line);
        }
    }
}
