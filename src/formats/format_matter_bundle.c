// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <string.h>

#include "format_list.h"
#include "matter_bundle_tree.h"
#include "rcp_seal.h"
#include "text.h"

static const char *const id_names[] = {
    [OTAPACK_BUNDLE_APPLICATION] = "application",
    [OTAPACK_BUNDLE_RCP] = "rcp",
};
enum { ID_NAMES = sizeof(id_names) / sizeof(id_names[0]) };

const char *matter_bundle_id_name(uint32_t id)
{
    return id < ID_NAMES ? id_names[id] : NULL;
}

bool is_matter_bundle(const struct node *n)
{
    return node_is(n, &format_matter_bundle) && n->error == NULL;
}

struct node *matter_bundle_application(const struct node *bundle)
{
    return node_find(bundle, id_names[OTAPACK_BUNDLE_APPLICATION], -1);
}

static bool matter_bundle_probe(const struct otapack_source *src)
{
    uint8_t magic[4];
    return otapack_read(src, 0, magic, sizeof(magic), "").code == OTAPACK_OK &&
           otapack_le32(magic) == OTAPACK_BUNDLE_MAGIC;
}

// ---- The table ----------------------------------------------------------------------------------

static void add_head(struct reader *r, struct node *n, const struct otapack_bundle *head)
{
    node_hex(r->arena, n, "magic", OTAPACK_BUNDLE_MAGIC, QUIET(0, 4));
    node_uint(r->arena, n, "count", head->count, SHOWN(4, 1));
    node_bytes(r->arena, n, "reserved", head->reserved, sizeof(head->reserved), QUIET(5, 3));
}

static const char *id_text(struct arena *a, uint32_t id)
{
    const char *name = matter_bundle_id_name(id);
    return name != NULL ? name : arena_printf(a, "0x%" PRIx32, id);
}

static void add_entry(struct reader *r, struct node *n, uint32_t i,
                      const struct otapack_bundle_entry *e)
{
    struct arena *a = r->arena;
    struct node *record =
        node_part(a, n, "table", (int)i, otapack_bundle_entry_at(i), OTAPACK_BUNDLE_ENTRY_SIZE);
    record->format = "matter_bundle_entry";
    record->record = true;
    node_enum(a, record, "id", e->id, id_text(a, e->id), QUIET(0, 4));
    node_uint(a, record, "version", e->version, QUIET(4, 4));
    node_hex(a, record, "offset", e->offset, QUIET(8, 4));
    node_uint(a, record, "length", e->length, QUIET(12, 4));
    node_bytes(a, record, "sha256", e->sha256, sizeof(e->sha256), QUIET(16, 32));
    record->summary = arena_printf(a, "%s: version %" PRIu32 ", %" PRIu32 " bytes at 0x%" PRIx32,
                                   id_text(a, e->id), e->version, e->length, e->offset);
}

// Reads the table as far as it goes; *read is how many entries there are of it.
static struct otapack_status read_table(struct reader *r, struct node *n, uint32_t count,
                                        struct otapack_bundle_entry *entries, uint32_t *read)
{
    struct otapack_status s = otapack_good();
    for (*read = 0; *read < count; ++*read) {
        s = otapack_bundle_entry_read(&n->src, *read, &entries[*read]);
        if (s.code != OTAPACK_OK) {
            break;
        }
        add_entry(r, n, *read, &entries[*read]);
    }
    return s;
}

// ---- The images ---------------------------------------------------------------------------------

static bool is_second(const struct otapack_bundle_entry *entries, uint32_t i)
{
    uint32_t first = 0;
    while (entries[first].id != entries[i].id) {
        first++;
    }
    return first < i;
}

// An image of which no bytes are its own stays in the tree with its error. `free_at`: where the
// table or the image before this one ends; bytes that belong to both are read once, or a small file
// could be read for ever.
static struct node *add_image(struct reader *r, struct node *n,
                              const struct otapack_bundle_entry *entries, uint32_t i,
                              uint64_t free_at)
{
    const struct otapack_bundle_entry *e = &entries[i];
    bool second = is_second(entries, i);
    const char *known = second ? NULL : matter_bundle_id_name(e->id);
    const char *name = known != NULL ? known : second ? "duplicate" : "image";
    bool there = otapack_has(&n->src, e->offset, e->length);
    bool own = there && e->offset >= free_at;
    struct node *part = read_part(r, n, name, known == NULL ? (int)i : -1, e->offset, e->length,
                                  own ? NULL : &format_raw);
    // A border router stores what its RCP gets.
    part->elsewhere = e->id != OTAPACK_BUNDLE_APPLICATION && !node_is(part, &format_rcp_image);
    if (!own) {
        part->error = arena_printf(r->arena, "the table says 0x%" PRIx32 " to 0x%" PRIx64 ", %s",
                                   e->offset, otapack_bundle_entry_end(e),
                                   there ? "where other images are, or the table"
                                         : "but the file ends before that");
    }
    return own ? part : NULL;
}

// The images in the order in which they lie in the file, with the gaps between them.
static struct node **add_images(struct reader *r, struct node *n, const struct otapack_bundle *head,
                                const struct otapack_bundle_entry *entries)
{
    struct node **parts = arena_alloc(r->arena, head->count * sizeof(struct node *));
    bool done[OTAPACK_BUNDLE_MAX_IMAGES] = {false};
    uint64_t at = otapack_bundle_table_end(head);
    int gaps = 0;
    for (uint32_t turn = 0; turn < head->count; turn++) {
        uint32_t next = head->count;
        for (uint32_t i = 0; i < head->count; i++) {
            if (!done[i] && (next == head->count || entries[i].offset < entries[next].offset)) {
                next = i;
            }
        }
        const struct otapack_bundle_entry *e = &entries[next];
        uint64_t end = otapack_bundle_entry_end(e);
        done[next] = true;
        if (e->offset > at && at < n->src.size) {
            uint64_t to = e->offset < n->src.size ? e->offset : n->src.size;
            read_rest(r, n, "gap", gaps++, at, to - at);
        }
        parts[next] = add_image(r, n, entries, next, at);
        at = end > at ? end : at;
    }
    read_rest(r, n, "trailing", -1, at, at < n->src.size ? n->src.size - at : 0);
    return parts;
}

static const char *summary(struct arena *a, const struct node *n, uint32_t count)
{
    bool rcp = node_find(n, id_names[OTAPACK_BUNDLE_RCP], -1) != NULL;
    return arena_printf(a, "Matter bundle, %" PRIu32 " %s%s", count,
                        count == 1 ? "image" : "images",
                        rcp ? ", one for a border router's RCP" : "");
}

static void matter_bundle_open(struct reader *r, struct node *n)
{
    struct matter_bundle_parsed p;
    struct otapack_bundle_entry *entries;
    struct otapack_status s = otapack_bundle_open(&n->src, &p.head);
    uint32_t read = 0;
    n->summary = "Matter bundle that cannot be read";
    if (s.code != OTAPACK_OK) {
        n->error = status_text(r->arena, n, s);
        read_rest(r, n, "unread", -1, 0, n->src.size);
        return;
    }
    entries = arena_alloc(r->arena, (p.head.count + 1) * sizeof(*entries));
    add_head(r, n, &p.head);
    s = read_table(r, n, p.head.count, entries, &read);
    if (s.code != OTAPACK_OK || p.head.count == 0) {
        uint64_t at = otapack_bundle_entry_at(read);
        n->error = p.head.count == 0 ? "count is 0: it has no images" : status_text(r->arena, n, s);
        read_rest(r, n, "unread", -1, at, n->src.size - at);
        return;
    }
    p.entries = entries;
    p.parts = add_images(r, n, &p.head, entries);
    n->summary = summary(r->arena, n, p.head.count);
    NODE_KEEP(r->arena, n, p);
    rcp_seal_tell(r->arena, n);
}

const struct format format_matter_bundle = {.name = "matter_bundle",
                                            .title = "Matter bundle",
                                            .probe = matter_bundle_probe,
                                            .open = matter_bundle_open,
                                            .rules = {rules_matter_bundle, rules_rcp_seal},
                                            .application = "application",
                                            .container = CONTAINER_BUNDLE};
