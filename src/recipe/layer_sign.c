// SPDX-License-Identifier: Apache-2.0
//
// A signature behind what is inside.
#include "layer_sign.h"

#include <stddef.h>
#include <string.h>

#include "format_list.h"
#include "opt.h"
#include "pkcs11.h"
#include "scheme.h"
#include "source.h"

struct recipe_sign {
    struct signing signing;
    struct recipe_choice scheme, existing;
};

static const char *const existing_words[] = {[EXISTING_REFUSE] = "refuse",
                                             [EXISTING_APPEND] = "append",
                                             [EXISTING_REPLACE] = "replace",
                                             NULL};

// A recipe is data, and may come from anywhere; a module that it names would run in this process.
// What --set says, the command line says: then all of the list is its own.
static bool is_of_command_line(const struct schema *s, const char *where)
{
    size_t n = strlen(s->recipe->file); // which may have any name
    return strncmp(where, "--set ", 6) == 0 &&
           !(strncmp(where, s->recipe->file, n) == 0 && where[n] == ':');
}

// Files are relative to the recipe, as all its paths are; URIs are what they are.
static bool take_list(struct schema *s, struct value *v, const struct recipe_key *row, void *to)
{
    static const char *const no_modules[] = {NULL};
    struct signing *signing = to;
    struct recipe_text *list = NULL;
    struct signing_key **end = &signing->keys;
    bool good = key_texts.take(s, v, row, &list);
    for (const struct recipe_text *t = list; good && t != NULL; t = t->next) {
        struct signing_key *key = ARENA_NEW(s->arena, struct signing_key);
        bool file = !pkcs11_is_uri(t->text);
        if (!is_of_command_line(s, t->where)) {
            signing->options.token.modules = no_modules; // but for those of --allow-module
        }
        *key = (struct signing_key){.where = t->where,
                                    .name = file ? take_relative(s, t->text) : t->text};
        if (file) {
            take_needed(s, t->where, "keys", key->name);
        }
        *end = key;
        end = &key->next;
    }
    return good;
}

static bool take_passphrase(struct schema *s, struct value *v, const struct recipe_key *key,
                            void *to)
{
    const char **files = arena_alloc(s->arena, 2 * sizeof(*files));
    ((struct signing *)to)->options.passphrase_files = files;
    return key_input.take(s, v, key, &files[0]);
}

static const struct key_kind key_keys = {"list", take_list},
                             key_passphrase = {"file", take_passphrase};

#define SIGNING offsetof(struct recipe_sign, signing)
static const struct recipe_key keys[] = {
    {"scheme", &key_choice, offsetof(struct recipe_sign, scheme), "how it is signed",
     OPT_CHOICE_OF("SCHEME", scheme_choice)},
    {"keys", &key_keys, SIGNING, "private keys: files, and pkcs11: URIs", NULL},
    {"existing", &key_choice, offsetof(struct recipe_sign, existing),
     "what becomes of signatures that are there", OPT_CHOICE("WHAT", existing_words)},
    {"passphrase_file", &key_passphrase, SIGNING, "with the passphrase of keys that have one",
     NULL},
    {0},
};
#undef SIGNING

// What the content is signed as. False: it is nothing that is signed.
static bool is_signed(const struct layer *layer, enum scheme_subject *subject)
{
    bool any = false;
    *subject = SIGNS_IMAGE;
    for (const struct layer *in = layer->inner; in != NULL; in = in->inner) {
        if (in->type->is_signed) {
            any = true;
            *subject = in->type->subject > *subject ? in->type->subject : *subject;
        }
    }
    return any;
}

// The scheme must go with what the recipe builds; where it says none, the usual one does.
static bool check_scheme(struct schema *s, const struct layer *layer, enum scheme_subject subject)
{
    struct recipe_sign *sign = layer->is;
    const struct scheme *usual = scheme_for(subject), *asked;
    asked = sign->scheme.number == 0 ? usual : schemes[sign->scheme.number - 1];
    sign->signing.scheme = asked;
    if (sign->scheme.number == 0) {
        return subject != SIGNS_DATA ||
               err_set(s->e, STATUS_CANNOT,
                       "%s: sign signs no image as it is; give app for an app, or "
                       "say scheme: %s for data",
                       layer->where, usual->name);
    }
    return asked->subject == subject ||
           err_set(s->e, STATUS_CANNOT, "%s: scheme %s is for %s; write %s", sign->scheme.where,
                   asked->name,
                   subject == SIGNS_UPDATE ? "the ESP32 family, and this is an ESP8266 update"
                   : subject == SIGNS_DATA ? "no data, and image is signed as data"
                   : asked->subject == SIGNS_DATA
                       ? "data, which the key image names, and there is none"
                       : "an ESP8266 update, and this is none",
                   usual->name);
}

static bool check_sign(struct schema *s, struct layer *layer)
{
    struct recipe_sign *sign = layer->is;
    enum scheme_subject subject;
    bool any = is_signed(layer, &subject);
    sign->signing.existing = sign->existing.number == 0
                                 ? EXISTING_REFUSE
                                 : (enum signing_existing)(sign->existing.number - 1);
    if (!check_scheme(s, layer, subject)) {
        return false;
    }
    if (sign->signing.keys == NULL) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: sign has no keys; list them as - FILE, or as pkcs11: URIs",
                       layer->where);
    }
    return any ||
           err_set(
               s->e, STATUS_CANNOT,
               "%s: sign signs the app, an ESP8266 update or data, and there is none; give app, "
               "esp8266 or image",
               layer->where);
}

// The files of keys, signatures and passphrases are inputs.
static void note_files(const struct signing *s, struct pieces *l)
{
    const char *const *file = s->options.passphrase_files;
    for (const struct signing_key *k = s->keys; k != NULL; k = k->next) {
        pieces_note(l, pkcs11_is_uri(k->name) ? NULL : k->name);
        pieces_note(l, k->signature);
    }
    for (; file != NULL && *file != NULL; file++) {
        pieces_note(l, *file);
    }
}

// What only has to be signed is kept, and where its signatures would be stands something else.
static bool keep_data(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
                      struct err *e)
{
    if (!sign_data(s, l, from, name, e)) {
        return false;
    }
    struct otapack_source src = pieces_from(l, from);
    *s->data = otapack_memory(source_bytes(l->arena, &src, 0, (size_t)src.size), (size_t)src.size);
    s->scheme->stand_in(l);
    return pieces_good(l, e);
}

bool layer_sign_end(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                    uint64_t from, struct err *e)
{
    struct signing signing = ((const struct recipe_sign *)layer->is)->signing;
    if (signing.options.token.modules != NULL && recipe->modules != NULL) {
        signing.options.token.modules = recipe->modules;
    }
    signing.options.quiet = signing.options.quiet || recipe->quiet;
    bool good = (signing.data == NULL ? sign : keep_data)(&signing, l, from, layer_name(layer), e);
    note_files(&signing, l);
    return good;
}

// Whatever is allowed: signatures behind anything else than an app or a bootloader are garbage.
static bool takes_signature(const struct layer *layer, struct pieces *l, uint64_t from,
                            struct err *e)
{
    const struct signing *s = &((const struct recipe_sign *)layer->is)->signing;
    struct read_options options = {.slot = NULL};
    if (s->scheme->subject != SIGNS_IMAGE) {
        return true;
    }
    layers_tell(layer->inner, &options);
    const struct node *root = read_tree(l->arena, &options, pieces_from(l, from));
    return pieces_good(l, e) &&
           (node_is(root, &format_esp_image) ||
            err_set(e, STATUS_CANNOT, "%s: sign: %s, which is no app; %s", layer->where,
                    root->summary,
                    node_is(root, &format_flash)
                        ? "the parts of a flash image are signed by themselves: put sign beside "
                          "the app of which the flash is made"
                        : "only apps are signed: leave out sign"));
}

static bool compose_sign(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                         struct err *e)
{
    uint64_t from = l->size;
    return compose_layer(layer->inner, recipe, l, e) &&
           (layer->where == NULL || takes_signature(layer, l, from, e)) && // else who asks knows
           layer_sign_end(layer, recipe, l, from, e);
}

bool layer_sign_size(const struct layer *layer, struct pieces *l, uint64_t from, uint64_t *size,
                     struct err *e)
{
    const struct signing *s = &((const struct recipe_sign *)layer->is)->signing;
    bool adds = s->keys != NULL || s->data != NULL;
    bool good = (adds ? sign_data : sign)(s, l, from, layer_name(layer), e);
    uint64_t end = l->size;
    if (adds) {
        s->scheme->stand_in(l);
    }
    *size = l->size - from;
    pieces_cut(l, end);
    return good;
}

bool layer_sign_keeps(const struct layer *layer, bool any)
{
    const struct signing *s = &((const struct recipe_sign *)layer->is)->signing;
    return s->existing == EXISTING_APPEND || s->block != NULL ||
           (s->existing == EXISTING_EDIT && any);
}

void recipe_add_sign(struct recipe *recipe, struct arena *a, const struct signing *signing)
{
    struct recipe_sign *is = ARENA_NEW(a, struct recipe_sign);
    is->signing = *signing;
    recipe_add(recipe, a, (struct layer){.type = &layer_sign, .is = is});
}

const struct layer_type layer_sign = {
    .key = {"sign", &key_map, 0, "sign what is inside", keys},
    .size = sizeof(struct recipe_sign),
    .place = PLACE_SIGN,
    .taken = check_sign,
    .compose = compose_sign,
};
