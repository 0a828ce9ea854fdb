// SPDX-License-Identifier: Apache-2.0
#include "delta_make.h"

#include <otapack/delta.h>
#include <stdlib.h>
#include <string.h>

#include "delta_plan.h"
#include "heatshrink.h"

// What is cheapest depends on what an image is made of: tables and code whose addresses moved,
// where most differences are those of before; or code that is another one. The smallest patch is
// taken.
static const struct delta_model models[] = {
    {.differs = 60, .repeats = 0, .again = 10, .jump = 200},
    {.differs = 78, .repeats = 20, .again = 30, .jump = 300},
    {.differs = 72, .repeats = 72, .again = 60, .jump = 150},
};

enum { MODELS = sizeof(models) / sizeof(models[0]), SMALL = 65536 };

// The last model saves a few bytes, which are worth its time only where there are few.
static size_t models_for(const struct delta_job *job)
{
    return job->size <= SMALL ? MODELS : MODELS - 1;
}

struct stream {
    uint8_t *bytes; // NULL: they are only counted
    size_t size;
};

static void put(struct stream *s, uint8_t byte)
{
    if (s->bytes != NULL) {
        s->bytes[s->size] = byte;
    }
    s->size++;
}

static void put_number(struct stream *s, int64_t n)
{
    uint8_t bytes[OTAPACK_DELTA_NUMBER_SIZE];
    size_t count = otapack_delta_put_number((uint32_t)(n < 0 ? -n : n), n < 0, bytes);
    for (size_t i = 0; i < count; i++) {
        put(s, bytes[i]);
    }
}

static void put_plan(struct stream *s, const struct delta_job *job, const struct delta_plan *plan)
{
    const uint8_t *from = job->bytes;
    int64_t base = 0;
    put_number(s, 0);
    for (size_t i = 0; i < plan->count; i++) {
        const struct delta_step *step = &plan->steps[i];
        put_number(s, step->diff);
        for (uint32_t k = 0; k < step->diff; k++) {
            put(s, (uint8_t)(*from++ - job->base[step->base + k]));
        }
        put_number(s, step->extra);
        for (uint32_t k = 0; k < step->extra; k++) {
            put(s, *from++);
        }
        base = (int64_t)step->base + step->diff;
        put_number(s, i + 1 < plan->count ? (int64_t)plan->steps[i + 1].base - base : 0);
    }
}

// Heatshrink's stream of a plan, which is freed with free(). NULL: out of memory.
static uint8_t *pack(const struct delta_job *job, const struct delta_plan *plan, size_t *size)
{
    struct stream s = {NULL, 0};
    put_plan(&s, job, plan);
    uint8_t *packed = NULL;
    s = (struct stream){malloc(s.size), 0};
    if (s.bytes != NULL) {
        put_plan(&s, job, plan);
        packed = heatshrink_pack(s.bytes, s.size, size);
    }
    free(s.bytes);
    return packed;
}

// The whole patch: `packed` behind its header. NULL: out of memory.
static uint8_t *whole(const struct delta_job *job, const uint8_t *packed, size_t size, size_t *all)
{
    struct otapack_delta d = {
        .type = OTAPACK_DELTA_HEATSHRINK,
        .heatshrink = (OTAPACK_DELTA_WINDOW - 4) << 4 | (OTAPACK_DELTA_LOOKAHEAD - 3),
        .size = (uint32_t)job->size,
    };
    uint8_t header[OTAPACK_DELTA_HEADER_SIZE];
    memcpy(d.base_sha256, job->digest, sizeof(d.base_sha256));
    size_t at = otapack_delta_write(&d, header);
    uint8_t *bytes = malloc(at + size);
    if (bytes != NULL) {
        memcpy(bytes, header, at);
        memcpy(bytes + at, packed, size);
        *all = at + size;
    }
    return bytes;
}

struct making {
    const struct delta_job *job;
    size_t model;
    uint8_t *best; // of the models so far; NULL: none yet
    size_t size;
};

static void tell(void *ctx, uint64_t done)
{
    const struct making *m = ctx;
    if (m->job->told != NULL) {
        m->job->told(m->job->ctx, m->model * m->job->size + done,
                     models_for(m->job) * (uint64_t)m->job->size);
    }
}

static bool try_model(struct making *m, struct delta_pair *pair)
{
    struct delta_plan plan = {NULL, 0};
    size_t size = 0;
    uint8_t *packed =
        delta_plan(pair, &models[m->model], &plan) ? pack(m->job, &plan, &size) : NULL;
    free(plan.steps);
    if (packed != NULL && (m->best == NULL || size < m->size)) {
        free(m->best);
        m->best = packed;
        m->size = size;
        return true;
    }
    free(packed);
    return packed != NULL;
}

static uint8_t *make(const struct delta_job *job, const struct suffix *base, size_t *size)
{
    struct making m = {.job = job};
    uint8_t *costs = malloc(job->size + 1), *patch = NULL;
    struct delta_pair pair = {base, job->bytes, (uint32_t)job->size, costs, tell, &m};
    bool good = costs != NULL && heatshrink_costs(job->bytes, job->size, costs);
    for (; good && m.model < models_for(job); m.model++) {
        good = try_model(&m, &pair);
    }
    patch = good ? whole(job, m.best, m.size, size) : NULL;
    free(m.best);
    free(costs);
    return patch;
}

bool delta_can(struct err *e)
{
    return suffix_available() ||
           err_set(e, STATUS_CANNOT,
                   "a delta patch cannot be made: this otapack was built without libdivsufsort; "
                   "build it with that (Debian: libdivsufsort-dev)");
}

uint8_t *delta_make(const struct delta_job *job, size_t *size, struct err *e)
{
    struct suffix base;
    uint8_t *patch = NULL;
    if (!delta_can(e)) {
        return NULL;
    }
    if (job->base_size > DELTA_MOST || job->size > DELTA_MOST) {
        err_set(e, STATUS_NO, "more than 16 MiB, the most that an ESP32 maps; give an app");
        return NULL;
    }
    if (suffix_make(&base, job->base, (uint32_t)job->base_size)) {
        patch = make(job, &base, size);
        suffix_free(&base);
    }
    if (patch == NULL) {
        err_set(e, STATUS_CANNOT, "out of memory");
    }
    return patch;
}
