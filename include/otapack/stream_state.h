/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/stream_state.h: what a stream tells, asks for and remembers. Include otapack/stream.h,
 * which is its manual.
 *
 * Inside, bytes come in two ways. A few are gathered (`need` of them, into `scratch`) for a step to
 * look at; many just pass (`run`), to the hashes and to the caller, from the caller's own buffer.
 * A step looks at what was gathered and says what comes next. No step asks for a byte that is not
 * inside the part that it is in.
 */
#ifndef OTAPACK_STREAM_STATE_H
#define OTAPACK_STREAM_STATE_H

#include "app_desc.h"
#include "esp_image.h"
#include "matter.h"
#include "partition_table.h"
#include "rcp_image.h"
#include "secure_boot.h"

/* What parts there are, beside those of enum otapack_rcp_tag. */
#define OTAPACK_PART_APP 0x100u      /* an app that is the whole file, or Matter's payload */
#define OTAPACK_PART_COMBINED 0x101u /* a border router's image: all its parts are inside */
#define OTAPACK_PART_MATTER 0x102u   /* a Matter image: its payload is inside */
#define OTAPACK_PART_NONE 0x103u     /* of an error before any part has begun */

enum otapack_event_type {
    OTAPACK_EVENT_BEGIN,     /* `part` begins at `at`, and has `size` bytes */
    OTAPACK_EVENT_FIELD,     /* of the Matter header: `field`, and its `value` or its `bytes` */
    OTAPACK_EVENT_IMAGE,     /* the first bytes of an ESP image: 288 of an app, else 32 */
    OTAPACK_EVENT_DATA,      /* bytes of `part` */
    OTAPACK_EVENT_END,       /* `part` is whole, and good as far as `checked` says */
    OTAPACK_EVENT_FINISHED,  /* the file is whole, and good */
    OTAPACK_EVENT_ERROR,     /* the stream's `fault` says what is wrong; nothing more comes */
    OTAPACK_EVENT_SIGNATURE, /* a signature block, by stream_signatures.h, which is asked for it */
};

struct otapack_event {
    enum otapack_event_type type;
    uint32_t part;        /* enum otapack_rcp_tag, or OTAPACK_PART_... */
    uint8_t field;        /* FIELD: enum otapack_matter_tag */
    bool checked;         /* END: a hash or digest of the part was compared, and is right */
    bool open;            /* BEGIN: the part ends where the file does, and nobody said where */
    bool has_reason;      /* ERROR: `value` is what otapack_stream_refuse was given */
    uint32_t at;          /* offset in the file */
    uint32_t offset;      /* DATA: in the part */
    uint32_t size;        /* of `bytes`; BEGIN: of the part; of one that is open, at most */
    uint32_t value;       /* FIELD: of a number; SIGNATURE: which block, from 0 */
    const uint8_t *bytes; /* valid until the callback returns */
};

/* The hashes that the firmware can bring. A check for which there is none is not made. */
enum otapack_hash_use {
    OTAPACK_HASH_IMAGE,   /* SHA-256: what is appended to each ESP image */
    OTAPACK_HASH_PAYLOAD, /* of the Matter payload: image_digest_type, 1..12, was told before */
    OTAPACK_HASH_SIGNED,  /* SHA-256: what the signature blocks of Secure Boot v2 are made over */
    OTAPACK_HASH_CRC,     /* CRC-32 of a signature block, as 4 bytes, little-endian */
    OTAPACK_HASH_TABLE,   /* MD5: of the RCP's partition table */
    OTAPACK_HASH_COUNT
};

/*
 * What the caller brings; it must outlive the stream. `on` is told everything in its order, and
 * says no to stop. Each hash is started when its bytes begin, and finished when they end: one that
 * was started may be started anew without having been finished. There is room for the 64 bytes of
 * the longest digest. `hash` is looked at where one starts: it may change meanwhile.
 */
struct otapack_stream_hooks {
    void *ctx;
    bool (*on)(void *ctx, const struct otapack_event *event);
    const struct otapack_hash *hash[OTAPACK_HASH_COUNT]; /* NULL: none */
};

/* What places for signature blocks there were. */
#define OTAPACK_PLACE_BLOCK 1u /* one with a block */
#define OTAPACK_PLACE_GAP 2u   /* one without */

/* What is done with the bytes that were gathered. */
enum otapack_stream_step {
    OTAPACK_STEP_KIND,           /* 4: what is this? */
    OTAPACK_STEP_MATTER,         /* 16: the fixed part of a Matter header */
    OTAPACK_STEP_ELEMENT,        /* 1: the control byte of an element */
    OTAPACK_STEP_ELEMENT_HEAD,   /* 1..17: its tag, and value or length */
    OTAPACK_STEP_ELEMENT_DATA,   /* its text or bytes, as many as matter */
    OTAPACK_STEP_ELEMENT_END,    /* 0: the rest of them has passed */
    OTAPACK_STEP_PAYLOAD,        /* 0: the header has passed */
    OTAPACK_STEP_COMBINED,       /* 12: entry 0 of an RCP table */
    OTAPACK_STEP_TABLE,          /* 24..84: the table */
    OTAPACK_STEP_SMALL,          /* a part that is looked at whole */
    OTAPACK_STEP_PARTITION,      /* 32: an entry of a partition table */
    OTAPACK_STEP_IMAGE,          /* 32 or 288: the start of an ESP image */
    OTAPACK_STEP_SEGMENT,        /* 8: the header of a segment */
    OTAPACK_STEP_SEGMENT_END,    /* 0: the data of a segment has passed */
    OTAPACK_STEP_CHECKSUM,       /* 1 */
    OTAPACK_STEP_HASH,           /* 32 */
    OTAPACK_STEP_IMAGE_END,      /* 0 */
    OTAPACK_STEP_SECTOR,         /* 0: at the place of the signatures */
    OTAPACK_STEP_SIGNATURE,      /* 53: the start of a signature block */
    OTAPACK_STEP_SIGNATURE_END,  /* 0: up to its CRC */
    OTAPACK_STEP_SIGNATURE_CRC,  /* 4 */
    OTAPACK_STEP_SIGNATURE_NEXT, /* 0 */
    OTAPACK_STEP_SECTOR_END,     /* 0: the sector has passed */
    OTAPACK_STEP_PART_END,       /* 0 */
    OTAPACK_STEP_DONE,           /* a byte is one too many */
    /* Those of stream_bundle.h and stream_zigbee.h, which look before a stream does. */
    OTAPACK_STEP_BUNDLE,         /* 8: the head of a bundle */
    OTAPACK_STEP_BUNDLE_ENTRY,   /* 48: of its table */
    OTAPACK_STEP_BUNDLE_IMAGE,   /* 4: what an image of it begins with */
    OTAPACK_STEP_ZIGBEE,         /* 56: what every Zigbee header has */
    OTAPACK_STEP_ZIGBEE_FIELDS,  /* 56..69: the header */
    OTAPACK_STEP_ZIGBEE_ELEMENT, /* 6: tag and length */
    OTAPACK_STEP_ZIGBEE_IMAGE,   /* 4: what element 0 begins with */
};

/* Where digests are in scratch: no step that needs one gathers so many bytes. */
#define OTAPACK_STREAM_DIGEST_AT 128u

/* Why a stream ended: what is wrong, in which field, at which offset of the file. */
struct otapack_stream_fault {
    enum otapack_code code;
    const char *field;
    uint32_t at;
};

/* Beside the 16 bits of a chip: there was one. */
#define OTAPACK_CHIP_SEEN 0x10000u

/* What is kept of a Matter header while it arrives. */
struct otapack_stream_header {
    uint32_t outer_end; /* of the payload */
    uint32_t software_version, min_version;
    uint32_t data_size; /* of the element */
    struct otapack_matter_walk walk;
};

/* Only `fault` is for the caller to read. */
struct otapack_stream {
    struct otapack_stream_fault fault;
    const struct otapack_stream_hooks *hooks;
    uint32_t step;              /* enum otapack_stream_step */
    uint32_t need;              /* bytes to gather for it */
    uint32_t have;              /* of these are there */
    uint32_t run;               /* bytes that pass before that */
    uint32_t at;                /* bytes that were taken */
    uint32_t end;               /* of what we are in: the header, the part, the payload, the file */
    uint32_t begin;             /* of the part */
    struct otapack_event event; /* `open` in it is kept: what we are in has no `end` yet */

    /* an image, or a partition table, which has a hash too */
    uint32_t left;     /* segments, then places for signature blocks */
    uint32_t checksum; /* and behind the image OTAPACK_PLACE_..., of places for blocks */
    uint32_t has_hash; /* 0 or 1 */

    /* what is around an image: small chips reach the first words of a structure with less code */
    uint32_t in_matter; /* 0 or 1 */
    uint32_t seen;      /* a bit for each part, by its tag, that a combined image has */
    uint32_t rcp_chip;  /* of bootloader or firmware, with OTAPACK_CHIP_SEEN; 0: none was seen */

    union {
        struct otapack_stream_header header; /* until it is whole */
        uint32_t sizes[OTAPACK_RCP_MAX_ENTRIES - 1];
        uint32_t flash_size; /* of a table alone */
    } of;
    const struct otapack_hash *fed[OTAPACK_HASH_COUNT]; /* those that are started; NULL: not */

    bool digested[OTAPACK_HASH_COUNT]; /* finished, and not yet begun anew */
    bool any_app;                      /* with a description or without */

    /* a Matter image */
    uint8_t digest_size;
    uint8_t digest[OTAPACK_MATTER_MAX_DIGEST];

    /* a combined image; the sizes of its parts are in `of` */
    uint8_t parts, part;
    uint8_t tags[OTAPACK_RCP_MAX_ENTRIES - 1];

    uint8_t scratch[OTAPACK_APP_DESC_AT + OTAPACK_APP_DESC_SIZE];
};

/*
 * Ends the stream, unless something else has ended it. `from_have` is the offset of what is wrong,
 * from the first of the gathered bytes.
 */
static inline void otapack_stream_fail_(struct otapack_stream *s, enum otapack_code code,
                                        const char *field, uint32_t from_have)
{
    if (s->fault.code == OTAPACK_OK) {
        s->fault.code = code;
        s->fault.field = field;
        s->fault.at = s->at - s->have + from_have;
        s->event.type = OTAPACK_EVENT_ERROR;
        s->event.at = s->fault.at;
        (void)s->hooks->on(s->hooks->ctx, &s->event);
    }
}

/* Tells of something at the gathered bytes, or at the next one. */
static inline void otapack_stream_tell_(struct otapack_stream *s, enum otapack_event_type type,
                                        const uint8_t *bytes, uint32_t size)
{
    s->event.type = type;
    s->event.at = s->at - s->have;
    s->event.offset = s->event.at - s->begin;
    s->event.bytes = bytes;
    s->event.size = size;
    if (s->fault.code == OTAPACK_OK && !s->hooks->on(s->hooks->ctx, &s->event)) {
        otapack_stream_fail_(s, OTAPACK_REFUSED, OTAPACK_NAME("event"), 0);
    }
}

/* ---- For `on`, and for what stands in front of it -------------------------------------------- */

/*
 * Says why `on` says no: `return otapack_stream_refuse(&stream, reason);`. What the number means is
 * yours. It returns false.
 */
static inline bool otapack_stream_refuse(struct otapack_stream *s, int32_t reason)
{
    s->event.has_reason = true;
    s->event.value = (uint32_t)reason;
    return false;
}

/* Why `on` has said no; 0: it has not, or gave no reason. */
static inline int32_t otapack_stream_reason(const struct otapack_stream *s)
{
    bool given = s->fault.code == OTAPACK_REFUSED && s->event.has_reason;
    return given ? (int32_t)s->event.value : 0;
}

/* How many bytes were taken: where in the file the next one belongs. */
static inline uint32_t otapack_stream_at(const struct otapack_stream *s)
{
    return s->at;
}

/*
 * An observer: what stands between a stream and `on`, and is told everything first. Any number may,
 * one in front of the other; a firmware's own do likewise.
 *
 * Before the stream starts, otapack_NAME_watch puts it into the hooks. It is in place of `on`
 * there, and perhaps of a hash, and keeps in a link of its own whom it found. What it is told it
 * tells on, with otapack_stream_tell_on; it may tell more than that, and says no as `on` does.
 * ERROR may come while it is still at what it was told: an observer behind it has ended the stream.
 * Hooks that are filled anew for each file have no observers until they are put there again.
 */
struct otapack_stream_link {
    struct otapack_stream *stream;
    void *ctx;
    bool (*on)(void *ctx, const struct otapack_event *event);
};

/* Puts `on` into the hooks of a stream, in front of the one that is there. */
static inline void otapack_stream_watch(struct otapack_stream_link *next, struct otapack_stream *s,
                                        struct otapack_stream_hooks *hooks, void *ctx,
                                        bool (*on)(void *ctx, const struct otapack_event *event))
{
    next->stream = s;
    next->ctx = hooks->ctx;
    next->on = hooks->on;
    hooks->ctx = ctx;
    hooks->on = on;
}

/* What the one behind an observer says of an event. */
static inline bool otapack_stream_tell_on(const struct otapack_stream_link *next,
                                          const struct otapack_event *e)
{
    return next->on(next->ctx, e);
}

/* ---- Gathering and passing --------------------------------------------------------------------
 */

/* Where the gathered bytes begin. */
static inline uint32_t otapack_stream_from_(const struct otapack_stream *s)
{
    return s->at - s->have;
}

/* Lets n bytes pass, and then gathers up to `need`, those that are there already included. */
static inline void otapack_stream_go_(struct otapack_stream *s, uint32_t n,
                                      enum otapack_stream_step step, uint32_t need)
{
    uint32_t room = s->end - otapack_stream_from_(s);
    s->step = step;
    s->run = n;
    s->need = need;
    if (n + need > room) {
        otapack_stream_fail_(s, OTAPACK_TRUNCATED, OTAPACK_NAME("end"), room);
    }
}

/* Gathers more, until there are n bytes. */
static inline void otapack_stream_more_(struct otapack_stream *s, enum otapack_stream_step step,
                                        uint32_t n)
{
    otapack_stream_go_(s, 0, step, n);
}

/* Lets n bytes pass, and then gathers `need`. */
static inline void otapack_stream_pass_(struct otapack_stream *s, uint32_t n,
                                        enum otapack_stream_step step, uint32_t need)
{
    s->have = 0;
    otapack_stream_go_(s, n, step, need);
}

/* Gathers n bytes anew. */
static inline void otapack_stream_want_(struct otapack_stream *s, enum otapack_stream_step step,
                                        uint32_t n)
{
    otapack_stream_pass_(s, 0, step, n);
}

/* Lets all that is left of the part pass. */
static inline void otapack_stream_rest_(struct otapack_stream *s)
{
    otapack_stream_pass_(s, s->end - s->at, OTAPACK_STEP_PART_END, 0);
}

/* Gives the gathered bytes to the caller. */
static inline void otapack_stream_give_(struct otapack_stream *s)
{
    otapack_stream_tell_(s, OTAPACK_EVENT_DATA, s->scratch, s->have);
}

/* Starts a hash, if the caller has it, with the bytes that are gathered. */
static inline void otapack_stream_hash_(struct otapack_stream *s, enum otapack_hash_use use)
{
    const struct otapack_hash *hash = s->hooks->hash[use];
    s->fed[use] = hash;
    if (hash != NULL) {
        hash->start(hash->ctx);
        hash->update(hash->ctx, s->scratch, s->have);
    }
}

/* Where the digest of a hash is kept, behind what is gathered. Two are in use at most. */
static inline uint8_t *otapack_stream_digest_(struct otapack_stream *s, enum otapack_hash_use use)
{
    return s->scratch + OTAPACK_STREAM_DIGEST_AT + (size_t)(use & 1u) * OTAPACK_MATTER_MAX_DIGEST;
}

/* Ends a hash, if it was started: the next bytes are not part of it. */
static inline void otapack_stream_hashed_(struct otapack_stream *s, enum otapack_hash_use use)
{
    const struct otapack_hash *hash = s->fed[use];
    s->fed[use] = NULL;
    s->digested[use] = hash != NULL;
    if (hash != NULL) {
        hash->finish(hash->ctx, otapack_stream_digest_(s, use));
    }
}

/* Compares a digest, if there is one, with n bytes of the file, at this place of the gathered. */
static inline void otapack_stream_compare_(struct otapack_stream *s, enum otapack_hash_use use,
                                           const uint8_t *said, uint32_t n, const char *field,
                                           uint32_t from_have)
{
    if (s->digested[use]) {
        s->event.checked |= use != OTAPACK_HASH_CRC;
        if (memcmp(otapack_stream_digest_(s, use), said, n) != 0) {
            otapack_stream_fail_(s, OTAPACK_MISMATCH, field, from_have);
        }
    }
}

/* Begins a part at the gathered bytes. */
static inline void otapack_stream_begin_(struct otapack_stream *s, uint32_t part, uint32_t size)
{
    s->begin = otapack_stream_from_(s);
    s->event.part = part;
    otapack_stream_tell_(s, OTAPACK_EVENT_BEGIN, NULL, size);
}

#endif
