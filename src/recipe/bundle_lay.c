// SPDX-License-Identifier: Apache-2.0
#include "bundle_lay.h"

#include <otapack/bundle_seal.h>

#include "digest_span.h"

struct bundle_laying {
    struct pieces *l;
    uint8_t *table;
    uint64_t at; // where it begins
    uint32_t count;
    struct otapack_bundle_entry entries[OTAPACK_BUNDLE_MAX_IMAGES + 1];
};

static size_t table_size(uint32_t count)
{
    return (size_t)otapack_bundle_entry_at(count);
}

struct bundle_laying *bundle_begin(struct pieces *l, uint32_t count)
{
    struct bundle_laying *x = ARENA_NEW(l->arena, struct bundle_laying);
    x->l = l;
    x->at = l->size;
    x->table = arena_alloc(l->arena, table_size(count));
    pieces_add_bytes(l, NULL, x->table, table_size(count));
    return x;
}

// Writes the table as far as it is known.
void bundle_end(struct bundle_laying *x)
{
    (void)otapack_bundle_write(x->entries, x->count, x->table, table_size(x->count));
}

static bool is_counted(const struct bundle_laying *x, uint64_t end, const char *name, struct err *e)
{
    return end - x->at <= UINT32_MAX ||
           err_set(e, STATUS_NO,
                   "%s: the images are larger than the 4 GiB that a bundle can say; make them "
                   "smaller",
                   name);
}

// Notes what was laid out from `from` on as the next image, by its digest.
static bool note_image(struct bundle_laying *x, struct otapack_bundle_entry entry, uint64_t from,
                       const char *name, struct err *e)
{
    struct otapack_source src = pieces_from(x->l, from);
    if (src.size == 0) {
        return err_set(
            e, STATUS_NO,
            "%s: is empty, and no device takes an empty image; give one, or leave it out", name);
    }
    if (!is_counted(x, x->l->size, name, e)) {
        return false;
    }
    if (!digest_of(DIGEST_SHA256, &src, entry.sha256)) {
        return pieces_good(x->l, e) && err_set(e, STATUS_CANNOT, "%s: could not be read", name);
    }
    entry.length = (uint32_t)src.size;
    x->entries[x->count++] = entry;
    return true;
}

// ---- Sealed -------------------------------------------------------------------------------------

// The last image, which is to vouch for the others.
struct application {
    struct bundle_laying *x;
    struct otapack_bundle_entry entry;
    const char *name;
};

// The table is whole before the seal is made, but for the digest of what the seal lies in.
static bool sealed_by(void *container, uint64_t app_from, uint64_t size, struct otapack_source *of,
                      struct err *e)
{
    const struct application *app = container;
    struct bundle_laying *x = app->x;
    if (!is_counted(x, app_from + size, app->name, e)) {
        return false;
    }
    x->entries[x->count] = app->entry;
    x->entries[x->count].length = (uint32_t)size;
    x->count++;
    bundle_end(x);
    struct otapack_source all = pieces_source(x->l);
    *of = otapack_part(&all, x->at, otapack_bundle_seal_size(x->count));
    x->count--; // until it is there
    return true;
}

bool bundle_add(struct bundle_laying *x, const struct layer *image,
                struct otapack_bundle_entry entry, enum seal_how seal, const struct recipe *recipe,
                struct err *e)
{
    uint64_t from = x->l->size;
    struct application app = {x, entry, layer_name(image)};
    const struct seal made = {OTAPACK_SEAL_BUNDLE, seal == SEAL_REQUIRED, false, sealed_by, &app};
    return (seal > SEAL_FALSE ? compose_sealed(image, &made, recipe, x->l, e)
                              : compose_layer(image, recipe, x->l, e)) &&
           note_image(x, entry, from, app.name, e);
}

bool bundle_keep(struct bundle_laying *x, const struct layer *image,
                 struct otapack_bundle_entry entry, const struct recipe *recipe, struct err *e)
{
    x->entries[x->count++] = entry;
    return compose_layer(image, recipe, x->l, e);
}
