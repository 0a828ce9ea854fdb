// SPDX-License-Identifier: Apache-2.0
//
// foreign.h, of what a person can read: pages, pointers, lists, firmware as text.
#include "unit.h"

#include "foreign.h"
#include "foreign_row.h"

#define SAMPLE(kind, instead, text)                                                                \
    {                                                                                              \
        kind, instead, text, sizeof(text) - 1                                                      \
    }
#define BOM "\xEF\xBB\xBF"
#define OID "a8f5f167f44f4964e6c998dee827110ca8f5f167f44f4964e6c998dee827110c"

static const struct {
    const char *kind, *instead, *text;
    size_t n;
} samples[] = {
    SAMPLE("HTML", "check the URL", "<!DOCTYPE html>\n<html></html>"),
    SAMPLE("HTML", "check the URL", "\r\n\t <HTML><head>"),
    SAMPLE("HTML", "check the URL", BOM "<!-- saved from -->\n<!-- and --> <Head>"),
    SAMPLE("HTML", "check the URL", "<!-- a comment that does not end"),
    SAMPLE("HTML", "check the URL", "<head><title>404</title>\xC3\xA4"),
    SAMPLE("XML", "check the URL", "<Error><Code>NoSuchKey</Code></Error>"),
    SAMPLE("XML", "check the URL", "<a href=\"https://x.example/\">Found</a>.\n"),
    SAMPLE("Git LFS pointer", "git lfs pull",
           "version https://git-lfs.github.com/spec/v1\noid sha256:" OID "\nsize 12345\n"),
    SAMPLE("Git LFS pointer", "git lfs pull",
           "version https://git-lfs.github.com/spec/v1\r\noid sha256:" OID "\r\nsize 12345\r\n"),
    // Lists of files: ESP Web Tools, ESPHome, ESP-IDF, ESP-Hosted, Zigbee, u-blox, Matter.
    SAMPLE("manifest", "names: bootloader.bin, app.bin",
           "{\"name\":\"x\",\"builds\":[{\"chipFamily\":\"ESP32\",\"parts\":[{\"path\":"
           "\"bootloader.bin\",\"offset\":0},{\"path\":\"app.bin\",\"offset\":65536}]}]}"),
    SAMPLE("manifest", "names: a.bin, b.bin, c.bin, d.bin, ...",
           "[\"a.bin\", \"b.bin\", \"a.bin\", \"c.bin\", \"d.bin\", \"e.bin\"]"),
    SAMPLE("manifest", "names: fw.ota.bin",
           "{\"ota\": {\"path\": \"fw.ota.bin\", \"md5\": \"0\"}}"),
    SAMPLE("manifest", "names: app.bin", BOM "{ \"flash_files\" : { \"0x10000\" : \"app.bin\" } }"),
    SAMPLE("manifest", "https://x.example/a.bin?token=1",
           "{\"versions\":[{\"version\":\"1\",\"url\":\"https://x.example/a.bin?token=1\"}]}"),
    SAMPLE("manifest", "names: 1.zigbee", "[{\"fileName\": \"1.zigbee\"}]"),
    SAMPLE("manifest", "names: NINA-W15X-SW.bin", "[{\"File\": \"NINA-W15X-SW.bin\"}]"),
    SAMPLE("manifest", "names: \\x1b[31m.bin", "[\"\\u001b[31m.bin\"]"),
    SAMPLE("JSON", "says \"Not Found\"", "{\"message\": \"Not Found\", \"status\": \"404\"}"),
    SAMPLE("JSON", "says \"no such \\x1b[31mfile\"", "{\"error\": \"no such \\u001b[31mfile\"}"),
    SAMPLE("JSON", "says \"expired\"", "{\"error\": {\"code\": 401, \"message\": \"expired\"}}"),
    SAMPLE("JSON", "check the URL", "{\"code\": 404}"),
    SAMPLE("JSON", "says \"Not Found\"", "{\"error\": \"Not Found\", \"path\": \"/app.bin\"}"),
    SAMPLE("JSON", "check the URL", "{\"status\": 404, \"path\": \"/app.bin\"}"),
    SAMPLE("manifest", "names: app.bin", "{\"status\": 200, \"path\": \"app.bin\"}"),
    SAMPLE("JSON",
           "it is cut off in line 2, column 26: ", "{\"builds\":\n [{\"path\": \"app.bin\", \"off"),
    SAMPLE("JSON", "it is cut off in line 3, column 2: ", "\n\n{\""),
    SAMPLE("JSON", "it is damaged in line 1, column 10: ", "{\"builds\"; []}"),
    SAMPLE("JSON", "check the URL", "[]"),
    SAMPLE("Intel HEX", ".bin",
           ":020000040800F2\r\n:10000000000002200101000800000000000000000000000000\r\n"),
    SAMPLE("Intel HEX", ".bin", ":10010000214601360121470136007EFE09D2190140\n"),
    SAMPLE("Intel HEX", ".bin", ":00000001FF"),
    SAMPLE("Motorola S-record", ".bin", "S00F000068656C6C6F202020202000003C\r\n"),
    SAMPLE("Motorola S-record", ".bin", "S5030003F9\n"),
    SAMPLE("base64", "base64 -d makes the image",
           "6QMCIEgBOEDuAAAADQAAAABjAAAAAAABAAAgQAACCAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"),
    SAMPLE("base64", "base64 -d makes bytes",
           "data:application/octet-stream;base64,"
           "AAMCIEgBOEDuAAAADQAAAABjAAAAAAABAAAgQAACCAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    SAMPLE("hex text", "makes the image",
           "E9 03 02 20 48 01 38 40 EE 00 00 00 0D 00 00 00 00 63 00 00 00 00 01 00\n"),
    SAMPLE("hex text", "makes bytes", OID "\n"),
    SAMPLE("hex dump", "xxd -r", "00000000: e903 0220 4801 3840  ... H.8@\n"),
    SAMPLE("hex dump", "xxd -r", "00000000  e9 03 02 20 48 01 38 40  |... H.8@|\n"),
    SAMPLE("UTF-16 text", "PowerShell", "\xFF\xFE\xE9\0\3\0\2\0 \0x\0y\0z\0"),
    SAMPLE("UTF-16 text", "PowerShell", "\xFE\xFF\0\xE9\0\3\0\2\0 \0x\0y\0z"),
    SAMPLE("text", "recipe", "otapack: 1\n"),
    // One thing is not as it should be.
    SAMPLE("text", "recipe", "version https://example.com/spec/v1\n"),
    SAMPLE("text", "recipe", ":10010000214601360121470136007EFE09D2190141\n"),
    SAMPLE("text", "recipe", ":10 of them\n"),
    SAMPLE("text", "recipe", ":00000001FFFF\n"),
    SAMPLE("text", "recipe", "S5030003F8\n"),
    SAMPLE("text", "recipe", "S502\n"),
    SAMPLE("text", "recipe", "{ braces }\n"),
    SAMPLE("text", "recipe", "<3\n"),
    SAMPLE("text", "recipe",
           "10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34\n"),
    SAMPLE("text", "recipe",
           "onewordwithoutanyblanksthatislongerthansixtyfourlettersbutisallsmall\n"),
    SAMPLE("text", "recipe", "00000000 of them\n"),
    SAMPLE("unknown", NULL, "\xFF\xFE\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
    SAMPLE("unknown", NULL, "\x80text\n"),
    SAMPLE("unknown", NULL, "x"),
};

TEST(each_text_is_named)
{
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < COUNT(samples); i++) {
        struct otapack_source src = otapack_memory((const uint8_t *)samples[i].text, samples[i].n);
        struct foreign f = foreign_find(&a, &src);
        if (strcmp(f.kind, samples[i].kind) != 0) {
            fail_msg("%s: is %s, not %s", samples[i].text, f.kind, samples[i].kind);
        }
        assert_true((samples[i].instead == NULL) == (f.instead == NULL));
        if (f.instead != NULL && strstr(f.instead, samples[i].instead) == NULL) {
            fail_msg("%s: says %s, not %s", samples[i].text, f.instead, samples[i].instead);
        }
    }
    arena_free(&a);
}

TEST(each_row_has_a_sample)
{
    for (const struct foreign_row *row = foreign_texts; row->kind != NULL; row++) {
        bool any = false;
        for (size_t i = 0; i < COUNT(samples); i++) {
            any = any || strcmp(samples[i].kind, row->kind) == 0;
        }
        if (!any) {
            fail_msg("%s has no sample", row->kind);
        }
    }
}

// Cut anywhere, a text is read to its end and no further.
TEST(cut_anywhere)
{
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < COUNT(samples); i++) {
        for (size_t n = 0; n < samples[i].n; n++) {
            uint8_t *exact = malloc(n + 1);
            memcpy(exact, samples[i].text, n);
            struct otapack_source src = otapack_memory(exact, n);
            assert_non_null(foreign_find(&a, &src).kind);
            free(exact);
        }
    }
    arena_free(&a);
}

// A signature of 256 bytes, alone in its file.
TEST(a_signature)
{
    char text[400];
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < 342; i++) {
        text[i] = i % 3 == 0 ? 'a' : i % 3 == 1 ? 'B' : '7';
    }
    memcpy(text + 342, "==\r\n", 4);
    struct otapack_source src = otapack_memory((const uint8_t *)text, 346);
    assert_non_null(strstr(foreign_find(&a, &src).instead, "u-blox"));
    src.size = 343;
    assert_null(strstr(foreign_find(&a, &src).instead, "u-blox"));
    memcpy(text + 346, text, 4);
    src.size = 350;
    assert_null(strstr(foreign_find(&a, &src).instead, "u-blox"));
    arena_free(&a);
}

// A message of a server is cut between bytes, and stays a text.
TEST(a_long_message)
{
    char text[400] = "{\"message\": \"";
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < 99; i++) {
        strcat(text, "x");
    }
    strcat(text, "\xC3\xA4 and more\"}");
    struct otapack_source src = otapack_memory((const uint8_t *)text, strlen(text));
    assert_non_null(strstr(foreign_find(&a, &src).instead, "x\\xc3...\""));
    arena_free(&a);
}

UNIT(foreign_texts)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_text_is_named), cmocka_unit_test(each_row_has_a_sample),
        cmocka_unit_test(cut_anywhere),       cmocka_unit_test(a_signature),
        cmocka_unit_test(a_long_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
