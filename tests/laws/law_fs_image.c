// SPDX-License-Identifier: Apache-2.0
//
// Images of file systems: their geometry; signed as updates for an ESP8266, verified, judged by its
// layout, as sketches are; and what is no whole one is not signed.
#include "esp8266_sign.h"

#include <zlib.h>

#define LITTLEFS "fixtures/littlefs/"
#define SPIFFS "fixtures/spiffs/"
#define FS LITTLEFS "good-v2.0.bin"
#define PLAIN SPIFFS "good-plain.bin"
#define TO_ESP8266 " --scheme esp8266-rsa --key rsa2048.pem"

enum { SIGNATURE = 256, BLOCK = 4096 };

// ---- Geometry -----------------------------------------------------------------------------------

TEST(littlefs_geometry)
{
    static const struct {
        const char *file, *version;
        json_int_t block_size, blocks, name_max, at;
    } rows[] = {
        {"good-v2.0", "2.0", 4096, 2, 32, 0},
        {"good-v2.1", "2.1", 4096, 2, 32, 0},
        {"good-second", "2.0", 4096, 2, 32, 4096},
        {"good-grown", "2.0", 4096, 4, 32, 0},
        {"good-small-blocks", "2.0", 512, 8, 32, 512},
        {"good-second-alone", "2.0", 4096, 2, 32, 4096},
        {"good-second-damaged", "2.0", 4096, 2, 32, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const json_t *root = tree(LITTLEFS "%s.bin", rows[i].file);
        want(text_is(root, "format", "littlefs"), "it is one");
        want(strcmp(field_text(root, "version"), rows[i].version) == 0, "version");
        want(field(root, "block_size") == rows[i].block_size, "block_size");
        want(field(root, "block_count") == rows[i].blocks, "block_count");
        want(field(root, "name_max") == rows[i].name_max, "name_max");
        want(field(root, "file_max") == 0x7FFFFFFF, "file_max");
        want(field(root, "attr_max") == 1022, "attr_max");
        want(number_at(root, "fields.revision.offset") == rows[i].at, "the block that counts");
        want(number_at(root, "parts.blocks.size") == rows[i].block_size * rows[i].blocks, "size");
    }
}

static size_t put_tag(struct image *im, size_t where, uint32_t tag)
{
    for (unsigned i = 0; i < 4; i++) {
        poke8(im, where + i, tag >> (24 - 8 * i) & 0xFF);
    }
    return 4;
}

// Files in the log and in blocks, an app as what it is; of a folder that there is one.
TEST(littlefs_files)
{
    static const struct {
        const char *name, *format;
        json_int_t size;
    } rows[] = {
        {"a.bin", "raw", 4500},
        {"b.txt", "raw", 3},
        {"network_adapter.bin", "esp_image", 1056},
        {"z", NULL, 0},
    };
    const json_t *root = tree(LITTLEFS "good-files.bin");
    want(field(root, "file_count") == COUNT(rows), "file_count");
    want(field(root, "folder_count") == 1, "folder_count");
    for (size_t i = 0; i < COUNT(rows); i++) {
        const json_t *file = json_array_get(at(root, "parts.files"), i);
        want(strcmp(field_text(file, "name"), rows[i].name) == 0, "name");
        want(field(file, "size") == rows[i].size, "size");
        want((rows[i].format == NULL) == (json_object_get(at(file, "parts"), "content") == NULL),
             "content");
        if (rows[i].format != NULL) {
            const json_t *content = at(file, "parts.content");
            want(text_is(content, "format", rows[i].format), "format");
            want(number_at(content, "size") == rows[i].size, "size of the content");
        }
    }
    expect(0, "extract " LITTLEFS "good-files.bin files[1].content -o text");
    struct image text = image_load("text");
    want(text.n == 3 && memcmp(text.p, "new", 3) == 0, "what was written last");
    image_free(&text);
}

// A file system with so many files of one byte, this one, and so many words behind them in the log
// that say nothing.
enum { MANY = 300 };
static void make_many(const char *to, uint8_t byte, uint32_t words)
{
    enum { LARGE = 32768, AT_BLOCK_SIZE = 24, AT_END = 44 };
    struct image im = image_load(FS), more = image_fill(0xFF, (size_t)2 * LARGE - AT_END);
    uint32_t last = 0x201u << 20 | 24; // the tag before that of the CRC
    size_t n = AT_END;
    im.n = n;
    image_append(&im, more.p, more.n);
    poke32(&im, AT_BLOCK_SIZE, LARGE);
    for (uint32_t id = 1; id <= MANY; id++) {
        const uint32_t name = 0x001u << 20 | id << 10 | 1, data = 0x201u << 20 | id << 10 | 1;
        n += put_tag(&im, n, name ^ last);
        poke8(&im, n++, 'f');
        n += put_tag(&im, n, data ^ name);
        poke8(&im, n++, byte);
        last = data;
    }
    for (uint32_t i = 0; i < words; i++) {
        n += put_tag(&im, n, (0x301u << 20) ^ last);
        last = 0x301u << 20;
    }
    n += put_tag(&im, n, (0x500u << 20 | 0x3FFu << 10 | 4) ^ last);
    poke32(&im, n, ~(uint32_t)crc32(0, im.p, (uInt)n));
    image_save(&im, to);
    image_free(&im);
    image_free(&more);
}

// The first 256 are shown, and all are counted. An app among the others is not passed over.
TEST(many_files)
{
    make_many("many.bin", 'x', 0);
    const json_t *root = tree("many.bin");
    want(field(root, "file_count") == MANY, "file_count");
    want(json_array_size(at(root, "parts.files")) == 256, "files that are shown");
    make_many("apps.bin", 0xE9, 0);
    const char *err = expect(2, "inspect apps.bin")->err;
    want(strstr(err, "more files than the 256 that otapack looks at, and firmware") != NULL, "%s",
         err);
    // A limit of ours is no fault of the image, by itself and in a flash.
    make_many("words.bin", 'x', 7100);
    err = expect(2, "verify words.bin")->err;
    want(strstr(err, "more entries than otapack looks through") != NULL, "%s", err);
    want(strstr(err, "mount") == NULL && strstr(err, "download") == NULL, "%s", err);
}

TEST(spiffs_geometry)
{
    static const struct {
        const char *file;
        json_int_t page, block, blocks, pages;
        bool counts;
    } rows[] = {
        {"good-plain", 256, 4096, 3, 45, false},   {"good-counted", 256, 4096, 3, 45, true},
        {"good-page-512", 512, 4096, 3, 21, true}, {"good-block-8192", 256, 8192, 3, 93, false},
        {"good-unerased", 256, 4096, 4, 45, true}, // whose first block is not looked into
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const json_t *root = tree(SPIFFS "%s.bin", rows[i].file);
        bool unerased = strcmp(rows[i].file, "good-unerased") == 0;
        want(text_is(root, "format", "spiffs"), "it is one");
        want(field(root, "page_size") == rows[i].page, "page_size");
        want(field(root, "block_size") == rows[i].block, "block_size");
        want(field(root, "block_count") == rows[i].blocks, "block_count");
        want(field(root, "pages") == rows[i].pages, "pages");
        want(field(root, "used_pages") == (unerased ? 0 : 3), "used_pages");
        want(field(root, "deleted_pages") == (unerased ? 0 : 1), "deleted_pages");
        want(field(root, "unerased_blocks") == unerased, "unerased_blocks");
        want((strcmp(field_text(root, "magic"), "counted") == 0) == rows[i].counts, "magic");
    }
}

// Unsigned, it is an update all the same: for who wants no signature.
TEST(unsigned_ones)
{
    char file[ITEM_ROOM], options[ITEM_ROOM];
    EACH_ITEM(file, FS "|" PLAIN "|" SPIFFS "good-counted.bin")
    {
        expect(0, "verify %s", file);
        want_out("(LittleFS|SPIFFS) image, ok, ");
        EACH_ITEM(options, "--key " A "|--require-signed")
        {
            expect(1, "verify %s %s", file, options);
            want_err("is not signed; sign it");
        }
    }
}

// ---- Signing ------------------------------------------------------------------------------------

TEST(signing)
{
    char file[ITEM_ROOM];
    EACH_ITEM(file, FS "|" PLAIN)
    {
        expect(0, "sign %s" TO_ESP8266 " -o signed.bin", file);
        made_by("signed.bin", file, "rsa2048.pem", RSA_SHA256);
        expect(0, "verify signed.bin --key " A);
        want_out("signature: RSA signature of 2048 bits by ");
        expect(1, "verify signed.bin --key " B);
        want_err("\\[esp8266-signature\\]$");
        expect(2, "verify signed.bin --require-signed"); // which says nothing without the key
        expect(0, "sign %s --scheme esp8266-rsa-legacy --key rsa2048.pem -o legacy.bin", file);
        made_by("legacy.bin", file, "rsa2048.pem", RSA_BARE);
        expect(0, "verify legacy.bin --key " A);
        want_err("warning: .*\\[esp8266-sig-legacy\\]$");
        // What is signed says itself for whom.
        expect(0, "sign signed.bin --replace --key rsa2048-b.pem -o other.bin");
        made_by("other.bin", file, "rsa2048-b.pem", RSA_SHA256);
        expect(0, "sign signed.bin --remove 0 -o bare.bin");
        want_same(file, "bare.bin");
        refuse_sign(1, "signed already.*--replace", "signed.bin --key rsa2048.pem");
    }
    expect(0, "sign " FS TO_ESP8266 " -o signed.bin");
    want_same(GOOD "good-signed-littlefs.bin", "signed.bin");
    expect(0, "sign " PLAIN TO_ESP8266 " -o signed.bin");
    want_same(GOOD "good-signed-spiffs.bin", "signed.bin");
    // What fills the last sector of a dump is not signed along.
    expect(0, "sign " LITTLEFS "good-filled-up.bin" TO_ESP8266 " -o signed.bin");
    want_same(GOOD "good-signed-littlefs.bin", "signed.bin");
}

TEST(signed_elsewhere)
{
    expect(0, "sign " FS " --scheme esp8266-rsa --digest-only --public-key " A " -o data.bin");
    want_same(FS, "data.bin");
    sign_with("rsa2048.pem", RSA_SHA256, FS);
    expect(0, "sign " FS " --scheme esp8266-rsa --signature signature.bin --public-key " A
              " -o signed.bin");
    want_same(GOOD "good-signed-littlefs.bin", "signed.bin");
}

// Nothing in it says for which chip it is. What is signed as data is data.
TEST(for_whom)
{
    char file[ITEM_ROOM];
    EACH_ITEM(file, FS "|" PLAIN)
    {
        char words[2 * ITEM_ROOM];
        (void)snprintf(words, sizeof(words), "%s --key rsa2048.pem", file);
        refuse_sign(2, "; write --scheme esp8266-rsa for .* secure-boot-v2-data", words);
        expect(0, "sign %s --scheme secure-boot-v2-data --key ecdsa-p256-a.pem -o data.bin", file);
        want(text_is(tree("data.bin"), "format", "signed_data"), "it is data");
        expect(0, "verify data.bin --key " EC);
    }
}

TEST(compat)
{
    expect(0, "compat signing.py --mode sign --bin " FS " --out new.bin --legacy old.bin "
              "--privatekey rsa2048.pem");
    want_same(GOOD "good-signed-littlefs.bin", "new.bin");
    want_same(GOOD "good-signed-littlefs-legacy.bin", "old.bin");
    expect(0, "compat signing.py --mode sign --bin " PLAIN " --out new.bin "
              "--privatekey rsa2048.pem");
    want_same(GOOD "good-signed-spiffs.bin", "new.bin");
    expect(2, "compat signing.py --mode sign --bin fixtures/raw/html.bin --out new.bin "
              "--privatekey rsa2048.pem");
    want_err("does not take as an update; give .* LittleFS or SPIFFS image");
}

TEST(refused)
{
    static const struct {
        int status;
        const char *regex, *words;
    } rows[] = {
        {1, "cannot be read: .*damaged", LITTLEFS "bad-littlefs-superblock.bin" TO_ESP8266},
        {1, "cut off.*\\[fs-size\\]$", LITTLEFS "bad-fs-size.bin" TO_ESP8266},
        {1, "cut off.*\\[fs-size\\]$", SPIFFS "bad-fs-size.bin" TO_ESP8266},
        {1, "signed along.*\\[fs-trailing\\]$", LITTLEFS "bad-fs-trailing.bin" TO_ESP8266},
        {1, "2\\.1.*\\[esp8266-fs-format\\]$", LITTLEFS "good-v2.1.bin" TO_ESP8266},
        {1, "count blocks.*\\[esp8266-fs-format\\]$", SPIFFS "good-counted.bin" TO_ESP8266},
        {1, "no room.*\\[esp8266-fs-space\\]$", FS TO_ESP8266 " --layout 1MB:0xF9000"},
        {2, "ECDSA", FS " --scheme esp8266-rsa --key ecdsa-p256-a.pem"},
        {2, "secure-boot-v2\\b.*; write ", FS " --scheme secure-boot-v2 --key rsa3072-a.pem"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        refuse_sign(rows[i].status, rows[i].regex, rows[i].words);
    }
    expect(0,
           "sign " LITTLEFS "good-v2.1.bin --allow esp8266-fs-format" TO_ESP8266 " -o signed.bin");
    want_err("warning: .*\\[esp8266-fs-format\\]$");
}

// ---- Signatures that are not whole --------------------------------------------------------------

// Every byte less, and every byte more behind the file system, is no signature.
TEST(cut_signatures)
{
    struct image whole = image_load(GOOD "good-signed-littlefs.bin");
    for (size_t n = 1; n <= SIGNATURE + 4; n += n < 8 ? 1 : 61) {
        struct image im = image_copy(&whole);
        im.n -= n;
        image_save(&im, "cut.bin");
        image_free(&im);
        expect(1, "verify cut.bin --key " A);
        want_err("is not signed");
    }
    image_free(&whole);
}

TEST(other_bytes)
{
    static const size_t at[] = {0, 20, BLOCK, 2 * BLOCK - 1, 2 * BLOCK, 2 * BLOCK + SIGNATURE - 1};
    for (size_t i = 0; i < COUNT(at); i++) {
        struct image im = image_load(GOOD "good-signed-littlefs.bin");
        poke8(&im, at[i], u8_at(&im, at[i]) ^ 1);
        image_save(&im, "other.bin");
        image_free(&im);
        expect(1, "verify other.bin --key " A);
    }
}

// The last bytes of a file system can look like the length of a signature.
TEST(no_signature)
{
    char file[ITEM_ROOM];
    EACH_ITEM(file, FS "|" PLAIN)
    {
        struct image im = image_load(file);
        poke32(&im, im.n - 4, SIGNATURE);
        image_save(&im, "unsigned.bin");
        image_free(&im);
        expect(0, "verify unsigned.bin");
        want_out("(LittleFS|SPIFFS) image, ok");
    }
}

// What is erased behind the last block belongs to nobody, however much there is.
TEST(filling)
{
    static const size_t sizes[] = {1, 100, BLOCK};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct image im = image_load(FS), more = image_fill(0xFF, sizes[i]), all;
        image_append(&im, more.p, more.n);
        image_save(&im, "filled.bin");
        expect(0, "sign filled.bin" TO_ESP8266 " -o signed.bin");
        want_same(GOOD "good-signed-littlefs.bin", "signed.bin");
        all = update_signed(&im, "rsa2048.pem", RSA_SHA256);
        image_save(&all, "along.bin");
        expect(0, "verify along.bin");
        expect(0, "verify along.bin --key " A);
        image_free(&im);
        image_free(&more);
        image_free(&all);
    }
}

// ---- Layouts ------------------------------------------------------------------------------------

// How large the core's linker scripts make the file system, and whether its blocks have 8 KiB.
TEST(layouts)
{
    static const struct {
        const char *name, *size;
        bool large_blocks;
    } rows[] = {
        {"16m14m", "14,655,488", true},
        {"16m15m", "15,704,064", true},
        {"1m", "0", false},
        {"1m128", "131,072", false},
        {"1m144", "147,456", false},
        {"1m160", "163,840", false},
        {"1m192", "196,608", false},
        {"1m256", "262,144", false},
        {"1m512", "524,288", true},
        {"1m64", "65,536", false},
        {"2m", "0", false},
        {"2m128", "110,592", false},
        {"2m1m", "1,024,000", true},
        {"2m256", "241,664", false},
        {"2m512", "499,712", true},
        {"2m64", "45,056", false},
        {"4m", "0", false},
        {"4m1m", "1,024,000", true},
        {"4m2m", "2,072,576", true},
        {"4m3m", "3,121,152", true},
        {"512k", "0", false},
        {"512k128", "131,072", false},
        {"512k32", "32,768", false},
        {"512k64", "65,536", false},
        {"8m6m", "6,266,880", true},
        {"8m7m", "7,315,456", true},
    };
    struct image im = image_load(PLAIN), more = image_fill(0xFF, 16 << 20);
    image_append(&im, more.p, more.n);
    image_save(&im, "filled.bin");
    image_free(&im);
    image_free(&more);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char regex[64];
        expect(1, "verify filled.bin --layout %s", rows[i].name);
        (void)snprintf(regex, sizeof(regex), "layout has %s for its", rows[i].size);
        want_err(regex);
        want(says(last_run()->err, "layout's 8,192: ") == rows[i].large_blocks, "blocks");
    }
}

// What would pass for a check that was made.
TEST(unused_options)
{
    char file[ITEM_ROOM], option[ITEM_ROOM];
    EACH_ITEM(file, FS "|" PLAIN "|" GOOD "good-signed-littlefs.bin")
    {
        EACH_ITEM(option, "--free-space 90000|--flash-size 4MB|--flash-mode dio|--chip esp32c3|"
                          "--layout 1MB:0xF8000 --sketch-size 4000")
        {
            expect(2, "verify %s %s", file, option);
            want_err("of which no check can use --(free-space|flash-|chip|sketch-size)");
        }
        expect(0, "verify %s --layout 1MB:0xF8000", file);
    }
}

UNIT(fs_image)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(littlefs_geometry),
        cmocka_unit_test(littlefs_files),
        cmocka_unit_test(many_files),
        cmocka_unit_test(spiffs_geometry),
        cmocka_unit_test(unsigned_ones),
        cmocka_unit_test(signing),
        cmocka_unit_test(signed_elsewhere),
        cmocka_unit_test(for_whom),
        cmocka_unit_test(compat),
        cmocka_unit_test(refused),
        cmocka_unit_test(cut_signatures),
        cmocka_unit_test(other_bytes),
        cmocka_unit_test(layouts),
        cmocka_unit_test(no_signature),
        cmocka_unit_test(filling),
        cmocka_unit_test(unused_options),
    };
    return cmocka_run_group_tests(tests, sign_begin, run_end);
}
