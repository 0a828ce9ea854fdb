// SPDX-License-Identifier: Apache-2.0
//
// What a partition table shows by itself.
#include <inttypes.h>
#include <string.h>

#include "digest.h"
#include "partition_judge.h"
#include "rule.h"
#include "text.h"

static void check_md5(struct reader *r, struct node *n, const struct otapack_partition_table *t)
{
    uint8_t md5[OTAPACK_PARTITION_MD5_SIZE];
    found(r, n, CHECK_PT_NO_MD5, t->has_md5, "there is no MD5 behind the partitions");
    if (!t->has_md5) {
        return;
    }
    struct digest *d = digest_new(DIGEST_MD5, DIGEST_BEST);
    struct otapack_hash hash = digest_hash(d);
    struct otapack_status s = otapack_partition_table_compute(&n->src, t, &hash, md5);
    digest_free(d);
    if (s.code == OTAPACK_OK) {
        found(r, n, CHECK_PT_MD5, memcmp(md5, t->md5, sizeof(md5)) == 0,
              "the MD5 is %s, the entries give %s", text_hex(r->arena, t->md5, sizeof(md5)),
              text_hex(r->arena, md5, sizeof(md5)));
    }
}

// A partition of no bytes lies nowhere.
static bool overlap(const struct otapack_partition *a, const struct otapack_partition *b)
{
    uint64_t a_end = (uint64_t)a->offset + a->size, b_end = (uint64_t)b->offset + b->size;
    return a->offset < b_end && b->offset < a_end && a->size > 0 && b->size > 0;
}

static const char *label_of(const struct node *n, uint32_t i)
{
    return node_text(node_find(n, "partitions", (int)i), "label");
}

static void check_overlap(struct reader *r, struct node *n, const struct otapack_partition *p,
                          uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const char *label = label_of(n, i);
        if ((uint64_t)p[i].offset + p[i].size > UINT32_MAX) {
            found(r, n, CHECK_PT_OVERLAP, false,
                  "partition %s at 0x%" PRIx32 " has 0x%" PRIx32 " bytes, which end behind 4 GiB",
                  label, p[i].offset, p[i].size);
            return;
        }
        for (uint32_t k = 0; k < i; k++) {
            if (overlap(&p[i], &p[k])) {
                found(r, n, CHECK_PT_OVERLAP, false,
                      "partitions %s (0x%" PRIx32 ") and %s (0x%" PRIx32 ") overlap",
                      label_of(n, k), p[k].offset, label, p[i].offset);
                return;
            }
        }
    }
    passed(r, n, CHECK_PT_OVERLAP);
}

// What each partition may be by itself: the first that is not so is named.
static void check_alone(struct reader *r, struct node *n, const struct otapack_partition *p,
                        uint32_t count)
{
    for (size_t k = 0; k < partition_rule_count; k++) {
        const struct partition_rule *rule = &partition_rules[k];
        uint32_t i = 0;
        while (i < count && rule->holds(&p[i])) {
            i++;
        }
        found(r, n, rule->check, i == count, "partition %s %s", i == count ? "" : label_of(n, i),
              i == count ? "" : rule->wrong(r->arena, &p[i]));
    }
}

static void check_ota_data(struct reader *r, struct node *n, const struct otapack_partition *p,
                           uint32_t count)
{
    bool (*const kinds[])(const struct otapack_partition *) = {partition_is_ota_data,
                                                               partition_is_tee_ota_data};
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        const char *first = NULL;
        for (uint32_t i = 0; i < count; i++) {
            if (kinds[k](&p[i]) && first != NULL) {
                found(r, n, CHECK_PT_OTADATA_TWICE, false, "%s and %s are both OTA data", first,
                      label_of(n, i));
                return;
            }
            first = kinds[k](&p[i]) ? label_of(n, i) : first;
        }
    }
    passed(r, n, CHECK_PT_OTADATA_TWICE);
}

static void check_labels(struct reader *r, struct node *n, const struct otapack_partition *p,
                         uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (p[i].label[0] == '\0') {
            found(r, n, CHECK_PT_LABELS, false, "partition %" PRIu32 " has no label", i);
            return;
        }
        for (uint32_t k = 0; k < i; k++) {
            if (strncmp(p[i].label, p[k].label, sizeof(p[i].label)) == 0) {
                found(r, n, CHECK_PT_LABELS, false, "the label %s stands twice", label_of(n, i));
                return;
            }
        }
    }
    passed(r, n, CHECK_PT_LABELS);
}

// The last byte of all partitions; 0: there is none.
static uint64_t end_of(const struct otapack_partition *p, uint32_t count)
{
    uint64_t end = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t p_end = (uint64_t)p[i].offset + p[i].size;
        end = p_end > end ? p_end : end;
    }
    return end;
}

static void check_device(struct reader *r, struct node *n, const struct otapack_partition *p,
                         uint32_t count)
{
    const struct target *t = target_for(r, n);
    if (target_use(t, TARGET_FLASH_SIZE)) {
        found(r, n, CHECK_DEVICE_FLASH_SIZE, end_of(p, count) <= t->flash_size,
              "the last partition ends at 0x%" PRIx64 ", the device has %s of flash",
              end_of(p, count), text_size(r->arena, t->flash_size));
    }
}

void rule_partition_table(struct reader *r, struct node *n,
                          const struct otapack_partition_table *table)
{
    struct otapack_partition p[OTAPACK_PARTITION_TABLE_SIZE / OTAPACK_PARTITION_ENTRY_SIZE];
    for (uint32_t i = 0; i < table->count; i++) {
        if (otapack_partition_read(&n->src, i, &p[i]).code != OTAPACK_OK) {
            return;
        }
    }
    check_md5(r, n, table);
    check_overlap(r, n, p, table->count);
    check_alone(r, n, p, table->count);
    check_ota_data(r, n, p, table->count);
    check_labels(r, n, p, table->count);
    check_device(r, n, p, table->count);
}
