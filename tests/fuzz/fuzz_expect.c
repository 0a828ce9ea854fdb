// SPDX-License-Identifier: Apache-2.0
//
// Expectations and paths against a tree of nodes: what is well formed is answered yes or no, = and
// != never agree, a path that leads somewhere leads there again by the node's own path.
#include "fuzz.h"

#include "expect.h"
#include "path.h"
#include "text.h"

// Every node that was read has a format, by which --get and expectations know it.
static struct node *of_format(struct node *n, const char *format)
{
    n->format = format;
    return n;
}

// host.segments[0..2].load_addr, desc.version and so on, as an inspected image has them.
static struct node *make_tree(struct arena *a)
{
    static const uint8_t sha[4] = {0xDE, 0xAD, 0xBE, 0xEF};
    struct otapack_source src = {NULL, NULL, NULL, 0, 4096};
    struct node *root = of_format(node_root(a, src), "rcp_image");
    struct node *host = of_format(node_part(a, root, "host", -1, 100, 1000), "esp_image");
    struct node *desc = of_format(node_part(a, host, "desc", -1, 32, 256), "app_desc");
    node_string(a, root, "kind", "a b", 3, SHOWN(0, 3));
    node_string(a, desc, "version", "v5.4.1-dirty", 12, SHOWN(16, 32));
    node_uint(a, desc, "secure_version", 3, SHOWN(4, 4));
    node_bytes(a, desc, "app_elf_sha256", sha, sizeof(sha), SHOWN(144, 32));
    node_revision(a, host, "max_chip_rev_full", 199, SHOWN(17, 2));
    node_bool(a, host, "encrypted", true, DERIVED);
    node_enum(a, host, "spi_mode", 2, "dio", SHOWN(2, 1));
    for (int i = 0; i < 3; i++) {
        struct node *segment = of_format(node_part(a, host, "segments", i, 300, 8), "esp_segment");
        node_hex(a, segment, "load_addr", 0x42000020, QUIET(0, 4));
    }
    return root;
}

static void law_path(struct arena *a, struct node *root, const char *text)
{
    struct err e = ERR_NONE;
    struct place_in_tree place, again;
    if (!path_find(NULL, root, text, &place, &e)) {
        LAW(e.status == STATUS_CANNOT && e.text[0] != '\0');
        return;
    }
    LAW(place.node != NULL && e.status == STATUS_OK);
    LAW(path_find(NULL, root, node_path(a, place.node), &again, &e) && again.node == place.node);
    LAW(place.field == NULL || node_field(place.node, place.field->name) == place.field);
}

// The same path with another operator and the same value.
static enum status ask(struct arena *a, struct node *root, const char *path, const char *op,
                       const char *value)
{
    struct err e = ERR_NONE;
    bool good = expect_holds(root, arena_printf(a, "%s %s \"%s\"", path, op, value), &e);
    LAW(good == (e.status == STATUS_OK));
    return e.status;
}

static void law_operators(struct arena *a, struct node *root, const char *value)
{
    static const char *const paths[] = {
        "kind",          "host.desc.version",      "host.desc.secure_version",
        "host.spi_mode", "host.max_chip_rev_full", "host.segments[1].load_addr",
        "host.size"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        enum status eq = ask(a, root, paths[i], "=", value);
        if (eq == STATUS_CANNOT) { // too long
            return;
        }
        LAW(ask(a, root, paths[i], "!=", value) == (eq == STATUS_OK ? STATUS_NO : STATUS_OK));
        enum status lt = ask(a, root, paths[i], "<", value);
        enum status gt = ask(a, root, paths[i], ">", value);
        LAW((lt == STATUS_CANNOT) == (gt == STATUS_CANNOT)); // no order
        LAW(lt != STATUS_OK || (gt == STATUS_NO && eq == STATUS_NO));
        LAW(lt == STATUS_CANNOT || (ask(a, root, paths[i], ">=", value) != lt &&
                                    ask(a, root, paths[i], "<=", value) != gt));
    }
}

static void law_versions(const char *x, const char *y)
{
    LAW(text_compare_versions(x, x) == 0 && text_compare_versions(y, y) == 0);
    LAW(text_compare_versions(x, y) == -text_compare_versions(y, x));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    struct node *root = make_tree(&a);
    const char *text = arena_copy(&a, (const char *)data, size);
    bool parsed = expect_parse(text, &e);
    LAW(parsed == (e.status == STATUS_OK) && (parsed || e.status == STATUS_CANNOT));
    e = ERR_NONE;
    bool held = expect_holds(root, text, &e);
    LAW(held == (e.status == STATUS_OK) && (parsed || e.status == STATUS_CANNOT));
    law_path(&a, root, text);
    law_operators(&a, root, text);
    law_versions(text, "v5.4.1-dirty");
    law_versions(text, arena_copy(&a, text, strlen(text) / 2));
    arena_free(&a);
    return 0;
}
