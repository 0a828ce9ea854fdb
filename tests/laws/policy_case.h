// SPDX-License-Identifier: Apache-2.0
//
// A policy that is asked about files, and those that are made for it.
#ifndef POLICY_CASE_H
#define POLICY_CASE_H

#include "run.h"

#define POLICY_C6 "fixtures/esp_image/good-app-esp32c6.bin"

enum { NVS = 2 }; // the subtype

void policy_text(const char *name, const char *text); // a file of this text

// An app with these fields, and so many bytes more than the one that it is made of.
void policy_app_of(const char *from, const char *name, const char *version, const char *project,
                   unsigned secure, size_t more);
void policy_app(const char *name, const char *version, const char *project, unsigned secure,
                size_t more); // of POLICY_C6, which has 512 bytes

// A partition table whose first slot has 0x1000 bytes, and the second as many as are said.
void policy_table(const char *name, uint32_t ota_1_size, uint32_t nvs_at, unsigned nvs_subtype,
                  const char *nvs_label);

// A policy, the rest of the command line, the exit status, and what is printed or said.
struct policy_row {
    int status;
    const char *policy, *words, *says;
};

void policy_take(const struct policy_row *row); // writes its policy, p.yaml
void policy_ask(const struct policy_row *rows, size_t count);

#endif
