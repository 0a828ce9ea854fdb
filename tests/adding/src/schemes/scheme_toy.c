// SPDX-License-Identifier: Apache-2.0
//
// A toy is sealed with all of its bytes, one XORed to the other; any key will do.
#include "format_list.h"
#include "scheme.h"
#include "sign_request.h"
#include "source.h"
#include "trust_inside.h"

static bool fits(const struct node *part)
{
    return node_is(part, &format_toy);
}

static bool fits_key(const struct pk_public *key, const char *name, struct err *e)
{
    (void)key;
    (void)name;
    (void)e;
    return true;
}

static uint8_t seal_of(struct arena *a, const struct otapack_source *src, uint64_t from,
                       uint64_t size)
{
    const uint8_t *bytes = source_bytes(a, src, from, (size_t)size);
    uint8_t seal = 0;
    for (uint64_t i = 0; i < size; i++) {
        seal ^= bytes[i];
    }
    return seal;
}

static bool sign_toy(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
                     struct err *e)
{
    struct otapack_source src = pieces_source(l);
    uint8_t *seal = arena_alloc(l->arena, 1);
    (void)s;
    *seal = seal_of(l->arena, &src, from, l->size - from);
    pieces_add_bytes(l, name, seal, 1);
    return pieces_good(l, e);
}

static bool data_toy(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
                     struct err *e)
{
    (void)s;
    (void)from;
    (void)name;
    return pieces_good(l, e);
}

static const struct sign_algorithm *algorithm(const struct pk_public *key)
{
    static const struct sign_algorithm how = {.text = "a seal", .hash = "sha256"};
    (void)key;
    return &how;
}

static const char *command_nothing(struct arena *a, const struct sign_request *r, const char *data)
{
    (void)a;
    (void)r;
    (void)data;
    return "";
}

static const struct node *signature(const struct node *part, unsigned i)
{
    return i == 0 ? node_find(part, "seal", -1) : NULL;
}

static bool asks(const struct trusted *x, const struct node *part, const char *where, struct err *e)
{
    (void)x;
    (void)part;
    (void)where;
    (void)e;
    return true;
}

static void find(const struct trusted *x, struct trust_answer *answer)
{
    const struct node *seal = signature(answer->part, 0);
    (void)x;
    if (seal != NULL) {
        const struct otapack_source *src = &answer->part->src;
        uint64_t size = seal->src.base - src->base;
        uint8_t said = *source_bytes(answer->arena, &seal->src, 0, 1);
        answer->count = 1;
        answer->signatures[0] =
            (struct trust_signature){.node = seal,
                                     .counts = said == seal_of(answer->arena, src, 0, size),
                                     .blemish = CHECK_COUNT,
                                     .text = "a seal"};
    }
}

static bool holds(const struct trusted *x, struct trust_answer *answer)
{
    (void)x;
    return answer->signatures[0].counts ||
           trust_miss(answer, "the seal is broken; seal it again with otapack sign");
}

const struct scheme scheme_toy = {.name = "toy",
                                  .subject = SIGNS_DATA,
                                  .fits = fits,
                                  .fits_key = fits_key,
                                  .sign = sign_toy,
                                  .data = data_toy,
                                  .algorithm = algorithm,
                                  .commands = command_nothing,
                                  .signature = signature,
                                  .what = "seal",
                                  .nowhere = "",
                                  .trailing = CHECK_TOY_COUNT,
                                  .asks = asks,
                                  .find = find,
                                  .holds = holds};
