// SPDX-License-Identifier: Apache-2.0
//
// Signed ESP images: the sector behind the image with its signature blocks.
#include "esp_image.h"
#include "file.h"
#include "operations.h"

#include <stdio.h>

enum { SECTOR = 4096, BLOCK = 1216 };

static size_t to_sector(size_t n)
{
    return (n + SECTOR - 1) / SECTOR * SECTOR;
}

int unsign(char **a)
{
    struct data d = load(a[0]);
    struct walk w = walk(d, a[0]);
    if (w.end > d.n)
        die("is too short for an image", a[0]);
    d.n = w.end;
    save(a[1], d);
    return 0;
}

int pad(char **a)
{
    struct data d = load(a[0]);
    add_fill(&d, 0xff, to_sector(d.n) - d.n);
    print(d.p, d.n);
    return 0;
}

int sector_at(char **a)
{
    printf("%zu\n", to_sector(walk(load(a[0]), a[0]).end));
    return 0;
}

int block(char **a)
{
    size_t at = to_sector(walk(load(a[0]), a[0]).end) + number(a[1]) * BLOCK;
    struct data d = load_part(a[0], (off_t)at, BLOCK);
    print(d.p, d.n);
    return 0;
}
