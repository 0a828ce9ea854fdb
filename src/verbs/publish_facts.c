// SPDX-License-Identifier: Apache-2.0
#include "publish_facts.h"

#include <string.h>

#include "arduino_upload.h"
#include "chip.h"
#include "digest_span.h"
#include "kinds.h"
#include "rule_manifest.h"
#include "signed_part.h"
#include "text.h"

static const uint8_t digest_sizes[DIGEST_COUNT] = {
    [DIGEST_SHA256] = 32, [DIGEST_SHA512] = 64, [DIGEST_MD5] = 16};

const char *publish_digest_of(struct arena *a, const struct otapack_source *src,
                              enum digest_algorithm algorithm)
{
    uint8_t digest[DIGEST_MAX_SIZE];
    return digest_of(algorithm, src, digest) ? text_hex(a, digest, digest_sizes[algorithm]) : NULL;
}

const char *publish_digest(const struct publishing *p, const struct published *f,
                           enum digest_algorithm algorithm)
{
    const char *digest = publish_digest_of(f->arena, &f->root->src, algorithm);
    if (digest == NULL) {
        err_set(p->e, STATUS_CANNOT, "%s: cannot be read to its end; try again", f->file);
    }
    return digest;
}

// The application that the file brings; of a flash image the one that boots; else the file itself.
static const struct node *application(const struct published *f)
{
    struct err none = ERR_NONE;
    const struct node *app = signed_part(f->root, NULL, f->file, &none);
    if (app == NULL && is_flash(f->root)) {
        app = node_find(f->root, node_text(f->root, "boot_partition"), -1);
    }
    return app == NULL ? f->root : app;
}

static const char *described(const struct published *f, const char *field)
{
    const struct node *description = node_find(application(f), "desc", -1);
    return description == NULL ? "" : node_text(description, field);
}

static const char *first_of(const char *const *texts, size_t n)
{
    size_t i = 0;
    while (i + 1 < n && (texts[i] == NULL || *texts[i] == '\0')) {
        i++;
    }
    return texts[i] == NULL ? "" : texts[i];
}

const char *publish_name(const struct publishing *p, const struct published *f)
{
    const char *const texts[] = {args_value(p->asked->args, "name"), described(f, "project_name")};
    return first_of(texts, sizeof(texts) / sizeof(texts[0]));
}

const char *publish_version(const struct publishing *p, const struct published *f)
{
    const char *const texts[] = {args_value(p->asked->args, "release"),
                                 node_text(f->root, "software_version_string"),
                                 described(f, "version"), node_text(f->root, "file_version")};
    return first_of(texts, sizeof(texts) / sizeof(texts[0]));
}

bool publish_named(const struct publishing *p, const struct published *f, const char **name,
                   const char **version)
{
    *version = publish_version(p, f);
    if (name != NULL) {
        *name = publish_name(p, f);
    }
    if (name != NULL && **name == '\0') {
        return err_set(p->e, STATUS_CANNOT, "%s: does not say its name; give --name", f->file);
    }
    return **version != '\0' ||
           err_set(p->e, STATUS_CANNOT, "%s: does not say its version; give --release", f->file);
}

// Also one that is compressed or signed.
static bool is_for_esp8266(const struct node *app)
{
    struct arduino_upload as;
    return is_esp8266_image(app) ||
           (arduino_upload_of(app, false, &as) && as.core == ARDUINO_ESP8266);
}

const char *publish_chip(const struct published *f)
{
    const struct node *app = application(f);
    const struct chip *chip = chip_by_name(node_text(app, "chip"));
    return chip != NULL ? chip->title : is_for_esp8266(app) ? "ESP8266" : "";
}

// ---- Several files ------------------------------------------------------------------------------

bool publish_alike(struct publishing *p, const struct published *f)
{
    const char *name, *version;
    if (!publish_named(p, f, &name, &version)) {
        return false;
    }
    const struct {
        const char *key, *option, *text;
    } rows[] = {{"name", "name", text_utf8(f->arena, name, strlen(name))},
                {"version", "release", text_utf8(f->arena, version, strlen(version))}};
    json_t *first = json_array_get(p->list, 0);
    if (first == NULL) {
        first = json_must(json_object());
        json_add(p->list, first);
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *before = json_string_value(json_object_get(first, rows[i].key));
        if (before == NULL) {
            json_put_text(first, rows[i].key, rows[i].text);
        } else if (strcmp(before, rows[i].text) != 0) {
            return err_set(p->e, STATUS_CANNOT,
                           "%s: its %s is %s, that of the files before it %s, and what is "
                           "published has one; give --%s",
                           f->file, rows[i].key, text_printable(f->arena, rows[i].text),
                           text_printable(f->arena, before), rows[i].option);
        }
    }
    return true;
}

// Is none of the builds before for this kind of chip?
static bool is_first_of(const struct publishing *p, const struct published *f, const char *chip)
{
    for (size_t i = 1; i < json_array_size(p->list); i++) {
        json_t *build = json_array_get(p->list, i);
        if (strcmp(json_string_value(json_object_get(build, "chipFamily")), chip) == 0) {
            return err_set(p->e, STATUS_CANNOT,
                           "%s: is a second file for %s; a manifest has one for each kind of chip",
                           f->file, chip);
        }
    }
    return true;
}

bool publish_of_release(const struct publishing *p, const struct published *f)
{
    const char *said = publish_version(p, f), *is = manifest_other_release(f->root, said);
    return is == NULL || p->asked->read->allow[CHECK_MANIFEST_VERSION] ||
           check_refuse(p->e, CHECK_MANIFEST_VERSION,
                        "%s: the app is %s, and the list would say %s", f->file,
                        text_printable(f->arena, is), text_printable(f->arena, said));
}

bool publish_build(struct publishing *p, const struct published *f, json_t *build)
{
    const char *chip = publish_chip(f);
    bool good = (*chip != '\0' ||
                 err_set(p->e, STATUS_NO,
                         "%s: does not say for which chip it is; only files that do are published "
                         "so",
                         f->file)) &&
                publish_alike(p, f) && publish_of_release(p, f) && is_first_of(p, f, chip);
    if (good) {
        json_t *whole = json_must(json_object());
        json_put_text(whole, "chipFamily", chip);
        json_must_do(json_object_update(whole, build));
        json_add(p->list, whole);
    }
    json_decref(build);
    return good;
}

json_t *publish_builds(const struct publishing *p)
{
    json_t *manifest = json_must(json_copy(json_array_get(p->list, 0)));
    json_t *builds = json_must(json_copy(p->list));
    json_must_do(json_array_remove(builds, 0));
    json_put(manifest, "builds", builds);
    return manifest;
}
