// SPDX-License-Identifier: Apache-2.0
//
// inspect and verify of Matter images with one fault each: the check, its remedy, status 1; --allow
// makes it a warning where it may; what cannot be allowed is status 2 to ask for.
#include "matter_image.h"
#include "product.h"

#include <sys/resource.h>

enum { REGEX = 200 };

static void want_remedy(const char *id)
{
    char regex[REGEX];
    (void)snprintf(regex, sizeof(regex), "^otapack: .+; .+ \\[%s\\]$", id);
    want_err(regex);
}

static const json_t *only_failing(int status, const char *words, const char *ids)
{
    const json_t *root = tree("%s", words);
    want(last_run()->status == status && strcmp(failing(root), ids) == 0,
         "%s: status %d, these did not pass: %s", words, last_run()->status, failing(root));
    return root;
}

static void want_verdict(const json_t *root, const char *id, const char *verdict)
{
    want(strcmp(verdict_of(root, id), verdict) == 0, "%s: '%s' instead of %s", id,
         verdict_of(root, id), verdict);
}

// ---- One fault each -----------------------------------------------------------------------------

struct fault {
    const char *id, *settings;
};

static void fails(const struct fault *f)
{
    demo_matter("bad.bin", f->settings);
    want_verdict(only_failing(1, "bad.bin", f->id), f->id, "fail");
    expect(1, "inspect bad.bin");
    want_out(f->id);
    expect(1, "verify bad.bin");
    want_remedy(f->id);
}

TEST(allowed)
{
    static const struct fault faults[] = {
        {"matter-ids", "vendor_id=0"},
        {"matter-ids", "product_id=0"},
        {"matter-range", "min=2"},
        {"matter-range", "max=2"},
        {"matter-range", "software_version=9|min=3|max=2"},
        {"matter-release-notes", "url="},
        {"matter-release-notes", "url_text=68747470733a2f2fff"},
        {"matter-release-notes", "url_text=68747470733a2f2f610a"},
        {"matter-size", "total_size=0"},
        {"matter-size", "total_size=4607"},
        {"matter-size", "total_size=0xffffffffffffffff"},
        {"matter-trailing", "trailing=00"},
        {"matter-trailing", "trailing=ffffffffffffffffffffffffffffffff"},
        {"matter-digest-type", "8=240800"},
        {"matter-digest-type", "8=24080d"},
        {"matter-digest-type", "8=2408ff"},
        {"matter-digest-type", "type=1|digest=00112233"},
        {"matter-digest-type", "digest="},
        {"matter-digest",
         "digest=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
    };
    for (size_t i = 0; i < COUNT(faults); i++) {
        const char *id = faults[i].id;
        fails(&faults[i]);
        expect(0, "inspect bad.bin --allow %s", id);
        want_out(id);
        expect(0, "verify bad.bin --allow %s", id);
        const json_t *root = tree("bad.bin -a %s", id);
        want(last_run()->status == 0, "exit status %d", last_run()->status);
        want_verdict(root, id, "warn");
    }
}

TEST(not_to_be_allowed)
{
    static const struct fault faults[] = {
        {"matter-header", "vendor_id=-"},
        {"matter-header", "header_size=1025"},
        {"matter-bounds", "payload_size=5000|total_size=5077"},
    };
    for (size_t i = 0; i < COUNT(faults); i++) {
        fails(&faults[i]);
        expect(2, "inspect bad.bin --allow %s", faults[i].id);
        want_err(faults[i].id);
    }
}

TEST(warnings)
{
    static const struct fault faults[] = {
        {"matter-release-notes-https", "url=http://example.com/"},
        {"matter-digest-short", "type=2"},
        {"matter-digest-short", "type=6"},
        {"matter-digest-short", "type=9"}, // sha3_224
        {"matter-elements", "extra=240a07"},
        {"matter-elements", "extra=350a24000118"},
    };
    char regex[REGEX];
    for (size_t i = 0; i < COUNT(faults); i++) {
        if (strcmp(faults[i].settings, "type=9") == 0 && run_lacks("sha3_224")) {
            continue;
        }
        demo_matter("bad.bin", faults[i].settings);
        want_verdict(only_failing(0, "bad.bin", faults[i].id), faults[i].id, "warn");
        expect(0, "verify bad.bin");
        (void)snprintf(regex, sizeof(regex), "^otapack: .*warning: .+; .+ \\[%s\\]$", faults[i].id);
        want_err(regex);
    }
}

// A version's text: its own check, and it is not the app's.
TEST(version_texts)
{
    char text[ITEM_ROOM];
    EACH_ITEM(text, "text=|text=ff2e30|text=000102|text=322e300a|text=c080|text=eda080")
    {
        demo_matter("bad.bin", text);
        const json_t *root = tree("bad.bin");
        want(last_run()->status == 1, "exit status %d", last_run()->status);
        want_verdict(root, "matter-version-string", "fail");
        expect(1, "verify bad.bin");
        want_remedy("matter-version-string");
    }
}

// ---- Sizes --------------------------------------------------------------------------------------

// A payload that is cut off: no verdict on its digest, which cannot be known; nothing of it is
// judged.
TEST(cut_off)
{
    static const size_t missing[] = {1, 100, 4000};
    demo_matter("good.bin", "");
    want_verdict(only_failing(0, "good.bin", ""), "matter-digest", "pass");
    struct image im = image_load("good.bin");
    for (size_t i = 0; i < COUNT(missing); i++) {
        struct image cut = {im.p, im.n - missing[i]};
        image_save(&cut, "cut.bin");
        const json_t *root = only_failing(1, "cut.bin", "matter-bounds");
        want(!has_check(root, "matter-digest"), "the digest of what is not there was judged");
        want(strcmp(text_at(root, "parts.payload.format"), "raw") == 0, "the payload is not raw");
    }
    image_free(&im);
}

// More than 4 GiB declared, and the most that can be: said, and no memory taken for it.
TEST(declared_sizes)
{
    char size[ITEM_ROOM], settings[2 * ITEM_ROOM + 40];
    EACH_ITEM(size, "0x100000000|0x7fffffffffffffff|0xffffffffffffffff")
    {
        struct rusage before, after;
        (void)snprintf(settings, sizeof(settings), "payload_size=%s|total_size=%s", size, size);
        demo_matter("huge.bin", settings);
        (void)getrusage(RUSAGE_SELF, &before);
        const json_t *root = only_failing(1, "huge.bin", "matter-bounds");
        (void)getrusage(RUSAGE_SELF, &after);
        want(after.ru_maxrss - before.ru_maxrss < 400 * 1024, "it takes memory for %s", size);
        want_verdict(root, "matter-bounds", "fail");
        expect(1, "verify huge.bin");
        want_remedy("matter-bounds");
    }
}

// ---- The payload --------------------------------------------------------------------------------

// A border router's partition table, with slots of this size.
static void host_table(const char *to, uint32_t slot, uint32_t storage)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, 1, 2, 0x9000, 0x6000, "nvs");
    pt_entry(&table, 1, 0, 0xF000, 0x2000, "otadata");
    pt_entry(&table, 1, 1, 0x11000, 0x1000, "phy_init");
    pt_entry(&table, 0, 0x10, 0x20000, slot, "ota_0");
    pt_entry(&table, 0, 0x11, 0x600000, slot, "ota_1");
    pt_entry(&table, 1, 0x82, 0xC00000, storage, "rcp_fw");
    pt_finish(&table);
    image_save(&table, to);
    image_free(&table);
}

// An app is judged as one, in its slot as well.
TEST(payload)
{
    struct image app = image_load("app.bin"), bad = image_copy(&app);
    bad.p[200] = 0xFF;
    image_save(&bad, "bad-app.bin");
    image_free(&bad);
    matter_make("bad.bin", "bad-app.bin", "");
    const json_t *root = tree("bad.bin");
    want(last_run()->status == 1, "exit status %d", last_run()->status);
    want_verdict(root, "matter-digest", "pass");
    want_verdict(root, "esp-hash", "fail");
    host_table("table.bin", 0x10000, 0x10000);
    root = tree("good.bin -p table.bin");
    want(last_run()->status == 0, "exit status %d", last_run()->status);
    want_verdict(root, "host-slot", "pass");
    esp_grow(&app, 65536);
    image_save(&app, "large-app.bin");
    image_free(&app);
    matter_make("large.bin", "large-app.bin", "");
    root = tree("large.bin -p table.bin");
    want(last_run()->status == 1, "exit status %d", last_run()->status);
    want_verdict(root, "host-slot", "fail");
    matter_make("bad.bin", "fixtures/rcp_build/bootloader/bootloader.bin", "");
    root = tree("bad.bin");
    want(last_run()->status == 1, "exit status %d", last_run()->status);
    want_verdict(root, "slot-content", "fail");
}

static int begin(void **group)
{
    if (run_begin(group) != 0) {
        return -1;
    }
    demo_app("app.bin", "2.0");
    demo_matter("good.bin", "");
    return 0;
}

UNIT(matter_checks)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(allowed),  cmocka_unit_test(not_to_be_allowed),
        cmocka_unit_test(warnings), cmocka_unit_test(version_texts),
        cmocka_unit_test(cut_off),  cmocka_unit_test(declared_sizes),
        cmocka_unit_test(payload),
    };
    return cmocka_run_group_tests(tests, begin, run_end);
}
