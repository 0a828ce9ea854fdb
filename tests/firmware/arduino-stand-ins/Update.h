/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAND_IN_UPDATE_H
#define STAND_IN_UPDATE_H

#include <stddef.h>
#include <stdint.h>

#define UPDATE_SIZE_UNKNOWN 0xFFFFFFFF

class UpdateClass
{
  public:
    bool begin(size_t size);
    size_t write(uint8_t *bytes, size_t n);
    bool end(bool even_if_remaining);
    void abort();
};
extern UpdateClass Update;

#endif
