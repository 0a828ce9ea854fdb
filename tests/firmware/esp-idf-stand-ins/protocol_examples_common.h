/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAND_IN_PROTOCOL_EXAMPLES_COMMON_H
#define STAND_IN_PROTOCOL_EXAMPLES_COMMON_H

#include "esp_err.h"

esp_err_t example_connect(void);

#endif
