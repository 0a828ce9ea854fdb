// SPDX-License-Identifier: Apache-2.0
//
// What verbs ask of a file, where what they do depends on what it is: no verb names a format.
#ifndef KINDS_H
#define KINDS_H

#include "node.h"

bool is_manifest(const struct node *n); // a list of files
bool is_matter(const struct node *n);
bool is_flash(const struct node *n); // of the ESP32 family
bool is_partition_table(const struct node *n);
bool is_partition_csv(const struct node *n);
bool is_esp_image(const struct node *n);
bool is_esp8266_flash(const struct node *n);
bool is_zigbee(const struct node *n);
bool is_whole_flash(const struct node *n);   // all that a device needs in its flash to boot
bool is_esp8266_image(const struct node *n); // whatever core or SDK made it
bool is_fs_update(
    const struct node *n); // for an ESP8266: the image of a file system, or a signed one

// Has it a seal of what is around it, and does that hold? Then it changes where that does.
bool is_sealed(const struct node *n);

// What a Matter image carries (NULL: it cannot be read), or the file itself.
struct node *matter_content(struct node *root);

#endif
