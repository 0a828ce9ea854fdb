// SPDX-License-Identifier: Apache-2.0
//
// partition_csv.h: for each rule of gen_esp32part.py the smallest text that passes and the smallest
// that does not, with the line and what is said. tests/laws/law_partition_csv.c has the bytes.
#include "unit.h"

#include "partition_csv.h"

static struct arena arena;
static struct partition_csv csv;

static bool read_with(const char *text, const struct partition_csv_options *options)
{
    return partition_csv_read((const uint8_t *)text, strlen(text), options, &arena, &csv);
}

static bool read_text(const char *text)
{
    struct partition_csv_options options = PARTITION_CSV_OPTIONS;
    return read_with(text, &options);
}

// Takes it; partition i lies there.
static void taken(const char *text, size_t i, uint32_t offset, uint32_t size)
{
    if (!read_text(text)) {
        fail_msg("%s: refused: %u: %s", text, csv.line, csv.wrong);
    }
    assert_null(csv.wrong);
    assert_int_equal(csv.entries[i].partition.offset, offset);
    assert_int_equal(csv.entries[i].partition.size, size);
    arena_free(&arena);
}

// Refuses this line, and says this of it.
static void refused(const char *text, unsigned line, const char *wrong)
{
    if (read_text(text) || strstr(csv.wrong, wrong) == NULL || csv.line != line) {
        fail_msg("%s: %s at %u instead of %s at %u", text, csv.wrong == NULL ? "taken" : csv.wrong,
                 csv.line, wrong, line);
    }
    assert_true(*csv.remedy != '\0');
    arena_free(&arena);
}

TEST(fields)
{
    taken("n,data,nvs,,24K", 0, 0x9000, 0x6000);
    taken(" n , DATA , NVS , 0x9000 , 24k , encrypted:readonly , more, words", 0, 0x9000, 0x6000);
    taken("n,1,2,36864,0x6000,", 0, 0x9000, 0x6000);
    taken("n,data,,,4K", 0, 0x9000, 0x1000);
    taken("n,0x40,7,,4K", 0, 0x9000, 0x1000);
    taken(",data,fat,,4K", 0, 0x9000, 0x1000);
    refused("n", 1, "no type");
    refused("n,,nvs,,4K", 1, "no type");
    refused("n,apps,0,,4K", 1, "the type 'apps'");
    refused("n,app,,,1M", 1, "no subtype");
    refused("n,app,nvs,,1M", 1, "the subtype 'nvs'");
    refused("n,0x40,nvs,,1M", 1, "the subtype 'nvs'");
    refused("n,data,nvs", 1, "no size");
    refused("n,data,nvs,x,4K", 1, "the offset 'x'");
    refused("n,data,nvs,,4KB", 1, "the size '4KB'");
    refused("n,data,fat,,4K,secret", 1, "the flag 'secret'");
    refused("n,data,fat,,4K,encrypted :readonly", 1, "the flag 'encrypted '");
    refused("n,256,0,,4K", 1, "the type is not from 0");
    refused("n,data,256,,4K", 1, "the subtype is not from 0");
    refused("n,data,fat,0x100000000,4K", 1, "the offset is not from 0");
    refused("n,data,fat,,4096M", 1, "the size is not from 0");
    refused("n,data,fat,,99999999999999999999M", 1, "the size is not from 0");
}

TEST(lines)
{
    taken("\n# a comment\n  # another\n\t\nn,data,nvs,,24K", 0, 0x9000, 0x6000);
    refused("\n# a comment\nn,data,nvs,,24K\nx,data,nvx,,4K\n", 4, "nvx");
    refused("n,data,nvs,,24K\n\xFF", 2, "no text");
    refused("$SIZE,data,nvs,,4K", 1, "a variable that is not set");
    refused("n,data,nvs,,$SIZE", 1, "the size '$SIZE'");
    assert_true(read_text(""));
    assert_int_equal(csv.count, 0);
    arena_free(&arena);
}

TEST(offsets)
{
    taken("n,data,nvs,,24K\nf,app,factory,,1M", 1, 0x10000, 0x100000);
    taken("n,data,fat,,0x64\nm,data,fat,,4K", 1, 0xA000, 0x1000);
    taken("n,data,nvs,0x9000,24K", 0, 0x9000, 0x6000);
    refused("n,data,nvs,0x8fff,24K", 1, "takes 0x8000 to 0x8fff");
    taken("n,data,nvs,,24K\np,data,phy,0xf000,4K", 1, 0xf000, 0x1000);
    refused("n,data,nvs,,24K\np,data,phy,0xefff,4K", 2, "before the one above it ends (0xf000)");
    taken("n,data,nvs,,-0x10000", 0, 0x9000, 0x7000); // up to there
    refused("n,data,fat,,-0x8000", 1, "the size is not from 0");
}

TEST(labels)
{
    static const char *const rows[][2] = {{"fifteen_letters", "fifteen_letters"},
                                          {"sixteen_letters_", "sixteen_letters_"},
                                          {"seventeen_letters", "seventeen_letter"},
                                          {"fifteen_letters\xC3\xBC", "fifteen_letters\xC3"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_true(read_text(arena_printf(&arena, "%s,data,fat,,4K", rows[i][0])));
        assert_memory_equal(csv.bytes + 12, rows[i][1], strlen(rows[i][1]));
        assert_int_equal(csv.bytes[28], 0);
        arena_free(&arena);
    }
}

TEST(bootloaders_and_tables)
{
    struct partition_csv_options o = PARTITION_CSV_OPTIONS;
    const char *text = "b,bootloader,primary,,\nt,partition_table,primary,,\n"
                       "r,bootloader,recovery,,\n";
    refused("b,bootloader,ota,0x9000,", 1, "where the bootloader lies");
    refused(text, 1, "where the bootloader lies");
    o.bootloader_at = 0x2000;
    assert_false(read_with(text, &o));
    assert_non_null(strstr(csv.wrong, "recovery"));
    o.recovery_at = 0x3f0000;
    o.table_at = 0x10000;
    assert_true(read_with(text, &o));
    assert_int_equal(csv.entries[0].partition.offset, 0x2000);
    assert_int_equal(csv.entries[0].partition.size, 0xE000);
    assert_int_equal(csv.entries[1].partition.offset, 0x10000);
    assert_int_equal(csv.entries[1].partition.size, 0x1000);
    assert_int_equal(csv.entries[2].partition.offset, 0x3f0000);
    o.bootloader_at = 0x10000;
    assert_false(read_with(text, &o));
    assert_int_equal(csv.line, 0);
    arena_free(&arena);
}

TEST(each_partition)
{
    taken("f,app,factory,0x10000,4K", 0, 0x10000, 0x1000);
    refused("f,app,factory,0x11000,4K", 1, "begins at 0x11000, no multiple of 0x10000");
    refused("f,app,factory,0x10000,0x1001", 1, "has 0x1001 bytes, no multiple of 0x1000");
    refused("n,data,fat,0x9100,4K", 1, "begins at 0x9100, no multiple of 0x1000");
    taken("n,data,nvs,,0x3000", 0, 0x9000, 0x3000);
    refused("n,data,nvs,,0x2fff", 1, "less than 0x3000");
    taken("n,data,nvs,,0x2fff,readonly", 0, 0x9000, 0x2fff);
    taken("o,data,ota,,0x2000", 0, 0x9000, 0x2000);
    refused("o,data,ota,,0x1fff", 1, "less than 0x2000");
    refused("o,data,ota,,0x2001", 1, "not 0x2000");
    refused("o,data,tee_ota,,0x1fff", 1, "not 0x2000");
    refused("o,data,ota,,0x2000,readonly", 1, "is read-only");
    refused("c,data,coredump,,4K,readonly", 1, "is read-only");
    taken("c,data,coredump,,4K,encrypted", 0, 0x9000, 0x1000);
}

TEST(two_partitions)
{
    refused("n,data,nvs,,24K\nn,data,phy,,4K", 2, "the label n stands twice");
    taken("N,data,nvs,,24K\nn,data,phy,,4K", 1, 0xf000, 0x1000);
    // The tool compares whole names, and cuts them off at 16 bytes.
    taken("averyverylongname1,data,fat,,4K\naveryverylongname2,data,fat,,4K", 1, 0xA000, 0x1000);
    refused("a,data,ota,,8K\nb,data,ota,,8K", 2, "a and b are both OTA data");
    refused("a,data,tee_ota,,8K\nb,data,0x90,,8K", 2, "a and b are both OTA data");
    taken("a,data,ota,,8K\nb,data,tee_ota,,8K", 1, 0xB000, 0x2000);
    taken("e,data,fat,,0\nn,data,fat,,4K", 1, 0x9000, 0x1000);
}

// So many lines.
static char *many(size_t count)
{
    char *text = arena_alloc(&arena, count * 32 + 1);
    for (size_t i = 0, n = 0; i < count; i++) {
        n += (size_t)snprintf(text + n, 32, "p%zu,data,undefined,,4K\n", i);
    }
    return text;
}

TEST(how_many)
{
    struct partition_csv_options o = PARTITION_CSV_OPTIONS;
    assert_true(read_with(many(94), &o));
    assert_false(read_with(many(95), &o));
    assert_int_equal(csv.line, 95);
    o.no_md5 = true;
    assert_true(read_with(many(95), &o));
    assert_false(read_with(many(96), &o));
    arena_free(&arena);
}

TEST(what_the_tool_is_told)
{
    static const char *const subtypes[] = {"data,own,0x91", "app, special ,40", NULL};
    struct partition_csv_options o = PARTITION_CSV_OPTIONS;
    const char *text = "n,data,own,,4K\nf,app,special,,1M";
    assert_false(read_with(text, &o));
    o.subtypes = subtypes;
    assert_true(read_with(text, &o));
    assert_int_equal(csv.entries[0].partition.subtype, 0x91);
    assert_int_equal(csv.entries[1].partition.subtype, 0x40);
    assert_false(read_with("f,app,own,,1M", &o));
    o.secure_v1 = true;
    assert_true(read_with("f,app,ota_0,,64K", &o));
    assert_false(read_with("f,app,ota_0,,68K", &o));
    o.no_verify = true;
    assert_true(read_with("n,data,nvs,0x9001,1", &o));
    arena_free(&arena);
}

static const char *long_variable(const char *name)
{
    static char value[1024 + 1];
    memset(value, 'v', sizeof(value) - 1);
    return strcmp(name, "V") == 0 ? value : NULL;
}

// So many of them in lines of so many.
static bool expands(unsigned count, unsigned of_line)
{
    struct partition_csv_options options = PARTITION_CSV_OPTIONS;
    static char text[8192];
    size_t n = (size_t)snprintf(text, sizeof(text), "n,data,nvs,,24K");
    options.variable = long_variable;
    for (unsigned i = 0; i < count; i++) {
        n += (size_t)snprintf(text + n, sizeof(text) - n, "%s$V", i % of_line == 0 ? "\n#" : "");
    }
    bool good = read_with(text, &options);
    assert_true(good || strstr(csv.wrong, "with its variables, the file is larger than 256 KiB"));
    assert_true(arena_size(&arena) < 1024 * 1024);
    arena_free(&arena);
    return good;
}

TEST(how_long_variables_make_it)
{
    assert_true(expands(255, 1));
    assert_false(expands(256, 1));
    assert_true(expands(255, 255));
    assert_false(expands(256, 256));
    assert_false(expands(2000, 2000));
}

TEST(probe)
{
    static const char *const yes[] = {"n,data,nvs,,24K", "# c\n\n n , App , x , y", "n,0x40,1,",
                                      "\xEF\xBB\xBFn,data,nvs,,,", "n,bootloader,primary,,\n\xFF"};
    static const char *const no[] = {"",
                                     "#",
                                     "n",
                                     "n,data",
                                     "n,dta,nvs",
                                     "key,type,encoding,value",
                                     "\xFF,data,nvs",
                                     "<html>",
                                     "name: app",
                                     "n,,,",
                                     "n,300,1,,",
                                     "1,2,app.bin",
                                     "n,2,app.bin",
                                     "1,2,3,4,5",
                                     "0x1,0,0x9000,4,",
                                     "x\nn,data,nvs,,24K"};
    for (size_t i = 0; i < COUNT(yes); i++) {
        assert_true(partition_csv_probe((const uint8_t *)yes[i], strlen(yes[i])));
    }
    for (size_t i = 0; i < COUNT(no); i++) {
        assert_false(partition_csv_probe((const uint8_t *)no[i], strlen(no[i])));
    }
}

UNIT(partition_csv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields),
        cmocka_unit_test(lines),
        cmocka_unit_test(offsets),
        cmocka_unit_test(bootloaders_and_tables),
        cmocka_unit_test(each_partition),
        cmocka_unit_test(two_partitions),
        cmocka_unit_test(how_many),
        cmocka_unit_test(what_the_tool_is_told),
        cmocka_unit_test(how_long_variables_make_it),
        cmocka_unit_test(probe),
        cmocka_unit_test(labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
