// SPDX-License-Identifier: Apache-2.0
//
// What a stream should tell, said by the parsers that have the whole file, and what it should
// refuse beyond them, as the list at the top of otapack/stream.h has it, written once more.
//
// The faults of a file are looked for in the order of its bytes, so that both name the same one.
// They may name different ones where
//   - the file, or its total_size, ends inside of a Matter header (cut_header): otapack_matter_open
//     then does not look at it, a stream may find another fault before the end;
//   - something is cut off: a stream refuses when it hears of the size or when the bytes end, a
//     parser when it asks for them. The code is OTAPACK_TRUNCATED; field and place differ.
#ifndef STREAM_ORACLE_H
#define STREAM_ORACLE_H

#include "err.h"
#include "matter_digest.h"
#include "stream_oracle_image.h"

static inline bool judge_payload(struct oracle *o, uint64_t at, uint64_t size);

// ---- Combined images ----------------------------------------------------------------------------

// Two records: other parts, and no byte of flash (which is a circle of 4 GiB) in both.
static inline bool records_agree(const struct otapack_rcp_image *image,
                                 const struct otapack_rcp_record *a,
                                 const struct otapack_rcp_record *b)
{
    uint64_t whole = UINT64_C(1) << 32, a_size = otapack_rcp_find(image, a->tag)->size;
    uint64_t b_size = otapack_rcp_find(image, b->tag)->size;
    uint64_t ahead = (whole + b->address - a->address) % whole;
    uint64_t behind = (whole + a->address - b->address) % whole;
    return a->tag != b->tag && ahead >= a_size && behind >= b_size;
}

static inline bool record_is_good(const struct otapack_rcp_image *image,
                                  const struct otapack_rcp_record *r)
{
    bool known = r->tag == OTAPACK_RCP_BOOTLOADER || r->tag == OTAPACK_RCP_PARTITION_TABLE ||
                 r->tag == OTAPACK_RCP_FIRMWARE;
    return known && otapack_rcp_find(image, r->tag) != NULL && r->address % 4096 == 0;
}

static inline bool judge_flash_args(struct oracle *o, const struct part *p,
                                    const struct otapack_rcp_image *image)
{
    struct otapack_rcp_record records[3];
    for (uint32_t i = 0; is_whole(p) && i < p->size / OTAPACK_RCP_RECORD_SIZE; i++) {
        bool good = otapack_rcp_record_read(&p->src, i, &records[i]).code == OTAPACK_OK &&
                    record_is_good(image, &records[i]);
        for (uint32_t k = 0; good && k < i; k++) {
            good = records_agree(image, &records[i], &records[k]);
        }
        if (!good) {
            return refuse(o, OTAPACK_FORBIDDEN, "flash_args",
                          p->at + (uint64_t)i * OTAPACK_RCP_RECORD_SIZE);
        }
    }
    return true;
}

// The parser says NOT_THIS of a first entry that is none, and FORBIDDEN of a table without an end;
// to a stream the first is a bad entry, the second one entry too many, or the end of the part.
static inline bool judge_partition_table(struct oracle *o, const struct part *p)
{
    struct otapack_hash md5 = kept_digest(DIGEST_MD5, 0);
    struct otapack_partition_table table;
    uint8_t digest[OTAPACK_PARTITION_MD5_SIZE];
    struct otapack_status s = otapack_partition_table_open(&p->src, &table);
    bool checked = table.has_md5 && oracle_has_hash(o, OTAPACK_HASH_TABLE);
    (void)otapack_partition_table_compute(&p->src, &table, &md5, digest);
    if (checked && memcmp(digest, table.md5, sizeof(digest)) != 0) {
        return refuse(o, OTAPACK_MISMATCH, "md5", p->at + table.md5_at + 16);
    }
    if (strcmp(s.field, "end") == 0 && p->src.size < s.at + OTAPACK_PARTITION_ENTRY_SIZE) {
        return refuse(o, OTAPACK_TRUNCATED, "end", p->at + p->src.size);
    }
    if (s.code == OTAPACK_TRUNCATED) {
        return refuse(o, s.code, "end", p->at + p->src.size);
    }
    if (s.code != OTAPACK_OK) {
        return refuse(o, OTAPACK_FORBIDDEN, "partition", p->at + s.at);
    }
    return tell_end(o, p, checked);
}

static inline bool judge_part(struct oracle *o, const struct otapack_rcp_image *image,
                              const struct otapack_rcp_entry *e, uint64_t at)
{
    struct part p = part_of(o, e->tag, at + e->offset, e->size);
    if (e->tag == OTAPACK_RCP_BOOTLOADER || e->tag == OTAPACK_RCP_FIRMWARE ||
        e->tag == OTAPACK_RCP_HOST) {
        return judge_image(o, p.tag, p.at, p.size);
    }
    tell(o, OTAPACK_EVENT_BEGIN, &p, p.at, p.size);
    if (e->tag == OTAPACK_RCP_PARTITION_TABLE) {
        return judge_partition_table(o, &p);
    }
    return (e->tag != OTAPACK_RCP_FLASH_ARGS || judge_flash_args(o, &p, image)) &&
           tell_end(o, &p, false);
}

static inline bool size_is_good(const struct otapack_rcp_entry *e)
{
    switch (e->tag) {
    case OTAPACK_RCP_VERSION:
        return e->size >= 1 && e->size <= 99;
    case OTAPACK_RCP_FLASH_ARGS:
        return e->size == 8 || e->size == 16 || e->size == 24;
    default:
        return e->size >= 1;
    }
}

// Entry i: a part that is known, for the first time, right behind the one before it.
static inline bool judge_entry(struct oracle *o, const struct otapack_rcp_image *image, uint32_t i,
                               uint64_t at, uint64_t room)
{
    const struct otapack_rcp_entry *e = &image->entries[i];
    uint64_t entry_at = at + (uint64_t)i * OTAPACK_RCP_ENTRY_SIZE;
    uint64_t begin = image->table_size, seen = 0;
    for (uint32_t k = 1; k < i; k++) {
        begin += image->entries[k].size;
        seen += image->entries[k].tag == e->tag || image->entries[k].tag == OTAPACK_RCP_HOST;
    }
    if (e->tag > OTAPACK_RCP_HOST || seen > 0) {
        return refuse(o, OTAPACK_UNEXPECTED, "tag", entry_at);
    }
    if (!size_is_good(e)) {
        return refuse(o, OTAPACK_FORBIDDEN, "size", entry_at + 4);
    }
    if (e->offset != begin) {
        return refuse(o, OTAPACK_FORBIDDEN, "offset", entry_at + 8);
    }
    return begin + e->size <= room || refuse(o, OTAPACK_TRUNCATED, "size", entry_at + 4);
}

static inline bool judge_combined(struct oracle *o, uint64_t at, uint64_t size)
{
    struct part all = part_of(o, OTAPACK_PART_COMBINED, at, size);
    struct otapack_rcp_image image;
    struct otapack_status s = otapack_rcp_image_open(&all.src, &image);
    uint64_t end = image.table_size;
    if (s.code != OTAPACK_OK) {
        return refuse(o, s.code, s.field, at + s.at);
    }
    for (uint32_t i = 1; i < image.count; i++) {
        // An offset has 32 bits, and so has the count of bytes: no part ends behind 4 GiB - 1.
        if (!judge_entry(o, &image, i, at, size == TO_THE_END ? UINT32_MAX - at : size)) {
            return false;
        }
        end += image.entries[i].size;
    }
    if (otapack_rcp_find(&image, OTAPACK_RCP_VERSION) == NULL ||
        otapack_rcp_find(&image, OTAPACK_RCP_FLASH_ARGS) == NULL ||
        (size != TO_THE_END && size != end)) {
        return refuse(o, OTAPACK_UNEXPECTED, "table", at);
    }
    struct part table = part_of(o, OTAPACK_RCP_TABLE, at, image.table_size);
    all = part_of(o, OTAPACK_PART_COMBINED, at, end);
    tell(o, OTAPACK_EVENT_BEGIN, &all, at, end);
    tell(o, OTAPACK_EVENT_BEGIN, &table, at, image.table_size);
    bool good = tell_end(o, &table, false);
    for (uint32_t i = 1; good && i < image.count; i++) {
        good = judge_part(o, &image, &image.entries[i], at);
    }
    return good && tell(o, OTAPACK_EVENT_END, &all, at + end, 0);
}

// ---- Matter images ------------------------------------------------------------------------------

// A field by its tag: is it what a device can be updated with?
static inline bool field_is_good(const struct otapack_matter *m,
                                 const struct otapack_tlv_element *e)
{
    uint64_t digest_size = otapack_matter_digest_size(m->image_digest_type);
    switch (e->tag) {
    case OTAPACK_MATTER_VENDOR_ID:
    case OTAPACK_MATTER_PRODUCT_ID:
        return e->value != 0;
    case OTAPACK_MATTER_SOFTWARE_VERSION_STRING:
        return m->software_version_string.size > 0;
    case OTAPACK_MATTER_PAYLOAD_SIZE:
        return m->payload_size <= UINT32_MAX &&
               otapack_matter_payload_at(m) + m->payload_size == m->total_size;
    case OTAPACK_MATTER_MIN_VERSION:
        return e->value < m->software_version;
    case OTAPACK_MATTER_MAX_VERSION:
        return e->value < m->software_version && e->value >= m->min_applicable_software_version;
    case OTAPACK_MATTER_RELEASE_NOTES_URL:
        return m->release_notes_url.size > 0;
    case OTAPACK_MATTER_IMAGE_DIGEST_TYPE:
        return digest_size > 0;
    case OTAPACK_MATTER_IMAGE_DIGEST:
        return m->image_digest.size == digest_size;
    default:
        return true;
    }
}

// A number is told at its element, a text or digest at its own first byte.
static inline bool judge_field(struct oracle *o, const struct part *whole,
                               const struct otapack_matter *m, const struct otapack_tlv_element *e)
{
    bool number = otapack_tlv_is_uint(e->type);
    uint32_t at = number ? e->at : e->data_at;
    uint32_t size = e->tag == OTAPACK_MATTER_SOFTWARE_VERSION_STRING
                        ? m->software_version_string.size
                    : e->tag == OTAPACK_MATTER_RELEASE_NOTES_URL ? m->release_notes_url.size
                                                                 : e->size;
    if (!field_is_good(m, e)) {
        return refuse(o, OTAPACK_FORBIDDEN, otapack_matter_name_((uint8_t)e->tag), at);
    }
    tell(o, OTAPACK_EVENT_FIELD, whole, at, number ? 0 : size);
    o->list.told[o->list.n - 1].field = (uint8_t)e->tag;
    o->list.told[o->list.n - 1].value = number ? (uint32_t)e->value : 0;
    return true;
}

// The fields, up to the digest or to where the header could not be read.
static inline bool judge_fields(struct oracle *o, const struct part *whole,
                                const struct otapack_matter *m)
{
    struct otapack_source header = otapack_part(&o->file, 0, m->read_to);
    struct otapack_tlv_element e = {.tag = OTAPACK_TLV_ANONYMOUS};
    uint64_t at = OTAPACK_MATTER_FIXED_SIZE;
    uint8_t container = OTAPACK_TLV_NO_CONTAINER;
    bool good = true;
    while (good && at < m->read_to && e.tag != OTAPACK_MATTER_IMAGE_DIGEST &&
           otapack_tlv_read(&header, at, container, "", &e).code == OTAPACK_OK) {
        at = otapack_tlv_end(&e);
        good = container == OTAPACK_TLV_NO_CONTAINER || judge_field(o, whole, m, &e);
        container = OTAPACK_TLV_STRUCTURE;
    }
    return good;
}

// What a text or digest has too many bytes of is told where they are.
static inline uint64_t place_of(const struct oracle *o, struct otapack_status s)
{
    struct otapack_tlv_element e;
    bool text =
        s.code == OTAPACK_FORBIDDEN && strstr(s.field, "_id") == NULL &&
        otapack_tlv_read(&o->file, s.at, OTAPACK_TLV_STRUCTURE, "", &e).code == OTAPACK_OK &&
        otapack_tlv_has_data(e.type);
    return text ? e.data_at : s.at;
}

static inline bool judge_digest(struct oracle *o, const struct otapack_matter *m,
                                const struct otapack_source *payload, bool *checked)
{
    uint8_t said[OTAPACK_MATTER_MAX_DIGEST], is[OTAPACK_MATTER_MAX_DIGEST];
    struct err e = ERR_NONE;
    *checked = oracle_has_hash(o, OTAPACK_HASH_PAYLOAD) &&
               matter_digest(m->image_digest_type, payload, is, &e);
    (void)otapack_read(&o->file, m->image_digest.at, said, m->image_digest.size, "");
    return !*checked || memcmp(said, is, m->image_digest.size) == 0 ||
           refuse(o, OTAPACK_MISMATCH, "image_digest", m->total_size);
}

static inline bool judge_matter(struct oracle *o)
{
    struct otapack_matter m;
    struct otapack_status s = otapack_matter_open(&o->file, &m);
    bool checked = false;
    if (m.read_to == 0 || m.header_size > OTAPACK_MATTER_MAX_TLV) {
        return refuse(o, s.code, s.field, s.at);
    }
    if (m.total_size > UINT32_MAX || (o->announced && m.total_size != o->file.size)) {
        return refuse(o, OTAPACK_FORBIDDEN, "total_size", 4);
    }
    struct part whole = part_of(o, OTAPACK_PART_MATTER, 0, m.total_size);
    uint64_t at = otapack_matter_payload_at(&m);
    o->cut_header = at > o->file.size || at > m.total_size;
    if (at > m.total_size) {
        return refuse(o, OTAPACK_FORBIDDEN, "total_size", 4);
    }
    tell(o, OTAPACK_EVENT_BEGIN, &whole, 0, m.total_size);
    if (!judge_fields(o, &whole, &m)) {
        return false;
    }
    if (s.code != OTAPACK_OK) {
        return refuse(o, s.code, s.field, place_of(o, s));
    }
    struct otapack_source payload = otapack_part(&o->file, at, m.payload_size);
    if (!judge_payload(o, at, m.payload_size) || !judge_digest(o, &m, &payload, &checked)) {
        return false;
    }
    tell(o, OTAPACK_EVENT_END, &whole, m.total_size, 0);
    o->list.told[o->list.n - 1].checked = checked;
    return true;
}

// ---- Any of them --------------------------------------------------------------------------------

static inline bool judge_payload(struct oracle *o, uint64_t at, uint64_t size)
{
    uint8_t magic[4];
    struct otapack_source src = otapack_part(&o->file, at, size);
    if (otapack_read(&src, 0, magic, sizeof(magic), "").code != OTAPACK_OK) {
        return refuse(o, OTAPACK_TRUNCATED, "end", at + src.size);
    }
    if (otapack_le32(magic) == OTAPACK_RCP_TABLE) {
        return judge_combined(o, at, size);
    }
    return magic[0] == OTAPACK_ESP_MAGIC ? judge_image(o, OTAPACK_PART_APP, at, size)
                                         : refuse(o, OTAPACK_NOT_THIS, "magic", at);
}

static inline bool judge(struct oracle *o)
{
    uint8_t magic[4] = {0};
    if (o->announced && o->file.size > UINT32_MAX) {
        return refuse(o, OTAPACK_FORBIDDEN, "file_size", 0);
    }
    bool matter = otapack_read(&o->file, 0, magic, sizeof(magic), "").code == OTAPACK_OK &&
                  otapack_le32(magic) == OTAPACK_MATTER_MAGIC;
    bool good =
        matter ? judge_matter(o) : judge_payload(o, 0, o->announced ? o->file.size : TO_THE_END);
    struct part none = {0};
    if (!good) {
        return false;
    }
    uint32_t end = o->list.told[o->list.n - 1].at;
    return end == o->file.size ? tell(o, OTAPACK_EVENT_FINISHED, &none, end, 0)
                               : refuse(o, OTAPACK_FORBIDDEN, "trailing", end);
}

// The file must outlive it. One with a hole: without hashes.
static inline void run_oracle_sparse(struct oracle *o, struct sparse *file, bool announced,
                                     uint32_t hashes)
{
    memset(o, 0, sizeof(*o));
    o->file = sparse_source(file);
    o->sparse = file;
    o->announced = announced;
    o->hashes = hashes;
    o->outcome = (struct outcome){OTAPACK_OK, "", 0};
    (void)judge(o);
}

static inline void run_oracle(struct oracle *o, const uint8_t *bytes, size_t n, bool announced,
                              uint32_t hashes)
{
    static struct sparse plain;
    plain = sparse_plain(bytes, n);
    run_oracle_sparse(o, &plain, announced, hashes);
}

// Whether a stream has told what it should. NULL: yes; else what is wrong.
static inline const char *differs(const struct oracle *o, const struct told_list *list,
                                  struct outcome v)
{
    bool truncated = o->outcome.code == OTAPACK_TRUNCATED;
    if ((o->outcome.code == OTAPACK_OK) != (v.code == OTAPACK_OK)) {
        return v.code == OTAPACK_OK ? "the stream takes it, the parsers do not"
                                    : "the parsers take it, the stream does not";
    }
    if (o->cut_header) {
        size_t common = told_common(&o->list, list);
        return common == o->list.n || common == list->n ? NULL : "other events in a cut header";
    }
    if (!told_all_same(&o->list, list)) {
        return "other events";
    }
    return o->outcome.code != v.code                    ? "another code"
           : !truncated && !outcome_same(o->outcome, v) ? "another field or place"
                                                        : NULL;
}

#endif
