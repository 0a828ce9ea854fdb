// SPDX-License-Identifier: Apache-2.0
//
// What the device does with each event of the stream.
#include <inttypes.h>

#include "matter_digest.h"
#include "rcp_part.h"
#include "simulate_state.h"
#include "text.h"

static const char *count(struct simulating *s, uint64_t n)
{
    return text_count(s->arena, n);
}

// ---- Matter -------------------------------------------------------------------------------------

// A Matter device compares numbers, not texts.
static bool begin_matter(struct simulating *s)
{
    const char *text = s->options->running_version;
    uint64_t n = 0;
    s->out->device = SIMULATED_MATTER;
    s->in_matter = true;
    if (text != NULL && (!text_number(text, &n) || n > UINT32_MAX)) {
        return err_set(s->e, STATUS_CANNOT,
                       "--running-version %s: this is a Matter image, and Matter devices compare "
                       "numbers; give the software version number that runs",
                       text);
    }
    s->running_number = n;
    return true;
}

static bool take_version(struct simulating *s, const struct otapack_event *e)
{
    s->matter_version = e->value;
    return s->options->running_version == NULL || e->value > s->running_number ||
           refuse_at(s, e->at, "matter",
                     "software version %" PRIu32 " is not above %" PRIu64
                     ", which runs: the requestor ignores the offer",
                     e->value, s->running_number);
}

// The payload is judged by the digest that the header names.
static bool take_digest_type(struct simulating *s, uint32_t type)
{
    struct digest *d = matter_digest_new((uint8_t)type);
    s->digests[OTAPACK_HASH_PAYLOAD] = d;
    if (d != NULL) {
        s->hashes[OTAPACK_HASH_PAYLOAD] = digest_hash(d);
        s->hooks.hash[OTAPACK_HASH_PAYLOAD] = &s->hashes[OTAPACK_HASH_PAYLOAD];
    }
    return true;
}

static bool on_field(struct simulating *s, const struct otapack_event *e)
{
    switch (e->field) {
    case OTAPACK_MATTER_VENDOR_ID:
        s->matter_vendor = e->value;
        return true;
    case OTAPACK_MATTER_PRODUCT_ID:
        s->matter_product = e->value;
        return true;
    case OTAPACK_MATTER_SOFTWARE_VERSION:
        return take_version(s, e);
    case OTAPACK_MATTER_SOFTWARE_VERSION_STRING:
        s->matter_text = text_utf8(s->arena, e->bytes, e->size);
        return true;
    case OTAPACK_MATTER_MIN_VERSION:
        s->matter_min = e->value;
        return true;
    case OTAPACK_MATTER_MAX_VERSION:
        s->matter_max = e->value;
        return true;
    case OTAPACK_MATTER_IMAGE_DIGEST_TYPE:
        return take_digest_type(s, e->value);
    default:
        return true;
    }
}

// The header is whole.
static void end_header(struct simulating *s)
{
    bool known = s->options->running_version != NULL;
    add_step(s, 0, "matter", STEP_OK, "software version %" PRIu32 " '%s' for 0x%04x:0x%04x%s",
             s->matter_version, s->matter_text, s->matter_vendor, s->matter_product,
             known ? arena_printf(s->arena, ", above %" PRIu64 ", which runs", s->running_number)
                   : "");
    if (known && (s->running_number < s->matter_min || s->running_number > s->matter_max)) {
        add_step(s, 0, "matter", STEP_WARN,
                 "it is for devices that run %" PRIu32 " to %" PRIu32
                 ", so that a provider does not offer it; the device itself does not compare",
                 s->matter_min,
                 s->matter_max == UINT32_MAX ? s->matter_version - 1 : s->matter_max);
    }
}

// ---- Parts --------------------------------------------------------------------------------------

// Where the app goes is settled before its first byte.
static bool begin_app(struct simulating *s, const struct otapack_event *e)
{
    s->app_name = part_name(s);
    s->app_at = e->at;
    enum device_answer answer = device_next(s->device, &s->slot);
    return answer == DEVICE_OK || refuse_answer(s, e->at, s->app_name, answer);
}

static bool on_begin(struct simulating *s, const struct otapack_event *e)
{
    bool payload = e->part == OTAPACK_PART_APP || e->part == OTAPACK_PART_COMBINED;
    if (payload && s->in_matter) {
        end_header(s);
    } else if (payload) {
        s->out->device = e->part == OTAPACK_PART_APP ? SIMULATED_HTTPS : SIMULATED_BORDER_ROUTER;
    }
    s->part = e->part;
    s->part_at = e->at;
    s->part_size = e->size;
    s->title = NULL;
    if (e->part == OTAPACK_PART_MATTER) {
        return begin_matter(s);
    }
    if (e->part == OTAPACK_PART_COMBINED) {
        s->combined_size = e->size;
    }
    if (e->part == OTAPACK_RCP_TABLE && s->device->storage.size == 0) {
        return refuse_at(s, e->at, "table",
                         "the partition table has no rcp_fw, in which to store the RCP part");
    }
    return !is_app_part(e->part) || begin_app(s, e);
}

// What the table says: how much of the file is stored for the RCP.
static void take_table(struct simulating *s, const struct otapack_event *e)
{
    const struct otapack_partition *storage = &s->device->storage;
    uint64_t room = device_storage_room(storage);
    s->stored_size = s->combined_size - otapack_stream_part_size(&s->stream, OTAPACK_RCP_HOST);
    struct step *step = add_step(s, e->at, "table", STEP_OK,
                                 "the RCP part goes to rcp_fw at 0x%06" PRIx32 " (%s of %s bytes)",
                                 storage->offset, count(s, s->stored_size), count(s, room));
    add_place(s, step, storage, s->stored_size);
    if (s->stored_size <= room && 2 * s->stored_size > room) {
        add_step(s, e->at, "table", STEP_WARN,
                 "rcp_fw has no room for two such parts: a device that has stored one already "
                 "refuses it");
    }
}

static void take_version_text(struct simulating *s, const struct otapack_event *e)
{
    size_t n = otapack_text_length((const char *)e->bytes, e->size);
    s->rcp_version = arena_copy(s->arena, (const char *)e->bytes, n);
    add_step(s, e->at, "version", STEP_OK, "'%s'", text_utf8(s->arena, e->bytes, n));
}

static void take_flash_args(struct simulating *s, const struct otapack_event *e)
{
    const char *list = "";
    for (uint32_t i = 0; i < e->size; i += OTAPACK_RCP_RECORD_SIZE) {
        list =
            arena_printf(s->arena, "%s%s%s to 0x%" PRIx32, list, i == 0 ? "" : ", ",
                         rcp_part_name(otapack_le32(e->bytes + i)), otapack_le32(e->bytes + i + 4));
    }
    add_step(s, e->at, "flash_args", STEP_OK, "on the RCP, %s", list);
}

// The RCP's part of the file, into its storage.
static bool store(struct simulating *s, const struct otapack_event *e)
{
    uint64_t room = device_storage_room(&s->device->storage);
    if (s->stored + e->size > room) {
        return refuse_at(s, e->at + (room - s->stored), part_name(s),
                         "rcp_fw is full: the RCP part has %s bytes, and SPIFFS has room for %s "
                         "there",
                         count(s, s->stored_size), count(s, room));
    }
    s->stored += e->size;
    s->out->written += e->size;
    return true;
}

// The app, into its slot.
static bool flash(struct simulating *s, const struct otapack_event *e)
{
    const struct otapack_partition *p = device_target(s->device, s->slot);
    if (s->app_written + e->size > p->size) {
        return refuse_at(s, e->at + (p->size - s->app_written), s->app_name,
                         "%s is full: the app has %s bytes, the partition %s",
                         partition_label(s->arena, p), count(s, s->part_size), count(s, p->size));
    }
    s->app_written += e->size;
    s->out->written += e->size;
    return true;
}

static bool on_data(struct simulating *s, const struct otapack_event *e)
{
    if (is_app_part(e->part)) {
        return flash(s, e);
    }
    switch (e->part) {
    case OTAPACK_RCP_TABLE:
        take_table(s, e);
        break;
    case OTAPACK_RCP_VERSION:
        take_version_text(s, e);
        break;
    case OTAPACK_RCP_FLASH_ARGS:
        take_flash_args(s, e);
        break;
    default:
        break;
    }
    return store(s, e);
}

static void on_end(struct simulating *s, const struct otapack_event *e)
{
    const char *judged = e->checked ? "checksum and SHA-256 are right"
                                    : "the checksum is right, and no SHA-256 is there to compare";
    const char *bytes = arena_printf(s->arena, "%s bytes", count(s, s->part_size));
    switch (e->part) {
    case OTAPACK_RCP_BOOTLOADER:
    case OTAPACK_RCP_FIRMWARE:
        add_step(s, s->part_at, part_name(s), STEP_OK, "%s, %s: %s", s->title, bytes, judged);
        break;
    case OTAPACK_RCP_PARTITION_TABLE:
        add_step(s, s->part_at, part_name(s), STEP_OK, "%s: %s", bytes,
                 e->checked ? "the MD5 is right" : "no MD5 is there to compare");
        break;
    case OTAPACK_RCP_HOST:
    case OTAPACK_PART_APP:
        add_step(s, e->at, s->app_name, STEP_OK, "it is whole: %s", judged);
        break;
    case OTAPACK_PART_MATTER:
        add_step(s, e->at, "matter", e->checked ? STEP_OK : STEP_WARN,
                 e->checked ? "the payload is whole: image_digest is right"
                            : "the payload was not compared with image_digest, for which this "
                              "otapack has no code");
        break;
    default:
        break;
    }
    if (s->in_matter && (e->part == OTAPACK_PART_APP || e->part == OTAPACK_PART_COMBINED)) {
        s->part = OTAPACK_PART_MATTER; // whose digest is next
    }
}

bool simulate_event(void *ctx, const struct otapack_event *e)
{
    struct simulating *s = ctx;
    switch (e->type) {
    case OTAPACK_EVENT_BEGIN:
        return on_begin(s, e);
    case OTAPACK_EVENT_FIELD:
        return on_field(s, e);
    case OTAPACK_EVENT_IMAGE:
        return simulate_image(s, e);
    case OTAPACK_EVENT_DATA:
        return on_data(s, e);
    case OTAPACK_EVENT_END:
        on_end(s, e);
        return e->part != OTAPACK_PART_COMBINED || simulate_seal(s, e);
    case OTAPACK_EVENT_FINISHED:
    case OTAPACK_EVENT_ERROR:     // the stream keeps what is wrong
    case OTAPACK_EVENT_SIGNATURE: // no one asks for them
        break;
    }
    return true;
}
