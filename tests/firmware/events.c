/* SPDX-License-Identifier: Apache-2.0
 *
 * The events of a stream as lines. DATA has none of its own, as how many there are depends on the
 * pieces: the line of a part's end has the CRC of all its bytes.
 */
#include "run.h"

#include <otapack/stream.h>

struct receiver {
    struct otapack_stream_hooks hooks;
    uint32_t data_size, data_crc; /* of the part */
};

static void say_data(struct receiver *r)
{
    say_number("data", r->data_size);
    say_number("crc", r->data_crc);
    r->data_size = 0;
    r->data_crc = 0;
}

static void take_data(struct receiver *r, const struct otapack_event *e)
{
    if (e->offset != r->data_size) {
        say("gap");
        say_number("offset", e->offset);
        say_number("expected", r->data_size);
        say_end();
    }
    r->data_size += e->size;
    r->data_crc = crc_of(r->data_crc, e->bytes, e->size);
}

static void say_field(struct receiver *r, const struct otapack_event *e)
{
    say_number("field", e->field);
    say_number("value", e->value);
    say_bytes("bytes", e->bytes, e->size);
    /* There is only SHA-256 here; a digest of another kind is not compared. */
    if (e->field == OTAPACK_MATTER_IMAGE_DIGEST_TYPE && e->value > OTAPACK_MATTER_SHA256_32) {
        r->hooks.hash[OTAPACK_HASH_PAYLOAD] = NULL;
    }
}

static bool on(void *ctx, const struct otapack_event *e)
{
    static const char *const names[] = {"begin", "field",    "image", "data",
                                        "end",   "finished", "error"};
    struct receiver *r = (struct receiver *)ctx;
    if (e->type == OTAPACK_EVENT_DATA) {
        take_data(r, e);
        return true;
    }
    say(names[e->type]);
    say_number("part", e->part);
    say_number("at", e->at);
    if (e->type == OTAPACK_EVENT_BEGIN) {
        say_number(e->open ? "most" : "size", e->size);
    } else if (e->type == OTAPACK_EVENT_FIELD) {
        say_field(r, e);
    } else if (e->type == OTAPACK_EVENT_IMAGE) {
        say_bytes("bytes", e->bytes, e->size);
    } else if (e->type == OTAPACK_EVENT_END) {
        say_number("checked", e->checked);
        say_data(r);
    }
    say_end();
    return true;
}

void print_events(const uint8_t *bytes, size_t n, size_t piece, bool announced)
{
    struct hasher image = {.md5 = false}, payload = image, covered = image, table = {.md5 = true};
    uint32_t crc = 0;
    const struct otapack_hash hashes[OTAPACK_HASH_COUNT] = {
        [OTAPACK_HASH_IMAGE] = {&image, hash_start, hash_update, hash_finish},
        [OTAPACK_HASH_PAYLOAD] = {&payload, hash_start, hash_update, hash_finish},
        [OTAPACK_HASH_SIGNED] = {&covered, hash_start, hash_update, hash_finish},
        [OTAPACK_HASH_CRC] = {&crc, crc_start, crc_update, crc_finish},
        [OTAPACK_HASH_TABLE] = {&table, hash_start, hash_update, hash_finish},
    };
    struct receiver r = {.hooks = {.ctx = &r, .on = on}};
    struct otapack_stream stream;
    for (unsigned use = 0; use < OTAPACK_HASH_COUNT; use++) {
        r.hooks.hash[use] = &hashes[use];
    }
    otapack_stream_start(&stream, &r.hooks);
    if (announced) {
        (void)otapack_stream_announce(&stream, n);
    }
    for (size_t at = 0; at < n; at += piece) {
        if (otapack_stream_push(&stream, bytes + at, n - at < piece ? n - at : piece) !=
            OTAPACK_OK) {
            break;
        }
    }
    (void)otapack_stream_finish(&stream);
    say(announced ? "announced" : "unannounced");
    say_number("code", stream.fault.code);
    say_number("at", stream.fault.at);
    say(" ");
    say(stream.fault.field != NULL ? stream.fault.field : "-");
    say_data(&r);
    say_end();
}
