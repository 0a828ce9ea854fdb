// SPDX-License-Identifier: Apache-2.0
//
// What a device takes out of a data partition: a file that is refused by itself is not taken for
// good where it lies there, and one that is good is good there too.
#include "image.h"
#include "run.h"

#include <dirent.h>

enum {
    ENTRY = 32,
    PARTITION = 0x8000 + 4 * ENTRY,
    TYPE = 2,
    SUBTYPE = 3,
    LABEL = 12,
    MD5 = 5 * ENTRY
};
enum { PAYLOAD = 0x40000, ROOM = 0x10000, OF_ITS_OWN = 0x40, COMPRESSED = 0x22 };

static void put_file(struct image *flash, size_t at, const char *name)
{
    struct image im = image_load(name);
    image_put(flash, at, im.p, im.n);
    image_free(&im);
}

// A flash whose last partition, called so, holds this file.
static void make_flash(const char *label, unsigned subtype, const char *file)
{
    struct image flash = image_fill(0xFF, PAYLOAD + ROOM);
    char name[16] = "";
    uint8_t none[ENTRY];
    put_file(&flash, 0x2000, "fixtures/field/boot-esp32p4-v1.bin");
    put_file(&flash, 0x8000, "fixtures/field/table-coprocessor.bin");
    put_file(&flash, 0xf000, "fixtures/ota_data/good-initial.bin");
    put_file(&flash, 0x20000, "fixtures/field/app-esp32p4-v1.bin");
    put_file(&flash, PAYLOAD, file);
    (void)snprintf(name, sizeof(name), "%s", label);
    image_put(&flash, PARTITION + LABEL, name, sizeof(name));
    poke8(&flash, PARTITION + TYPE, 1);
    poke8(&flash, PARTITION + SUBTYPE, subtype);
    memset(none, 0xFF, sizeof(none)); // in place of the MD5, which old tables do not have
    image_put(&flash, 0x8000 + MD5, none, sizeof(none));
    image_save(&flash, "flash.bin");
    image_free(&flash);
}

static bool is_among(const char *words, const char *name)
{
    char word[300];
    (void)snprintf(word, sizeof(word), " %s ", name);
    return strstr(words, word) != NULL;
}

struct place {
    const char *label;
    unsigned subtype;
    const char *folder;
    // What a partition takes away: what lies behind a payload is no part of it. NULL: it may also
    // be refused for what it is.
    const char *passes;
};

static void judge_in(const struct place *p, const char *name)
{
    char file[400];
    (void)snprintf(file, sizeof(file), "fixtures/%s/%s", p->folder, name);
    struct image im = image_load(file);
    bool fits = im.n <= ROOM;
    image_free(&im);
    int alone = run("verify %s", file)->status;
    if (!fits || alone > 1) {
        return;
    }
    make_flash(p->label, p->subtype, file);
    int there = run("verify flash.bin")->status;
    bool good =
        p->passes == NULL ? there >= alone : there == (is_among(p->passes, name) ? 0 : alone);
    if (!good) {
        complain("%s: status %d by itself, %d in partition %s: %s", file, alone, there, p->label,
                 last_run()->err);
    }
}

static void judge_all(const struct place *p)
{
    char folder[200];
    (void)snprintf(folder, sizeof(folder), "fixtures/%s", p->folder);
    DIR *d = opendir(folder);
    int count = 0;
    want(d != NULL, "%s", folder);
    for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        if (strncmp(e->d_name, "bad-", 4) == 0 || strncmp(e->d_name, "good-", 5) == 0) {
            judge_in(p, e->d_name);
            count++;
        }
    }
    (void)closedir(d);
    want(count > 5, "%s has %d", folder, count);
}

TEST(combined_images)
{
    static const struct place places[] = {
        {"rcp_fw", OF_ITS_OWN, "rcp_image", " bad-rcp-trailing.bin "},
        {"storage", OF_ITS_OWN, "rcp_image",
         " bad-rcp-trailing.bin bad-rcp-table.bin bad-rcp-table-empty.bin "
         "bad-rcp-table-oversize.bin "}, // by its name alone it could be known
    };
    for (size_t i = 0; i < COUNT(places); i++) {
        judge_all(&places[i]);
    }
    complaints_end();
}

// The bootloader takes it from a partition of this type, and from no other.
TEST(compressed_images)
{
    static const struct place place = {"storage", COMPRESSED, "compressed_image",
                                       " bad-compressed-trailing.bin "};
    run_needs("compressed");
    judge_all(&place);
    complaints_end();
    make_flash("storage", OF_ITS_OWN, "fixtures/compressed_image/bad-compressed-crc.bin");
    (void)expect(0, "verify flash.bin");
}

// What is wrong with a co-processor's firmware, too; most apps are none, and are refused for that.
TEST(firmware_of_a_coprocessor)
{
    static const struct place place = {"slave_fw", OF_ITS_OWN, "esp_image", NULL};
    judge_all(&place);
    complaints_end();
}

static void judge_as(const struct image *im, int status, const char *what)
{
    image_save(im, "fs.bin");
    (void)expect(status, "verify fs.bin");
    make_flash("rcp_fw", OF_ITS_OWN, "fs.bin");
    int there = run("verify flash.bin")->status;
    want(there == status, "%s: status %d in a flash: %s", what, there, last_run()->err);
}

static size_t find(const struct image *im, const char *text)
{
    const uint8_t *at = memmem(im->p, im->n, text, strlen(text));
    want(at != NULL, "no '%s'", text);
    return (size_t)(at - im->p);
}

// A border router reads it as a file.
TEST(combined_images_as_files)
{
    static const char *const files[] = {"fixtures/littlefs/good-combined.bin",
                                        "fixtures/spiffs/good-combined.bin"};
    for (size_t i = 0; i < COUNT(files); i++) {
        struct image im = image_load(files[i]);
        judge_as(&im, 0, files[i]);
        im.p[find(&im, "openthread-esp32")] ^= 1;
        judge_as(&im, 1, "another version");
        image_free(&im);
    }
    (void)expect(0, "extract fixtures/spiffs/good-combined.bin files[0].content -o file");
    struct image file = image_load("file"),
                 whole = image_load("fixtures/rcp_image/good-rcp-only.bin");
    want(file.n == whole.n && memcmp(file.p, whole.p, file.n) == 0, "the bytes of the file");
    image_free(&file);
    image_free(&whole);
}

// Of a SPIFFS: the pages of a file in any order, one that is missing, one of another file.
TEST(pages_of_a_file)
{
    enum { PAGE = 256, BLOCK = 4096, LAST = 6 }; // the last page of the file, in the second block
    struct image im = image_load("fixtures/spiffs/good-combined.bin");
    uint8_t page[PAGE];
    memcpy(page, im.p + 2 * PAGE, PAGE);
    memcpy(im.p + 2 * PAGE, im.p + BLOCK + PAGE, PAGE);
    memcpy(im.p + BLOCK + PAGE, page, PAGE);
    judge_as(&im, 0, "two pages have changed places");
    poke16(&im, BLOCK + 2 * LAST, 2);
    poke16(&im, BLOCK + PAGE + LAST * PAGE, 2);
    judge_as(&im, 1, "a page is another file's");
    poke16(&im, BLOCK + 2 * LAST, 0);
    judge_as(&im, 1, "a page is deleted");
    poke8(&im, PAGE + 4, 0x78); // as its index is, then
    judge_as(&im, 0, "the file is deleted");
    image_free(&im);
}

UNIT(flash_payload)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(combined_images),           cmocka_unit_test(compressed_images),
        cmocka_unit_test(firmware_of_a_coprocessor), cmocka_unit_test(combined_images_as_files),
        cmocka_unit_test(pages_of_a_file),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
