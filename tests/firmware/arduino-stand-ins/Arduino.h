/* SPDX-License-Identifier: Apache-2.0
 *
 * As much of Arduino-ESP32 as the example needs, and macros by which a core gets in the way.
 */
#ifndef STAND_IN_ARDUINO_H
#define STAND_IN_ARDUINO_H

#include <stddef.h>
#include <stdint.h>

#define CONFIG_IDF_FIRMWARE_CHIP_ID 0x000D /* ESP32-C6 */
#define HIGH 0x1
#define LOW 0x0
#define INPUT 0x01
#define DEFAULT 1
#define bit(b) (1UL << (b))
#define lowByte(w) ((uint8_t)((w)&0xff))
#define constrain(v, low, high) ((v) < (low) ? (low) : (v) > (high) ? (high) : (v))
#define round(x) ((long)((x) + 0.5))

class Stream
{
  public:
    size_t readBytes(uint8_t *buffer, size_t n);
    long parseInt();
    int read();
    void begin(unsigned long baud);
    void println(const char *text);
    void printf(const char *format, ...) __attribute__((format(printf, 2, 3)));
};
extern Stream Serial;

struct Chip {
    void restart();
};
extern Chip ESP;

#endif
