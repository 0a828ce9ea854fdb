// SPDX-License-Identifier: Apache-2.0
//
// CSV as Python's csv.DictReader reads it: fields in quotes may have commas and lines in them,
// quotes are doubled, rows without a field are passed over, and columns are found by the names in
// the first row.
#include "bundle_manifest.h"

#include <inttypes.h>
#include <string.h>

#include "argparse.h"
#include "file_path.h"
#include "os.h"
#include "text.h"

enum { MANIFEST_MOST = 256 * 1024, FIELDS_MOST = 64 };
enum column { COLUMN_ID, COLUMN_VERSION, COLUMN_PATH, COLUMNS };
static const char *const column_names[COLUMNS] = {"id", "version", "path"};

struct row {
    const char *fields[FIELDS_MOST]; // more of them mean nothing
    size_t count;
};

struct reading {
    struct arena *arena;
    const char *file;
    char *rest;         // what is left of it
    size_t number;      // of the row that was read last, the first is 1
    size_t at[COLUMNS]; // of the columns in a row
    struct err *e;
};

static bool refuse(struct reading *r, const char *text)
{
    return err_set(r->e, STATUS_NO, "%s: %s", r->file, text);
}

// ---- Rows ---------------------------------------------------------------------------------------

// The next field, without its quotes; *more where another one follows in the same row.
static const char *next_field(struct reading *r, bool *more)
{
    char *field = r->rest; // which is put together where it stands
    size_t n = 0;
    bool quoted = *field == '"';
    char *c = field + quoted;
    while (*c != '\0' && (quoted || strchr(",\r\n", *c) == NULL)) {
        if (quoted && *c == '"') {
            quoted = c[1] == '"';
            c++;
            if (!quoted) {
                continue;
            }
        }
        field[n++] = *c++;
    }
    *more = *c == ',';
    r->rest = c + (*c == ',');
    return arena_copy(r->arena, field, n);
}

static void end_row(struct reading *r)
{
    r->rest += *r->rest == '\r' && r->rest[1] == '\n' ? 2 : *r->rest != '\0';
}

// The next row, which has no fields where its line has nothing in it. False: there is none.
static bool next_row(struct reading *r, struct row *row)
{
    bool more = *r->rest != '\r' && *r->rest != '\n';
    row->count = 0;
    if (*r->rest == '\0') {
        return false;
    }
    while (more) {
        const char *field = next_field(r, &more);
        if (row->count < FIELDS_MOST) {
            row->fields[row->count++] = field;
        }
    }
    end_row(r);
    return true;
}

static const char *trimmed(struct arena *a, const char *text)
{
    static const char blanks[] = " \t\r\n\v\f";
    size_t n;
    text += strspn(text, blanks);
    for (n = strlen(text); n > 0 && strchr(blanks, text[n - 1]) != NULL; n--) {
    }
    return arena_copy(a, text, n);
}

// Where each column is: the last one of its name. The names are looked for without the blanks
// around them, and taken with these.
static bool take_names(struct reading *r)
{
    struct row row = {.count = 0};
    bool stripped[COLUMNS] = {false}, exact[COLUMNS] = {false};
    (void)next_row(r, &row);
    for (size_t i = 0; i < row.count; i++) {
        for (size_t k = 0; k < COLUMNS; k++) {
            if (strcmp(row.fields[i], column_names[k]) == 0) {
                exact[k] = true;
                r->at[k] = i;
            }
            stripped[k] =
                stripped[k] || strcmp(trimmed(r->arena, row.fields[i]), column_names[k]) == 0;
        }
    }
    if (!stripped[COLUMN_ID] || !stripped[COLUMN_VERSION] || !stripped[COLUMN_PATH]) {
        return refuse(r, "Manifest must have a header row with columns: id, version, path; write "
                         "them as the first line");
    }
    for (size_t k = 0; k < COLUMNS; k++) {
        if (!exact[k]) {
            return err_set(r->e, STATUS_NO,
                           "%s: blanks stand beside '%s' in the header row; write id,version,path "
                           "without any",
                           r->file, column_names[k]);
        }
    }
    return true;
}

// ---- Images -------------------------------------------------------------------------------------

// A number as it stands in the file; what is no 32-bit number is refused once all rows are read.
struct number {
    const char *text;
    bool fits;
    uint32_t value;
};

struct listed {
    struct listed *next;
    struct number id, version;
    const char *path;
};

// False: it is no whole number at all.
static bool take_number_of(struct arena *a, const char *text, struct number *out)
{
    uint64_t value = 0;
    bool minus = *text == '-';
    const char *digits = text + minus;
    bool is = strchr(" +-", *digits) == NULL && argparse_number(digits, a, &value);
    if (*text == '+') {
        is = argparse_number(text, a, &value);
    }
    out->fits = is && value <= UINT32_MAX && (!minus || value == 0);
    out->value = (uint32_t)value;
    out->text = arena_printf(a, "%s%" PRIu64, minus && value != 0 ? "-" : "", value);
    return is;
}

static const char *field_of(const struct reading *r, const struct row *row, enum column column)
{
    return r->at[column] < row->count ? trimmed(r->arena, row->fields[r->at[column]]) : "";
}

static bool take_row(struct reading *r, const struct row *row, struct listed *image)
{
    const char *path = field_of(r, row, COLUMN_PATH);
    if (!take_number_of(r->arena, field_of(r, row, COLUMN_ID), &image->id) ||
        !take_number_of(r->arena, field_of(r, row, COLUMN_VERSION), &image->version)) {
        return err_set(r->e, STATUS_NO,
                       "%s: Manifest line %zu: 'id' and 'version' must be integers; correct them",
                       r->file, r->number);
    }
    image->path = file_path_beside(r->arena, r->file, path);
    return *path != '\0' ||
           err_set(r->e, STATUS_NO, "%s: Manifest line %zu: empty path; write that of the image",
                   r->file, r->number);
}

static bool take_rows(struct reading *r, struct listed **end)
{
    struct row row;
    r->number = 1;
    while (next_row(r, &row)) {
        if (row.count == 0) {
            continue;
        }
        r->number++;
        *end = ARENA_NEW(r->arena, struct listed);
        if (!take_row(r, &row, *end)) {
            return false;
        }
        end = &(*end)->next;
    }
    return true;
}

static bool check_file(struct reading *r, const char *path)
{
    struct os_info info;
    if (!os_info(path, &info)) {
        return err_set(r->e, STATUS_NO, "%s: Image file not found: %s; correct its path", r->file,
                       text_printable(r->arena, path));
    }
    return info.kind != OS_FILE || info.size > 0 ||
           err_set(r->e, STATUS_NO, "%s: Image file is empty: %s; build it, or leave it out",
                   r->file, text_printable(r->arena, path));
}

static bool check_image(struct reading *r, const struct listed *all, const struct listed *image)
{
    if (!image->id.fits) {
        return err_set(r->e, STATUS_NO, "%s: Image ID %s is out of range for a uint32; correct it",
                       r->file, image->id.text);
    }
    if (image->id.value == 0) {
        return refuse(r, "Image ID 0x00000000 is invalid and is rejected at parse time; give the "
                         "image another");
    }
    while (all->id.value != image->id.value) {
        all = all->next;
    }
    if (all != image) {
        return err_set(r->e, STATUS_NO,
                       "%s: Duplicate image ID 0x%08" PRIX32 " in manifest; give each its own",
                       r->file, image->id.value);
    }
    if (!image->version.fits) {
        return err_set(r->e, STATUS_NO, "%s: Version %s is out of range for a uint32; correct it",
                       r->file, image->version.text);
    }
    return check_file(r, image->path);
}

static bool check_images(struct reading *r, const struct listed *all)
{
    size_t count = 0;
    unsigned apps = 0;
    for (const struct listed *i = all; i != NULL; i = i->next) {
        count++;
    }
    if (count == 0) {
        return refuse(r, "Manifest is empty; a bundle must contain at least the application image");
    }
    if (count > OTAPACK_BUNDLE_MAX_IMAGES) {
        return err_set(r->e, STATUS_NO,
                       "%s: Too many images (%zu); numImages is a 1-byte field (max 255)", r->file,
                       count);
    }
    for (const struct listed *i = all; i != NULL; i = i->next) {
        if (!check_image(r, all, i)) {
            return false;
        }
        apps += i->id.value == OTAPACK_BUNDLE_APPLICATION;
    }
    return apps == 1 ||
           refuse(r, "Bundle must contain exactly one application image (id 0x00000001); found 0");
}

bool bundle_manifest_read(const char *file, struct arena *a, struct recipe_bundle *out,
                          struct err *e)
{
    struct reading r = {.arena = a, .file = file, .e = e};
    struct listed *all = NULL;
    struct bundle_image **end = &out->images;
    r.rest = input_text(file, MANIFEST_MOST, a, e);
    if (r.rest == NULL || !take_names(&r) || !take_rows(&r, &all) || !check_images(&r, all)) {
        return false;
    }
    for (const struct listed *i = all; i != NULL; i = i->next) {
        *end = ARENA_NEW(a, struct bundle_image);
        **end = (struct bundle_image){.where = file,
                                      .id = i->id.value,
                                      .version = i->version.value,
                                      .has_version = true,
                                      .part.file = i->path};
        end = &(*end)->next;
    }
    return true;
}
