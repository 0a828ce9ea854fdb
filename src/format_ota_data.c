// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <otapack/ota_data.h>

#include "crc.h"
#include "format.h"
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

// Adds an entry; says which ota_seq counts for the bootloader, 0 for none.
static uint32_t add_entry(struct reader *r, struct node *n, uint32_t which)
{
    struct otapack_ota_entry e;
    struct arena *a = r->arena;
    struct node *part =
        node_part(a, n, "entries", (int)which, (uint64_t)which * OTAPACK_OTA_SECTOR_SIZE,
                  OTAPACK_OTA_ENTRY_SIZE);
    struct otapack_status s = otapack_ota_entry_read(&n->src, which, &e);
    part->format = "ota_data_entry";
    if (s.code != OTAPACK_OK) {
        part->error = status_text(r, part, s);
        return 0;
    }
    bool used = e.ota_seq != OTAPACK_OTA_SEQ_EMPTY;
    uint32_t crc = otapack_ota_seq_crc(e.ota_seq, crc_32);
    node_uint(a, part, "ota_seq", e.ota_seq, QUIET(0, 4));
    node_bytes(a, part, "seq_label", e.seq_label, sizeof(e.seq_label), QUIET(4, 20));
    node_enum(a, part, "ota_state", e.ota_state, state_name(e.ota_state), QUIET(24, 4));
    node_hex(a, part, "crc", e.crc, QUIET(28, 4));
    part->summary = used ? arena_printf(a, "sequence %" PRIu32 ", state %s", e.ota_seq,
                                        node_text(part, "ota_state"))
                         : "empty";
    if (!used) {
        return 0;
    }
    found(r, part, CHECK_OTA_DATA_CRC, e.crc == crc,
          "the CRC is 0x%08" PRIx32 ", ota_seq gives 0x%08" PRIx32, e.crc, crc);
    found(r, part, CHECK_OTA_DATA_STATE,
          state_name(e.ota_state) != NULL && e.ota_state != OTAPACK_OTA_INVALID &&
              e.ota_state != OTAPACK_OTA_ABORTED,
          "the state is %s", node_text(part, "ota_state"));
    return e.crc == crc && e.ota_state != OTAPACK_OTA_INVALID && e.ota_state != OTAPACK_OTA_ABORTED
               ? e.ota_seq
               : 0;
}

static void ota_data_open(struct reader *r, struct node *n)
{
    uint32_t seq[2];
    for (uint32_t i = 0; i < 2; i++) {
        uint64_t rest = (uint64_t)i * OTAPACK_OTA_SECTOR_SIZE + OTAPACK_OTA_ENTRY_SIZE;
        uint64_t end = (uint64_t)(i + 1) * OTAPACK_OTA_SECTOR_SIZE;
        seq[i] = add_entry(r, n, i);
        end = i == 1 || n->src.size < end ? n->src.size : end;
        read_rest(r, n, "unused", (int)i, rest, end > rest ? end - rest : 0);
    }
    uint32_t active = seq[0] > seq[1] ? seq[0] : seq[1];
    node_uint(r->arena, n, "active_seq", active, DERIVED_QUIET);
    n->summary = active == 0 ? "OTA data, no sequence yet: the first app boots"
                             : arena_printf(r->arena, "OTA data, sequence %" PRIu32, active);
}

const struct format format_ota_data = {.name = "ota_data",
                                       .title = "OTA data",
                                       .probe = ota_data_probe,
                                       .extent = ota_data_extent,
                                       .open = ota_data_open};
