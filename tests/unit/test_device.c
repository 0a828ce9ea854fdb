// SPDX-License-Identifier: Apache-2.0
//
// What a device boots and where its updates go, for partition tables and OTA data of all kinds. The
// expected answers are ESP-IDF's, read in its source.
#include "unit.h"

#include "crc.h"
#include "device.h"

enum { NONE = DEVICE_NOTHING, FACTORY = DEVICE_FACTORY };

struct row {
    uint8_t type, subtype;
    uint32_t offset, size;
    const char *label;
};
#define OTADATA                                                                                    \
    {                                                                                              \
        1, 0, 0xf000, 0x2000, "otadata"                                                            \
    }
#define SLOT(n)                                                                                    \
    {                                                                                              \
        0, 0x10 + (n), 0x100000 * ((n) + 1), 0x100000, "ota_" #n                                   \
    }
#define FACTORY_APP                                                                                \
    {                                                                                              \
        0, 0, 0x10000, 0xf0000, "factory"                                                          \
    }

// A device with these partitions, not yet booted.
static struct device device_of(const struct row *rows, size_t count)
{
    uint8_t raw[OTAPACK_PARTITION_TABLE_SIZE];
    struct device d;
    memset(raw, 0xFF, sizeof(raw));
    for (size_t i = 0; i < count; i++) {
        uint8_t *p = raw + i * OTAPACK_PARTITION_ENTRY_SIZE;
        memset(p, 0, OTAPACK_PARTITION_ENTRY_SIZE);
        otapack_put_le32(p, OTAPACK_PARTITION_MAGIC);
        p[2] = rows[i].type;
        p[3] = rows[i].subtype;
        otapack_put_le32(p + 4, rows[i].offset);
        otapack_put_le32(p + 8, rows[i].size);
        memcpy(p + 12, rows[i].label, strlen(rows[i].label));
    }
    struct otapack_source src = otapack_memory(raw, sizeof(raw));
    assert_true(device_open(&d, &src));
    return d;
}
#define DEVICE(...)                                                                                \
    device_of((const struct row[]){__VA_ARGS__},                                                   \
              sizeof((const struct row[]){__VA_ARGS__}) / sizeof(struct row))

static struct otapack_ota_entry entry(uint32_t seq, uint32_t state)
{
    struct otapack_ota_entry e = {.ota_seq = seq, .ota_state = state};
    e.crc = otapack_ota_seq_crc(seq, crc_32);
    return e;
}

static struct device with(struct device d, struct otapack_ota_entry a, struct otapack_ota_entry b)
{
    d.entries[0] = a;
    d.entries[1] = b;
    return d;
}
#define EMPTY entry(OTAPACK_OTA_SEQ_EMPTY, OTAPACK_OTA_UNDEFINED)
#define GOOD(seq) entry(seq, OTAPACK_OTA_VALID)
static struct otapack_ota_entry bad_crc(uint32_t seq)
{
    struct otapack_ota_entry e = GOOD(seq);
    e.crc ^= 1;
    return e;
}

static struct device booted(struct device d, int runs)
{
    device_boot(&d);
    assert_int_equal(d.running, runs);
    return d;
}

static void goes_to(const struct device *d, enum device_answer answer, int slot)
{
    int got;
    assert_int_equal(device_next(d, &got), answer);
    assert_int_equal(got, slot);
}

// The update of the slot is written to this entry with this number, and boots.
static void selects(struct device d, int slot, unsigned which, uint32_t seq)
{
    struct device_change change;
    assert_int_equal(device_select(&d, slot, &change), DEVICE_OK);
    assert_int_equal(change.entry, which);
    assert_int_equal(change.ota_seq, seq);
    assert_int_equal(d.entries[which].ota_seq, seq);
    assert_true(device_entry_counts(&d.entries[which]));
    (void)booted(d, slot);
}

TEST(from_the_factory)
{
    struct device d = booted(DEVICE(OTADATA, SLOT(0), SLOT(1)), 0);
    // The bootloader has noted ota_0 in the first entry.
    assert_true(d.first_boot_wrote);
    assert_int_equal(d.entries[0].ota_seq, 1);
    assert_int_equal(d.entries[0].ota_state, OTAPACK_OTA_VALID);
    assert_int_equal(d.entries[0].crc, 0x4743989A);
    goes_to(&d, DEVICE_OK, 1);
    selects(d, 1, 1, 2);

    d = booted(DEVICE(OTADATA, FACTORY_APP, SLOT(0), SLOT(1)), FACTORY);
    assert_false(d.first_boot_wrote);
    goes_to(&d, DEVICE_OK, 0);
    selects(d, 0, 0, 1);
}

TEST(one_after_the_other)
{
    struct device three = DEVICE(OTADATA, SLOT(0), SLOT(1), SLOT(2));
    struct device d = booted(three, 0);
    struct device_change change;
    unsigned entries[] = {1, 0, 1, 0, 1, 0, 1};
    for (uint32_t i = 0; i < COUNT(entries); i++) {
        int slot;
        assert_int_equal(device_next(&d, &slot), DEVICE_OK);
        assert_int_equal(slot, (int)((i + 1) % 3));
        assert_int_equal(device_select(&d, slot, &change), DEVICE_OK);
        assert_int_equal(change.entry, entries[i]);
        assert_int_equal(change.ota_seq, i + 2);
        d = booted(d, slot);
    }
}

TEST(which_entry_counts)
{
    struct device two = DEVICE(OTADATA, SLOT(0), SLOT(1));
    assert_int_equal(device_active_entry(&two), -1);
    static const struct {
        uint32_t a, b;
        int active, runs;
    } rows[] = {{1, 2, 1, 1}, {3, 2, 0, 0}, {4, 3, 0, 1}, {5, 5, 0, 0}, {0, 1, 1, 0}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct device d = with(two, GOOD(rows[i].a), GOOD(rows[i].b));
        assert_int_equal(device_active_entry(&d), rows[i].active);
        (void)booted(d, rows[i].runs);
    }
    (void)booted(with(two, bad_crc(2), GOOD(1)), 0);
    (void)booted(with(two, GOOD(1), entry(2, OTAPACK_OTA_INVALID)), 0);
    (void)booted(with(two, GOOD(1), entry(2, OTAPACK_OTA_ABORTED)), 0);
    (void)booted(with(two, GOOD(1), entry(2, OTAPACK_OTA_NEW)), 1);
    (void)booted(with(two, GOOD(1), entry(2, OTAPACK_OTA_UNDEFINED)), 1);
    (void)booted(with(two, GOOD(1), entry(2, 7)), 1);
    selects(booted(with(two, bad_crc(2), GOOD(1)), 0), 1, 0, 2);
    selects(booted(with(two, GOOD(8), GOOD(7)), 1), 0, 1, 9);
}

TEST(no_entry_counts)
{
    struct device two = DEVICE(OTADATA, SLOT(0), SLOT(1));
    struct device factory = DEVICE(OTADATA, FACTORY_APP, SLOT(0), SLOT(1));
    // Broken CRCs are not as good as nothing: ota_0 boots, and nobody notes it.
    struct device d = booted(with(two, bad_crc(1), bad_crc(2)), 0);
    assert_false(d.first_boot_wrote);
    selects(d, 1, 0, 2);
    d = booted(with(two, bad_crc(1), EMPTY), 0);
    assert_false(d.first_boot_wrote);
    // States that say no are, unless an entry's CRC fits.
    d = booted(with(two, entry(1, OTAPACK_OTA_INVALID), EMPTY), 0);
    assert_false(d.first_boot_wrote);
    selects(d, 1, 0, 2);
    (void)booted(with(factory, bad_crc(1), bad_crc(2)), FACTORY);
    (void)booted(with(factory, entry(1, OTAPACK_OTA_ABORTED), EMPTY), FACTORY);
}

TEST(too_few_slots)
{
    struct device d = booted(DEVICE(OTADATA, FACTORY_APP), FACTORY);
    goes_to(&d, DEVICE_NO_SLOT, NONE);
    d = booted(DEVICE(OTADATA, SLOT(0)), 0);
    goes_to(&d, DEVICE_SLOT_RUNS, 0);
    d = booted(DEVICE(OTADATA, FACTORY_APP, SLOT(0)), FACTORY);
    goes_to(&d, DEVICE_OK, 0);
    selects(d, 0, 0, 1);
    d = booted(with(DEVICE(OTADATA, FACTORY_APP, SLOT(0)), GOOD(1), EMPTY), 0);
    goes_to(&d, DEVICE_SLOT_RUNS, 0);
}

TEST(no_ota_data)
{
    struct device_change change;
    struct device d = booted(DEVICE(SLOT(0), SLOT(1)), 0);
    goes_to(&d, DEVICE_OK, 1);
    assert_int_equal(device_select(&d, 1, &change), DEVICE_NO_OTA_DATA);
    (void)booted(DEVICE(FACTORY_APP, SLOT(0), SLOT(1)), FACTORY);
    // Half of it is worse than none.
    (void)booted(DEVICE({1, 0, 0xf000, 0x1000, "otadata"}, SLOT(0), SLOT(1)), NONE);
}

TEST(nothing_boots)
{
    (void)booted(DEVICE({1, 2, 0x9000, 0x6000, "nvs"}), NONE);
    (void)booted(DEVICE(OTADATA), NONE);
    struct device d = booted(DEVICE(OTADATA, {0, 0x20, 0x10000, 0x10000, "test"}), DEVICE_TEST);
    goes_to(&d, DEVICE_NO_SLOT, NONE);
    assert_int_equal(device_partition(&d, DEVICE_TEST)->offset, 0x10000);
    assert_null(device_partition(&d, NONE));
    assert_null(device_partition(&d, 16));
}

TEST(a_gap_in_the_numbers)
{
    struct device_change change;
    struct device d = DEVICE(OTADATA, SLOT(0), SLOT(2));
    goes_to(&d, DEVICE_OK, 0);
    d = booted(d, 0);
    goes_to(&d, DEVICE_OK, 2);
    assert_int_equal(device_select(&d, 2, &change), DEVICE_SLOT_NOT_KNOWN);
    // The bootloader counts two, and finds no ota_1.
    (void)booted(with(d, GOOD(1), GOOD(2)), 0);
    d = booted(DEVICE(OTADATA, FACTORY_APP, SLOT(1)), FACTORY);
    goes_to(&d, DEVICE_OK, 1);
    assert_int_equal(device_select(&d, 1, &change), DEVICE_SLOT_NOT_KNOWN);
}

TEST(the_running_app_is_on_trial)
{
    struct device two = DEVICE(OTADATA, SLOT(0), SLOT(1));
    struct device d = booted(with(two, GOOD(1), entry(2, OTAPACK_OTA_PENDING_VERIFY)), 1);
    goes_to(&d, DEVICE_UNCONFIRMED, 0);
    d = booted(with(two, GOOD(3), entry(2, OTAPACK_OTA_PENDING_VERIFY)), 0);
    goes_to(&d, DEVICE_OK, 1);
}

TEST(sequence_numbers_grow_by_no_more_than_the_slots)
{
    uint64_t x = random_seed("test_device");
    struct device four = DEVICE(OTADATA, SLOT(0), SLOT(1), SLOT(2), SLOT(3));
    for (int i = 0; i < 2000; i++) {
        struct device_change change;
        uint32_t seq = 1 + (uint32_t)random_below(&x, i < 1000 ? 40 : 0xFFFFFF00u);
        int slot = (int)random_below(&x, 4);
        int runs = (int)((seq - 1) % 4);
        struct device d = booted(with(four, GOOD(seq), EMPTY), runs);
        assert_int_equal(device_select(&d, slot, &change), DEVICE_OK);
        assert_true(change.ota_seq >= seq && change.ota_seq < seq + 4);
        assert_int_equal((change.ota_seq - 1) % 4, slot);
        assert_int_equal(change.entry, slot == runs ? 0 : 1);
    }
}

TEST(the_sequence_ends)
{
    struct device_change change;
    struct device two = DEVICE(OTADATA, SLOT(0), SLOT(1));
    struct device d = booted(with(two, GOOD(0xFFFFFFFD), EMPTY), 0);
    selects(d, 1, 1, 0xFFFFFFFE);
    d = booted(with(two, GOOD(0xFFFFFFFE), EMPTY), 1);
    assert_int_equal(device_select(&d, 0, &change), DEVICE_SEQUENCE_ENDS);
}

static struct device by_rollback(struct device d)
{
    d.rollback = true;
    return d;
}

TEST(rollback)
{
    enum { NEW = OTAPACK_OTA_NEW, PENDING = OTAPACK_OTA_PENDING_VERIFY };
    struct device two = by_rollback(DEVICE(OTADATA, SLOT(0), SLOT(1)));
    struct device d = booted(with(two, GOOD(1), entry(2, PENDING)), 0);
    assert_true(d.aborted[1] && !d.aborted[0] && d.on_trial < 0);
    assert_int_equal(d.entries[1].ota_state, OTAPACK_OTA_ABORTED);
    goes_to(&d, DEVICE_OK, 1);
    // A new app has to confirm first; the update is new, then.
    d = booted(with(two, GOOD(1), entry(2, NEW)), 1);
    assert_int_equal(d.on_trial, 1);
    goes_to(&d, DEVICE_UNCONFIRMED, 0);
    device_confirm(&d);
    goes_to(&d, DEVICE_OK, 0);
    selects(d, 0, 0, 3);
    // What the bootloader has aborted before is not aborted again.
    d = booted(d, 1);
    assert_true(!d.aborted[0] && !d.aborted[1] && d.on_trial < 0);
    // Without rollback, nobody looks at these states.
    two.rollback = false;
    d = booted(with(two, GOOD(1), entry(2, NEW)), 1);
    assert_int_equal(d.entries[1].ota_state, NEW);
}

// Apps that do not start are passed over, and a first boot is noted only where ota_0 was tried.
static bool starts(void *ctx, const struct otapack_partition *app)
{
    return strncmp(app->label, ctx, sizeof(app->label)) != 0;
}

TEST(an_app_that_does_not_start)
{
    char factory[] = "factory", first[] = "ota_0";
    struct device d = DEVICE(OTADATA, FACTORY_APP, SLOT(0), SLOT(1));
    d.starts = starts;
    d.ctx = factory;
    d = booted(d, 0);
    assert_false(d.first_boot_wrote);
    d = DEVICE(OTADATA, SLOT(0), SLOT(1));
    d.starts = starts;
    d.ctx = first;
    d = booted(d, 1);
    assert_true(d.first_boot_wrote);
    assert_int_equal(d.entries[0].ota_seq, 2);
}

TEST(what_a_device_has_before_it)
{
    enum { OTADATA_AT_END = 0x7FFE000 };
    static const struct {
        struct row rows[4];
        unsigned updates;
        uint32_t slots;
        enum device_answer answer;
    } rows[] = {
        {{OTADATA, SLOT(0), SLOT(1)}, 17, 3, DEVICE_OK},
        {{OTADATA, FACTORY_APP, SLOT(0), SLOT(1)}, 17, 3, DEVICE_OK},
        {{OTADATA, FACTORY_APP, SLOT(0)}, 1, 1, DEVICE_SLOT_RUNS},
        {{OTADATA, SLOT(0), SLOT(1), SLOT(3)}, 1, 2, DEVICE_SLOT_NOT_KNOWN},
        {{OTADATA, SLOT(0), SLOT(2)}, 0, 0, DEVICE_SLOT_NOT_KNOWN},
        {{OTADATA, FACTORY_APP}, 0, 0, DEVICE_NO_SLOT},
        {{OTADATA}, 0, 0, DEVICE_NO_APP},
        {{SLOT(0), SLOT(1)}, 0, 0, DEVICE_NO_OTA_DATA},
        {{{1, 0, 0xF000, 0x3000, "otadata"}, SLOT(0), SLOT(1)}, 0, 0, DEVICE_OTA_DATA_SIZE},
        {{{1, 0, OTADATA_AT_END, 0x2000, "otadata"}, SLOT(0), SLOT(1)}, 17, 3, DEVICE_OK},
        {{{1, 0, OTADATA_AT_END + 1, 0x2000, "otadata"}, SLOT(0), SLOT(1)},
         0,
         0,
         DEVICE_OTA_DATA_FAR},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t n = 0;
        while (n < COUNT(rows[i].rows) && rows[i].rows[n].label != NULL) {
            n++;
        }
        struct device d = device_of(rows[i].rows, n);
        struct device_outlook o = device_outlook(&d);
        assert_int_equal(o.answer, rows[i].answer);
        assert_int_equal(o.updates, rows[i].updates);
        assert_int_equal(o.slots, rows[i].slots);
        d.rollback = true;
        assert_int_equal(device_outlook(&d).answer, rows[i].answer);
        assert_int_equal(device_outlook(&d).updates, rows[i].updates);
    }
    for (int answer = DEVICE_OK; answer <= DEVICE_NOT_CHOSEN; answer++) {
        assert_non_null(device_text((enum device_answer)answer));
    }
}

TEST(the_end_of_the_flash)
{
    struct device d = DEVICE(OTADATA, SLOT(0), SLOT(1));
    d.flash_size = 0x300000;
    assert_int_equal(device_boot(&d), DEVICE_OK);
    d.flash_size--;
    assert_int_equal(device_boot(&d), DEVICE_BEYOND_FLASH);
    assert_int_equal(d.running, NONE);
}

TEST(a_dump_of_the_ota_data)
{
    uint8_t raw[OTAPACK_OTA_DATA_SIZE];
    struct device d = DEVICE(OTADATA, SLOT(0), SLOT(1));
    memset(raw, 0xFF, sizeof(raw));
    otapack_put_le32(raw + 0x1000, 2);
    otapack_put_le32(raw + 0x101C, 0x55F63774);
    struct otapack_source src = otapack_memory(raw, sizeof(raw));
    assert_true(device_take_ota_data(&d, &src));
    (void)booted(d, 1);
    src.size = 0x1000;
    assert_false(device_take_ota_data(&d, &src));
}

TEST(storage)
{
    struct device d = DEVICE(OTADATA, {1, 0x82, 0x200000, 0xA0000, "rcp_fw"});
    assert_int_equal(d.storage.offset, 0x200000);
    // 158 blocks of 15 pages and one page more, less a page of index for each 123.
    assert_int_equal(device_storage_room(&d.storage), (2371 - 19) * 251);
    d.storage.size = 0x2000;
    assert_int_equal(device_storage_room(&d.storage), 0);
}

TEST(tables_that_cannot_be_read)
{
    uint8_t raw[64] = {0};
    struct device d;
    struct otapack_source src = otapack_memory(raw, sizeof(raw));
    assert_false(device_open(&d, &src));
    device_boot(&d);
    assert_int_equal(d.running, NONE);
}

UNIT(device)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_the_factory),
        cmocka_unit_test(one_after_the_other),
        cmocka_unit_test(which_entry_counts),
        cmocka_unit_test(no_entry_counts),
        cmocka_unit_test(too_few_slots),
        cmocka_unit_test(no_ota_data),
        cmocka_unit_test(nothing_boots),
        cmocka_unit_test(a_gap_in_the_numbers),
        cmocka_unit_test(the_running_app_is_on_trial),
        cmocka_unit_test(sequence_numbers_grow_by_no_more_than_the_slots),
        cmocka_unit_test(the_sequence_ends),
        cmocka_unit_test(rollback),
        cmocka_unit_test(an_app_that_does_not_start),
        cmocka_unit_test(what_a_device_has_before_it),
        cmocka_unit_test(the_end_of_the_flash),
        cmocka_unit_test(a_dump_of_the_ota_data),
        cmocka_unit_test(storage),
        cmocka_unit_test(tables_that_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
