// SPDX-License-Identifier: Apache-2.0
//
// What a partition table shows by itself.
#include <inttypes.h>
#include <string.h>

#include "digest_span.h"
#include "partition_judge.h"
#include "rule.h"
#include "text.h"

static bool count_md5(const struct node *n, const struct otapack_partition_table *t,
                      uint8_t md5[OTAPACK_PARTITION_MD5_SIZE])
{
    struct otapack_source entries =
        otapack_part(&n->src, 0, (uint64_t)t->count * OTAPACK_PARTITION_ENTRY_SIZE);
    struct digest_span span;
    (void)digest_span_begin(&span, DIGEST_MD5, &entries);
    struct otapack_hash hash = digest_span_hash(&span);
    struct otapack_status s = otapack_partition_table_compute(&n->src, t, &hash, md5);
    digest_span_end(&span);
    return s.code == OTAPACK_OK;
}

bool partition_table_is_damaged(const struct node *table)
{
    const struct otapack_partition_table *t = table->parsed;
    uint8_t md5[OTAPACK_PARTITION_MD5_SIZE];
    return t == NULL ||
           (t->has_md5 && count_md5(table, t, md5) && memcmp(md5, t->md5, sizeof(md5)) != 0);
}

static void check_md5(struct judge *j, struct node *n, const struct otapack_partition_table *t)
{
    uint8_t md5[OTAPACK_PARTITION_MD5_SIZE];
    found(j, n, CHECK_PT_NO_MD5, t->has_md5, "there is no MD5 behind the partitions");
    if (t->has_md5 && count_md5(n, t, md5)) {
        found(j, n, CHECK_PT_MD5, memcmp(md5, t->md5, sizeof(md5)) == 0,
              "the MD5 is %s, the entries give %s", text_hex(j->arena, t->md5, sizeof(md5)),
              text_hex(j->arena, md5, sizeof(md5)));
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

static void check_overlap(struct judge *j, struct node *n, const struct otapack_partition *p,
                          uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const char *label = label_of(n, i);
        if ((uint64_t)p[i].offset + p[i].size > UINT32_MAX) {
            found(j, n, CHECK_PT_OVERLAP, false,
                  "partition %s at 0x%" PRIx32 " has 0x%" PRIx32 " bytes, which end behind 4 GiB",
                  label, p[i].offset, p[i].size);
            return;
        }
        for (uint32_t k = 0; k < i; k++) {
            if (overlap(&p[i], &p[k])) {
                found(j, n, CHECK_PT_OVERLAP, false,
                      "partitions %s (0x%" PRIx32 ") and %s (0x%" PRIx32 ") overlap",
                      label_of(n, k), p[k].offset, label, p[i].offset);
                return;
            }
        }
    }
    passed(j, n, CHECK_PT_OVERLAP);
}

// What each partition may be by itself: the first that is not so is named.
static void check_alone(struct judge *j, struct node *n, const struct otapack_partition *p,
                        uint32_t count)
{
    for (size_t k = 0; k < partition_rule_count; k++) {
        const struct partition_rule *rule = &partition_rules[k];
        uint32_t i = 0;
        while (i < count && rule->holds(&p[i])) {
            i++;
        }
        found(j, n, rule->check, i == count, "partition %s %s", i == count ? "" : label_of(n, i),
              i == count ? "" : rule->wrong(j->arena, &p[i]));
    }
}

static void check_ota_data(struct judge *j, struct node *n, const struct otapack_partition *p,
                           uint32_t count)
{
    bool (*const kinds[])(const struct otapack_partition *) = {partition_is_ota_data,
                                                               partition_is_tee_ota_data};
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        const char *first = NULL;
        for (uint32_t i = 0; i < count; i++) {
            if (kinds[k](&p[i]) && first != NULL) {
                found(j, n, CHECK_PT_OTADATA_TWICE, false, "%s and %s are both OTA data", first,
                      label_of(n, i));
                return;
            }
            first = kinds[k](&p[i]) ? label_of(n, i) : first;
        }
    }
    passed(j, n, CHECK_PT_OTADATA_TWICE);
}

static void check_labels(struct judge *j, struct node *n, const struct otapack_partition *p,
                         uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (p[i].label[0] == '\0') {
            found(j, n, CHECK_PT_LABELS, false, "partition %" PRIu32 " has no label", i);
            return;
        }
        for (uint32_t k = 0; k < i; k++) {
            if (strncmp(p[i].label, p[k].label, sizeof(p[i].label)) == 0) {
                found(j, n, CHECK_PT_LABELS, false, "the label %s stands twice", label_of(n, i));
                return;
            }
        }
    }
    passed(j, n, CHECK_PT_LABELS);
}

// The last byte of all partitions; 0: there is none.
static uint64_t end_of(const struct node *table)
{
    const struct otapack_partition_table *t = table->parsed;
    struct otapack_partition p;
    uint64_t end = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        bool read = otapack_partition_read(&table->src, i, &p).code == OTAPACK_OK;
        uint64_t p_end = read ? (uint64_t)p.offset + p.size : 0;
        end = p_end > end ? p_end : end;
    }
    return end;
}

static void check_device(struct judge *j, struct node *n)
{
    uint64_t end = end_of(n), size = target_for(j, n)->flash_size;
    found(j, n, CHECK_DEVICE_FLASH_SIZE, end <= size,
          "the last partition ends at 0x%" PRIx64 ", the device has %s of flash", end,
          text_size(j->arena, size));
}

static void check_entries(struct judge *j, struct node *n)
{
    found(j, n, CHECK_PT_ENTRIES, n->error == NULL, "%s", n->error);
}

static void check_table(struct judge *j, struct node *n)
{
    const struct otapack_partition_table *table = n->parsed;
    struct otapack_partition p[OTAPACK_PARTITION_TABLE_SIZE / OTAPACK_PARTITION_ENTRY_SIZE];
    for (uint32_t i = 0; i < table->count; i++) {
        if (otapack_partition_read(&n->src, i, &p[i]).code != OTAPACK_OK) {
            return;
        }
    }
    check_md5(j, n, table);
    check_overlap(j, n, p, table->count);
    check_alone(j, n, p, table->count);
    check_ota_data(j, n, p, table->count);
    check_labels(j, n, p, table->count);
}

static bool is_read(const struct node *n)
{
    return n->error == NULL;
}

const struct rule rules_partition_table[] = {
    {.run = check_entries},
    {.run = check_table, .concerns = is_read},
    {.run = check_device,
     .concerns = is_read,
     .needs = TARGET_FLASH_SIZE,
     .says = RULE_SAYS(CHECK_DEVICE_FLASH_SIZE)},
    {.run = NULL},
};
