// SPDX-License-Identifier: Apache-2.0
#include "esp8266.h"

#include <otapack/esp_image.h>

bool is_esp8266(const struct otapack_source *src)
{
    uint8_t head[12];
    if (otapack_read(src, 0, head, sizeof(head), "").code != OTAPACK_OK ||
        head[0] != OTAPACK_ESP_MAGIC) {
        return false;
    }
    uint32_t address = otapack_le32(head + 8);
    bool dram = address >= 0x3FFE8000 && address < 0x40000000;
    return dram || (address >= 0x40100000 && address < 0x40300000);
}
