/* SPDX-License-Identifier: Apache-2.0
 *
 * esp8266_image.h, esp8266_signature.h, rboot.h, gzip.h, zlib.h; checksum and CRC with a work
 * buffer of any size up to MOST, of which exactly its bytes are used up to 16.
 */
#include "source.h"

static uint8_t work[MOST];

static void header(const struct otapack_source *src)
{
    struct otapack_esp8266_header h;
    uint8_t raw[OTAPACK_ESP8266_HEADER_SIZE];
    if (otapack_esp8266_header_read(src, any_u64(), any_u8(), &h).code == OTAPACK_OK) {
        otapack_esp8266_header_encode(&h, raw);
        prove_readable(raw, sizeof(raw));
    }
}

static void segment(const struct otapack_source *src)
{
    struct otapack_esp_segment seg;
    if (otapack_esp8266_segment_read(src, any_u64(), &seg).code == OTAPACK_OK) {
        (void)otapack_esp_segment_end(&seg);
    }
}

static void image(const struct otapack_source *src)
{
    struct otapack_esp8266_image image;
    (void)otapack_esp8266_image_open(src, any_u64(), &image);
    prove(image.segments_read <= OTAPACK_ESP8266_MAX_SEGMENTS);
}

static void v2(const struct otapack_source *src)
{
    struct otapack_esp8266_v2 file;
    if (otapack_esp8266_v2_open(src, &file).code == OTAPACK_OK) {
        (void)otapack_esp8266_v2_crc(any_u32());
        prove(otapack_esp8266_v2_slot(&file) <= 2);
    }
}

static void arduino(const struct otapack_source *src)
{
    struct otapack_esp8266_arduino file;
    (void)otapack_esp8266_arduino_open(src, &file);
}

/* Any image, also one that was never opened. */
static void make_any(struct otapack_esp8266_image *image)
{
    Frama_C_make_unknown((char *)image, sizeof(*image));
    image->segments_read = Frama_C_unsigned_int_interval(0, OTAPACK_ESP8266_MAX_SEGMENTS);
}

static void desc(const struct otapack_source *src)
{
    struct otapack_esp8266_image image;
    make_any(&image);
    (void)otapack_esp8266_desc_at(src, &image);
}

static void checksum(const struct otapack_source *src)
{
    struct otapack_esp8266_image image;
    uint8_t sum;
    make_any(&image);
    (void)otapack_esp8266_checksum(src, &image, work, Frama_C_unsigned_int_interval(0, MOST), &sum);
}

static void crc(const struct otapack_source *src)
{
    uint32_t crc;
    (void)otapack_esp8266_arduino_crc(src, any_u64(), any_u64(), work,
                                      Frama_C_unsigned_int_interval(0, MOST), &crc);
}

static void feed(const struct otapack_source *src, size_t room)
{
    uint32_t crc = any_u32();
    (void)otapack_esp8266_crc_feed_(src, any_u64(), any_u64(), work + (MOST - room), room, &crc);
}

static void feed_all(const struct otapack_source *src)
{
    //@ loop unroll 16;
    for (size_t room = 1; room <= 16; room++) {
        feed(src, room);
    }
    feed(src, MOST);
}

static void gzip(const struct otapack_source *src)
{
    struct otapack_gzip gz;
    (void)otapack_gzip_open(src, &gz);
}

static void zlib(const struct otapack_source *src)
{
    struct otapack_zlib z;
    if (otapack_zlib_open(src, &z).code == OTAPACK_OK) {
        prove(z.window <= OTAPACK_ZLIB_MAX_WINDOW);
    }
}

static void rboot(const struct otapack_source *src)
{
    struct otapack_rboot_config c;
    if (otapack_rboot_config_read(src, any_u64(), &c).code == OTAPACK_OK) {
        prove(otapack_rboot_first(&c) < OTAPACK_RBOOT_ROMS);
    }
}

static void signature(const struct otapack_source *src)
{
    struct otapack_esp8266_signature sig;
    if (otapack_esp8266_signature_read(src, &sig).code == OTAPACK_OK) {
        prove(sig.size <= OTAPACK_ESP8266_MAX_SIGNATURE);
    }
}

static void all(const struct otapack_source *src)
{
    header(src);
    segment(src);
    image(src);
    v2(src);
    arduino(src);
    desc(src);
    checksum(src);
    crc(src);
    signature(src);
    rboot(src);
    gzip(src);
    zlib(src);
}

int main(void)
{
    struct otapack_source memory = source_in_memory(), function = source_of_function();
    Frama_C_make_unknown((char *)work, sizeof(work));
    all(&memory);
    all(&function);
    feed_all(&function);
    return 0;
}
