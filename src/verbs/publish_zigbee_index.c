// SPDX-License-Identifier: Apache-2.0
//
// The index that Zigbee gateways read (zigbee-OTA, ZHA, Zigbee2MQTT), and the files that it names.
#include <string.h>

#include "kinds.h"
#include "publish_facts.h"
#include "publish_url.h"
#include "text.h"

// Numbers of the header, where it has them.
static void put_numbers(json_t *o, const struct published *f)
{
    static const struct {
        const char *key, *field;
    } numbers[] = {{"fileVersion", "file_version"},
                   {"fileSize", "total_size"},
                   {"imageType", "image_type"},
                   {"manufacturerCode", "manufacturer"},
                   {"hardwareVersionMin", "min_hardware_version"},
                   {"hardwareVersionMax", "max_hardware_version"}};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (node_field(f->root, numbers[i].field) != NULL) {
            json_put(o, numbers[i].key, json_number(node_number(f->root, numbers[i].field)));
        }
    }
}

// Whom gateways offer it, and what they tell people. False with p->e set.
static bool put_options(struct publishing *p, json_t *o)
{
    static const struct {
        const char *key, *option;
        bool number, list;
    } rows[] = {{"minFileVersion", "min-file-version", true, false},
                {"maxFileVersion", "max-file-version", true, false},
                {"modelId", "model-id", false, false},
                {"manufacturerName", "manufacturer-name", false, true},
                {"releaseNotes", "release-notes", false, false}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *text = args_value(p->asked->args, rows[i].option);
        uint64_t number = 0;
        if (text == NULL) {
            continue;
        }
        if (rows[i].number && (!text_number(text, &number) || number > UINT32_MAX)) {
            return err_set(p->e, STATUS_CANNOT,
                           "--%s: '%s' is no number up to 0xffffffff; write a file version",
                           rows[i].option, text);
        }
        if (rows[i].number) {
            json_put(o, rows[i].key, json_number(number));
        } else if (rows[i].list) {
            json_t *names = json_must(json_array());
            for (const char **t = args_values(p->asked->args, rows[i].option); *t != NULL; t++) {
                json_add(names, json_string(text_utf8(&p->arena, *t, strlen(*t))));
            }
            json_put(o, rows[i].key, names);
        } else {
            json_put_text(o, rows[i].key, text);
        }
    }
    return true;
}

static bool add(struct publishing *p, const struct published *f)
{
    const char *digest = publish_digest(p, f, DIGEST_SHA512);
    if (digest == NULL || !publish_url_is_web(f->url, p->e)) {
        return false;
    }
    json_t *o = json_must(json_object());
    json_put_text(o, "fileName", f->name);
    put_numbers(o, f);
    json_put_text(o, "url", f->url);
    json_put_text(o, "sha512", digest);
    json_put_text(o, "otaHeaderString", node_text(f->root, "header_string"));
    bool good = put_options(p, o);
    json_add(p->list, o);
    return good && publish_copy(p, f, f->name);
}

static bool end(struct publishing *p)
{
    return publish_json(p, "index.json", json_incref(p->list));
}

const struct publish_target publish_zigbee_index = {
    .topic = {"zigbee-index", "the index that Zigbee gateways read"},
    .needs = {"url"},
    .takes = {"min-file-version", "max-file-version", "model-id", "manufacturer-name",
              "release-notes"},
    .writes = true,
    .fits = is_zigbee,
    .what = "Zigbee OTA files",
    .add = add,
    .end = end};
