// SPDX-License-Identifier: Apache-2.0
//
// The families of devices, and what is said of one, by the rows of all of them.
#include <string.h>
#include <strings.h>

#include "esp8266.h"
#include "text.h"

const struct opt *const target_families[] = {esp32_rows, hosted_rows, esp8266_rows, NULL};

// ESP8266, ESP8266EX and ESP8285 are one chip, which its files show themselves.
static bool names_esp8266(const char *chip)
{
    return strncasecmp(chip, "esp8266", strlen("esp8266")) == 0 || strcasecmp(chip, "esp8285") == 0;
}

// Of what has a list of many, what was probably meant.
static bool refuse(const struct opt_type *type, const char *value, const char *where, struct err *e)
{
    const char *names[UINT8_MAX], *near = NULL;
    if (type == &type_chip && names_esp8266(value)) {
        return err_set(e, STATUS_CANNOT,
                       "%s '%s': this is about chips of the ESP32 family, and what is for an "
                       "ESP8266 needs none; leave it out",
                       where, value);
    }
    if (type == &type_chip) {
        size_t count = 0;
        while (count < UINT8_MAX && opt_choice(type, (unsigned)count) != NULL) {
            names[count] = opt_choice(type, (unsigned)count);
            count++;
        }
        near = text_nearest(value, names, count);
    }
    return near != NULL ? err_set(e, STATUS_CANNOT, "%s '%s' is not known; did you mean %s?", where,
                                  value, near)
                        : err_set(e, STATUS_CANNOT, "%s '%s' %s", where, value, type->wrong);
}

// What one group makes of it. *wrong is set to the first type that does not take it.
static bool say_to(const struct opt *row, struct device_said *said, const char *name,
                   const char *value, const struct opt_type **wrong)
{
    for (; row->name != NULL; row++) {
        const struct opt_type *type = row->type;
        if (type == NULL || type->take == NULL || strcmp(row->name, name) != 0) {
            continue;
        }
        if (!type->take(said, value)) {
            *wrong = *wrong == NULL ? type : *wrong;
        } else if ((type->gives & FACTS_OF_ESP8266) != 0) {
            said->esp8266->known |= type->gives;
            return true;
        } else {
            said->target->known |= type->gives;
            return true;
        }
    }
    return false;
}

bool target_say(const struct opt *const *groups, struct device_said *said, const char *name,
                const char *value, const char *where, struct err *e)
{
    const struct opt_type *wrong = NULL;
    bool good = false;
    for (; *groups != NULL; groups++) {
        good = say_to(*groups, said, name, value, &wrong) || good;
    }
    return good || (wrong != NULL && refuse(wrong, value, where, e));
}
