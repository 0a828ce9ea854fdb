// SPDX-License-Identifier: Apache-2.0
//
// How the ESP8266 Arduino core's bootloader unpacks an update, step by step. The update lies in
// front of the file system, from a sector's start on; eboot reads its data 4096 bytes at a time
// into RAM, and as soon as it has unpacked 4096 bytes writes them to the next sector from 0 on.
// Nobody but this looks whether it gets at its own input.
#ifndef EBOOT_H
#define EBOOT_H

#include <otapack/base.h>

struct eboot_copy {
    // What is known:
    uint64_t fs_start;      // of the layout
    uint64_t sent;          // bytes of all that was sent, in whole sectors
    uint64_t packed;        // of the gzip file in it, without a signature
    uint64_t compressed_at; // where in that the deflated data begin
    uint64_t size;          // what they unpack to

    // What is found:
    uint64_t needed;  // the least fs_start with which all goes well, a multiple of 4096
    bool hits_unread; // with fs_start as it is, data are written over before they are read
    uint64_t hit_at;  // the first sector that is written where it must not be
    uint64_t writes;  // sectors
};

// `deflated` begins at compressed_at, and must be data that unpack.
void eboot_copy(struct eboot_copy *copy, const struct otapack_source *deflated);

#endif
