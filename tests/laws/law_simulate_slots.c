// SPDX-License-Identifier: Apache-2.0
//
// simulate: partition tables and OTA data of all kinds, and what a device with them does. Exact
// outputs are in simulate.txt.
#include "product.h"
#include "simulate.h"

static const struct ota_entry none = {0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF};
static const struct ota_entry one = {1, 2, 0x4743989A}, two = {2, 2, 0x55F63774};

TEST(printed)
{
    static const struct {
        const char *name, *entries;
    } tables[] = {
        {"factory-data.bin", "fo"}, {"factory.bin", "f"},    {"one.bin", "o0"},
        {"factory-one.bin", "of0"}, {"no-data.bin", "01"},   {"with-factory.bin", "of01"},
        {"gap.bin", "o02"},         {"data-alone.bin", "o"}, {"two.bin", "o01"},
    };
    for (size_t i = 0; i < COUNT(tables); i++) {
        simulate_table(tables[i].name, tables[i].entries);
    }
    // The running app is on trial.
    simulate_ota_data("data.bin", one, (struct ota_entry){2, 1, two.crc});
    simulate_prints("slots");
    simulate_table("short.bin", "O01");
    expect(1, "simulate app.bin -p short.bin");
    want_out("^refused at 0x00000000: device: with this partition table, no app boots");
}

// Partitions that lie over each other are taken as they are, and told of.
TEST(a_fault_of_the_table)
{
    expect(1, "simulate app.bin -p fixtures/partition_table/bad-pt-overlap.bin");
    want_out("^  0x000011c0  ota_data: entry 1 gets ota_seq 2: ota_1 boots next$");
    want_out("^broken: boots ota_1 next, but the device has a partition table with a fault$");
    expect(1, "verify app.bin -p fixtures/partition_table/bad-pt-overlap.bin");
    want_err("^otapack: app.bin: the partition table: .* overlap: .* \\[pt-overlap\\]; .*"
             "\\[host-table\\]$");
    expect(0, "verify app.bin -p fixtures/partition_table/bad-pt-overlap.bin --allow pt-overlap");
    expect(2, "simulate app.bin -p fixtures/partition_table/bad-pt-md5.bin");
}

// A bootloader with rollback, before it starts the app once more.
TEST(rollback)
{
    simulate_ota_data("data.bin", (struct ota_entry){1, 1, one.crc},
                      (struct ota_entry){2, 0, two.crc});
    simulate_prints("rollback");
}

// The bootloader's slot is not the app's: ota_0 stands twice.
TEST(taken_and_not_started)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, 1, 0, 0xF000, 0x2000, "otadata");
    pt_entry(&table, 0, 0x10, 0x20000, 0x100000, "first");
    pt_entry(&table, 0, 0x10, 0x120000, 0x100000, "last");
    pt_finish(&table);
    image_save(&table, "twice.bin");
    image_free(&table);
    const json_t *all = simulate_json(1, "app.bin -p twice.bin"), *step = last_step(all);
    want(text_is(all, "runs", "last") && text_is(all, "boots", "last") &&
             text_is(all, "verdict", "broken") && text_is(step, "verdict", "broken") &&
             strstr(text_at(step, "message"), "does not start the update") != NULL,
         "an update in the first of two slots");
    expect(1, "verify app.bin -p twice.bin");
    want_err("\\[host-update\\]$");
}

// A border router stores its RCP's part before it finds that out.
TEST(border_router)
{
    simulate_table("no-slot.bin", "ofs");
    const json_t *all = simulate_json(1, "br.bin -p no-slot.bin"), *step = last_step(all);
    want(number_at(all, "written") == 5125 && strcmp(text_at(all, "boots"), "factory") == 0 &&
             strcmp(text_at(step, "what"), "host") == 0 && number_at(step, "at") == 5125 &&
             strstr(text_at(step, "message"), "no OTA partition") != NULL,
         "no slot for the host");
    simulate_table("no-otadata.bin", "s01");
    all = simulate_json(1, "br.bin -p no-otadata.bin");
    want(number_at(all, "written") == number_at(all, "size") &&
             strcmp(text_at(all, "boots"), "ota_0") == 0 &&
             strcmp(text_at(last_step(all), "what"), "ota_data") == 0,
         "no otadata for the host");
    simulate_table("one-slot.bin", "os0");
    expect(1, "simulate br.bin -p one-slot.bin");
    expect(0, "simulate rcp.bin -p one-slot.bin");
    want_out("^taken: boots ota_0 again$");
}

// ---- OTA data -----------------------------------------------------------------------------------

// Which partition runs, which boots next, and which entry gets which number.
static void runs(const char *running, const char *boots, unsigned entry, unsigned seq,
                 const char *table, struct ota_entry first, struct ota_entry second)
{
    char message[200];
    simulate_ota_data("data.bin", first, second);
    const json_t *all = simulate_json(0, "app.bin -p %s --ota-data data.bin", table), *step;
    const json_t *last = NULL;
    size_t i;
    json_array_foreach(at(all, "steps"), i, step)
    {
        last = strcmp(text_at(step, "what"), "ota_data") == 0 ? step : last;
    }
    (void)snprintf(message, sizeof(message), "entry %u gets ota_seq %u: %s boots next", entry, seq,
                   boots);
    want(strcmp(text_at(all, "runs"), running) == 0 && strcmp(text_at(all, "boots"), boots) == 0,
         "%s runs, %s boots", text_at(all, "runs"), text_at(all, "boots"));
    want(last != NULL && strcmp(text_at(last, "message"), message) == 0 &&
             strcmp(text_at(last, "partition"), "otadata") == 0 &&
             number_at(last, "address") == 61440 && number_at(last, "size") == 32,
         "not: %s", message);
}

TEST(entries)
{
    static const char slots[] = "two.bin", factory[] = "with-factory.bin";
    runs("ota_0", "ota_1", 1, 2, slots, none, none);
    runs("ota_0", "ota_1", 1, 2, slots, one, none);
    runs("ota_0", "ota_1", 0, 2, slots, none, one);
    runs("ota_1", "ota_0", 0, 3, slots, one, two);
    runs("ota_1", "ota_0", 1, 3, slots, two, one);
    runs("factory", "ota_0", 0, 1, factory, none, none);
    runs("ota_0", "ota_1", 1, 2, factory, one, none);
    runs("ota_1", "ota_0", 0, 3, factory, one, two);
}

// A broken CRC, or a state that says no, and an entry does not count.
TEST(entries_that_do_not_count)
{
    static const char slots[] = "two.bin", factory[] = "with-factory.bin";
    static const struct ota_entry bad_one = {1, 2, 0x4743989B}, bad_two = {2, 2, 0x55F63775};
    static const struct ota_entry aborted = {1, 4, 0x4743989A};
    runs("ota_0", "ota_1", 1, 2, slots, one, bad_two);
    runs("ota_1", "ota_0", 0, 3, slots, bad_one, two);
    runs("ota_0", "ota_1", 1, 2, slots, one, (struct ota_entry){2, 3, two.crc});
    runs("ota_0", "ota_1", 1, 2, slots, one, (struct ota_entry){2, 4, two.crc});
    runs("ota_1", "ota_0", 0, 3, slots, one, (struct ota_entry){2, 0xFFFFFFFF, two.crc});
    // None counts.
    runs("ota_0", "ota_1", 0, 2, slots, bad_one, bad_two);
    runs("factory", "ota_0", 0, 1, factory, bad_one, bad_two);
    runs("factory", "ota_0", 0, 1, factory, aborted, none);
    runs("ota_0", "ota_1", 0, 2, slots, aborted, none);
}

TEST(dumps)
{
    char name[ITEM_ROOM];
    EACH_ITEM(name, "good-initial|good-one-entry|bad-ota-data-crc|bad-ota-data-state|"
                    "bad-ota-data-state-aborted|bad-ota-data-state-unknown")
    {
        expect(0, "simulate app.bin -p two.bin --ota-data fixtures/ota_data/%s.bin", name);
    }
}

UNIT(simulate_slots)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(printed),
        cmocka_unit_test(a_fault_of_the_table),
        cmocka_unit_test(rollback),
        cmocka_unit_test(taken_and_not_started),
        cmocka_unit_test(border_router),
        cmocka_unit_test(entries),
        cmocka_unit_test(entries_that_do_not_count),
        cmocka_unit_test(dumps),
    };
    return cmocka_run_group_tests(tests, simulate_begin, run_end);
}
