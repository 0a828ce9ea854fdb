// SPDX-License-Identifier: Apache-2.0
//
// The description of an app as a part of its image: ESP-IDF's, and ESP8266_RTOS_SDK's, which has
// the same beginning.
#ifndef APP_DESC_H
#define APP_DESC_H

#include <otapack/app_desc.h>

#include "node.h"

// Adds "desc", an overlay at `at` of the image. ESP8266_RTOS_SDK knows nothing of chip revisions,
// MMU pages and flash modes: what is `plain` has reserved bytes there.
void app_desc_add(struct arena *a, struct node *n, uint64_t at, const struct otapack_app_desc *d,
                  bool plain);

// " demo 1.4.2": what an app calls itself, as far as it does, each with a blank in front.
const char *app_desc_name(struct arena *a, const struct node *desc);

#endif
