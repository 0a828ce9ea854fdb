/* SPDX-License-Identifier: Apache-2.0
 *
 * littlefs.h, littlefs_file.h, spiffs.h.
 */
#include "source.h"

static void littlefs_files(const struct otapack_source *src, const struct otapack_littlefs *fs)
{
    struct otapack_littlefs_walk walk;
    struct otapack_littlefs_file file;
    uint8_t to[16];
    uint32_t n;
    bool more = true;
    if (otapack_littlefs_root(src, fs, &walk).code != OTAPACK_OK) {
        return;
    }
    while (more && otapack_littlefs_next(src, fs, &walk, &file, &more).code == OTAPACK_OK && more) {
        (void)otapack_littlefs_check(src, fs, &file);
        (void)otapack_littlefs_read(src, fs, &file, any_u32(), to, sizeof(to), &n);
        prove(n <= sizeof(to));
    }
}

static void littlefs(const struct otapack_source *src)
{
    struct otapack_littlefs fs;
    if (otapack_littlefs_open(src, &fs).code == OTAPACK_OK) {
        (void)otapack_littlefs_size(&fs);
        littlefs_files(src, &fs);
    }
}

static void spiffs(const struct otapack_source *src)
{
    struct otapack_spiffs fs;
    struct otapack_spiffs_page page;
    struct otapack_spiffs_file file;
    if (otapack_spiffs_open(src, &fs).code == OTAPACK_OK) {
        (void)otapack_spiffs_size(&fs);
        (void)otapack_spiffs_entries(&fs);
        (void)otapack_spiffs_read_page(src, &fs, any_u32(), any_u32(), &page);
        (void)otapack_spiffs_read_file(src, &page, &file);
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
