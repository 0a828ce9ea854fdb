/* SPDX-License-Identifier: Apache-2.0
 *
 * The device on which the example runs: what its flash holds, what it would lose with the power,
 * and what goes wrong.
 */
#ifndef STAND_IN_FAKE_H
#define STAND_IN_FAKE_H

#include "esp_err.h"
#include "esp_ota_ops.h"
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define FAKE_SECTOR 4096u
#define FAKE_SLOT_SIZE 65536u
#define FAKE_MAIN_STACK 5120u
#define FAKE_ANY "*" /* whatever call */

enum { FAKE_OTA_0, FAKE_OTA_1, FAKE_FACTORY, FAKE_APPS };

/* All bits set: erased. */
struct fake_otadata {
    uint32_t seq, state, crc;
};

/* Why a device stopped. */
enum fake_stop { FAKE_RUNS, FAKE_RESTART, FAKE_ABORT, FAKE_NO_POWER };

struct fake {
    /* flash */
    uint8_t app[FAKE_APPS][FAKE_SLOT_SIZE];
    struct fake_otadata otadata[2];
    int8_t nvs_seq;
    int8_t rcp_has;     /* which image the RCP was flashed with */
    bool storage_lies;  /* the next bytes that are stored are not those that were written */
    esp_err_t nvs_init; /* what nvs_flash_init says until NVS is erased */
    bool factory;       /* has the device such a partition? */
    int slots;          /* how many OTA partitions */
    uint32_t slot_size;
    /* around it */
    bool network_down;
    bool new_host_is_bad; /* any but the first app finds no network */
    int first;
    /* memory */
    int running; /* FAKE_OTA_0 and so on */
    int8_t seq;
    esp_ota_handle_t handle; /* 0: none is open */
    int updated;             /* the partition that it writes to */
    uint32_t written;
    int hashes;     /* that are set up */
    uint32_t stack; /* of the task that runs */
    jmp_buf *reset; /* where a device stops, with an enum fake_stop */
    jmp_buf *task_end;
    bool http; /* is there a client? */
    /* which call fails, and what it then returns; or the power is cut there */
    const char *fail_name;
    int fail_call; /* 1: the next of that name; 0: none */
    esp_err_t fail_code;
    bool cut_power;
};

extern struct fake fake;

/* A device that runs ota_0, which is confirmed; its partition table has no factory. */
void fake_start(const char *version, uint32_t secure_version);

/* An app of this version is in this partition; its app_elf_sha256 is 32 bytes of `id`. */
void fake_install(int app, const char *version, uint32_t secure_version, uint8_t id);

/* That app has the seal of an RCP image, behind its description; NULL: an empty one. */
void fake_seal(int app, const uint8_t *rcp, uint32_t n);

/* Is it this call's turn to fail, or to be the last before the power is cut? */
bool fake_fails(const char *name);
esp_err_t fake_result(const char *name);

/* The device stops here, and does not come back. */
void fake_stop(enum fake_stop why) __attribute__((noreturn));

/* A mistake that only a stand-in finds. */
void fake_wrong(const char *what) __attribute__((noreturn));

/* The bootloader, that of ESP-IDF 5.5 with rollback: what starts, or would start, next. */
void fake_boot(void);
int fake_next_boot(void);
bool fake_image_good(int app);

/* What esp_ota_ops and the bootloader both know of the OTA data. */
struct fake_otadata fake_otadata_for(uint32_t seq, uint32_t state);
bool fake_otadata_crc_good(const struct fake_otadata *entry);
int fake_active_otadata(void); /* -1: none */
esp_err_t fake_write_otadata(int i, struct fake_otadata entry);

/* All that the RCP's storage has open is closed, as far as it was written. */
void fake_lose_files(void);

#endif
