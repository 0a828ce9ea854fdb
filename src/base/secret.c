// SPDX-License-Identifier: Apache-2.0
#include "secret.h"

#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "output.h"
#include "secret_memory.h"
#include "seen.h"

enum { LINE_MOST = 1024 };

void secret_wipe(struct secret *s)
{
    secret_pages_free(s->bytes);
    *s = SECRET_NONE;
}

bool secret_room(struct secret *s, size_t size)
{
    secret_guard();
    s->bytes = secret_pages(size + 1);
    s->size = s->bytes == NULL ? 0 : size;
    return s->bytes != NULL;
}

bool secret_copy(const char *text, struct secret *out)
{
    if (!secret_room(out, strlen(text))) {
        return false;
    }
    memcpy(out->bytes, text, out->size);
    return true;
}

static bool make_room(struct secret *s, size_t size, struct err *e)
{
    return secret_room(s, size) || err_set(e, STATUS_CANNOT, "out of memory");
}

// Reads to the end of the file or until `out` is full. Not by stdio, which would keep a copy.
static bool read_all(int fd, const char *name, struct secret *out, struct err *e)
{
    size_t n = 0;
    while (n < out->size) {
        ssize_t got = os_read(fd, out->bytes + n, out->size - n);
        if (got < 0) {
            return err_errno(e, name, "read");
        }
        if (got == 0) {
            break;
        }
        n += (size_t)got;
    }
    out->bytes[n] = '\0';
    out->size = n;
    return true;
}

// A file that others write meanwhile is taken as it was at one moment: what is read twice the same
// was there between the two.
static bool is_unchanged(int fd, const char *name, const struct secret *s, struct err *e)
{
    struct os_info info;
    char again[512];
    size_t at = 0;
    ssize_t got = 0;
    bool same = true;
    if (!os_info_fd(fd, &info) || info.kind != OS_FILE) {
        return true;
    }
    uint64_t start = (uint64_t)os_position(fd) - s->size;
    while (same && (got = os_read_at(fd, again, sizeof(again), start + at)) > 0) {
        same = (size_t)got <= s->size - at && memcmp(again, s->bytes + at, (size_t)got) == 0;
        at += (size_t)got;
    }
    wipe(again, sizeof(again));
    return (same && got == 0 && at == s->size) || seen_changed(name, e);
}

bool secret_of_file(const char *file, size_t most, struct secret *out, struct err *e)
{
    *out = SECRET_NONE;
    secret_guard(); // a pipe may keep it waiting, with another secret read already
    int fd = strcmp(file, "-") == 0 ? os_dup(OS_STDIN) : os_open_read(file);
    if (fd < 0) {
        return err_errno(e, file, "open");
    }
    bool good = make_room(out, most + 1, e) && read_all(fd, file, out, e);
    bool whole = good && out->size <= most;
    good = good && (!whole || is_unchanged(fd, file, out, e));
    (void)os_close(fd);
    if (good && !whole) {
        good = err_set(e, STATUS_CANNOT,
                       "%s: has more than the %zu bytes of such a file; name another", file, most);
    }
    if (!good) {
        secret_wipe(out);
    }
    return good;
}

static void cut_line(struct secret *s)
{
    size_t n = strcspn(s->bytes, "\r\n");
    wipe(s->bytes + n, s->size - n);
}

bool secret_line_of_file(const char *file, struct secret *out, struct err *e)
{
    if (!secret_of_file(file, LINE_MOST, out, e)) {
        return false;
    }
    cut_line(out);
    if (out->bytes[0] != '\0') {
        return true;
    }
    secret_wipe(out);
    return err_set(e, STATUS_CANNOT, "%s: its first line is empty; write the secret into it", file);
}

bool secret_to_new_file(const char *file, const void *bytes, size_t n, struct err *e)
{
    static const char why[] = ", and a key is not written over; name another file";
    struct output *out = output_open_new_secret(file, why, e);
    if (out == NULL || !output_write(out, bytes, n, e)) {
        output_abandon(out);
        return false;
    }
    return output_commit(out, e);
}

// ---- The environment ----------------------------------------------------------------------------

static struct variable {
    const char *name;
    struct secret value; // once it was taken out
} variables[] = {{"OTAPACK_PIN", SECRET_NONE}, {"OTAPACK_PASSPHRASE", SECRET_NONE}};

static struct variable *find_variable(const char *name)
{
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        if (strcmp(name, variables[i].name) == 0) {
            return &variables[i];
        }
    }
    return NULL;
}

bool secret_is_variable(const char *name)
{
    return find_variable(name) != NULL;
}

static void take_variable(struct variable *v)
{
    const char *value = os_variable(v->name);
    if (value != NULL && v->value.bytes == NULL) {
        (void)secret_copy(value, &v->value);
    }
    os_forget_variable(v->name);
}

void secret_take_environment(void)
{
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        take_variable(&variables[i]);
    }
}

bool secret_of_environment(const char *name, struct secret *out)
{
    const struct variable *v = find_variable(name);
    const char *text = v != NULL && v->value.bytes != NULL ? v->value.bytes : os_variable(name);
    *out = SECRET_NONE;
    return text != NULL && *text != '\0' && secret_copy(text, out);
}

// ---- The terminal -------------------------------------------------------------------------------

bool secret_ask(const char *prompt, const char *otherwise, struct secret *out, struct err *e)
{
    *out = SECRET_NONE;
    if (!make_room(out, LINE_MOST, e)) {
        return false;
    }
    ssize_t typed = os_ask(prompt, out->bytes, out->size);
    if (typed <= 0) {
        secret_wipe(out);
        return err_set(e, STATUS_CANNOT, "%s is needed, and %s; %s", prompt,
                       typed < 0 ? "there is no terminal to ask on" : "none was typed", otherwise);
    }
    return true;
}
