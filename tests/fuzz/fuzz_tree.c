// SPDX-License-Identifier: Apache-2.0
//
// The whole reader: bytes to tree with every option, then the tree as text and as JSON. Laws: spans
// lie inside one another, parts of an image without failed checks do not overlap, depth and number
// of nodes are bounded, names are unique, every node is found by its path, --allow only softens.
#include "fuzz.h"

#include <otapack/partition_table.h>

#include "format.h"
#include "judge.h"
#include "show.h"

enum { DEPTH_MOST = 24, NODES_MOST = 20000 };

struct walk {
    struct arena *arena;
    struct node *root;
    unsigned nodes;
};

static void law_fields(const struct node *n)
{
    uint64_t end = n->src.base + n->src.size;
    for (const struct field *f = n->fields; f != NULL; f = f->next) {
        LAW(f->text != NULL && f->name != NULL);
        LAW(!f->has_span || (f->at >= n->src.base && f->size <= end - n->src.base));
        LAW(!f->has_span || f->at + f->size <= end);
        LAW(node_field(n, f->name) == f);
    }
    for (const struct finding *f = n->findings; f != NULL; f = f->next) {
        LAW(f->check < CHECK_COUNT && f->message != NULL && f->message[0] != '\0');
    }
}

static bool overlap(const struct node *a, const struct node *b)
{
    return !a->overlay && !b->overlay && a->src.base < b->src.base + b->src.size &&
           b->src.base < a->src.base + a->src.size;
}

// A name is either that of one part or of an array.
static void law_names(const struct node *n, bool good)
{
    for (const struct node *p = n->parts; p != NULL; p = p->next) {
        LAW(p->name != NULL && p->parent == n && p->format != NULL);
        for (const struct node *other = p->next; other != NULL; other = other->next) {
            bool same = strcmp(p->name, other->name) == 0;
            LAW(!same || (p->index >= 0 && other->index >= 0 && p->index != other->index));
            LAW(!good || !overlap(p, other));
        }
    }
}

static void law_node(struct walk *w, const struct node *n, int depth, bool good)
{
    struct place_in_tree place;
    struct err e = ERR_NONE;
    LAW(depth <= DEPTH_MOST && ++w->nodes <= NODES_MOST);
    LAW(path_find(NULL, w->root, node_path(w->arena, n), &place, &e) && place.node == n);
    LAW(!n->unpacked || (n->overlay && n->src.base == 0));
    LAW(n->parent == NULL || n->unpacked ||
        (n->src.base >= n->parent->src.base && n->src.size <= n->parent->src.size &&
         n->src.base + n->src.size <= n->parent->src.base + n->parent->src.size));
    law_fields(n);
    law_names(n, good);
    for (const struct node *p = n->parts; p != NULL; p = p->next) {
        law_node(w, p, depth + 1, good);
    }
}

static void show(struct arena *a, const struct node *root)
{
    show_text(a, "file", root, root->src.size % 2 == 0, SHOW_MUCH);
    const struct show_document *const kinds[] = {&show_document_json, &show_document_html};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        void *document = kinds[i]->begin(a, 1);
        kinds[i]->add(document, "file", root);
        kinds[i]->print(document);
    }
}

// Reads with these options, and says how many findings of each verdict there are.
static enum verdict law_read(const uint8_t *data, size_t size, const struct read_options *options,
                             bool hooked, size_t counts[VERDICT_COUNT])
{
    struct arena a = ARENA_EMPTY;
    struct hooked h = {data, size, 0, 0};
    struct node *root =
        read_and_judge(&a, options, hooked ? hooked_source(&h) : otapack_memory(data, size));
    enum verdict verdict = tree_verdict(root, counts);
    struct walk w = {&a, root, 0};
    LAW(root->src.base == 0 && root->src.size == size);
    law_node(&w, root, 0, counts[VERDICT_FAIL] == 0 && !options->allow[CHECK_RCP_CONTIGUOUS]);
    if (!hooked) {
        show(&a, root);
    }
    arena_free(&a);
    return verdict;
}

// A host's partition table with one OTA slot and a place for RCP images.
static size_t host_table(uint8_t *to)
{
    static const struct {
        uint8_t type, subtype;
        uint32_t offset, size;
        char label[16];
    } rows[] = {{0, 0x10, 0x20000, 0x2000, "ota_0"}, {1, 0x82, 0x200000, 0xA000, "rcp_fw"}};
    memset(to, 0xFF, OTAPACK_PARTITION_TABLE_SIZE);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++, to += 32) {
        memset(to, 0, 32);
        to[0] = 0xAA;
        to[1] = 0x50;
        to[2] = rows[i].type;
        to[3] = rows[i].subtype;
        otapack_put_le32(to + 4, rows[i].offset);
        otapack_put_le32(to + 8, rows[i].size);
        memcpy(to + 12, rows[i].label, sizeof(rows[i].label));
    }
    return OTAPACK_PARTITION_TABLE_SIZE;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    LAW(freopen("/dev/null", "w", stdout) != NULL);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct read_options plain, table, allowed;
    static const struct read_options device = {
        .esp8266 = {.flash_size = 1 << 20, .fs_start = 0x9000, .sketch_size = 5000}};
    uint8_t bytes[OTAPACK_PARTITION_TABLE_SIZE];
    struct otapack_source host = otapack_memory(bytes, host_table(bytes));
    size_t counts[3][VERDICT_COUNT] = {{0}};
    table.host_table = &host;
    for (int i = 0; i < CHECK_COUNT; i++) {
        allowed.allow[i] = checks[i].allowable;
    }
    enum verdict verdict = law_read(data, size, &plain, false, counts[0]);
    LAW(verdict == law_read(data, size, &plain, true, counts[1]));
    LAW(memcmp(counts[0], counts[1], sizeof(counts[0])) == 0);
    LAW(law_read(data, size, &allowed, true, counts[2]) <= verdict);
    LAW(counts[2][VERDICT_PASS] == counts[0][VERDICT_PASS]);
    size_t with_device[VERDICT_COUNT] = {0};
    LAW(law_read(data, size, &device, true, with_device) >= verdict);
    LAW(with_device[VERDICT_PASS] >= counts[0][VERDICT_PASS]);
    size_t with_table[VERDICT_COUNT] = {0};
    LAW(law_read(data, size, &table, false, with_table) >= verdict);
    return 0;
}
