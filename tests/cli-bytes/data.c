// SPDX-License-Identifier: Apache-2.0
//
// What data.h declares. Nothing is freed before the end: the program does one thing and is gone.
#include "data.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void die(const char *what, const char *which)
{
    fprintf(stderr, "cli-bytes: %s: %s\n", which, what);
    exit(2);
}

_Noreturn void die_system(const char *which)
{
    die(strerror(errno), which);
}

uint8_t *grow(struct data *d, size_t n)
{
    static struct kept {
        struct kept *next;
        uint8_t p[];
    } * kept;
    if (d->p == NULL || d->room - d->n < n) {
        size_t room = (d->n + n) * 2;
        struct kept *more = malloc(sizeof *more + room);
        if (more == NULL)
            die_system("memory");
        if (d->n > 0)
            memcpy(more->p, d->p, d->n);
        more->next = kept;
        kept = more;
        d->p = more->p;
        d->room = room;
    }
    d->n += n;
    return d->p + d->n - n;
}

void add(struct data *d, const void *p, size_t n)
{
    uint8_t *at = grow(d, n);
    if (n > 0)
        memcpy(at, p, n);
}

void add_fill(struct data *d, int value, size_t n)
{
    memset(grow(d, n), value, n);
}

void add_u32(struct data *d, uint32_t v)
{
    uint8_t b[] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24)};
    add(d, b, sizeof b);
}

uint64_t number(const char *text)
{
    char *end;
    errno = 0;
    uint64_t v = strtoull(text, &end, 0);
    if (errno != 0 || *text == '\0' || *end != '\0')
        die("is no number", text);
    return v;
}

size_t place(const char *text, struct data d)
{
    int64_t at = (int64_t)number(text);
    if (at < 0)
        at += (int64_t)d.n;
    if (at < 0 || (uint64_t)at >= d.n)
        die("lies outside of the file", text);
    return (size_t)at;
}

uint32_t get_u32(struct data d, size_t at)
{
    if (at > d.n || d.n - at < 4)
        die("ends too soon", "file");
    return (uint32_t)d.p[at] | (uint32_t)d.p[at + 1] << 8 | (uint32_t)d.p[at + 2] << 16 |
           (uint32_t)d.p[at + 3] << 24;
}

void set_u32(struct data d, size_t at, uint32_t v)
{
    get_u32(d, at); // it is inside
    for (size_t i = 0; i < 4; i++)
        d.p[at + i] = (uint8_t)(v >> 8 * i);
}

struct data byte_list(char **numbers)
{
    struct data d = {0};
    grow(&d, 0);
    for (; *numbers != NULL; numbers++) {
        uint8_t b = (uint8_t)number(*numbers);
        add(&d, &b, 1);
    }
    return d;
}

void digest(mbedtls_md_type_t type, const uint8_t *p, size_t n, uint8_t *out)
{
    if (mbedtls_md(mbedtls_md_info_from_type(type), p, n, out) != 0)
        die("cannot compute it", "digest");
}
