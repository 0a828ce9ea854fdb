// SPDX-License-Identifier: Apache-2.0
//
// The manifest of an ESP-Hosted co-processor's firmware, as ESPHome's esp32_hosted reads it, and
// the files that it names.
#include <string.h>

#include "hosted.h"
#include "publish_facts.h"
#include "publish_url.h"
#include "text.h"

static bool add(struct publishing *p, const struct published *f)
{
    const char *digest = publish_digest(p, f, DIGEST_SHA256), *version = publish_version(p, f);
    if (digest == NULL || !publish_url_is_web(f->url, p->e)) {
        return false;
    }
    if (!text_is_version(version)) {
        return err_set(p->e, STATUS_NO,
                       "%s: its version is '%s', and hosts compare numbers; give --release",
                       f->file, text_printable(&p->arena, version));
    }
    json_t *entry = json_must(json_object());
    json_put_text(entry, "version", version);
    json_put_text(entry, "url", f->url);
    json_put_text(entry, "sha256", digest);
    json_add(p->list, entry);
    return publish_copy(p, f, f->name);
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
