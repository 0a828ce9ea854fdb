// SPDX-License-Identifier: Apache-2.0
//
// ESP RainMaker: the file, and what a device is sent of it as the parameters of an OTA job.
#include "kinds.h"
#include "publish_facts.h"
#include "publish_url.h"

static bool add(struct publishing *p, const struct published *f)
{
    const char *version;
    const char *md5 = publish_digest(p, f, DIGEST_MD5);
    if (md5 == NULL || !publish_url_is_web(f->url, p->e) || !publish_named(p, f, NULL, &version)) {
        return false;
    }
    json_t *o = json_must(json_object());
    json_put_text(o, "ota_job_id", args_value(p->asked->args, "id"));
    json_put_text(o, "url", f->url);
    json_put_text(o, "file_md5", md5);
    json_put_text(o, "fw_version", version);
    json_put(o, "filesize", json_number(f->root->src.size));
    bool good = publish_copy(p, f, f->name);
    return publish_json(p, arena_printf(f->arena, "%s.json", f->name), o) && good;
}

const struct publish_target publish_rainmaker = {
    .topic = {"rainmaker", "what a device is sent of an OTA job of ESP RainMaker"},
    .needs = {"url", "id"},
    .takes = {"release"},
    .writes = true,
    .one = true,
    .fits = is_esp_image,
    .what = "apps of the ESP32 family",
    .add = add};
