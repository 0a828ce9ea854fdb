// SPDX-License-Identifier: Apache-2.0
//
// push: a file to a device with ArduinoOTA, over the network, once all that the device would refuse
// has been looked at.
#include "cmd.h"
#include "os.h"
#include "push.h"
#include "text.h"

// -p is a port in espota.py.
static bool is_port(const struct args *args, struct err *e)
{
    struct os_info info;
    uint64_t port;
    const char *table = args_value(args, "partition-table");
    bool is = table != NULL && text_number(table, &port) && !os_info(table, &info);
    if (is) {
        err_set(e, STATUS_CANNOT,
                "%s: is no file, and -p is the partition table here; write --port %s", table,
                table);
    }
    return is;
}

// A name or an address, and not what is written around one elsewhere.
static bool is_host(const char *host, struct err *e)
{
    const char *colon = host == NULL ? NULL : strchr(host, ':');
    if (host == NULL) {
        return err_set(e, STATUS_CANNOT,
                       "push needs to know the device; give its name or address with --host");
    }
    if (strchr(host, '/') != NULL) {
        return err_set(e, STATUS_CANNOT, "--host %s: is a URL; write the name or address alone",
                       host);
    }
    return colon == NULL || strchr(colon + 1, ':') != NULL || // an address of IPv6 has more of them
           err_set(e, STATUS_CANNOT, "--host %s: has a port behind it; write that with --port",
                   host);
}

static enum status push_run(const struct args *args, struct err *e)
{
    struct push p = {.args = args,
                     .file = args->operands[0],
                     .host = args_value(args, "host"),
                     .own_host = args_value(args, "host-ip"),
                     .password_file = args_value(args, "auth-file"),
                     .password = SECRET_NONE,
                     .otherwise = "give it with --auth-file",
                     .filesystem = args_value(args, "filesystem") == NULL ? NULL : "--filesystem",
                     .without_md5 = args_value(args, "no-md5") != NULL,
                     .quiet = args_value(args, "quiet") != NULL};
    enum status status = STATUS_CANNOT;
    if (is_host(p.host, e) && !is_port(args, e) && push_take_numbers(&p, e) &&
        verb_options_take(&p.options, args, e)) {
        status = push(&p, e);
    }
    verb_options_close(&p.options);
    return status;
}

static const struct opt *const opts[] = {
    OPTS({'H', "host", OPT_TEXT("ADDR"), "the device: its name or address; always needed", false},
         {0, "port", OPT_NUMBER("N"), "its port; else 8266 for an ESP8266, 3232 for an\nESP32",
          false},
         {0, "auth-file", OPT_FILE,
          "its password is the first line of this file; else\nit is asked on the terminal, if the "
          "device wants\none",
          false},
         {0, "no-md5", NULL, "never show by MD5 that we know it, as older cores\nwant it", false},
         {0, "host-ip", OPT_TEXT("ADDR"), "the address here to which the device connects", false},
         {0, "host-port", OPT_NUMBER("N"), "and the port, for a firewall; else any", false},
         {0, "filesystem", NULL, "the file is a file system that otapack does not\nknow", false},
         {0, "timeout", OPT_NUMBER("SECONDS"), "to wait for each answer; else 10", false},
         {0, "retry", OPT_NUMBER("N"), "how often to begin anew where one is lost; else 2", false}),
    opt_partition_table,
    opt_device,
    esp32_rows,
    opt_running,
    esp8266_rows,
    opt_allow_long,
    opt_quiet,
    NULL};

// What espota.py calls them.
static const struct opt_habit habits[] = {
    {'a', "auth",
     "a password in a command line is for others to read: write it into a file, and give that "
     "with --auth-file"},
    {'i', "ip", "the device is --host ADDR"},
    {'f', "file", "the file stands by itself: otapack push FILE --host ADDR"},
    {'s', "spiffs", "the image of a file system is known by what is in it; leave it out"},
    {'I', "host_ip", "it is --host-ip ADDR"},
    {'P', "host_port", "it is --host-port N"},
    {'t', "time-out", "it is --timeout SECONDS"},
    {'r', "progress", "on a terminal it shows how far it is; leave it out"},
    {'m', "md5-target", "it tries both ways; leave it out"},
    {0, NULL, NULL}};

const struct cmd cmd_push = {
    .name = "push",
    .summary = "send a file to a device with ArduinoOTA, over the network",
    .operands = "FILE --host ADDR [OPTION]...",
    .about = "Runs every check on the file (- is standard input), and sends it to a device\n"
             "that runs ArduinoOTA: a sketch, an app, or the image of a file system. Nothing\n"
             "is sent that the device would refuse. Exit status 1 when a check fails or the\n"
             "device says no, 2 when it cannot be reached or does not answer.",
    .examples = "  otapack push sketch.ino.bin --host 192.0.2.7 --auth-file password.txt\n"
                "  otapack push app.bin --host kitchen.local --partition-table partitions.csv\n"
                "  otapack push littlefs.bin --host 192.0.2.7 --port 8266",
    .opts = opts,
    .habits = habits,
    .min = 1,
    .max = 1,
    .run = push_run};
