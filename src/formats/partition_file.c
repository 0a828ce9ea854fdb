// SPDX-License-Identifier: Apache-2.0
#include "partition_file.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "os.h"
#include "source.h"
#include "text.h"

struct partition_csv_options partition_file_options(void)
{
    struct partition_csv_options o = PARTITION_CSV_OPTIONS;
    o.variable = os_variable;
    return o;
}

static bool is_subtype(const char *text)
{
    static const char *const types[] = {"app,", "data,", "bootloader,", "partition_table,"};
    const char *last = strrchr(text, ',');
    char *end = NULL;
    bool typed = false;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        size_t n = strlen(types[i]);
        typed = typed || (strncmp(text, types[i], n) == 0 && last > text + n);
    }
    unsigned long number = typed ? strtoul(last + 1, &end, 16) : UINT8_MAX + 1UL;
    return number <= UINT8_MAX && end != last + 1 && *end == '\0';
}

// One more behind those that there are.
static void add_subtype(struct partition_csv_options *o, const char *text, struct arena *a)
{
    size_t count = 0;
    while (o->subtypes != NULL && o->subtypes[count] != NULL) {
        count++;
    }
    const char **more = arena_alloc(a, (count + 2) * sizeof(*more));
    if (count > 0) {
        memcpy(more, o->subtypes, count * sizeof(*more));
    }
    more[count] = text;
    o->subtypes = more;
}

enum { OFFSET, PRIMARY, RECOVERY, SUBTYPES };
const char *const partition_file_names[] = {
    [OFFSET] = "offset",
    [PRIMARY] = "primary-bootloader-offset",
    [RECOVERY] = "recovery-bootloader-offset",
    [SUBTYPES] = "extra-partition-subtypes",
    NULL,
};

// Which one it is, with - or _ between the words; -1: none.
static int which_name(const char *name)
{
    for (int i = 0; partition_file_names[i] != NULL; i++) {
        const char *p = partition_file_names[i], *q = name;
        while (*p != '\0' && (*p == *q || (*p == '-' && *q == '_'))) {
            p++;
            q++;
        }
        if (*p == '\0' && *q == '\0') {
            return i;
        }
    }
    return -1;
}

bool partition_file_tell(struct partition_csv_options *o, const char *where, const char *name,
                         const char *value, struct arena *a, struct err *e)
{
    uint64_t address = 0;
    int which = which_name(name);
    if (which < 0) {
        size_t count = sizeof(partition_file_names) / sizeof(partition_file_names[0]) - 1;
        return err_set(e, STATUS_CANNOT, "%s: '%s' is not known; write %s", where,
                       text_printable(a, name), text_list(a, partition_file_names, count));
    }
    if (which == SUBTYPES) {
        add_subtype(o, value, a);
        return is_subtype(value) || err_set(e, STATUS_CANNOT,
                                            "%s: '%s' is no subtype; write TYPE,NAME,NUMBER, as in "
                                            "data,settings,0x91",
                                            where, text_printable(a, value));
    }
    if (!text_number(value, &address) || address > UINT32_MAX ||
        (which == OFFSET && address == 0)) {
        return err_set(e, STATUS_CANNOT, "%s: '%s' is no flash address; write one such as 0x9000",
                       where, text_printable(a, value));
    }
    o->table_at = which == OFFSET ? (uint32_t)address : o->table_at;
    o->bootloader_at = which == PRIMARY ? (int64_t)address : o->bootloader_at;
    o->recovery_at = which == RECOVERY ? (int64_t)address : o->recovery_at;
    return true;
}

bool partition_file_take(struct partition_csv_options *o, const char *const *words, struct arena *a,
                         struct err *e)
{
    *o = partition_file_options();
    for (; *words != NULL; words++) {
        const char *equals = strchr(*words, '=');
        const char *name = arena_copy(a, *words, equals == NULL ? 0 : (size_t)(equals - *words));
        if (equals == NULL) {
            return err_set(e, STATUS_CANNOT, "--csv %s: write NAME=VALUE, as in offset=0x9000",
                           text_printable(a, *words));
        }
        if (!partition_file_tell(o, "--csv", name, equals + 1, a, e)) {
            return false;
        }
    }
    return true;
}

static bool is_named_csv(const char *name)
{
    size_t n = strlen(name);
    return n > 4 && strcasecmp(name + n - 4, ".csv") == 0;
}

bool partition_file_is_csv(const char *name, const struct otapack_source *src)
{
    struct arena a = ARENA_EMPTY;
    uint8_t magic[2];
    bool binary = otapack_read(src, 0, magic, sizeof(magic), "").code == OTAPACK_OK &&
                  otapack_le16(magic) == OTAPACK_PARTITION_MAGIC;
    bool is = !binary && src->size <= PARTITION_CSV_MOST &&
              (is_named_csv(name) ||
               partition_csv_probe(source_bytes(&a, src, 0, (size_t)src->size), (size_t)src->size));
    arena_free(&a);
    return is;
}

bool partition_file_convert(const char *name, const struct otapack_source *src,
                            const struct partition_csv_options *options,
                            uint8_t to[OTAPACK_PARTITION_TABLE_SIZE], struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct partition_csv csv;
    size_t size = src->size > PARTITION_CSV_MOST ? PARTITION_CSV_MOST + 1 : (size_t)src->size;
    bool good = partition_csv_read(source_bytes(&a, src, 0, size), size, options, &a, &csv);
    if (!good && csv.line == 0) {
        err_set(e, STATUS_CANNOT, "%s: %s; %s", name, csv.wrong, csv.remedy);
    } else if (!good) {
        err_set(e, STATUS_CANNOT, "%s:%u: %s; %s", name, csv.line, csv.wrong, csv.remedy);
    } else if (csv.count == 0) {
        good = err_set(e, STATUS_CANNOT, "%s: has no partition in it; name another file", name);
    } else {
        memcpy(to, csv.bytes, sizeof(csv.bytes));
    }
    arena_free(&a);
    return good;
}
