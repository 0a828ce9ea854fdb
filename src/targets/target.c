// SPDX-License-Identifier: Apache-2.0
#include "target.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "chip.h"
#include "text.h"

enum { SIZE_LEAST = 256 << 10, SIZE_MOST = 1 << 30, REVISION_MOST = 99 };
enum { MODES = 4 }; // that a flash is set up for; the others are esptool's

bool target_use(const struct target *target, unsigned facts)
{
    if (target->used != NULL) {
        *target->used |= facts;
    }
    return (target->known & facts) == facts;
}

bool target_has_idf(const struct target *target, const char *from)
{
    return from != NULL &&
           (!target_use(target, TARGET_IDF) || text_compare_versions(target->idf, from) >= 0);
}

static bool take_chip(struct target *target, const char *value)
{
    target->chip = chip_by_name(value);
    return target->chip != NULL;
}

// "3.1" or "v3.1": major * 100 + minor.
static bool take_revision(struct target *target, const char *value)
{
    unsigned n[2] = {0, 0}, part = 0;
    const char *c = value + (*value == 'v');
    for (; *c != '\0'; c++) {
        if (*c == '.' && part == 0 && c[1] != '\0') {
            part++;
        } else if (*c >= '0' && *c <= '9' && n[part] * 10 + (unsigned)(*c - '0') <= REVISION_MOST) {
            n[part] = n[part] * 10 + (unsigned)(*c - '0');
        } else {
            return false;
        }
    }
    target->revision = value;
    target->revision_full = (uint16_t)(n[0] * 100 + n[1]);
    return part == 1 && n[0] <= REVISION_MOST;
}

static bool take_flash_size(struct target *target, const char *value)
{
    return text_bytes(value, &target->flash_size) && target->flash_size >= SIZE_LEAST &&
           target->flash_size <= SIZE_MOST;
}

static bool take_flash_mode(struct target *target, const char *value)
{
    for (unsigned i = 0; i < MODES; i++) {
        if (strcasecmp(value, chip_flash_mode_name((uint8_t)i)) == 0) {
            target->flash_mode = (uint8_t)i;
            return true;
        }
    }
    return false;
}

static bool take_idf(struct target *target, const char *value)
{
    target->idf = value;
    return text_is_version(value);
}

static bool take_secure_boot(struct target *target, const char *value)
{
    static const char *const names[] = {
        [SECURE_BOOT_NONE] = "none", [SECURE_BOOT_V1] = "v1", [SECURE_BOOT_V2] = "v2"};
    for (unsigned i = SECURE_BOOT_NONE; i <= SECURE_BOOT_V2; i++) {
        if (strcmp(value, names[i]) == 0) {
            target->secure_boot = (enum target_secure_boot)i;
            return true;
        }
    }
    return false;
}

static const struct {
    const char *name;
    enum target_fact fact;
    bool (*take)(struct target *target, const char *value);
    const char *what;
} rows[] = {
    {"chip", TARGET_CHIP, take_chip, "is no chip that otapack knows; write one such as esp32c6"},
    {"chip-revision", TARGET_REVISION, take_revision,
     "is no revision; write major and minor, such as v3.1"},
    {"flash-size", TARGET_FLASH_SIZE, take_flash_size, "is no flash size; write 256KB to 1024MB"},
    {"flash-mode", TARGET_FLASH_MODE, take_flash_mode,
     "is no flash mode; write qio, qout, dio or dout"},
    {"idf", TARGET_IDF, take_idf, "is no version of ESP-IDF; write one such as v5.4.1"},
    {"secure-boot", TARGET_SECURE_BOOT, take_secure_boot, "is not known; write v1, v2 or none"},
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

// The chip that was probably meant; NULL: none is near.
static const char *near_chip(enum target_fact fact, const char *value)
{
    const char *names[UINT8_MAX];
    size_t count = 0;
    for (; fact == TARGET_CHIP && count < chip_count && count < UINT8_MAX; count++) {
        names[count] = chips[count].name;
    }
    return count == 0 ? NULL : text_nearest(value, names, count);
}

static bool refuse(enum target_fact fact, const char *value, const char *where, const char *what,
                   struct err *e)
{
    const char *near = near_chip(fact, value);
    return near != NULL ? err_set(e, STATUS_CANNOT, "%s '%s' is not known; did you mean %s?", where,
                                  value, near)
                        : err_set(e, STATUS_CANNOT, "%s '%s' %s", where, value, what);
}

bool target_set(struct target *target, const char *name, const char *value, const char *where,
                struct err *e)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (strcmp(name, rows[i].name) == 0) {
            target->known |= rows[i].fact;
            return rows[i].take(target, value) ||
                   refuse(rows[i].fact, value, where, rows[i].what, e);
        }
    }
    return false;
}

// A size that only the ESP8266 knows, "2MB-c1", is for it to judge.
static bool is_for_esp8266(const char *name, const char *value)
{
    struct target ignored = {0};
    return strcmp(name, "flash-size") == 0 && !take_flash_size(&ignored, value);
}

bool target_take(struct target *target, const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    bool good = true;
    for (size_t i = 0; good && i < ROWS; i++) {
        const char *value = args_value(args, rows[i].name);
        if (value != NULL && !is_for_esp8266(rows[i].name, value)) {
            target->asked |= rows[i].fact;
            good =
                target_set(target, rows[i].name, value, arena_printf(&a, "--%s", rows[i].name), e);
        }
    }
    arena_free(&a);
    return good;
}

const char *target_unused(const struct target *target, unsigned but)
{
    if (target->used != NULL && (target->known & ~*target->used & TARGET_RUNNING) != 0) {
        return "running";
    }
    for (size_t i = 0; target->used != NULL && i < ROWS; i++) {
        if ((target->asked & ~*target->used & ~but & rows[i].fact) != 0) {
            return rows[i].name;
        }
    }
    return NULL;
}
