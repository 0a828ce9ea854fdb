// SPDX-License-Identifier: Apache-2.0
//
// What is kept of a Zigbee OTA file for those who judge it, or write one like it.
#ifndef ZIGBEE_TREE_H
#define ZIGBEE_TREE_H

#include <otapack/zigbee.h>

#include "node.h"

// How many elements of one file are shown, and looked into: each is shown in more bytes than it may
// have. What is behind them is named, and left closed.
enum { ZIGBEE_ELEMENTS_MOST = 256 };

enum { ZIGBEE_WILD_CARD = 0xFFFF };

// Does an app stand right behind the header, in no element? As older clients write what comes.
bool zigbee_is_bare(const struct otapack_source *src, const struct otapack_zigbee *z);

// What a tag is called: the name of its part. NULL: it has none.
const char *zigbee_tag_name(uint16_t tag);
uint32_t zigbee_tag_size(uint16_t tag); // of what is always as long as that; 0: any

#endif
