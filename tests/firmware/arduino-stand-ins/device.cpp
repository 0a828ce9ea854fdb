/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs a sketch: what comes over Serial is standard input, what is updated goes to ./slot.
 */
#include "Arduino.h"
#include "Update.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void setup();
void loop();

Stream Serial;
Chip ESP;
UpdateClass Update;
static FILE *slot;

size_t Stream::readBytes(uint8_t *buffer, size_t n)
{
    return fread(buffer, 1, n, stdin);
}

long Stream::parseInt()
{
    long n = 0;
    return scanf("%ld", &n) == 1 ? n : 0;
}

int Stream::read()
{
    return getchar();
}

void Stream::begin(unsigned long)
{
}

void Stream::println(const char *text)
{
    puts(text);
}

void Stream::printf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
}

void Chip::restart()
{
    puts("restarts");
}

bool UpdateClass::begin(size_t)
{
    slot = fopen("slot", "wb");
    return slot != nullptr;
}

size_t UpdateClass::write(uint8_t *bytes, size_t n)
{
    return fwrite(bytes, 1, n, slot);
}

bool UpdateClass::end(bool)
{
    bool good = slot != nullptr && fclose(slot) == 0;
    slot = nullptr;
    return good;
}

void UpdateClass::abort()
{
    if (slot != nullptr) {
        fclose(slot);
    }
    slot = nullptr;
    remove("slot");
}

int main()
{
    setup();
    loop();
}
