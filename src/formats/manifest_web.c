// SPDX-License-Identifier: Apache-2.0
//
// ESP Web Tools' manifest.json, whose builds have parts that are flashed; ESPHome's, whose builds
// have an update. One file can be both.
#include "manifest.h"

#include <string.h>

#include "chip.h"
#include "text.h"

static const char *const esp8266 = "ESP8266";

// One that ESP Web Tools knows, spelt as it has it.
static bool is_family(const char *family)
{
    bool known = strcmp(family, esp8266) == 0;
    for (size_t i = 0; i < chip_count; i++) {
        known = known || strcmp(family, chips[i].title) == 0;
    }
    return known;
}

static const char *take_family(struct manifest *m, const json_t *build, unsigned i)
{
    const char *family = manifest_string(m, build, "chipFamily");
    if (family == NULL) {
        manifest_fault(m, "builds[%u] has no chipFamily", i);
    } else if (!is_family(family)) {
        const struct chip *near = chip_by_name(family);
        for (size_t k = 0; near == NULL && k < chip_count; k++) {
            near = text_nearest(family, &chips[k].title, 1) == NULL ? NULL : &chips[k];
        }
        manifest_fault(m, "builds[%u]: chipFamily '%s' is none that ESP Web Tools knows%s%s%s", i,
                       text_printable(m->arena, family), near == NULL ? "" : "; it has '",
                       near == NULL ? "" : near->title, near == NULL ? "" : "'");
    }
    return family;
}

// A path as a browser asks for it: without query and fragment, and with %20 for a blank. What is a
// whole address stays one.
static const char *take_path(struct manifest *m, const json_t *object)
{
    const char *url = manifest_string(m, object, "path");
    if (url == NULL || strstr(url, "://") != NULL) {
        return url;
    }
    size_t n = strcspn(url, "?#"), to = 0;
    char *path = arena_copy(m->arena, url, n);
    for (size_t i = 0; i < n; i++) {
        int byte = url[i] == '%' && i + 2 < n ? text_hex_byte(url + i + 1) : -1;
        bool coded = byte > 0;
        path[to++] = coded ? (char)byte : url[i];
        i += coded ? 2 : 0;
    }
    path[to] = '\0';
    return path;
}

static void take_part(struct manifest *m, struct manifest_build *b, const json_t *part, unsigned i,
                      unsigned k)
{
    const char *path = take_path(m, part);
    const json_t *offset = json_object_get(part, "offset");
    if (path == NULL) {
        manifest_fault(m, "builds[%u]: parts[%u] has no path", i, k);
        return;
    }
    struct manifest_file *f = manifest_add(m, b, path);
    f->flashed = manifest_number(offset, &f->address);
    if (!json_is_integer(offset) || !f->flashed) {
        manifest_fault(m, "builds[%u]: the offset of %s is %s", i, text_printable(m->arena, path),
                       offset == NULL           ? "missing"
                       : json_is_string(offset) ? "text, which is no number in JSON"
                                                : "no number");
    }
}

static void take_update(struct manifest *m, struct manifest_build *b, const json_t *ota, unsigned i)
{
    const char *path = take_path(m, ota);
    const char *md5 = manifest_string(m, ota, "md5"), *sha256 = manifest_string(m, ota, "sha256");
    if (path == NULL) {
        manifest_fault(m, "builds[%u]: ota has no path", i);
        return;
    }
    struct manifest_file *f = manifest_add(m, b, path);
    const char *digits = sha256 != NULL ? sha256 : md5;
    if (digits == NULL) {
        manifest_fault(m, "builds[%u]: ota has no md5", i);
    } else if (strlen(digits) != (sha256 != NULL ? 64 : 32) ||
               !manifest_take_hex(&f->digest, digits)) {
        manifest_fault(m, "builds[%u]: the %s of ota is not %d hexadecimal digits", i,
                       sha256 != NULL ? "sha256" : "md5", sha256 != NULL ? 64 : 32);
    }
}

static void take_build(struct manifest *m, const json_t *build, unsigned i)
{
    struct manifest_build *b = manifest_add_build(m, take_family(m, build, i));
    const json_t *parts = json_object_get(build, "parts"), *ota = json_object_get(build, "ota");
    const json_t *part;
    size_t k;
    json_array_foreach(parts, k, part)
    {
        if (manifest_has_room(m, BESIDE_FILES_MOST)) {
            take_part(m, b, part, i, (unsigned)k);
        }
    }
    if (json_is_object(ota) && manifest_has_room(m, BESIDE_FILES_MOST)) {
        take_update(m, b, ota, i);
    }
    if (b->count == 0) {
        manifest_fault(m, "builds[%u] names no file", i);
    }
}

bool manifest_web(struct manifest *m, json_t *root)
{
    const json_t *builds = json_object_get(root, "builds"), *build;
    bool update = false, parts = false;
    size_t i;
    json_array_foreach(builds, i, build)
    {
        update = update || json_is_object(json_object_get(build, "ota"));
        parts = parts || json_is_array(json_object_get(build, "parts"));
    }
    if (!update && !parts) {
        return false;
    }
    m->kind = MANIFEST_WEB;
    m->title = parts ? "ESP Web Tools manifest" : "ESPHome manifest";
    m->version = manifest_string(m, root, "version");
    if (m->version == NULL) {
        manifest_fault(m, "it has no version");
    }
    json_array_foreach(builds, i, build)
    {
        take_build(m, build, (unsigned)i);
    }
    return true;
}
