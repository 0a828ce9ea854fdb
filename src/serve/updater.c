// SPDX-License-Identifier: Apache-2.0
#include "updater.h"

#include <stddef.h>
#include <string.h>

#include "esp8266.h"
#include "target.h"

struct family {
    const char *agent, *prefix;
};
static const struct family families[] = {
    {"ESP8266-http-Update", "x-ESP8266-"},
    {"ESP32-http-Update", "x-ESP32-"},
};
enum { FAMILIES = sizeof(families) / sizeof(families[0]), OF_ESP8266 = 0 };

// What an updater says of itself; what all of them say is `needed`.
static const struct said {
    const char *name;
    size_t at; // of its value
    bool needed;
} saids[] = {
    {"STA-MAC", offsetof(struct updater, mac), true},
    {"free-space", offsetof(struct updater, free_space), true},
    {"sketch-size", offsetof(struct updater, sketch_size), true},
    {"sketch-md5", offsetof(struct updater, md5), true},
    {"chip-size", offsetof(struct updater, chip_size), true},
    {"sketch-sha256", offsetof(struct updater, sha256), false},
    {"version", offsetof(struct updater, version), false},
};

static const struct opt *const esp8266_only[] = {esp8266_rows, NULL};
static const struct opt *const esp32_only[] = {esp32_rows, NULL};

static const char *said(const struct http_request *r, const struct family *f, const char *name)
{
    return r->header(r, arena_printf(r->arena, "%s%s", f->prefix, name));
}

// By its name; or by what it says, for there is a proxy that changes names.
static const struct family *family_of(const struct http_request *r)
{
    const char *agent = r->header(r, "User-Agent");
    for (size_t i = 0; i < FAMILIES; i++) {
        if ((agent != NULL && strcmp(agent, families[i].agent) == 0) ||
            said(r, &families[i], "STA-MAC") != NULL) {
            return &families[i];
        }
    }
    return NULL;
}

bool updater_read(const struct http_request *r, struct updater *out, struct err *e)
{
    const struct family *f = family_of(r);
    *out = (struct updater){.asks = f != NULL, .is_esp8266 = f == &families[OF_ESP8266]};
    for (size_t i = 0; f != NULL && i < sizeof(saids) / sizeof(saids[0]); i++) {
        const char *value = said(r, f, saids[i].name);
        if (value == NULL && saids[i].needed) {
            return err_set(e, STATUS_NO, "it does not say its %s%s, as every updater does",
                           f->prefix, saids[i].name);
        }
        memcpy((char *)out + saids[i].at, &value, sizeof(value));
    }
    const char *mode = f == NULL ? NULL : said(r, f, "mode");
    out->wants_file_system = mode != NULL && strcmp(mode, "spiffs") == 0;
    return true;
}

bool updater_take_device(const struct updater *u, struct read_options *options, struct err *e)
{
    struct device_said to = {&options->target, &options->esp8266};
    bool has_layout = options->esp8266.fs_start != 0;
    // What is free is free for sketches, and of an ESP32 it is the size of a partition.
    bool free = u->is_esp8266 && !u->wants_file_system;
    const struct {
        bool is_used;
        const char *option, *value, *where;
    } facts[] = {
        {true, "flash-size", u->chip_size, "its chip-size"},
        {free, "free-space", u->free_space, "its free-space"},
        {free && has_layout, "sketch-size", u->sketch_size, "its sketch-size"},
    };
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
        if (facts[i].is_used && !target_say(u->is_esp8266 ? esp8266_only : esp32_only, &to,
                                            facts[i].option, facts[i].value, facts[i].where, e)) {
            e->status = STATUS_NO;
            return false;
        }
    }
    return true;
}
