// SPDX-License-Identifier: Apache-2.0
//
// simulate: a Matter device, and a border router that is one: versions, payloads, digests. Exact
// outputs are in simulate.txt.
#include "matter_image.h"
#include "product.h"
#include "simulate.h"

#include <glob.h>

#define RCP "fixtures/rcp_image/good-rcp-only.bin"
#define TEXT "text.ota"
#define EMPTY "no-text.ota"

TEST(printed)
{
    copy_file("fixtures/matter/good-app.bin", "light.ota", 0644);
    copy_file("fixtures/matter/good-rcp.bin", "br.ota", 0644);
    copy_file("fixtures/matter/bad-matter-host.bin", "no-host.ota", 0644);
    simulate_prints("matter");
}

// A Matter device compares numbers only; the app's own version is not looked at.
TEST(versions)
{
    char version[ITEM_ROOM], option[ITEM_ROOM + 40];
    expect(0, "simulate light.ota -p " TABLE " --running-version 0");
    want(!says(last_run()->out, "warning"), "a warning");
    // Nor is it what the RCP reports.
    expect(0, "simulate br.ota -p " TABLE " --running-version 0");
    want_out(" rcp: it is reflashed at the next boot, unless it reports");
    expect(2, "simulate light.ota -p " TABLE " --running-version 1.4.2");
    want_no_out();
    want_one_line();
    want_err("^otapack: --running-version 1\\.4\\.2: this is a Matter image, and Matter devices "
             "compare numbers; give the software version number that runs$");
    EACH_ITEM(version, "|-1|4294967296|1x")
    {
        (void)snprintf(option, sizeof(option), "--running-version=%s", version);
        expect(2, "simulate light.ota -p " TABLE " %s", option);
        want_one_line();
    }
}

// Limits that the provider holds a device to.
TEST(limits)
{
    static const char file[] = "fixtures/matter/good-all-fields.bin";
    expect(0, "simulate %s -p " TABLE, file);
    expect(0, "inspect %s --get min_applicable_software_version", file);
    unsigned long least = strtoul(last_run()->out, NULL, 10);
    want(least > 0, "no least version");
    expect(0, "simulate %s -p " TABLE " -r %lu", file, least);
    want(!says(last_run()->out, "warning"), "a warning");
    expect(0, "simulate %s -p " TABLE " -r %lu", file, least - 1);
    want_out("^  0x00000000  matter: warning: it is for devices that run ");
}

// Every digest that this build has.
TEST(digests)
{
    glob_t found;
    unsigned count = 0;
    assert_int_equal(glob("fixtures/matter/good-*.bin", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *file = found.gl_pathv[i];
        if (!run_lacks(file)) {
            expect(0, "simulate %s -p " TABLE, file);
            want_out("image_digest is right$|^              otapack has no code$");
            count++;
        }
    }
    globfree(&found);
    want(count >= 10, "only %u files", count);
}

TEST(refused)
{
    static const char size[] = "total_size is not the length of the file";
    static const char other[] = "the payload is neither an app nor a border router's image";
    static const struct {
        unsigned at;
        const char *what, *message, *file;
    } rows[] = {
        {591, "matter",
         "image_digest is not the digest of the payload: it is damaged, or was changed",
         "bad-matter-digest"},
        {40, "matter", "image_digest_type has a value that is not allowed",
         "bad-matter-digest-type"},
        {17, "matter", "vendor_id has a value that is not allowed", "bad-matter-ids"},
        {40, "matter", "min_applicable_software_version has a value that is not allowed",
         "bad-matter-range"},
        {4, "matter", size, "bad-matter-size"},
        {4, "matter", size, "bad-matter-trailing"},
        {4, "matter", size, "bad-matter-bounds"},
        {17, "matter", "vendor_id is missing where it must stand", "bad-matter-header"},
        {78, "matter", other, "bad-matter-payload"},
        {558, "app", "its checksum does not fit its segments: it is damaged",
         "bad-esp-checksum-payload"},
        {68, "matter", "image_digest_type is missing where it must stand",
         "bad-matter-header-order-url"},
        {25, "matter", "software_version is missing where it must stand",
         "bad-matter-header-no-version"},
        {21, "matter", "product_id has a type that it cannot have", "bad-matter-header-type-text"},
        {4, "matter", size, "bad-matter-header-cut-tlv"},
        {12, "matter", "the header is longer than the 1,024 bytes that a device takes",
         "bad-matter-header-tlv-1025"},
        {0, "matter",
         "no provider offers it: software_version_string has a control character in it "
         "[matter-version-string]",
         TEXT},
        {0, "matter",
         "no provider offers it: release_notes_url has a control character in it "
         "[matter-release-notes]",
         "bad-matter-release-notes"},
        {0, "matter",
         "no provider offers it: software_version_string is empty [matter-version-string]", EMPTY},
        {111, "app", "it does not begin with the description that an app has",
         "bad-slot-content-bootloader"},
        {79, "matter", other, "bad-slot-content-matter"},
        {78, "matter", "it is cut off: it must have more than is there", "bad-slot-content-empty"},
    };
    // Of an RCP alone, whose version is compared with nothing.
    matter_make(TEXT, RCP, "text=322e300a");
    matter_make(EMPTY, RCP, "software_version_string=");
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool made = strchr(rows[i].file, '.') != NULL;
        const json_t *all = simulate_json(1, "%s%s%s -p " TABLE, made ? "" : "fixtures/matter/",
                                          rows[i].file, made ? "" : ".bin");
        const json_t *step = last_step(all);
        want(strcmp(text_at(all, "device"), "matter") == 0 &&
                 strcmp(text_at(all, "verdict"), "refused") == 0 &&
                 number_at(step, "at") == rows[i].at &&
                 strcmp(text_at(step, "what"), rows[i].what) == 0 &&
                 strcmp(text_at(step, "message"), rows[i].message) == 0,
             "%s", rows[i].file);
    }
    // What a stream lets pass and no provider offers is not received at all.
    const json_t *all = simulate_json(1, "fixtures/matter/bad-matter-release-notes.bin -p " TABLE);
    want(number_at(all, "received") == 0 && number_at(all, "written") == 0, "it is received");
    // Another version than the app's own is taken, and then reported.
    expect(1, "simulate fixtures/matter/bad-matter-version-match.bin -p " TABLE);
    want_out("^broken: boots ota_1 next, but the device reports the update as failed$");
}

UNIT(simulate_matter)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(printed), cmocka_unit_test(versions), cmocka_unit_test(limits),
        cmocka_unit_test(digests), cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, simulate_begin, run_end);
}
