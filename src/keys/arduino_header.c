// SPDX-License-Identifier: Apache-2.0
#include "arduino_header.h"

#include <stdio.h>
#include <string.h>

#include "esp8266_key.h"

static const char head[] = "#include <pgmspace.h>\n"
                           "#define ARDUINO_SIGNING 1\n"
                           "static const char signing_pubkey[] PROGMEM = {\n";

static char *put(char *to, const char *text)
{
    size_t n = strlen(text);
    memcpy(to, text, n + 1);
    return to + n;
}

// The blank behind each comma is the script's.
static void put_bytes(char *to, const char *bytes)
{
    for (; *bytes != '\0'; bytes++) {
        char word[8];
        (void)snprintf(word, sizeof(word), "0x%02x", (unsigned char)*bytes);
        to = put(to, word);
        to = put(to, bytes[1] == '\0' ? "\n};\n" : ", \n");
    }
}

bool arduino_header(const struct pk_public *key, const char *name, char text[ARDUINO_HEADER_MOST],
                    struct err *e)
{
    char pem[PK_PEM_MOST];
    if (!key_fits_esp8266(key, name, e)) {
        return false;
    }
    if (!pk_public_pem(key, pem)) {
        return err_set(e, STATUS_CANNOT, "%s: its public part cannot be written", name);
    }
    put_bytes(put(text, head), pem);
    return true;
}
