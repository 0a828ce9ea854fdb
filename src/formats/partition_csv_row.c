// SPDX-License-Identifier: Apache-2.0
#include "partition_csv_row.h"

#include <stdlib.h>
#include <string.h>

#include "partition_judge.h"
#include "partition_name.h"
#include "text.h"

bool csv_refuse(struct csv_reading *r, const char *remedy, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    r->out->line = r->line;
    r->out->wrong = arena_vprintf(r->arena, format, args);
    r->out->remedy = remedy;
    va_end(args);
    return false;
}

const char *csv_shown(struct csv_reading *r, struct csv_span s)
{
    return text_printable(r->arena, text_utf8(r->arena, s.p, s.n));
}

// ---- Numbers and words --------------------------------------------------------------------------

// In lower case, for keywords.
static const char *word_of(struct csv_reading *r, struct csv_span s)
{
    char *word = arena_copy(r->arena, s.p, s.n);
    for (char *c = word; *c != '\0'; c++) {
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    }
    return strlen(word) == s.n ? word : "";
}

static bool type_by_word(struct csv_reading *r, int64_t type, const char *word, int64_t *out)
{
    (void)r;
    (void)type;
    return partition_type_by_name(word, out);
}

// "TYPE,NAME,NUMBER", the number hexadecimal.
static bool extra_subtype(struct csv_reading *r, int64_t type, const char *word, int64_t *out)
{
    const char *const *extra = r->options->subtypes;
    for (; extra != NULL && *extra != NULL; extra++) {
        struct csv_span rest = {*extra, strlen(*extra)};
        int64_t of;
        struct csv_span first = csv_trim(csv_field(&rest)), name = csv_trim(csv_field(&rest));
        if (partition_type_by_name(word_of(r, first), &of) && of == type && csv_is(name, word)) {
            *out = strtol(word_of(r, csv_trim(rest)), NULL, 16);
            return true;
        }
    }
    return false;
}

static bool subtype_by_word(struct csv_reading *r, int64_t type, const char *word, int64_t *out)
{
    return partition_subtype_by_name(type, word, out) || extra_subtype(r, type, word, out);
}

typedef bool word_fn(struct csv_reading *r, int64_t type, const char *word, int64_t *out);

// A number with any number of K and M behind it, or a word that `by_word` knows.
static bool take_number(struct csv_reading *r, struct csv_span s, word_fn *by_word, int64_t type,
                        int64_t *out)
{
    int64_t times = 1;
    const int64_t most = INT64_C(1) << 60;
    while (s.n > 0 && strchr("kKmM", s.p[s.n - 1]) != NULL && s.p[s.n - 1] != '\0') {
        int64_t more = strchr("kK", s.p[s.n - 1]) != NULL ? 1024 : 1024 * 1024;
        times = times > most / more ? most : times * more;
        s.n--;
    }
    if (!csv_number(s, out) && (by_word == NULL || !by_word(r, type, word_of(r, s), out))) {
        return false;
    }
    bool fits = *out == 0 || times <= most / llabs(*out);
    *out = fits ? *out * times : *out < 0 ? -most : most;
    return true;
}

// ---- The fields of a line -----------------------------------------------------------------------

bool csv_take_type(struct csv_reading *r, struct csv_span s, struct csv_row *row)
{
    if (s.n == 0) {
        return csv_refuse(r,
                          "write name, type, subtype, offset and size, with a comma between them",
                          "the partition has no type");
    }
    return take_number(r, s, type_by_word, 0, &row->type) ||
           csv_refuse(r, "write app, data, bootloader, partition_table or a number",
                      "the type '%s' is not known", csv_shown(r, s));
}

static bool take_subtype(struct csv_reading *r, struct csv_span s, struct csv_row *row)
{
    if (s.n == 0 && row->type == OTAPACK_PARTITION_TYPE_APP) {
        return csv_refuse(r, "write factory, test or ota_0 to ota_15",
                          "an app partition has no subtype");
    }
    if (s.n == 0) {
        (void)partition_subtype_by_name(OTAPACK_PARTITION_TYPE_DATA, "undefined", &row->subtype);
        return true;
    }
    if (take_number(r, s, subtype_by_word, row->type, &row->subtype)) {
        return true;
    }
    const char *known = row->type < 0 || row->type > UINT8_MAX
                            ? ""
                            : partition_subtype_names((uint8_t)row->type, r->arena);
    return csv_refuse(r,
                      arena_printf(r->arena,
                                   "write %s%sthe number, or say what the word means with "
                                   "extra-partition-subtypes=TYPE,NAME,NUMBER (--csv; in a recipe "
                                   "partition_csv)",
                                   known, *known == '\0' ? "" : " or "),
                      "the subtype '%s' is not known", csv_shown(r, s));
}

static bool needs_bootloader(struct csv_reading *r)
{
    return csv_refuse(
        r, "say it with primary-bootloader-offset=ADDRESS (--csv; in a recipe partition_csv)",
        "where the bootloader lies is not known");
}

// What is given elsewhere; false where this partition's offset is what the line says. *good is
// false where it was not given.
static bool is_placed(struct csv_reading *r, struct csv_row *row, bool *good)
{
    const struct partition_csv_options *o = r->options;
    bool bootloader = row->type == OTAPACK_PARTITION_TYPE_BOOTLOADER;
    *good = true;
    if (bootloader && row->subtype == 0) {
        row->offset = o->bootloader_at;
        *good = o->bootloader_at >= 0 || needs_bootloader(r);
    } else if (bootloader && row->subtype == 2) {
        row->offset = o->recovery_at;
        *good =
            o->recovery_at >= 0 ||
            csv_refuse(
                r,
                "say it with recovery-bootloader-offset=ADDRESS (--csv; in a recipe partition_csv)",
                "where the recovery bootloader lies is not known");
    } else if (row->type == OTAPACK_PARTITION_TYPE_TABLE && row->subtype == 0) {
        row->offset = o->table_at;
    } else {
        return false;
    }
    row->has_offset = true;
    return true;
}

static bool take_offset(struct csv_reading *r, struct csv_span s, struct csv_row *row)
{
    bool good;
    if (is_placed(r, row, &good)) {
        return good;
    }
    row->has_offset = s.n > 0;
    return s.n == 0 || take_number(r, s, NULL, 0, &row->offset) ||
           csv_refuse(r, "write a number such as 0x10000 or 64K, or nothing",
                      "the offset '%s' is no number", csv_shown(r, s));
}

static bool take_size(struct csv_reading *r, struct csv_span s, struct csv_row *row)
{
    if (row->type == OTAPACK_PARTITION_TYPE_BOOTLOADER) {
        row->size = (int64_t)r->options->table_at - r->options->bootloader_at;
        return r->options->bootloader_at >= 0 || needs_bootloader(r);
    }
    if (row->type == OTAPACK_PARTITION_TYPE_TABLE) {
        row->size = PARTITION_TABLE_SECTOR;
        return true;
    }
    if (s.n == 0) {
        return csv_refuse(r, "write a number such as 0x6000, 24K or 1M",
                          "the partition has no size");
    }
    return take_number(r, s, NULL, 0, &row->size) ||
           csv_refuse(r, "write a number such as 0x6000, 24K or 1M", "the size '%s' is no number",
                      csv_shown(r, s));
}

static bool take_flags(struct csv_reading *r, struct csv_span s, struct csv_row *row)
{
    while (s.n > 0) {
        const char *colon = memchr(s.p, ':', s.n);
        struct csv_span flag = {s.p, colon == NULL ? s.n : (size_t)(colon - s.p)};
        size_t skip = colon == NULL ? s.n : flag.n + 1;
        bool encrypted = csv_is(flag, "encrypted"), readonly = csv_is(flag, "readonly");
        if (!encrypted && !readonly && flag.n > 0) {
            return csv_refuse(r, "write encrypted, readonly, or both with a colon between them",
                              "the flag '%s' is not known", csv_shown(r, flag));
        }
        row->flags |= (encrypted ? PARTITION_ENCRYPTED : 0U) | (readonly ? PARTITION_READONLY : 0U);
        s = (struct csv_span){s.p + skip, s.n - skip};
    }
    return true;
}

bool csv_take_fields(struct csv_reading *r, struct csv_span rest, struct csv_row *row)
{
    static bool (*const takes[])(struct csv_reading *, struct csv_span, struct csv_row *) = {
        csv_take_type, take_subtype, take_offset, take_size, take_flags};
    row->name = csv_trim(csv_field(&rest));
    for (size_t i = 0; i < sizeof(takes) / sizeof(takes[0]); i++) {
        if (!takes[i](r, csv_trim(csv_field(&rest)), row)) {
            return false;
        }
    }
    return true;
}
