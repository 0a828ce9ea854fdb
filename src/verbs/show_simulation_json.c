// SPDX-License-Identifier: Apache-2.0
//
// A simulation as JSON.
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "simulate.h"
#include "text.h"

// NULL: the key is left out.
static void set_text(struct arena *a, json_t *object, const char *key, const char *text)
{
    if (text != NULL) {
        json_put(object, key, json_string(text_utf8(a, text, strlen(text))));
    }
}

static json_t *step_json(struct arena *a, const struct step *step)
{
    static const char *const verdicts[] = {[STEP_OK] = "ok",
                                           [STEP_WARN] = "warn",
                                           [STEP_REFUSED] = "refused",
                                           [STEP_BROKEN] = "broken"};
    json_t *object = json_must(json_object());
    json_put(object, "at", json_number(step->at));
    set_text(a, object, "what", step->what);
    set_text(a, object, "verdict", verdicts[step->verdict]);
    set_text(a, object, "message", step->message);
    if (step->partition != NULL) {
        set_text(a, object, "partition", step->label);
        json_put(object, "address", json_number(step->partition->offset));
        json_put(object, "size", json_number(step->size));
    }
    return object;
}

void show_simulation_json(struct arena *a, const char *file, uint64_t size,
                          const struct simulation *s)
{
    static const char *const verdicts[] = {
        [STEP_OK] = "taken", [STEP_REFUSED] = "refused", [STEP_BROKEN] = "broken"};
    json_t *object = json_must(json_object());
    json_t *steps = json_must(json_array());
    for (const struct step *step = s->steps; step != NULL; step = step->next) {
        json_must_do(json_array_append_new(steps, step_json(a, step)));
    }
    json_put(object, "otapack", json_integer(1));
    set_text(a, object, "file", file);
    json_put(object, "size", json_number(size));
    set_text(a, object, "device", simulated_device_name(s->device));
    set_text(a, object, "runs", s->runs);
    json_put(object, "steps", steps);
    set_text(a, object, "verdict", verdicts[s->verdict]);
    set_text(a, object, "message", s->message);
    set_text(a, object, "boots", s->boots);
    json_put(object, "received", json_number(s->received));
    json_put(object, "written", json_number(s->written));
    // What standard output does not take is main's to say.
    (void)json_dumpf(object, stdout, JSON_INDENT(2));
    json_decref(object);
    putchar('\n');
}
