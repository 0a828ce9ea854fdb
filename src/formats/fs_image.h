// SPDX-License-Identifier: Apache-2.0
//
// What the formats of file systems have in common: an ESP8266 takes their images as it takes
// sketches, with a signature behind them where it wants one.
#ifndef FS_IMAGE_H
#define FS_IMAGE_H

#include "judge.h"

#define SPIFFS_COUNTED "counted" // magic numbers that tell how many blocks there are

// Does a file system begin here? NULL: none that otapack knows.
const struct format *fs_image_probe(const struct otapack_source *src);

bool fs_image_is(const struct node *n);
uint64_t fs_image_size(const struct node *n); // with all of its blocks; 0: it cannot be read

// How many bytes the file system at the start of `src` has; 0: there is none that can be read.
uint64_t fs_image_end(const struct otapack_source *src);

// Its blocks and what follows them, as parts. `title`: "LittleFS 2.0".
void fs_image_add(struct reader *r, struct node *n, const char *title, uint64_t size);
bool fs_image_is_filling(const struct node *trailing); // 0xFF, as erased flash is

// All rules about one. Of what is signed, what follows it is for the whole to judge.
void rule_fs(struct judge *j, struct node *n);
void rule_fs_trailing(struct judge *j, struct node *n);

// The file that is sent, which `n` is or is signed in, and the ESP8266 that it is sent to.
void rule_fs_esp8266(struct judge *j, struct node *sent, struct node *n);

#endif
