// SPDX-License-Identifier: Apache-2.0
#include "foreign.h"

#include <inttypes.h>

#include "esp8266.h"
#include "esp8266_links.h"
#include "foreign_row.h"

enum { SAMPLE_SIZE = 64 * 1024, SAMPLE_LEAST = 512 };

// Ciphertext has every byte value about equally often: the sum of the squared counts is then near
// n + n*n/256, and far above that for code, text and tables.
static bool looks_random(const struct otapack_source *src)
{
    uint64_t counts[256] = {0};
    uint64_t n = src->size < SAMPLE_SIZE ? src->size : SAMPLE_SIZE;
    uint64_t sum = 0;
    uint8_t block[512];
    for (uint64_t at = 0; at < n; at += sizeof(block)) {
        size_t size = n - at < sizeof(block) ? (size_t)(n - at) : sizeof(block);
        if (otapack_read(src, at, block, size, "").code != OTAPACK_OK) {
            return false;
        }
        for (size_t i = 0; i < size; i++) {
            counts[block[i]]++;
        }
    }
    for (size_t i = 0; i < 256; i++) {
        sum += counts[i] * counts[i];
    }
    return sum < (n + n * n / 256) * 5 / 4;
}

static bool is_erased(const struct foreign_view *v)
{
    return source_is_filled(v->src, 0, v->src->size, 0xFF);
}

static bool is_zeros(const struct foreign_view *v)
{
    return source_is_filled(v->src, 0, v->src->size, 0);
}

static bool is_text_mode(const struct foreign_view *v)
{
    return foreign_text_mode(v->src) != NULL;
}

static const char *tell_text_mode(const struct foreign_view *v)
{
    return arena_printf(v->arena, "%s: download or copy it again, as binary",
                        foreign_text_mode(v->src));
}

// Flash encryption works on 16 bytes at a time; what is compressed looks the same, and seldom ends
// there.
static bool may_be_encrypted(const struct foreign_view *v)
{
    return v->src->size >= SAMPLE_LEAST && v->src->size % 16 == 0 && looks_random(v->src);
}

// What objcopy or esptool leave of a program for an ESP8266 that runs from flash: it has no header,
// but so many addresses of itself that they are there by no chance.
static bool code_base(const struct foreign_view *v, uint64_t *base)
{
    enum { BYTES_MOST = 2048 }; // for each address; a random word is one in 4096
    struct esp8266_links links;
    return v->src->size <= ESP8266_MAPPED_SIZE && esp8266_links_count(v->src, &links) &&
           links.total >= v->src->size / BYTES_MOST &&
           esp8266_links_base(&links, 0, v->src->size, base);
}

static bool is_esp8266_code(const struct foreign_view *v)
{
    uint64_t base;
    return code_base(v, &base);
}

static const char *tell_esp8266_code(const struct foreign_view *v)
{
    uint64_t base = 0;
    (void)code_base(v, &base);
    return arena_printf(v->arena,
                        "it runs from flash at 0x%" PRIx64
                        ", and is a part of a program: give the whole flash image",
                        base);
}

// What has no marks, but what all of its bytes have in common.
static const struct foreign_row wholes[] = {
    {"erased", NULL, is_erased, NULL},
    {"zeros", NULL, is_zeros, NULL},
    {"damaged by a copy as text", NULL, is_text_mode, tell_text_mode},
    {"ESP8266 code", NULL, is_esp8266_code, tell_esp8266_code},
    {"encrypted", "flash encryption output is for one chip only: give the file before encryption",
     may_be_encrypted, NULL},
    {NULL, NULL, NULL, NULL},
};

static const struct foreign_row *find(const struct foreign_view *v)
{
    const struct foreign_row *const tables[] = {foreign_updates, foreign_data, foreign_texts,
                                                wholes};
    const struct foreign_row *found = foreign_magic(v);
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]) && found == NULL; i++) {
        for (const struct foreign_row *row = tables[i]; row->kind != NULL && found == NULL; row++) {
            found = row->is(v) ? row : NULL;
        }
    }
    return found;
}

struct foreign foreign_find(struct arena *a, const struct otapack_source *src)
{
    size_t n = src->size < FOREIGN_HEAD_MOST ? (size_t)src->size : FOREIGN_HEAD_MOST;
    uint8_t head[FOREIGN_HEAD_MOST + 1];
    struct foreign_view v = {a, src, head, n};
    if (otapack_read(src, 0, head, n, "").code != OTAPACK_OK) {
        memset(head, 0, n);
    }
    head[n] = '\0';
    const struct foreign_row *row = n == 0 ? NULL : find(&v);
    if (row == NULL) {
        return (struct foreign){n == 0 ? "empty" : "unknown", NULL};
    }
    return (struct foreign){row->kind, row->tell == NULL ? row->instead : row->tell(&v)};
}
