// SPDX-License-Identifier: Apache-2.0
//
// What field.h declares.
#include "field.h"

#include <dirent.h>
#include <unistd.h>

enum { TAKEN_MOST = 1000, PATH_ROOM = 256 };

static char taken[TAKEN_MOST][PATH_ROOM];
static size_t taken_count;

// ---- Tables -------------------------------------------------------------------------------------

static void take_line(struct field_table *t, const char *file, char *line)
{
    if (*line == '\0' || *line == '#') {
        return;
    }
    assert_true(t->count < FIELD_ROWS);
    const char **cells = t->cell[t->count++];
    for (size_t i = 0; i < t->columns; i++) {
        cells[i] = line == NULL ? "" : strsep(&line, "\t");
        want(*cells[i] != '\0', "%s: row %zu (%s): cell %zu is empty; write - for nothing", file,
             t->count, cells[0], i + 1);
    }
    want(line == NULL, "%s: %s: more than %zu cells", file, cells[0], t->columns);
}

struct field_table *field_table(const char *name, size_t columns)
{
    char path[PATH_ROOM];
    (void)snprintf(path, sizeof(path), "%s/../tests/field/%s", FIXTURES, name);
    struct image text = image_load(path);
    image_append(&text, "", 1);
    struct field_table *t = calloc(1, sizeof(*t));
    assert_non_null(t);
    t->text = (char *)text.p;
    t->columns = columns;
    char *rest = t->text;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        take_line(t, name, line);
    }
    return t;
}

void field_table_free(struct field_table *t)
{
    free(t->text);
    free(t);
}

int field_row(const struct field_table *t, const char *name)
{
    for (size_t i = 0; i < t->count; i++) {
        if (strcmp(t->cell[i][0], name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

// ---- Files --------------------------------------------------------------------------------------

const char *field_piece(const char *name)
{
    static char path[PATH_ROOM];
    (void)snprintf(path, sizeof(path), "fixtures/%s%s%s", strchr(name, '/') == NULL ? "field/" : "",
                   name, strchr(name, '.') == NULL ? ".bin" : "");
    return path;
}

void field_took(const char *path)
{
    assert_true(taken_count < TAKEN_MOST);
    (void)snprintf(taken[taken_count++], PATH_ROOM, "%s", path);
}

static void fill_to(struct image *im, uint64_t end, uint8_t fill)
{
    assert_true(end <= (uint64_t)1 << 25);
    if (end > im->n) {
        struct image more = image_fill(fill, (size_t)end - im->n);
        image_append(im, more.p, more.n);
        image_free(&more);
    }
}

// "0x8000:table", "table" (where the one before ends), "0x10000:" (filled up to there).
static bool add(struct image *im, const char *word, uint8_t fill)
{
    const char *colon = strchr(word, ':'), *name = colon == NULL ? word : colon + 1;
    uint64_t at = colon == NULL ? im->n : strtoull(word, NULL, 0);
    const char *path = field_piece(name);
    if (*name != '\0' && access(path, R_OK) != 0) {
        return false;
    }
    fill_to(im, at, fill);
    if (*name != '\0') {
        struct image part = image_load(path);
        fill_to(im, at + part.n, fill);
        image_put(im, (size_t)at, part.p, part.n);
        image_free(&part);
        field_took(path);
    }
    return true;
}

static bool make(const char *cell, const char *file)
{
    char copy[1024], *rest = copy;
    struct image im = {0};
    uint8_t fill = 0xFF;
    bool good = true;
    (void)snprintf(copy, sizeof(copy), "%s", cell);
    for (const char *word; good && (word = strsep(&rest, " ")) != NULL;) {
        if (strcmp(word, "zeros") == 0) {
            fill = 0;
        } else if (strncmp(word, "cut:", 4) == 0) {
            size_t end = (size_t)strtoull(word + 4, NULL, 0);
            im.n = end < im.n ? end : im.n;
        } else if (!add(&im, word, fill)) {
            complain("%s: there is no %s", file, word);
            good = false;
        }
    }
    if (good) {
        image_save(&im, file);
    }
    image_free(&im);
    return good;
}

const char *field_make(const char *cell, const char *name)
{
    static char file[PATH_ROOM];
    bool one_piece = strpbrk(cell, " :") == NULL;
    (void)snprintf(file, sizeof(file), "%s", one_piece ? field_piece(cell) : name);
    if (!one_piece) {
        return make(cell, file) ? file : NULL;
    }
    if (access(file, R_OK) != 0) {
        complain("%s: there is no %s", name, file);
        return NULL;
    }
    field_took(file);
    return file;
}

void field_all_taken(void)
{
    DIR *d = opendir("fixtures/field");
    assert_non_null(d);
    for (const struct dirent *entry; (entry = readdir(d)) != NULL;) {
        char path[PATH_ROOM + 20];
        bool found = *entry->d_name == '.';
        (void)snprintf(path, sizeof(path), "fixtures/field/%s", entry->d_name);
        for (size_t i = 0; i < taken_count && !found; i++) {
            found = strcmp(taken[i], path) == 0;
        }
        if (!found) {
            complain("%s: no row of tests/field takes it", path);
        }
    }
    (void)closedir(d);
}
