/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/stream.h: an update taken apart while it arrives, in pieces of any size and in
 * their order. A file of 4 GiB or more is refused, at once where its size is announced.
 *
 *     Matter header | combined image ........................................... | (end)
 *                   | table | version | flash_args | bootloader | ... | host     |
 *                   or
 *                   | app, and the signatures behind it                          |
 *
 * A file is a Matter image, a border router's combined image, a Matter image around one, or an app.
 * What arrives is pushed; what is found is told, in the order of the file:
 *
 *     BEGIN  a part: what it is, where, how large; before any of its bytes
 *     FIELD  of the Matter header, one after the other
 *     IMAGE  the first 288 bytes of an app, with its description, before any of its data: the time
 *            to refuse a chip or a version. Of a bootloader the first 32.
 *     DATA   bytes of the part; the RCP's version and its flash arguments each in one piece
 *     END    the part is whole, and its checksum and hash are right
 *     FINISHED, or ERROR, after which nothing comes; ERROR also where you refuse to have FINISHED
 *
 *     static bool on(void *ctx, const struct otapack_event *e)
 *     {
 *         if (e->type == OTAPACK_EVENT_IMAGE && e->part == OTAPACK_RCP_HOST)
 *             return is_ours(ctx, e->bytes);
 *         if (e->type == OTAPACK_EVENT_DATA && e->part == OTAPACK_RCP_HOST)
 *             return write_flash(ctx, e->offset, e->bytes, e->size);
 *         return true;
 *     }
 *
 *     struct otapack_stream_hooks hooks = {&update, on, {&sha256_of_image}};
 *     struct otapack_stream stream;
 *     otapack_stream_start(&stream, &hooks);
 *     if (content_length >= 0)
 *         otapack_stream_announce(&stream, content_length);
 *     while ((n = receive(buffer, sizeof(buffer))) > 0)
 *         if (otapack_stream_push(&stream, buffer, n) != OTAPACK_OK)
 *             break;
 *     if (otapack_stream_finish(&stream) == OTAPACK_OK)
 *         boot_into(update);
 *
 * What is refused: whatever the parsers of the formats refuse, and beyond that, as a device could
 * not be updated with it
 *
 *   - Matter: IDs of 0, an empty text, limits that are not below software_version or not in order,
 *     sizes that do not add up or are 4 GiB or more, a digest that has not the length of its type,
 *     a payload that is neither an app nor a combined image, or not the one of the digest;
 *   - combined: a tag that is unknown or stands twice, parts that do not follow one another, parts
 *     behind the host, empty parts, no version or one over 99 bytes, no flash arguments or ones
 *     that name a missing part, one twice, an address inside of a sector, or two that overlap;
 *     bootloader and firmware for different chips; anything behind the last part;
 *   - images: no app description where an app must be (unless otapack_stream_take_any_app says that
 * it need not, as on an ESP32), a checksum, appended hash or MD5 that is not right, a signature
 * block that is not laid out as one, or has a wrong CRC or image digest; that of a block for P-384,
 * which is SHA-384, only stream_signatures.h compares.
 *
 * FINISHED means whole: every part that has begun has ended, and they are all that was pushed. A
 * Matter image and a combined image say how large they are, an app does not: where nobody announces
 * the size of a file that is an app, it ends where you say so, behind the image itself, but not in
 * the middle of a signature that has begun. Announce the size wherever it is known. There is no
 * size that means "not known": a file may have any.
 *
 * Whose signature it is (stream_signatures.h tells it), whether the app is for this chip and newer
 * than the one that runs, whether it fits its partition, is for the caller to see, and the last
 * word is the bootloader's: hand what was written to what verifies images there (esp_ota_end).
 * Until FINISHED, nothing is good; a part that has ended is good by itself only.
 *
 * Your functions, `on` and those of the hashes, are called from push, finish and announce only.
 * They may answer as they like, otherwise than before too, and change `hooks`: a hash that has been
 * started is fed and finished by the struct otapack_hash that it was started with, which must
 * outlive that, and another one is taken where the next begins. They must not call start, announce,
 * push or finish for the stream that is calling them. Streams share nothing: any number of them can
 * be under way, each in one task at a time.
 *
 * Why `on` refuses it says with otapack_stream_refuse; otapack_stream_reason has it afterwards.
 *
 * Bytes come in the order of the file. Where a transport may deliver them otherwise, or twice,
 * otapack_stream_at says which is next: of a block that begins before it only what is behind it is
 * pushed, one that begins behind it waits, or is asked for again.
 *
 * A stream that was cut off is not kept, but made again: push to a new one what it had taken, of
 * which flash has the parts, with an `on` that writes nothing of that; then ask for the file from
 * otapack_stream_at on, and go on. Hashes, checksum and places are then as if it had come at once.
 * Of an app the file is what is in flash; of others keep the bytes in front of the first part that
 * you store, too. otapack-firmware(7) has an example.
 *
 * What stands between the stream and `on`, to see or to hold up what is told, is an observer
 * (otapack_stream_watch): stream_signatures.h is one. What stands in front of the stream, because
 * the file arrives packed, encrypted or as a patch, pushes what it makes, as it makes it, and says
 * finish when it has made all. What lies packed within a file that is told, such as a patch in a
 * Zigbee file, is both: an observer that pushes the DATA of that part, through what unpacks it, to
 * a second stream, whose `on` is the firmware's.
 *
 * Beside this header, stream_bundle.h takes Matter images for several processors, stream_zigbee.h
 * Zigbee files, and stream_alone.h a bootloader or a partition table that is expected.
 *
 * No heap, no recursion, no division; the payload is never copied, but for the first bytes of an
 * image. A stream needs no cleaning up. Source of the facts: the headers of the formats.
 */
#ifndef OTAPACK_STREAM_H
#define OTAPACK_STREAM_H

#include "stream_matter.h"
#include "stream_rcp.h"

/* Begins a stream, in whatever state it was. `hooks` must outlive it. */
static inline void otapack_stream_start(struct otapack_stream *s,
                                        const struct otapack_stream_hooks *hooks)
{
    memset(s, 0, sizeof(*s));
    s->hooks = hooks;
    s->end = UINT32_MAX; /* no file has more; `open` says that it may have less */
    s->event.open = true;
    s->event.part = OTAPACK_PART_NONE;
    s->need = 4; /* for OTAPACK_STEP_KIND, which is 0 */
}

/*
 * Says how large the file is, where the transport does (Content-Length); called before the first
 * push. A file that turns out to have another size is refused, and so is, at once, one of 4 GiB or
 * more. Returns OTAPACK_OK or OTAPACK_FORBIDDEN (file_size), which ends the stream.
 */
static inline enum otapack_code otapack_stream_announce(struct otapack_stream *s, uint64_t size)
{
    s->end = (uint32_t)size;
    s->event.open = false;
    if (size > UINT32_MAX || s->at != 0) {
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, OTAPACK_NAME("file_size"), 0);
    }
    return s->fault.code;
}

/*
 * Takes apps that do not begin with a description, for `on` to judge; called before the first push.
 * The bootloaders of chips with one MMU page size, the ESP32's among them, start such an app, and
 * one whose first segment is too short for a description. IMAGE has 32 bytes of every image then,
 * and what may be a description is what DATA begins with behind them.
 */
static inline void otapack_stream_take_any_app(struct otapack_stream *s)
{
    s->any_app = true;
}

/* The first four bytes of the file, or of the payload, say what it is. */
static inline void otapack_stream_kind_(struct otapack_stream *s)
{
    uint32_t magic = otapack_le32(s->scratch);
    if (magic == OTAPACK_MATTER_MAGIC && s->in_matter == 0) {
        otapack_stream_more_(s, OTAPACK_STEP_MATTER, OTAPACK_MATTER_FIXED_SIZE);
    } else if (magic == OTAPACK_RCP_TABLE) {
        otapack_stream_more_(s, OTAPACK_STEP_COMBINED, OTAPACK_RCP_ENTRY_SIZE);
    } else if ((magic & 0xFFu) == OTAPACK_ESP_MAGIC) {
        uint32_t size = s->end - otapack_stream_from_(s);
        otapack_stream_begin_(s, OTAPACK_PART_APP, size);
        otapack_stream_image_(s);
    } else {
        otapack_stream_fail_(s, OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), 0);
    }
}

static inline void otapack_stream_end_part_(struct otapack_stream *s, uint32_t part)
{
    s->event.part = part;
    otapack_stream_tell_(s, OTAPACK_EVENT_END, NULL, 0);
    s->event.checked = false;
}

/* A part is whole: the next one begins, or all are whole, and so is what they are in. */
static inline bool otapack_stream_parts_end_(struct otapack_stream *s)
{
    otapack_stream_end_part_(s, s->event.part);
    if (s->part < s->parts) {
        otapack_stream_next_part_(s);
        return false;
    }
    if (s->parts > 0) {
        otapack_stream_end_part_(s, OTAPACK_PART_COMBINED);
    }
    return true;
}

/* A part is whole: the next one, or the end of the file. */
static inline void otapack_stream_part_end_(struct otapack_stream *s)
{
    if (!otapack_stream_parts_end_(s)) {
        return;
    }
    if (s->in_matter != 0) {
        otapack_stream_hashed_(s, OTAPACK_HASH_PAYLOAD);
        otapack_stream_compare_(s, OTAPACK_HASH_PAYLOAD, s->digest, s->digest_size,
                                OTAPACK_NAME("image_digest"), 0);
        otapack_stream_end_part_(s, OTAPACK_PART_MATTER);
    }
    s->step = OTAPACK_STEP_DONE;
    s->need = 1;
}

static inline void otapack_stream_step_(struct otapack_stream *s)
{
    switch (s->step) {
    case OTAPACK_STEP_KIND:
        otapack_stream_kind_(s);
        break;
    case OTAPACK_STEP_MATTER:
        otapack_stream_matter_(s);
        break;
    case OTAPACK_STEP_ELEMENT:
        otapack_stream_element_(s);
        break;
    case OTAPACK_STEP_ELEMENT_HEAD:
        otapack_stream_element_head_(s);
        break;
    case OTAPACK_STEP_ELEMENT_DATA:
        otapack_stream_element_data_(s);
        break;
    case OTAPACK_STEP_ELEMENT_END:
        otapack_stream_want_(s, OTAPACK_STEP_ELEMENT, 1);
        break;
    case OTAPACK_STEP_PAYLOAD:
        otapack_stream_payload_(s);
        break;
    case OTAPACK_STEP_COMBINED:
        otapack_stream_combined_(s);
        break;
    case OTAPACK_STEP_TABLE:
        otapack_stream_table_(s);
        break;
    case OTAPACK_STEP_SMALL:
        otapack_stream_small_(s);
        break;
    case OTAPACK_STEP_PARTITION:
        otapack_stream_partition_(s);
        break;
    case OTAPACK_STEP_IMAGE:
        otapack_stream_image_head_(s);
        break;
    case OTAPACK_STEP_SEGMENT:
        otapack_stream_segment_(s, 0);
        break;
    case OTAPACK_STEP_SEGMENT_END:
        otapack_stream_segment_end_(s);
        break;
    case OTAPACK_STEP_CHECKSUM:
        otapack_stream_checksum_(s);
        break;
    case OTAPACK_STEP_HASH:
        otapack_stream_appended_(s);
        break;
    case OTAPACK_STEP_IMAGE_END:
        otapack_stream_image_end_(s);
        break;
    case OTAPACK_STEP_SECTOR:
        otapack_stream_sector_(s);
        break;
    case OTAPACK_STEP_SIGNATURE:
        otapack_stream_signature_(s);
        break;
    case OTAPACK_STEP_SIGNATURE_END:
        otapack_stream_signature_end_(s);
        break;
    case OTAPACK_STEP_SIGNATURE_CRC:
        otapack_stream_signature_crc_(s);
        break;
    case OTAPACK_STEP_SIGNATURE_NEXT:
        otapack_stream_signature_next_(s);
        break;
    case OTAPACK_STEP_SECTOR_END:
        otapack_stream_sector_end_(s);
        break;
    case OTAPACK_STEP_PART_END:
        otapack_stream_part_end_(s);
        break;
    default:
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, OTAPACK_NAME("trailing"), 0);
        break;
    }
}

/* Lets up to n bytes pass to the caller. */
static inline uint32_t otapack_stream_run_(struct otapack_stream *s, const uint8_t *bytes, size_t n)
{
    uint32_t k = n < s->run ? (uint32_t)n : s->run;
    if (s->step == OTAPACK_STEP_SEGMENT_END) {
        s->checksum ^= otapack_xor(bytes, k);
    }
    s->run -= k;
    if (s->event.part != OTAPACK_PART_MATTER) {
        otapack_stream_tell_(s, OTAPACK_EVENT_DATA, bytes, k);
    }
    return k;
}

/* Gathers up to n bytes for a step. */
static inline uint32_t otapack_stream_gather_(struct otapack_stream *s, const uint8_t *bytes,
                                              size_t n)
{
    uint32_t left = s->need - s->have;
    uint32_t k = n < left ? (uint32_t)n : left;
    memcpy(s->scratch + s->have, bytes, k);
    s->have += k;
    return k;
}

/* Takes up to n bytes, at least one, and feeds the hashes with them. */
static inline uint32_t otapack_stream_take_(struct otapack_stream *s, const uint8_t *bytes,
                                            size_t n)
{
    uint32_t k =
        s->run > 0 ? otapack_stream_run_(s, bytes, n) : otapack_stream_gather_(s, bytes, n);
    for (uint32_t use = 0; use < OTAPACK_HASH_TABLE; use++) {
        const struct otapack_hash *hash = s->fed[use];
        if (hash != NULL) {
            hash->update(hash->ctx, bytes, k);
        }
    }
    s->at += k;
    return k;
}

/* All steps for which the bytes are there. */
static inline void otapack_stream_steps_(struct otapack_stream *s)
{
    while (s->fault.code == OTAPACK_OK && s->run == 0 && s->have == s->need) {
        otapack_stream_step_(s);
    }
}

/*
 * Takes the next n bytes, which need not outlive the call. The hooks are called from here; after an
 * ERROR no event comes, but what is left of a call may still feed the hashes. Returns
 * OTAPACK_OK, or what ended the stream, now or before; s->fault says in which field, and where:
 * OTAPACK_NOT_THIS, OTAPACK_TRUNCATED (the part, header or file ends before the structure does),
 * OTAPACK_FORBIDDEN, OTAPACK_UNEXPECTED, OTAPACK_WRONG_TYPE, OTAPACK_MISMATCH or, where `on` said
 * no, OTAPACK_REFUSED.
 */
static inline enum otapack_code otapack_stream_push(struct otapack_stream *s, const uint8_t *bytes,
                                                    size_t n)
{
    for (;;) {
        uint32_t k;
        otapack_stream_steps_(s);
        if (n == 0 || s->fault.code != OTAPACK_OK) {
            return s->fault.code;
        }
        k = otapack_stream_take_(s, bytes, n);
        bytes += k;
        n -= k;
    }
}

/* Of an app whose sector of signatures has begun: has one of these? */
static inline bool otapack_stream_in_signature_(const struct otapack_stream *s)
{
    return (s->checksum & OTAPACK_PLACE_BLOCK) != 0 ||
           (s->have > 0 && s->scratch[0] == OTAPACK_SB_MAGIC);
}

/*
 * Says, once, that the file has ended; nothing may be pushed behind it. Returns OTAPACK_OK, and has
 * told so, only for a file that is whole and good; else what otapack_stream_push returns.
 */
static inline enum otapack_code otapack_stream_finish(struct otapack_stream *s)
{
    if (s->event.open && s->step >= OTAPACK_STEP_SECTOR && s->step < OTAPACK_STEP_DONE &&
        !otapack_stream_in_signature_(s)) {
        if (s->have > 0) {
            otapack_stream_give_(s);
        }
        otapack_stream_want_(s, OTAPACK_STEP_PART_END, 0);
        (void)otapack_stream_push(s, NULL, 0);
    }
    if (s->step != OTAPACK_STEP_DONE) {
        otapack_stream_fail_(s, OTAPACK_TRUNCATED, OTAPACK_NAME("end"), s->have);
    }
    otapack_stream_tell_(s, OTAPACK_EVENT_FINISHED, NULL, 0);
    return s->fault.code;
}

#endif
