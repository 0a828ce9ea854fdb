// SPDX-License-Identifier: Apache-2.0
//
// What combined.h declares, of the files' bytes alone.
#include "combined.h"

#include "../unit/unit.h"

#include "image.h"

static void append(struct image *to, size_t value)
{
    image_append(to, "\0\0\0", 4);
    poke32(to, to->n - 4, (uint32_t)value);
}

// Tag and address of each file that flash_args names, from its second line on.
static struct image flash_args(const char *file)
{
    char line[256];
    struct image records = image_fill(0, 0);
    FILE *f = fopen(file, "rb");
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof(line), f));
    while (fgets(line, sizeof(line), f) != NULL) {
        unsigned tag = strstr(line, "bootloader") != NULL        ? 2
                       : strstr(line, "partition_table") != NULL ? 3
                                                                 : 4;
        append(&records, tag);
        append(&records, strtoul(line, NULL, 0));
    }
    (void)fclose(f);
    return records;
}

void combined_of(const char *to, const char *folder, const char *host)
{
    static const char *const names[] = {"rcp_version", "flash_args", "bootloader/bootloader.bin",
                                        "partition_table/partition-table.bin", "esp_ot_rcp.bin"};
    struct image parts[6];
    for (size_t i = 0; i < COUNT(names); i++) {
        char name[512];
        (void)snprintf(name, sizeof(name), "%s/%s", folder, names[i]);
        parts[i] = i == 1 ? flash_args(name) : image_load(name);
    }
    parts[5] = host != NULL ? image_load(host) : image_fill(0, 0);
    size_t count = host != NULL ? 6 : 5, at = 12 * (count + 1);
    struct image im = image_fill(0, 0);
    append(&im, 255);
    append(&im, at);
    append(&im, 0);
    for (size_t i = 0; i < count; i++) {
        append(&im, i);
        append(&im, parts[i].n);
        append(&im, at);
        at += parts[i].n;
    }
    for (size_t i = 0; i < COUNT(parts); i++) {
        image_append(&im, parts[i].p, parts[i].n);
        image_free(&parts[i]);
    }
    image_save(&im, to);
    image_free(&im);
}

void combined_make(const char *to, const char *host)
{
    combined_of(to, "fixtures/rcp_build", host);
}
