// SPDX-License-Identifier: Apache-2.0
//
// The build folder of an RCP: made of a combined image, and combined as create_ota_image.py does.
#include "combined_image.h"
#include "file.h"
#include "operations.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char *const part_files[PARTS] = {
    [VERSION] = "rcp_version",
    [BOOTLOADER] = "bootloader/bootloader.bin",
    [PARTITION_TABLE] = "partition_table/partition-table.bin",
    [FIRMWARE] = "esp_ot_rcp.bin",
};

static const char *inside(const char *folder, const char *name)
{
    static char path[4096];
    int n = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (n < 0 || (size_t)n >= sizeof path)
        die("is too long a path", folder);
    return path;
}

static void make_folder(const char *path)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        die_system(path);
}

static void save_flash_args(const char *folder, struct data records)
{
    const char *name = inside(folder, "flash_args");
    FILE *out = fopen(name, "w");
    if (out == NULL)
        die_system(name);
    fputs("--flash_mode dio --flash_freq 48m --flash_size 4MB\n", out);
    for (size_t at = 0; at < records.n; at += 8) {
        uint32_t tag = get_u32(records, at);
        if (tag < BOOTLOADER || tag > FIRMWARE)
            die("has a flash argument for an unknown part", "combined image");
        fprintf(out, "0x%x %s\n", get_u32(records, at + 4), part_files[tag]);
    }
    if (fclose(out) != 0)
        die_system(name);
}

int rcp_folder(char **a)
{
    struct data image = load(a[0]), part;
    make_folder(a[1]);
    make_folder(inside(a[1], "bootloader"));
    make_folder(inside(a[1], "partition_table"));
    for (size_t tag = VERSION; tag <= FIRMWARE; tag++) {
        if (!part_of(image, tag, &part))
            die("lacks a part", a[0]);
        if (tag == FLASH_ARGS) {
            save_flash_args(a[1], part);
        } else {
            save(inside(a[1], part_files[tag]), part);
        }
    }
    return 0;
}

// create_ota_image.py takes whatever it does not know for the firmware.
static uint32_t part_of_path(const char *path)
{
    if (strstr(path, "bootloader") != NULL)
        return BOOTLOADER;
    return strstr(path, "partition_table") != NULL ? PARTITION_TABLE : FIRMWARE;
}

static struct data flash_records(const char *name)
{
    struct data records = {0};
    FILE *in = fopen(name, "r");
    if (in == NULL)
        die_system(name);
    char line[4096], path[4096], address[64];
    grow(&records, 0);
    for (bool first = true; fgets(line, sizeof line, in) != NULL; first = false) {
        if (first || sscanf(line, "%63s %4095s", address, path) != 2)
            continue;
        add_u32(&records, part_of_path(path));
        add_u32(&records, (uint32_t)number(address));
    }
    fclose(in);
    return records;
}

// What create_ota_image.py writes, said once more.
int reference_build(char **a)
{
    struct part parts[PARTS];
    for (uint32_t tag = VERSION; tag <= FIRMWARE; tag++) {
        if (tag != FLASH_ARGS)
            parts[tag] = part_with(tag, load(inside(a[0], part_files[tag])));
    }
    parts[FLASH_ARGS] = part_with(FLASH_ARGS, flash_records(inside(a[0], "flash_args")));
    parts[FLASH_ARGS].size = 24; // it takes for granted that there are three
    bool with_host = a[2] != NULL && *a[2] != '\0';
    if (with_host)
        parts[HOST] = part_with(HOST, load(a[2]));
    save_combined(a[1], parts, with_host ? PARTS : PARTS - 1);
    return 0;
}
