/* SPDX-License-Identifier: Apache-2.0
 *
 * The bootloader of ESP-IDF 5.5 with CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE: which app it starts, by
 * the OTA data, and what it notes there.
 */
#include "esp_app_desc.h"
#include "esp_rom_crc.h"
#include "fake.h"
#include "psa/crypto.h"
#include "sdkconfig.h"
#include <string.h>

#define HEADER_SIZE 24u
#define SEGMENT_SIZE 8u
#define SEAL_AT (HEADER_SIZE + SEGMENT_SIZE + sizeof(esp_app_desc_t))
#define SEAL_SIZE 64

/* ---- Images ---------------------------------------------------------------------------------- */

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Where the checksum is, which it computes; 0: the segments do not fit into the partition. */
static uint32_t end_of_segments(const uint8_t *image, uint8_t *checksum)
{
    uint32_t at = HEADER_SIZE;
    *checksum = 0xEF;
    for (int i = 0; i < image[1]; i++) {
        uint32_t size = at + SEGMENT_SIZE < fake.slot_size ? le32(image + at + 4) : UINT32_MAX;
        at += SEGMENT_SIZE;
        if (at >= fake.slot_size || size > fake.slot_size - at) {
            return 0;
        }
        for (uint32_t end = at + size; at < end; at++) {
            *checksum ^= image[at];
        }
    }
    at |= 15;
    return at + 1 + 32 <= fake.slot_size ? at : 0;
}

static void sha256(const uint8_t *bytes, uint32_t n, uint8_t digest[32])
{
    psa_hash_operation_t operation = psa_hash_operation_init();
    int failing = fake.fail_call; /* not the device's own calls */
    size_t length;
    fake.fail_call = 0;
    (void)psa_hash_setup(&operation, PSA_ALG_SHA_256);
    (void)psa_hash_update(&operation, bytes, n);
    (void)psa_hash_finish(&operation, digest, 32, &length);
    fake.fail_call = failing;
}

bool fake_image_good(int app)
{
    const uint8_t *image = fake.app[app];
    uint8_t checksum, digest[32];
    if (image[0] != 0xE9 || (image[12] | image[13] << 8) != CONFIG_IDF_FIRMWARE_CHIP_ID) {
        return false;
    }
    uint32_t end = end_of_segments(image, &checksum);
    if (end == 0 || image[end] != checksum) {
        return false;
    }
    if (image[23] == 0) {
        return true;
    }
    sha256(image, end + 1, digest);
    return memcmp(digest, image + end + 1, sizeof(digest)) == 0;
}

static void end_image(uint8_t *image)
{
    uint32_t slot_size = fake.slot_size;
    uint8_t checksum;
    fake.slot_size = FAKE_SLOT_SIZE;
    uint32_t end = end_of_segments(image, &checksum);
    fake.slot_size = slot_size;
    image[end] = checksum;
    sha256(image, end + 1, image + end + 1);
}

void fake_install(int app, const char *version, uint32_t secure_version, uint8_t id)
{
    uint8_t *image = fake.app[app];
    esp_app_desc_t desc = {.magic_word = 0xABCD5432, .secure_version = secure_version};
    memset(desc.app_elf_sha256, id, sizeof(desc.app_elf_sha256));
    (void)snprintf(desc.version, sizeof(desc.version), "%s", version);
    memset(image, 0, FAKE_SECTOR);
    image[0] = 0xE9;
    image[1] = 1;
    image[12] = (uint8_t)CONFIG_IDF_FIRMWARE_CHIP_ID;
    image[23] = 1;
    image[HEADER_SIZE + 5] = sizeof(desc) >> 8;
    memcpy(image + HEADER_SIZE + SEGMENT_SIZE, &desc, sizeof(desc));
    end_image(image);
}

void fake_seal(int app, const uint8_t *rcp, uint32_t n)
{
    uint8_t *image = fake.app[app], *seal = image + SEAL_AT;
    memset(seal, 0, FAKE_SECTOR - SEAL_AT);
    memcpy(seal, "OTAPSEAL\1", 9);
    if (rcp != NULL) {
        seal[9] = seal[10] = 1;
        for (int i = 0; i < 4; i++) {
            seal[12 + i] = (uint8_t)(n >> (8 * i));
        }
        sha256(rcp, n, seal + 16);
    }
    image[HEADER_SIZE + 4] = SEAL_SIZE;
    end_image(image);
}

/* ---- OTA data -------------------------------------------------------------------------------- */

static uint32_t otadata_crc(uint32_t seq)
{
    uint8_t bytes[4] = {(uint8_t)seq, (uint8_t)(seq >> 8), (uint8_t)(seq >> 16),
                        (uint8_t)(seq >> 24)};
    return esp_rom_crc32_le(UINT32_MAX, bytes, 4);
}

struct fake_otadata fake_otadata_for(uint32_t seq, uint32_t state)
{
    return (struct fake_otadata){seq, state, otadata_crc(seq)};
}

bool fake_otadata_crc_good(const struct fake_otadata *entry)
{
    return entry->seq != UINT32_MAX && entry->crc == otadata_crc(entry->seq);
}

static bool unusable(const struct fake_otadata *entry)
{
    return entry->seq == UINT32_MAX || entry->state == ESP_OTA_IMG_INVALID ||
           entry->state == ESP_OTA_IMG_ABORTED;
}

int fake_active_otadata(void)
{
    bool valid[2];
    for (int i = 0; i < 2; i++) {
        const struct fake_otadata *entry = &fake.otadata[i];
        valid[i] = !unusable(entry) && fake_otadata_crc_good(entry);
    }
    if (valid[0] && valid[1]) {
        return fake.otadata[1].seq > fake.otadata[0].seq;
    }
    return valid[0] ? 0 : valid[1] ? 1 : -1;
}

/* A sector at a time; between the two, the power can fail. */
esp_err_t fake_write_otadata(int i, struct fake_otadata entry)
{
    esp_err_t err = fake_result("erase_otadata");
    if (err != ESP_OK) {
        return err;
    }
    memset(&fake.otadata[i], 0xFF, sizeof(fake.otadata[i]));
    err = fake_result("write_otadata");
    if (err == ESP_OK) {
        fake.otadata[i] = entry;
    }
    return err;
}

/* ---- What starts ----------------------------------------------------------------------------- */

static void note_state(int i, uint32_t from, uint32_t to)
{
    struct fake_otadata entry = fake.otadata[i];
    if (entry.state == from) {
        entry.state = to;
        (void)fake_write_otadata(i, entry);
    }
}

/* The bootloader's index: -1 is factory. */
static int selected(bool *first_start)
{
    note_state(0, ESP_OTA_IMG_PENDING_VERIFY, ESP_OTA_IMG_ABORTED);
    note_state(1, ESP_OTA_IMG_PENDING_VERIFY, ESP_OTA_IMG_ABORTED);
    if ((unusable(&fake.otadata[0]) && unusable(&fake.otadata[1])) || fake.slots == 0) {
        *first_start = !fake.factory && !fake_otadata_crc_good(&fake.otadata[0]) &&
                       !fake_otadata_crc_good(&fake.otadata[1]);
        return fake.factory ? -1 : 0;
    }
    int active = fake_active_otadata();
    if (active < 0) {
        return -1;
    }
    note_state(active, ESP_OTA_IMG_NEW, ESP_OTA_IMG_PENDING_VERIFY);
    return (int)((fake.otadata[active].seq - 1) % (uint32_t)fake.slots);
}

/* Which app that is, if it is good. */
static int loaded(int index)
{
    int app = index < 0 ? FAKE_FACTORY : index;
    return (app != FAKE_FACTORY || fake.factory) && fake_image_good(app) ? app : -1;
}

static int start_app(void)
{
    bool first_start = false;
    int start = selected(&first_start), index = start, app = -1;
    for (; index >= -1 && app < 0; index--) {
        app = loaded(index);
    }
    for (index = start + 1; index < fake.slots && app < 0; index++) {
        app = loaded(index);
    }
    if (app < 0) {
        fake_wrong("no app starts any more");
    }
    if (first_start && app != FAKE_FACTORY) {
        (void)fake_write_otadata(0, fake_otadata_for((uint32_t)app + 1, ESP_OTA_IMG_VALID));
    }
    return app;
}

void fake_boot(void)
{
    fake.running = start_app();
    fake.seq = fake.nvs_seq;
    fake.handle = 0;
    fake.hashes = 0;
    fake.http = false;
}

int fake_next_boot(void)
{
    struct fake_otadata now[2];
    int failing = fake.fail_call;
    memcpy(now, fake.otadata, sizeof(now));
    fake.fail_call = 0;
    int app = start_app();
    fake.fail_call = failing;
    memcpy(fake.otadata, now, sizeof(now));
    return app;
}
