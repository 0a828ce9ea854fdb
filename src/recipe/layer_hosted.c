// SPDX-License-Identifier: Apache-2.0
//
// A host's app, or its flash, and the firmware of its co-processor (ESP-Hosted): in a partition of
// that flash, as it is or as a file, or beside the app, where it is only looked at.
#include <inttypes.h>
#include <otapack/partition_table.h>
#include <stddef.h>
#include <string.h>

#include "app_slot.h"
#include "format_list.h"
#include "hosted.h"
#include "judge.h"
#include "layer.h"
#include "littlefs_make.h"
#include "rcp_seal.h"
#include "seal.h"
#include "source.h"
#include "text.h"

struct recipe_hosted {
    struct recipe_part host, firmware;
    const char *partition;     // that the firmware goes to; NULL: none
    const char *file;          // its name in a file system there; NULL: the partition has no other
    struct target device;      // the co-processor, and its host's library
    struct recipe_choice seal; // of the host's app
};

// ---- From a recipe ------------------------------------------------------------------------------

// What is said of the co-processor goes by the names and words of the device's options.
static bool take_fact(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    static const struct opt *const groups[] = {esp32_rows, hosted_rows, NULL};
    struct device_said said = {.target = to};
    const char *text = take_text(s, v);
    const char *option = key->of;
    return text != NULL && target_say(groups, &said, option, text_printable(s->arena, text),
                                      arena_printf(s->arena, "%s: %s", v->where, key->name), s->e);
}

static const struct key_kind key_fact = {"text", take_fact};

#define AT(member) offsetof(struct recipe_hosted, member)
static const struct recipe_key keys[] = {
    {"host", &key_image, AT(host), "the host's app, or its flash", NULL},
    {"firmware", &key_part, AT(firmware), "the co-processor's app, network_adapter", NULL},
    {"partition", &key_text, AT(partition), "of the host's flash, in which that lies", NULL},
    {"littlefs", &key_text, AT(file), "its name, where it lies there as a file", NULL},
    {"version", &key_fact, AT(device), "of the host's ESP-Hosted library", "esp-hosted"},
    {"chip", &key_fact, AT(device), "of the co-processor", "chip"},
    {"flash_mode", &key_fact, AT(device), "of the co-processor", "flash-mode"},
    {"seal", &key_choice, AT(seal),
     "let the host's app vouch for the firmware; required: and be signed", SEAL_WORDS},
    {0},
};
#undef AT

static bool check_file(struct schema *s, const struct layer *layer)
{
    const struct recipe_hosted *is = layer->is;
    if (!littlefs_name_is_good(is->file)) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: littlefs is '%s', which no file in its root folder can be called; "
                       "write a name of at most %d bytes, without /",
                       layer->where, text_printable(s->arena, is->file), LITTLEFS_NAME_MOST);
    }
    return is->partition != NULL ||
           err_set(s->e, STATUS_CANNOT,
                   "%s: littlefs needs the partition that the file system lies in; write partition",
                   layer->where);
}

static bool check_keys(struct schema *s, struct layer *layer)
{
    const struct recipe_hosted *is = layer->is;
    bool host = layer_part_given(&is->host);
    if (!host || !layer_part_given(&is->firmware)) {
        return err_set(s->e, STATUS_CANNOT, "%s: hosted has no %s", layer->where,
                       host ? "firmware; name the co-processor's .bin file"
                            : "host; name the .bin file of the host's app");
    }
    if (is->seal.number > SEAL_FALSE && is->partition != NULL) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: a seal lies in the host's app, and this host is its flash; build the "
                       "app with hosted: and seal:, without partition, and put that into the flash",
                       is->seal.where);
    }
    return is->file == NULL || check_file(s, layer);
}

// ---- The firmware -------------------------------------------------------------------------------

// All of it, with its signature, in memory; or the file system that it is in.
struct firmware {
    const uint8_t *bytes;
    size_t size;
    uint64_t erased; // bytes behind it
};

static bool is_sound(const struct layer *layer, const struct recipe *recipe, struct arena *a,
                     struct otapack_source src, struct err *e)
{
    const struct recipe_hosted *is = layer->is;
    const char *name = layer_part_name(&is->firmware);
    struct read_options options = {.slot = "app", .target = is->device};
    recipe_allow(recipe, &options);
    const struct node *root = read_and_judge(a, &options, src);
    const struct finding *f = first_failure(root);
    if (f != NULL) {
        return check_refuse(e, f->check, "%s: %s", name, f->message);
    }
    return hosted_is_firmware(root) || options.allow[CHECK_HOSTED_PROJECT] ||
           check_refuse(e, CHECK_HOSTED_PROJECT, "%s: %s", name, root->summary);
}

static bool take_firmware(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                          struct firmware *out, struct err *e)
{
    const struct recipe_hosted *is = layer->is;
    uint64_t from = l->size;
    if (!compose_part(&is->firmware, recipe, l, e) ||
        !app_slot_holds(recipe, &is->firmware, l, from, e)) {
        return false;
    }
    struct otapack_source src = pieces_from(l, from);
    if (src.size > UNPACKED_MOST) {
        return err_set(e, STATUS_NO,
                       "%s: has %s, and no co-processor has so much flash; give the app alone",
                       layer_part_name(&is->firmware), text_size(l->arena, src.size));
    }
    out->size = (size_t)src.size;
    out->bytes = source_bytes(l->arena, &src, 0, out->size);
    pieces_cut(l, from); // it stays named
    return pieces_good(l, e) &&
           is_sound(layer, recipe, l->arena, otapack_memory(out->bytes, out->size), e);
}

// ---- In the host's flash ------------------------------------------------------------------------

static bool find_partition(const struct node *flash, const char *label,
                           struct otapack_partition *found)
{
    const struct node *table = node_find(flash, format_partition_table.name, -1);
    struct otapack_partition_table t;
    if (table == NULL || otapack_partition_table_open(&table->src, &t).code != OTAPACK_OK) {
        return false;
    }
    for (uint32_t i = 0; i < t.count; i++) {
        size_t n = sizeof(found->label);
        if (otapack_partition_read(&table->src, i, found).code == OTAPACK_OK &&
            otapack_text_length(found->label, n) == strlen(label) &&
            memcmp(found->label, label, strlen(label)) == 0) {
            return true;
        }
    }
    return false;
}

// The partition's image, where the firmware is a file in it.
static bool make_file(const struct recipe_hosted *is, struct arena *a,
                      const struct otapack_partition *p, struct firmware *firmware, struct err *e)
{
    uint32_t blocks = p->size / LITTLEFS_BLOCK;
    uint64_t needed = littlefs_blocks_needed(firmware->size);
    if (needed > blocks) {
        return err_set(e, STATUS_NO,
                       "%s: has %zu bytes, for which a LittleFS takes %" PRIu64
                       " blocks, and partition %s has %" PRIu32 "; make that larger",
                       layer_part_name(&is->firmware), firmware->size, needed, is->partition,
                       blocks);
    }
    firmware->bytes = littlefs_make(a, blocks, is->file, firmware->bytes, firmware->size);
    firmware->size = (size_t)needed * LITTLEFS_BLOCK;
    firmware->erased = p->size - firmware->size;
    return true;
}

// Those that something else writes to by itself: what lies there is lost, or taken for its own.
static bool is_taken(const struct otapack_partition *p)
{
    enum {
        OTA,
        PHY,
        NVS,
        COREDUMP,
        NVS_KEYS,
        EFUSE
    }; // the subtypes of data that ESP-IDF counts so
    return p->subtype <= EFUSE;
}

// As it will lie in the partition.
static bool fits(const struct layer *layer, struct arena *a, const struct otapack_partition *p,
                 struct firmware *firmware, struct err *e)
{
    const struct recipe_hosted *is = layer->is;
    const char *name = layer_part_name(&is->firmware);
    if (p->type != OTAPACK_PARTITION_TYPE_DATA) {
        return err_set(e, STATUS_CANNOT,
                       "%s: partition %s is of another type than data, which is where hosts look; "
                       "name a data partition",
                       layer->where, is->partition);
    }
    if (is_taken(p)) {
        return err_set(e, STATUS_CANNOT,
                       "%s: partition %s is for what ESP-IDF keeps there itself (ota, phy, nvs, "
                       "coredump, nvs_keys, efuse); name another data partition",
                       layer->where, is->partition);
    }
    if (is->file != NULL) {
        return make_file(is, a, p, firmware, e);
    }
    return firmware->size <= p->size ||
           err_set(e, STATUS_NO,
                   "%s: has %zu bytes with its signature, and partition %s has %" PRIu32
                   "; make that larger",
                   name, firmware->size, is->partition, p->size);
}

// A partition takes what its table says, of which nothing else is there: up to where the flash ends
// it is made, and looked at.
static bool lies_in_flash(const struct layer *layer, const struct recipe *recipe,
                          const struct node *flash, const struct otapack_partition *p,
                          struct err *e)
{
    const struct recipe_hosted *is = layer->is;
    const char *host = layer_part_name(&is->host), *label = is->partition;
    struct read_options options = {.slot = NULL};
    uint64_t end = (uint64_t)p->offset + p->size;
    uint64_t said = image_flash_size(node_find(flash, "bootloader", -1));
    recipe_allow(recipe, &options);
    if (said != 0 && end > said && !options.allow[CHECK_PT_FLASH_SIZE]) {
        return check_refuse(e, CHECK_PT_FLASH_SIZE,
                            "%s: partition %s ends at 0x%" PRIx64
                            ", the bootloader's header says %" PRIu64 " MiB of flash",
                            host, label, end, said >> 20);
    }
    return end <= FLASH_MOST || err_set(e, STATUS_NO,
                                        "%s: partition %s ends at 0x%" PRIx64
                                        ", and the largest flash has 128 MiB; make it smaller",
                                        host, label, end);
}

// Where in the host's flash it goes. False with `e` set.
static bool find_place(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                       const struct otapack_source *host, struct firmware *firmware, uint64_t *at,
                       struct err *e)
{
    const struct recipe_hosted *is = layer->is;
    struct read_options options = {.slot = NULL};
    struct otapack_partition p;
    if (is->host.content != NULL) {
        layers_tell(is->host.content, &options);
    }
    const struct node *root = read_tree(l->arena, &options, *host);
    uint64_t offset = node_number(root, "flash_offset");
    if (!node_is(root, &format_flash) || !find_partition(root, is->partition, &p) ||
        p.offset < offset) {
        return pieces_good(l, e) &&
               err_set(
                   e, STATUS_CANNOT,
                   "%s: %s%s has no partition %s; give a flash image with that partition in its "
                   "table, or leave out partition",
                   layer->where, layer_part_name(&is->host),
                   node_is(root, &format_flash) ? "" : " is no flash image, and", is->partition);
    }
    if (!lies_in_flash(layer, recipe, root, &p, e) || !fits(layer, l->arena, &p, firmware, e)) {
        return false;
    }
    *at = p.offset - offset;
    uint64_t end = *at + firmware->size + firmware->erased, size = host->size;
    return source_is_filled(host, *at < size ? *at : size, end < size ? end : size, 0xFF) ||
           err_set(e, STATUS_CANNOT,
                   "%s: partition %s has something in it already; leave that out, or partition",
                   layer->where, is->partition);
}

// Between what lies before the partition and what lies behind it.
static bool put_firmware(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                         uint64_t from, struct firmware *firmware, struct err *e)
{
    const struct recipe_hosted *is = layer->is;
    struct otapack_source host = pieces_from(l, from);
    uint64_t at = 0, size = host.size;
    if (!find_place(layer, recipe, l, &host, firmware, &at, e)) {
        return false;
    }
    uint64_t end = at + firmware->size + firmware->erased;
    size_t rest = end < size ? (size_t)(size - end) : 0;
    const uint8_t *behind = source_bytes(l->arena, &host, size - rest, rest);
    if (at < size) {
        pieces_cut(l, from + at);
    }
    pieces_add_fill(l, at > size ? at - size : 0);
    pieces_add_bytes(l, layer_part_name(&is->firmware), firmware->bytes, firmware->size);
    pieces_add_fill(l, firmware->erased);
    if (rest > 0) {
        pieces_add_bytes(l, layer_part_name(&is->host), behind, rest);
    }
    return true;
}

static const struct recipe_part *made_of(const struct layer *layer)
{
    return &((const struct recipe_hosted *)layer->is)->host;
}

static bool sealed_by(void *firmware, uint64_t app_from, uint64_t size, struct otapack_source *of,
                      struct err *e)
{
    const struct firmware *f = firmware;
    (void)app_from;
    (void)size;
    (void)e;
    *of = otapack_memory(f->bytes, f->size);
    return true;
}

// A host that has a seal already is sent with what that is of.
static bool fits_seal(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                      uint64_t from, const struct firmware *firmware, struct err *e)
{
    const struct recipe_hosted *is = layer->is;
    struct read_options options = {.slot = NULL};
    const struct node *host = read_tree(l->arena, &options, pieces_from(l, from));
    const struct node *seal = is_image(host, "app") ? rcp_seal_hosted(host) : NULL;
    struct otapack_source src = otapack_memory(firmware->bytes, firmware->size);
    const char *wrong = seal == NULL ? NULL : rcp_seal_wrong_with(l->arena, &src, seal->parsed);
    recipe_allow(recipe, &options);
    return wrong == NULL || options.allow[CHECK_RCP_SEAL] ||
           check_refuse(e, CHECK_RCP_SEAL, "%s: the host's seal does not hold: %s",
                        layer_part_name(&is->host), wrong);
}

static bool add_host(const struct layer *layer, const struct recipe *recipe,
                     struct firmware *firmware, struct pieces *l, struct err *e)
{
    const struct recipe_hosted *is = layer->is;
    struct recipe_part host = is->host;
    const struct layer app = layer_of_app(&host);
    const struct seal seal = {OTAPACK_SEAL_HOSTED, is->seal.number == SEAL_REQUIRED,
                              layer_is_signed(layer, recipe), sealed_by, firmware};
    uint64_t from = l->size;
    return is->partition != NULL          ? compose_part(&is->host, recipe, l, e)
           : is->seal.number > SEAL_FALSE ? compose_sealed(&app, &seal, recipe, l, e)
                                          : compose_layer(&app, recipe, l, e) &&
                                                fits_seal(layer, recipe, l, from, firmware, e);
}

static bool compose_hosted(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                           struct err *e)
{
    const struct recipe_hosted *is = layer->is;
    uint64_t from = l->size;
    struct firmware firmware = {NULL, 0, 0};
    return take_firmware(layer, recipe, l, &firmware, e) &&
           add_host(layer, recipe, &firmware, l, e) &&
           (is->partition == NULL || put_firmware(layer, recipe, l, from, &firmware, e));
}

// What the host is made of is what is built.
static void tell(const struct layer *layer, struct read_options *options)
{
    const struct recipe_hosted *is = layer->is;
    if (is->host.content != NULL) {
        layers_tell(is->host.content, options);
    }
    options->target.hosted = is->device.hosted;
    options->target.known |= is->device.known & TARGET_HOSTED;
}

const struct layer_type layer_hosted = {
    .key = {"hosted", &key_map, 0, "a host and its co-processor's firmware", keys},
    .size = sizeof(struct recipe_hosted),
    .place = PLACE_CONTENT,
    .is_signed = true,
    .subject = SIGNS_IMAGE,
    .taken = check_keys,
    .compose = compose_hosted,
    .made_of = made_of,
    .tell = tell,
};
