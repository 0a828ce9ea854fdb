// SPDX-License-Identifier: Apache-2.0
//
// Bytes of any file: cut out, read as numbers, summed up, written over.
#include "file.h"
#include "operations.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int cut(char **a)
{
    struct data d = load_part(a[0], (off_t)number(a[1]), number(a[2]));
    print(d.p, d.n);
    return 0;
}

// Nothing behind the file's end.
static int get(char **a, size_t width)
{
    struct data d = load_part(a[0], (off_t)number(a[1]), width);
    uint32_t v = 0;
    for (size_t i = d.n; i-- > 0;)
        v = v << 8 | d.p[i];
    if (d.n == width)
        printf("%u\n", v);
    return 0;
}

int get_one(char **a)
{
    return get(a, 1);
}
int get_two(char **a)
{
    return get(a, 2);
}
int get_four(char **a)
{
    return get(a, 4);
}

int size(char **a)
{
    struct stat about;
    if (stat(a[0], &about) != 0)
        die_system(a[0]);
    printf("%lld\n", (long long)about.st_size);
    return 0;
}

int sha256(char **a)
{
    struct data d = load(a[0]);
    uint8_t hash[DIGEST];
    digest(MBEDTLS_MD_SHA256, d.p, d.n, hash);
    for (size_t i = 0; i < DIGEST; i++)
        printf("%02x", hash[i]);
    putchar('\n');
    return 0;
}

int fill(char **a)
{
    struct data d = {0};
    add_fill(&d, 0xff, number(a[0]));
    print(d.p, d.n);
    return 0;
}

int write_stdin(char **a)
{
    struct data d = read_all(STDIN_FILENO, "standard input");
    overwrite(a[0], (off_t)number(a[1]), d.p, d.n);
    return 0;
}

int poke(char **a)
{
    struct data d = byte_list(a + 2);
    overwrite(a[0], (off_t)number(a[1]), d.p, d.n);
    return 0;
}

int poke32(char **a)
{
    struct data d = {0};
    for (char **v = a + 2; *v != NULL; v++)
        add_u32(&d, (uint32_t)number(*v));
    overwrite(a[0], (off_t)number(a[1]), d.p, d.n);
    return 0;
}

int flip(char **a)
{
    struct data d = load(a[0]);
    size_t at = place(a[1], d);
    d.p[at] ^= (uint8_t)(a[2] != NULL ? number(a[2]) : 1);
    overwrite(a[0], (off_t)at, d.p + at, 1);
    return 0;
}

int xor_of(char **a)
{
    struct data d = load_part(a[0], (off_t)number(a[1]), number(a[2]));
    unsigned x = 0;
    for (size_t i = 0; i < d.n; i++)
        x ^= d.p[i];
    printf("%u\n", x);
    return 0;
}
