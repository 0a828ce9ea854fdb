// SPDX-License-Identifier: Apache-2.0
//
// What a person can read: pages and messages of servers, pointers and lists that stand for files,
// and firmware that was written as text.
#include <ctype.h>
#include <strings.h>

#include "foreign_json.h"
#include "foreign_row.h"
#include "text.h"

enum { LOOKED_AT = 512 };

#define COPY_BINARY "download or copy the file itself, as binary"

static const char *skip_blanks(const char *p)
{
    return p + strspn(p, " \t\r\n");
}

// Behind a byte order mark, blanks and comments that end.
static const char *skip_start(const struct foreign_view *v)
{
    const char *p = (const char *)v->head;
    p = skip_blanks(strncmp(p, "\xEF\xBB\xBF", 3) == 0 ? p + 3 : p);
    while (strncmp(p, "<!--", 4) == 0 && strstr(p, "-->") != NULL) {
        p = skip_blanks(strstr(p, "-->") + 3);
    }
    return p;
}

// What a web server sends instead of a file.
static bool is_html(const struct foreign_view *v)
{
    static const char *const tags[] = {"<!--",  "<html",  "<!doctype", "<head",
                                       "<body", "<title", "<script",   "<meta"};
    const char *text = skip_start(v);
    bool any = false;
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
        any = any || strncasecmp(text, tags[i], strlen(tags[i])) == 0;
    }
    return any;
}

// A message in XML that does not say so, or a piece of a page.
static bool is_xml(const struct foreign_view *v)
{
    const char *text = skip_start(v);
    return text[0] == '<' && isalpha((unsigned char)text[1]) && strchr(text, '>') != NULL;
}

static bool is_lfs_pointer(const struct foreign_view *v)
{
    static const char first[] = "version https://git-lfs.github.com/spec/";
    return foreign_has(v, 0, first, sizeof(first) - 1);
}

static bool is_printable(uint8_t c)
{
    return c == '\n' || c == '\r' || c == '\t' || (c >= ' ' && c <= '~');
}

static bool is_text(const struct foreign_view *v)
{
    size_t n = v->n < LOOKED_AT ? v->n : LOOKED_AT;
    bool good = n >= 2;
    for (size_t i = 0; i < n; i++) {
        good = good && is_printable(v->head[i]);
    }
    return good;
}

// ---- Firmware as text ---------------------------------------------------------------------------

// The sum of n bytes in hexadecimal, and whether the line ends behind them.
static bool hex_line(const char *p, unsigned n, unsigned *sum)
{
    for (*sum = 0; n > 0; n--, p += 2) {
        int byte = text_hex_byte(p);
        if (byte < 0) {
            return false;
        }
        *sum += (unsigned)byte;
    }
    return *p == '\r' || *p == '\n' || *p == '\0';
}

// A line: a colon, a length, an address of two bytes, a type, data and a checksum.
static bool is_intel_hex(const struct foreign_view *v)
{
    const char *p = skip_start(v);
    int length = *p == ':' ? text_hex_byte(p + 1) : -1;
    unsigned sum;
    return length >= 0 && hex_line(p + 1, (unsigned)length + 5, &sum) && sum % 256 == 0;
}

// A line: S, a type, a length and so many bytes, the last of which is a checksum.
static bool is_s_record(const struct foreign_view *v)
{
    const char *p = skip_start(v);
    int length = *p == 'S' && isdigit((unsigned char)p[1]) ? text_hex_byte(p + 2) : -1;
    unsigned sum;
    return length >= 3 && hex_line(p + 2, (unsigned)length + 1, &sum) && sum % 256 == 255;
}

// Behind "data:...;base64," where a page had it.
static const char *base64_start(const struct foreign_view *v)
{
    const char *p = skip_start(v);
    const char *mark = strncmp(p, "data:", 5) == 0 ? strstr(p, ";base64,") : NULL;
    return mark == NULL ? p : mark + 8;
}

// All of the beginning, and enough of it that it is no word; of letters in both cases and digits.
static bool is_alphabet(const char *p, const char *end, const char *alphabet)
{
    enum { LEAST = 64 };
    const char *from = p;
    for (; p < end && *p != '\0'; p++) {
        if (strchr(alphabet, *p) == NULL) {
            return false;
        }
    }
    return p - from >= LEAST;
}

static bool is_base64(const struct foreign_view *v)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n";
    const char *p = base64_start(v);
    bool upper = false, lower = false;
    for (size_t i = 0; i < 64 && p[i] != '\0'; i++) {
        upper = upper || isupper((unsigned char)p[i]);
        lower = lower || islower((unsigned char)p[i]);
    }
    return upper && lower && is_alphabet(p, (const char *)v->head + v->n, alphabet);
}

// Espressif's images begin with 0xE9 and a small number. A signature by RSA of 2048 bits is what
// u-blox has in a file of its own beside each firmware.
static const char *tell_base64(const struct foreign_view *v)
{
    enum { SIGNATURE = 344 };
    const char *p = base64_start(v);
    size_t n = strcspn(p, "\r\n");
    bool alone = *skip_blanks(p + n) == '\0' && v->n == v->src->size;
    return strncmp(p, "6Q", 2) == 0  ? "an image as text: base64 -d makes the image of it"
           : alone && n == SIGNATURE ? "a signature, as u-blox has it beside a firmware: give the "
                                       ".bin file that it belongs to"
                                     : "base64 -d makes bytes of it";
}

// A letter is among them, or they are numbers.
static bool is_hex(const struct foreign_view *v)
{
    const char *p = skip_start(v);
    size_t n = strspn(p, "0123456789 \t\r\n");
    return text_hex_digit(p[n]) >= 10 && is_alphabet(skip_start(v), (const char *)v->head + v->n,
                                                     "0123456789abcdefABCDEF \t\r\n");
}

static const char *tell_hex(const struct foreign_view *v)
{
    return strncasecmp(skip_start(v), "e9", 2) == 0
               ? "an image as text: xxd -r -p makes the image of it"
               : "xxd -r -p makes bytes of it";
}

// xxd's and hexdump -C's lines: an address, and bytes.
static bool is_hex_dump(const struct foreign_view *v)
{
    const char *p = skip_start(v);
    size_t n = strspn(p, "0");
    bool colon = p[n] == ':';
    const char *q = skip_blanks(p + n + colon);
    return n >= 6 && n <= 8 && q > p + n && text_hex_byte(q) >= 0 && (p[n] == ' ' || p[n] == ':') &&
           text_hex_byte(q + 2 + (q[2] == ' ')) >= 0;
}

// ---- UTF-16, and bytes that went through a text ------------------------------------------------

// A byte order mark, and of most of the letters one byte that is 0.
static bool is_utf16(const struct foreign_view *v)
{
    size_t n = v->n < LOOKED_AT ? v->n & ~(size_t)1 : LOOKED_AT, highs = 0, lows = 0;
    bool little = foreign_has(v, 0, "\xFF\xFE", 2), big = foreign_has(v, 0, "\xFE\xFF", 2);
    for (size_t i = 2; i < n; i += 2) {
        highs += v->head[i + little] == 0;
        lows += v->head[i + big] != 0;
    }
    return (little || big) && n >= 8 && highs * 2 * 10 >= (n - 2) * 6 && lows * 2 * 4 >= n - 2;
}

static bool is_json(const struct foreign_view *v)
{
    const char *p = skip_start(v);
    return foreign_is_json(v, p);
}

static bool is_manifest(const struct foreign_view *v)
{
    return foreign_json_files(v, skip_start(v)) != NULL;
}

static const char *tell_manifest(const struct foreign_view *v)
{
    return arena_printf(v->arena, "it only names files: give the file that it names: %s",
                        foreign_json_files(v, skip_start(v)));
}

static const char *tell_json(const struct foreign_view *v)
{
    const char *message = foreign_json_message(v, skip_start(v));
    const char *fault = foreign_json_fault(v, skip_start(v));
    if (fault != NULL) {
        return arena_printf(v->arena, "%s: download it again, or correct it", fault);
    }
    return message == NULL ? "it is no image, but perhaps the answer of a server: check the URL"
                           : arena_printf(v->arena,
                                          "a server sent a message, not the file, and says \"%s\": "
                                          "check the URL",
                                          message);
}

const struct foreign_row foreign_texts[] = {
    {"HTML", "a server sent a page, not the file: check the URL", is_html, NULL},
    {"XML", "a server sent a message, not the file: check the URL", is_xml, NULL},
    {"Git LFS pointer", "it stands for the file: git lfs pull fetches that", is_lfs_pointer, NULL},
    {"manifest", NULL, is_manifest, tell_manifest},
    {"JSON", NULL, is_json, tell_json},
    {"Intel HEX",
     "a blank line or a byte order mark stands in front, or it is not whole: take that out, or "
     "give "
     "the .bin file that it was made from",
     is_intel_hex, NULL},
    {"Motorola S-record", "give the .bin file", is_s_record, NULL},
    {"hex text", NULL, is_hex, tell_hex},
    {"base64", NULL, is_base64, tell_base64},
    {"hex dump", "xxd -r makes bytes of it: give the file that was dumped", is_hex_dump, NULL},
    {"UTF-16 text", "a redirection of PowerShell writes it: " COPY_BINARY, is_utf16, NULL},
    {"text", "a text file: is it a recipe for otapack build, or an error message?", is_text, NULL},
    {NULL, NULL, NULL, NULL},
};
