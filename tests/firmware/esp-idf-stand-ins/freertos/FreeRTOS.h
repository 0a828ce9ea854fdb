/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAND_IN_FREERTOS_H
#define STAND_IN_FREERTOS_H

#include <stdint.h>

typedef int BaseType_t;
typedef unsigned UBaseType_t;
#define pdPASS 1

#endif
