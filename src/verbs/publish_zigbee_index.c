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

// What is said of a file beside its header: whom gateways offer it, and what they tell people.
enum field_type { TYPE_TEXT, TYPE_NUMBER, TYPE_LIST };
static const struct field_row {
    const char *key;
    enum field_type type;
} field_rows[] = {{"minFileVersion", TYPE_NUMBER},
                  {"maxFileVersion", TYPE_NUMBER},
                  {"modelId", TYPE_TEXT},
                  {"manufacturerName", TYPE_LIST},
                  {"releaseNotes", TYPE_TEXT}};
enum { FIELD_ROWS = sizeof(field_rows) / sizeof(field_rows[0]) };

// The row that KEY=VALUE names; NULL with p->e set.
static const struct field_row *row_of(struct publishing *p, const char *word)
{
    const char *names[FIELD_ROWS], *key = arena_copy(&p->arena, word, strcspn(word, "="));
    for (size_t i = 0; i < FIELD_ROWS; i++) {
        names[i] = field_rows[i].key;
    }
    size_t i = text_place(key, names, FIELD_ROWS);
    if (strchr(word, '=') == NULL) {
        err_set(p->e, STATUS_CANNOT, "--field %s: write KEY=VALUE, as in modelId=lamp", word);
        return NULL;
    }
    if (i == FIELD_ROWS) {
        err_unknown(p->e, text_nearest(key, names, FIELD_ROWS),
                    arena_printf(&p->arena, "it is %s", text_list(&p->arena, names, FIELD_ROWS)),
                    "--field: an entry of the index has no '%s' to be given", key);
        return NULL;
    }
    return &field_rows[i];
}

static bool put_field(struct publishing *p, json_t *o, const char *word)
{
    const struct field_row *row = row_of(p, word);
    uint64_t number = 0;
    if (row == NULL) {
        return false;
    }
    const char *value = strchr(word, '=') + 1;
    json_t *there = json_object_get(o, row->key);
    if (row->type == TYPE_NUMBER && (!text_number(value, &number) || number > UINT32_MAX)) {
        return err_set(p->e, STATUS_CANNOT,
                       "--field %s: '%s' is no number up to 0xffffffff; write a file version",
                       row->key, value);
    }
    if (row->type != TYPE_LIST && there != NULL) {
        return err_set(p->e, STATUS_CANNOT, "--field: %s is given twice; give it once", row->key);
    }
    if (row->type == TYPE_NUMBER) {
        json_put(o, row->key, json_number(number));
    } else if (row->type == TYPE_TEXT) {
        json_put_text(o, row->key, value);
    } else {
        json_t *list = there == NULL ? json_must(json_array()) : there;
        json_add(list, json_string(text_utf8(&p->arena, value, strlen(value))));
        if (there == NULL) {
            json_put(o, row->key, list);
        }
    }
    return true;
}

static bool put_fields(struct publishing *p, json_t *o)
{
    bool good = true;
    for (const char **word = args_values(p->asked->args, "field"); good && *word != NULL; word++) {
        good = put_field(p, o, *word);
    }
    const json_t *min = json_object_get(o, "minFileVersion");
    const json_t *max = json_object_get(o, "maxFileVersion");
    return good &&
           (min == NULL || max == NULL || json_integer_value(min) <= json_integer_value(max) ||
            err_set(p->e, STATUS_CANNOT,
                    "--field: minFileVersion is above maxFileVersion, and no device would be "
                    "offered the file; correct one of the two"));
}

// Gateways hold what they download against what the index says.
static bool has_its_size(struct publishing *p, const struct published *f)
{
    uint64_t said = node_number(f->root, "total_size");
    return said == f->root->src.size ||
           err_set(p->e, STATUS_NO,
                   "%s: its header says %s bytes, and the file has %s: gateways refuse it; build "
                   "the file again",
                   f->file, text_count(&p->arena, said), text_count(&p->arena, f->root->src.size));
}

static bool add(struct publishing *p, const struct published *f)
{
    const char *digest = publish_digest(p, f, DIGEST_SHA512);
    if (digest == NULL || !has_its_size(p, f) || !publish_url_is_web(f->url, p->e)) {
        return false;
    }
    json_t *o = json_must(json_object());
    json_put_text(o, "fileName", f->name);
    put_numbers(o, f);
    json_put_text(o, "url", f->url);
    json_put_text(o, "sha512", digest);
    json_put_text(o, "otaHeaderString", node_text(f->root, "header_string"));
    bool good = put_fields(p, o);
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
    .takes = {"field"},
    .writes = true,
    .fits = is_zigbee,
    .what = "Zigbee OTA files",
    .add = add,
    .end = end};
