// SPDX-License-Identifier: Apache-2.0
//
// What a rule can ask for beyond the file: what is known of the device that is to take it, and
// keys. The bits of enum target_fact (target.h), and these.
#ifndef NEED_H
#define NEED_H

#include "judge.h"

enum need {
    NEED_ROOM = 1 << 8,          // how much is free on an ESP8266
    NEED_LAYOUT = 1 << 9,        // of its flash
    NEED_ESP8266_SIZE = 1 << 10, // of its flash
    NEED_ESP8266_MODE = 1 << 11,
    NEED_KEY = 1 << 12, // with which a signature can be compared
};

// What is known of the device that a node goes to.
unsigned need_known(const struct judge *j, const struct node *n);

enum { NEED_BITS = 13 };

// The option that says it, without dashes; of one bit.
const char *need_option(unsigned need);

#endif
