// SPDX-License-Identifier: Apache-2.0
//
// Each row of tests/field/field.tsv: a kind of published firmware, and the verdict that is right;
// and the real files, where they are there, with the answers beside them. What not-yet.tsv lists
// still falls short: once it does not, it is to be taken off.
#include "field.h"

#include <unistd.h>

enum { NAME, PROJECT, KIND, DEVICE, FILE_, COMMAND, EXIT, FINDS, SAYS, NEVER };
enum { WORDS_ROOM = 1024, TEXT_ROOM = 64 * 1024 };

static struct field_table *rows, *devices, *not_yet;

// ---- One row ------------------------------------------------------------------------------------

// What a row's commands said, in small letters, and the first thing that is wrong with it.
struct outcome {
    char text[TEXT_ROOM];
    char fault[512];
};

static void fault(struct outcome *o, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void fault(struct outcome *o, const char *format, ...)
{
    va_list args;
    if (*o->fault == '\0') {
        va_start(args, format);
        (void)vsnprintf(o->fault, sizeof(o->fault), format, args);
        va_end(args);
    }
}

// Blanks for newlines, so that what is said may be broken anywhere; not the file's name, which says
// much of what is to be found out.
static void note_text(struct outcome *o, const char *text, const char *file)
{
    size_t n = strlen(o->text);
    while (*text != '\0' && n + 1 < sizeof(o->text)) {
        if (strncmp(text, file, strlen(file)) == 0) {
            text += strlen(file);
            continue;
        }
        char c = (char)(*text >= 'A' && *text <= 'Z' ? *text - 'A' + 'a' : *text);
        c = c == '\n' ? ' ' : c;
        if (c != ' ' || n == 0 || o->text[n - 1] != ' ') {
            o->text[n++] = c;
        }
        text++;
    }
    o->text[n] = '\0';
}

// Is each word of `list` one of `words`, too?
static bool all_among(const char *list, const char *words)
{
    char copy[WORDS_ROOM], padded[WORDS_ROOM + 2], *rest = copy;
    (void)snprintf(copy, sizeof(copy), "%s", list);
    (void)snprintf(padded, sizeof(padded), " %s ", words);
    for (const char *word; (word = strsep(&rest, " ")) != NULL;) {
        char one[WORDS_ROOM + 2];
        (void)snprintf(one, sizeof(one), " %s ", word);
        if (*word != '\0' && strstr(padded, one) == NULL) {
            return false;
        }
    }
    return true;
}

// The IDs at the ends of the lines, with a blank between them.
static void ids_of(const char *err, char found[WORDS_ROOM])
{
    size_t n = 0;
    found[0] = '\0';
    for (const char *end = err; (end = strstr(end, "]\n")) != NULL; end++) {
        const char *from = end;
        while (from > err && from[-1] != '[' && from[-1] != ' ') {
            from--;
        }
        n += (size_t)snprintf(found + n, WORDS_ROOM - n, "%s%.*s", n > 0 ? " " : "",
                              (int)(end - from), from);
        assert_true(n < WORDS_ROOM);
    }
}

// What did not hold is what the cell says, no more and no less.
static void judge_finds(struct outcome *o, const char *err, const char *cell)
{
    char found[WORDS_ROOM];
    const char *wanted = strcmp(cell, "-") == 0 ? "" : cell;
    ids_of(err, found);
    bool any = strcmp(cell, "?") == 0;
    if (!any && (!all_among(found, wanted) || !all_among(wanted, found))) {
        fault(o, "finds '%s' rather than '%s'", found, wanted);
    }
}

static void judge_words(struct outcome *o, const char *says_cell, const char *never_cell)
{
    char word[ITEM_ROOM];
    EACH_ITEM(word, strcmp(says_cell, "-") == 0 ? NULL : says_cell)
    {
        if (!says(o->text, word)) {
            fault(o, "does not say '%s'", word);
        }
    }
    EACH_ITEM(word, strcmp(never_cell, "-") == 0 ? NULL : never_cell)
    {
        if (says(o->text, word)) {
            fault(o, "says '%s'", word);
        }
    }
}

// "-p @table-arduino": a word that begins with @ is a piece.
static void expand(const char *command, char words[WORDS_ROOM])
{
    char copy[WORDS_ROOM], *rest = copy;
    size_t n = 0;
    words[0] = '\0';
    (void)snprintf(copy, sizeof(copy), "%s", command);
    for (const char *word; (word = strsep(&rest, " ")) != NULL;) {
        const char *as = *word == '@' ? field_piece(word + 1) : word;
        if (*word == '@') {
            field_took(as);
        }
        n += (size_t)snprintf(words + n, WORDS_ROOM - n, "%s ", as);
        assert_true(n < WORDS_ROOM);
    }
}

static void run_one(struct outcome *o, const char *words, const char *file, const char *wanted)
{
    const struct run *r = run("%s%s", words, file);
    note_text(o, r->out, file);
    note_text(o, r->err, file);
    if (r->status != strtol(wanted, NULL, 10)) {
        fault(o, "%s: exit status %d, not %s", words, r->status, wanted);
    }
}

// `verify` and `inspect` with the options, or the one command that the cell has.
static void look(struct outcome *o, const char *const *row, const char *file)
{
    char words[WORDS_ROOM], line[WORDS_ROOM + 16];
    bool is_command = *row[COMMAND] != '-';
    expand(strcmp(row[COMMAND], "-") == 0 ? "" : row[COMMAND], words);
    (void)snprintf(line, sizeof(line), "%s%s", is_command ? "" : "verify ", words);
    run_one(o, line, file, row[EXIT]);
    judge_finds(o, last_run()->err, row[FINDS]);
    if (!is_command) {
        (void)snprintf(line, sizeof(line), "inspect %s", words);
        run_one(o, line, file, row[EXIT]);
    }
    judge_words(o, row[SAYS], row[NEVER]);
}

// Falls short, or should and does not.
static void conclude(const char *name, const char *what, const struct outcome *o)
{
    int yet = field_row(not_yet, name);
    if (yet < 0 && *o->fault != '\0') {
        complain("%s (%s): %s; it said: %.600s", name, what, o->fault, o->text);
    } else if (yet >= 0 && *o->fault == '\0') {
        complain("%s (%s): is right now: take it off not-yet.tsv", name, what);
    }
}

TEST(kinds_of_firmware)
{
    static struct outcome o;
    for (size_t i = 0; i < rows->count; i++) {
        const char *const *row = rows->cell[i];
        char name[200];
        (void)snprintf(name, sizeof(name), "%s.bin", row[NAME]);
        o = (struct outcome){.text = ""};
        const char *file = field_make(row[FILE_], name);
        if (file != NULL && !run_lacks(row[NAME])) {
            look(&o, row, file);
            conclude(row[NAME], row[PROJECT], &o);
        }
    }
    field_all_taken();
    complaints_end();
}

// Each row has a name of its own, and devices that devices.tsv knows; each of these is used.
TEST(the_table)
{
    bool used[FIELD_ROWS] = {false};
    for (size_t i = 0; i < rows->count; i++) {
        char copy[WORDS_ROOM], *rest = copy;
        (void)snprintf(copy, sizeof(copy), "%s", rows->cell[i][DEVICE]);
        if (field_row(rows, rows->cell[i][NAME]) != (int)i) {
            complain("%s: is there twice", rows->cell[i][NAME]);
        }
        for (const char *key; (key = strsep(&rest, " ")) != NULL;) {
            int at = field_row(devices, key);
            if (at < 0) {
                complain("%s: devices.tsv has no %s", rows->cell[i][NAME], key);
            } else {
                used[at] = true;
            }
        }
    }
    for (size_t i = 0; i < not_yet->count; i++) {
        const char *name = not_yet->cell[i][0]; // of a row, or of a published file
        if (strchr(name, '.') == NULL && field_row(rows, name) < 0) {
            complain("not-yet.tsv: %s: there is no such row", name);
        }
    }
    for (size_t i = 0; i < devices->count; i++) {
        if (!used[i]) {
            complain("%s: no row's device", devices->cell[i][0]);
        }
    }
    complaints_end();
}

// ---- Real files ---------------------------------------------------------------------------------

// What the column "right" of the README beside the files may say, and what it asks for.
static void judge_real(struct outcome *o, int status, const char *right)
{
    bool warns = says(o->text, "[1-9][0-9]* warning"), notes = says(o->text, "[1-9][0-9]* note");
    const struct {
        const char *regex;
        bool holds;
    } answers[] = {{"^0", status == 0},
                   {"^1", status == 1},
                   {"with a warning", warns},
                   {"with a note", notes && !warns},
                   {"base 0x1000", says(o->text, "write it to 0x1000")},
                   {"for flash 0x2000", says(o->text, "0x0?2000")},
                   {"slot in byte 3", says(o->text, "user ?[12]")},
                   {"not a bootloader", !says(o->text, "bootloader")},
                   {"named", !says(o->text, "no known format")}};
    bool known = false;
    for (size_t i = 0; i < COUNT(answers); i++) {
        bool asked = says(right, answers[i].regex);
        known = known || asked;
        if (asked && !answers[i].holds) {
            fault(o, "exit status %d, and not what '%s' asks for", status, answers[i].regex);
        }
    }
    if (!known) {
        fault(o, "the law knows no such answer");
    }
}

static void look_at_real(const char *name, const char *right)
{
    static struct outcome o;
    char path[300];
    (void)snprintf(path, sizeof(path), "vectors/field/%s", name);
    if (access(path, R_OK) != 0) {
        complain("%s: the README has it, but there is no such file", path);
        return;
    }
    o = (struct outcome){.text = ""};
    note_text(&o, run("inspect %s", path)->out, path);
    const struct run *r = run("verify %s", path);
    note_text(&o, r->out, path);
    note_text(&o, r->err, path);
    judge_real(&o, r->status, right);
    conclude(name, right, &o);
}

// "| FILE, FILE | WHAT | RIGHT |"
static void look_at_line(char *line)
{
    (void)strsep(&line, "|");
    char *names = strsep(&line, "|"), *what = strsep(&line, "|"), *right = strsep(&line, "|");
    if (right == NULL || strchr(names, '.') == NULL) {
        return; // no row, or the head
    }
    (void)what;
    for (char *name; (name = strsep(&names, " ,")) != NULL;) {
        if (*name != '\0') {
            look_at_real(name, right + strspn(right, " "));
        }
    }
}

TEST(real_firmware)
{
    if (access("vectors/field/README.md", R_OK) != 0) {
        puts("skipped: published firmware: OTAPACK_VECTORS has no field/");
        skip();
    }
    struct image text = image_load("vectors/field/README.md");
    image_append(&text, "", 1);
    char *rest = (char *)text.p;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        look_at_line(line);
    }
    image_free(&text);
    complaints_end();
}

// What is left of a download that ended too early must not pass; `kept` of a hundred parts.
static void look_at_cut(const char *name, size_t kept)
{
    static struct outcome o;
    char path[300], what[300];
    (void)snprintf(path, sizeof(path), "vectors/field/%s", name);
    (void)snprintf(what, sizeof(what), "cut-%s", name);
    struct image im = image_load(path);
    im.n = im.n * kept / 100;
    image_save(&im, "cut.bin");
    image_free(&im);
    o = (struct outcome){.text = ""};
    run_one(&o, "verify ", "cut.bin", "1");
    conclude(what, "published, and cut", &o);
}

TEST(real_firmware_cut)
{
    static const struct {
        const char *name;
        size_t kept;
    } cuts[] = {{"rboot-rom-0x02000.bin", 99},      {"rboot-lcm-otaboot.bin", 50},
                {"nonos-at-user1.1024.bin", 99},    {"nodemcu-0.9.5.bin", 80},
                {"micropython-esp8266-1m.bin", 99}, {"tasmota-esp8266.bin.gz", 99},
                {"expresslrs-esp8266.bin.gz", 50},  {"esp32-app.bin.gz", 99},
                {"zephyr-esp32.bin", 50},           {"zigbee-esp32h2.ota", 90}};
    if (access("vectors/field/README.md", R_OK) != 0) {
        skip();
    }
    for (size_t i = 0; i < COUNT(cuts); i++) {
        look_at_cut(cuts[i].name, cuts[i].kept);
    }
    complaints_end();
}

static int begin(void **group)
{
    rows = field_table("field.tsv", 10);
    devices = field_table("devices.tsv", 3);
    not_yet = field_table("not-yet.tsv", 2);
    return run_begin(group);
}

static int end(void **group)
{
    field_table_free(rows);
    field_table_free(devices);
    field_table_free(not_yet);
    return run_end(group);
}

UNIT(field)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table),
        cmocka_unit_test(kinds_of_firmware),
        cmocka_unit_test(real_firmware),
        cmocka_unit_test(real_firmware_cut),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
