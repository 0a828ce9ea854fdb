// SPDX-License-Identifier: Apache-2.0
//
// The manifest of an ESP-Hosted co-processor's firmware, as ESPHome's esp32_hosted reads it, and
// the files that it names.
#include <string.h>

#include "hosted.h"
#include "publish_facts.h"
#include "publish_url.h"
#include "text.h"

// Builds of all versions have one name: a second file of it gets its version behind the name, where
// that goes into the URL as well.
static const char *name_of(struct publishing *p, const struct published *f, const char *version)
{
    const char **urls = args_values(p->asked->args, "url");
    bool folder = urls[1] == NULL && urls[0][strlen(urls[0]) - 1] == '/';
    const char *dot = strrchr(f->name, '.');
    size_t stem = dot == NULL ? strlen(f->name) : (size_t)(dot - f->name);
    return folder && publish_has(p, f->name)
               ? arena_printf(&p->arena, "%.*s-%s%s", (int)stem, f->name, version, f->name + stem)
               : f->name;
}

// A host that looks for a version takes one file. Each has its entry, in their order.
static bool is_new(struct publishing *p, const struct published *f, const char *version)
{
    const json_t *entry;
    size_t i;
    json_array_foreach(p->list, i, entry)
    {
        const char *other = json_string_value(json_object_get(entry, "version"));
        if (text_compare_versions(other, version) == 0) {
            return err_set(p->e, STATUS_NO,
                           "%s: its version %s is that of %s as well; leave one out%s", f->file,
                           version, text_printable(&p->arena, p->asked->args->operands[i]),
                           args_value(p->asked->args, "release") == NULL
                               ? ""
                               : ", or --release, which all of them get");
        }
    }
    return true;
}

static bool add(struct publishing *p, const struct published *f)
{
    const char *digest = publish_digest(p, f, DIGEST_SHA256), *version = publish_version(p, f);
    if (digest == NULL || !publish_url_is_web(f->url, p->e)) {
        return false;
    }
    if (!text_is_version(version)) {
        bool said = args_value(p->asked->args, "release") != NULL;
        return err_set(p->e, said ? STATUS_CANNOT : STATUS_NO,
                       said ? "%s: --release %s: hosts compare numbers; write them as in 2.12.3"
                            : "%s: its version is '%s', and hosts compare numbers; give --release, "
                              "as in 2.12.3",
                       f->file, text_printable(&p->arena, version));
    }
    if (!publish_of_release(p, f) || !is_new(p, f, version)) {
        return false;
    }
    const char *name = name_of(p, f, version);
    const char *url =
        name == f->name ? f->url
                        : arena_printf(&p->arena, "%s%s", args_value(p->asked->args, "url"), name);
    json_t *entry = json_must(json_object());
    json_put_text(entry, "version", version);
    json_put_text(entry, "url", url);
    json_put_text(entry, "sha256", digest);
    json_add(p->list, entry);
    return publish_copy(p, f, name);
}

static bool end(struct publishing *p)
{
    json_t *manifest = json_must(json_object());
    json_put(manifest, "versions", json_incref(p->list));
    return publish_json(p, "manifest.json", manifest);
}

const struct publish_target publish_hosted = {
    .topic = {"hosted", "a manifest of a co-processor's firmware (ESP-Hosted)"},
    .needs = {"url"},
    .takes = {"release"},
    .writes = true,
    .fits = hosted_is_firmware,
    .what = "apps whose project_name is network_adapter",
    .add = add,
    .end = end};
