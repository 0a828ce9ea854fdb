// SPDX-License-Identifier: Apache-2.0
//
// An update as a device would take it: the file goes through otapack/stream.h in pieces, as from a
// network, and what the device does is written down step by step. Deciding is here and in device.h;
// show_simulation.c prints.
#ifndef SIMULATE_H
#define SIMULATE_H

#include "arena.h"
#include "device.h"
#include "err.h"
#include "node.h"
#include "target.h"

enum step_verdict {
    STEP_OK,
    STEP_WARN,
    STEP_REFUSED, // the device takes no more, and goes on as before
    STEP_BROKEN,  // it takes it, and does not work then
};

struct step {
    struct step *next;
    uint64_t at;      // offset in the file
    const char *what; // the part of the file, or what the device does: "ota_data", "rcp"
    const struct otapack_partition *partition; // into which something goes, or NULL
    const char *label;                         // its name
    uint64_t size;                             // of what goes there
    enum step_verdict verdict;
    const char *message;
    const char *cut; // what is left where the power fails by now; NULL: nothing is said
    bool cut_boots;  // and does an app start then?
};

enum simulated_device {
    SIMULATED_UNKNOWN,
    SIMULATED_HTTPS,
    SIMULATED_BORDER_ROUTER,
    SIMULATED_MATTER
};

// What is known of the device beside its flash. NULL and negative: nothing.
struct simulate_options {
    const char *running_version;
    int64_t secure_version;      // of the eFuses
    bool require_seal;           // it takes no RCP for which the host's app does not vouch
    const struct target *target; // what the checks of the tree know of it, too
    size_t chunk;
    const char *staging; // the label of the partition to which the download goes; NULL: the next
    uint32_t table_at;   // where the device's table lies, unless it lists itself
};

struct simulation {
    enum simulated_device device;
    const char *final; // what is updated where that is no app: "bootloader"; else NULL
    struct step *steps, **steps_end;
    enum step_verdict verdict; // never STEP_WARN
    uint64_t at;               // STEP_REFUSED: where
    const char *runs;          // the app that runs before; NULL: none does
    const char *boots;         // and what boots then; NULL: nothing
    const char *message;       // the verdict as a sentence
    uint64_t received, written;
};

// Lets a device have the file whose tree this is. `device` is booted, has the update, and is booted
// again. False with `e` set (status 2) where an option does not go with the file; where the
// file cannot be read, whoever opened it knows why.
bool simulate(struct arena *a, const struct otapack_source *file, const struct node *tree,
              const struct simulate_options *options, struct device *device, struct simulation *out,
              struct err *e);

// The simulation on standard output.
void show_simulation(struct arena *a, const char *file, uint64_t size, const struct simulation *s);
void show_simulation_json(const char *file, uint64_t size, const struct simulation *s);

const char *simulated_device_name(enum simulated_device device); // "border_router"; NULL: unknown

#endif
