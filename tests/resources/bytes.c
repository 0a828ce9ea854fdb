// SPDX-License-Identifier: Apache-2.0
#include "grow.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void put(struct bytes *b, const void *p, size_t n)
{
    if (n > b->room - b->n) {
        b->room = (b->n + n) * 2;
        b->p = realloc(b->p, b->room);
        if (b->p == NULL) {
            abort();
        }
    }
    if (n > 0) {
        memcpy(b->p + b->n, p, n);
        b->n += n;
    }
}

void put_fill(struct bytes *b, int value, size_t n)
{
    uint8_t block[1024];
    memset(block, value, sizeof(block));
    for (; n > sizeof(block); n -= sizeof(block)) {
        put(b, block, sizeof(block));
    }
    put(b, block, n);
}

void put_to(struct bytes *b, int value, size_t end)
{
    if (end > b->n) {
        put_fill(b, value, end - b->n);
    }
}

void put_le32(struct bytes *b, uint32_t v)
{
    uint8_t raw[] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24)};
    put(b, raw, sizeof(raw));
}

void put_text(struct bytes *b, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof(text)) {
        abort();
    }
    put(b, text, (size_t)n);
}

void put_file(struct bytes *b, const char *name)
{
    char path[512];
    uint8_t block[4096];
    (void)snprintf(path, sizeof(path), "%s/%s", FIXTURES, name);
    FILE *in = fopen(path, "rb");
    if (in == NULL) {
        perror(path);
        exit(2);
    }
    for (size_t n; (n = fread(block, 1, sizeof(block), in)) > 0;) {
        put(b, block, n);
    }
    (void)fclose(in);
}

void bytes_free(struct bytes *b)
{
    free(b->p);
    *b = (struct bytes){NULL, 0, 0};
}
