// SPDX-License-Identifier: Apache-2.0
//
// Combined images, taken apart and put together with whatever parts a test wants.
#include "combined_image.h"

#include "file.h"
#include "operations.h"

#include <stdio.h>

enum { ITSELF = 255 }; // the table's own tag

// Where the entry with this tag lies in the table; 0 where there is none.
static size_t entry_of(struct data d, uint64_t tag)
{
    size_t end = get_u32(d, 4);
    for (size_t at = 12; at < end; at += 12) {
        if (get_u32(d, at) == tag)
            return at;
    }
    return 0;
}

bool part_of(struct data d, uint64_t tag, struct data *part)
{
    size_t at = entry_of(d, tag);
    if (at == 0)
        return false;
    size_t n = get_u32(d, at + 4), from = get_u32(d, at + 8);
    if (from > d.n || n > d.n - from)
        die("has a part outside of it", "combined image");
    *part = (struct data){d.p + from, n, n};
    return true;
}

int rcp_part(char **a)
{
    struct data part;
    if (!part_of(load(a[0]), number(a[1]), &part))
        return 1;
    print(part.p, part.n);
    return 0;
}

int rcp_entry(char **a)
{
    size_t at = entry_of(load(a[0]), number(a[1]));
    if (at == 0)
        return 1;
    printf("%zu\n", at);
    return 0;
}

// The table, which says where each part is, and the parts behind it.
void save_combined(const char *name, const struct part *parts, size_t count)
{
    struct data image = {0};
    size_t at = 12 * (count + 1);
    add_u32(&image, ITSELF);
    add_u32(&image, (uint32_t)at);
    add_u32(&image, 0);
    for (size_t i = 0; i < count; i++) {
        add_u32(&image, parts[i].tag);
        add_u32(&image, (uint32_t)parts[i].size);
        add_u32(&image, (uint32_t)at);
        at += parts[i].size;
    }
    for (size_t i = 0; i < count; i++)
        add(&image, parts[i].bytes.p, parts[i].bytes.n);
    save(name, image);
}

struct part part_with(uint64_t tag, struct data bytes)
{
    return (struct part){(uint32_t)tag, bytes, bytes.n};
}

int rcp_combine(char **a)
{
    struct part parts[PARTS];
    size_t count = 0;
    for (char **given = a + 1; given[0] != NULL; given += 2) {
        if (given[1] == NULL || count == PARTS)
            die("is no tag with a file", given[0]);
        parts[count++] = part_with(number(given[0]), load(given[1]));
    }
    save_combined(a[0], parts, count);
    return 0;
}
