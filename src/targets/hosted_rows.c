// SPDX-License-Identifier: Apache-2.0
//
// What is said of the host of an ESP-Hosted co-processor: a key of device files and recipes, and no
// option of its own.
#include "target.h"

#include "text.h"

static bool take_hosted(void *to, const char *value)
{
    struct target *target = ((struct device_said *)to)->target;
    target->hosted = value;
    return text_is_version(value);
}

const struct opt hosted_rows[] = {
    {0, "esp-hosted",
     OPT_FACT("VERSION", "version", NULL, TARGET_HOSTED, take_hosted,
              "is no version of ESP-Hosted; write one such as 2.12.3"),
     "ESP-Hosted in the app of a co-processor's host", false},
    OPT_END,
};
