// SPDX-License-Identifier: Apache-2.0
#include "littlefs_files.h"

#include <inttypes.h>
#include <otapack/littlefs_file.h>
#include <string.h>

#include "flash_payload.h"
#include "format_list.h"
#include "source.h"
#include "text.h"

enum { FILES_MOST = 256 }; // that are shown

// A file, and the file system that it is in: its bytes lie in blocks here and there.
struct lying {
    struct otapack_source src;
    struct otapack_littlefs fs;
    struct otapack_littlefs_file file;
};

static bool read_lying(void *ctx, uint64_t at, uint8_t *to, size_t n)
{
    const struct lying *l = ctx;
    for (size_t done = 0; done < n;) {
        uint32_t most = n - done > INT32_MAX ? INT32_MAX : (uint32_t)(n - done), got;
        struct otapack_status s = otapack_littlefs_read(
            &l->src, &l->fs, &l->file, (uint32_t)(at + done), to + done, most, &got);
        if (s.code != OTAPACK_OK || got == 0) {
            return false;
        }
        done += got;
    }
    return true;
}

// Its bytes, for as long as `file` is there.
static struct otapack_source source_of(struct lying *file)
{
    return (struct otapack_source){.read = read_lying, .size = file->file.size, .ctx = file};
}

// What a device makes of other files is for whoever put them there.
static void add_content(struct reader *r, struct node *entry, const struct lying *file)
{
    struct otapack_source src = source_of(node_copy(r->arena, file, sizeof(*file)));
    const struct format *payload = flash_payload_file(&src);
    (void)read_unpacked(r, entry, "content", src, payload == NULL ? &format_raw : payload);
}

// Would it have to be looked into?
static bool is_payload(const struct lying *file)
{
    struct lying own = *file;
    struct otapack_source src = source_of(&own);
    return flash_payload_file(&src) != NULL;
}

static void add_file(struct reader *r, struct node *n, int i, const struct lying *l, bool whole)
{
    struct arena *a = r->arena;
    const struct otapack_littlefs_file *f = &l->file;
    struct node *entry = node_part(a, n, "files", i, 0, 0);
    const char *name =
        text_utf8(a, source_bytes(a, &l->src, f->name_at, f->name_size), f->name_size);
    entry->format = "littlefs_file";
    node_string(a, entry, "name", name, SIZE_MAX, DERIVED_QUIET);
    node_uint(a, entry, "size", f->size, DERIVED_QUIET);
    entry->summary = arena_printf(a, "%s, %s%s", text_printable(a, name), text_size(a, f->size),
                                  whole ? "" : ", which cannot be read");
    if (whole && f->size > 0) {
        add_content(r, entry, l);
    }
}

static const char *fault_of(struct reader *r, const struct node *n, struct otapack_status s)
{
    if (strcmp(s.field, "tail") == 0) {
        return arena_printf(r->arena,
                            "its root folder goes on in a block %" PRIu64 ", which is in a circle, "
                            "or not there: it has %" PRIu64 " blocks",
                            s.value, s.limit + 1);
    }
    return s.code == OTAPACK_MISMATCH
               ? arena_printf(r->arena,
                              "a part of its root folder is damaged: no commit of the block at "
                              "0x%" PRIx64 ", or of the other one of its pair, has a CRC that fits",
                              n->src.base + s.at)
               : status_text(r->arena, n, s);
}

// A log is read from its end for each entry, so that what a small file can cost has to have a
// bound. That many entries are no fault of theirs: littlefs itself has no such bound.
static bool is_limit(struct otapack_status s)
{
    return s.code == OTAPACK_FORBIDDEN && strcmp(s.field, "entries") == 0;
}

const char *littlefs_files_add(struct reader *r, struct node *n, const struct otapack_littlefs *fs)
{
    struct otapack_littlefs_walk walk;
    struct lying l = {.src = n->src, .fs = *fs};
    struct otapack_status s = otapack_littlefs_root(&n->src, fs, &walk);
    const char *fault = NULL;
    int files = 0, folders = 0;
    bool more = true;
    while (s.code == OTAPACK_OK && more) {
        s = otapack_littlefs_next(&n->src, fs, &walk, &l.file, &more);
        bool file = more && !l.file.is_folder;
        struct otapack_status whole = otapack_littlefs_check(&n->src, fs, &l.file);
        if (file && whole.code != OTAPACK_OK && fault == NULL) {
            fault = arena_printf(r->arena, "files[%d]: %s", files, fault_of(r, n, whole));
        }
        if (file && files < FILES_MOST) {
            add_file(r, n, files, &l, whole.code == OTAPACK_OK);
        } else if (file && whole.code == OTAPACK_OK && is_payload(&l)) {
            n->cannot = "it has more files than the 256 that otapack looks at, and firmware "
                        "among them; put fewer files into it";
        }
        files += file;
        folders += more && l.file.is_folder;
    }
    node_uint(r->arena, n, "file_count", (uint64_t)files, files > 0 ? DERIVED : DERIVED_QUIET);
    node_uint(r->arena, n, "folder_count", (uint64_t)folders,
              folders > 0 ? DERIVED : DERIVED_QUIET);
    if (is_limit(s)) {
        n->cannot = arena_printf(r->arena,
                                 "its root folder has more entries than otapack looks through (%u "
                                 "words of its log); put them into folders",
                                 (unsigned)OTAPACK_LITTLEFS_MAX_TAGS);
    }
    return s.code == OTAPACK_OK || is_limit(s) ? fault : fault_of(r, n, s);
}
