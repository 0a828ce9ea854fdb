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

UNIT(flash_payload)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(combined_images),
        cmocka_unit_test(compressed_images),
        cmocka_unit_test(firmware_of_a_coprocessor),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
