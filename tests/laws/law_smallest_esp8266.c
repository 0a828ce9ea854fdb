// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of updates for an ESP8266: images, the device, signatures, gzip.
#include "run.h"

#include "../unit/unit.h"

#include "esp8266.h"
#include "smallest.h"

#include <zlib.h>

#define FOLDER "fixtures/esp8266/"
#define V1 FOLDER "good-v1.bin"
#define V2 FOLDER "good-v2.bin"
#define RTOS FOLDER "good-rtos.bin"
#define MICROPYTHON FOLDER "good-micropython.bin"
#define APP "fixtures/esp_image/good-app-esp32.bin"
#define ARDUINO FOLDER "good-arduino.bin"
#define KEY "fixtures/keys/rsa2048.pem"
#define OTHER_KEY "fixtures/keys/rsa2048-b.pem"
#define WITH_KEY "--key fixtures/keys/rsa2048.pub.pem"

enum {
    AT_MODE = 2,
    AT_SEGMENT = 8,
    AT_SKETCH_SIZE = 0x100C,
    AT_SKETCH_ADDRESS = 0x1008,
    AT_SKETCH_DATA = 0x1010,
    AT_LENGTH = 4112,
    AT_STAMP_CRC = 4116,
    MIB = 0x100000,
    BLOCK = 16,
    AT_GZIP_FLAGS = 3,
    AT_DEFLATED = 10,
    TRAILER = 8,
    FROM_4MB = 4194304,
    LEVEL = 9,
};

// ---- Images -------------------------------------------------------------------------------------

// Length and CRC of an Arduino image: CRC-32/MPEG-2 with the two words taken for zero.
static void stamp(struct image *im)
{
    poke32(im, AT_LENGTH, 0);
    poke32(im, AT_STAMP_CRC, 0);
    uint32_t crc = esp8266_crc_of(im);
    poke32(im, AT_LENGTH, (uint32_t)im->n);
    poke32(im, AT_STAMP_CRC, crc);
}

// Stamped anew.
static struct image stamped(const struct border *b, uint32_t value)
{
    struct image im = border_poked(b, value);
    stamp(&im);
    return im;
}

// What runs from flash ends here.
static struct image with_sketch_to(const struct border *b, uint32_t end)
{
    struct image im = image_load(b->file);
    uint32_t more = end - AT_SKETCH_DATA - u32_at(&im, AT_SKETCH_SIZE);
    struct image zeros = image_fill(0, more);
    image_splice(&im, AT_SKETCH_DATA + 8, 0, zeros.p, zeros.n);
    image_free(&zeros);
    poke32(&im, AT_SKETCH_SIZE, u32_at(&im, AT_SKETCH_SIZE) + more);
    stamp(&im);
    return im;
}

// Other bits in the byte at `at`, or so far before the end.
static struct image with_bits(const struct border *b, uint32_t bits)
{
    struct image im = image_load(b->file);
    size_t at = b->width != 0 ? im.n - b->width : b->at;
    poke8(&im, at, u8_at(&im, at) ^ bits);
    return im;
}

static struct image followed_by(const struct border *b, uint32_t bytes)
{
    struct image im = image_load(b->file), more = image_fill(0, bytes);
    image_append(&im, more.p, more.n);
    image_free(&more);
    return im;
}

// As it is: the value is one of the device.
static struct image as_it_is(const struct border *b, uint32_t value)
{
    (void)value;
    return image_load(b->file);
}

// ---- gzip ---------------------------------------------------------------------------------------

static struct image packed_and_freed(struct image *im)
{
    struct image gz = gz_pack(im, LEVEL, NULL);
    image_free(im);
    return gz;
}

static struct image packed(const struct border *b, uint32_t value)
{
    struct image im = border_poked(b, value);
    return packed_and_freed(&im);
}

// The same, packed first: the value is other bits of a byte, counted from the end where it has a
// width.
static struct image packed_with_bits(const struct border *b, uint32_t bits)
{
    struct image im = image_load(b->file), gz = packed_and_freed(&im);
    size_t at = b->width != 0 ? gz.n - b->width : b->at;
    poke8(&gz, at, u8_at(&gz, at) ^ bits);
    return gz;
}

static struct image packed_and_followed(const struct border *b, uint32_t bytes)
{
    struct image im = image_load(b->file), gz = packed_and_freed(&im);
    struct image more = image_fill(0, bytes);
    image_append(&gz, more.p, more.n);
    image_free(&more);
    return gz;
}

// ---- Signatures ---------------------------------------------------------------------------------

static struct image signed_and_freed(struct image *im, const char *key, enum rsa_form form)
{
    struct image all = update_signed(im, key, form);
    image_free(im);
    return all;
}

static struct image signed_by(const struct border *b, uint32_t other)
{
    struct image im = image_load(b->file);
    return signed_and_freed(&im, other ? OTHER_KEY : KEY, RSA_SHA256);
}

static struct image signed_as(const struct border *b, uint32_t form)
{
    struct image im = image_load(b->file);
    return signed_and_freed(&im, KEY, (enum rsa_form)form);
}

// A name that leaves so many bytes over a multiple of 4.
static struct image packed_for(const struct border *b, uint32_t rest)
{
    static const char letters[] = "abcdefgh";
    struct image im = image_load(b->file), gz = image_fill(0, 0);
    const char *name = letters + 8;
    do {
        image_free(&gz);
        gz = gz_pack(&im, LEVEL, --name);
    } while (gz.n % 4 != rest);
    image_free(&im);
    return gz;
}

static struct image packed_and_signed_as(const struct border *b, uint32_t form)
{
    struct image gz = packed_for(b, 0);
    return signed_and_freed(&gz, KEY, (enum rsa_form)form);
}

static struct image packed_and_signed(const struct border *b, uint32_t rest)
{
    struct image gz = packed_for(b, rest);
    return signed_and_freed(&gz, KEY, RSA_SHA256);
}

// Compressed, with a signature of what is sent or of what is in it.
static struct image signed_over(const struct border *b, uint32_t content)
{
    struct image im = image_load(b->file), gz = packed_for(b, 0);
    struct image signature = update_signed(content ? &im : &gz, KEY, RSA_SHA256);
    size_t covered = content ? im.n : gz.n;
    image_append(&gz, signature.p + covered, signature.n - covered);
    image_free(&im);
    image_free(&signature);
    return gz;
}

static struct image signed_inside(const struct border *b, uint32_t is_signed)
{
    struct image im = image_load(b->file);
    if (is_signed) {
        im = signed_and_freed(&im, KEY, RSA_SHA256);
    }
    return packed_and_freed(&im);
}

// ---- Without the Arduino core, and zlib ---------------------------------------------------------

static struct image stamped_with_bits(const struct border *b, uint32_t value)
{
    struct image im = with_bits(b, value);
    stamp(&im);
    return im;
}

// What lies behind a bootloader, at this address.
static struct image placed(const struct border *b, uint32_t at)
{
    enum { FIRST = 0x1000 };
    struct image all = image_load(b->file), im = image_fill(0xFF, at);
    image_put(&im, 0, all.p, FIRST);
    image_append(&im, all.p + FIRST, all.n - FIRST);
    image_free(&all);
    return im;
}

// 0: for an ESP8266, 1: for an ESP32.
static struct image packed_app(const struct border *b, uint32_t esp32)
{
    struct image im = image_load(esp32 == 0 ? V1 : b->file);
    return packed_and_freed(&im);
}

// By zlib, with the byte at the start changed.
static struct image zlib_of(const struct border *b, uint32_t value)
{
    struct image im = border_poked(b, value);
    uLongf n = compressBound((uLong)im.n);
    struct image out = image_fill(0, n);
    assert_int_equal(compress(out.p, &n, im.p, (uLong)im.n), Z_OK);
    out.n = n;
    image_free(&im);
    return out;
}

static const struct border rows[] = {
    {"esp8266-header", BORDER_FAIL, 0, 1, .make = border_cut, .file = V1},
    {"esp8266-checksum", BORDER_FAIL, 0, 1, .make = with_bits, .file = V1, .width = 1},
    {"esp8266-place", BORDER_FAIL, 0x40201010, 0x40201014, .make = stamped, .file = ARDUINO,
     .at = AT_SKETCH_ADDRESS, .width = 4},
    {"esp8266-place", BORDER_FAIL, MIB, MIB + BLOCK, .make = with_sketch_to, .file = ARDUINO},
    {"esp8266-settings", BORDER_WARN, 3, 4, .make = border_poked, .file = V1, .at = AT_MODE,
     .width = 1},
    {"esp8266-length", BORDER_NOTE, 0, 1, .make = with_bits, .file = ARDUINO, .at = AT_LENGTH},
    {"esp8266-crc", BORDER_NOTE, 0, 1, .make = with_bits, .file = ARDUINO, .at = AT_STAMP_CRC},
    {"esp8266-sketch-checksum", BORDER_WARN, 0, 1, .make = stamped_with_bits, .file = ARDUINO,
     .width = 1},
    {"esp8266-v2-crc", BORDER_FAIL, 0, 0x80, .make = with_bits, .file = V2, .width = 1},
    {"esp8266-no-crc", BORDER_NOTE, 0, 4, .make = border_cut, .file = V2},
    {"esp8266-no-crc", BORDER_WARN, 0, 4, .make = border_cut, .file = FOLDER "good-user1.bin"},
    {"esp8266-hash", BORDER_FAIL, 0, 1, .make = with_bits, .file = RTOS, .width = 1},
    {"esp8266-no-hash", BORDER_WARN, 0, 32, .make = border_cut, .file = RTOS},
    {"esp8266-trailing", BORDER_WARN, 0, 1, .make = followed_by, .file = V1},
    {"esp8266-cut", BORDER_FAIL, 0, 1, .make = border_cut, .file = MICROPYTHON},
    {"esp8266-md5", BORDER_WARN, 0, 1, .make = with_bits, .file = MICROPYTHON, .width = 1},
    {"esp8266-slot", BORDER_FAIL, 0x1000, 0x2000, .make = placed, .file = FOLDER "good-slots.bin"},
    {"esp8266-rom", BORDER_FAIL, 0x2000, 0x1000, .make = border_poked,
     .file = FOLDER "good-rboot.bin", .at = 0x1008, .width = 4},

    {"esp8266-flash-size", BORDER_FAIL, FROM_4MB, FROM_4MB - 1, .make = as_it_is,
     .words = "--flash-size #", .file = V1},
    {"esp8266-flash-mode", BORDER_FAIL, 2, 0, .make = packed, .words = "--flash-mode dio",
     .file = V1, .at = AT_MODE, .width = 1},
    {"esp8266-free-space", BORDER_FAIL, 8192, 8191, .make = as_it_is, .words = "--free-space #",
     .file = ARDUINO},
    {"esp8266-copy", BORDER_FAIL, 0x8000, 0x7000, .make = as_it_is, .words = "--layout 4MB:#",
     .file = FOLDER "bad-esp8266-copy.bin"},

    {"esp8266-sig-length", BORDER_FAIL, 0, 1, .make = with_bits, .file = FOLDER "good-signed.bin",
     .width = 4},
    {"esp8266-sig-align", BORDER_WARN, 0, 1, .make = packed_and_signed, .file = V1},
    {"esp8266-sig-align", BORDER_WARN, 0, 3, .make = packed_and_signed, .file = V1},
    {"esp8266-signature", BORDER_FAIL, 0, 1, .make = signed_by, .words = WITH_KEY, .file = V1},
    {"esp8266-sig-content", BORDER_FAIL, 0, 1, .make = signed_over, .words = WITH_KEY, .file = V1},
    {"esp8266-sig-legacy", BORDER_WARN, RSA_SHA256, RSA_BARE, .make = signed_as, .words = WITH_KEY,
     .file = V1},
    {"esp8266-sig-legacy-gzip", BORDER_FAIL, RSA_SHA256, RSA_BARE, .make = packed_and_signed_as,
     .words = WITH_KEY, .file = V1},
    {"esp8266-sig-inside", BORDER_WARN, 0, 1, .make = signed_inside, .file = V1},

    {"gzip-header", BORDER_FAIL, 0, 0x20, .make = packed_with_bits, .file = V1,
     .at = AT_GZIP_FLAGS},
    {"gzip-data", BORDER_FAIL, 0, 6, .make = packed_with_bits, .file = V1, .at = AT_DEFLATED},
    {"gzip-crc", BORDER_FAIL, 0, 1, .make = packed_with_bits, .file = V1, .width = TRAILER},
    {"gzip-length", BORDER_FAIL, 0, 1, .make = packed_with_bits, .file = V1, .width = 4},
    {"gzip-trailing", BORDER_FAIL, 0, 1, .make = packed_and_followed, .file = V1},
    {"gzip-content", BORDER_FAIL, 0xE9, 0xE8, .make = packed, .file = V1, .at = 0, .width = 1},
    {"app-compressed", BORDER_WARN, 0, 1, .make = packed_app, .file = APP},
    {"zlib-data", BORDER_FAIL, 0, 1, .make = border_cut,
     .file = FOLDER "bad-app-compressed-zlib.bin", .also = "app-compressed"},
    {"zlib-adler", BORDER_FAIL, 0, 1, .make = with_bits,
     .file = FOLDER "bad-app-compressed-zlib.bin", .width = 1, .also = "app-compressed"},
    {"zlib-content", BORDER_FAIL, 0xE9, 0xE8, .make = zlib_of, .file = APP, .at = 0, .width = 1,
     .also = "app-compressed"},
};

const struct border_table borders_of_esp8266 = {rows, COUNT(rows)};

TEST(esp8266_borders)
{
    borders_hold(rows, COUNT(rows));
}

UNIT(smallest_esp8266)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(esp8266_borders),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
