// SPDX-License-Identifier: Apache-2.0
//
// ESP-Hosted: the firmware with which a host's app updates its co-processor, wherever it lies. It
// is a plain app, known by its project_name. Source of the facts: ESP-Hosted-MCU (slave, and the
// example host_performs_slave_ota), ESPHome's esp32_hosted.
#ifndef HOSTED_H
#define HOSTED_H

#include "rule.h"

#define HOSTED_PROJECT "network_adapter"
#define HOSTED_PARTITION "slave_fw" // as the example calls it

bool hosted_is_firmware(const struct node *n);

// Does this partition of a host's flash hold a co-processor's firmware, or what should be?
bool hosted_lies_in(const struct otapack_partition *p, const struct otapack_source *bytes);

extern const struct rule rules_hosted_app[], // of an app
    rules_hosted_flash[],                    // of what lies in a host's flash
    rules_hosted_list[];                     // of a manifest

#endif
