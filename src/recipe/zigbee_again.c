// SPDX-License-Identifier: Apache-2.0
//
// A Zigbee OTA file that is there, laid out again around an image that changes, or behind a header
// that does.
#include <inttypes.h>

#include "judge.h"
#include "layer_zigbee.h"
#include "source.h"
#include "zigbee_tree.h"

// New sizes would hide that the file is cut off or damaged, and a new header that the old one is
// not what it says of itself: what is no field of it would be left out. A header for which clients
// have no room, and write over what is behind, is made by nobody, whatever is allowed.
static bool is_sound(const struct node *n, const char *name, bool new_header, struct err *e)
{
    static const enum check_id concerns[] = {CHECK_ZIGBEE_SIZE,        CHECK_ZIGBEE_ELEMENT_SIZE,
                                             CHECK_ZIGBEE_TRAILING,    CHECK_ZIGBEE_BARE,
                                             CHECK_ZIGBEE_HEADER_ROOM, CHECK_ZIGBEE_FIELDS};
    enum { OF_HEADER = 1 };
    size_t count = sizeof(concerns) / sizeof(concerns[0]) - (new_header ? 0 : OF_HEADER);
    for (size_t i = 0; i < count; i++) {
        const struct finding *f = finding_against(n, concerns[i]);
        if (f != NULL) {
            return check_refuse(e, f->check, "%s: not changed: %s", name, f->message);
        }
    }
    return !n->has_more || err_set(e, STATUS_CANNOT,
                                   "%s: has more than the %d elements that otapack looks at; build "
                                   "the file again",
                                   name, ZIGBEE_ELEMENTS_MOST);
}

static bool compose_parts(struct zigbee_making *m, const struct layer_again *at)
{
    uint8_t *head = NULL;
    bool good = true;
    for (const struct node *part = at->node->parts; good && part != NULL; part = part->next) {
        uint64_t from = m->l->size;
        if (part->record) {
            head = zigbee_add_head(m);
            otapack_zigbee_element_write((uint16_t)node_number(part, "tag"), 0, head);
            continue;
        }
        if (part == at->changed) {
            good = compose_layer(m->layer->inner, m->recipe, m->l, m->e);
        } else {
            pieces_add_part(m->l, at->input, part->src.base, part->src.size);
        }
        if (head != NULL) {
            otapack_zigbee_element_write(otapack_le16(head), (uint32_t)(m->l->size - from), head);
        }
        good = good && zigbee_fits(m);
    }
    return good;
}

// Signatures and the integrity code are made of all else in the file, by others.
static bool is_of_whole(const struct node *part)
{
    uint64_t tag = node_number(part, "tag");
    return part->record && (tag == OTAPACK_ZIGBEE_SIGNATURE_CS1 ||
                            tag == OTAPACK_ZIGBEE_SIGNATURE_CS2 || tag == OTAPACK_ZIGBEE_INTEGRITY);
}

static void tell_stale(const struct node *n, struct pieces *l, uint64_t from, const char *name)
{
    struct otapack_source made = pieces_from(l, from);
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        if (is_of_whole(part) && source_difference(&made, &n->src) != UINT64_MAX) {
            say("%s: warning: its %s was made of the file as it was, and does not fit any more; "
                "have it made again, or build the file without it",
                name, zigbee_tag_name((uint16_t)node_number(part, "tag")));
        }
    }
}

// What stands around, and the values of a header in place of its own; NULL: that stays.
struct again {
    struct layer_again at;
    const struct zigbee_values *values;
};

static bool compose_again(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                          struct err *e)
{
    const struct again *is = layer->is;
    const struct otapack_zigbee *was = is->at.node->parsed;
    struct zigbee_making m = {layer, recipe, l, l->size, e};
    if (!is_sound(is->at.node, layer->where, is->values != NULL, e)) {
        return false;
    }
    size_t size = was->header_length;
    uint8_t *header = source_bytes(l->arena, &is->at.node->src, 0, size);
    if (is->values != NULL) {
        struct otapack_zigbee z = zigbee_header_of(is->values);
        header = arena_alloc(l->arena, OTAPACK_ZIGBEE_MAX_HEADER);
        size = otapack_zigbee_write(&z, header, OTAPACK_ZIGBEE_MAX_HEADER);
    }
    pieces_add_bytes(l, NULL, header, size);
    bool good = compose_parts(&m, &is->at);
    otapack_put_le32(header + 52, (uint32_t)(l->size - m.from));
    if (good && !recipe->quiet) {
        tell_stale(is->at.node, l, m.from, layer->where);
    }
    return good;
}

static struct layer around(struct arena *a, struct again again)
{
    static const struct layer_type type = {.compose = compose_again};
    struct again *is = ARENA_NEW(a, struct again);
    *is = again;
    return (struct layer){&type, NULL, NULL, input_name(again.at.input), is};
}

struct layer zigbee_again(struct arena *a, const struct layer_again *at)
{
    return around(a, (struct again){*at, NULL});
}

void recipe_add_zigbee(struct recipe *recipe, struct arena *a, struct input *input,
                       const struct node *n, const struct zigbee_values *values)
{
    recipe_add(recipe, a, around(a, (struct again){{input, n, NULL}, values}));
}
