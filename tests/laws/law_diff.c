// SPDX-License-Identifier: Apache-2.0
//
// What holds of any two files that diff compares: each fixture with a copy of itself, with itself
// but for one byte, and with the next one, both ways.
#include "fixture_files.h"
#include "run.h"

#include "image.h"
#include "page.h"
#include "schema.h"

enum { KINDS_MOST = 16 };

static struct schema *schema;
static struct fixture_files files;

static int by_name(const void *x, const void *y)
{
    return strcmp(*(char *const *)x, *(char *const *)y);
}

// In the order of their names, so that neighbours are of one kind, mostly.
static int begin(void **group)
{
    schema = schema_load(DIFF_SCHEMA);
    int status = run_begin(group);
    if (status == 0 && fixture_files_add(&files, "fixtures/") == 0) {
        qsort(files.names, files.count, sizeof(files.names[0]), by_name);
    }
    return status;
}

static int end(void **group)
{
    fixture_files_free(&files);
    schema_free(schema);
    return run_end(group);
}

// ---- What it says -------------------------------------------------------------------------------

static const json_t *compared(const char *old, const char *new)
{
    const struct run *r = run("diff --json %s %s", old, new);
    int status = r->status;
    const json_t *d = document();
    const char *fault = schema_fault(schema, d);
    if (fault != NULL) {
        complain("%s, %s: by the schema: %s", old, new, fault);
    }
    if (status != (strcmp(text_at(d, "result"), "different") == 0 ? 1 : 0)) {
        complain("%s, %s: %s, and exit status %d", old, new, text_at(d, "result"), status);
    }
    return d;
}

static const struct {
    const char *kind, *back; // of the same change, seen from the other side
} kinds[] = {{"added", "dropped"},  {"dropped", "added"},  {"changed", "changed"},
             {"raised", "lowered"}, {"lowered", "raised"}, {"grown", "shrunk"},
             {"shrunk", "grown"},   {"moved", "moved"},    {"reordered", "reordered"},
             {"bytes", "bytes"},    {"same", "same"}};

static size_t count_of(const json_t *d, const char *kind)
{
    size_t count = 0, i;
    const json_t *change;
    json_array_foreach(json_object_get(d, "changes"), i, change)
    {
        count += strcmp(text_at(change, "kind"), kind) == 0;
    }
    return count;
}

// Every change has a class, and a result says what the classes do.
static void look_at_result(const char *name, const json_t *d)
{
    size_t noise = 0, i;
    const json_t *change, *changes = json_object_get(d, "changes");
    json_array_foreach(changes, i, change)
    {
        noise += strcmp(text_at(change, "class"), "noise") == 0;
    }
    size_t count = json_array_size(changes);
    const char *expected = count == 0 ? "identical" : count == noise ? "noise" : "different";
    if (strcmp(text_at(d, "result"), expected) != 0) {
        complain("%s: %zu changes, %zu of noise, and %s", name, count, noise, text_at(d, "result"));
    }
}

// ---- Laws ---------------------------------------------------------------------------------------

TEST(a_copy_is_the_same)
{
    for (size_t i = 0; i < files.count; i++) {
        struct image im = image_load(files.names[i]);
        image_save(&im, "copy.bin");
        image_free(&im);
        const json_t *d = compared(files.names[i], "copy.bin");
        if (strcmp(text_at(d, "result"), "identical") != 0) {
            complain("%s: a copy is %s", files.names[i], text_at(d, "result"));
        }
    }
    complaints_end();
}

// What people are shown of two files that have little in common.
TEST(pages_are_sound)
{
    for (size_t i = 0; i + 5 < files.count; i += 5) {
        const struct run *r = run("diff --format html %s %s", files.names[i], files.names[i + 5]);
        page_holds(files.names[i], r->out, NULL);
    }
    complaints_end();
}

// No byte is so little that nothing is said of it.
TEST(one_byte_is_seen)
{
    for (size_t i = 0; i < files.count; i++) {
        struct image im = image_load(files.names[i]);
        if (im.n > 0) {
            im.p[im.n * (i % 5) / 5] ^= 1;
            image_save(&im, "other.bin");
            const json_t *d = compared(files.names[i], "other.bin");
            look_at_result(files.names[i], d);
            if (json_array_size(json_object_get(d, "changes")) == 0) {
                complain("%s: nothing is said of a byte that is another", files.names[i]);
            }
        }
        image_free(&im);
    }
    complaints_end();
}

TEST(both_ways)
{
    for (size_t i = 0; i + 1 < files.count; i++) {
        size_t counts[KINDS_MOST];
        const json_t *d = compared(files.names[i], files.names[i + 1]);
        look_at_result(files.names[i], d);
        for (size_t k = 0; k < COUNT(kinds); k++) {
            counts[k] = count_of(d, kinds[k].kind);
        }
        d = compared(files.names[i + 1], files.names[i]);
        for (size_t k = 0; k < COUNT(kinds); k++) {
            if (count_of(d, kinds[k].back) != counts[k]) {
                complain("%s, %s: %zu %s, and %zu %s the other way", files.names[i],
                         files.names[i + 1], counts[k], kinds[k].kind, count_of(d, kinds[k].back),
                         kinds[k].back);
            }
        }
    }
    complaints_end();
}

// What signatures that hold no key are worth: over the same bytes, another one is another key's or
// damaged.
// Another signature of the same bytes by the same key, as another random number gives one: of r and
// s, s is taken off the order of P-256.
static void sign_again(const char *file, const char *to)
{
    static const uint8_t order[32] = {0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00,
                                      0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                      0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84,
                                      0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51};
    struct image im = image_load(file);
    size_t s = im.n - sizeof(order);
    int borrow = 0;
    for (size_t i = sizeof(order); i-- > 0;) {
        int left = order[i] - (int)u8_at(&im, s + i) - borrow;
        borrow = left < 0;
        poke8(&im, s + i, (uint8_t)left);
    }
    image_save(&im, to);
    image_free(&im);
}

TEST(signatures_without_a_key)
{
    static const struct {
        const char *old, *new, *words;
        int status;
        const char *says;
    } rows[] = {
        {"a.bin", "b.bin", "", 1, "refuses it"},
        {"a.bin", "b.bin", " --key fixtures/keys/rsa2048.pub.pem", 1, "refuses it"},
        {"a.bin", "flipped.bin", "", 1, "the signed bytes are the same"},
        {"a.bin", "again.bin", "", 0, NULL},
        {"a.bin", "again.bin", " --key fixtures/keys/rsa2048.pub.pem", 0, NULL},
        {"v1-a.bin", "v1-b.bin", "", 1, "damaged, unless"},
        {"v1-a.bin", "v1-again.bin", "", 0, NULL},
        {"v1-a.bin", "v1-random.bin", "", 1, "damaged, unless"},
        {"v1-a.bin", "v1-random.bin", " --key fixtures/keys/ecdsa-p256-a.pub.pem", 0, NULL},
        {"v1-a.bin", "v1-b.bin", " --key fixtures/keys/ecdsa-p256-a.pub.pem", 1, "refuses it"},
    };
    struct image im = image_load("fixtures/esp8266/good-arduino.bin");
    image_save(&im, "plain.bin");
    image_free(&im);
    im = image_load("fixtures/esp_image/good-app-esp32.bin");
    image_save(&im, "app.bin");
    image_free(&im);
    (void)expect(0, "sign -q plain.bin --key fixtures/keys/rsa2048.pem -o a.bin");
    (void)expect(0, "sign -q plain.bin --key fixtures/keys/rsa2048.pem -o again.bin");
    (void)expect(0, "sign -q plain.bin --key fixtures/keys/rsa2048-b.pem -o b.bin");
    (void)expect(0, "sign -q app.bin --scheme secure-boot-v1 --key fixtures/keys/ecdsa-p256-a.pem "
                    "-o v1-a.bin");
    (void)expect(0, "sign -q app.bin --scheme secure-boot-v1 --key fixtures/keys/ecdsa-p256-a.pem "
                    "-o v1-again.bin");
    (void)expect(0, "sign -q app.bin --scheme secure-boot-v1 --key fixtures/keys/ecdsa-p256-b.pem "
                    "-o v1-b.bin");
    sign_again("v1-a.bin", "v1-random.bin");
    (void)expect(0, "verify v1-random.bin --key fixtures/keys/ecdsa-p256-a.pub.pem");
    im = image_load("a.bin");
    poke8(&im, im.n - 20, u8_at(&im, im.n - 20) ^ 1u);
    image_save(&im, "flipped.bin");
    image_free(&im);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct run *r = run("diff %s %s%s", rows[i].old, rows[i].new, rows[i].words);
        if (r->status != rows[i].status || (rows[i].says != NULL && !says(r->out, rows[i].says)) ||
            says(r->out, "does not know this kind")) {
            complain("%s, %s%s: status %d, and %s", rows[i].old, rows[i].new, rows[i].words,
                     r->status, r->out);
        }
    }
    complaints_end();
}

UNIT(diff)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_the_same),       cmocka_unit_test(pages_are_sound),
        cmocka_unit_test(one_byte_is_seen),         cmocka_unit_test(both_ways),
        cmocka_unit_test(signatures_without_a_key),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
