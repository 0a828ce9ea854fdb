/* SPDX-License-Identifier: Apache-2.0
 *
 * littlefs.h, spiffs.h.
 */
#include "source.h"

static void littlefs(const struct otapack_source *src)
{
    struct otapack_littlefs fs;
    if (otapack_littlefs_open(src, &fs).code == OTAPACK_OK) {
        (void)otapack_littlefs_size(&fs);
    }
}

static void spiffs(const struct otapack_source *src)
{
    struct otapack_spiffs fs;
    if (otapack_spiffs_open(src, &fs).code == OTAPACK_OK) {
        (void)otapack_spiffs_size(&fs);
    }
}

int main(void)
{
    struct otapack_source memory = source_in_memory(), function = source_of_function();
    littlefs(&memory);
    littlefs(&function);
    spiffs(&memory);
    spiffs(&function);
    return 0;
}
