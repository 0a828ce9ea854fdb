/* SPDX-License-Identifier: Apache-2.0
 *
 * A program for tests/firmware/qemu.sh that asks no libc for anything: it prints all that the
 * parsers say of some files, so that two processors can be compared. Its hashes are its own.
 */
#ifndef RUN_H
#define RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- bare.c or hosted.c: what is asked of the system; -1 says that it could not ---------------
 */

int system_open(const char *path);
int system_read(int file, uint8_t *to, size_t n);
int system_write(int file, const uint8_t *bytes, size_t n);

/* ---- run.c ------------------------------------------------------------------------------------
 */

int run(int count, char **arguments);

/* Output: lines of "WORD NAME=NUMBER ...", numbers in hexadecimal, which needs no division. */
void say(const char *word);
void say_number(const char *name, uint64_t value);
void say_bytes(const char *name, const uint8_t *bytes, size_t n); /* how many, and their CRC */
void say_end(void);

/* ---- hash.c -----------------------------------------------------------------------------------
 */

struct hasher {
    bool md5; /* else SHA-256 */
    uint32_t state[8];
    uint32_t size;
    uint8_t block[64];
};

void hash_start(void *ctx);
void hash_update(void *ctx, const uint8_t *bytes, size_t n);
void hash_finish(void *ctx, uint8_t *digest);

/* CRC-32 as zlib counts it; begin with 0. */
uint32_t crc_of(uint32_t crc, const uint8_t *bytes, size_t n);
void crc_start(void *ctx);
void crc_update(void *ctx, const uint8_t *bytes, size_t n);
void crc_finish(void *ctx, uint8_t *digest);

/* ---- What is done with each file --------------------------------------------------------------
 */

/* events.c: pushes it in pieces, its size announced or not, and prints the events. */
void print_events(const uint8_t *bytes, size_t n, size_t piece, bool announced);

/* parsers.c: opens it with each parser for whole buffers. */
void print_parsers(const uint8_t *bytes, size_t n);

#endif
