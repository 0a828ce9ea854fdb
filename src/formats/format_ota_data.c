// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <otapack/ota_data.h>

#include "crc.h"
#include "device.h"
#include "format_list.h"
#include "partition_name.h"
#include "source.h"

static const char *state_name(uint32_t state)
{
    static const char *const names[] = {
        [OTAPACK_OTA_NEW] = "new",         [OTAPACK_OTA_PENDING_VERIFY] = "pending_verify",
        [OTAPACK_OTA_VALID] = "valid",     [OTAPACK_OTA_INVALID] = "invalid",
        [OTAPACK_OTA_ABORTED] = "aborted",
    };
    if (state == OTAPACK_OTA_UNDEFINED) {
        return "undefined";
    }
    return state < sizeof(names) / sizeof(names[0]) ? names[state] : NULL;
}

// There is no magic number: the size, and two sectors that are erased behind their entries.
static bool ota_data_probe(const struct otapack_source *src)
{
    return src->size == OTAPACK_OTA_DATA_SIZE &&
           source_is_filled(src, OTAPACK_OTA_ENTRY_SIZE, OTAPACK_OTA_SECTOR_SIZE, 0xFF) &&
           source_is_filled(src, OTAPACK_OTA_SECTOR_SIZE + OTAPACK_OTA_ENTRY_SIZE,
                            OTAPACK_OTA_DATA_SIZE, 0xFF);
}

static uint64_t ota_data_extent(const struct otapack_source *src)
{
    return src->size < OTAPACK_OTA_DATA_SIZE ? src->size : OTAPACK_OTA_DATA_SIZE;
}

static bool is_used(const struct otapack_ota_entry *e)
{
    return e->ota_seq != OTAPACK_OTA_SEQ_EMPTY;
}

static void add_entry(struct reader *r, struct node *n, uint32_t which)
{
    struct otapack_ota_entry e;
    struct arena *a = r->arena;
    struct node *part =
        node_part(a, n, "entries", (int)which, (uint64_t)which * OTAPACK_OTA_SECTOR_SIZE,
                  OTAPACK_OTA_ENTRY_SIZE);
    struct otapack_status s = otapack_ota_entry_read(&n->src, which, &e);
    part->format = "ota_data_entry";
    if (s.code != OTAPACK_OK) {
        part->error = status_text(r->arena, part, s);
        return;
    }
    node_uint(a, part, "ota_seq", e.ota_seq, QUIET(0, 4));
    node_bytes(a, part, "seq_label", e.seq_label, sizeof(e.seq_label), QUIET(4, 20));
    node_enum(a, part, "ota_state", e.ota_state, state_name(e.ota_state), QUIET(24, 4));
    node_hex(a, part, "crc", e.crc, QUIET(28, 4));
    part->summary = is_used(&e) ? arena_printf(a, "sequence %" PRIu32 ", state %s", e.ota_seq,
                                               node_text(part, "ota_state"))
                                : "empty";
    NODE_KEEP(a, part, e);
}

static void judge_entry(struct judge *j, struct node *part)
{
    const struct otapack_ota_entry *entry = part->parsed;
    if (entry == NULL || !is_used(entry)) {
        return;
    }
    uint32_t crc = otapack_ota_seq_crc(entry->ota_seq, crc_32);
    found(j, part, CHECK_OTA_DATA_CRC, entry->crc == crc,
          "the CRC is 0x%08" PRIx32 ", ota_seq gives 0x%08" PRIx32, entry->crc, crc);
    found(j, part, CHECK_OTA_DATA_STATE,
          state_name(entry->ota_state) != NULL && entry->ota_state != OTAPACK_OTA_INVALID &&
              entry->ota_state != OTAPACK_OTA_ABORTED,
          "the state is %s", node_text(part, "ota_state"));
}

// What the bootloader makes of the entries and, where its partition table was given, which app it
// starts. Of a merged image, that image says so.
static void add_active(struct reader *r, struct node *n)
{
    struct device d;
    const struct otapack_source none = otapack_memory(NULL, 0);
    bool table = n->parent == NULL && r->options->host_table != NULL;
    (void)device_open(&d, table ? r->options->host_table : &none);
    (void)device_take_ota_data(&d, &n->src);
    int active = device_active_entry(&d);
    uint32_t seq = active < 0 ? 0 : d.entries[active].ota_seq;
    if (active >= 0) {
        node_uint(r->arena, n, "active_entry", (uint64_t)active, DERIVED_QUIET);
    }
    node_uint(r->arena, n, "active_seq", seq, DERIVED_QUIET);
    const char *boots = "the first app";
    if (table) {
        const struct otapack_partition *app =
            device_boot(&d) == DEVICE_OK ? device_partition(&d, d.running) : NULL;
        boots = app == NULL ? "no app" : partition_label(r->arena, app);
    }
    const char *sequence =
        active < 0 ? "no sequence yet" : arena_printf(r->arena, "sequence %" PRIu32, seq);
    n->summary = active < 0 || table
                     ? arena_printf(r->arena, "OTA data, %s: %s boots", sequence, boots)
                     : arena_printf(r->arena, "OTA data, %s", sequence);
}

static void ota_data_open(struct reader *r, struct node *n)
{
    for (uint32_t i = 0; i < 2; i++) {
        uint64_t rest = (uint64_t)i * OTAPACK_OTA_SECTOR_SIZE + OTAPACK_OTA_ENTRY_SIZE;
        uint64_t end = (uint64_t)(i + 1) * OTAPACK_OTA_SECTOR_SIZE;
        add_entry(r, n, i);
        end = i == 1 || n->src.size < end ? n->src.size : end;
        read_rest(r, n, "unused", (int)i, rest, end > rest ? end - rest : 0);
    }
    add_active(r, n);
}

static void ota_data_judge(struct judge *j, struct node *n)
{
    if (n->parent == NULL && j->options->host_table != NULL) {
        (void)target_use(&j->options->target, TARGET_TABLE); // the summary says which app boots
    }
    judge_entry(j, node_find(n, "entries", 0));
    judge_entry(j, node_find(n, "entries", 1));
}

static const struct rule rules[] = {{.run = ota_data_judge, .unread = true}, {.run = NULL}};

const struct format format_ota_data = {.name = "ota_data",
                                       .title = "OTA data",
                                       .probe = ota_data_probe,
                                       .extent = ota_data_extent,
                                       .open = ota_data_open,
                                       .rules = {rules}};
