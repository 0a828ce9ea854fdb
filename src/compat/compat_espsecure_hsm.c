// SPDX-License-Identifier: Apache-2.0
//
// compat espsecure: the configuration file of an HSM, as Python's configparser reads it.
#include <string.h>
#include <strings.h>

#include "compat_espsecure.h"
#include "secret.h"

enum { CONFIG_MOST = 64 * 1024 };

#define SECTION "[hsm_config]"

enum value { MODULE, SLOT, LABEL, LABEL_PUBKEY, CREDENTIALS, VALUES };

static const char *const names[VALUES] = {
    [MODULE] = "pkcs11_lib",
    [SLOT] = "slot",
    [LABEL] = "label",
    [LABEL_PUBKEY] = "label_pubkey",
    [CREDENTIALS] = "credentials",
};

// Values stay in the bytes of the file, which are wiped, for one is the PIN.
struct config {
    const char *file;
    const char *values[VALUES]; // "": not given
    bool has_section, in_section;
    struct err *e;
};

// ---- Reading ------------------------------------------------------------------------------------

static char *strip(char *text)
{
    static const char blanks[] = " \t\r\v\f";
    text += strspn(text, blanks);
    for (size_t n = strlen(text); n > 0 && strchr(blanks, text[n - 1]) != NULL; n--) {
        text[n - 1] = '\0';
    }
    return text;
}

// %% stands for %, and no other % for itself.
static bool take_percents(const struct config *c, const char *name, char *value)
{
    char *to = value;
    for (const char *from = value; *from != '\0'; from++) {
        if (*from == '%' && *++from != '%') {
            return err_set(c->e, STATUS_CANNOT, "%s: %s: write %%%% for each %%", c->file, name);
        }
        *to++ = *from;
    }
    wipe(to, strlen(to));
    return true;
}

static bool take_value(struct config *c, const char *name, char *value)
{
    for (size_t i = 0; i < VALUES; i++) {
        if (strcasecmp(names[i], name) != 0) {
            continue;
        }
        if (*c->values[i] != '\0') {
            return err_set(c->e, STATUS_CANNOT, "%s: %s is there twice; leave one out", c->file,
                           names[i]);
        }
        c->values[i] = value;
        return take_percents(c, names[i], value);
    }
    return true;
}

static bool take_line(struct config *c, char *line, unsigned number)
{
    line = strip(line);
    if (*line == '[') {
        c->in_section = strncmp(line, SECTION, strlen(SECTION)) == 0;
        c->has_section = c->has_section || c->in_section;
        return true;
    }
    if (*line == '\0' || *line == '#' || *line == ';' || !c->in_section) {
        return true;
    }
    char *value = strpbrk(line, "=:");
    if (value == NULL) {
        return err_set(c->e, STATUS_CANNOT, "%s:%u: is no NAME = VALUE; correct it", c->file,
                       number);
    }
    *value++ = '\0';
    return take_value(c, strip(line), strip(value));
}

static bool take_lines(struct config *c, char *text)
{
    unsigned number = 1;
    for (char *end; text != NULL; text = end == NULL ? NULL : end + 1, number++) {
        end = strchr(text, '\n');
        if (end != NULL) {
            *end = '\0';
        }
        if (!take_line(c, text, number)) {
            return false;
        }
    }
    return true;
}

static bool is_complete(const struct config *c)
{
    static const enum value needed[] = {MODULE, SLOT, LABEL};
    if (!c->has_section) {
        return err_set(c->e, STATUS_CANNOT, "%s: has no section " SECTION "; begin it with that",
                       c->file);
    }
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        if (*c->values[needed[i]] == '\0') {
            return err_set(c->e, STATUS_CANNOT, "%s: has no %s; add it", c->file, names[needed[i]]);
        }
    }
    const char *slot = c->values[SLOT];
    return slot[strspn(slot, "0123456789")] == '\0' ||
           err_set(c->e, STATUS_CANNOT,
                   "%s: slot is no decimal number; write the slot's ID, as pkcs11-tool -L shows it",
                   c->file);
}

// ---- URIs ---------------------------------------------------------------------------------------

static const char *encode(struct arena *a, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
    static const char digits[] = "0123456789ABCDEF";
    char *encoded = arena_alloc(a, 3 * strlen(text) + 1), *to = encoded;
    for (; *text != '\0'; text++) {
        if (strchr(plain, *text) != NULL) {
            *to++ = *text;
        } else {
            *to++ = '%';
            *to++ = digits[(unsigned char)*text >> 4];
            *to++ = digits[(unsigned char)*text & 15];
        }
    }
    return encoded;
}

static const char *uri(const struct config *c, enum value label, struct arena *a)
{
    return arena_printf(a, "pkcs11:slot-id=%s;object=%s?module-path=%s", c->values[SLOT],
                        encode(a, c->values[label]), encode(a, c->values[MODULE]));
}

bool espsecure_hsm_open(struct espsecure_hsm *hsm, const char *file, struct arena *a, struct err *e)
{
    struct secret text;
    struct config c = {.file = file, .values = {"", "", "", "", ""}, .e = e};
    *hsm = (struct espsecure_hsm){.private_key = NULL};
    if (!secret_of_file(file, CONFIG_MOST, &text, e)) {
        return false;
    }
    bool good = take_lines(&c, text.bytes) && is_complete(&c);
    if (good) {
        const char *pin = c.values[CREDENTIALS]; // stays there, to be wiped
        hsm->private_key = uri(&c, LABEL, a);
        hsm->names_public = *c.values[LABEL_PUBKEY] != '\0';
        hsm->public_key = uri(&c, hsm->names_public ? LABEL_PUBKEY : LABEL, a);
        good = *pin == '\0' || secret_copy(pin, &hsm->pin) ||
               err_set(e, STATUS_CANNOT, "out of memory");
        hsm->token.pin = hsm->pin.bytes;
    }
    secret_wipe(&text);
    return good;
}

void espsecure_hsm_close(struct espsecure_hsm *hsm)
{
    secret_wipe(&hsm->pin);
}
