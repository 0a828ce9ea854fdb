/* SPDX-License-Identifier: Apache-2.0
 *
 * esp_image.h, app_desc.h, bootloader_desc.h, partition_table.h, ota_data.h, rcp_image.h.
 */
#include "source.h"

static void esp_parts(const struct otapack_source *src)
{
    struct otapack_esp_header header;
    struct otapack_esp_segment segment;
    (void)otapack_esp_header_read(src, &header);
    if (otapack_esp_segment_read(src, any_u64(), &segment).code == OTAPACK_OK) {
        (void)otapack_esp_segment_end(&segment);
    }
}

static void esp_open(const struct otapack_source *src)
{
    struct otapack_esp_image image;
    (void)otapack_esp_image_open(src, &image);
    bool good_count = image.segments_read <= OTAPACK_ESP_MAX_SEGMENTS;
    //@ assert good_count == 1;
}

static void descriptions(const struct otapack_source *src)
{
    struct otapack_app_desc app;
    struct otapack_bootloader_desc bootloader;
    uint8_t raw[OTAPACK_APP_DESC_SIZE];
    Frama_C_make_unknown((char *)raw, sizeof(raw));
    otapack_app_desc_decode(raw, &app);
    if (otapack_app_desc_read(src, any_u64(), &app).code == OTAPACK_OK) {
        (void)otapack_text_length(app.version, sizeof(app.version));
        (void)otapack_text_length(app.time, sizeof(app.time));
    }
    if (otapack_bootloader_desc_read(src, any_u64(), &bootloader).code == OTAPACK_OK) {
        (void)otapack_text_length(bootloader.idf_ver, sizeof(bootloader.idf_ver));
    }
}

static uint32_t crc32_of(uint32_t crc, const uint8_t *bytes, size_t n)
{
    (void)crc;
    prove_readable(bytes, n);
    return any_u32();
}

static void partitions(const struct otapack_source *src)
{
    struct otapack_partition_table table;
    struct otapack_partition partition;
    struct otapack_ota_entry entry;
    uint8_t digest[OTAPACK_PARTITION_MD5_SIZE];
    (void)otapack_partition_table_open(src, &table);
    (void)otapack_partition_table_compute(src, &table, &hash_16, digest);
    if (otapack_partition_read(src, any_u32(), &partition).code == OTAPACK_OK) {
        (void)otapack_partition_is_ota(&partition);
    }
    if (otapack_ota_entry_read(src, any_u32(), &entry).code == OTAPACK_OK) {
        (void)otapack_ota_seq_crc(entry.ota_seq, crc32_of);
    }
}

static void rcp_image(const struct otapack_source *src)
{
    struct otapack_rcp_image combined;
    struct otapack_rcp_record record;
    uint8_t raw[OTAPACK_RCP_ENTRY_SIZE];
    (void)otapack_rcp_image_open(src, &combined);
    const struct otapack_rcp_entry *entry = otapack_rcp_find(&combined, any_u32());
    if (entry != NULL) {
        (void)otapack_rcp_entry_end(entry);
        otapack_rcp_entry_write(entry, raw);
    }
    if (otapack_rcp_record_read(src, any_u32(), &record).code == OTAPACK_OK) {
        otapack_rcp_record_write(&record, raw);
    }
}

static void all(const struct otapack_source *src)
{
    esp_parts(src);
    esp_open(src);
    descriptions(src);
    partitions(src);
    rcp_image(src);
}

int main(void)
{
    struct otapack_source memory = source_in_memory(), function = source_of_function();
    all(&memory);
    all(&function);
    return 0;
}
