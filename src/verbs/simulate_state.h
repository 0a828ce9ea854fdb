// SPDX-License-Identifier: Apache-2.0
//
// What a simulation remembers while the file arrives. For simulate*.c only.
#ifndef SIMULATE_STATE_H
#define SIMULATE_STATE_H

#include <otapack/stream.h>
#include <otapack/stream_seal.h>

#include "digest.h"
#include "partition_name.h"
#include "simulate.h"

struct simulating {
    struct arena *arena;
    const struct simulate_options *options;
    const struct otapack_source *file;
    const struct node *tree; // of it
    struct device *device;
    struct simulation *out;
    struct err *e; // e->text is set where the simulation itself cannot go on

    struct otapack_stream stream;
    struct otapack_stream_hooks hooks;
    struct otapack_hash hashes[OTAPACK_HASH_COUNT];
    struct digest *digests[OTAPACK_HASH_COUNT];
    uint32_t crc;
    struct otapack_seal seal; // watched where the device wants one
    struct otapack_hash seal_hash;
    struct digest *seal_digest;

    uint32_t part; // that is arriving
    uint64_t part_at, part_size;
    const char *title; // of the image that is arriving
    bool in_matter;
    uint64_t running_number; // for Matter, where it was given
    uint32_t matter_version, matter_vendor, matter_product, matter_min, matter_max;
    const char *matter_text;

    int slot; // into which the app goes; DEVICE_NOTHING: there was none
    uint64_t app_written;
    const char *app_name; // "host" or "app"
    uint64_t app_at;
    uint64_t stored;                     // of the RCP part; 0: there is none
    uint64_t combined_size, stored_size; // of all parts, and of all but the host
    const char *rcp_version;             // NULL: there is none
    const char *effect;                  // of what breaks the device; NULL: nothing does
};

const char *part_name(const struct simulating *s);

// A step at an offset of the file, said by a message.
struct step *add_step(struct simulating *s, uint64_t at, const char *what,
                      enum step_verdict verdict, const char *message, ...)
    __attribute__((format(printf, 5, 6)));

// The same of what goes into a partition.
void add_place(struct simulating *s, struct step *step, const struct otapack_partition *p,
               uint64_t size);

// The last step: the device takes no more. Returns false, for a callback to say no.
bool refuse_at(struct simulating *s, uint64_t at, const char *what, const char *message, ...)
    __attribute__((format(printf, 4, 5)));
bool refuse_answer(struct simulating *s, uint64_t at, const char *what, enum device_answer answer);

// simulate_app.c: does an app arrive? And what is asked of an image once its first bytes are there.
bool is_app_part(uint32_t part);
bool simulate_image(struct simulating *s, const struct otapack_event *event);

// simulate_events.c: one event of the stream. False: the device says no.
bool simulate_event(void *ctx, const struct otapack_event *event);

// simulate_fault.c: why the stream ended, and in which part of the file.
const char *fault_part(const struct simulating *s, const struct otapack_stream_fault *fault);
const char *fault_text(struct simulating *s, const struct otapack_stream_fault *fault);

// simulate_seal.c: a device that wants the seal of an RCP, from before the first byte on; what it
// says when the combined image has come; and what is left of that.
void simulate_seal_begin(struct simulating *s);
bool simulate_seal(struct simulating *s, const struct otapack_event *event);
void simulate_seal_end(struct simulating *s);

// Does esp_https_ota take a file of this length?
bool simulate_length(struct simulating *s);

// simulate_final.c: an update of the bootloader or of the partition table, to its end.
bool simulate_is_final(const struct simulating *s);
void simulate_final(struct simulating *s, const struct node *tree);

// simulate_end.c: is it offered to a device at all? And, when the file was whole and good, what
// does the device do then?
bool simulate_offer(struct simulating *s, const struct node *tree);
void simulate_end(struct simulating *s, const struct node *tree);

#endif
