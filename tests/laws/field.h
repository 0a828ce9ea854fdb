// SPDX-License-Identifier: Apache-2.0
//
// tests/field: tables of words that tabs keep apart, and the files that their rows describe.
#ifndef FIELD_H_OF_LAWS
#define FIELD_H_OF_LAWS

#include "product.h"

enum { FIELD_ROWS = 400, FIELD_CELLS = 10 };

struct field_table {
    char *text;
    size_t count, columns;
    const char *cell[FIELD_ROWS][FIELD_CELLS];
};

// A file of tests/field, but for empty lines and those that begin with #. Every row has so many
// cells, none is empty.
struct field_table *field_table(const char *name, size_t columns);
void field_table_free(struct field_table *t);
// The row whose first cell is this; -1: there is none.
int field_row(const struct field_table *t, const char *name);

// "app-zephyr-esp32" is fixtures/field/app-zephyr-esp32.bin, "flash/x" is fixtures/flash/x.bin.
// Good until the next call.
const char *field_piece(const char *name);

// Puts together what a cell says (see tests/field/README.md): `name` in the scratch folder, or the
// one piece itself. Complains and gives NULL where a piece is missing. Notes each piece of
// fixtures/field that it took. Good until the next call.
const char *field_make(const char *cell, const char *name);
// A piece that a command names counts, too.
void field_took(const char *path);
// Complains of the files in fixtures/field that no row took.
void field_all_taken(void);

#endif
