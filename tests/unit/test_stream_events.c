// SPDX-License-Identifier: Apache-2.0
//
// How a stream behaves to the firmware around it: the order of what it tells, what happens when the
// callback says no, when sizes are wrong, when hashes are missing, when it is called once too
// often.
#include "stream_build.h"
#include "stream_files.h"

static struct run run;

// A combined image with a signed host, in a Matter image: every kind of event.
static struct made everything(void)
{
    struct kit k = kit_new();
    struct header_parts h = header_parts();
    put_sector(&k.host, OTAPACK_SB_P256, 1);
    k.parts[5].n = k.host.n;
    struct made combined = make_combined(k.parts, PARTS);
    h.m.has_min_applicable_software_version = true;
    h.m.has_max_applicable_software_version = true;
    h.m.has_release_notes_url = true;
    h.m.max_applicable_software_version = 299;
    struct made m = make_matter(&h, combined.bytes, combined.n);
    free(combined.bytes);
    kit_free(&k);
    return m;
}

static struct made app(void)
{
    return make_app(&(struct image_parts){.chip = H2});
}

static enum otapack_code outcome_of(const struct made *m, const struct how *how)
{
    run_stream(&run, m->bytes, m->n, how);
    if (run.broken != NULL) {
        told_print(run.broken, &run.list, run.outcome);
        fail_msg("%s", run.broken);
    }
    return run.outcome.code;
}

static struct how announced(size_t n)
{
    return (struct how){.announced = (uint32_t)n, .hashes = ALL_HASHES};
}

static const struct how not_announced = {.unannounced = true, .hashes = ALL_HASHES};

// ---- Apps without a description
// ------------------------------------------------------------------

// As an ESP32 has them, some with a first segment that is too short for one: only when asked to.
TEST(any_app_is_taken_where_the_firmware_says_so)
{
    static const uint32_t lengths[] = {4, 64, 252, 256, 260, 320};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        for (int with = 0; with < 2; with++) {
            struct made m =
                make_app(&(struct image_parts){.bootloader = with == 0, .data_len = lengths[i]});
            bool whole = with == 1 && lengths[i] >= 256;
            struct how how = announced(m.n);
            assert_int_equal(outcome_of(&m, &how) == OTAPACK_OK, whole);
            how.any_app = true;
            for (how.chunk = 0; how.chunk < 40; how.chunk += 3) {
                assert_int_equal(outcome_of(&m, &how), OTAPACK_OK);
            }
            m.bytes[m.n - 1] ^= 1; // what is damaged is still found
            assert_int_equal(outcome_of(&m, &how), OTAPACK_MISMATCH);
            free(m.bytes);
        }
    }
}

// The RCP's firmware and the host are apps, too.
TEST(any_app_is_taken_in_a_combined_image)
{
    for (unsigned part = 4; part <= 5; part++) {
        struct kit k = kit_new();
        struct made plain = make_app(
            &(struct image_parts){.bootloader = true, .chip = part == 4 ? H2 : S3, .data_len = 32});
        k.parts[part].bytes = plain.bytes;
        k.parts[part].n = plain.n;
        struct made m = make_combined(k.parts, PARTS);
        struct how how = announced(m.n);
        assert_int_not_equal(outcome_of(&m, &how), OTAPACK_OK);
        how.any_app = true;
        assert_int_equal(outcome_of(&m, &how), OTAPACK_OK);
        free(m.bytes);
        free(plain.bytes);
        kit_free(&k);
    }
}

// ---- Order --------------------------------------------------------------------------------------

TEST(events_come_in_the_order_of_the_file)
{
    static const struct {
        enum otapack_event_type type;
        uint32_t part;
        uint8_t count;
        bool checked;
    } rows[] = {
        {OTAPACK_EVENT_BEGIN, OTAPACK_PART_MATTER, 1, false},
        {OTAPACK_EVENT_FIELD, OTAPACK_PART_MATTER, 10, false},
        {OTAPACK_EVENT_BEGIN, OTAPACK_PART_COMBINED, 1, false},
        {OTAPACK_EVENT_BEGIN, OTAPACK_RCP_TABLE, 1, false},
        {OTAPACK_EVENT_END, OTAPACK_RCP_TABLE, 1, false},
        {OTAPACK_EVENT_BEGIN, OTAPACK_RCP_VERSION, 1, false},
        {OTAPACK_EVENT_END, OTAPACK_RCP_VERSION, 1, false},
        {OTAPACK_EVENT_BEGIN, OTAPACK_RCP_FLASH_ARGS, 1, false},
        {OTAPACK_EVENT_END, OTAPACK_RCP_FLASH_ARGS, 1, false},
        {OTAPACK_EVENT_BEGIN, OTAPACK_RCP_BOOTLOADER, 1, false},
        {OTAPACK_EVENT_IMAGE, OTAPACK_RCP_BOOTLOADER, 1, false},
        {OTAPACK_EVENT_END, OTAPACK_RCP_BOOTLOADER, 1, true},
        {OTAPACK_EVENT_BEGIN, OTAPACK_RCP_PARTITION_TABLE, 1, false},
        {OTAPACK_EVENT_END, OTAPACK_RCP_PARTITION_TABLE, 1, true},
        {OTAPACK_EVENT_BEGIN, OTAPACK_RCP_FIRMWARE, 1, false},
        {OTAPACK_EVENT_IMAGE, OTAPACK_RCP_FIRMWARE, 1, false},
        {OTAPACK_EVENT_END, OTAPACK_RCP_FIRMWARE, 1, true},
        {OTAPACK_EVENT_BEGIN, OTAPACK_RCP_HOST, 1, false},
        {OTAPACK_EVENT_IMAGE, OTAPACK_RCP_HOST, 1, false},
        {OTAPACK_EVENT_END, OTAPACK_RCP_HOST, 1, true},
        {OTAPACK_EVENT_END, OTAPACK_PART_COMBINED, 1, false},
        {OTAPACK_EVENT_END, OTAPACK_PART_MATTER, 1, true},
        {OTAPACK_EVENT_FINISHED, 0, 1, false},
    };
    struct made m = everything();
    struct how how = announced(m.n);
    size_t at = 0;
    assert_int_equal(outcome_of(&m, &how), OTAPACK_OK);
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (uint8_t k = 0; k < rows[i].count; k++, at++) {
            const struct told *t = &run.list.told[at];
            assert_true(at < run.list.n);
            assert_int_equal(t->type, rows[i].type);
            assert_int_equal(t->part, rows[i].part);
            assert_int_equal(t->checked, rows[i].checked);
            assert_int_equal(t->field, t->type == OTAPACK_EVENT_FIELD ? k : 0);
        }
    }
    assert_int_equal(at, run.list.n);
    free(m.bytes);
}

TEST(sizes_and_places)
{
    struct made m = everything();
    struct how how = announced(m.n);
    uint32_t end = (uint32_t)m.n;
    assert_int_equal(outcome_of(&m, &how), OTAPACK_OK);
    assert_int_equal(run.list.told[0].size, end);
    const struct told *combined = &run.list.told[11];
    assert_int_equal(combined->at + combined->size, end);
    assert_int_equal(run.list.told[12].at, combined->at); // the table, too
    for (size_t i = 13; i < run.list.n; i++) {
        const struct told *t = &run.list.told[i], *before = t - 1;
        assert_true(t->at >= before->at);
        if (t->type == OTAPACK_EVENT_BEGIN) { // where the part before it has ended
            assert_int_equal(t->at, before->at);
        }
    }
    free(m.bytes);
}

// ---- The callback says no -----------------------------------------------------------------------

static void refuse_each(size_t chunk, bool unannounced)
{
    struct made m = everything();
    struct how how = {
        .chunk = chunk, .announced = m.n, .unannounced = unannounced, .hashes = ALL_HASHES};
    assert_int_equal(outcome_of(&m, &how), OTAPACK_OK);
    unsigned calls = run.calls;
    for (how.refuse = 1; how.refuse <= calls; how.refuse += 1 + how.refuse / 64) {
        assert_int_equal(outcome_of(&m, &how), OTAPACK_REFUSED);
        assert_string_equal(run.outcome.field, "event");
        assert_int_equal(run.calls, how.refuse + 1); // ERROR
    }
    free(m.bytes);
}

TEST(a_refusal_is_the_last_but_error)
{
    refuse_each(0, false);
    refuse_each(1, false);
    refuse_each(100, false);
    refuse_each(100, true);
}

// The device has said no to booting it: finish must not say that all is well.
TEST(finished_may_be_refused)
{
    struct made m = app();
    struct how how = announced(m.n);
    assert_int_equal(outcome_of(&m, &how), OTAPACK_OK);
    how.refuse = run.calls;
    assert_int_equal(outcome_of(&m, &how), OTAPACK_REFUSED);
    assert_int_equal(run.calls, how.refuse + 1); // ERROR
    free(m.bytes);
}

// ---- Once too often -----------------------------------------------------------------------------

// After a failure, each further call says the same, tells nothing, and uses no hash: what feeds
// hashes behind ERROR is only the rest of the call in which it came.
static void assert_nothing_more(void)
{
    enum otapack_code code = run.outcome.code;
    unsigned calls = run.calls, late = hashes_late(&run.hashes);
    struct otapack_stream_fault fault = run.stream.fault;
    assert_int_equal(otapack_stream_push(&run.stream, run.file.bytes, 0), code);
    assert_int_equal(otapack_stream_push(&run.stream, run.file.bytes, run.file.n), code);
    assert_int_equal(otapack_stream_finish(&run.stream), code);
    assert_int_equal(otapack_stream_finish(&run.stream), code);
    assert_int_equal(run.calls, calls);
    assert_int_equal(hashes_late(&run.hashes), late);
    assert_memory_equal(&fault, &run.stream.fault, sizeof(fault));
}

TEST(after_a_failure_nothing_comes)
{
    struct made m = everything();
    struct how how = announced(m.n);
    for (how.refuse = 1; how.refuse < 30; how.refuse++) {
        assert_int_equal(outcome_of(&m, &how), OTAPACK_REFUSED);
        assert_nothing_more();
    }
    how.refuse = 0;
    for (size_t at = 0; at < m.n; at += 7) {
        m.bytes[at] ^= 0x55;
        if (outcome_of(&m, &how) != OTAPACK_OK) {
            assert_nothing_more();
        }
        if (outcome_of(&m, &not_announced) != OTAPACK_OK) {
            assert_nothing_more();
        }
        m.bytes[at] ^= 0x55;
    }
    free(m.bytes);
}

TEST(a_push_of_nothing_changes_nothing)
{
    struct made m = everything();
    struct how how = {.announced = (uint32_t)m.n, .hashes = ALL_HASHES};
    static struct told_list whole;
    assert_int_equal(outcome_of(&m, &how), OTAPACK_OK);
    whole = run.list;
    memset(&run.list, 0, sizeof(run.list));
    run.over = false;
    run.told = 0;
    run.part = 0;
    run.how = &how;
    otapack_stream_start(&run.stream, &run.hooks);
    assert_int_equal(otapack_stream_announce(&run.stream, m.n), OTAPACK_OK);
    for (size_t i = 0; i < m.n; i++) {
        assert_int_equal(otapack_stream_push(&run.stream, NULL, 0), OTAPACK_OK);
        assert_int_equal(otapack_stream_push(&run.stream, m.bytes + i, 1), OTAPACK_OK);
        assert_int_equal(otapack_stream_push(&run.stream, m.bytes, 0), OTAPACK_OK);
    }
    assert_int_equal(otapack_stream_finish(&run.stream), OTAPACK_OK);
    assert_null(run.broken);
    assert_true(told_all_same(&whole, &run.list));
    free(m.bytes);
}

TEST(no_data_event_is_empty)
{
    struct made m = everything(), image = app(), longer = app();
    struct how how = announced(m.n);
    (void)outcome_of(&m, &how);
    assert_int_equal(run.empty, 0);
    (void)outcome_of(&image, &not_announced);
    assert_int_equal(run.empty, 0);
    put_sector(&longer, OTAPACK_SB_P256, 1);
    (void)outcome_of(&longer, &not_announced);
    assert_int_equal(run.empty, 0);
    free(m.bytes);
    free(image.bytes);
    free(longer.bytes);
}

UNIT(stream_events)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_app_is_taken_where_the_firmware_says_so),
        cmocka_unit_test(any_app_is_taken_in_a_combined_image),
        cmocka_unit_test(events_come_in_the_order_of_the_file),
        cmocka_unit_test(sizes_and_places),
        cmocka_unit_test(a_refusal_is_the_last_but_error),
        cmocka_unit_test(finished_may_be_refused),
        cmocka_unit_test(after_a_failure_nothing_comes),
        cmocka_unit_test(a_push_of_nothing_changes_nothing),
        cmocka_unit_test(no_data_event_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
