// SPDX-License-Identifier: Apache-2.0
#include "recipe_esp8266.h"

#include <string.h>

#include "text.h"

static const char *const esp8266_keys[] = {"image",      "eboot",      "sketch",
                                           "flash_mode", "flash_freq", "flash_size",
                                           "compress",   "device",     NULL};
// As esp8266_device_set has them, a size before the layout that would set one.
static const char *const device_keys[] = {"flash_size", "flash_mode",  "free_space",
                                          "layout",     "sketch_size", NULL};

static bool take_setting(struct schema *s, struct value *map, const char *key,
                         const struct esp8266_setting *rows, const struct esp8266_setting **out)
{
    const char *text;
    if (!take_text(s, map, key, &text)) {
        return false;
    }
    *out = text == NULL ? NULL : esp8266_setting_named(rows, text);
    return text == NULL || *out != NULL ||
           err_set(s->e, STATUS_CANNOT, "%s: %s '%s' is not known; write one of %s",
                   value_find(map, key)->where, key, text_printable(s->arena, text),
                   esp8266_setting_names(rows, s->arena));
}

static bool take_compress(struct schema *s, struct value *map, bool *out)
{
    const char *text;
    if (!take_text(s, map, "compress", &text)) {
        return false;
    }
    *out = text != NULL && strcmp(text, "true") == 0;
    return text == NULL || *out || strcmp(text, "false") == 0 ||
           err_set(s->e, STATUS_CANNOT, "%s: compress '%s' is not known; write true or false",
                   value_find(map, "compress")->where, text_printable(s->arena, text));
}

// "flash_size" of a recipe is "flash-size" of a command line.
static const char *option_name(struct arena *a, const char *key)
{
    char *name = arena_string(a, key);
    for (char *p = name; *p != '\0'; p++) {
        *p = *p == '_' ? '-' : *p;
    }
    return name;
}

static bool take_device(struct schema *s, struct value *top, struct esp8266_device *device)
{
    struct value *map;
    if (!take_value(s, top, "device", VALUE_MAP, &map)) {
        return false;
    }
    for (const char *const *key = device_keys; map != NULL && *key != NULL; key++) {
        const char *text;
        if (!take_text(s, map, *key, &text)) {
            return false;
        }
        if (text != NULL &&
            !esp8266_device_set(
                device, option_name(s->arena, *key), text_printable(s->arena, text),
                arena_printf(s->arena, "%s: %s", value_find(map, *key)->where, *key), s->e)) {
            return false;
        }
    }
    return map == NULL ||
           (taken_all(s, map, device_keys) &&
            esp8266_device_check(device, arena_printf(s->arena, "%s: layout", map->where), s->e));
}

// An image, or both of what it consists of.
static bool check_parts(struct schema *s, const struct recipe_esp8266 *x)
{
    bool image = x->image != NULL, both = x->eboot != NULL && x->sketch != NULL;
    bool any = x->eboot != NULL || x->sketch != NULL;
    if (image == any || (any && !both)) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: esp8266 %s; give the image that the core's build "
                       "wrote, or eboot and sketch",
                       x->where,
                       image ? "has an image and the parts of one"
                       : any ? (x->eboot == NULL ? "has a sketch, and no eboot"
                                                 : "has an eboot, and no sketch")
                             : "has no image");
    }
    return true;
}

bool recipe_take_esp8266(struct schema *s, struct value *top)
{
    struct value *map;
    if (!take_value(s, top, "esp8266", VALUE_MAP, &map) || map == NULL) {
        return map == NULL && s->e->text[0] == '\0';
    }
    struct recipe_esp8266 *x = ARENA_NEW(s->arena, struct recipe_esp8266);
    s->recipe->esp8266 = x;
    x->where = map->where;
    return take_input(s, map, "image", &x->image) && take_input(s, map, "eboot", &x->eboot) &&
           take_input(s, map, "sketch", &x->sketch) &&
           take_setting(s, map, "flash_mode", esp8266_modes, &x->flash_mode) &&
           take_setting(s, map, "flash_freq", esp8266_frequencies, &x->flash_freq) &&
           take_setting(s, map, "flash_size", esp8266_sizes, &x->flash_size) &&
           take_compress(s, map, &x->compress) && take_device(s, map, &x->device) &&
           taken_all(s, map, esp8266_keys) && check_parts(s, x);
}
