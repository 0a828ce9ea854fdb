// SPDX-License-Identifier: Apache-2.0
//
// What the laws of simulate share: devices' partition tables and OTA data, and what is printed.
#ifndef SIMULATE_OF_LAWS
#define SIMULATE_OF_LAWS

#include "image.h"
#include "run.h"

#define TABLE "fixtures/br/partition-table.bin"
#define COMBINED "fixtures/rcp_image/good-with-host.bin"

// In the scratch folder: app.bin, the host's app; br.bin and rcp.bin, combined images with and
// without it; table.bin, a border router's partition table.
int simulate_begin(void **group);

// A partition table: a letter for each entry. o: otadata (O: of one sector only), f: factory,
// s: rcp_fw, 0 to 2: an OTA partition with this number.
void simulate_table(const char *to, const char *entries);
// Two slots, the second of this size.
void simulate_slots(const char *to, uint32_t size);

struct ota_entry {
    uint32_t seq, state, crc;
};
void simulate_ota_data(const char *to, struct ota_entry first, struct ota_entry second);

// Everything in this section of simulate.txt is printed.
void simulate_prints(const char *section);

// `simulate` of these words with --json, and its last step.
const json_t *simulate_json(int status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const json_t *last_step(const json_t *simulation);

#endif
