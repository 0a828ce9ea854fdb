/* SPDX-License-Identifier: Apache-2.0
 *
 * compressed_image.h.
 */
#include "source.h"

static uint32_t any_crc(uint32_t crc, const uint8_t *bytes, size_t n)
{
    prove_readable(bytes, n);
    return crc ^ any_u32();
}

static void read_any_image(const struct otapack_source *src)
{
    struct otapack_compressed_image img;
    if (otapack_compressed_image_open(src, &img).code == OTAPACK_OK) {
        (void)otapack_compressed_image_check_crc(src, &img, any_crc);
        prove(otapack_compressed_image_end(&img) >= OTAPACK_COMPRESSED_IMAGE_HEADER_SIZE);
    }
}

static void write_any_image(void)
{
    uint8_t output[OTAPACK_COMPRESSED_IMAGE_HEADER_SIZE];
    struct otapack_compressed_image img;
    Frama_C_make_unknown((char *)&img, sizeof(img));
    otapack_compressed_image_write(&img, any_crc, output);
    prove_readable(output, sizeof(output));
}

int main(void)
{
    struct otapack_source memory = source_in_memory(), function = source_of_function();
    read_any_image(&memory);
    read_any_image(&function);
    write_any_image();
    return 0;
}
