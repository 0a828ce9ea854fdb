// SPDX-License-Identifier: Apache-2.0
#include "push.h"

#include <stdio.h>

#include "espota.h"
#include "format.h"
#include "key.h"
#include "open_tree.h"
#include "report.h"
#include "text.h"

enum { PORT_ESP8266 = 8266, PORT_ESP32 = 3232, BETWEEN = 1000 }; // milliseconds

bool push_take_numbers(struct push *p, struct err *e)
{
    enum { PORT_MOST = 65535, SECONDS_MOST = 3600, RETRIES_MOST = 100 };
    uint64_t port = 0, own_port = 0, seconds = 10, retries = 2;
    bool good = verb_options_number(p->args, "port", 1, PORT_MOST, &port, e) &&
                verb_options_number(p->args, "host-port", 1, PORT_MOST, &own_port, e) &&
                verb_options_number(p->args, "timeout", 1, SECONDS_MOST, &seconds, e) &&
                verb_options_number(p->args, "retry", 0, RETRIES_MOST, &retries, e);
    if (good) {
        p->port = (uint16_t)port;
        p->own_port = (uint16_t)own_port;
        p->seconds = (unsigned)seconds;
        p->retries = (unsigned)retries;
    }
    return good;
}

// ---- The file -----------------------------------------------------------------------------------

static bool is_upload(const struct push *p, const struct opened *image, struct arena *a,
                      struct arduino_upload *as, struct err *e)
{
    const char *name = input_name(image->input);
    const char *what = image->root->summary == NULL ? "is nothing" : image->root->summary;
    if (!arduino_upload_of(image->root, p->filesystem != NULL, as)) {
        const char *inside = arduino_upload_inside(a, image->root);
        const char *todo =
            inside == NULL ? "push an app, a sketch or the image of a file system"
                           : arena_printf(a, "push what is in it: otapack extract %s %s -o app.bin",
                                          name, inside);
        return err_set(e, STATUS_NO, "%s: %s, which no Arduino core takes; %s", name, what, todo);
    }
    return p->filesystem == NULL || as->filesystem ||
           err_set(e, STATUS_CANNOT, "%s: %s, and no file system; leave out %s", name, what,
                   p->filesystem);
}

static const struct core {
    const char *name;
    uint16_t port;
    const char *sure; // what is said of a device that has the other one's port
} cores[] = {[ARDUINO_ANY] = {NULL, 0, NULL},
             [ARDUINO_ESP8266] = {"an ESP8266", PORT_ESP8266, "--free-space"},
             [ARDUINO_ESP32] = {"an ESP32", PORT_ESP32, "--chip"}};

// What is said of the device tells, where the file does not.
static enum arduino_core said_core(const struct push *p)
{
    return (p->options.read.esp8266.known & FACTS_OF_ESP8266) != 0 ? ARDUINO_ESP8266
           : (p->options.read.target.known & TARGET_CHIP) != 0     ? ARDUINO_ESP32
                                                                   : ARDUINO_ANY;
}

// The device with the port of the other core would take the file, and not start it.
static bool take_port(const struct push *p, const char *name, struct espota *x, struct err *e)
{
    enum arduino_core said = said_core(p);
    enum arduino_core is = x->as.core == ARDUINO_ANY ? said : x->as.core;
    enum arduino_core other = is == ARDUINO_ESP8266 ? ARDUINO_ESP32 : ARDUINO_ESP8266;
    x->port = p->port != 0 ? p->port : cores[is].port;
    if (x->as.core == ARDUINO_ANY && said == ARDUINO_ESP32) {
        *p->options.read.target.used |= TARGET_CHIP; // it told the port, if no check asked for it
    }
    if (x->port == 0) {
        return err_set(e, STATUS_CANNOT,
                       "%s: the image of a file system, which does not show its chip; give --port "
                       "%d for an ESP8266, or --port %d or --chip for an ESP32",
                       name, PORT_ESP8266, PORT_ESP32);
    }
    return is == ARDUINO_ANY || said == is || x->port != cores[other].port ||
           err_set(e, STATUS_CANNOT,
                   "%s: is for %s, and --port %u is that of %s; leave it out, or push it with "
                   "%s, which says that the device is one",
                   name, cores[is].name, x->port, cores[other].name, cores[is].sure);
}

// ---- The password -------------------------------------------------------------------------------

// What a file has is read before the device waits for it.
static bool read_password(struct push *p, struct err *e)
{
    if (p->password_file == NULL) {
        return true;
    }
    key_warn_of_readers(p->password_file, "password");
    return secret_line_of_file(p->password_file, &p->password, e);
}

static const struct secret *password(void *ctx, struct err *e)
{
    struct push *p = ctx;
    struct arena a = ARENA_EMPTY;
    p->asked = true;
    if (p->password.bytes == NULL) {
        (void)secret_ask(arena_printf(&a, "the password of %s", p->host), p->otherwise,
                         &p->password, e);
    }
    arena_free(&a);
    return p->password.bytes == NULL ? NULL : &p->password;
}

// ---- Sending ------------------------------------------------------------------------------------

static const enum status statuses[] = {[ESPOTA_TAKEN] = STATUS_OK,
                                       [ESPOTA_REFUSED] = STATUS_NO,
                                       [ESPOTA_LOST] = STATUS_CANNOT,
                                       [ESPOTA_CANNOT] = STATUS_CANNOT};

// Until it is there, or somebody says no.
static enum status send_file(const struct push *p, const struct espota *x, struct err *e)
{
    enum espota_end end = espota_push(x, e);
    for (unsigned i = 0; end == ESPOTA_LOST && i < p->retries; i++) {
        if (!p->quiet) {
            say("%s (trying again, %u of %u)", e->text, i + 1, p->retries);
        }
        os_pause(BETWEEN);
        *e = ERR_NONE;
        end = espota_push(x, e);
    }
    return statuses[end];
}

static void say_unasked(const struct push *p)
{
    if (!p->asked && p->password.bytes != NULL) {
        say("%s: note: asks for no password: whoever is in its network can push to it", p->host);
    }
}

static enum status send_image(struct push *p, const struct opened *image, struct arena *a,
                              struct err *e)
{
    const char *name = input_name(image->input);
    struct espota x = {.host = p->host,
                       .own_host = p->own_host,
                       .own_port = p->own_port,
                       .timeout = p->seconds * 1000,
                       .name = name,
                       .file = input_source(image->input),
                       .without_md5 = p->without_md5,
                       .quiet = p->quiet,
                       .password = password,
                       .ctx = p,
                       .password_file = p->password_file};
    if (report_findings(a, image->root, report_one_file, name, !p->quiet) > 0) {
        return STATUS_NO;
    }
    if (!is_upload(p, image, a, &x.as, e) || !take_port(p, name, &x, e)) {
        return e->status;
    }
    if (!verb_options_fit(&p->options, p->args, image->root, name, false, e)) {
        return STATUS_CANNOT;
    }
    enum status status = read_password(p, e) ? send_file(p, &x, e) : STATUS_CANNOT;
    if (status == STATUS_OK && !p->quiet) {
        say_unasked(p);
        printf("%s: %s took all %s bytes\n", text_printable(a, name), text_printable(a, p->host),
               text_count(a, x.file.size));
    }
    return input_good(image->input, e) ? status : STATUS_CANNOT;
}

// Of a file system that otapack does not know there is nothing to be judged.
static bool open_image(struct push *p, struct opened *image, struct arena *a, struct err *e)
{
    bool good = open_tree(image, p->file, &p->options.read, a, e);
    if (good && (p->filesystem == NULL || node_is_known(image->root))) {
        judge_tree(a, &p->options.read, image->root);
    }
    return good;
}

enum status push(struct push *p, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct opened image;
    enum status status = STATUS_CANNOT;
    p->options.read.target.used = &p->options.used; // a script's have not been told anything
    if (open_image(p, &image, &a, e)) {
        status = send_image(p, &image, &a, e);
        open_tree_close(&image);
    }
    secret_wipe(&p->password);
    arena_free(&a);
    return status;
}
