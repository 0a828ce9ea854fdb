// SPDX-License-Identifier: Apache-2.0
//
// Checksum, length and CRC of an image of the ESP8266: what it says, and what its bytes give.
#include <inttypes.h>

#include "esp8266.h"
#include "esp8266_tree.h"
#include "text.h"

enum { WORK_SIZE = 64 * 1024 };

// What the checksum should be; false where the bytes cannot be read.
static bool count_checksum(struct judge *j, struct node *n, const struct otapack_source *src,
                           const struct otapack_esp8266_image *image, uint8_t *out)
{
    uint8_t work[WORK_SIZE];
    struct otapack_status s = otapack_esp8266_checksum(src, image, work, sizeof(work), out);
    n->error = s.code == OTAPACK_OK ? n->error : status_text(j->arena, n, s);
    return s.code == OTAPACK_OK;
}

static void say_checksum(struct judge *j, struct node *n, enum check_id check,
                         const struct otapack_esp8266_image *image, bool good, uint8_t sum)
{
    found(j, n, check, good, "the checksum byte is 0x%02x, the segments give 0x%02x",
          image->checksum, sum);
}

void rule_esp8266_checksum(struct judge *j, struct node *n, const struct otapack_source *src,
                           const struct otapack_esp8266_image *image)
{
    uint8_t sum;
    if (count_checksum(j, n, src, image, &sum)) {
        say_checksum(j, n, CHECK_ESP8266_CHECKSUM, image, sum == image->checksum, sum);
    }
}

// The same with what runs from flash, which rBoot counts as well where it is built with
// BOOT_IROM_CHKSUM.
static bool is_with_irom(const struct otapack_source *src, const struct otapack_esp8266_v2 *v2,
                         uint8_t sum)
{
    uint8_t block[4096];
    uint64_t at = v2->irom.at + OTAPACK_ESP8266_SEGMENT_HEADER_SIZE;
    for (; at < v2->image_at; at += sizeof(block)) {
        uint64_t left = v2->image_at - at;
        size_t n = left < sizeof(block) ? (size_t)left : sizeof(block);
        if (otapack_read(src, at, block, n, "").code != OTAPACK_OK) {
            return false;
        }
        sum ^= otapack_xor(block, n);
    }
    return sum == v2->image.checksum;
}

void rule_esp8266_v2_checksum(struct judge *j, struct node *n, const struct otapack_esp8266_v2 *v2)
{
    uint8_t sum;
    if (count_checksum(j, n, &n->src, &v2->image, &sum)) {
        bool good = sum == v2->image.checksum || is_with_irom(&n->src, v2, sum);
        say_checksum(j, n, CHECK_ESP8266_CHECKSUM, &v2->image, good, sum);
    }
}

void rule_esp8266_sketch_checksum(struct judge *j, struct node *n, const struct otapack_source *src,
                                  const struct otapack_esp8266_image *image)
{
    const uint64_t words_at = image->at + OTAPACK_ESP8266_LENGTH_AT - OTAPACK_ESP8266_SKETCH_AT;
    bool is_sketch = esp8266_is_mapped(image->segments[0].load_addr);
    uint8_t words[8] = {0}, sum;
    if (!count_checksum(j, n, src, image, &sum)) {
        return;
    }
    if (is_sketch && image->segments[0].data_len >= sizeof(words)) {
        (void)otapack_read(src, words_at, words, sizeof(words), ""); // inside the segment
    }
    uint8_t unstamped = (uint8_t)(sum ^ otapack_xor(words, sizeof(words)));
    // What runs from flash is no image that the ROM or a bootloader loads: eboot goes by no
    // checksum.
    say_checksum(j, n, is_sketch ? CHECK_ESP8266_SKETCH_CHECKSUM : CHECK_ESP8266_CHECKSUM, image,
                 sum == image->checksum || unstamped == image->checksum, unstamped);
}

static void check_length(struct judge *j, struct node *n, const struct otapack_esp8266_arduino *a)
{
    if (a->stored_length != a->sketch.end) {
        found(j, n, CHECK_ESP8266_LENGTH, false, "the image says that it has %s bytes, and has %s",
              text_count(j->arena, a->stored_length), text_count(j->arena, a->sketch.end));
        return;
    }
    found(j, n, CHECK_ESP8266_LENGTH, a->stamp_at == OTAPACK_ESP8266_LENGTH_AT,
          "the length is right, and stands at 0x%" PRIx64 ", where core 2.7 has it", a->stamp_at);
}

// Nothing looks at them but a sketch that calls ESP.checkFlashCRC().
void rule_esp8266_words(struct judge *j, struct node *n, const struct otapack_esp8266_arduino *a)
{
    uint8_t work[WORK_SIZE];
    uint32_t crc;
    if (a->stamp_at == 0) {
        found(j, n, CHECK_ESP8266_LENGTH, false,
              "code stands where cores from 2.7 on have length and CRC of the image");
        return;
    }
    check_length(j, n, a);
    // A wrong length has its own finding: the CRC is counted over what is there.
    struct otapack_status s =
        otapack_esp8266_arduino_crc(&n->src, a->stamp_at, a->sketch.end, work, sizeof(work), &crc);
    if (s.code != OTAPACK_OK) {
        n->error = status_text(j->arena, n, s);
        return;
    }
    found(j, n, CHECK_ESP8266_CRC, crc == a->crc,
          "the CRC is 0x%08" PRIx32 ", the image gives 0x%08" PRIx32, a->crc, crc);
}

void rule_esp8266_v2_crc(struct judge *j, struct node *n, const struct otapack_esp8266_v2 *v2,
                         bool there)
{
    uint32_t crc;
    found(j, n, CHECK_ESP8266_NO_CRC, there, "no CRC follows the image");
    if (!there) {
        return;
    }
    struct otapack_status s = esp8266_count_v2_crc(&n->src, v2->crc_at, &crc);
    if (s.code != OTAPACK_OK) {
        n->error = status_text(j->arena, n, s);
        return;
    }
    found(j, n, CHECK_ESP8266_V2_CRC, crc == v2->crc,
          "the CRC is 0x%08" PRIx32 ", the image gives 0x%08" PRIx32, v2->crc, crc);
}
