// SPDX-License-Identifier: Apache-2.0
//
// otapack/partition_table.h: what is counted can be read, the table ends inside its bytes, and the
// digest is fed exactly the entries.
#include "fuzz.h"

#include <otapack/partition_table.h>

// A digest that only counts.
static void count_start(void *ctx)
{
    *(uint64_t *)ctx = 0;
}

static void count_update(void *ctx, const uint8_t *bytes, size_t n)
{
    (void)bytes;
    *(uint64_t *)ctx += n;
}

static void count_finish(void *ctx, uint8_t *digest)
{
    (void)ctx;
    memset(digest, 0, OTAPACK_PARTITION_MD5_SIZE);
}

static void law_entries(const struct otapack_source *src, const struct otapack_partition_table *t,
                        const uint8_t *data)
{
    for (uint32_t i = 0; i < t->count; i++) {
        struct otapack_partition p;
        const uint8_t *raw = data + (size_t)i * OTAPACK_PARTITION_ENTRY_SIZE;
        LAW(otapack_partition_read(src, i, &p).code == OTAPACK_OK);
        LAW(otapack_le16(raw) == OTAPACK_PARTITION_MAGIC && p.type == raw[2]);
        LAW(p.offset == otapack_le32(raw + 4) && p.size == otapack_le32(raw + 8));
        LAW(!otapack_partition_is_ota(&p) || p.type == OTAPACK_PARTITION_TYPE_APP);
        LAW(otapack_text_length(p.label, sizeof(p.label)) <= sizeof(p.label));
    }
}

static void law_digest(const struct otapack_source *src, const struct otapack_partition_table *t)
{
    uint64_t fed = 0;
    uint8_t digest[OTAPACK_PARTITION_MD5_SIZE];
    struct otapack_hash md5 = {&fed, count_start, count_update, count_finish};
    LAW(otapack_partition_table_compute(src, t, &md5, digest).code == OTAPACK_OK);
    LAW(fed == (uint64_t)t->count * OTAPACK_PARTITION_ENTRY_SIZE);
    LAW(!t->has_md5 || fed == t->md5_at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_partition_table t, other;
    struct otapack_status s = otapack_partition_table_open(&src, &t);
    law_same(s, otapack_partition_table_open(&hook, &other));
    LAW(t.count == other.count && t.has_md5 == other.has_md5 && t.end == other.end);
    LAW(t.md5_at == other.md5_at && memcmp(t.md5, other.md5, sizeof(t.md5)) == 0);
    LAW(s.code != OTAPACK_READ_FAILED);
    law_points_into(s, size);
    LAW(t.count <= OTAPACK_PARTITION_TABLE_SIZE / OTAPACK_PARTITION_ENTRY_SIZE);
    LAW(t.end <= OTAPACK_PARTITION_TABLE_SIZE && t.end <= size);
    LAW(s.code != OTAPACK_OK || (t.count > 0 && t.end + OTAPACK_PARTITION_ENTRY_SIZE <= size));
    LAW(s.code != OTAPACK_OK ||
        t.end == (uint64_t)(t.count + t.has_md5) * OTAPACK_PARTITION_ENTRY_SIZE);
    law_entries(&src, &t, data);
    law_digest(&hook, &t);
    return 0;
}
