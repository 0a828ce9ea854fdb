// SPDX-License-Identifier: Apache-2.0
#include "zigbee_field.h"

#include <inttypes.h>
#include <string.h>

#include "text.h"

const struct zigbee_field zigbee_fields[ZIGBEE_FIELD_COUNT] = {
    [ZIGBEE_HEADER_VERSION] = {"header_version", FIELD_HEX, UINT16_MAX, false, 0,
                               OTAPACK_ZIGBEE_HEADER_VERSION, "0x0100, the only one there is"},
    [ZIGBEE_MANUFACTURER] = {"manufacturer", FIELD_HEX, UINT16_MAX, true, 0, 0,
                             "the manufacturer's code"},
    [ZIGBEE_IMAGE_TYPE] = {"image_type", FIELD_HEX, UINT16_MAX, true, 0, 0,
                           "which of that manufacturer's images it is"},
    [ZIGBEE_FILE_VERSION] = {"file_version", FIELD_HEX, UINT32_MAX, true, 0, 0,
                             "by which devices decide whether it is an update"},
    [ZIGBEE_STACK_VERSION] = {"stack_version", FIELD_HEX, UINT16_MAX, false, 0, 2,
                              "2, Zigbee Pro, where it is not given"},
    [ZIGBEE_HEADER_STRING] = {"header_string", FIELD_STRING, OTAPACK_ZIGBEE_STRING_SIZE, false, 0,
                              0, "a text for people"},
    [ZIGBEE_SECURITY_VERSION] = {"security_credential_version", FIELD_UINT, UINT8_MAX, false,
                                 OTAPACK_ZIGBEE_SECURITY, 0, "which credentials it needs"},
    [ZIGBEE_DESTINATION] = {"destination", FIELD_BYTES, OTAPACK_ZIGBEE_EUI64_SIZE, false,
                            OTAPACK_ZIGBEE_DESTINATION, 0, "the one device that it is for"},
    [ZIGBEE_MIN_HARDWARE] = {"min_hardware_version", FIELD_HEX, UINT16_MAX, false,
                             OTAPACK_ZIGBEE_HARDWARE, 0, "the lowest that may take it"},
    [ZIGBEE_MAX_HARDWARE] = {"max_hardware_version", FIELD_HEX, UINT16_MAX, false,
                             OTAPACK_ZIGBEE_HARDWARE, 0, "the highest"},
};

static const char *field_name(unsigned i)
{
    return i < ZIGBEE_FIELD_COUNT ? zigbee_fields[i].name : NULL;
}

static bool is_computed(const char *name)
{
    static const char *const fixed[] = {"magic", "header_length", "field_control", "total_size"};
    const size_t n = sizeof(fixed) / sizeof(fixed[0]);
    return text_place(name, fixed, n) < n;
}

int zigbee_field_by_name(const char *name, const char *where, struct err *e)
{
    const char *names[ZIGBEE_FIELD_COUNT];
    struct arena a = ARENA_EMPTY;
    for (unsigned i = 0; i < ZIGBEE_FIELD_COUNT; i++) {
        names[i] = field_name(i);
        if (strcmp(names[i], name) == 0) {
            return (int)i;
        }
    }
    if (is_computed(name)) {
        err_set(e, STATUS_CANNOT,
                "%s: %s follows from the other fields and the elements; leave it out", where, name);
    } else {
        err_unknown(e, text_nearest(name, names, ZIGBEE_FIELD_COUNT),
                    arena_printf(&a, "it has %s", text_list(&a, names, ZIGBEE_FIELD_COUNT)),
                    "%s: a Zigbee header has no field '%s'", where, name);
    }
    arena_free(&a);
    return -1;
}

// ---- Values -------------------------------------------------------------------------------------

// Eight bytes in hexadecimal, as they stand in the file, with or without colons.
static bool take_eui64(const char *text, uint8_t bytes[OTAPACK_ZIGBEE_EUI64_SIZE])
{
    for (size_t i = 0; i < OTAPACK_ZIGBEE_EUI64_SIZE; i++) {
        text += i > 0 && *text == ':' ? 1 : 0;
        int byte = text_hex_byte(text);
        if (byte < 0) {
            return false;
        }
        bytes[i] = (uint8_t)byte;
        text += 2;
    }
    return *text == '\0';
}

static bool is_ascii(const char *text)
{
    while (*text >= ' ' && *text <= '~') {
        text++;
    }
    return *text == '\0';
}

static bool take_text(const struct zigbee_field *f, const char *value, const char *where,
                      struct err *e)
{
    if (!is_ascii(value)) {
        return err_set(e, STATUS_CANNOT,
                       "%s: %s has a character that is not printable ASCII; write it "
                       "without",
                       where, f->name);
    }
    return strlen(value) <= f->most ||
           err_set(e, STATUS_CANNOT,
                   "%s: %s has %zu bytes, of which there is room for %" PRIu64 "; shorten it",
                   where, f->name, strlen(value), f->most);
}

static bool take_number(const struct zigbee_field *f, const char *value, uint64_t *out,
                        const char *where, struct err *e)
{
    bool version = f == &zigbee_fields[ZIGBEE_FILE_VERSION] && text_is_version(value);
    if (!text_number(value, out)) {
        return err_set(e, STATUS_CANNOT, "%s: %s: '%s' is no number; %s", where, f->name, value,
                       version ? "give the one that the app was built with, or say with "
                                 "version_from how it is made of the app's version"
                               : "write it in decimal or as 0x hexadecimal");
    }
    return *out <= f->most ||
           err_set(e, STATUS_CANNOT, "%s: %s: %s is above 0x%" PRIx64 "; give a lower number",
                   where, f->name, value, f->most);
}

bool zigbee_set(struct zigbee_values *v, const char *name, const char *value, const char *where,
                struct err *e)
{
    struct zigbee_value new = {.given = true, .text = value};
    int id = zigbee_field_by_name(name, where, e);
    if (id < 0) {
        return false;
    }
    const struct zigbee_field *f = &zigbee_fields[id];
    bool good = f->kind == FIELD_STRING  ? take_text(f, value, where, e)
                : f->kind == FIELD_BYTES ? take_eui64(value, new.bytes) ||
                                               err_set(e, STATUS_CANNOT,
                                                       "%s: %s: '%s' is no EUI64; write 8 bytes in "
                                                       "hexadecimal, as in 00:11:22:33:44:55:66:77",
                                                       where, f->name, value)
                                         : take_number(f, value, &new.number, where, e);
    if (good) {
        v->of[id] = new;
    }
    return good;
}

bool zigbee_optional(int id)
{
    return zigbee_fields[id].bit != 0 || id == ZIGBEE_HEADER_STRING;
}

static uint16_t bit_of(const char *name)
{
    uint16_t bit = 0;
    for (int i = 0; i < ZIGBEE_FIELD_COUNT; i++) {
        bit = strcmp(zigbee_fields[i].name, name) == 0 ? zigbee_fields[i].bit : bit;
    }
    return bit;
}

bool zigbee_together(const char *name, const char *other)
{
    return bit_of(name) != 0 && bit_of(name) == bit_of(other);
}

bool zigbee_unset(struct zigbee_values *v, const char *name, const char *where, struct err *e)
{
    int id = zigbee_field_by_name(name, where, e);
    if (id < 0) {
        return false;
    }
    if (!zigbee_optional(id)) {
        return err_set(e, STATUS_CANNOT, "%s: every Zigbee header has %s; set it to another value",
                       where, name);
    }
    for (int i = 0; i < ZIGBEE_FIELD_COUNT; i++) {
        if (i == id ||
            (zigbee_fields[id].bit != 0 && zigbee_fields[i].bit == zigbee_fields[id].bit)) {
            v->of[i].given = false;
        }
    }
    return true;
}

const char *zigbee_missing(const struct zigbee_values *v)
{
    if (v->of[ZIGBEE_MIN_HARDWARE].given != v->of[ZIGBEE_MAX_HARDWARE].given) {
        return zigbee_fields[v->of[ZIGBEE_MIN_HARDWARE].given ? ZIGBEE_MAX_HARDWARE
                                                              : ZIGBEE_MIN_HARDWARE]
            .name;
    }
    for (int i = 0; i < ZIGBEE_FIELD_COUNT; i++) {
        if (zigbee_fields[i].needed && !v->of[i].given) {
            return zigbee_fields[i].name;
        }
    }
    return NULL;
}

// ---- To a header, and back ----------------------------------------------------------------------

static uint64_t number_of(const struct zigbee_values *v, enum zigbee_field_id id)
{
    return v->of[id].given ? v->of[id].number : zigbee_fields[id].usual;
}

struct otapack_zigbee zigbee_header_of(const struct zigbee_values *v)
{
    struct otapack_zigbee z = {
        .header_version = (uint16_t)number_of(v, ZIGBEE_HEADER_VERSION),
        .manufacturer = (uint16_t)number_of(v, ZIGBEE_MANUFACTURER),
        .image_type = (uint16_t)number_of(v, ZIGBEE_IMAGE_TYPE),
        .file_version = (uint32_t)number_of(v, ZIGBEE_FILE_VERSION),
        .stack_version = (uint16_t)number_of(v, ZIGBEE_STACK_VERSION),
        .security_version = (uint8_t)number_of(v, ZIGBEE_SECURITY_VERSION),
        .min_hardware = (uint16_t)number_of(v, ZIGBEE_MIN_HARDWARE),
        .max_hardware = (uint16_t)number_of(v, ZIGBEE_MAX_HARDWARE),
    };
    const struct zigbee_value *text = &v->of[ZIGBEE_HEADER_STRING];
    for (int i = 0; i < ZIGBEE_FIELD_COUNT; i++) {
        z.field_control |= v->of[i].given ? zigbee_fields[i].bit : 0;
    }
    if (text->given) {
        memcpy(z.header_string, text->text, strlen(text->text));
    }
    memcpy(z.destination, v->of[ZIGBEE_DESTINATION].bytes, sizeof(z.destination));
    return z;
}

static struct zigbee_value number(bool given, uint64_t n)
{
    return (struct zigbee_value){.given = given, .number = n};
}

struct zigbee_values zigbee_values_of(const struct otapack_zigbee *z, struct arena *a)
{
    struct zigbee_values v = {{
        [ZIGBEE_HEADER_VERSION] = number(true, z->header_version),
        [ZIGBEE_MANUFACTURER] = number(true, z->manufacturer),
        [ZIGBEE_IMAGE_TYPE] = number(true, z->image_type),
        [ZIGBEE_FILE_VERSION] = number(true, z->file_version),
        [ZIGBEE_STACK_VERSION] = number(true, z->stack_version),
        [ZIGBEE_SECURITY_VERSION] = number(z->has_security_version, z->security_version),
        [ZIGBEE_DESTINATION] = {.given = z->has_destination},
        [ZIGBEE_MIN_HARDWARE] = number(z->has_hardware, z->min_hardware),
        [ZIGBEE_MAX_HARDWARE] = number(z->has_hardware, z->max_hardware),
    }};
    const char *nul = memchr(z->header_string, '\0', sizeof(z->header_string));
    size_t n = nul == NULL ? sizeof(z->header_string) : (size_t)(nul - z->header_string);
    v.of[ZIGBEE_HEADER_STRING].given = n > 0;
    v.of[ZIGBEE_HEADER_STRING].text = arena_copy(a, z->header_string, n);
    memcpy(v.of[ZIGBEE_DESTINATION].bytes, z->destination, sizeof(z->destination));
    return v;
}

bool zigbee_is_plain(const struct otapack_source *src, const struct otapack_zigbee *z)
{
    struct arena a = ARENA_EMPTY;
    struct zigbee_values v = zigbee_values_of(z, &a);
    struct otapack_zigbee again = zigbee_header_of(&v);
    uint8_t was[OTAPACK_ZIGBEE_MAX_HEADER], made[OTAPACK_ZIGBEE_MAX_HEADER];
    again.total_size = z->total_size;
    size_t size = otapack_zigbee_write(&again, made, sizeof(made));
    bool same = size == z->header_length && is_ascii(v.of[ZIGBEE_HEADER_STRING].text) &&
                otapack_read(src, 0, was, size, "").code == OTAPACK_OK &&
                memcmp(was, made, size) == 0;
    arena_free(&a);
    return same;
}
