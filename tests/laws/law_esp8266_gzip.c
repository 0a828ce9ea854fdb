// SPDX-License-Identifier: Apache-2.0
//
// What is inside a gzip file is found, through a signature too, and extracted as gunzip unpacks it;
// what does not unpack, or is too large, or holds something else, is told as what it is.
#include "esp8266.h"
#include "product.h"

#include <glob.h>
#include <sys/resource.h>

#define GOOD "fixtures/esp8266/"

// A part is these bytes, in a file and on standard output.
static void extracted(const char *file, const char *path, const struct image *expected)
{
    remove_all("part.bin");
    expect(0, "extract %s %s -o part.bin", file, path);
    want_bytes("part.bin", expected->p, expected->n);
    const struct run *r = expect(0, "extract %s %s -o -", file, path);
    want(r->out_size == expected->n && memcmp(r->out, expected->p, expected->n) == 0,
         "%s of %s: other bytes on standard output", path, file);
}

static void extracted_range(const char *file, const char *path, const struct image *of, size_t at,
                            size_t n)
{
    struct image part = {of->p + at, n};
    assert_true(at + n <= of->n);
    extracted(file, path, &part);
}

TEST(parts_of_fixtures)
{
    glob_t found;
    assert_int_equal(glob(GOOD "good-gzip*.bin", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct image im = image_load(found.gl_pathv[i]);
        if (strstr(found.gl_pathv[i], "signed.bin") == NULL) {
            struct image inside = gz_unpack(&im);
            extracted(found.gl_pathv[i], "content", &inside);
            image_free(&inside);
        }
        image_free(&im);
    }
    want(found.gl_pathc >= 7, "only %zu fixtures", found.gl_pathc);
    globfree(&found);
    struct image im = image_load(GOOD "good-gzip-signed.bin"), inside = gz_unpack(&im);
    extracted(GOOD "good-gzip-signed.bin", "image.content", &inside);
    extracted_range(GOOD "good-gzip-signed.bin", "image", &im, 0, 572);
    extracted_range(GOOD "good-gzip-signed.bin", "image.content.sketch", &inside, 4096,
                    inside.n - 4096);
    extracted_range(GOOD "good-gzip.bin", "content.eboot", &inside, 0, 112);
    image_free(&inside);
    image_free(&im);
    im = image_load(GOOD "bad-esp8266-sig-inside.bin");
    inside = gz_unpack(&im);
    extracted(GOOD "bad-esp8266-sig-inside.bin", "content", &inside);
    extracted_range(GOOD "bad-esp8266-sig-inside.bin", "content.image", &inside, 0, 4368);
    image_free(&inside);
    image_free(&im);
    expect(2, "extract " GOOD "good-arduino.bin content -o none.bin");
    want_one_line();
    want_no_file("none.bin");
}

// ---- Packed here --------------------------------------------------------------------------------

static struct image sketch, packed; // good-arduino.bin

static void want_arduino_inside(const char *file)
{
    const json_t *root = tree("%s", file);
    want(*failing(root) == '\0' && strcmp(text_at(root, "format"), "gzip") == 0 &&
             strcmp(text_at(root, "parts.content.format"), "esp8266_arduino") == 0,
         "%s: %s", file, failing(root));
}

TEST(of_each_level)
{
    for (int level = 1; level <= 9; level++) {
        for (int named = 0; named < 2; named++) {
            struct image im = gz_pack(&sketch, level, named ? "sketch.ino.bin" : NULL);
            image_save(&im, "packed.bin");
            want_arduino_inside("packed.bin");
            extracted("packed.bin", "content", &sketch);
            image_free(&im);
        }
    }
    struct image im = image_load("packed.bin");
    run_pipe(im.p, im.n, 0);
    want_arduino_inside("-");
    image_free(&im);
}

// inspect and verify fail it for this alone, with a remedy.
static void only(const char *id, const char *file)
{
    char regex[200];
    const json_t *root = tree("%s", file);
    want(last_run()->status == 1 && strcmp(failing(root), id) == 0, "%s: not %s alone: %s", file,
         id, failing(root));
    expect(1, "verify %s", file);
    (void)snprintf(regex, sizeof(regex), "^otapack: .*: .+; .+ \\[%s\\]$", id);
    want_err(regex);
}

// The same of these bytes, as a file.
static void only_of(const char *id, const struct image *im)
{
    image_save(im, "bad.gz");
    only(id, "bad.gz");
}

static void only_content(const void *bytes, size_t n)
{
    struct image im = image_fill(0, 0);
    image_append(&im, bytes, n);
    struct image gz = gz_pack(&im, 6, NULL);
    only_of("gzip-content", &gz);
    image_free(&gz);
    image_free(&im);
}

TEST(other_content)
{
    static const char html[] = "<!DOCTYPE html>\n<html></html>\n";
    only("gzip-content", "fixtures/raw/gzip.bin");
    only("gzip-content", GOOD "bad-gzip-content.bin"); // tar
    only_content(html, strlen(html));
    only_content(packed.p, packed.n);
    only_content(NULL, 0);
    expect(1, "inspect bad.gz");
}

// Only eboot takes the last bytes of the file for the length: an app for the ESP32 that unpacks
// itself goes by what it unpacks.
TEST(behind_an_esp32_app)
{
    struct image im = image_load(GOOD "bad-app-compressed.bin");
    image_append(&im, "\1\2\3\4", 4);
    image_save(&im, "behind.gz");
    image_free(&im);
    const json_t *root = tree("behind.gz");
    want(last_run()->status == 0 && strcmp(failing(root), "app-compressed") == 0, "%s",
         failing(root));
}

TEST(behind_its_end)
{
    static const uint8_t zeros[600];
    struct {
        const void *bytes;
        size_t n;
    } more[] = {{packed.p, packed.n}, {"x", 1}, {zeros, sizeof(zeros)}};
    for (size_t i = 0; i < COUNT(more); i++) {
        struct image im = image_copy(&packed);
        image_append(&im, more[i].bytes, more[i].n);
        only_of("gzip-trailing", &im);
        image_free(&im);
    }
}

// ISIZE and CRC, a bit each.
TEST(its_own_sums)
{
    static const unsigned bits[] = {1, 2, 128};
    for (size_t i = 0; i < COUNT(bits); i++) {
        struct image im = image_copy(&packed);
        im.p[im.n - 4] ^= (uint8_t)bits[i];
        only_of("gzip-length", &im);
        im.p[im.n - 4] ^= (uint8_t)bits[i];
        im.p[im.n - 8] ^= (uint8_t)bits[i];
        only_of("gzip-crc", &im);
        expect(0, "inspect bad.gz -a gzip-crc");
        image_free(&im);
    }
}

// At the end, in the data, in the header.
TEST(cut_off)
{
    static const size_t ends[] = {1, 4, 7}, starts[] = {3, 5, 9};
    struct image cut = packed;
    for (size_t i = 0; i < COUNT(ends); i++) {
        cut.n = packed.n - ends[i];
        image_save(&cut, "cut.bin");
        expect(1, "verify cut.bin");
        want_err("^otapack: cut\\.bin: .+; .+ \\[gzip-(data|length|trailing)\\]$");
    }
    cut.n = packed.n / 2;
    only_of("gzip-data", &cut);
    for (size_t i = 0; i < COUNT(starts); i++) {
        cut.n = starts[i];
        only_of("gzip-header", &cut);
    }
    // Not what can be allowed.
    expect(2, "inspect bad.gz -a gzip-header");
    expect(2, "inspect bad.gz -a gzip-data");
}

// 16 MiB is what an ESP8266 can have; more is not unpacked, and takes neither time nor memory.
TEST(too_much)
{
    enum { MOST = 16 << 20 };
    static const struct {
        uint64_t n;
        const char *id;
    } sizes[] = {{MOST, "gzip-content"}, {MOST + 1, "gzip-data"}, {1000000000, "gzip-data"}};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct rusage before, after;
        struct image im = gz_zeros(sizes[i].n);
        (void)getrusage(RUSAGE_SELF, &before);
        only_of(sizes[i].id, &im);
        (void)getrusage(RUSAGE_SELF, &after);
        long more = (after.ru_maxrss - before.ru_maxrss) / 1024;
        want(more < 700, "%ld MiB of memory for a file of %zu bytes", more, im.n);
        want(sizes[i].n == MOST || strstr(last_run()->err, "16 MiB") != NULL, "it says no limit");
        image_free(&im);
    }
}

// In a partition of an ESP32 nobody unpacks it; a small file with many of them would take
// gigabytes.
TEST(in_a_partition)
{
    enum { PLACE = 0x10000 };
    unsigned raw = 0, others = 0;
    const char *name;
    json_t *part;
    struct image im = image_load("fixtures/flash/good-merged-esp32h2.bin");
    image_put(&im, PLACE, packed.p, 512);
    image_save(&im, "flash.bin");
    image_free(&im);
    const json_t *root = tree("flash.bin");
    want(last_run()->status == 1, "exit status %d", last_run()->status);
    json_object_foreach(json_object_get(root, "parts"), name, part)
    {
        if (json_is_object(part) && number_at(part, "offset") == PLACE) {
            bool is_raw = strcmp(text_at(part, "format"), "raw") == 0;
            raw += is_raw;
            others += !is_raw;
        }
    }
    want(raw == 1 && others == 0, "a partition was unpacked");
}

TEST(real_files)
{
    if (!run_has_vectors()) {
        puts("skipped: real firmware: OTAPACK_VECTORS is not set");
        skip();
    }
    struct image real = image_load("vectors/esp8266/sketch.bin");
    extracted("vectors/esp8266/sketch.bin.gz.signed", "image.content", &real);
    extracted("vectors/esp8266/sketch.bin.gz", "content", &real);
    image_free(&real);
}

static int begin(void **group)
{
    if (run_begin(group) != 0) {
        return -1;
    }
    sketch = image_load(GOOD "good-arduino.bin");
    packed = gz_pack(&sketch, 9, "sketch.ino.bin");
    return 0;
}

static int end(void **group)
{
    image_free(&sketch);
    image_free(&packed);
    return run_end(group);
}

UNIT(esp8266_gzip)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_fixtures), cmocka_unit_test(of_each_level),
        cmocka_unit_test(other_content),     cmocka_unit_test(behind_an_esp32_app),
        cmocka_unit_test(behind_its_end),    cmocka_unit_test(its_own_sums),
        cmocka_unit_test(cut_off),           cmocka_unit_test(too_much),
        cmocka_unit_test(in_a_partition),    cmocka_unit_test(real_files),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
