/* SPDX-License-Identifier: Apache-2.0
 *
 * esp_image.h: the data of an image, with a work buffer of any size up to MOST; exactly its bytes
 * are used up to 64.
 */
#include "source.h"

static uint8_t work[MOST];

/* Of any image, also one that was never opened. */
static void esp_compute(const struct otapack_source *src)
{
    struct otapack_esp_image image;
    struct otapack_esp_sums sums;
    size_t room = Frama_C_unsigned_int_interval(0, MOST);
    Frama_C_make_unknown((char *)&image, sizeof(image));
    image.has_hash = any_bool();
    image.segments_read = Frama_C_unsigned_int_interval(0, OTAPACK_ESP_MAX_SEGMENTS);
    (void)otapack_esp_image_compute(src, &image, any_bool() ? &hash_32 : NULL, work, room, &sums);
}

/* Of a work buffer, exactly its bytes are used. */
static void feed(const struct otapack_source *src, size_t room)
{
    uint8_t sum = any_u8();
    (void)otapack_esp_feed_(src, any_u64(), any_u64(), &hash_32, work + (MOST - room), room, &sum);
}

static void feed_all(const struct otapack_source *src)
{
    //@ loop unroll 64;
    for (size_t room = 1; room <= 64; room++) {
        feed(src, room);
    }
    feed(src, MOST);
}

int main(void)
{
    struct otapack_source memory = source_in_memory(), function = source_of_function();
    Frama_C_make_unknown((char *)work, sizeof(work));
    esp_compute(&memory);
    esp_compute(&function);
    feed_all(&function);
    return 0;
}
