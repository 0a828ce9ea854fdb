// SPDX-License-Identifier: Apache-2.0
//
// What a simulated update of the bootloader or of the partition table remembers. For
// simulate_final*.c only.
#ifndef SIMULATE_FINAL_H
#define SIMULATE_FINAL_H

#include "device_final.h"
#include "simulate_state.h"

struct finalizing {
    struct simulating *s;
    const struct node *tree;
    const char *what; // "bootloader"
    struct device_final to;
    const struct otapack_partition *staging, *ran;
    bool direct;              // the download goes to its place itself
    const char *lost_message; // what a power cut leaves while neither is whole
};

const char *final_label(const struct finalizing *f, const struct otapack_partition *p);

// The first finding in the tree that fails, is not decided by the simulation itself, and is one of
// these; NULL: there is none.
typedef bool final_check(const struct finalizing *f, enum check_id check);
const struct finding *final_failed(const struct finalizing *f, const struct node *n,
                                   final_check *is);

// simulate_final_staging.c: the partition that is downloaded to. False: the device takes nothing.
bool final_choose_staging(struct finalizing *f);

// simulate_final_restart.c: what is lost by the new one, and whether the device starts with it.
void final_say_lost(struct finalizing *f);
void final_restart(struct finalizing *f);

#endif
