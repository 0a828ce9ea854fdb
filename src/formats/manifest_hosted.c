// SPDX-License-Identifier: Apache-2.0
//
// The manifest of a co-processor's firmware, as ESPHome's esp32_hosted reads it: versions, of which
// it takes the highest that is not above its own library's.
#include "manifest.h"

#include <string.h>

#include "text.h"

enum { SHA256_DIGITS = 64 };

// The file's name, and the folder before it where that is named for the version: what is released
// so lies in a folder for each.
static const char *file_of(struct manifest *m, const char *url, const char *version)
{
    const char *name = manifest_url_file(m, url), *end = url + strcspn(url, "?#");
    size_t n = strlen(name);
    const char *folder = n + 1 > (size_t)(end - url) ? url : end - n - 1;
    const char *slash = folder;
    while (folder > url && folder[-1] != '/') {
        folder--;
    }
    size_t size = (size_t)(slash - folder), of = strlen(version), v = size > 0 && *folder == 'v';
    return size == of + v && memcmp(folder + v, version, of) == 0
               ? arena_printf(m->arena, "%.*s/%s", (int)size, folder, name)
               : name;
}

static void take_version(struct manifest *m, struct manifest_build *b, const json_t *entry,
                         unsigned i)
{
    const char *version = manifest_string(m, entry, "version"),
               *url = manifest_string(m, entry, "url"),
               *sha256 = manifest_string(m, entry, "sha256");
    if (version == NULL || !text_is_version(version) || url == NULL || sha256 == NULL) {
        manifest_fault(m, "versions[%u] has no %s", i,
                       url == NULL      ? "url"
                       : sha256 == NULL ? "sha256"
                                        : "version such as 2.12.3");
        return;
    }
    struct manifest_file *f = manifest_add(m, b, file_of(m, url, version));
    f->version = version;
    if (strlen(sha256) != SHA256_DIGITS || !manifest_take_hex(&f->digest, sha256)) {
        manifest_fault(m, "versions[%u]: the sha256 is not 64 hexadecimal digits", i);
    }
}

bool manifest_hosted(struct manifest *m, json_t *root)
{
    const json_t *versions = json_object_get(root, "versions"), *entry;
    size_t i;
    if (!json_is_array(versions)) {
        return false;
    }
    m->kind = MANIFEST_HOSTED;
    m->title = "ESP-Hosted manifest";
    struct manifest_build *b = manifest_add_build(m, NULL);
    json_array_foreach(versions, i, entry)
    {
        if (manifest_has_room(m, BESIDE_FILES_MOST)) {
            take_version(m, b, entry, (unsigned)i);
        }
    }
    if (i == 0) {
        manifest_fault(m, "versions names no file");
    }
    return true;
}
