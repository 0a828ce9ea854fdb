// SPDX-License-Identifier: Apache-2.0
//
// Updates an ESP32 over its serial port, from an app or from a Matter image around one. Send the
// size as decimal digits and a newline, then the file:
//
//     (stat -c %s app.bin; cat app.bin) >/dev/ttyUSB0
//
// Where an update really comes from, a WiFiClient or HTTPClient's stream, goes in place of Serial.

#include <Arduino.h>
#include <Update.h>
#include <otapack.h>

// An app must be for the chip that this sketch was compiled for. Nothing has been erased yet.
static bool isOurs(const otapack_event *e)
{
    if (otapack_esp_header_decode(e->bytes).chip_id != CONFIG_IDF_FIRMWARE_CHIP_ID) {
        Serial.println("this app is for another chip");
        return false;
    }
    otapack_app_desc desc;
    otapack_app_desc_decode(e->bytes + OTAPACK_APP_DESC_AT, &desc);
    Serial.printf("%.32s %.32s\n", desc.project_name, desc.version);
    return Update.begin(UPDATE_SIZE_UNKNOWN);
}

static bool on(void *, const otapack_event *e)
{
    switch (e->type) {
    case OTAPACK_EVENT_BEGIN: // a combined image is for a border router
        return e->part != OTAPACK_PART_COMBINED;
    case OTAPACK_EVENT_IMAGE:
        return isOurs(e);
    case OTAPACK_EVENT_DATA:
        return Update.write(const_cast<uint8_t *>(e->bytes), e->size) == e->size;
    default:
        return true;
    }
}

// Without hooks for hashes, checksum and structure are checked here, and the appended SHA-256 by
// Update.end(), before it switches to the new app.
static bool updateFrom(Stream &in, uint32_t size)
{
    static otapack_stream stream;
    static uint8_t buffer[512];
    otapack_stream_hooks hooks = {};
    hooks.on = on;
    otapack_stream_start(&stream, &hooks);
    otapack_stream_announce(&stream, size);
    while (size > 0) {
        size_t want = size < sizeof(buffer) ? size : sizeof(buffer);
        size_t n = in.readBytes(buffer, want);
        if (n == 0 || otapack_stream_push(&stream, buffer, n) != OTAPACK_OK) {
            break;
        }
        size -= n;
    }
    if (otapack_stream_finish(&stream) == OTAPACK_OK && Update.end(true)) {
        return true;
    }
    Serial.printf("not updated: %s at %u\n", stream.fault.field ? stream.fault.field : "Update",
                  (unsigned)stream.fault.at);
    Update.abort();
    return false;
}

void setup()
{
    Serial.begin(115200);
}

void loop()
{
    uint32_t size = (uint32_t)Serial.parseInt();
    if (size > 0) {
        Serial.read(); // the newline
        if (updateFrom(Serial, size)) {
            ESP.restart();
        }
    }
}
