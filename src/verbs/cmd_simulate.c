// SPDX-License-Identifier: Apache-2.0
//
// simulate: what a device with this partition table does when it gets the file as an update.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "esp8266_tree.h"
#include "open_tree.h"
#include "simulate.h"
#include "text.h"
#include "verb_options.h"

enum { CHUNK = 1024, CHUNK_MOST = 16 * 1024 * 1024, SECURE_VERSION_MOST = 32 };

struct job {
    const struct args *args;
    struct arena arena;
    struct verb_options options;
    struct simulate_options simulate;
    struct device device;
};

static bool take_chunk(struct job *job, struct err *e)
{
    const char *text = args_value(job->args, "chunk");
    uint64_t n = CHUNK;
    if (text != NULL && (!text_bytes(text, &n) || n < 1 || n > CHUNK_MOST)) {
        return err_set(e, STATUS_CANNOT, "--chunk %s: write a number of bytes from 1 to 16M", text);
    }
    job->simulate.chunk = (size_t)n;
    return true;
}

static bool take_secure_version(struct job *job, struct err *e)
{
    const char *text = args_value(job->args, "secure-version");
    uint64_t n = 0;
    if (text != NULL && (!text_number(text, &n) || n > SECURE_VERSION_MOST)) {
        return err_set(e, STATUS_CANNOT,
                       "--secure-version %s: write the number that is in the eFuses, 0 to 32",
                       text);
    }
    job->simulate.secure_version = text == NULL ? -1 : (int64_t)n;
    return true;
}

// What an app is asked for says nothing of another part, and where that goes, nothing of an app.
static bool take_final(struct job *job, struct err *e)
{
    static const char *const of_app[] = {"running-version", "secure-version"};
    bool final = args_value(job->args, "final") != NULL;
    job->simulate.staging = args_value(job->args, "staging");
    for (size_t i = 0; final && i < sizeof(of_app) / sizeof(of_app[0]); i++) {
        if (args_value(job->args, of_app[i]) != NULL) {
            return err_set(e, STATUS_CANNOT,
                           "--%s is about an app, and --final about another part; leave one of "
                           "them out",
                           of_app[i]);
        }
    }
    return final || job->simulate.staging == NULL ||
           err_set(e, STATUS_CANNOT,
                   "--staging %s: an app goes to the next OTA partition; leave it out, or say with "
                   "--final what else is updated",
                   text_printable(&job->arena, job->simulate.staging));
}

static bool take_table(struct job *job, struct err *e)
{
    const char *file = args_value(job->args, "partition-table");
    if (file == NULL) {
        return err_set(e, STATUS_CANNOT,
                       "simulate needs the device's partition table; give its "
                       "partition-table.bin or partitions.csv with --partition-table");
    }
    if (!verb_options_table(&job->options, job->args, e)) {
        return false;
    }
    job->simulate.table_at = job->options.csv.table_at;
    (void)device_open(&job->device, &job->options.table); // it is sound, if it can be read
    const struct target *target = &job->options.read.target;
    if (target_use(target, TARGET_FLASH_SIZE)) {
        job->device.flash_size = target->flash_size;
    }
    (void)target_use(target, TARGET_CHIP | TARGET_TABLE); // whatever arrives is for one
    return input_good(job->options.table_input, e);
}

static bool take_ota_data(struct job *job, struct err *e)
{
    const char *file = args_value(job->args, "ota-data");
    if (file == NULL) {
        return true;
    }
    const struct otapack_partition *data = device_ota_data(&job->device);
    if (data == NULL) {
        return err_set(e, STATUS_CANNOT,
                       "--ota-data %s: the partition table has no otadata partition; leave the "
                       "option out, or give the table of this device",
                       file);
    }
    struct input *in = input_open(file, e);
    if (in == NULL) {
        return false;
    }
    struct otapack_source dump = input_source(in);
    bool good = dump.size == OTAPACK_OTA_DATA_SIZE && device_take_ota_data(&job->device, &dump);
    if (!good && input_good(in, e)) {
        err_set(e, STATUS_CANNOT,
                "%s: has %s, and OTA data has 8 KiB; read 0x2000 bytes at 0x%" PRIx32
                " from the device's flash",
                input_name(in), text_size(&job->arena, dump.size), data->offset);
    }
    input_close(in);
    return good;
}

// The ESP32 family is what can be simulated.
static bool is_for_esp8266(const struct node *root, const char *name, struct err *e)
{
    bool is = esp8266_is_any(root);
    if (is) {
        err_set(e, STATUS_CANNOT,
                "%s: is for an ESP8266, which simulate does not know; otapack verify --layout says "
                "whether it can take it",
                name);
    }
    return is;
}

// What other devices take, by itself or in a Matter image: of those, no verdict is made.
static const char *unknown_kind(const struct node *n)
{
    static const struct {
        const char *format, *kind;
    } rows[] = {{"matter_bundle", "a bundle of firmware"},
                {"zigbee", "a Zigbee file"},
                {"compressed_image", "a compressed image"},
                {"delta", "a delta patch"}};
    const struct node *payload = strcmp(n->format, "matter") == 0 ? node_find(n, "payload", -1)
                                 : strcmp(n->format, "signed_data") == 0 ? node_find(n, "data", -1)
                                                                         : n;
    for (size_t i = 0; payload != NULL && i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(payload->format, rows[i].format) == 0) {
            return rows[i].kind;
        }
    }
    return NULL;
}

static bool is_unknown(const struct node *root, const char *name, struct err *e)
{
    const char *kind = unknown_kind(root);
    if (kind != NULL) {
        err_set(e, STATUS_CANNOT,
                "%s: is %s%s, which simulate does not know; otapack verify judges it", name, kind,
                strcmp(root->format, "matter") == 0 ? " in a Matter image" : "");
    }
    return kind != NULL;
}

// Where no RCP can come, no seal can be looked for.
static bool can_be_sealed(const struct job *job, const struct node *root, bool app,
                          const char *name, struct err *e)
{
    const struct node *payload =
        strcmp(root->format, "matter") == 0 ? node_find(root, "payload", -1) : root;
    return !job->simulate.require_seal ||
           (app && payload != NULL && strcmp(payload->format, "esp_image") != 0) ||
           err_set(e, STATUS_CANNOT,
                   "%s: has no firmware for an RCP, which a seal would be of; leave --require-seal "
                   "out",
                   name);
}

static enum status simulate_file(struct job *job, struct err *e)
{
    static const enum status statuses[] = {
        [STEP_OK] = STATUS_OK, [STEP_REFUSED] = STATUS_NO, [STEP_BROKEN] = STATUS_NO};
    struct arena *a = &job->arena;
    const char *file = job->args->operands[0];
    struct opened image;
    struct simulation s;
    if (!open_tree_judged(&image, file, &job->options.read, a, e)) {
        return STATUS_CANNOT;
    }
    const char *name = input_name(image.input);
    bool app = args_value(job->args, "final") == NULL;
    if (is_for_esp8266(image.root, name, e) || (app && is_unknown(image.root, name, e)) ||
        !can_be_sealed(job, image.root, app, name, e) ||
        !verb_options_fit(&job->options, job->args, image.root, name, false, e)) {
        open_tree_close(&image);
        return STATUS_CANNOT;
    }
    struct otapack_source src = input_source(image.input);
    bool good = simulate(a, &src, image.root, &job->simulate, &job->device, &s, e);
    good = input_good(image.input, e) && good;
    if (good && args_value(job->args, "json") != NULL) {
        show_simulation_json(file, src.size, &s);
    } else if (good) {
        show_simulation(a, name, src.size, &s);
    }
    open_tree_close(&image);
    return good ? statuses[s.verdict] : STATUS_CANNOT;
}

static enum status simulate_run(const struct args *args, struct err *e)
{
    struct job job = {.args = args,
                      .arena = ARENA_EMPTY,
                      .simulate.running_version = args_value(args, "running-version")};
    struct target *target = &job.options.read.target;
    job.simulate.target = target;
    bool good = take_chunk(&job, e) && take_secure_version(&job, e) && take_final(&job, e) &&
                verb_options_device(&job.options, args, e) && take_table(&job, e) &&
                take_ota_data(&job, e);
    job.device.rollback = args_value(args, "rollback") != NULL;
    job.simulate.require_seal = args_value(args, "require-seal") != NULL;
    enum status status = good ? simulate_file(&job, e) : STATUS_CANNOT;
    verb_options_close(&job.options);
    arena_free(&job.arena);
    return status;
}

static const struct opt *const opts[] = {
    OPTS({'p', "partition-table", OPT_FILE,
          "the device's partition table, or partitions.csv;\nalways needed", false}),
    opt_csv,
    OPTS({0, "ota-data", OPT_FILE,
          "what its otadata partition holds, 8 KiB; else\nnothing, as when it comes from the "
          "factory",
          false},
         {0, "rollback", NULL,
          "its bootloader takes back an app that does not\nconfirm that it works", false},
         {'r', "running-version", OPT_TEXT("TEXT"),
          "what runs: an app's version, the number of a\nMatter device's software, or (combined "
          "image)\n"
          "the version that the RCP reports",
          false},
         {'s', "secure-version", OPT_NUMBER("N"), "what its eFuses say against older apps", false},
         {0, "require-seal", NULL, "it takes no RCP without the seal of the host's app", false}),
    opt_device,
    OPTS({'c', "chip", &type_chip, "of the device: esp32, esp32c6, ...", false}),
    esp32_rows,
    opt_running,
    opt_final,
    OPTS({0, "staging", OPT_TEXT("LABEL"),
          "with --final: the partition to download it to,\nelse the next OTA partition", false}),
    OPTS({0, "chunk", OPT_SIZE, "how many bytes arrive at once; else 1024", false},
         {'j', "json", NULL, "as JSON", false}),
    NULL};

const struct cmd cmd_simulate = {
    .name = "simulate",
    .summary = "what a device does when it gets the file as an update",
    .operands = "FILE --partition-table FILE [OPTION]...",
    .about = "Feeds the file (- is standard input) to a device, piece by piece: a combined\n"
             "image to a Thread border router, a Matter image to a Matter device, an app to\n"
             "one with esp_https_ota. Says step by step what goes where in its flash, what it\n"
             "refuses and why, and what boots next. Exit status 1 when it refuses the update,\n"
             "or would not work with it.",
    .examples = "  otapack simulate br-ota.bin -p partition-table.bin\n"
                "  otapack simulate light.ota -p partition-table.bin --running-version 6\n"
                "  otapack simulate app.bin -p partition-table.bin --ota-data otadata.bin \\\n"
                "      --running-version v1.2 --chip esp32s3 --secure-version 2",
    .opts = opts,
    .min = 1,
    .max = 1,
    .run = simulate_run};
