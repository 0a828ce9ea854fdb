// SPDX-License-Identifier: Apache-2.0
//
// A simulation as text, in lines as wide as the page.
#include <inttypes.h>
#include <stdio.h>

#include "show_page.h"
#include "simulate.h"
#include "text.h"

enum { MESSAGE_AT = 14 };

static void say_line(const struct page *p, const char *text, int column, int indent)
{
    page_flow(p, text, column, indent);
    putchar('\n');
}

static const char *device_title(const struct simulation *s)
{
    static const char *const titles[] = {[SIMULATED_UNKNOWN] = "a device",
                                         [SIMULATED_HTTPS] = "a device with esp_https_ota",
                                         [SIMULATED_BORDER_ROUTER] = "a Thread border router",
                                         [SIMULATED_MATTER] = "a Matter device"};
    return titles[s->device];
}

void show_simulation(struct arena *a, const char *file, uint64_t size, const struct simulation *s)
{
    static const char *const marks[] = {
        [STEP_OK] = "", [STEP_WARN] = "warning: ", [STEP_BROKEN] = "BROKEN: "};
    const struct page p = page_of(a, false);
    say_line(&p,
             arena_printf(a, "%s: %s, to %s%s%s", file, text_size(a, size), device_title(s),
                          s->runs == NULL ? "" : " that runs ",
                          s->runs == NULL ? "" : text_printable(a, s->runs)),
             0, 2);
    for (const struct step *step = s->steps; step != NULL; step = step->next) {
        if (step->verdict != STEP_REFUSED) { // the last line is about that
            int column = printf("  0x%08" PRIx64 " ", step->at);
            say_line(&p,
                     arena_printf(a, " %s: %s%s", step->what, marks[step->verdict],
                                  text_printable(a, step->message)),
                     column, MESSAGE_AT);
        }
        if (step->cut != NULL) {
            int column = printf("%*s", MESSAGE_AT - 1, "");
            say_line(&p, arena_printf(a, " power cut: %s", text_printable(a, step->cut)), column,
                     MESSAGE_AT);
        }
    }
    say_line(&p, text_printable(a, s->message), 0, 2);
}
