// SPDX-License-Identifier: Apache-2.0
//
// A simulation as JSON.
#include "json.h"
#include "simulate.h"

static json_t *step_json(const struct step *step)
{
    static const char *const verdicts[] = {[STEP_OK] = "ok",
                                           [STEP_WARN] = "warn",
                                           [STEP_REFUSED] = "refused",
                                           [STEP_BROKEN] = "broken"};
    json_t *object = json_must(json_object());
    json_put(object, "at", json_number(step->at));
    json_put_text(object, "what", step->what);
    json_put_text(object, "verdict", verdicts[step->verdict]);
    json_put_text(object, "message", step->message);
    if (step->partition != NULL) {
        json_put_text(object, "partition", step->label);
        json_put(object, "address", json_number(step->partition->offset));
        json_put(object, "size", json_number(step->size));
    }
    if (step->cut != NULL) {
        json_t *cut = json_must(json_object());
        json_put(cut, "boots", json_must(json_boolean(step->cut_boots)));
        json_put_text(cut, "message", step->cut);
        json_put(object, "power_cut", cut);
    }
    return object;
}

void show_simulation_json(const char *file, uint64_t size, const struct simulation *s)
{
    static const char *const verdicts[] = {
        [STEP_OK] = "taken", [STEP_REFUSED] = "refused", [STEP_BROKEN] = "broken"};
    json_t *object = json_must(json_object());
    json_t *steps = json_must(json_array());
    for (const struct step *step = s->steps; step != NULL; step = step->next) {
        json_add(steps, step_json(step));
    }
    json_put(object, "otapack", json_integer(1));
    json_put_text(object, "file", file);
    json_put(object, "size", json_number(size));
    json_put_text(object, "device", simulated_device_name(s->device));
    json_put_text(object, "final", s->final);
    json_put_text(object, "runs", s->runs);
    json_put(object, "steps", steps);
    json_put_text(object, "verdict", verdicts[s->verdict]);
    json_put_text(object, "message", s->message);
    json_put_text(object, "boots", s->boots);
    json_put(object, "received", json_number(s->received));
    json_put(object, "written", json_number(s->written));
    json_print(object);
}
