// SPDX-License-Identifier: Apache-2.0
//
// Bytes that no format claims, named for what they look like, so that a person sees at once what
// was downloaded, built or copied instead of the image.
#include "format.h"

#include <string.h>
#include <strings.h>

#include "source.h"

enum { HEAD_SIZE = 512, SAMPLE_SIZE = 64 * 1024, SAMPLE_LEAST = 512 };

static const struct magic {
    uint64_t at;
    const char *bytes;
    size_t n;
    const char *kind, *hint;
} magics[] = {
#define TEXT(at, text) at, text, sizeof(text) - 1
    {TEXT(0, "<?xml"), "XML", "a server sent a message, not the file: check the URL"},
    {TEXT(0, "\x1F\x8B"), "gzip", "unpack it with gunzip"},
    {TEXT(0, "-----BEGIN"), "PEM", "a key or a certificate, not an image"},
    {TEXT(0, "PK\x03\x04"), "ZIP", "unpack it"},
    {TEXT(0, "\xFD"
             "7zXZ"),
     "XZ", "unpack it with unxz"},
    {TEXT(257, "ustar"), "tar", "unpack it"},
    {TEXT(0, "\x7F"
             "ELF"),
     "ELF", "make an image of it with esptool elf2image"},
    {TEXT(0, "UF2\n"), "UF2", "give the .bin file that it was made from"},
    {TEXT(0, ":10"), "Intel HEX", "give the .bin file"},
    {TEXT(0, ":02"), "Intel HEX", "give the .bin file"},
    {TEXT(0, "\xCF\xB6\x88\x07"), "pre-encrypted image", "only its key shows what is inside"},
#undef TEXT
};

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

static const struct magic *find_magic(const struct otapack_source *src)
{
    for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
        uint8_t head[16];
        const struct magic *m = &magics[i];
        if (otapack_read(src, m->at, head, m->n, "").code == OTAPACK_OK &&
            memcmp(head, m->bytes, m->n) == 0) {
            return m;
        }
    }
    return NULL;
}

// What a web server sends instead of a file: blanks, then <html or <!doctype in any case.
static bool is_html(const struct otapack_source *src)
{
    char head[64] = "";
    size_t n = src->size < sizeof(head) - 1 ? (size_t)src->size : sizeof(head) - 1;
    if (otapack_read(src, 0, (uint8_t *)head, n, "").code != OTAPACK_OK) {
        return false;
    }
    const char *text = head + strspn(head, " \t\r\n");
    return strncasecmp(text, "<html", 5) == 0 || strncasecmp(text, "<!doctype", 9) == 0;
}

static bool is_text(const struct otapack_source *src)
{
    uint8_t head[HEAD_SIZE];
    size_t n = src->size < sizeof(head) ? (size_t)src->size : sizeof(head);
    if (n < 2 || otapack_read(src, 0, head, n, "").code != OTAPACK_OK) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (head[i] != '\n' && head[i] != '\r' && head[i] != '\t' &&
            (head[i] < ' ' || head[i] > '~')) {
            return false;
        }
    }
    return true;
}

static const char *kind_of(const struct otapack_source *src, const char **hint)
{
    const struct magic *m = find_magic(src);
    *hint = NULL;
    if (src->size == 0) {
        return "empty";
    }
    if (m != NULL) {
        *hint = m->hint;
        return m->kind;
    }
    if (is_html(src)) {
        *hint = "a server sent a page, not the file: check the URL";
        return "HTML";
    }
    if (is_text(src)) {
        *hint = "a text file: is it a recipe for otapack build, or an error message?";
        return "text";
    }
    if (source_is_filled(src, 0, src->size, 0xFF)) {
        return "erased";
    }
    if (source_is_filled(src, 0, src->size, 0)) {
        return "zeros";
    }
    if (src->size >= SAMPLE_LEAST && src->size % 16 == 0 && looks_random(src)) {
        *hint = "flash encryption output is for one chip only: give the file before encryption";
        return "encrypted";
    }
    return "unknown";
}

static void raw_open(struct reader *r, struct node *n)
{
    const char *hint;
    const char *kind = kind_of(&n->src, &hint);
    node_string(r->arena, n, "kind", kind, strlen(kind), QUIET(0, n->src.size));
    if (n->parent != NULL) {
        n->summary = kind;
    } else if (hint == NULL) {
        n->summary = strcmp(kind, "unknown") == 0 ? "bytes of no known format"
                     : strcmp(kind, "empty") == 0
                         ? "the file is empty"
                         : arena_printf(r->arena, "all bytes are %s", kind);
    } else {
        n->summary = arena_printf(r->arena, "looks like %s (%s)", kind, hint);
    }
}

const struct format format_raw = {
    .name = "raw", .title = "bytes of no known format", .open = raw_open};
