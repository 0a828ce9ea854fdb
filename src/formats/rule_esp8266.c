// SPDX-License-Identifier: Apache-2.0
//
// What an image of the ESP8266 shows by itself, and whether a device that is known can take it.
#include <inttypes.h>
#include <otapack/esp8266_signature.h>
#include <string.h>

#include "esp8266_flash.h"
#include "esp8266_tree.h"
#include "format_list.h"
#include "fs_image.h"
#include "source.h"
#include "text.h"

void rule_esp8266_header(struct judge *j, struct node *n)
{
    found(j, n, CHECK_ESP8266_HEADER, n->error == NULL, "%s", n->error);
}

// ---- Settings -----------------------------------------------------------------------------------

// Is this what something compressed unpacks to?
static bool is_compressed(const struct node *n)
{
    while (n != NULL && !n->unpacked) {
        n = n->parent;
    }
    return n != NULL;
}

// Where in the flash the image itself belongs, by this segment's address. Negative: nowhere.
static int64_t linked_at(const struct otapack_esp_segment *seg, uint64_t image_at)
{
    uint64_t in_image = seg->at - image_at + OTAPACK_ESP8266_SEGMENT_HEADER_SIZE;
    return (int64_t)seg->load_addr - OTAPACK_ESP8266_MAPPED_AT - (int64_t)in_image;
}

bool esp8266_linked_at(const struct otapack_esp8266_image *image, uint64_t *at)
{
    for (uint32_t i = 0; i < image->segments_read; i++) {
        const struct otapack_esp_segment *seg = &image->segments[i];
        int64_t linked = linked_at(seg, image->at);
        if (esp8266_is_mapped(seg->load_addr)) {
            *at = (uint64_t)linked;
            return linked >= 0 && linked % OTAPACK_ESP8266_SECTOR == 0;
        }
    }
    return false;
}

// Where the image will lie: where a list says, or an app of ESP8266_RTOS_SDK by itself, where its
// first segment says; it may lie in any MiB of the flash, for the bootloader chooses which one is
// mapped.
static int64_t flash_place(const struct node *n, const struct otapack_esp8266_image *image,
                           bool rtos)
{
    uint64_t at;
    const struct field *address = n->parent == NULL ? NULL : node_field(n->parent, "address");
    if (address != NULL && strcmp(n->parent->format, "manifest_file") == 0) {
        return (int64_t)(rtos ? address->number % ESP8266_MAPPED_SIZE : address->number);
    }
    if (rtos && n->parent == NULL && esp8266_linked_at(image, &at)) {
        return (int64_t)at;
    }
    uint64_t base = node_is(n->parent, &format_esp8266_flash) ? esp8266_flash_base(n->parent) : 0;
    return (int64_t)(rtos ? (base + n->src.base) % ESP8266_MAPPED_SIZE : n->src.base);
}

// Will it lie where its address says? For ESP8266_RTOS_SDK esptool writes the header of read-only
// data over its first 8 bytes, which are there for that, and says where these lie.
static bool is_in_place(const struct otapack_esp_segment *seg, uint64_t image_at, int64_t place,
                        bool rtos)
{
    int64_t linked = linked_at(seg, image_at);
    return linked == place ||
           (rtos && linked + (int64_t)OTAPACK_ESP8266_SEGMENT_HEADER_SIZE == place);
}

void rule_esp8266_place(struct judge *j, struct node *n, const struct otapack_esp8266_image *image,
                        bool rtos)
{
    int64_t place = flash_place(n, image, rtos);
    for (uint32_t i = 0; i < image->segments_read; i++) {
        const struct otapack_esp_segment *seg = &image->segments[i];
        uint64_t at = (uint64_t)place + seg->at - image->at + OTAPACK_ESP8266_SEGMENT_HEADER_SIZE;
        if (esp8266_is_mapped(seg->load_addr) && (!is_in_place(seg, image->at, place, rtos) ||
                                                  at + seg->data_len > ESP8266_MAPPED_SIZE)) {
            found(j, n, CHECK_ESP8266_PLACE, false,
                  "segment %" PRIu32 " runs from flash at 0x%" PRIx64 ", and will lie at 0x%" PRIx64
                  " to 0x%" PRIx64,
                  i, (uint64_t)seg->load_addr - OTAPACK_ESP8266_MAPPED_AT, at, at + seg->data_len);
            return;
        }
    }
    passed(j, n, CHECK_ESP8266_PLACE);
}

static const struct esp8266_headers *headers_of(const struct node *n)
{
    return n->parsed;
}

static bool settings_are_known(const struct otapack_esp8266_header *h)
{
    return esp8266_setting(esp8266_modes, h->flash_mode) != NULL &&
           esp8266_setting(esp8266_frequencies, h->flash_freq) != NULL &&
           esp8266_setting(esp8266_sizes, h->flash_size) != NULL;
}

static void check_settings(struct judge *j, struct node *n)
{
    const struct otapack_esp8266_header *header = &headers_of(n)->first;
    const struct otapack_esp8266_header *sketch = &headers_of(n)->sketch;
    bool alone = !headers_of(n)->has_sketch;
    // Where the core does not look at them, the device may have any.
    (void)target_use(&j->options->target, NEED_ESP8266_SIZE | NEED_ESP8266_MODE);
    bool known = settings_are_known(header) && (alone || settings_are_known(sketch));
    bool same = alone || (header->flash_mode == sketch->flash_mode &&
                          header->flash_freq == sketch->flash_freq &&
                          header->flash_size == sketch->flash_size);
    found(j, n, CHECK_ESP8266_SETTINGS, known && same, "%s",
          !known ? "flash mode, frequency or size is none that the ESP8266 knows"
                 : "the headers of eboot and sketch differ; the first is what counts");
}

static const struct esp8266_setting *size_of(const struct node *n)
{
    return esp8266_setting(esp8266_sizes, headers_of(n)->first.flash_size);
}

static bool has_size(const struct node *n)
{
    return size_of(n) != NULL && size_of(n)->other != NULL; // the core knows no other
}

static void check_flash_size(struct judge *j, struct node *n)
{
    uint64_t has = j->options->esp8266.flash_size;
    found(j, n, CHECK_ESP8266_FLASH_SIZE, size_of(n)->bytes <= has,
          "the header says that the flash has %s, and the device's has %s", size_of(n)->name,
          text_size(j->arena, has));
}

static void check_flash_mode(struct judge *j, struct node *n)
{
    const struct esp8266_setting *has = j->options->esp8266.flash_mode; // it is known: see needs
    const struct esp8266_setting *mode =
        esp8266_setting(esp8266_modes, headers_of(n)->first.flash_mode);
    found(j, n, CHECK_ESP8266_FLASH_MODE, mode == has,
          "the header says flash mode %s, and the device's is %s",
          mode == NULL ? "unknown" : mode->name, has == NULL ? "unknown" : has->name);
}

const struct rule rules_esp8266_settings[] = {
    {.run = check_settings},
    {.run = check_flash_size,
     .concerns = has_size,
     .needs = NEED_ESP8266_SIZE,
     .says = RULE_SAYS(CHECK_ESP8266_FLASH_SIZE)},
    {.run = check_flash_mode,
     .concerns = is_compressed,
     .needs = NEED_ESP8266_MODE,
     .says = RULE_SAYS(CHECK_ESP8266_FLASH_MODE)},
    {.run = NULL},
};

// ---- What follows -------------------------------------------------------------------------------

bool esp8266_is_signature_size(uint64_t size)
{
    return size == 128 || size == 256 || size == 384 || size == OTAPACK_ESP8266_MAX_SIGNATURE;
}

bool esp8266_signature_length_is_wrong(const struct node *trailing, uint32_t *said)
{
    const uint64_t end = OTAPACK_ESP8266_SIGNATURE_END_SIZE;
    uint8_t raw[4];
    uint64_t size = trailing->src.size;
    *said = 0;
    if (size < end || !esp8266_is_signature_size(size - end) ||
        otapack_read(&trailing->src, size - end, raw, sizeof(raw), "").code != OTAPACK_OK) {
        return false;
    }
    *said = otapack_le32(raw);
    return *said != size - end; // else it is a signature, behind what is not signed so
}

// True with a finding.
static bool check_signature_length(struct judge *j, struct node *n, const struct node *trailing)
{
    uint64_t size = trailing->src.size - OTAPACK_ESP8266_SIGNATURE_END_SIZE;
    uint32_t said;
    if (!esp8266_signature_length_is_wrong(trailing, &said)) {
        return false;
    }
    found(j, n, CHECK_ESP8266_SIG_LENGTH, false,
          "what follows the image can be a signature of %" PRIu64
          " bytes, but the length behind it says %" PRIu32 ", which is what a device takes",
          size, said);
    return true;
}

uint64_t esp8266_end(const struct node *n)
{
    const struct node *trailing = node_find(n, "trailing", -1);
    return n->src.size - (trailing == NULL ? 0 : trailing->src.size);
}

uint64_t esp8266_kept_end(const struct node *n)
{
    const struct node *trailing = node_find(n, "trailing", -1);
    return trailing == NULL || esp8266_is_filling(trailing) ? esp8266_end(n) : n->src.size;
}

bool esp8266_is_filling(const struct node *trailing)
{
    const struct node *n = trailing->parent;
    if (fs_image_is(n)) {
        return fs_image_is_filling(trailing);
    }
    return !node_is(n, &format_gzip) && n->src.size % OTAPACK_ESP8266_SECTOR == 0 &&
           source_is_filled(&trailing->src, 0, trailing->src.size, 0xFF);
}

// Is it eboot alone, with what elf2bin puts between it and the sketch, and perhaps length and CRC?
static bool lacks_sketch(const struct node *n, const struct node *trailing)
{
    const uint64_t most = OTAPACK_ESP8266_OLD_LENGTH_AT;
    uint64_t end = n->src.size < most ? n->src.size : most, at = n->src.size - trailing->src.size;
    return node_is(n, &format_esp8266_image) &&
           n->src.size < OTAPACK_ESP8266_SKETCH_AT + OTAPACK_ESP8266_HEADER_SIZE && at < end &&
           source_is_filled(&n->src, at, end, 0xAA);
}

void rule_esp8266_trailing(struct judge *j, struct node *n)
{
    const struct node *trailing = node_find(n, "trailing", -1);
    enum check_id check = node_is(n, &format_gzip) ? CHECK_GZIP_TRAILING : CHECK_ESP8266_TRAILING;
    bool alone = trailing != NULL && node_is(n, &format_esp8266_image);
    uint64_t lacking = alone ? esp8266_lacks_code(&n->src, esp8266_end(n)) : 0;
    if (trailing == NULL) {
        passed(j, n, check);
    } else if (lacking > 0) {
        found(j, n, CHECK_ESP8266_CUT, false,
              "it uses %" PRIu64 " addresses of code in flash, and only erased flash follows it",
              lacking);
    } else if (lacks_sketch(n, trailing)) {
        found(j, n, CHECK_ESP8266_CUT, false, "eboot is all there is, and the sketch is missing");
    } else {
        found(j, n, check, esp8266_is_filling(trailing),
              "it ends at 0x%" PRIx64 ", and the file goes on for %s", trailing->src.base,
              text_size(j->arena, trailing->src.size));
    }
}

void rule_esp8266_end(struct judge *j, struct node *n)
{
    const struct node *trailing = node_find(n, "trailing", -1);
    if (trailing == NULL && node_is(n->parent, &format_esp8266_flash)) {
        return; // what follows there is a part of its own
    }
    bool of_signature = trailing != NULL && node_is(n->parent, &format_esp8266_signed);
    if (!of_signature && (trailing == NULL || !check_signature_length(j, n, trailing))) {
        rule_esp8266_trailing(j, n);
    }
}

// ---- Space --------------------------------------------------------------------------------------

// What is free for an update, at most, where the running sketch is not known.
static uint64_t free_space(const struct esp8266_device *device)
{
    uint64_t used = esp8266_sectors(device->sketch_size);
    return device->has_free_space    ? device->free_space
           : device->fs_start > used ? device->fs_start - used
                                     : 0;
}

// A list that does not say where a file goes names it as an update.
bool esp8266_is_sent(const struct node *n)
{
    return n->parent == NULL || (strcmp(n->parent->format, "manifest_file") == 0 &&
                                 node_field(n->parent, "address") == NULL);
}

void rule_esp8266_space(struct judge *j, struct node *n)
{
    uint64_t space = free_space(&j->options->esp8266);
    found(j, n, CHECK_ESP8266_FREE_SPACE, esp8266_sectors(n->src.size) <= space,
          "the update needs %s bytes of flash, and %s are free",
          text_count(j->arena, esp8266_sectors(n->src.size)), text_count(j->arena, space));
}

const struct rule rules_esp8266_sent[] = {
    {.run = rule_esp8266_space,
     .concerns = esp8266_is_sent,
     .needs = NEED_ROOM,
     .says = RULE_SAYS(CHECK_ESP8266_FREE_SPACE)},
    {.run = NULL},
};

const struct rule rules_esp8266_end[] = {{.run = rule_esp8266_end}, {.run = NULL}};
