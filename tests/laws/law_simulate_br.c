// SPDX-License-Identifier: Apache-2.0
//
// simulate: a border router and combined images, with and without host firmware. When the RCP is
// reflashed, its storage, what of the RCP's part breaks it though the border router takes it, and
// what is damaged. And real firmware. Exact outputs are in simulate.txt.
#include "combined.h"
#include "product.h"
#include "simulate.h"

#define REAL "vectors/thread-br/"

enum { WORDS = 1024, VERSION = 0, ARGS = 1, HOST = 5 };

// The same with a newline at the end of the version, which the RCP will never report.
static void add_newline(void)
{
    struct image im = image_load("br.bin");
    size_t entry = rcp_entry(&im, VERSION);
    size_t size = u32_at(&im, entry + 4), end = u32_at(&im, entry + 8) + size;
    poke32(&im, entry + 4, (uint32_t)size + 1);
    for (uint32_t tag = ARGS; tag <= HOST; tag++) {
        entry = rcp_entry(&im, tag);
        poke32(&im, entry + 8, u32_at(&im, entry + 8) + 1);
    }
    image_splice(&im, end, 0, "\n", 1);
    image_save(&im, "newline.bin");
    image_free(&im);
}

TEST(printed)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, 1, 0, 0xF000, 0x2000, "otadata");
    pt_entry(&table, 0, 0x10, 0x20000, 0x100000, "ota_0");
    pt_entry(&table, 0, 0x11, 0x120000, 0x100000, "ota_1");
    pt_finish(&table);
    image_save(&table, "no-storage.bin");
    image_free(&table);
    add_newline();
    simulate_prints("border-router");
}

// A device that takes no RCP without the seal of the host's app; where none can come, nothing can
// be asked for.
TEST(sealed)
{
    simulate_prints("seal");
    (void)expect(2, "simulate fixtures/esp_image/good-app-esp32c6.bin -p " TABLE " --require-seal");
    want_err("has no firmware for an RCP, .*; leave --require-seal out$");
    (void)expect(2, "simulate fixtures/partition_table/good-empty-inside.bin -p " TABLE
                    " --final partition-table --require-seal");
    want_err("leave --require-seal out$");
}

// ---- When the RCP is reflashed ------------------------------------------------------------------

static const char *version_of(const char *file)
{
    static char text[200];
    struct image im = image_load(file), version = rcp_part(&im, VERSION);
    (void)snprintf(text, sizeof(text), "%.*s", (int)version.n, (const char *)version.p);
    image_free(&version);
    image_free(&im);
    return text;
}

static void rcp_line(const char *text, const char *running)
{
    const char *words[] = {"simulate",          "br.bin", "-p", TABLE, "--json",
                           "--running-version", running,  NULL};
    if (running == NULL) {
        words[5] = NULL;
    }
    want(run_words(words)->status == 0, "exit status %d", last_run()->status);
    const json_t *all = document(), *step;
    size_t i, found = 0;
    json_array_foreach(at(all, "steps"), i, step)
    {
        if (strcmp(text_at(step, "what"), "rcp") == 0) {
            want(strcmp(text_at(step, "message"), text) == 0, "the RCP: %s",
                 text_at(step, "message"));
            found++;
        }
    }
    want(found == 1, "%zu lines of the RCP", found);
}

TEST(reflashed)
{
    char text[WORDS], other[300];
    const char *version = version_of("br.bin");
    rcp_line("it is reflashed at the next boot, unless it reports this version by then", NULL);
    rcp_line("it is not reflashed: it reports the version of the RCP part", version);
    (void)snprintf(other, sizeof(other), "%s ", version);
    (void)snprintf(text, sizeof(text),
                   "it is reflashed at the next boot: it reports '%s', which is not the version of "
                   "the RCP part",
                   other);
    rcp_line(text, other);
    // For ever, even if the RCP reports the right version today.
    const char *words[] = {"simulate", "newline.bin", "-p", TABLE, "-r", version, NULL};
    want(run_words(words)->status == 1, "exit status %d", last_run()->status);
}

TEST(storage)
{
    // Room for one copy.
    expect(0, "simulate br.bin -p fixtures/partition_table/bad-for-host-storage-update.bin");
    want_out("^  0x00000000  table: warning: rcp_fw has no room for two such parts: a device$");
    // The room is what the check says.
    expect(1, "inspect br.bin -p fixtures/partition_table/bad-for-host-storage.bin");
    want_out("partition rcp_fw has room for$");
    want_out("^ +4,016;");
}

// ---- What breaks the RCP, or the host -----------------------------------------------------------

static void broken(const char *effect, const char *part, const char *check, const char *file)
{
    char text[WORDS];
    const json_t *all = simulate_json(1, "fixtures/rcp_image/%s.bin -p " TABLE, file), *step;
    size_t i, found = 0;
    want(strcmp(text_at(all, "verdict"), "broken") == 0 &&
             strcmp(text_at(all, "boots"), "ota_0") == 0,
         "%s: another verdict", file);
    (void)snprintf(text, sizeof(text), "broken: boots ota_0 again, but the device %s", effect);
    want(strcmp(text_at(all, "message"), text) == 0, "%s: %s", file, text_at(all, "message"));
    json_array_foreach(at(all, "steps"), i, step)
    {
        if (strcmp(text_at(step, "verdict"), "broken") == 0) {
            const char *message = text_at(step, "message");
            (void)snprintf(text, sizeof(text), "the device %s: ", effect);
            want(strncmp(message, text, strlen(text)) == 0, "%s: %s", file, message);
            (void)snprintf(text, sizeof(text), " [%s]", check);
            size_t n = strlen(message), end = strlen(text);
            want(n > end && strcmp(message + n - end, text) == 0, "%s: %s", file, message);
            want(strcmp(text_at(step, "what"), part) == 0, "%s: another part", file);
            found++;
        }
    }
    want(found == 1, "%s: %zu steps are broken", file, found);
}

TEST(broken_rcps)
{
    static const char loops[] = "reflashes its RCP at every boot";
    static const char dead[] = "flashes an RCP that does not start";
    broken(loops, "version", "rcp-version-match", "bad-rcp-version-match");
    broken(loops, "version", "rcp-version-match", "bad-rcp-version-match-tail");
    broken(dead, "flash_args", "rcp-firmware-address", "bad-rcp-firmware-address");
    broken(dead, "flash_args", "rcp-bootloader-address", "bad-rcp-bootloader-address");
    broken(dead, "flash_args", "rcp-table-address", "bad-rcp-table-address");
    broken(dead, "firmware", "idf-order", "bad-idf-order");
    broken(dead, "bootloader", "slot-content", "bad-slot-content");
    // The RCP's app where the host's belongs: what verifies images finds another chip.
    const json_t *all = simulate_json(1, "fixtures/rcp_image/bad-slot-content-host.bin -p " TABLE);
    const json_t *step = last_step(all);
    want(strcmp(text_at(all, "verdict"), "refused") == 0 &&
             strcmp(text_at(step, "what"), "host") == 0 &&
             number_at(step, "at") == number_at(all, "size") &&
             says(text_at(step, "message"), "\\[slot-content\\]$"),
         "the host is the RCP");
}

// ---- What is damaged, mostly in the table: nothing of it is stored then
// --------------------------

TEST(damaged)
{
    static const char size[] = "a part of it, or the table itself, has a size that it cannot have";
    static const char part[] =
        "it has a part that is unknown, stands twice, or comes behind the host";
    static const char flash[] = "it names a part that is not there, a part twice, an address "
                                "inside of a flash sector, or two that overlap";
    static const struct {
        unsigned at;
        const char *what;
        unsigned written;
        const char *message, *file;
    } rows[] = {
        {4, "table", 0, size, "bad-rcp-table-oversize"},
        {76, "table", 0, "the file is cut off: the table says that it is longer", "bad-rcp-bounds"},
        {80, "table", 0, "its parts do not follow one another", "bad-rcp-contiguous"},
        {24, "table", 0, part, "bad-rcp-duplicate"},
        {72, "table", 0, part, "bad-rcp-tags"},
        {133, "flash_args", 133, flash, "bad-rcp-parts"},
        {72, "table", 0, part, "bad-rcp-host-last"},
        {0, "table", 0,
         "it has no version or no flash arguments, or its parts are not all of the file",
         "bad-rcp-trailing"},
        {161, "flash_args", 145, flash, "bad-rcp-flash-align"},
        {141, "flash_args", 133, flash, "bad-rcp-flash-overlap"},
        {16, "table", 0, size, "bad-rcp-version-text"},
        {28, "table", 0, size, "bad-rcp-flash-args"},
        {3589, "firmware", 3577, "it is for another chip than the RCP's other image",
         "bad-chip-match"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const json_t *all = simulate_json(1, "fixtures/rcp_image/%s.bin -p " TABLE, rows[i].file);
        const json_t *step = last_step(all);
        want(strcmp(text_at(all, "device"), "border_router") == 0 &&
                 strcmp(text_at(all, "verdict"), "refused") == 0 &&
                 number_at(all, "written") == rows[i].written &&
                 number_at(step, "at") == rows[i].at &&
                 strcmp(text_at(step, "what"), rows[i].what) == 0 &&
                 strcmp(text_at(step, "message"), rows[i].message) == 0,
             "%s", rows[i].file);
    }
}

// A bit of the RCP's partition table, and of its firmware.
TEST(flipped)
{
    struct image im = image_load("br.bin");
    im.p[0x205 + 4] = 1;
    image_save(&im, "damaged.bin");
    image_free(&im);
    expect(1, "simulate damaged.bin -p " TABLE);
    want_out("^refused at 0x000002[0-9a-f]{2}: partition_table: its MD5 does not fit its entries: "
             "it is");
    im = image_load("br.bin");
    im.p[0xE05 + 1000] ^= 16;
    image_save(&im, "damaged.bin");
    image_free(&im);
    expect(1, "simulate damaged.bin -p " TABLE);
    want_out(
        "^refused at 0x00001[0-9a-f]{3}: firmware: its checksum does not fit its segments: it is");
}

// ---- Real firmware ------------------------------------------------------------------------------

static void real_pieces(void)
{
    static const char *const pieces[] = {"16M", "1", "4K", "100000"};
    char *first = NULL;
    for (size_t i = 0; i < COUNT(pieces); i++) {
        const char *words[] = {"simulate",       "real.bin",          "-p",
                               "real-table.bin", "--running-version", version_of("real.bin"),
                               "--chunk",        pieces[i],           NULL};
        want(run_words(words)->status == 0, "exit status %d", last_run()->status);
        want_out("  rcp: it is not reflashed: ");
        want(first == NULL || strcmp(first, last_run()->out) == 0, "in pieces of %s", pieces[i]);
        first = first == NULL ? strdup(last_run()->out) : first;
    }
    free(first);
}

TEST(real_firmware)
{
    if (!run_has_vectors()) {
        puts("skipped: real firmware: OTAPACK_VECTORS is not set");
        skip();
    }
    copy_file(REAL "br/partition-table.bin", "real-table.bin", 0644);
    combined_of("real.bin", REAL "rcp_build", REAL "br/esp_ot_br.bin");
    copy_range("real.bin", 0, 500000, "half.bin");
    simulate_prints("vectors");
    real_pieces();
    // A bit anywhere in the host.
    struct image im = image_load("real.bin");
    im.p[im.n - 700000] ^= 4;
    image_save(&im, "flipped.bin");
    image_free(&im);
    expect(1, "simulate flipped.bin -p real-table.bin");
    want_out("^refused at 0x[0-9a-f]{8}: host: its checksum does not fit");
    expect(0, "simulate vectors/matter/light.bin -p vectors/matter/partition-table.bin");
    want_out("^taken: boots ota_");
}

UNIT(simulate_br)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(printed), cmocka_unit_test(sealed),        cmocka_unit_test(reflashed),
        cmocka_unit_test(storage), cmocka_unit_test(broken_rcps),   cmocka_unit_test(damaged),
        cmocka_unit_test(flipped), cmocka_unit_test(real_firmware),
    };
    return cmocka_run_group_tests(tests, simulate_begin, run_end);
}
