// SPDX-License-Identifier: Apache-2.0
#include "simulate.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "crc.h"
#include "rcp_part.h"
#include "simulate_state.h"
#include "text.h"

const char *simulated_device_name(enum simulated_device device)
{
    static const char *const names[] = {[SIMULATED_HTTPS] = "https_ota",
                                        [SIMULATED_BORDER_ROUTER] = "border_router",
                                        [SIMULATED_MATTER] = "matter"};
    return names[device];
}

const char *part_name(const struct simulating *s)
{
    // Before the first part begins, that is all that is known.
    static const char *const wholes[] = {[SIMULATED_UNKNOWN] = "file",
                                         [SIMULATED_HTTPS] = "app",
                                         [SIMULATED_BORDER_ROUTER] = "table",
                                         [SIMULATED_MATTER] = "matter"};
    switch (s->part) {
    case OTAPACK_PART_NONE:
        return wholes[s->out->device];
    case OTAPACK_PART_MATTER:
        return "matter";
    case OTAPACK_PART_APP:
        return "app";
    case OTAPACK_PART_COMBINED:
        return "table";
    default:
        return rcp_part_name(s->part);
    }
}

static struct step *add(struct simulating *s, uint64_t at, const char *what,
                        enum step_verdict verdict, const char *message)
{
    struct step *step = ARENA_NEW(s->arena, struct step);
    *step = (struct step){.at = at, .what = what, .verdict = verdict, .message = message};
    *s->out->steps_end = step;
    s->out->steps_end = &step->next;
    if (verdict > STEP_WARN && verdict > s->out->verdict) {
        s->out->verdict = verdict;
    }
    return step;
}

struct step *add_step(struct simulating *s, uint64_t at, const char *what,
                      enum step_verdict verdict, const char *message, ...)
{
    va_list args;
    va_start(args, message);
    struct step *step = add(s, at, what, verdict, arena_vprintf(s->arena, message, args));
    va_end(args);
    return step;
}

void add_place(struct simulating *s, struct step *step, const struct otapack_partition *p,
               uint64_t size)
{
    step->partition = p;
    step->label = partition_label(s->arena, p);
    step->size = size;
}

bool refuse_at(struct simulating *s, uint64_t at, const char *what, const char *message, ...)
{
    va_list args;
    va_start(args, message);
    add(s, at, what, STEP_REFUSED, arena_vprintf(s->arena, message, args));
    va_end(args);
    s->out->verdict = STEP_REFUSED;
    s->out->at = at;
    return false;
}

bool refuse_answer(struct simulating *s, uint64_t at, const char *what, enum device_answer answer)
{
    return refuse_at(s, at, what, "%s", device_text(answer));
}

// ---- Feeding ------------------------------------------------------------------------------------

static void crc_start(void *ctx)
{
    *(uint32_t *)ctx = 0;
}

static void crc_update(void *ctx, const uint8_t *bytes, size_t n)
{
    *(uint32_t *)ctx = crc_32(*(uint32_t *)ctx, bytes, n);
}

static void crc_finish(void *ctx, uint8_t *digest)
{
    otapack_put_le32(digest, *(uint32_t *)ctx);
}

// The payload's hash is chosen once the header has said which it is.
static void bring_hashes(struct simulating *s)
{
    static const struct {
        enum otapack_hash_use use;
        enum digest_algorithm algorithm;
    } rows[] = {{OTAPACK_HASH_IMAGE, DIGEST_SHA256},
                {OTAPACK_HASH_SIGNED, DIGEST_SHA256},
                {OTAPACK_HASH_TABLE, DIGEST_MD5}};
    const struct target *t = s->options->target;
    bool unsigned_too = target_use(t, TARGET_SECURE_BOOT) && t->secure_boot == SECURE_BOOT_NONE;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        enum otapack_hash_use use = rows[i].use;
        if (use == OTAPACK_HASH_SIGNED && unsigned_too) {
            continue; // nobody looks whether the signatures are right
        }
        s->digests[use] = digest_new(rows[i].algorithm, DIGEST_BEST);
        s->hashes[use] = digest_hash(s->digests[use]);
        s->hooks.hash[use] = &s->hashes[use];
    }
    if (unsigned_too) {
        return;
    }
    s->hashes[OTAPACK_HASH_CRC] = (struct otapack_hash){&s->crc, crc_start, crc_update, crc_finish};
    s->hooks.hash[OTAPACK_HASH_CRC] = &s->hashes[OTAPACK_HASH_CRC];
}

// The whole file, piece by piece, or as much of it as the device takes.
static enum otapack_code feed(struct simulating *s, const struct otapack_source *file)
{
    size_t most = s->options->chunk;
    uint8_t *chunk = arena_alloc(s->arena, most);
    enum otapack_code code;
    otapack_stream_start(&s->stream, &s->hooks);
    otapack_stream_take_any_app(&s->stream);
    code = otapack_stream_announce(&s->stream, file->size);
    while (code == OTAPACK_OK && s->out->received < file->size) {
        uint64_t left = file->size - s->out->received;
        size_t n = left < most ? (size_t)left : most;
        if (otapack_read(file, s->out->received, chunk, n, "").code != OTAPACK_OK) {
            return OTAPACK_READ_FAILED; // the file's owner says so
        }
        s->out->received += n;
        code = otapack_stream_push(&s->stream, chunk, n);
    }
    return code == OTAPACK_OK ? otapack_stream_finish(&s->stream) : code;
}

// ---- The verdict --------------------------------------------------------------------------------

static const char *name_of(struct simulating *s, int which)
{
    const struct otapack_partition *p = device_partition(s->device, which);
    return p == NULL ? NULL : partition_label(s->arena, p);
}

static const char *refusal(struct simulating *s)
{
    struct arena *a = s->arena;
    const struct step *last = s->out->steps;
    while (last->verdict != STEP_REFUSED) {
        last = last->next;
    }
    return arena_printf(
        a, "refused at 0x%08" PRIx64 ": %s: %s; %s bytes received, %s written; %s%s", last->at,
        last->what, last->message, text_count(a, s->out->received), text_count(a, s->out->written),
        s->out->runs == NULL ? "no app runs" : s->out->runs,
        s->out->runs == NULL ? "" : " goes on running");
}

static void conclude(struct simulating *s)
{
    struct simulation *out = s->out;
    int before = s->device->running;
    if (out->message != NULL) {
        return;
    }
    if (out->verdict == STEP_REFUSED) {
        out->boots = out->runs;
        out->message = refusal(s);
        return;
    }
    (void)device_boot(s->device);
    out->boots = name_of(s, s->device->running);
    out->message = arena_printf(
        s->arena, "%s: boots %s%s%s%s", s->effect == NULL ? "taken" : "broken",
        out->boots == NULL ? "nothing" : out->boots,
        out->boots == NULL             ? ""
        : s->device->running == before ? " again"
                                       : " next",
        s->effect == NULL ? "" : ", but the device ", s->effect == NULL ? "" : s->effect);
}

// What the file is, should the stream not come so far as to say so.
static void expect(struct simulating *s, const struct node *tree)
{
    static const struct {
        const char *format;
        enum simulated_device device;
    } rows[] = {{"esp_image", SIMULATED_HTTPS},
                {"rcp_image", SIMULATED_BORDER_ROUTER},
                {"matter", SIMULATED_MATTER}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(tree->format, rows[i].format) == 0) {
            s->out->device = rows[i].device;
        }
    }
}

// What the bootloader does before the update comes, and the app that it starts.
static enum device_answer begin(struct simulating *s)
{
    struct device *d = s->device;
    enum device_answer answer = device_boot(d);
    s->out->steps_end = &s->out->steps;
    s->out->runs = name_of(s, d->running);
    for (int i = 0; i < 2; i++) {
        if (d->aborted[i]) {
            add_step(s, 0, "ota_data", STEP_OK,
                     "entry %d: its app had not confirmed that it works, so that it is aborted", i);
        }
    }
    if (d->on_trial >= 0) {
        add_step(s, 0, "ota_data", STEP_OK,
                 "entry %d is new: %s starts on trial, and is taken to confirm that it works",
                 d->on_trial, s->out->runs);
        device_confirm(d);
    }
    if (d->first_boot_wrote) {
        add_step(s, 0, "ota_data", STEP_OK,
                 "empty: at the first boot, entry 0 got ota_seq %" PRIu32 " (%s)",
                 d->entries[0].ota_seq, s->out->runs);
    }
    return answer;
}

// False where the file could not be read.
static bool receive(struct simulating *s, const struct otapack_source *file,
                    const struct node *tree)
{
    const struct otapack_stream_fault *fault = &s->stream.fault;
    bring_hashes(s);
    simulate_seal_begin(s);
    enum otapack_code code = simulate_offer(s, tree) ? feed(s, file) : OTAPACK_REFUSED;
    if (code == OTAPACK_OK) {
        simulate_end(s, tree);
    } else if (code != OTAPACK_REFUSED && code != OTAPACK_READ_FAILED) {
        refuse_at(s, fault->at, fault_part(s, fault), "%s", fault_text(s, fault));
    }
    for (size_t i = 0; i < OTAPACK_HASH_COUNT; i++) {
        digest_free(s->digests[i]);
    }
    simulate_seal_end(s);
    return code != OTAPACK_READ_FAILED;
}

bool simulate(struct arena *a, const struct otapack_source *file, const struct node *tree,
              const struct simulate_options *options, struct device *device, struct simulation *out,
              struct err *e)
{
    struct simulating *s = ARENA_NEW(a, struct simulating);
    bool read = true;
    *out = (struct simulation){.device = SIMULATED_UNKNOWN};
    *s = (struct simulating){.arena = a,
                             .options = options,
                             .file = file,
                             .tree = tree,
                             .device = device,
                             .out = out,
                             .e = e,
                             .hooks = {.ctx = s, .on = simulate_event},
                             .part = OTAPACK_PART_NONE,
                             .matter_max = UINT32_MAX,
                             .slot = DEVICE_NOTHING};
    enum device_answer answer = begin(s);
    expect(s, tree);
    if (answer != DEVICE_OK) {
        refuse_answer(s, 0, "device", answer);
    } else if (simulate_is_final(s)) {
        out->device = SIMULATED_HTTPS;
        simulate_final(s, tree);
    } else {
        read = receive(s, file, tree);
    }
    if (!read || e->text[0] != '\0') {
        return false;
    }
    conclude(s);
    return true;
}
