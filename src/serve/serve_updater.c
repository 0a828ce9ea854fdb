// SPDX-License-Identifier: Apache-2.0
//
// The updaters of the Arduino cores: which file such a device gets, whether it has that already,
// and whether it would still work with it.
#include <inttypes.h>
#include <string.h>

#include "serve_state.h"
#include "text.h"

enum { NOT_MODIFIED = 304, FORBIDDEN = 403, NOT_FOUND = 404 };

// The table as it is now; where it is wrong now, as it was.
static void refresh(struct serve *s)
{
    struct err e = ERR_NONE;
    if (!update_table_refresh(s->table, &e)) {
        progress_clear(&s->progress);
        say("%s; the table stays as it was before", e.text);
    }
}

// False with `e` set where there is none.
static bool find_file(struct serve *s, struct transfer *t, struct update *row, struct err *e)
{
    *row = (struct update){.file = NULL};
    if (s->table == NULL) {
        t->offer = offers_find(s->offers, t->path, e);
        return t->offer != NULL;
    }
    refresh(s);
    const struct update *update = update_table_find(s->table, t->path, &t->updater);
    if (update == NULL) {
        return err_set(e, STATUS_NO, "no row of %s is for the device %s, version %s",
                       s->options->table, text_printable(t->request->arena, t->updater.mac),
                       t->updater.version == NULL
                           ? "not said"
                           : text_printable(t->request->arena, t->updater.version));
    }
    *row = *update;
    t->offer = offers_of_file(s->offers, update->file, e);
    return t->offer != NULL;
}

static bool is_current(const struct transfer *t, const char *version)
{
    const struct updater *u = &t->updater;
    if (version != NULL && u->version != NULL && strcmp(version, u->version) == 0) {
        return true;
    }
    return !u->wants_file_system &&
           (runs_is(&t->offer->runs, u->md5) || runs_is(&t->offer->runs, u->sha256));
}

static bool is_of_kind(const struct transfer *t, struct err *e)
{
    const struct updater *u = &t->updater;
    enum runs_on wanted = u->wants_file_system ? RUNS_AS_FILE_SYSTEM
                          : u->is_esp8266      ? RUNS_ON_ESP8266
                                               : RUNS_ON_ESP32;
    return t->offer->runs.on == wanted ||
           err_set(e, STATUS_NO, "%s: is not what it asks for, %s", t->offer->file,
                   u->wants_file_system ? "the image of a file system"
                   : u->is_esp8266      ? "a sketch for an ESP8266"
                                        : "an app for the ESP32 family");
}

// Of an ESP32, what is free is the partition that an update goes to.
static bool has_room(const struct transfer *t, struct err *e)
{
    uint64_t free = 0;
    const struct updater *u = &t->updater;
    if (u->is_esp8266 || u->wants_file_system) {
        return true;
    }
    if (!text_number(u->free_space, &free)) {
        return err_set(e, STATUS_NO, "it says x-ESP32-free-space %s, which is no number",
                       text_printable(t->request->arena, u->free_space));
    }
    return t->offer->size <= free ||
           err_set(e, STATUS_NO,
                   "%s: has %" PRIu64 " bytes, and %" PRIu64
                   " are free for it; make the app smaller, or its partition larger",
                   t->offer->file, t->offer->size, free);
}

bool serve_updater(struct serve *s, struct transfer *t, unsigned *status, struct err *e)
{
    struct update row;
    struct read_options device = *s->options->terms.read;
    *status = NOT_FOUND;
    if (!find_file(s, t, &row, e)) {
        return false;
    }
    if (is_current(t, row.version)) {
        *status = NOT_MODIFIED;
        return true;
    }
    *status = FORBIDDEN;
    bool good = is_of_kind(t, e) && has_room(t, e) &&
                (!t->updater.is_esp8266 || update_take_device(&row, &device.esp8266, e)) &&
                updater_take_device(&t->updater, &device, e) && offer_fits(t->offer, &device, e);
    *status = good ? 0 : *status;
    return good;
}
