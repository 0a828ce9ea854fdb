// SPDX-License-Identifier: Apache-2.0
#include "spiffs_files.h"

#include <stdlib.h>
#include <string.h>

#include "flash_payload.h"
#include "format_list.h"
#include "text.h"

enum { FILES_MOST = 16, TYPE_FILE = 1 }; // that are shown

// All pages that are some file's: by file, those of data before those of the index, by their
// number.
struct pages {
    struct otapack_spiffs_page *list;
    size_t count, room;
};

// One file's, for as long as the file system is there.
struct lying {
    struct otapack_source src;
    const struct otapack_spiffs_page *data;
    size_t count;
    uint32_t room; // bytes of it in a page
};

static int by_file(const void *one, const void *other)
{
    const struct otapack_spiffs_page *a = one, *b = other;
    return a->id != b->id         ? (a->id < b->id ? -1 : 1)
           : a->index != b->index ? (b->index ? -1 : 1)
           : a->span != b->span   ? (a->span < b->span ? -1 : 1)
                                  : 0;
}

static struct pages pages_of(struct arena *a, const struct otapack_source *src,
                             const struct otapack_spiffs *fs)
{
    struct pages all = {NULL, 0, 0};
    struct otapack_spiffs_page page;
    uint32_t entries = otapack_spiffs_entries(fs);
    for (uint32_t block = 0; block < fs->present; block++) {
        for (uint32_t i = 0; i < entries; i++) {
            if (otapack_spiffs_read_page(src, fs, block, i, &page).code != OTAPACK_OK ||
                !page.used) {
                continue;
            }
            if (all.count == all.room) {
                all.room = all.room == 0 ? 64 : 2 * all.room;
                all.list = arena_resize(a, all.list, all.room * sizeof(*all.list));
            }
            all.list[all.count++] = page;
        }
    }
    if (all.count > 0) {
        qsort(all.list, all.count, sizeof(*all.list), by_file);
    }
    return all;
}

static const struct otapack_spiffs_page *page_of(const struct lying *l, uint32_t span)
{
    const struct otapack_spiffs_page key = {
        .id = l->count == 0 ? 0 : l->data->id, .span = span, .used = true};
    return l->count == 0 ? NULL : bsearch(&key, l->data, l->count, sizeof(key), by_file);
}

// A page that is missing reads as erased: a device says that it cannot read on there.
static bool read_lying(void *ctx, uint64_t at, uint8_t *to, size_t n)
{
    const struct lying *l = ctx;
    memset(to, 0xFF, n);
    for (size_t done = 0; done < n;) {
        uint64_t off = (at + done) % l->room, left = l->room - off;
        const struct otapack_spiffs_page *page = page_of(l, (uint32_t)((at + done) / l->room));
        size_t now = n - done < left ? n - done : (size_t)left;
        if (page != NULL &&
            otapack_read(&l->src, page->at + OTAPACK_SPIFFS_PAGE_HEADER + off, to + done, now, "")
                    .code != OTAPACK_OK) {
            return false;
        }
        done += now;
    }
    return true;
}

static void add_file(struct reader *r, struct node *n, int i, const struct otapack_spiffs_file *f,
                     struct otapack_source src)
{
    struct arena *a = r->arena;
    struct node *entry = node_part(a, n, "files", i, 0, 0);
    const char *name = text_utf8(a, f->name, otapack_text_length(f->name, sizeof(f->name)));
    entry->format = "spiffs_file";
    node_string(a, entry, "name", name, SIZE_MAX, DERIVED_QUIET);
    node_uint(a, entry, "size", f->size, DERIVED_QUIET);
    entry->summary = arena_printf(a, "%s, %s", text_printable(a, name), text_size(a, f->size));
    (void)read_unpacked(r, entry, "content", src, &format_rcp_image);
}

void spiffs_files_add(struct reader *r, struct node *n, const struct otapack_spiffs *fs)
{
    struct pages all = pages_of(r->arena, &n->src, fs);
    size_t from = 0;
    int files = 0;
    uint64_t left = otapack_spiffs_size(fs); // in files: two of them share no page
    for (size_t i = 0; i < all.count && files < FILES_MOST; i++) {
        const struct otapack_spiffs_page *head = &all.list[i];
        struct otapack_spiffs_file file;
        from = all.list[from].id == head->id ? from : i;
        if (!head->index || head->span != 0 ||
            otapack_spiffs_read_file(&n->src, head, &file).code != OTAPACK_OK ||
            file.type != TYPE_FILE || file.size > left) {
            continue;
        }
        struct lying l = {n->src, &all.list[from], i - from,
                          fs->page_size - OTAPACK_SPIFFS_PAGE_HEADER};
        struct otapack_source src = {
            .read = read_lying, .size = file.size, .ctx = node_copy(r->arena, &l, sizeof(l))};
        if (flash_payload_file(&src) == &format_rcp_image) {
            left -= file.size;
            add_file(r, n, files++, &file, src);
        }
    }
}
