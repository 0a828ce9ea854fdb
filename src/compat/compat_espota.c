// SPDX-License-Identifier: Apache-2.0
//
// compat espota: the command lines of espota.py, by which the Arduino cores and PlatformIO upload
// over the network. The cores' scripts differ in a few options, and all of them are taken.
#include <string.h>

#include "compat.h"
#include "os.h"
#include "push.h"

// What the ESP8266's core has signed lies beside what it was made of, and is sent for it.
static const char *file_to_send(const char *file, struct arena *a)
{
    struct os_info info;
    const char *is_signed = arena_printf(a, "%s.signed", file);
    bool there = os_info(is_signed, &info) && info.kind == OS_FILE;
    if (there) {
        say("%s: is sent for %s, because it is there", is_signed, file);
    }
    return there ? is_signed : file;
}

// As in the original, an empty password is as good as none.
static bool take_password(struct push *p, struct err *e)
{
    const char *text = args_value(p->args, "auth");
    return text == NULL || *text == '\0' || secret_copy(text, &p->password) ||
           err_set(e, STATUS_CANNOT, "out of memory");
}

static enum status run(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    const char *file = args_value(args, "file"), *own_host = args_value(args, "host-ip");
    bool any = own_host == NULL || strcmp(own_host, "0.0.0.0") == 0; // as the scripts say it
    struct push p = {.args = args,
                     .host = args_value(args, "ip"),
                     .own_host = any ? NULL : own_host,
                     .password = SECRET_NONE,
                     .otherwise = "give it with --auth",
                     .filesystem = args_value(args, "spiffs") == NULL ? NULL : "--spiffs"};
    enum status status = STATUS_CANNOT;
    if (p.host == NULL || file == NULL) {
        err_set(e, STATUS_CANNOT, "espota needs --ip and --file; see its --help");
    } else if (push_take_numbers(&p, e) && take_password(&p, e)) {
        p.file = file_to_send(file, &a);
        status = push(&p, e);
    }
    verb_options_close(&p.options);
    arena_free(&a);
    return status;
}

// As in the original, the last of an option given twice holds.
static const struct opt *const opts[] = {
    OPTS({'i', "ip", OPT_TEXT("ADDR"), "the device", true},
         {'I', "host-ip", OPT_TEXT("ADDR"), "the address here to which it connects", true},
         {'p', "port", OPT_NUMBER("N"), "of the device; else as otapack push has it", true},
         {'P', "host-port", OPT_NUMBER("N"), "to which it connects; else any", true},
         {'a', "auth", OPT_TEXT("PASSWORD"),
          "its password, which others can read here:\notapack "
          "push takes it from a file",
          true},
         {'m', "md5-target", NULL, "nothing: both ways of it are tried", true},
         {'f', "file", OPT_FILE, "what is sent; FILE.signed, where that is there", true},
         {'s', "spiffs", NULL, "it is a file system", true},
         {'d', "debug", NULL, "nothing: messages are as they are", true},
         {'r', "progress", NULL, "nothing: it is shown on every terminal", true},
         {'t', "timeout", OPT_NUMBER("SECONDS"), "to wait for each answer; else 10", true}),
    NULL};

#define ESPOTA(is_raw, most, does)                                                                 \
    {                                                                                              \
        .name = "espota", .parent = "compat ",                                                     \
        .summary = "of both Arduino cores; sends a file to a device",                              \
        .operands = "--ip ADDR --file FILE [OPTION]...",                                           \
        .about =                                                                                   \
            "Takes the command lines of tools/espota.py of the Arduino cores for ESP8266 and\n"    \
            "ESP32, and does what otapack push does: what the device would refuse is not sent.",   \
        .opts = opts, .raw = (is_raw), .max = (most), .run = (does)                                \
    }

static const struct cmd inner = ESPOTA(false, 0, run);

static enum status espota(const struct args *args, struct err *e)
{
    return compat_run_rows(args, &inner, e);
}

const struct cmd compat_espota = ESPOTA(true, ARGS_MOST, espota);
