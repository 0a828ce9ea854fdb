// SPDX-License-Identifier: Apache-2.0
//
// Are the files that make up a release there, and what the list says of them?
#include "rule_manifest.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "digest_span.h"
#include "format_list.h"
#include "kinds.h"
#include "rule.h"
#include "text.h"

typedef void file_rule(struct judge *j, const struct manifest *m, struct manifest_file *f);

static void each_file(struct judge *j, const struct node *root, file_rule *rule)
{
    const struct manifest *m = root->parsed;
    for (struct manifest_build *b = m->builds; b != NULL; b = b->next) {
        for (struct manifest_file *f = b->files; f != NULL; f = f->next) {
            rule(j, m, f);
        }
    }
}

// ---- The list itself ----------------------------------------------------------------------------

static void check_form(struct judge *j, struct node *root)
{
    const struct manifest *m = root->parsed;
    for (size_t i = 0; i < m->fault_count; i++) {
        found(j, root, CHECK_MANIFEST_FORM, false, "%s", m->faults[i]);
    }
    if (m->fault_count == 0) {
        passed(j, root, CHECK_MANIFEST_FORM);
    }
}

static void check_place(struct judge *j, struct node *root)
{
    const struct manifest *m = root->parsed;
    rule_manifest_places(j, m);
    if (m->two_places != NULL) {
        found(j, root, CHECK_MANIFEST_PLACE, false, "%s", m->two_places);
    }
}

// ---- Each file ----------------------------------------------------------------------------------

static void check_there(struct judge *j, const struct manifest *m, struct manifest_file *f)
{
    const char *path = text_printable(j->arena, f->path);
    (void)m;
    if (f->answer == BESIDE_IS_OUTSIDE) {
        found(j, f->node, CHECK_MANIFEST_OUTSIDE, false,
              "%s is not in the folder of the list, and is not looked at%s", path,
              f->flashed ? ", nor the flash that it is a part of as a whole" : "");
        return;
    }
    found(j, f->node, CHECK_MANIFEST_FILE,
          f->answer == BESIDE_IS_THERE || f->answer == BESIDE_CANNOT, "%s %s", path,
          f->answer == BESIDE_TOO_MANY ? "is not looked at, behind 128 other files"
                                       : "is not there");
}

void rule_manifest_digest(struct arena *a, struct manifest_file *f)
{
    uint8_t bytes[DIGEST_MAX_SIZE];
    struct otapack_source src = input_source(f->input);
    if (f->digest.name != NULL && digest_of(f->digest.algorithm, &src, bytes)) {
        node_string(a, f->node, "file_digest", text_hex(a, bytes, f->digest.size), SIZE_MAX,
                    DERIVED_QUIET);
    }
}

static void check_digest(struct judge *j, const struct manifest *m, struct manifest_file *f)
{
    (void)m;
    if (f->input != NULL) {
        rule_manifest_digest(j->arena, f);
    }
    const char *is = node_text(f->node, "file_digest"), *said = node_text(f->node, "digest");
    if (*is != '\0') {
        found(j, f->node, CHECK_MANIFEST_DIGEST, strcmp(is, said) == 0,
              "%s has the %s %s, and the list says %s", text_printable(j->arena, f->path),
              f->digest.name, text_beside(j->arena, is, said), text_beside(j->arena, said, is));
    }
}

static void check_size(struct judge *j, const struct manifest *m, struct manifest_file *f)
{
    (void)m;
    if (f->has_size && f->answer == BESIDE_IS_THERE) {
        uint64_t size = node_number(f->node, "file_size");
        found(j, f->node, CHECK_MANIFEST_SIZE, size == f->size,
              "%s has %s bytes, and the list says %s", text_printable(j->arena, f->path),
              text_count(j->arena, size), text_count(j->arena, f->size));
    }
}

static void check_files(struct judge *j, struct node *root)
{
    each_file(j, root, check_there);
    each_file(j, root, check_digest);
    each_file(j, root, check_size);
}

// ---- The images ---------------------------------------------------------------------------------

// Which chip an image is for, as a list says it; NULL: it is no image, or for any.
static const char *family_of(const struct node *n)
{
    const struct chip *chip = image_chip(n);
    return chip != NULL                                                          ? chip->title
           : node_is(n, &format_esp8266_image) || node_is(n, &format_esp8266_v2) ? "ESP8266"
                                                                                 : NULL;
}

// The first image that is for another chip; NULL: there is none. A second bootloader that does not
// go with the first one was told there, and starts no device that would start without it.
static struct node *misfit(struct node *n, const char *family, bool *any)
{
    bool second = finding_against(n, CHECK_FLASH_BOOTLOADER_SLOT) != NULL;
    const char *is = second || node_is_elsewhere(n) ? NULL : family_of(n);
    *any = *any || is != NULL;
    struct node *odd = is != NULL && strcmp(is, family) != 0 ? n : NULL;
    for (struct node *part = n->parts; part != NULL && odd == NULL; part = part->next) {
        odd = misfit(part, family, any);
    }
    return odd;
}

static void check_chip(struct judge *j, struct node *root)
{
    const struct manifest *m = root->parsed;
    for (struct manifest_build *b = m->builds; b != NULL; b = b->next) {
        bool any = false;
        const struct chip *chip = b->family == NULL ? NULL : chip_by_name(b->family);
        const char *family = chip == NULL ? b->family : chip->title;
        const struct node *odd = family == NULL ? NULL : misfit(b->node, family, &any);
        if (any) {
            found(j, b->node, CHECK_MANIFEST_CHIP, odd == NULL,
                  "the list says %s, and %s is for %s", text_printable(j->arena, b->family),
                  odd == NULL ? "" : node_path(j->arena, odd), odd == NULL ? "" : family_of(odd));
        }
    }
}

// ESPHome puts its own version there, which is a year and a month; its devices compare a manifest
// with the project's, where it has one (http_request_update.cpp, ESPHOME_PROJECT_VERSION).
static bool is_of_esphome(const char *version)
{
    enum { FIRST = 2021, LAST = 2099, MONTHS = 12 };
    char *end;
    unsigned long year = strtoul(version, &end, 10);
    unsigned long month = *end == '.' ? strtoul(end + 1, &end, 10) : 0;
    return year >= FIRST && year <= LAST && month >= 1 && month <= MONTHS && *end == '.';
}

// A version that somebody chose; what other frameworks put there says nothing of a release.
static const char *release_of(const struct node *n)
{
    const struct node *desc = is_image(n, "app") ? image_desc(n) : NULL;
    const char *version = desc == NULL ? "" : node_text(desc, "version");
    return text_is_version(version) && !is_of_esphome(version) &&
                   strcmp(node_text(desc, "project_name"), "arduino-lib-builder") != 0
               ? version
               : NULL;
}

static void compare_versions(struct judge *j, struct node *n, const char *said)
{
    const char *is = node_is_elsewhere(n) ? NULL : release_of(n);
    if (is != NULL) {
        found(j, n, CHECK_MANIFEST_VERSION, text_compare_versions(is, said) == 0,
              "the app is %s, and the list says %s", text_printable(j->arena, is),
              text_printable(j->arena, said));
    }
    for (struct node *part = n->parts; part != NULL; part = part->next) {
        compare_versions(j, part, said);
    }
}

const char *manifest_other_release(const struct node *n, const char *said)
{
    const char *is = node_is_elsewhere(n) || !text_is_version(said) ? NULL : release_of(n);
    const char *other = is != NULL && text_compare_versions(is, said) != 0 ? is : NULL;
    for (const struct node *part = n->parts; part != NULL && other == NULL; part = part->next) {
        other = manifest_other_release(part, said);
    }
    return other;
}

static void check_version(struct judge *j, struct node *root)
{
    const struct manifest *m = root->parsed;
    if (m->version != NULL && text_is_version(m->version)) {
        compare_versions(j, root, m->version);
    }
}

static void check_matter(struct judge *j, struct node *root)
{
    const struct manifest *m = root->parsed;
    const struct manifest_file *f = m->kind == MANIFEST_DCL ? m->builds->files : NULL;
    struct node *image = f == NULL ? NULL : node_find(f->node, "content", -1);
    if (image == NULL) {
        return;
    }
    found(j, image, CHECK_MANIFEST_MATTER, node_is(image, &format_matter),
          "the file is no Matter image");
    for (size_t i = 0; node_is(image, &format_matter) && i < m->claim_count; i++) {
        const struct manifest_claim *c = &m->claims[i];
        const struct field *field = node_field(image, c->field);
        const char *is = field == NULL ? NULL
                         : field->kind == FIELD_STRING
                             ? field->text
                             : arena_printf(j->arena, "%" PRIu64, field->number);
        if (is != NULL && strcmp(is, c->value) != 0) {
            found(j, image, CHECK_MANIFEST_MATTER, false, "%s is %s, and the entry has %s %s",
                  c->field, text_printable(j->arena, is), c->name,
                  text_printable(j->arena, c->value));
        }
    }
}

// ---- The folder ---------------------------------------------------------------------------------

static void check_stale(struct judge *j, struct node *root)
{
    const struct manifest *m = root->parsed;
    const char *stale = m->kind == MANIFEST_DCL || j->options->beside == NULL
                            ? NULL
                            : manifest_stale(j->arena, j->options->beside, m);
    found(j, root, CHECK_MANIFEST_STALE, stale == NULL,
          "there is firmware beside its files that no list names: %s", stale);
}

// The same file under one name, or two files for one place.
static void check_twice(struct judge *j, struct node *root)
{
    const struct manifest *m = root->parsed;
    for (struct manifest_build *b = m->builds; b != NULL; b = b->next) {
        const char *twice = manifest_twice(j->arena, b);
        found(j, b->node, CHECK_MANIFEST_TWICE, twice == NULL, "%s is named twice", twice);
    }
}

const struct rule rules_manifest[] = {
    {.run = check_form},   {.run = check_files}, {.run = check_twice},
    {.run = check_place},  {.run = check_chip},  {.run = check_version},
    {.run = check_matter}, {.run = check_stale}, {.run = NULL},
};
