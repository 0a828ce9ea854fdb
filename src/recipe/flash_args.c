// SPDX-License-Identifier: Apache-2.0
#include "flash_args.h"

#include <ctype.h>
#include <string.h>

#include "check.h"
#include "file_path.h"
#include "input.h"
#include "os.h"
#include "rcp_part.h"
#include "text.h"

enum { FILE_MOST = 64 * 1024 };

static bool add(struct flash_args *out, const char *where, uint32_t tag, uint32_t address,
                struct err *e)
{
    for (size_t i = 0; i < out->count; i++) {
        if (out->records[i].tag == tag) {
            return check_refuse(e, CHECK_RCP_FLASH_ARGS,
                                "%s: flash_args: the %s is to be flashed twice", where,
                                rcp_part_name(tag));
        }
    }
    out->records[out->count++] = (struct otapack_rcp_record){tag, address};
    return true;
}

static bool same_file(const char *one, const char *other)
{
    struct os_info a, b;
    return other != NULL && os_info(one, &a) && os_info(other, &b) && a.volume == b.volume &&
           a.number == b.number;
}

// Which part of the image a path of flash_args is: the very file, or the name that a build folder
// has for it. Going by a word in the name would take ota_data_initial.bin for the firmware.
static bool tag_of(const struct recipe_rcp *rcp, struct arena *a, const char *path, uint32_t *tag)
{
    const struct {
        const char *file;
        uint32_t tag;
    } rows[] = {{rcp->bootloader.file, OTAPACK_RCP_BOOTLOADER},
                {rcp->partition_table.file, OTAPACK_RCP_PARTITION_TABLE},
                {rcp->firmware.file, OTAPACK_RCP_FIRMWARE}};
    const char *file = rcp->build_dir != NULL && !file_path_is_absolute(path)
                           ? arena_printf(a, "%s/%s", rcp->build_dir, path)
                           : file_path_beside(a, rcp->flash_args, path);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(path, rcp_part_build_path(rows[i].tag)) == 0 || same_file(file, rows[i].file)) {
            *tag = rows[i].tag;
            return true;
        }
    }
    return false;
}

// One `ADDRESS PATH` line, without its end.
static bool read_entry(const struct recipe_rcp *rcp, struct arena *a, const char *where, char *line,
                       struct flash_args *out, struct err *e)
{
    uint64_t address;
    uint32_t tag;
    char *path = line + strcspn(line, " \t");
    if (*path != '\0') {
        *path++ = '\0';
        path += strspn(path, " \t");
    }
    if (!text_number(line, &address) || address > UINT32_MAX) {
        return check_refuse(e, CHECK_RCP_FLASH_ARGS, "%s: flash_args: '%s' is no flash address",
                            where, text_printable(a, line));
    }
    if (*path == '\0') {
        return check_refuse(e, CHECK_RCP_FLASH_ARGS,
                            "%s: flash_args: no file is named behind the address", where);
    }
    if (!tag_of(rcp, a, path, &tag)) {
        return check_refuse(e, CHECK_RCP_FLASH_ARGS,
                            "%s: flash_args: '%s' is none of the files that an RCP image holds",
                            where, text_printable(a, path));
    }
    return add(out, where, tag, (uint32_t)address, e);
}

static char *trim(char *line)
{
    size_t n = strlen(line);
    while (n > 0 && isspace((unsigned char)line[n - 1])) {
        line[--n] = '\0';
    }
    return line + strspn(line, " \t");
}

static bool read_file(const struct recipe_rcp *rcp, struct arena *a, struct flash_args *out,
                      struct err *e)
{
    char *text = input_text(rcp->flash_args, FILE_MOST, a, e);
    int number = 0;
    if (text == NULL) {
        return false;
    }
    for (char *next = text; next != NULL && *next != '\0';) {
        char *line = next;
        next = strchr(line, '\n');
        if (next != NULL) {
            *next++ = '\0';
        }
        number++;
        line = trim(line);
        if (*line == '\0' || strncmp(line, "--", 2) == 0) { // options, such as --flash_mode dio
            continue;
        }
        const char *where = arena_printf(a, "%s:%d", rcp->flash_args, number);
        if (!read_entry(rcp, a, where, line, out, e)) {
            return false;
        }
    }
    return out->count > 0 ||
           check_refuse(e, CHECK_RCP_FLASH_ARGS, "%s: flash_args: nothing is to be flashed",
                        rcp->flash_args);
}

static bool read_list(const struct recipe_rcp *rcp, struct flash_args *out, struct err *e)
{
    for (const struct recipe_entry *entry = rcp->records; entry != NULL; entry = entry->next) {
        uint32_t tag = rcp_part_tag(entry->name); // the recipe's schema knows only these names
        if (!add(out, entry->where, tag, entry->address, e)) {
            return false;
        }
    }
    return true;
}

bool flash_args_read(const struct recipe_rcp *rcp, struct arena *a, struct flash_args *out,
                     struct err *e)
{
    out->count = 0;
    return rcp->records != NULL ? read_list(rcp, out, e) : read_file(rcp, a, out, e);
}
