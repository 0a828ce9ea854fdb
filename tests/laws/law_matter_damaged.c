// SPDX-License-Identifier: Apache-2.0
//
// Every prefix of a Matter header, and every byte of it changed: inspect ends with a verdict, and
// the header is readable exactly where a device reads it, by matter_device.c.
#include "matter_image.h"
#include "product.h"

static unsigned judged, read_as_matter;

// `magic`: the magic number is as it was. Then it is a Matter image, which a device reads or does
// not; otherwise it is something else, and never found good.
static void judge(const struct image *im, bool magic, const char *what, size_t where,
                  unsigned value)
{
    image_save(im, "damaged.bin");
    const struct run *r = run("inspect --json damaged.bin");
    if (r->status == 2 && says(r->err, "built without sha3_")) {
        return; // a build without SHA-3 does not judge that
    }
    want(r->status <= 1, "exit status %d", r->status);
    const json_t *file = at(document(), "files[0]"), *root = at(file, "root");
    bool is_matter = strcmp(text_at(root, "format"), "matter") == 0;
    bool good = strcmp(text_at(file, "verdict"), "pass") == 0;
    judged++;
    read_as_matter += is_matter;
    if (is_matter != magic || (!is_matter && good)) {
        complain("%s %zu, %u: %s, %s", what, where, value, text_at(root, "format"), failing(root));
    }
    if (is_matter && has_failed(root, "matter-header") == matter_accepts(im)) {
        complain("%s %zu, %u: a device does not judge so", what, where, value);
    }
    if (*what == 'c' && good) {
        complain("cut to %zu and good", where);
    }
}

static void damage(const char *name)
{
    struct image im = image_load(name);
    size_t end = MATTER_FIXED + u32_at(&im, 12);
    judged = read_as_matter = 0;
    for (size_t n = 1; n <= end; n++) {
        struct image cut = {im.p, n};
        judge(&cut, n >= 4, "cut", n, 0);
    }
    for (size_t at = 0; at < end; at++) {
        const uint8_t was = im.p[at];
        const uint8_t values[] = {was ^ 1, was ^ 0x20, was ^ 0x80, was ^ 0xFF,
                                  0,       0x18,       0xFF,       (uint8_t)(was + 1)};
        for (size_t i = 0; i < COUNT(values); i++) {
            if (values[i] != was && memchr(values, values[i], i) == NULL) {
                im.p[at] = values[i];
                judge(&im, at >= 4, "byte", at, values[i]);
            }
        }
        im.p[at] = was;
    }
    want(read_as_matter >= 200, "only %u of %u are read as Matter images", read_as_matter, judged);
    image_free(&im);
    complaints_end();
}

TEST(damaged_plain)
{
    demo_matter("plain.bin", "");
    damage("plain.bin");
}

TEST(damaged_full)
{
    demo_matter("full.bin",
                "min=0|max=1|url=https://example.com/notes|type=sha512|software_version=70000");
    damage("full.bin");
}

UNIT(matter_damaged)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_plain),
        cmocka_unit_test(damaged_full),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
