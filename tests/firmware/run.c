/* SPDX-License-Identifier: Apache-2.0
 *
 *     run stream PIECE FILE...    the events of a stream, in pieces of so many bytes, its size
 *                                 announced and not
 *     run announced PIECE FILE... the same, announced only
 *     run parse 0 FILE...         what the parsers for whole buffers say
 */
#include "run.h"

#define ROOM ((size_t)8 << 20)

static uint8_t file_bytes[ROOM];
static uint8_t out[4096];
static size_t out_size;

static void flush(void)
{
    size_t at = 0;
    while (at < out_size) {
        int n = system_write(1, out + at, out_size - at);
        if (n <= 0) {
            break;
        }
        at += (size_t)n;
    }
    out_size = 0;
}

static void put(char c)
{
    if (out_size == sizeof(out)) {
        flush();
    }
    out[out_size++] = (uint8_t)c;
}

void say(const char *word)
{
    while (*word != '\0') {
        put(*word++);
    }
}

static void put_hex(uint64_t value)
{
    int shift = 60;
    while (shift > 0 && value >> shift == 0) {
        shift -= 4;
    }
    for (; shift >= 0; shift -= 4) {
        put("0123456789abcdef"[value >> shift & 15]);
    }
}

void say_number(const char *name, uint64_t value)
{
    put(' ');
    say(name);
    put('=');
    put_hex(value);
}

void say_bytes(const char *name, const uint8_t *bytes, size_t n)
{
    say_number(name, n);
    put(':');
    put_hex(crc_of(0, bytes, n));
}

void say_end(void)
{
    put('\n');
}

/* The whole file; false when it cannot be read, or is too large. */
static bool read_file(const char *path, size_t *size)
{
    int file = system_open(path), n = 0;
    *size = 0;
    if (file < 0) {
        return false;
    }
    do {
        n = system_read(file, file_bytes + *size, ROOM - *size);
        *size += n > 0 ? (size_t)n : 0;
    } while (n > 0 && *size < ROOM);
    return n == 0;
}

static size_t number(const char *text)
{
    size_t n = 0;
    while (*text >= '0' && *text <= '9') {
        n = n * 10 + (size_t)(*text++ - '0');
    }
    return n;
}

int run(int count, char **arguments)
{
    int status = count > 3 ? 0 : 2;
    for (int i = 3; i < count; i++) {
        size_t n = 0;
        say(arguments[i]);
        if (!read_file(arguments[i], &n)) {
            say(": cannot be read");
            status = 2;
        }
        say_number("size", n);
        say_end();
        if (arguments[1][0] == 'p') {
            print_parsers(file_bytes, n);
            continue;
        }
        print_events(file_bytes, n, number(arguments[2]), true);
        if (arguments[1][0] == 's') {
            print_events(file_bytes, n, number(arguments[2]), false);
        }
    }
    flush();
    return status;
}
