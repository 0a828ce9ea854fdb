/* SPDX-License-Identifier: Apache-2.0
 *
 * What the parsers for whole buffers make of a file, each number of it; and what is written of what
 * they read. The bytes come through a read function for images, from memory for the others.
 */
#include "run.h"

#include <otapack/otapack.h>

static void say_status(const char *parser, struct otapack_status s)
{
    say(parser);
    say_number("code", s.code);
    say_number("at", s.at);
    say_number("value", s.value);
    say_number("limit", s.limit);
    say(" ");
    say(s.field);
    say_end();
}

static bool read_memory(void *ctx, uint64_t at, uint8_t *to, size_t n)
{
    memcpy(to, (const uint8_t *)ctx + (size_t)at, n);
    return true;
}

static struct otapack_source through_function(const uint8_t *bytes, size_t n)
{
    struct otapack_source src = {.read = read_memory, .ctx = (void *)(uintptr_t)bytes, .size = n};
    return src;
}

static void say_text(const char *name, const char *text, size_t n)
{
    say_bytes(name, (const uint8_t *)text, otapack_text_length(text, n));
}

static void print_descriptions(const struct otapack_source *src)
{
    struct otapack_app_desc app;
    struct otapack_bootloader_desc bootloader;
    struct otapack_status s = otapack_app_desc_read(src, OTAPACK_APP_DESC_AT, &app);
    say_status("app_desc", s);
    if (s.code == OTAPACK_OK) {
        say_number("secure_version", app.secure_version);
        say_text("version", app.version, sizeof(app.version));
        say_text("project_name", app.project_name, sizeof(app.project_name));
        say_text("idf_ver", app.idf_ver, sizeof(app.idf_ver));
        say_number("min_efuse", app.min_efuse_blk_rev_full);
        say_number("max_efuse", app.max_efuse_blk_rev_full);
        say_number("mmu_page_size", app.mmu_page_size);
        say_end();
    }
    s = otapack_bootloader_desc_read(src, OTAPACK_BOOTLOADER_DESC_AT, &bootloader);
    say_status("bootloader_desc", s);
    if (s.code == OTAPACK_OK) {
        say_number("version", bootloader.version);
        say_number("secure_version", bootloader.secure_version);
        say_text("idf_ver", bootloader.idf_ver, sizeof(bootloader.idf_ver));
        say_end();
    }
}

static void say_header(const struct otapack_esp_header *h)
{
    say_number("segments", h->segment_count);
    say_number("spi", (uint64_t)h->spi_mode << 16 | h->spi_speed << 8 | h->spi_size);
    say_number("entry", h->entry_addr);
    say_number("chip", h->chip_id);
    say_number("min_rev", h->min_chip_rev_full);
    say_number("max_rev", h->max_chip_rev_full);
    say_end();
}

static void print_image(const struct otapack_source *src, struct otapack_esp_image *image)
{
    struct hasher sha256 = {.md5 = false};
    const struct otapack_hash hash = {&sha256, hash_start, hash_update, hash_finish};
    struct otapack_esp_sums sums;
    uint8_t work[100];
    struct otapack_status s = otapack_esp_image_open(src, image);
    say_status("esp_image", s);
    say_header(&image->header);
    for (uint32_t i = 0; i < image->segments_read; i++) {
        say_number("at", image->segments[i].at);
        say_number("load_addr", image->segments[i].load_addr);
        say_number("data_len", image->segments[i].data_len);
        say_end();
    }
    if (s.code == OTAPACK_OK) {
        say_status("compute",
                   otapack_esp_image_compute(src, image, &hash, work, sizeof(work), &sums));
        say_number("length", image->length);
        say_number("checksum", image->checksum);
        say_number("computed", sums.checksum);
        say_bytes("hash", image->hash, sizeof(image->hash));
        say_bytes("computed", sums.hash, sizeof(sums.hash));
        say_number("right", memcmp(image->hash, sums.hash, sizeof(sums.hash)) == 0);
        say_end();
    }
}

/* Whether this modulus was here before. What a block has beside it takes long to compute, and the
   same few keys have signed most files. */
static bool is_known(const uint8_t *modulus)
{
    static uint32_t known[16];
    static unsigned count;
    uint32_t it = crc_of(0, modulus, OTAPACK_SB_RSA_SIZE);
    for (unsigned i = 0; i < count; i++) {
        if (known[i] == it) {
            return true;
        }
    }
    if (count < sizeof(known) / sizeof(known[0])) {
        known[count++] = it;
    }
    return false;
}

/* The block once more, from what was read of it, with big-endian numbers as elsewhere. */
static void write_block(const struct otapack_sb_block *b)
{
    static uint8_t public_key[2 * OTAPACK_SB_RSA_SIZE], signature[2 * OTAPACK_SB_RSA_SIZE];
    static uint8_t raw[OTAPACK_SB_BLOCK_SIZE];
    uint32_t n = otapack_sb_number_size(b->scheme);
    bool rsa = b->scheme == OTAPACK_SB_RSA3072;
    struct otapack_sb_parts parts = {b->scheme, b->digest, public_key, 0, signature};
    otapack_sb_reverse(public_key, b->key + (rsa ? 0 : 1), n);
    otapack_sb_reverse(signature, b->signature, n);
    if (rsa && is_known(public_key)) {
        return;
    }
    if (rsa) {
        parts.exponent = otapack_le32(b->key + n);
    } else {
        otapack_sb_reverse(public_key + n, b->key + 1 + n, n);
        otapack_sb_reverse(signature + n, b->signature + n, n);
    }
    otapack_sb_block_write(&parts, raw);
    say_bytes("written", raw, sizeof(raw));
}

static void print_signatures(const struct otapack_source *src, uint64_t image_length)
{
    static uint8_t raw[OTAPACK_SB_BLOCK_SIZE], rewritten[OTAPACK_SB_V1_SIZE];
    struct otapack_sb_v1 v1 = {0};
    for (uint32_t i = 0; i < OTAPACK_SB_MAX_BLOCKS; i++) {
        struct otapack_sb_block b;
        uint64_t at = otapack_sb_sector_at(image_length) + (uint64_t)i * OTAPACK_SB_BLOCK_SIZE;
        struct otapack_status s = otapack_sb_block_read(src, at, raw, &b);
        say_status("block", s);
        if (s.code == OTAPACK_OK) {
            say_number("scheme", b.scheme);
            say_bytes("digest", b.digest, b.digest_size);
            say_bytes("key", b.key, b.key_size);
            say_bytes("signature", b.signature, b.signature_size);
            say_number("crc", b.crc);
            say_number("computed", otapack_sb_crc(raw));
            say_number("zero", otapack_sb_unused_are_zero(raw, &b));
            say_number("p192", otapack_sb_p192_rest_is_zero(&b));
            say_bytes("raw", raw, sizeof(raw));
            write_block(&b);
            say_end();
        }
    }
    say_status("v1", otapack_sb_v1_read(src, image_length, &v1));
    otapack_sb_v1_write(&v1, rewritten);
    say_bytes("written", rewritten, sizeof(rewritten));
    say_end();
}

static void say_span(const char *name, const struct otapack_matter_text *text)
{
    say_number(name, text->at);
    say_number("n", text->size);
}

static void print_matter(const struct otapack_source *src)
{
    static uint8_t written[OTAPACK_MATTER_FIXED_SIZE + OTAPACK_MATTER_MAX_TLV];
    struct otapack_matter m;
    struct otapack_status s = otapack_matter_open(src, &m);
    say_status("matter", s);
    say_number("total_size", m.total_size);
    say_number("payload_size", m.payload_size);
    say_number("vendor_id", m.vendor_id);
    say_number("product_id", m.product_id);
    say_number("version", m.software_version);
    say_number("min", m.min_applicable_software_version);
    say_number("max", m.max_applicable_software_version);
    say_span("text", &m.software_version_string);
    say_span("url", &m.release_notes_url);
    say_span("digest", &m.image_digest);
    say_number("type", m.image_digest_type);
    say_number("read_to", m.read_to);
    if (s.code == OTAPACK_OK) {
        const struct otapack_matter_texts texts = {src->bytes + m.software_version_string.at,
                                                   src->bytes + m.release_notes_url.at,
                                                   src->bytes + m.image_digest.at};
        say_bytes("written", written, otapack_matter_write(&m, &texts, written, sizeof(written)));
    }
    say_end();
}

static void print_combined(const struct otapack_source *src)
{
    struct otapack_rcp_image image;
    struct otapack_status s = otapack_rcp_image_open(src, &image);
    const struct otapack_rcp_entry *args = otapack_rcp_find(&image, OTAPACK_RCP_FLASH_ARGS);
    uint8_t written[OTAPACK_RCP_ENTRY_SIZE];
    say_status("rcp_image", s);
    for (uint32_t i = 0; i < image.count; i++) {
        say_number("tag", image.entries[i].tag);
        say_number("offset", image.entries[i].offset);
        say_number("end", otapack_rcp_entry_end(&image.entries[i]));
        otapack_rcp_entry_write(&image.entries[i], written);
        say_bytes("written", written, sizeof(written));
        say_end();
    }
    if (args != NULL) {
        struct otapack_source part = otapack_part(src, args->offset, args->size);
        struct otapack_rcp_record record;
        for (uint32_t i = 0; otapack_rcp_record_read(&part, i, &record).code == OTAPACK_OK; i++) {
            say_number("tag", record.tag);
            say_number("address", record.address);
            otapack_rcp_record_write(&record, written);
            say_bytes("written", written, OTAPACK_RCP_RECORD_SIZE);
            say_end();
        }
    }
}

static void print_table(const struct otapack_source *src)
{
    struct hasher md5 = {.md5 = true};
    const struct otapack_hash hash = {&md5, hash_start, hash_update, hash_finish};
    struct otapack_partition_table table;
    struct otapack_partition part;
    uint8_t digest[OTAPACK_PARTITION_MD5_SIZE];
    struct otapack_status s = otapack_partition_table_open(src, &table);
    say_status("partition_table", s);
    for (uint32_t i = 0; i < table.count; i++) {
        if (otapack_partition_read(src, i, &part).code == OTAPACK_OK) {
            say_number("type", part.type);
            say_number("subtype", part.subtype);
            say_number("offset", part.offset);
            say_number("size", part.size);
            say_number("flags", part.flags);
            say_text("label", part.label, sizeof(part.label));
            say_number("ota", otapack_partition_is_ota(&part));
            say_end();
        }
    }
    if (table.has_md5) {
        say_status("md5", otapack_partition_table_compute(src, &table, &hash, digest));
        say_bytes("digest", digest, sizeof(digest));
        say_number("right", memcmp(digest, table.md5, sizeof(digest)) == 0);
        say_end();
    }
}

static uint32_t zlib_crc(uint32_t crc, const uint8_t *bytes, size_t n)
{
    return crc_of(crc, bytes, n);
}

static void print_ota_data(const struct otapack_source *src)
{
    for (uint32_t which = 0; which < 2; which++) {
        struct otapack_ota_entry e;
        if (otapack_ota_entry_read(src, which, &e).code == OTAPACK_OK) {
            say("ota_data");
            say_number("seq", e.ota_seq);
            say_number("state", e.ota_state);
            say_number("crc", e.crc);
            say_number("computed", otapack_ota_seq_crc(e.ota_seq, zlib_crc));
            say_end();
        }
    }
}

static void say_esp8266(const char *name, struct otapack_status s, const struct otapack_source *src,
                        const struct otapack_esp8266_image *image)
{
    uint8_t raw[OTAPACK_ESP8266_HEADER_SIZE], work[100], sum;
    say_status(name, s);
    otapack_esp8266_header_encode(&image->header, raw);
    say_bytes("written", raw, sizeof(raw));
    say_number("at", image->at);
    for (uint32_t i = 0; i < image->segments_read; i++) {
        say_number("at", image->segments[i].at);
        say_number("load_addr", image->segments[i].load_addr);
        say_number("data_len", image->segments[i].data_len);
    }
    say_number("padding_at", image->padding_at);
    say_number("end", image->end);
    say_number("checksum", image->checksum);
    (void)otapack_esp8266_checksum(src, image, work, sizeof(work), &sum);
    say_number("computed", sum);
    say_number("desc_at", otapack_esp8266_desc_at(src, image));
    say_end();
}

static void print_arduino(const struct otapack_source *src)
{
    struct otapack_esp8266_arduino a;
    uint8_t work[100];
    uint32_t crc;
    struct otapack_status s = otapack_esp8266_arduino_open(src, &a);
    say_esp8266("esp8266_eboot", s, src, &a.eboot);
    say_esp8266("esp8266_sketch", s, src, &a.sketch);
    if (s.code == OTAPACK_OK) {
        say_status("crc", otapack_esp8266_arduino_crc(src, a.stamp_at, a.sketch.end, work,
                                                      sizeof(work), &crc));
        say_number("stamp_at", a.stamp_at);
        say_number("length", a.stored_length);
        say_number("crc", a.crc);
        say_number("computed", crc);
        say_end();
    }
}

static void print_v2(const struct otapack_source *src)
{
    struct otapack_esp8266_v2 v2;
    struct otapack_status s = otapack_esp8266_v2_open(src, &v2);
    say_esp8266("esp8266_v2", s, src, &v2.image);
    say_number("slot", otapack_esp8266_v2_slot(&v2));
    say_number("irom", v2.irom.data_len);
    say_number("end", v2.end);
    say_number("has_crc", v2.has_crc);
    say_number("crc", v2.crc);
    say_number("negated", otapack_esp8266_v2_crc(v2.crc));
    say_end();
}

static void print_rboot(const struct otapack_source *src)
{
    struct otapack_rboot_config c;
    struct otapack_status s = otapack_rboot_config_read(src, OTAPACK_RBOOT_CONFIG_AT, &c);
    say_status("rboot", s);
    if (s.code == OTAPACK_OK) {
        say_number("mode", c.mode);
        say_number("gpio_rom", c.gpio_rom);
        say_number("first", otapack_rboot_first(&c));
        say_number("roms_at", c.roms_at);
        for (uint32_t i = 0; i < c.count; i++) {
            say_number("rom", c.roms[i]);
        }
        say_end();
    }
}

static void print_esp8266(const struct otapack_source *src)
{
    struct otapack_esp8266_signature signature;
    print_arduino(src);
    print_v2(src);
    print_rboot(src);
    say_status("esp8266_signature", otapack_esp8266_signature_read(src, &signature));
    say_number("at", signature.at);
    say_number("size", signature.size);
    say_end();
}

static void say_gzip_span(const char *name, struct otapack_gzip_span span)
{
    say_number(name, span.at);
    say_number("n", span.size);
}

static void print_gzip(const struct otapack_source *src)
{
    struct otapack_gzip gz;
    say_status("gzip", otapack_gzip_open(src, &gz));
    say_number("flags", gz.flags);
    say_number("mtime", gz.mtime);
    say_number("extra_flags", gz.extra_flags);
    say_number("os", gz.os);
    say_gzip_span("extra", gz.extra);
    say_gzip_span("name", gz.name);
    say_gzip_span("comment", gz.comment);
    say_number("header_crc_at", gz.header_crc_at);
    say_number("header_crc", gz.header_crc);
    say_number("compressed_at", gz.compressed_at);
    say_end();
}

static void print_littlefs_files(const struct otapack_source *src,
                                 const struct otapack_littlefs *fs)
{
    struct otapack_littlefs_walk walk;
    struct otapack_littlefs_file file;
    uint8_t to[4] = {0};
    uint32_t n;
    bool more = true;
    struct otapack_status s = otapack_littlefs_root(src, fs, &walk);
    while (s.code == OTAPACK_OK && more) {
        s = otapack_littlefs_next(src, fs, &walk, &file, &more);
        say_number("name_size", file.name_size);
        say_number("file_size", file.size);
        if (more && otapack_littlefs_check(src, fs, &file).code == OTAPACK_OK) {
            (void)otapack_littlefs_read(src, fs, &file, file.size >> 1, to, sizeof(to), &n);
            say_number("read", n);
            say_number("bytes", otapack_le32(to));
        }
    }
    say_status("files", s);
    say_end();
}

static void print_file_systems(const struct otapack_source *src)
{
    struct otapack_littlefs littlefs;
    struct otapack_spiffs spiffs;
    struct otapack_status s = otapack_littlefs_open(src, &littlefs);
    say_status("littlefs", s);
    say_number("block_at", littlefs.block_at);
    say_number("superblock_at", littlefs.superblock_at);
    say_number("used", littlefs.used);
    say_number("revision", littlefs.revision);
    say_number("version", littlefs.version);
    say_number("name_max", littlefs.name_max);
    say_number("file_max", littlefs.file_max);
    say_number("attr_max", littlefs.attr_max);
    say_number("size", otapack_littlefs_size(&littlefs));
    say_end();
    if (s.code == OTAPACK_OK) {
        print_littlefs_files(src, &littlefs);
    }
    say_status("spiffs", otapack_spiffs_open(src, &spiffs));
    say_number("page_size", spiffs.page_size);
    say_number("magic_at", spiffs.magic_at);
    say_number("counted", spiffs.counted);
    say_number("unerased", spiffs.unerased);
    say_number("present", spiffs.present);
    say_number("pages", spiffs.pages);
    say_number("used_pages", spiffs.used_pages);
    say_number("deleted_pages", spiffs.deleted_pages);
    say_number("size", otapack_spiffs_size(&spiffs));
    say_end();
}

static void print_zlib(const struct otapack_source *src)
{
    struct otapack_zlib z;
    say_status("zlib", otapack_zlib_open(src, &z));
    say_number("method", z.method);
    say_number("window", z.window);
    say_number("level", z.level);
    say_number("dictionary", z.dictionary);
    say_end();
}

static void print_esp_encrypted_img(const struct otapack_source *src)
{
    struct otapack_esp_encrypted_img img;
    uint8_t written[OTAPACK_ESP_ENCRYPTED_IMG_HEADER_SIZE];
    struct otapack_status s = otapack_esp_encrypted_img_open(src, &img);
    say_status("esp_encrypted_img", s);
    if (s.code == OTAPACK_OK) {
        say_status("size", otapack_esp_encrypted_img_check_size(src, &img));
        say_number("ecies", otapack_esp_encrypted_img_is_ecies(&img));
        otapack_esp_encrypted_img_write(&img, written);
        say_bytes("written", written, sizeof(written));
        say_end();
    }
}

static uint32_t no_crc(uint32_t crc, const uint8_t *bytes, size_t n)
{
    (void)bytes;
    return crc + (uint32_t)n;
}

static void print_compressed_image(const struct otapack_source *src)
{
    struct otapack_compressed_image img;
    uint8_t written[OTAPACK_COMPRESSED_IMAGE_HEADER_SIZE];
    struct otapack_status s = otapack_compressed_image_open(src, &img);
    say_status("compressed_image", s);
    if (s.code == OTAPACK_OK) {
        say_status("crc", otapack_compressed_image_check_crc(src, &img, no_crc));
        say_number("end", (uint32_t)otapack_compressed_image_end(&img));
        otapack_compressed_image_write(&img, no_crc, written);
        say_bytes("written", written, sizeof(written));
        say_end();
    }
}

void print_parsers(const uint8_t *bytes, size_t n)
{
    struct otapack_source memory = otapack_memory(bytes, n);
    struct otapack_source function = through_function(bytes, n);
    struct otapack_esp_image image;
    print_descriptions(&function);
    print_image(&function, &image);
    if (image.length > 0) {
        print_signatures(&function, image.length);
    }
    print_matter(&memory);
    print_combined(&memory);
    print_table(&memory);
    print_ota_data(&memory);
    print_esp8266(&function);
    print_gzip(&function);
    print_file_systems(&function);
    print_zlib(&function);
    print_esp_encrypted_img(&function);
    print_compressed_image(&function);
}
