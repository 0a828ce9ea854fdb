// SPDX-License-Identifier: Apache-2.0
//
// What is inside, encrypted ahead of time for the devices that have the private key.
#include <stddef.h>

#include "esp_encrypted.h"
#include "judge.h"
#include "layer.h"

struct recipe_encrypt {
    const char *key; // the file of a public key
};

static const struct recipe_key keys[] = {
    {"key", &key_input, offsetof(struct recipe_encrypt, key), "the devices' public key", NULL},
    {0},
};

static bool check_encrypt(struct schema *s, struct layer *layer)
{
    if (((const struct recipe_encrypt *)layer->is)->key == NULL) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: encrypt has no key; name the file of the devices' public key",
                       layer->where);
    }
    for (const struct layer *in = layer->inner; in != NULL; in = in->inner) {
        if (in->type->is_signed && in->type->subject == SIGNS_UPDATE) {
            return err_set(s->e, STATUS_CANNOT,
                           "%s: an ESP8266 cannot decrypt an update; leave out encrypt",
                           layer->where);
        }
    }
    return true;
}

static bool open_key(const char *file, struct pk_public *key, struct err *e)
{
    static const struct key_options options = {.quiet = true};
    return key_public(file, &options, key, e) && key_fits_esp_encrypted(key, file, e);
}

// Once it is encrypted, nobody can look into it who has not the private key.
static bool is_sound(const struct layer *layer, const struct recipe *recipe, struct arena *a,
                     struct otapack_source plain, struct err *e)
{
    struct read_options options = {.slot = NULL};
    recipe_allow(recipe, &options);
    layers_tell(layer->inner, &options);
    const struct finding *f = first_failure(read_and_judge(a, &options, plain));
    return f == NULL || err_set(e, STATUS_NO, "%s: %s; %s [%s]", layer_name(layer), f->message,
                                checks[f->check].remedy, checks[f->check].id);
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
    struct otapack_source all = pieces_source(l);
    struct otapack_source plain = otapack_part(&all, from, all.size);
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
    .taken = check_encrypt,
    .compose = compose_encrypt,
    .tell = tell,
};
