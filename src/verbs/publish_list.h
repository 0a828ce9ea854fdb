// SPDX-License-Identifier: Apache-2.0
//
// The targets that files are published to. A target is one const struct in publish_NAME.c, and one
// word in this list.
#ifndef PUBLISH_LIST_H
#define PUBLISH_LIST_H

#include "publish.h"

// In the order in which --help lists them.
#define PUBLISH_LIST(X)                                                                            \
    X(folder)                                                                                      \
    X(esp_web_tools)                                                                               \
    X(esphome)                                                                                     \
    X(matter_server)                                                                               \
    X(matterjs_server)                                                                             \
    X(dcl)                                                                                         \
    X(ota_provider)                                                                                \
    X(zigbee_index)                                                                                \
    X(hosted)                                                                                      \
    X(hawkbit)                                                                                     \
    X(thingsboard)                                                                                 \
    X(aws_iot)                                                                                     \
    X(rainmaker)                                                                                   \
    X(oci)

#define X(name) extern const struct publish_target publish_##name;
PUBLISH_LIST(X)
#undef X

#endif
