// SPDX-License-Identifier: Apache-2.0
//
// Bytes in memory, numbers in them and on the command line, and how the program gives up.
#ifndef DATA_H
#define DATA_H

#include <mbedtls/md.h>
#include <stddef.h>
#include <stdint.h>

// Empty, it is all zero; only of what has grown is `p` not NULL.
struct data {
    uint8_t *p;
    size_t n, room;
};

enum { DIGEST = 32, MD5 = 16 };

// One line on standard error, and exit status 2.
// (cppcheck knows this attribute from a header, and not _Noreturn.)
__attribute__((noreturn)) void die(const char *what, const char *which);
__attribute__((noreturn)) void die_system(const char *which); // with the system's words

uint8_t *grow(struct data *d, size_t n); // by so many bytes, the first of which this leads to
void add(struct data *d, const void *p, size_t n);
void add_fill(struct data *d, int value, size_t n);
void add_u32(struct data *d, uint32_t v);

// As the shell writes numbers; a negative one is what its bits are.
uint64_t number(const char *text);
size_t place(const char *text, struct data d); // in a file; -1 is its last byte
struct data byte_list(char **numbers);         // NULL-ended

uint32_t get_u32(struct data d, size_t at); // little-endian; it dies where they are not inside
void set_u32(struct data d, size_t at, uint32_t v);

void digest(mbedtls_md_type_t type, const uint8_t *p, size_t n, uint8_t *out);

#endif
