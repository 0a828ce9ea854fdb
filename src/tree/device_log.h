// SPDX-License-Identifier: Apache-2.0
//
// What devices log where a check fails: the way from a line of a serial console to the check.
#ifndef DEVICE_LOG_H
#define DEVICE_LOG_H

#include <stddef.h>

#include "check.h"

// logs.def, of *.logs beside the formats: LOG(symbol of the check, "who logs it", "its words")
// The words are the device's own format string; %... stands for anything.
struct device_log {
    enum check_id check;
    const char *who;
    const char *words;
};

extern const struct device_log device_logs[];
extern const size_t device_log_count;

// Is a line of a console, or a part of one, such a message?
bool device_log_fits(const struct device_log *log, const char *line);

#endif
