// SPDX-License-Identifier: Apache-2.0
//
// Partition tables: entries, and the whole table with its MD5.
#include "file.h"
#include "operations.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ENTRY = 32, TABLE = 3072, LABEL = 16 };

static void add_entry(struct data *d, char **a)
{
    uint8_t head[] = {0xaa, 0x50, (uint8_t)number(a[0]), (uint8_t)number(a[1])};
    char label[LABEL] = "";
    size_t length = strlen(a[4]);
    memcpy(label, a[4], length < LABEL ? length : LABEL);
    add(d, head, sizeof head);
    add_u32(d, (uint32_t)number(a[2]));
    add_u32(d, (uint32_t)number(a[3]));
    add(d, label, LABEL);
    add_u32(d, 0);
}

int pt_entry(char **a)
{
    struct data d = {0};
    add_entry(&d, a);
    print(d.p, d.n);
    return 0;
}

// Behind the entries: their MD5, and erased flash.
static void pt_save(const char *name, struct data d)
{
    uint8_t hash[MD5];
    const uint8_t mark[] = {0xeb, 0xeb};
    digest(MBEDTLS_MD_MD5, d.p, d.n, hash);
    add(&d, mark, sizeof mark);
    add_fill(&d, 0xff, 14);
    add(&d, hash, MD5);
    add_fill(&d, 0xff, TABLE);
    d.n = TABLE;
    save(name, d);
}

int pt_finish(char **a)
{
    pt_save(a[0], read_all(STDIN_FILENO, "standard input"));
    return 0;
}

int pt_table(char **a)
{
    struct data d = {0};
    grow(&d, 0);
    for (char **entry = a + 1; *entry != NULL; entry += 5) {
        for (size_t i = 1; i < 5; i++) {
            if (entry[i] == NULL)
                die("is no whole entry", *entry);
        }
        add_entry(&d, entry);
    }
    pt_save(a[0], d);
    return 0;
}

int pt_remake(char **a)
{
    struct data d = load(a[0]);
    size_t end = 0;
    while (end + ENTRY <= d.n && d.p[end] == 0xaa && d.p[end + 1] == 0x50)
        end += ENTRY;
    d.n = end;
    pt_save(a[0], d);
    return 0;
}

int pt_app(char **a)
{
    struct data d = load(a[0]);
    for (size_t at = 0; at + ENTRY <= d.n; at += ENTRY) {
        if (d.p[at + 2] == 0) {
            printf("%zu\n", at);
            return 0;
        }
    }
    return 1;
}
