// SPDX-License-Identifier: Apache-2.0
#include "seal.h"

#include <string.h>

#include "digest_span.h"
#include "image_sums.h"
#include "layer_sign.h"
#include "rcp_seal.h"
#include "signature.h"
#include "source.h"

// The app while it is sealed.
struct host {
    const char *name;
    const struct layer *sign; // NULL: it is laid out as it is
    uint64_t from;            // in the layout
    uint8_t *bytes;           // without the signatures to come
    size_t n;
    uint64_t size; // in the end
};

// ---- What it says -------------------------------------------------------------------------------

static bool find_place(const struct host *h, uint32_t *at, struct err *e)
{
    struct otapack_source src = otapack_memory(h->bytes, h->n);
    if (otapack_rcp_seal_place_find(&src, at).code != OTAPACK_OK) {
        return err_set(e, STATUS_NO,
                       "%s: has no place for a seal; add two lines to its firmware, "
                       "#include \"otapack/rcp_seal.h\" and OTAPACK_RCP_SEAL(); to a file that is "
                       "linked in any case, and build it again",
                       h->name);
    }
    uint8_t version = h->bytes[*at + OTAPACK_SEAL_MAGIC_SIZE];
    return version == OTAPACK_SEAL_VERSION ||
           err_set(e, STATUS_NO,
                   "%s: its place for a seal is of version %u, and otapack knows %u; take a newer "
                   "otapack, or build the app with this one's headers",
                   h->name, version, OTAPACK_SEAL_VERSION);
}

static bool make_seal(const struct host *h, const struct seal *seal, struct pieces *l,
                      uint8_t raw[OTAPACK_SEAL_SIZE], struct err *e)
{
    struct otapack_source of;
    struct otapack_rcp_seal made = {.version = OTAPACK_SEAL_VERSION,
                                    .kind = (uint8_t)seal->kind,
                                    .digest_type = OTAPACK_SEAL_SHA256};
    if (!seal->sealed(seal->container, h->from, h->size, &of, e)) {
        return false;
    }
    made.size = (uint32_t)of.size;
    if (!digest_of(DIGEST_SHA256, &of, made.digest)) {
        return pieces_good(l, e) && err_set(e, STATUS_CANNOT, "%s: could not be read", h->name);
    }
    otapack_rcp_seal_write(&made, raw);
    return true;
}

// ---- What becomes of the app --------------------------------------------------------------------

static const struct node *read_app(const struct host *h, const struct pieces *l)
{
    static const struct read_options plain;
    return read_tree(l->arena, &plain, otapack_memory(h->bytes, h->n));
}

static bool may_change(const struct host *h, const struct pieces *l, struct err *e)
{
    const struct node *n = read_app(h, l);
    bool keeps = h->sign == NULL || layer_sign_keeps(h->sign, h->size > signature_unpadded(n));
    return signature_count(n) == 0 || !keeps ||
           err_set(e, STATUS_NO,
                   "%s: the app is signed, and its seal would be another one, with which its "
                   "signatures do not hold; take these off first (otapack sign --remove), or give "
                   "the app as its build wrote it",
                   h->name);
}

static bool open_app(const struct host *h, struct otapack_esp_image *image, struct err *e)
{
    struct otapack_source src = otapack_memory(h->bytes, h->n);
    struct otapack_app_desc desc;
    return (otapack_esp_image_open(&src, image).code == OTAPACK_OK &&
            otapack_app_desc_read(&src, OTAPACK_APP_DESC_AT, &desc).code == OTAPACK_OK) ||
           err_set(e, STATUS_NO,
                   "%s: is no app with a description as it is laid out, in which alone a seal "
                   "can lie; give the app itself, and no delta, encrypt or compress around it",
                   h->name);
}

// An app has room for one seal: that of something else is somebody's, too.
static bool is_free(const struct host *h, const uint8_t raw[OTAPACK_SEAL_SIZE], uint32_t at,
                    struct err *e)
{
    struct otapack_rcp_seal was = {.at = at}, made = {.at = at};
    otapack_rcp_seal_decode(h->bytes + at, &was);
    otapack_rcp_seal_decode(raw, &made);
    return otapack_rcp_seal_is_empty(&was) || was.kind == made.kind ||
           err_set(e, STATUS_NO,
                   "%s: has the seal of %s, and an app has room for one; leave out seal, or give "
                   "the app as its build wrote it",
                   h->name, rcp_seal_kind(was.kind));
}

static bool fill(const struct host *h, const struct otapack_esp_image *image,
                 const uint8_t raw[OTAPACK_SEAL_SIZE], uint32_t at, struct pieces *l, struct err *e)
{
    if (memcmp(h->bytes + at, raw, OTAPACK_SEAL_SIZE) == 0) {
        return true;
    }
    if (!is_free(h, raw, at, e) || !may_change(h, l, e) ||
        !image_sums_hold(image, h->bytes, h->name, e)) {
        return false;
    }
    memcpy(h->bytes + at, raw, OTAPACK_SEAL_SIZE);
    image_checksum_redo(image, h->bytes);
    image_hash_redo(image, h->bytes);
    return true;
}

static bool is_signed(const struct host *h, const struct pieces *l)
{
    return h->sign != NULL || signature_count(read_app(h, l)) > 0;
}

// The host as its layers make it, in memory, and as large as it will be.
static bool take_host(struct host *h, const struct layer *host, const struct recipe *recipe,
                      struct pieces *l, struct err *e)
{
    while (layer_content(host) != NULL) {
        host = layer_content(host); // its layers may be said one map further in
    }
    *h = (struct host){.name = layer_name(host), .from = l->size};
    h->sign = host->type == &layer_sign ? host : NULL;
    if (!compose_layer(h->sign == NULL ? host : host->inner, recipe, l, e) ||
        !pieces_fit(l, 0, e)) {
        return false;
    }
    struct otapack_source src = pieces_from(l, h->from);
    h->n = (size_t)src.size;
    h->bytes = source_bytes(l->arena, &src, 0, h->n);
    h->size = h->n;
    return pieces_good(l, e) &&
           (h->sign == NULL || layer_sign_size(h->sign, l, h->from, &h->size, e));
}

bool compose_sealed(const struct layer *host, const struct seal *seal, const struct recipe *recipe,
                    struct pieces *l, struct err *e)
{
    struct host h;
    struct otapack_esp_image image;
    uint8_t raw[OTAPACK_SEAL_SIZE] = {0};
    uint32_t at = 0;
    if (!take_host(&h, host, recipe, l, e) || !open_app(&h, &image, e) || !find_place(&h, &at, e) ||
        !make_seal(&h, seal, l, raw, e) || !fill(&h, &image, raw, at, l, e)) {
        return false;
    }
    if (seal->required && !seal->signed_later && !is_signed(&h, l)) {
        return err_set(e, STATUS_NO,
                       "%s: seal: required, and nobody signs the app, so that anybody could make "
                       "its seal; add sign: to the recipe, or write seal: true",
                       h.name);
    }
    pieces_cut(l, h.from); // its files stay named
    pieces_add_bytes(l, h.name, h.bytes, h.n);
    if (h.sign != NULL && !layer_sign_end(h.sign, recipe, l, h.from, e)) {
        return false;
    }
    return l->size - h.from == h.size ||
           err_set(e, STATUS_CANNOT, "%s: has another size once it is signed; sign it by itself",
                   h.name);
}
