// SPDX-License-Identifier: Apache-2.0
//
// Which app starts, for pairs of partition table and OTA data, and which an update makes start: the
// rows of slots.txt, and those that ESP-IDF's own bootloader answered, where they are there. All of
// them go through device_boot and the device's side of an update; some through the verbs as well,
// which must say the same: simulate, inspect of a merged image and of OTA data, verify with the
// table.
#include "product.h"
#include "simulate.h"

#include <glob.h>
#include <zlib.h>

#include "device.h"

enum { SECTOR = 4096, LINE_MOST = 16384, NOWHERE = -1 };
enum { FLASH_SIZE = 0x400000, TABLE_AT = 0x8000, EACH = 5 };
#define VERDICTS "vectors/../verdicts/slots.jsonl.gz"
#define APP "fixtures/br/demo_br.bin"

// ---- Rows ---------------------------------------------------------------------------------------

static json_t *row;
static char row_name[200];

static json_int_t nth(const json_t *entry, size_t i)
{
    return json_integer_value(json_array_get(entry, i));
}

static const char *label_of(const json_t *entry)
{
    return json_string_value(json_array_get(entry, 4));
}

static struct image table_of(const json_t *entries)
{
    struct image table;
    size_t i;
    const json_t *e;
    pt_begin(&table);
    json_array_foreach(entries, i, e)
    {
        size_t at_flags = table.n + 28;
        pt_entry(&table, (unsigned)nth(e, 0), (unsigned)nth(e, 1), (uint32_t)nth(e, 2),
                 (uint32_t)nth(e, 3), label_of(e));
        if (json_array_size(e) > 5) {
            poke32(&table, at_flags, (uint32_t)nth(e, 5));
        }
    }
    pt_finish(&table);
    return table;
}

static struct image data_of(const json_t *entries)
{
    struct image data = image_fill(0xFF, (size_t)2 * SECTOR);
    for (size_t i = 0; i < json_array_size(entries); i++) {
        const char *digits = json_string_value(json_array_get(entries, i));
        for (size_t k = 0; k < 32; k++) {
            const char two[] = {digits[2 * k], digits[2 * k + 1], '\0'};
            poke8(&data, i * SECTOR + k, (unsigned)strtoul(two, NULL, 16));
        }
    }
    return data;
}

// Where the row says that something lies.
static json_int_t wanted(const char *path)
{
    return number_at(row, path);
}

// Where the partition with this label lies.
static json_int_t place_of(const char *label)
{
    size_t i;
    const json_t *e;
    json_array_foreach(at(row, "table"), i, e)
    {
        if (*label != '\0' && strcmp(label_of(e), label) == 0) {
            return nth(e, 2);
        }
    }
    return NOWHERE;
}

static bool has_ota_data(void)
{
    size_t i;
    const json_t *e;
    json_array_foreach(at(row, "table"), i, e)
    {
        if (nth(e, 0) == 1 && nth(e, 1) == 0) {
            return true;
        }
    }
    return false;
}

static void same(const char *what, json_int_t found, const char *path)
{
    if (found != wanted(path)) {
        complain("%s: %s: %" JSON_INTEGER_FORMAT " and not %" JSON_INTEGER_FORMAT, row_name, what,
                 found, wanted(path));
    }
}

// ---- In process ---------------------------------------------------------------------------------

static json_int_t running(const struct device *d)
{
    const struct otapack_partition *p = device_partition(d, d->running);
    return p == NULL ? NOWHERE : (json_int_t)p->offset;
}

static void boot(const struct device *from, bool rollback, const char *path)
{
    struct device d = *from;
    d.rollback = rollback;
    enum device_answer answer = device_boot(&d);
    same(path, running(&d), path);
    want((answer == DEVICE_OK) == (d.running != DEVICE_NOTHING), "%s: an answer", row_name);
}

static void update(const struct device *from)
{
    struct device d = *from;
    struct device_change change;
    int slot;
    bool taken = device_boot(&d) == DEVICE_OK && device_next(&d, &slot) == DEVICE_OK &&
                 device_select(&d, slot, &change) == DEVICE_OK;
    (void)(taken && device_boot(&d) == DEVICE_OK);
    same("update", taken ? running(&d) : NOWHERE, "update");
}

static void look_in_process(const struct image *table, const struct image *data)
{
    struct device d;
    struct otapack_source src = otapack_memory(table->p, table->n);
    struct otapack_source dump = otapack_memory(data->p, data->n);
    want(device_open(&d, &src) && device_take_ota_data(&d, &dump), "%s: is not read", row_name);
    boot(&d, false, "plain.starts");
    boot(&d, true, "rollback.starts");
    if (json_object_get(row, "update") != NULL) {
        update(&d);
    }
}

// ---- By the verbs -------------------------------------------------------------------------------

static void look_at_simulate(bool rollback, const char *path)
{
    (void)run("simulate " APP " -p t.bin --json%s%s", has_ota_data() ? " --ota-data o.bin" : "",
              rollback ? " --rollback" : "");
    want(last_run()->status <= 1, "%s: simulate cannot say", row_name);
    same("simulate", place_of(text_at(document(), "runs")), path);
}

static void look_at_ota_data(void)
{
    char label[100] = "";
    const char *summary = text_at(tree("o.bin -p t.bin"), "summary");
    const char *from = strrchr(summary, ':');
    want(from != NULL, "%s: %s", row_name, summary);
    (void)snprintf(label, sizeof(label), "%.*s", (int)strcspn(from + 2, " "), from + 2);
    same("inspect of OTA data", strcmp(label, "no") == 0 ? NOWHERE : place_of(label),
         "plain.starts");
}

// A merged image in which each app partition has an app, where the table leaves room for one.
static void look_at_merged(const struct image *table, const struct image *data)
{
    struct image flash = image_fill(0xFF, FLASH_SIZE);
    struct image bootloader = image_load("fixtures/rcp_build/bootloader/bootloader.bin");
    struct image app = image_load("fixtures/rcp_build/esp_ot_rcp.bin");
    size_t i;
    const json_t *e;
    bool fits = true;
    size_t end = TABLE_AT + SECTOR;
    poke8(&bootloader, AT_FLASH_SIZE, 0x7F); // 128 MB
    esp_rehash(&bootloader);
    image_put(&flash, 0, bootloader.p, bootloader.n);
    image_put(&flash, TABLE_AT, table->p, table->n);
    json_array_foreach(at(row, "table"), i, e)
    {
        size_t place = (size_t)nth(e, 2);
        bool is_app = nth(e, 0) == 0, is_data = !is_app && nth(e, 1) == 0;
        fits = fits && place > TABLE_AT && place + 2 * SECTOR <= FLASH_SIZE;
        if (fits && is_data) {
            image_put(&flash, place, data->p, data->n);
        } else if (fits && is_app) {
            image_put(&flash, place, app.p, app.n);
        }
        end = fits && place + 2 * SECTOR > end ? place + 2 * SECTOR : end;
    }
    if (fits) {
        flash.n = end; // erased flash behind that says nothing, and takes long to read
        image_save(&flash, "flash.bin");
        (void)run("inspect --json flash.bin");
        same("inspect of a merged image",
             place_of(field_text(at(document(), "files[0].root"), "boot_partition")),
             "plain.starts");
    }
    image_free(&flash);
    image_free(&bootloader);
    image_free(&app);
}

// One judgement: what verify says of a device from the factory is what simulate says of it.
static void verify_as_simulate(const char *table)
{
    int simulated = run("simulate " APP " -p %s", table)->status;
    int verified = run("verify -q " APP " -p %s", table)->status;
    if (simulated != verified) {
        complain("%s: simulate ends with %d, verify with %d", table, simulated, verified);
    }
}

static void look_at_verbs(const struct image *table, const struct image *data)
{
    image_save(table, "t.bin");
    image_save(data, "o.bin");
    look_at_simulate(false, "plain.starts");
    look_at_simulate(true, "rollback.starts");
    if (has_ota_data()) {
        look_at_ota_data();
    }
    look_at_merged(table, data);
    (void)rename("t.bin", row_name);
    verify_as_simulate(row_name);
    (void)rename(row_name, "t.bin");
}

// ---- All rows -----------------------------------------------------------------------------------

// How many rows there are; `each`: so many of them go by the verbs, too.
static size_t look_at_rows(const char *file, size_t each)
{
    static char line[LINE_MOST];
    size_t count = 0;
    gzFile f = gzopen(file, "rb"); // reads what is not compressed as well
    assert_non_null(f);
    while (gzgets(f, line, sizeof(line)) != NULL) {
        if (line[0] != '{') {
            continue;
        }
        row = json_loads(line, 0, NULL);
        assert_non_null(row);
        (void)snprintf(row_name, sizeof(row_name), "row-%zu", ++count);
        struct image table = table_of(at(row, "table")), data = data_of(at(row, "otadata"));
        look_in_process(&table, &data);
        if (count % each == 0) {
            look_at_verbs(&table, &data);
        }
        image_free(&table);
        image_free(&data);
        json_decref(row);
    }
    (void)gzclose(f);
    complaints_end();
    return count;
}

TEST(rows)
{
    assert_true(look_at_rows(FIXTURES "/../tests/laws/slots.txt", 1) > 50);
}

TEST(what_the_bootloader_answered)
{
    if (!run_has_vectors() || access(VERDICTS, R_OK) != 0) {
        skip();
    }
    assert_true(look_at_rows(VERDICTS, EACH) > 1000);
}

// ---- Tables -------------------------------------------------------------------------------------

static void each_table(const char *pattern)
{
    glob_t found;
    if (glob(pattern, 0, NULL, &found) != 0) {
        return;
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        verify_as_simulate(found.gl_pathv[i]);
    }
    globfree(&found);
}

TEST(verify_and_simulate_judge_alike)
{
    each_table("fixtures/partition_table/*.bin");
    each_table("fixtures/br/partition-table.bin");
    each_table("vectors/partition_csv/*.bin");
    each_table("vectors/*/*/partition-table.bin");
    complaints_end();
}

// What stands in the way, by the check that says so.
TEST(no_update_takes_effect)
{
    static const struct {
        const char *entries, *failing;
    } rows[] = {{"o01", ""},
                {"of0", "host-update-again"},
                {"01", "host-update"},
                {"O01", "host-update"},
                {"o02", "host-update"},
                {"of", "host-update"},
                {"f", "host-update"},
                {"o0", "host-update"},
                {"of02", "host-update-again"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        simulate_table("t.bin", rows[i].entries);
        const char *failed = failing(tree(APP " -p t.bin"));
        want(strcmp(failed, rows[i].failing) == 0, "%s: %s fails", rows[i].entries, failed);
        verify_as_simulate("t.bin");
    }
    simulate_table("t.bin", "o02");
    expect(1, "verify " APP " -p t.bin");
    want_err("^otapack: .*demo_br.bin: the numbers of the OTA partitions have a gap, .*; give the "
             "table an otadata .*\\[host-update\\]$");
    expect(0, "verify " APP " -p t.bin --allow host-update");
    complaints_end();
}

// The flash that the bootloader's header names ends before a partition does: it takes no table.
TEST(a_partition_beyond_the_flash)
{
    struct image table;
    static const struct {
        uint32_t size;
        const char *boots;
    } rows[] = {{0x200000, "ota_0\n"}, {0x200001, ""}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        pt_begin(&table);
        pt_entry(&table, 1, 0, 0xE000, 0x2000, "otadata");
        pt_entry(&table, 0, 0x10, 0x10000, 0x100000, "ota_0");
        pt_entry(&table, 1, 0x82, 0x200000, rows[i].size, "files");
        pt_finish(&table);
        merged_save(&table, "flash.bin");
        (void)run("inspect flash.bin --get boot_partition");
        want(strcmp(last_run()->out, rows[i].boots) == 0, "%s", rows[i].boots);
        image_free(&table);
    }
}

// What counts is the slots whose turn comes: none gets behind a gap, however small it is there.
TEST(a_small_slot_behind_a_gap)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, 1, 0, 0xE000, 0x2000, "otadata");
    pt_entry(&table, 0, 0x10, 0x10000, 0x10000, "ota_0");
    pt_entry(&table, 0, 0x11, 0x20000, 0x10000, "ota_1");
    pt_entry(&table, 0, 0x13, 0x30000, 0x1000, "ota_3");
    pt_finish(&table);
    image_save(&table, "t.bin");
    image_free(&table);
    const char *failed = failing(tree(APP " -p t.bin"));
    want(strcmp(failed, "host-update-again") == 0, "%s fails", failed);
    verify_as_simulate("t.bin");
    complaints_end();
}

// With an MD5 that does not fit, the bootloader takes no table.
TEST(a_damaged_table)
{
    struct image flash = image_load("fixtures/flash/good-merged-esp32h2.bin");
    expect(0, "inspect fixtures/flash/good-merged-esp32h2.bin --get boot_partition");
    size_t md5 = TABLE_AT;
    while (u16_at(&flash, md5) != 0xEBEB) {
        md5 += 32;
    }
    poke8(&flash, md5 + 20, u8_at(&flash, md5 + 20) ^ 1);
    image_save(&flash, "flash.bin");
    image_free(&flash);
    (void)run("inspect flash.bin --get boot_partition");
    want(*last_run()->out == '\0', "an app boots");
}

// A partition of a merged image in which no app lies is passed over, unless none has one.
TEST(partitions_without_an_app)
{
    static const struct {
        size_t app_at; // 0: there is none
        const char *boots;
    } rows[] = {{0x40000, "ota_0\n"}, {0x80000, "ota_1\n"}, {0, "plant\n"}};
    struct image table, app = image_load("fixtures/rcp_build/esp_ot_rcp.bin");
    pt_begin(&table);
    pt_entry(&table, 1, 0, 0xE000, 0x2000, "otadata");
    pt_entry(&table, 0, 0, 0x20000, 0x20000, "plant");
    pt_entry(&table, 0, 0x10, 0x40000, 0x40000, "ota_0");
    pt_entry(&table, 0, 0x11, 0x80000, 0x40000, "ota_1");
    pt_finish(&table);
    merged_save(&table, "flash.bin");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image flash = image_load("flash.bin"), all = image_fill(0xFF, 0x100000);
        image_put(&all, 0, flash.p, 0xE000); // without what lies behind the table
        if (rows[i].app_at != 0) {
            image_put(&all, rows[i].app_at, app.p, app.n);
        }
        image_save(&all, "other.bin");
        (void)run("inspect other.bin --get boot_partition");
        want(strcmp(last_run()->out, rows[i].boots) == 0, "%s", rows[i].boots);
        image_free(&flash);
        image_free(&all);
    }
    image_free(&table);
    image_free(&app);
}

UNIT(slots)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),
        cmocka_unit_test(what_the_bootloader_answered),
        cmocka_unit_test(verify_and_simulate_judge_alike),
        cmocka_unit_test(no_update_takes_effect),
        cmocka_unit_test(a_partition_beyond_the_flash),
        cmocka_unit_test(a_small_slot_behind_a_gap),
        cmocka_unit_test(a_damaged_table),
        cmocka_unit_test(partitions_without_an_app),
    };
    return cmocka_run_group_tests(tests, simulate_begin, run_end);
}
