// SPDX-License-Identifier: Apache-2.0
//
// The fields of a Zigbee header: how they are named, and what can be set.
#ifndef ZIGBEE_FIELD_H
#define ZIGBEE_FIELD_H

#include <otapack/zigbee.h>

#include "err.h"
#include "node.h"

// Those that can be set, in the order in which they stand.
enum zigbee_field_id {
    ZIGBEE_HEADER_VERSION,
    ZIGBEE_MANUFACTURER,
    ZIGBEE_IMAGE_TYPE,
    ZIGBEE_FILE_VERSION,
    ZIGBEE_STACK_VERSION,
    ZIGBEE_HEADER_STRING,
    ZIGBEE_SECURITY_VERSION,
    ZIGBEE_DESTINATION,
    ZIGBEE_MIN_HARDWARE,
    ZIGBEE_MAX_HARDWARE,
    ZIGBEE_FIELD_COUNT
};

extern const struct zigbee_field {
    const char *name;
    enum field_kind kind;
    uint64_t most;  // of a number; of a text or bytes, how many bytes
    bool needed;    // must be given
    uint16_t bit;   // of field_control, by which the header has it; 0: it always does
    uint64_t usual; // of a number that need not be given
    const char *help;
} zigbee_fields[ZIGBEE_FIELD_COUNT];

// Values for the fields of a header that is to be written.
struct zigbee_values {
    struct zigbee_value {
        bool given;
        uint64_t number;
        const char *text; // of the header's string
        uint8_t bytes[OTAPACK_ZIGBEE_EUI64_SIZE];
    } of[ZIGBEE_FIELD_COUNT];
};

// The field of this name, or -1 with `e` set (status 2).
int zigbee_field_by_name(const char *name, const char *where, struct err *e);

// Sets a field by its name. False with `e` set (status 2), beginning with `where`, for a value that
// the field cannot have, or a name that is none. The value must outlive the values.
bool zigbee_set(struct zigbee_values *v, const char *name, const char *value, const char *where,
                struct err *e);

bool zigbee_optional(int id); // may it be left out?

// Has the header both of these fields, or none of them?
bool zigbee_together(const char *name, const char *other);

// Takes an optional field out; of the hardware versions both.
bool zigbee_unset(struct zigbee_values *v, const char *name, const char *where, struct err *e);

// The name of a needed field that is missing, or NULL. One of the hardware versions needs the
// other.
const char *zigbee_missing(const struct zigbee_values *v);

// The header with these values; total_size is the caller's.
struct otapack_zigbee zigbee_header_of(const struct zigbee_values *v);

// The values of a header. The string is in `a`.
struct zigbee_values zigbee_values_of(const struct otapack_zigbee *z, struct arena *a);

// Is the header at the start of `src` what its values make, byte for byte?
bool zigbee_is_plain(const struct otapack_source *src, const struct otapack_zigbee *z);

#endif
