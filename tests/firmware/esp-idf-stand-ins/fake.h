/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAND_IN_FAKE_H
#define STAND_IN_FAKE_H

#include "esp_err.h"
#include "esp_ota_ops.h"
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#define FAKE_SLOT_SIZE 65536u

/* A device: what its flash holds, and what it would lose with the power. */
struct fake {
    /* flash */
    uint8_t slot[2][FAKE_SLOT_SIZE];
    uint32_t written[2]; /* bytes, since the slot was begun */
    int boot;            /* the slot that starts next */
    int8_t nvs_seq;
    /* memory */
    int running;
    int8_t seq;
    esp_ota_handle_t handle; /* 0: none is open */
    int hashes;              /* that are set up */
    bool pending;            /* the running app is not confirmed */
    bool other_slot;         /* is there one? */
    uint32_t slot_size;
    /* what is to fail, and at which call (1: the first) */
    const char *fail_name;
    int fail_call;
    esp_err_t fail_code;
    /* the power is cut instead */
    jmp_buf *power;
};

extern struct fake fake;

/* A device that runs slot 0, with this version. */
void fake_start(const char *version, uint32_t secure_version);

/* Is it this call's turn to fail, or to be the last before the power is cut? */
bool fake_fails(const char *name);

/* It starts again: all that was only in memory is gone. */
void fake_restart(void);

#endif
