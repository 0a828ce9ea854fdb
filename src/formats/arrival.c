// SPDX-License-Identifier: Apache-2.0
#include "arrival.h"

#include <otapack/stream.h>
#include <stdlib.h>

#include "digest.h"
#include "matter_digest.h"

enum { IMAGES_MOST = OTAPACK_RCP_MAX_ENTRIES };

struct arrival {
    struct otapack_stream stream;
    struct otapack_stream_hooks hooks;
    struct digest *image, *payload;
    struct otapack_hash image_hash, payload_hash;
    uint32_t begin;               // of the part that is arriving
    uint32_t images[IMAGES_MOST]; // where good ones begin
    size_t image_count;
    bool payload_is_good;
};

// The header says which digest its payload has, before the payload is there.
static bool choose_digest(struct arrival *a, uint32_t type)
{
    digest_free(a->payload);
    a->payload = matter_digest_new((uint8_t)type);
    if (a->payload != NULL) {
        a->payload_hash = digest_hash(a->payload);
    }
    return a->payload != NULL;
}

static void note_end(struct arrival *a, const struct otapack_event *event)
{
    bool image = event->part == OTAPACK_PART_APP || event->part == OTAPACK_RCP_BOOTLOADER ||
                 event->part == OTAPACK_RCP_FIRMWARE || event->part == OTAPACK_RCP_HOST;
    if (event->part == OTAPACK_PART_MATTER) {
        a->payload_is_good = event->checked;
    } else if (image && a->image_count < IMAGES_MOST) {
        a->images[a->image_count++] = a->begin;
    }
}

static bool on_event(void *ctx, const struct otapack_event *event)
{
    struct arrival *a = ctx;
    switch (event->type) {
    case OTAPACK_EVENT_BEGIN:
        a->begin = event->at;
        break;
    case OTAPACK_EVENT_FIELD:
        return event->field != OTAPACK_MATTER_IMAGE_DIGEST_TYPE || choose_digest(a, event->value);
    case OTAPACK_EVENT_END:
        note_end(a, event);
        break;
    default:
        break;
    }
    return true;
}

// NULL: out of memory, and then nobody knows anything.
static struct arrival *arrival_new(void)
{
    struct arrival *a = calloc(1, sizeof(*a));
    if (a != NULL) {
        a->image = digest_new(DIGEST_SHA256, DIGEST_BEST);
        a->image_hash = digest_hash(a->image);
        a->hooks.ctx = a;
        a->hooks.on = on_event;
        a->hooks.hash[OTAPACK_HASH_IMAGE] = &a->image_hash;
        a->hooks.hash[OTAPACK_HASH_PAYLOAD] = &a->payload_hash;
        otapack_stream_start(&a->stream, &a->hooks);
    }
    return a;
}

void arrival_free(struct arrival *a)
{
    if (a != NULL) {
        digest_free(a->image);
        digest_free(a->payload);
        free(a);
    }
}

void arrival_push(void *place, const uint8_t *bytes, size_t n)
{
    struct arrival **a = place;
    if (*a == NULL) {
        *a = arrival_new();
    }
    if (*a != NULL) {
        (void)otapack_stream_push(&(*a)->stream, bytes, n);
    }
}

bool arrival_image_is_good(const struct arrival *a, uint64_t at)
{
    for (size_t i = 0; a != NULL && i < a->image_count; i++) {
        if (a->images[i] == at) {
            return true;
        }
    }
    return false;
}

bool arrival_payload_is_good(const struct arrival *a)
{
    return a != NULL && a->payload_is_good;
}
