// SPDX-License-Identifier: Apache-2.0
//
// What is inside, encrypted ahead of time for the devices that have the private key.
#include <stddef.h>

#include "esp_encrypted.h"
#include "format_list.h"
#include "judge.h"
#include "layer.h"

struct recipe_encrypt {
    const char *key; // the file of a public key
};

static const struct recipe_key keys[] = {
    {"key", &key_input, offsetof(struct recipe_encrypt, key), "the devices' public key", NULL},
    {0},
};

static bool has_key(struct schema *s, struct layer *layer)
{
    return ((const struct recipe_encrypt *)layer->is)->key != NULL ||
           err_set(s->e, STATUS_CANNOT,
                   "%s: encrypt has no key; name the file of the devices' public key",
                   layer->where);
}

static bool open_key(const char *file, struct pk_public *key, struct err *e)
{
    static const struct key_options options = {.quiet = true};
    return key_public(file, &options, key, e) && key_fits_esp_encrypted(key, file, e);
}

// What no device looks for in what it decrypted.
static const struct {
    const struct format *format;
    const char *text;
} never_inside[] = {
    {&format_esp_encrypted_img, "is encrypted already; leave out encrypt"},
    {&format_matter, "is a Matter image, whose payload is what is encrypted; encrypt that"},
    {&format_zigbee, "is a Zigbee OTA file, whose image is what is encrypted; encrypt that"},
    {&format_esp8266_signed, "is for an ESP8266, which cannot decrypt it; leave out encrypt"},
    {&format_esp8266_arduino, "is for an ESP8266, which cannot decrypt it; leave out encrypt"},
    {&format_esp8266_flash, "is for an ESP8266, which cannot decrypt it; leave out encrypt"},
    {&format_esp8266_v2, "is for an ESP8266, which cannot decrypt it; leave out encrypt"},
    {&format_esp8266_image, "is for an ESP8266, which cannot decrypt it; leave out encrypt"},
};

static bool goes_inside(const struct layer *layer, const struct node *plain, struct err *e)
{
    if (node_is(plain, &format_gzip)) { // as an ESP8266 is sent it
        plain = node_find(plain, "content", -1);
    }
    for (size_t i = 0; i < sizeof(never_inside) / sizeof(never_inside[0]); i++) {
        if (node_is(plain, never_inside[i].format)) {
            return err_set(e, STATUS_CANNOT, "%s: %s", layer_name(layer), never_inside[i].text);
        }
    }
    return true;
}

// Once it is encrypted, nobody can look into it who has not the private key: so what is known of
// the device is held against it here.
static bool is_sound(const struct layer *layer, const struct recipe *recipe, struct arena *a,
                     struct otapack_source plain, struct err *e)
{
    struct read_options options = {.slot = NULL};
    options = recipe->read == NULL ? options : *recipe->read;
    recipe_allow(recipe, &options);
    if (recipe->said != NULL) {
        options.host_table = recipe->said->host_table;
        options.host_table_tree = recipe->said->host_table_tree;
    }
    layers_tell(layer->inner, &options);
    const struct node *root = read_and_judge(a, &options, plain);
    if (!goes_inside(layer, root, e)) {
        return false;
    }
    const struct finding *f = first_failure(root);
    return f == NULL || check_refuse(e, f->check, "%s: %s", layer_name(layer), f->message);
}

// The slot is for what is inside.
static void tell(const struct layer *layer, struct read_options *options)
{
    (void)layer;
    options->slot = NULL;
}

// Key and IV are new each time: no two builds give the same bytes.
static bool compose_encrypt(const struct layer *layer, const struct recipe *recipe,
                            struct pieces *l, struct err *e)
{
    const char *file = ((const struct recipe_encrypt *)layer->is)->key;
    struct pk_public key;
    uint64_t from = l->size;
    if (!open_key(file, &key, e) || !compose_layer(layer->inner, recipe, l, e) ||
        !pieces_fit(l, OTAPACK_ESP_ENCRYPTED_IMG_HEADER_SIZE, e)) {
        return false;
    }
    struct otapack_source plain = pieces_from(l, from);
    if (!esp_encrypted_fits(plain.size, layer_name(layer), e)) {
        return false;
    }
    size_t size = OTAPACK_ESP_ENCRYPTED_IMG_HEADER_SIZE + (size_t)plain.size;
    uint8_t *image = arena_alloc(l->arena, size);
    bool made =
        is_sound(layer, recipe, l->arena, plain, e) && esp_encrypted_make(&plain, &key, image, e);
    bool good = pieces_good(l, e) && made; // which names the input where that is at fault
    pieces_cut(l, from);                   // the inputs stay named
    pieces_note(l, file);
    pieces_add_bytes(l, layer_name(layer), image, size);
    return good;
}

const struct layer_type layer_encrypt = {
    .key = {"encrypt", &key_map, 0, "encrypt what is inside for devices with this key", keys},
    .size = sizeof(struct recipe_encrypt),
    .place = PLACE_ENCRYPT,
    .taken = has_key,
    .compose = compose_encrypt,
    .tell = tell,
};
