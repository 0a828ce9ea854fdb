// SPDX-License-Identifier: Apache-2.0
#include "verb_options.h"

#include <inttypes.h>
#include <string.h>

#include "cmd.h"
#include "delta_base.h"
#include "device_file.h"
#include "flash_layout.h"
#include "kept.h"
#include "key.h"
#include "kinds.h"
#include "need.h"
#include "running.h"
#include "text.h"

bool verb_options_allow(struct verb_options *o, const char *id, struct err *e)
{
    const char *near;
    enum check_id check = check_by_id(id, &near);
    if (check == CHECK_COUNT) {
        return err_unknown(e, near, "otapack help checks lists them", "there is no check '%s'", id);
    }
    if (!checks[check].allowable) {
        return err_set(e, STATUS_CANNOT,
                       "%s cannot be allowed: where it fails, nothing can be read or written; %s",
                       id, checks[check].remedy);
    }
    o->read.allow[check] = true;
    return true;
}

// What makes a table one that no device reads: its bootloader reads it to its end, and compares its
// MD5. All else is for the checks to say. NULL: nothing.
static const struct finding *unread(const struct node *table)
{
    static const enum check_id asked[] = {CHECK_PT_ENTRIES, CHECK_PT_MD5};
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        const struct finding *f = finding_against(table, asked[i]);
        if (f != NULL && f->verdict == VERDICT_FAIL) {
            return f;
        }
    }
    return NULL;
}

static bool is_sound(const struct verb_options *o, const struct node *table, struct arena *a,
                     struct err *e)
{
    const char *name = input_name(o->table_input);
    if (is_flash(table)) {
        return err_set(e, STATUS_CANNOT,
                       "%s: is no partition table (%s); take out the one that is in it: otapack "
                       "extract %s partition_table",
                       name, table->summary, name);
    }
    if (!is_partition_table(table)) {
        return err_set(e, STATUS_CANNOT,
                       "%s: is no partition table (%s); give the partition-table.bin or the "
                       "partitions.csv of the device's build",
                       name, text_printable(a, table->summary));
    }
    const struct finding *f = unread(table);
    return f == NULL ||
           err_set(e, STATUS_CANNOT, "%s: is no sound partition table: %s; %s [%s]", name,
                   text_printable(a, f->message), checks[f->check].remedy, checks[f->check].id);
}

// A partitions.csv becomes the table that is made of it.
static bool open_table(struct verb_options *o, const char *file, struct err *e)
{
    o->table_path = file;
    o->table_input = input_open(file, e);
    if (o->table_input == NULL) {
        return false;
    }
    o->table = input_source(o->table_input);
    o->table_is_csv = partition_file_is_csv(file, &o->table);
    if (!o->table_is_csv) {
        return true;
    }
    bool good =
        partition_file_convert(input_name(o->table_input), &o->table, &o->csv, o->table_bytes, e);
    o->table = otapack_memory(o->table_bytes, sizeof(o->table_bytes));
    return input_good(o->table_input, e) && good;
}

// The table in memory, from where files are compared with it on several threads.
static void keep_table(struct verb_options *o)
{
    size_t n =
        o->table.size < sizeof(o->table_bytes) ? (size_t)o->table.size : sizeof(o->table_bytes);
    if (!o->table_is_csv) {
        (void)otapack_read(&o->table, 0, o->table_bytes, n, "");
        o->table = otapack_memory(o->table_bytes, n);
    }
}

bool verb_options_host_table(struct verb_options *o, const char *file, struct err *e)
{
    if (o->csv.table_at == 0) {
        o->csv = partition_file_options(); // a recipe's, where no command line has said anything
    }
    if (!open_table(o, file, e)) {
        return false;
    }
    struct read_options plain = o->read; // the table is what the device has, not what it gets
    plain.target.known &= ~(unsigned)TARGET_FINAL;
    plain.target.used = NULL; // of use is what the checks of a file ask for
    const struct node *table = read_and_judge(&o->table_arena, &plain, o->table);
    o->read.host_table = &o->table;
    o->read.host_table_tree = table;
    if (!input_good(o->table_input, e) || !is_sound(o, table, &o->table_arena, e)) {
        return false;
    }
    keep_table(o);
    return input_good(o->table_input, e);
}

// The address at which a merged flash image is written.
static bool take_flash_offset(struct verb_options *o, const char *text, struct err *e)
{
    if (text == NULL) {
        return true;
    }
    o->read.flash_offset_given = true;
    return (text_number(text, &o->read.flash_offset) && o->read.flash_offset <= UINT32_MAX &&
            o->read.flash_offset % FLASH_SECTOR == 0) ||
           err_set(e, STATUS_CANNOT,
                   "--flash-offset %s: write a flash address, a multiple of 0x1000 such as 0x1000",
                   text);
}

bool verb_options_table(struct verb_options *o, const struct args *args, struct err *e)
{
    const char *table = args_value(args, "partition-table");
    struct err inner = ERR_NONE;
    if (!partition_file_take(&o->csv, args_values(args, "csv"), &o->arena, e)) {
        return false;
    }
    o->read.table_csv = &o->csv;
    if (table != NULL || o->device_table == NULL) {
        return table == NULL || verb_options_host_table(o, table, e);
    }
    return verb_options_host_table(o, o->device_table, &inner) || err_at(e, o->table_where, &inner);
}

static bool take_file(struct verb_options *o, struct device_said said, const char *file,
                      struct err *e)
{
    struct device_file device = {.said = said};
    bool good = file == NULL || device_file_read(file, &device, &o->arena, e);
    o->device_table = device.partition_table;
    o->table_where = device.table_where;
    o->layout_where = device.layout_where;
    o->device_facts = o->read.target.known | o->read.esp8266.known |
                      (device.partition_table == NULL ? 0U : (unsigned)TARGET_TABLE);
    return good;
}

bool verb_options_device(struct verb_options *o, const struct args *args, struct err *e)
{
    struct device_said said = {&o->read.target, &o->read.esp8266};
    if (o->read.target.used == NULL) {
        o->read.target.used = &o->used;
    }
    bool good = take_file(o, said, args_value(args, "device"), e);
    for (const struct opt *const *row = args->rows; good && *row != NULL; row++) {
        const char *value = args_value(args, (*row)->name);
        if (value != NULL && (*row)->type != NULL && (*row)->type->take != NULL) {
            good = target_say(args->cmd->opts, &said, (*row)->name, value,
                              arena_printf(&o->arena, "--%s", (*row)->name), e);
        }
    }
    return good && running_take(&o->read.target, args_value(args, "running"), &o->arena, e);
}

// A key that opens what is encrypted in the file, where the verb takes one.
static bool take_decrypt_key(struct verb_options *o, const struct args *args, struct err *e)
{
    const char *name = args_value(args, "decrypt-key");
    struct key_options how = {.passphrase_files = args_values(args, "passphrase-file"),
                              .quiet = args_value(args, "quiet") != NULL,
                              .decrypts = true};
    o->read.decrypt = name == NULL ? NULL : key_open(name, &how, e);
    return name == NULL || o->read.decrypt != NULL;
}

// Each is tried on a key that is encrypted.
static bool passphrases_have_a_key(const struct args *args, struct err *e)
{
    static const char *const kinds[] = {"key", "keys"};
    enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };
    bool any = args_value(args, "passphrase-file") == NULL;
    for (size_t i = 0; !any && args->rows[i] != NULL; i++) {
        const struct opt_type *type = args->rows[i]->type;
        any =
            args->values[i] != NULL && type != NULL && text_place(type->kind, kinds, KINDS) < KINDS;
    }
    return any || err_set(e, STATUS_CANNOT,
                          "--passphrase-file decrypts a private key, and no key is given; leave it "
                          "out");
}

// The app that a patch is for, and what it is to make, where the verb takes them.
static bool take_base(struct verb_options *o, const struct args *args, struct err *e)
{
    const char *base = args_value(args, "base"), *made = args_value(args, "new");
    bool good = delta_base_take(&o->read, base, &o->arena, e) &&
                delta_made_take(&o->read, made, &o->arena, e);
    delta_base_runs(o->read.base, &o->read.target);
    return good;
}

// The firmware that a host's seal is of, where the verb takes it.
static bool take_coprocessor(struct verb_options *o, const struct args *args, struct err *e)
{
    const char *file = args_value(args, "coprocessor");
    if (file != NULL) {
        const char *shown = arena_printf(&o->arena, "--coprocessor %s", file);
        o->read.coprocessor = kept_file(file, shown, &o->arena, e);
    }
    return file == NULL || o->read.coprocessor != NULL;
}

static bool check_layout(const struct verb_options *o, const struct args *args, struct err *e)
{
    bool of_file = o->layout_where != NULL && args_value(args, "layout") == NULL;
    return esp8266_device_check(&o->read.esp8266, of_file ? o->layout_where : "--layout", e);
}

bool verb_options_take(struct verb_options *o, const struct args *args, struct err *e)
{
    for (const char **id = args_values(args, "allow"); *id != NULL; id++) {
        if (!verb_options_allow(o, *id, e)) {
            return false;
        }
    }
    o->read.require_seal = args_value(args, "require-seal") != NULL;
    return passphrases_have_a_key(args, e) && verb_options_device(o, args, e) &&
           check_layout(o, args, e) && verb_options_table(o, args, e) &&
           take_flash_offset(o, args_value(args, "flash-offset"), e) &&
           take_decrypt_key(o, args, e) && take_base(o, args, e) && take_coprocessor(o, args, e);
}

int verb_options_format(const struct args *args, struct err *e)
{
    enum { TEXT, JSON };
    bool json = args_value(args, "json") != NULL;
    int format = args_choice(args, "format", json ? JSON : TEXT, e);
    if (json && format >= 0 && format != JSON) {
        err_set(e, STATUS_CANNOT, "--json and --format %s exclude each other; give one",
                args_value(args, "format"));
        return -1;
    }
    return format;
}

bool verb_options_number(const struct args *args, const char *option, uint64_t least, uint64_t most,
                         uint64_t *n, struct err *e)
{
    const char *text = args_value(args, option);
    return text == NULL || (text_number(text, n) && *n >= least && *n <= most) ||
           err_set(e, STATUS_CANNOT, "--%s %s: write a number from %" PRIu64 " to %" PRIu64, option,
                   text, least, most);
}

void verb_options_close(struct verb_options *o)
{
    key_close(o->read.decrypt);
    arena_free(&o->arena);
    input_close(o->table_input);
    arena_free(&o->table_arena);
}

// ---- Their rows ---------------------------------------------------------------------------------

#define GIVES(word, what, facts, about)                                                            \
    (&(const struct opt_type){.arg = (word), .kind = (what), .gives = (facts), .wrong = (about)})
#define ROW_CSV                                                                                    \
    {                                                                                              \
        0, "csv", GIVES("NAME=VALUE", "text", TARGET_CSV, "a partitions.csv"),                     \
            "what a partitions.csv needs, such as offset=0x9000", true                             \
    }

#define ROW_ALLOW(letter)                                                                          \
    {                                                                                              \
        letter, "allow", OPT_CHOICE_OF("CHECK-ID", check_name),                                    \
            "let this check pass with a warning (help checks)", true                               \
    }

static const char *check_name(unsigned i)
{
    return i < CHECK_COUNT ? checks[i].id : NULL;
}

const struct opt opt_csv[] = {ROW_CSV, OPT_END};
const struct opt opt_partition_table[] = {
    {'p', "partition-table", GIVES("FILE", "file", TARGET_TABLE, NULL),
     "the device's partition table, or partitions.csv:\ndo the app and an RCP fit?", false},
    ROW_CSV,
    OPT_END};
const struct opt opt_device[] = {
    {'d', "device", GIVES("FILE", "file", TARGET_DEVICE, NULL),
     "what is known of the device, in YAML: the options\nbelow, and its "
     "partition table",
     false},
    OPT_END};
const struct opt opt_device_file[] = {
    {'d', "device", GIVES("FILE", "file", TARGET_DEVICE, NULL),
     "what is known of the device, in YAML, as otapack\ninit device writes it", false},
    OPT_END};
const struct opt opt_running[] = {{0, "running", GIVES("FILE", "file", TARGET_RUNNING, NULL),
                                   "what runs on it: the app, or an image with it", false},
                                  OPT_END};
const struct opt opt_flash_offset[] = {
    {0, "flash-offset", GIVES("ADDRESS", "number", TARGET_FLASH_OFFSET, "merged flash images"),
     "the flash address of a merged image's first byte", false},
    OPT_END};
const struct opt opt_seal[] = {
    {0, "require-seal", NULL, "the app must vouch for an RCP or co-processor", false},
    {0, "coprocessor", GIVES("FILE", "file", NEED_COPROCESSOR, NULL),
     "ESP-Hosted: the firmware that a host's seal is of", false},
    OPT_END};
const struct opt opt_decrypt_key[] = {
    {0, "decrypt-key", GIVES("KEY", "key", NEED_DECRYPT_KEY, NULL),
     "a private key that opens what is encrypted: PEM,\na pkcs11: URI, or the 32 bytes of an "
     "HMAC key",
     false},
    {0, "passphrase-file", OPT_FILE, "where a private key is encrypted", true},
    OPT_END};
const struct opt opt_base[] = {
    {0, "base", GIVES("FILE", "file", NEED_BASE, NULL), "the app that a delta patch is for", false},
    OPT_END};
const struct opt opt_made[] = {{0, "new", GIVES("FILE", "file", TARGET_MADE, NULL),
                                "what a patch has to make of --base, to the byte", false},
                               OPT_END};
const struct opt opt_allow[] = {ROW_ALLOW('a'), OPT_END};
const struct opt opt_allow_long[] = {ROW_ALLOW(0), OPT_END};
const struct opt opt_quiet[] = {{'q', "quiet", NULL, "say nothing when all is well", false},
                                OPT_END};
