/* SPDX-License-Identifier: Apache-2.0
 *
 * esp_encrypted_img.h.
 */
#include "source.h"

static void read_any_header(const struct otapack_source *src)
{
    struct otapack_esp_encrypted_img img;
    if (otapack_esp_encrypted_img_open(src, &img).code == OTAPACK_OK) {
        (void)otapack_esp_encrypted_img_is_ecies(&img);
        (void)otapack_esp_encrypted_img_check_size(src, &img);
        prove(otapack_esp_encrypted_img_end(&img) >= OTAPACK_ESP_ENCRYPTED_IMG_HEADER_SIZE);
    }
}

static void write_any_header(void)
{
    uint8_t output[OTAPACK_ESP_ENCRYPTED_IMG_HEADER_SIZE];
    struct otapack_esp_encrypted_img img;
    Frama_C_make_unknown((char *)&img, sizeof(img));
    otapack_esp_encrypted_img_write(&img, output);
    prove_readable(output, sizeof(output));
}

int main(void)
{
    struct otapack_source memory = source_in_memory(), function = source_of_function();
    read_any_header(&memory);
    read_any_header(&function);
    write_any_header();
    return 0;
}
