// SPDX-License-Identifier: Apache-2.0
//
// A list of files that make up a release, and the files beside it: manifests of ESP Web Tools and
// ESPHome, flasher_args.json and flash_args, SHA256SUMS, an entry of the DCL. What is to be flashed
// is laid out as one flash; all else is opened as what it looks like. Only a file in a folder is
// one: otherwise there is nothing that it could name.
#include <inttypes.h>

#include "format_list.h"
#include "hosted.h"
#include "manifest.h"
#include "rule_manifest.h"
#include "text.h"

static bool manifest_find(struct reader *r, const struct otapack_source *src)
{
    struct arena a = ARENA_EMPTY;
    struct manifest m;
    bool is = r->options->beside != NULL && r->depth == 0 && manifest_read(&a, src, &m);
    arena_free(&a);
    return is;
}

// ---- A file -------------------------------------------------------------------------------------

static const char *summary_of(struct arena *a, const struct manifest_file *f)
{
    static const char *const answers[] = {
        [BESIDE_IS_MISSING] = ", which is not there",
        [BESIDE_IS_OUTSIDE] = ", which is not in this folder",
        [BESIDE_IS_NO_FILE] = ", which is no file",
        [BESIDE_TOO_MANY] = ", not opened, behind 128 others",
        [BESIDE_CANNOT] = ", which cannot be opened",
    };
    const char *place = f->flashed ? arena_printf(a, " to 0x%" PRIx64, f->address) : "";
    const char *path = text_printable(a, f->path);
    return f->answer == BESIDE_IS_THERE
               ? arena_printf(a, "%s%s, %s bytes", path, place,
                              text_count(a, node_number(f->node, "file_size")))
               : arena_printf(a, "%s%s%s", path, place, answers[f->answer]);
}

// The file stays open, where something in it is to be looked at.
static void open_file(struct reader *r, struct manifest_file *f)
{
    struct err e = ERR_NONE;
    f->answer = beside_open(r->options->beside, f->path, &f->input, &e);
    if (f->answer == BESIDE_CANNOT) {
        f->node->cannot = arena_string(r->arena, e.text);
    }
    if (f->answer == BESIDE_IS_THERE && f->digest.name != NULL &&
        !digest_can(f->digest.algorithm)) {
        f->node->cannot = arena_printf(r->arena, DIGEST_LACKING, f->digest.name);
    }
    if (f->answer == BESIDE_IS_THERE) {
        node_uint(r->arena, f->node, "file_size", input_source(f->input).size, DERIVED_QUIET);
    }
}

static void add_file(struct reader *r, struct manifest_build *b, struct manifest_file *f, int i)
{
    struct arena *a = r->arena;
    struct node *n = node_part(a, b->node, "files", i, 0, 0);
    f->node = n;
    n->format = "manifest_file";
    n->parsed = f;
    node_string(a, n, "path", f->path, SIZE_MAX, DERIVED_QUIET);
    if (f->flashed) {
        node_hex(a, n, "address", f->address, DERIVED_QUIET);
    }
    if (f->has_size) {
        node_uint(a, n, "said_size", f->size, DERIVED_QUIET);
    }
    if (f->digest.name != NULL) {
        node_string(a, n, "digest_type", f->digest.name, SIZE_MAX, DERIVED_QUIET);
        node_string(a, n, "digest", text_hex(a, f->digest.bytes, f->digest.size), SIZE_MAX,
                    DERIVED_QUIET);
    }
    open_file(r, f);
    n->summary = summary_of(a, f);
}

static void add_content(struct reader *r, struct manifest_file *f)
{
    if (f->input != NULL) {
        (void)read_named(r, f->node, "content", input_source(f->input), NULL, r->options);
    }
}

// ---- A build ------------------------------------------------------------------------------------

// The files whose digest is known, by which file it is: a list can have any number of names for
// one.
enum { BUCKETS = 256 };
struct hashed {
    struct manifest_file *buckets[BUCKETS];
};

static void take_digest(struct reader *r, struct hashed *h, struct manifest_file *f)
{
    f->identity = input_identity(f->input);
    struct manifest_file **bucket = &h->buckets[f->identity.number % BUCKETS], *same = *bucket;
    while (same != NULL && (same->identity.number != f->identity.number ||
                            same->identity.volume != f->identity.volume ||
                            same->digest.algorithm != f->digest.algorithm)) {
        same = same->next_hashed;
    }
    if (same == NULL) {
        rule_manifest_digest(r->arena, f);
        f->next_hashed = *bucket;
        *bucket = f;
    } else {
        node_string(r->arena, f->node, "file_digest", node_text(same->node, "file_digest"),
                    SIZE_MAX, DERIVED_QUIET);
    }
}

// Of a list of digests nothing is looked at but these, one file after the other.
static void add_files(struct reader *r, const struct manifest *m, struct manifest_build *b)
{
    struct hashed hashed = {{NULL}};
    int i = 0;
    for (struct manifest_file *f = b->files; f != NULL; f = f->next) {
        add_file(r, b, f, i++);
        if (m->kind == MANIFEST_SUMS && f->input != NULL) {
            take_digest(r, &hashed, f);
            beside_give_back(r->options->beside, f->input);
            f->input = NULL;
        }
    }
    if (m->kind != MANIFEST_SUMS) {
        manifest_add_flash(r, m, b);
    }
    for (struct manifest_file *f = b->files; f != NULL; f = f->next) {
        if (!f->laid_out) {
            add_content(r, f);
        }
    }
}

static void add_build(struct reader *r, const struct manifest *m, struct node *root,
                      struct manifest_build *b, int i)
{
    b->node = root;
    if (m->kind == MANIFEST_WEB) {
        b->node = node_part(r->arena, root, "builds", i, 0, 0);
        b->node->format = "manifest_build";
        b->node->summary =
            arena_printf(r->arena, "for %s",
                         b->family == NULL ? "no chip" : text_printable(r->arena, b->family));
    }
    if (b->family != NULL) {
        node_string(r->arena, b->node, "chip_family", b->family, SIZE_MAX, DERIVED_QUIET);
    }
    add_files(r, m, b);
}

static void manifest_open(struct reader *r, struct node *n)
{
    struct manifest *m = ARENA_NEW(r->arena, struct manifest);
    int i = 0;
    (void)manifest_read(r->arena, &n->src, m); // it was found by this
    node_uint(r->arena, n, "file_count", m->file_count, DERIVED_QUIET);
    node_uint(r->arena, n, "data_offset", n->src.base, QUIET(0, n->src.size));
    if (m->version != NULL) {
        node_string(r->arena, n, "version", m->version, SIZE_MAX, DERIVED);
    }
    for (struct manifest_build *b = m->builds; b != NULL; b = b->next) {
        add_build(r, m, n, b, i++);
    }
    n->summary = arena_printf(r->arena, "%s, %zu file%s", m->title, m->file_count,
                              m->file_count == 1 ? "" : "s");
    n->parsed = m;
}

static const char *manifest_kind(struct arena *a, const struct node *n)
{
    const struct manifest *m = n->parsed;
    (void)a;
    return m == NULL ? NULL : m->title;
}

const struct format format_manifest = {.name = "manifest",
                                       .title = "list of files",
                                       .find = manifest_find,
                                       .open = manifest_open,
                                       .kind = manifest_kind,
                                       .rules = {rules_manifest, rules_hosted_list}};
