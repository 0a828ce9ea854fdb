// SPDX-License-Identifier: Apache-2.0
//
// ESP images: other bytes in the header and the segments, with checksum and hash right again.
#include "esp_image.h"

#include "file.h"
#include "operations.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct walk walk(struct data d, const char *name)
{
    if (d.n < 24)
        die("is no image", name);
    struct walk w = {.last = 24, .data_end = 24, .hashed = d.p[23] == 1};
    for (unsigned left = d.p[1]; left > 0; left--) {
        w.before = w.last;
        w.last = w.data_end;
        w.data_end = w.last + 8 + get_u32(d, w.last + 4);
    }
    w.checksum_at = w.data_end / 16 * 16 + 15;
    w.end = w.checksum_at + 1 + (w.hashed ? DIGEST : 0);
    return w;
}

int esp_walk(char **a)
{
    struct walk w = walk(load(a[0]), a[0]);
    printf("%zu %zu %zu %zu %d\n", w.last, w.data_end, w.checksum_at, w.end, w.hashed);
    return 0;
}

static void esp_save(const char *name, struct data d)
{
    struct walk w = walk(d, name);
    if (w.hashed) {
        if (d.n < w.end)
            die("is too short for its hash", name);
        digest(MBEDTLS_MD_SHA256, d.p, w.checksum_at + 1, d.p + w.checksum_at + 1);
    }
    save(name, d);
}

int esp_rehash(char **a)
{
    esp_save(a[0], load(a[0]));
    return 0;
}

static void replace(struct data d, size_t at, struct data with, const char *name)
{
    if (at > d.n || with.n > d.n - at)
        die("is too short for this change", name);
    memcpy(d.p + at, with.p, with.n);
}

int esp_header(char **a)
{
    struct data d = load(a[0]);
    replace(d, number(a[1]), byte_list(a + 2), a[0]);
    esp_save(a[0], d);
    return 0;
}

// Bytes of a segment: the checksum, too, stays right.
static void esp_change(const char *name, size_t at, struct data with)
{
    struct data d = load(name);
    struct data old = {0};
    if (at > d.n || with.n > d.n - at)
        die("is too short for this change", name);
    add(&old, d.p + at, with.n);
    replace(d, at, with, name);
    size_t checksum_at = walk(d, name).checksum_at;
    if (checksum_at >= d.n)
        die("is too short for its checksum", name);
    for (size_t i = 0; i < with.n; i++)
        d.p[checksum_at] ^= old.p[i] ^ with.p[i];
    esp_save(name, d);
}

int esp_data(char **a)
{
    esp_change(a[0], number(a[1]), byte_list(a + 2));
    return 0;
}

int esp_put(char **a)
{
    esp_change(a[0], number(a[1]), read_all(STDIN_FILENO, "standard input"));
    return 0;
}

int esp_text(char **a)
{
    size_t length = a[3] != NULL ? number(a[3]) : 32;
    struct data text = {0};
    add(&text, a[2], strlen(a[2]) < length ? strlen(a[2]) : length);
    add_fill(&text, 0, length - text.n);
    esp_change(a[0], number(a[1]), text);
    return 0;
}

int esp_grow(char **a)
{
    struct data d = load(a[0]), grown = {0};
    size_t more = number(a[1]);
    struct walk w = walk(d, a[0]);
    if (w.data_end > d.n)
        die("is too short for its segments", a[0]);
    add(&grown, d.p, w.last);
    add_fill(&grown, 0, more);
    add(&grown, d.p + w.last, d.n - w.last);
    set_u32(grown, w.before + 4, get_u32(d, w.before + 4) + (uint32_t)more);
    esp_save(a[0], grown);
    return 0;
}
