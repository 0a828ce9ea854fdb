// SPDX-License-Identifier: Apache-2.0
//
// ESPHome's manifest, which its http_request update reads: an app for each kind of chip.
#include "kinds.h"
#include "publish_facts.h"

static bool fits(const struct node *root)
{
    return is_esp_image(root) || is_esp8266_image(root);
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
    .what = "apps",
    .add = add,
    .end = end};
