// SPDX-License-Identifier: Apache-2.0
//
// The index that Zigbee gateways read (zigbee-OTA, ZHA, Zigbee2MQTT), and the files that it names.
#include "kinds.h"
#include "publish_facts.h"
#include "publish_url.h"

static bool add(struct publishing *p, const struct published *f)
{
    static const struct {
        const char *key, *field;
    } numbers[] = {{"fileVersion", "file_version"},
                   {"fileSize", "total_size"},
                   {"imageType", "image_type"},
                   {"manufacturerCode", "manufacturer"}};
    const char *digest = publish_digest(p, f, DIGEST_SHA512);
    if (digest == NULL || !publish_url_is_web(f->url, p->e)) {
        return false;
    }
    json_t *o = json_must(json_object());
    json_put_text(o, "fileName", f->name);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        json_put(o, numbers[i].key, json_number(node_number(f->root, numbers[i].field)));
    }
    json_put_text(o, "url", f->url);
    json_put_text(o, "sha512", digest);
    json_put_text(o, "otaHeaderString", node_text(f->root, "header_string"));
    json_add(p->list, o);
    return publish_copy(p, f, f->name);
}

static bool end(struct publishing *p)
{
    return publish_json(p, "index.json", json_incref(p->list));
}

const struct publish_target publish_zigbee_index = {
    .topic = {"zigbee-index", "the index that Zigbee gateways read"},
    .needs = {"url"},
    .writes = true,
    .fits = is_zigbee,
    .what = "Zigbee OTA files",
    .add = add,
    .end = end};
