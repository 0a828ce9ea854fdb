// SPDX-License-Identifier: Apache-2.0
//
// The tree of each kind of image has the parts and fields that its format promises, and their
// values are what the bytes say (read here by image.c).
#include "run.h"

#include <glob.h>

#include "image.h"

enum { RCP_ENTRY = 12, PT_ENTRY = 32, SECTOR = 4096, HEADER = 8 };
enum { APP_MAGIC = 0xABCD5432, BOOTLOADER_MAGIC = 80 };

// The file and its tree.
static const char *name;
static struct image bytes;

#define holds(condition) ((condition) ? (void)0 : complain("%s: not so: %s", name, #condition))

static bool has_fields(const json_t *node, const char *names)
{
    char list[1000], *rest = list;
    (void)snprintf(list, sizeof(list), "%s", names);
    for (char *one; (one = strsep(&rest, " ")) != NULL;) {
        if (at(node, "fields.%s", one) == NULL) {
            complain("%s: there is no field %s", name, one);
            return false;
        }
    }
    return true;
}

// A NUL-padded text of the file.
static bool is_text(const json_t *node, const char *field_name, size_t place, size_t width)
{
    const char *text = field_text(node, field_name);
    size_t n = strnlen((const char *)bytes.p + place, width);
    return strlen(text) == n && memcmp(text, bytes.p + place, n) == 0;
}

static void each_good(const char *folder, void (*look)(const json_t *root))
{
    char pattern[100];
    glob_t found;
    (void)snprintf(pattern, sizeof(pattern), "fixtures/%s/good-*.bin", folder);
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        name = found.gl_pathv[i];
        bytes = image_load(name);
        (void)expect(0, "inspect --json %s", name);
        look(at(document(), "files[0].root"));
        image_free(&bytes);
    }
    globfree(&found);
    complaints_end();
}

// ---- Combined images ----------------------------------------------------------------------------

static void rcp_table(const json_t *root, uint32_t entries)
{
    const json_t *entry;
    size_t i;
    holds(field(root, "table_size") == u32_at(&bytes, 4));
    holds(field(root, "entry_count") == entries);
    holds(json_array_size(at(root, "parts.table")) == entries);
    json_array_foreach(at(root, "parts.table"), i, entry)
    {
        holds(text_is(entry, "format", "rcp_table_entry") && number_at(entry, "size") == RCP_ENTRY);
        holds(has_fields(entry, "tag size offset"));
    }
}

static void rcp_formats(const json_t *parts)
{
    static const struct {
        const char *path, *text;
    } rows[] = {
        {"version.format", "text"},           {"flash_args.format", "flash_args"},
        {"bootloader.format", "esp_image"},   {"partition_table.format", "partition_table"},
        {"firmware.format", "esp_image"},     {"bootloader.fields.type.value", "bootloader"},
        {"firmware.fields.type.value", "app"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (!text_is(parts, rows[i].path, rows[i].text)) {
            complain("%s: %s is not %s", name, rows[i].path, rows[i].text);
        }
    }
}

static void rcp_records(const json_t *parts)
{
    struct image records = rcp_part(&bytes, 1);
    const json_t *list = at(parts, "flash_args.parts.records");
    holds(json_array_size(list) == records.n / 8);
    for (size_t i = 0; i < records.n / 8; i++) {
        const json_t *record = json_array_get(list, i);
        holds(field(record, "tag") == u32_at(&records, i * 8) &&
              field(record, "address") == u32_at(&records, i * 8 + 4));
    }
    image_free(&records);
}

static void look_at_rcp_image(const json_t *root)
{
    static const char *const names[] = {"version",         "flash_args", "bootloader",
                                        "partition_table", "firmware",   "host"};
    uint32_t entries = u32_at(&bytes, 4) / RCP_ENTRY;
    const json_t *parts = at(root, "parts");
    struct image version = rcp_part(&bytes, 0);
    const char *text = text_at(parts, "version.fields.text.value");
    rcp_table(root, entries);
    rcp_formats(parts);
    rcp_records(parts);
    holds(strlen(text) == version.n && memcmp(text, version.p, version.n) == 0);
    image_free(&version);
    for (size_t i = 0; i + 1 < entries; i++) {
        const json_t *part = json_object_get(parts, names[i]);
        holds(number_at(part, "size") == u32_at(&bytes, (i + 1) * RCP_ENTRY + 4) &&
              number_at(part, "offset") == u32_at(&bytes, (i + 1) * RCP_ENTRY + 8));
    }
    if (entries == 7) {
        holds(text_is(parts, "host.format", "esp_image") &&
              text_is(parts, "host.fields.type.value", "app"));
        holds(text_is(parts, "host.parts.desc.format", "app_desc"));
    } else {
        holds(at(parts, "host") == NULL);
    }
}

TEST(combined_images)
{
    each_good("rcp_image", look_at_rcp_image);
}

// ---- ESP images ---------------------------------------------------------------------------------

static const char *chip_name(unsigned id)
{
    static const struct {
        unsigned id;
        const char *name;
    } chips[] = {{0, "esp32"}, {5, "esp32c3"}, {9, "esp32s3"}, {13, "esp32c6"}, {16, "esp32h2"}};
    for (size_t i = 0; i < COUNT(chips); i++) {
        if (chips[i].id == id) {
            return chips[i].name;
        }
    }
    return "unknown";
}

static void esp_header(const json_t *root)
{
    holds(has_fields(root, "type magic segment_count spi_mode spi_speed spi_size entry_addr wp_pin "
                           "spi_pin_drv chip chip_id min_chip_rev min_chip_rev_full "
                           "max_chip_rev_full reserved hash_appended image_length checksum"));
    holds(field(root, "magic") == 233);
    holds(field(root, "segment_count") == u8_at(&bytes, AT_SEGMENT_COUNT));
    holds(field(root, "entry_addr") == u32_at(&bytes, 4));
    holds(field(root, "wp_pin") == u8_at(&bytes, 8));
    holds(field(root, "chip_id") == u16_at(&bytes, AT_CHIP_ID));
    holds(field(root, "min_chip_rev") == u8_at(&bytes, 14));
    holds(field(root, "min_chip_rev_full") == u16_at(&bytes, 15));
    holds(field(root, "max_chip_rev_full") == u16_at(&bytes, 17));
    holds(strcmp(field_text(root, "chip"), chip_name(u16_at(&bytes, AT_CHIP_ID))) == 0);
}

static void esp_sums(const json_t *root)
{
    struct esp_walk w = esp_walk(&bytes);
    holds(field(root, "image_length") == (json_int_t)w.end);
    holds(field(root, "checksum") == u8_at(&bytes, w.checksum));
    const char *hash = w.hashed ? hex_of(bytes.p + w.end - 32, 32) : "";
    holds(strcmp(field_text(root, "hash"), hash) == 0);
}

static void esp_segments(const json_t *root)
{
    size_t place = AT_FIRST_SEGMENT, i;
    const json_t *segment;
    holds(json_array_size(at(root, "parts.segments")) == u8_at(&bytes, AT_SEGMENT_COUNT));
    json_array_foreach(at(root, "parts.segments"), i, segment)
    {
        uint32_t length = u32_at(&bytes, place + 4);
        holds(number_at(segment, "offset") == (json_int_t)place);
        holds(field(segment, "load_addr") == u32_at(&bytes, place));
        holds(field(segment, "data_len") == length);
        holds(number_at(segment, "size") == HEADER + (json_int_t)length);
        place += HEADER + length;
    }
}

static void app_desc(const json_t *root)
{
    const json_t *desc = at(root, "parts.desc");
    holds(text_is(root, "fields.type.value", "app") && text_is(desc, "format", "app_desc"));
    holds(json_is_true(json_object_get(desc, "overlay")));
    holds(number_at(desc, "offset") == AT_DESC && number_at(desc, "size") == 256);
    holds(has_fields(desc, "magic_word secure_version reserv1 version project_name time date "
                           "idf_ver app_elf_sha256 min_efuse_blk_rev_full max_efuse_blk_rev_full "
                           "mmu_page_size"));
    holds(is_text(desc, "version", AT_VERSION, 32));
    holds(is_text(desc, "project_name", AT_PROJECT, 32));
    holds(is_text(desc, "idf_ver", AT_IDF, 32));
    holds(field(desc, "secure_version") == u32_at(&bytes, AT_SECURE_VERSION));
}

static void look_at_esp_image(const json_t *root)
{
    esp_header(root);
    esp_sums(root);
    esp_segments(root);
    if (u32_at(&bytes, AT_DESC) == APP_MAGIC) {
        app_desc(root);
        return;
    }
    holds(text_is(root, "fields.type.value", "bootloader"));
    if (u8_at(&bytes, AT_DESC) == BOOTLOADER_MAGIC) {
        const json_t *desc = at(root, "parts.desc");
        holds(text_is(desc, "format", "bootloader_desc") && number_at(desc, "size") == 80);
        holds(has_fields(desc, "magic_byte secure_version version idf_ver date_time"));
    }
}

TEST(esp_images)
{
    each_good("esp_image", look_at_esp_image);
}

// ---- Tables, OTA data, flash --------------------------------------------------------------------

static void look_at_partition_table(const json_t *root)
{
    const json_t *list = at(root, "parts.partitions");
    size_t count = 0;
    for (; u16_at(&bytes, count * PT_ENTRY) == 0x50AA; count++) {
        const json_t *one = json_array_get(list, count);
        size_t place = count * PT_ENTRY;
        holds(number_at(one, "offset") == (json_int_t)place && number_at(one, "size") == PT_ENTRY);
        holds(field(one, "offset") == u32_at(&bytes, place + 4));
        holds(field(one, "size") == u32_at(&bytes, place + 8));
        holds(is_text(one, "label", place + 12, 16));
        holds(has_fields(one, "magic type subtype flags"));
    }
    holds(field(root, "entry_count") == (json_int_t)count && json_array_size(list) == count);
}

TEST(partition_tables)
{
    each_good("partition_table", look_at_partition_table);
}

static void look_at_ota_data(const json_t *root)
{
    const json_t *list = at(root, "parts.entries");
    holds(json_array_size(list) == 2);
    for (size_t i = 0; i < 2; i++) {
        const json_t *entry = json_array_get(list, i);
        holds(number_at(entry, "offset") == (json_int_t)i * SECTOR);
        holds(has_fields(entry, "ota_seq seq_label ota_state crc"));
        holds(field(entry, "ota_seq") == u32_at(&bytes, i * SECTOR));
    }
}

TEST(ota_data)
{
    each_good("ota_data", look_at_ota_data);
}

// Each partition that begins inside the file is a part under its label, at its address less that of
// the file's first byte: 0x1000 where the table, which is at 0x8000, lies at 0x7000.
static json_int_t flash_from(const json_t *root)
{
    json_int_t from = 0x8000 - number_at(root, "parts.partition_table.offset");
    holds(from == 0 || from == 0x1000);
    holds(field(root, "flash_offset") == from);
    return from;
}

static size_t flash_partitions(const json_t *root)
{
    const json_t *one;
    size_t i, inside = 0;
    json_array_foreach(at(root, "parts.partition_table.parts.partitions"), i, one)
    {
        json_int_t place = field(one, "offset") - flash_from(root);
        if (place < number_at(root, "size")) {
            const json_t *part = json_object_get(at(root, "parts"), field_text(one, "label"));
            holds(number_at(part, "offset") == place);
            inside++;
        }
    }
    return inside;
}

static void look_at_flash(const json_t *root)
{
    const json_t *parts = at(root, "parts");
    const char *part_name;
    json_t *part;
    size_t apps = 0;
    holds(text_is(parts, "bootloader.format", "esp_image") &&
          text_is(parts, "bootloader.fields.type.value", "bootloader"));
    holds(text_is(parts, "partition_table.format", "partition_table"));
    holds(flash_partitions(root) > 0);
    json_object_foreach((json_t *)(uintptr_t)parts, part_name, part)
    {
        apps += text_is(part, "format", "esp_image") && text_is(part, "fields.type.value", "app");
    }
    holds(apps > 0);
}

TEST(flash)
{
    each_good("flash", look_at_flash);
}

UNIT(fields)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(combined_images),
        cmocka_unit_test(esp_images),
        cmocka_unit_test(partition_tables),
        cmocka_unit_test(ota_data),
        cmocka_unit_test(flash),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
