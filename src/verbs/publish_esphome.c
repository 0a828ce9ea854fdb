// SPDX-License-Identifier: Apache-2.0
//
// ESPHome's manifest, which its http_request update reads: an app for each kind of chip. What it
// writes is what ArduinoOTA would: on an ESP8266 also a compressed sketch, and nothing that begins
// with another byte than a sketch does.
#include "arduino_upload.h"
#include "publish_facts.h"

static bool fits(const struct node *root)
{
    struct arduino_upload as;
    return arduino_upload_of(root, false, &as) && !as.filesystem;
}

static bool add(struct publishing *p, const struct published *f)
{
    const char *md5 = publish_digest(p, f, DIGEST_MD5);
    if (md5 == NULL) {
        return false;
    }
    json_t *build = json_must(json_object());
    json_t *ota = json_must(json_object());
    json_put_text(ota, "path", f->name);
    json_put_text(ota, "md5", md5);
    json_put(build, "ota", ota);
    return publish_build(p, f, build) && publish_copy(p, f, f->name);
}

static bool end(struct publishing *p)
{
    return publish_json(p, "manifest.json", publish_builds(p));
}

const struct publish_target publish_esphome = {
    .topic = {"esphome", "a manifest for ESPHome's http_request updates"},
    .takes = {"name", "release"},
    .writes = true,
    .fits = fits,
    .what = "apps and sketches",
    .add = add,
    .end = end};
