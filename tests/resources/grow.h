// SPDX-License-Identifier: Apache-2.0
//
// Directions in which an input can grow, a row each: a file, a recipe or a command line in three
// sizes. What each verb makes of them must not grow faster than they do: see main.c.
#ifndef GROW_H
#define GROW_H

#include <stddef.h>
#include <stdint.h>

// Bytes that grow at their end.
struct bytes {
    uint8_t *p;
    size_t n, room;
};

void put(struct bytes *b, const void *p, size_t n);
void put_fill(struct bytes *b, int value, size_t n);
void put_to(struct bytes *b, int value, size_t end); // fills up to this size
void put_le32(struct bytes *b, uint32_t v);
void put_text(struct bytes *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void put_file(struct bytes *b, const char *name); // of fixtures/
void bytes_free(struct bytes *b);

// `write` makes the input of size `n`, and returns how large that is to whoever reads it: as many
// bytes as it has, or as what is packed in it unpacks to; 0: this otapack was built without what
// makes it. (What is printed of it is for the file.)
struct direction {
    const char *name;
    size_t (*write)(struct bytes *b, unsigned n);
    unsigned n;         // the smallest; then twice and four times that
    const char *beside; // a recipe that uses what is written; NULL: it is used as it is
};

// Behind the words of a command line stand n times an option, in which %u is its number.
struct line {
    const char *name;
    const char *before;
    const char *option, *value;
    unsigned n;
};

extern const struct direction esp32_directions[], other_directions[], encrypted_directions[],
    recipe_directions[], ring_directions[], policy_directions[], update_directions[];
extern const struct line lines[];

#endif
